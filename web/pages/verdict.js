// What the server found, in words and numbers.
import { h, s } from "../dom.js";
import { inline } from "./prose.js";

export function showVerdict(place, verdict, exercise) {
  const labels = Object.fromEntries((exercise.fields ?? []).map((f) => [f.name, f.label]));
  const heading = h("h2", { tabindex: -1, class: verdict.right ? "right" : "wrong" },
    verdict.right ? "All right" : verdict.errors.length ? "A formula cannot be read" : "Not yet");
  place.replaceChildren(...[
    heading, h("ul", { class: "findings" },
      verdict.errors.map((error) => finding(false, labels[error.field], error.message)),
      verdict.findings.map((f) => finding(f.right, labels[f.field], f.text, f.points))),
    verdict.steps.length ? rounds(verdict.steps) : null].filter(Boolean));
  heading.focus();
}

function finding(isRight, label, text, points = []) {
  return h("li", { "data-verdict": isRight ? "right" : "wrong" },
    h("strong", { class: isRight ? "right" : "wrong" }, isRight ? "right" : "wrong"), " ",
    label ? h("span", { class: "note" }, inline(label), ": ") : null, inline(text),
    points.length ? pointTable(points, isRight) : null);
}

/** A number with up to six digits. */
const short = (x) => (typeof x === "string" ? x : Number(x.toPrecision(6)).toString());

function pointTable(points, isRight) {
  const names = Object.keys(points[0].at).sort();
  const shown = isRight ? 3 : 5;
  return h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Points" },
    h("table", { class: "plain" },
      h("caption", {}, `${shown} of ${points.length} points, the one that differs most first`),
      h("thead", {}, h("tr", {}, [...names, "your formula", "the library", "a small nudge", "difference"].map((t) =>
        h("th", { scope: "col" }, t)))),
      h("tbody", {}, points.slice(0, shown).map((p) => h("tr", {},
        names.map((n) => h("td", {}, short(p.at[n]))),
        [p.answer, p.right, p.nudged, p.difference].map((x) => h("td", {}, short(x))))))));
}

/** The rounds of a loop: the error as a line, and all numbers in a table. */
function rounds(steps) {
  return h("section", { class: "rounds" }, h("h3", {}, "What the loop did"), curve(steps),
    h("details", {}, h("summary", {}, "All rounds"),
      h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Rounds" }, h("table", { class: "plain" },
        h("caption", {}, "The error before each round, and the lengths of two gradients"),
        h("thead", {}, h("tr", {}, ["Round", "Error", "Gradient the step used", "Gradient of this round"].map((t) => h("th", { scope: "col" }, t)))),
        h("tbody", {}, steps.map((step) => h("tr", {}, h("th", { scope: "row" }, step.step), h("td", {}, short(step.loss)),
          h("td", {}, step.gradient === undefined || step.gradient === null ? "none" : short(step.gradient)), h("td", {}, short(step.fresh)))))))));
}

function curve(steps) {
  const losses = steps.map((step) => (typeof step.loss === "number" ? step.loss : NaN));
  const finite = losses.filter(Number.isFinite);
  if (finite.length < 2) return null;
  const [width, height, edge] = [320, 96, 8];
  const top = Math.max(...finite);
  const x = (i) => edge + (i / (losses.length - 1)) * (width - 2 * edge);
  const y = (v) => height - edge - (top > 0 ? v / top : 0) * (height - 2 * edge);
  const d = losses.map((v, i) => (Number.isFinite(v) ? `${i === 0 ? "M" : "L"}${x(i).toFixed(1)} ${y(Math.max(0, v)).toFixed(1)}` : "")).join("");
  const label = `The error before each of ${losses.length} rounds: first ${short(losses[0])}, last ${short(losses.at(-1))}.`;
  return h("figure", { class: "curve" },
    s("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
      s("path", { class: "axis", d: `M${edge} ${edge}V${height - edge}H${width - edge}` }), s("path", { class: "line", d })),
    h("figcaption", { class: "note" }, label));
}
