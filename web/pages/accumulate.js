// The accumulation lab: the loop that forgets zeroGrad beside the one that does not, both run by
// the library over the same data, and one large batch to compare with.
import { h, s } from "../dom.js";
import { compact, number } from "../format.js";
import { call } from "../sources.js";
import { LineChart, pointTable } from "./charts.js";
import { choice, field, graphOf, open, ready } from "./page.js";

const usual = { steps: 5, seed: 7, learningRate: 0.1, batches: 4, batchSize: 4, reduction: "mean", divides: true, isUneven: false,
  zeroing: "none", momentum: 0, weightDecay: 0 };

export async function show(main) {
  await open(main, "Accumulation lab", "backward() adds to .grad, it does not replace it. Two loops over the same data, alike but for one line.");
  const settings = readSettings();
  const problem = h("p", { class: "error", role: "alert" });
  const results = h("div", {});
  let parameter = 0;
  let last = null;
  const run = h("button", { class: "primary forward" }, "Run");
  const controls = makeControls(settings, run);
  const form = h("form", { class: "panel", onsubmit: async (event) => {
    event.preventDefault();
    run.disabled = true;
    problem.textContent = "";
    try {
      const asked = controls.read();
      writeSettings(asked);
      last = await (await call("/api/accumulate", asked)).json();
      draw();
    } catch (error) {
      problem.textContent = error.message;
    }
    run.disabled = false;
  } }, controls.element, problem);
  main.append(form, results);

  const chooser = () => h("div", { class: "row", role: "group", "aria-label": "Parameter" }, last.bug.steps[0].changes.map((change, n) =>
    h("button", { type: "button", class: "quiet", "aria-pressed": n === parameter ? "true" : "false", onclick: () => {
      parameter = n;
      draw();
      results.querySelectorAll("[aria-label=Parameter] button")[n].focus();
    } }, `gradient of ${change.name}`)));

  function draw() {
    const ends = [last.bug, last.correct].flatMap((c) => c.steps.flatMap((t) => {
      const { before, after } = t.changes[parameter];
      return [before ?? 0, after];
    }));
    const reach = [Math.min(0, ...ends), Math.max(0, ...ends)];
    results.replaceChildren(
      h("section", { class: "panel", "aria-label": "Proof" }, proof(last)),
      chooser(),
      h("div", { class: "lab-columns" },
        column("bug", "Without zeroGrad()", "bug", last.bug, parameter, reach),
        column("correct", "With zeroGrad()", "correct", last.correct, parameter, reach)),
      h("p", { class: "note legend-line" }, [["was", "what was there"], ["came", "what came, above zero"], ["less", "what came, below zero"]]
        .map(([kind, words]) => h("span", {}, h("span", { class: `swatch ${kind}` }), words))),
      h("div", { class: "halves" }, curves(last, "gradientNorm", "Size of the gradient"), curves(last, "loss", "Loss")));
  }
  ready();
}

function proof(result) {
  const isEqual = result.difference < 5e-7;
  return h("div", { class: "proof", "data-equal": isEqual }, h("strong", { "data-testid": "diff-to-big-batch" }, `max |Δ| = ${result.difference.toFixed(6)}`),
    h("p", {}, "between the correct column’s gradients and those of one large batch", result.differenceAt ? `, in step ${result.differenceAt}` : "", "."),
    h("p", {}, result.verdict),
    h("p", {}, recording(result.reference, "Open the large batch in the stepper")));
}

function column(name, title, tag, data, parameter, reach) {
  return h("section", { class: "lab-column panel", "data-col": name, "aria-labelledby": `col-${name}` },
    h("h2", { id: `col-${name}` }, title, h("span", { class: "tag" }, tag)),
    h("pre", { class: "listing", tabindex: 0, "aria-label": `The loop ${title.toLowerCase()}` }, h("code", {}, data.code.map((line) =>
      h("span", { class: "line", "data-different": line.isDifferent }, line.text, line.isDifferent ? h("span", { class: "unseen" }, " (the line that differs)") : null)))),
    h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": `Steps ${title.toLowerCase()}` }, h("table", { class: "bars" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Step"), h("th", { scope: "col" }, "Gradient"), h("th", { scope: "col" }, "was there + came"))),
      h("tbody", {}, data.steps.map((step) => row(step, parameter, reach))))),
    h("p", {}, recording(data, "Open this loop in the stepper")),
    data.stopped ? h("p", { class: "warn", role: "status" }, data.stopped) : null);
}

/** The way to the trace of a column's run. */
const recording = (data, words) => [h("a", { href: graphOf(data.trace) }, words), data.recorded ? ` (steps 1 to ${data.recorded})` : null];

function row(step, parameter, reach) {
  const change = step.changes[parameter];
  const was = change.before ?? 0;
  return h("tr", {}, h("th", { scope: "row" }, String(step.step)),
    h("td", { class: "bar" }, bar(was, change.incoming, reach)),
    h("td", { class: "sum" }, h("span", { "data-grad": "" }, number(change.after)), " = ", change.before === undefined || change.before === null ? "none" : compact(change.before), " + ",
      h("span", { "data-incoming": "" }, number(change.incoming))));
}

/** What was there in grey, what came in colour, from zero on. */
function bar(was, came, [low, high]) {
  const at = (v) => 4 + ((v - low) / (high - low || 1)) * 192;
  const piece = (from, to, kind) => s("rect", { class: kind, x: Math.min(at(from), at(to)), width: Math.max(0.6, Math.abs(at(to) - at(from))), y: 3, height: 16, rx: 2 });
  return s("svg", { viewBox: "0 0 200 22", preserveAspectRatio: "none", "aria-hidden": "true" },
    piece(0, was, "was"), piece(was, was + came, came < 0 ? "came less" : "came"),
    s("line", { class: "zero", x1: at(0), x2: at(0), y1: 0, y2: 22 }));
}

function curves(result, key, title) {
  const series = [["without zeroGrad()", result.bug, 3], ["with zeroGrad()", result.correct, 2], ["one large batch", result.reference, 5]]
    .map(([name, column, kind]) => ({ name, kind, points: column.steps.map((t) => [t.step, t[key]]) }));
  const all = series.flatMap((l) => l.points.map((p) => p[1])).filter((y) => y > 0);
  const log = all.length > 0 && Math.max(...all) > 200 * Math.min(...all);
  const chart = new LineChart({ title: log ? `${title}, logarithmic` : title });
  chart.update({ series, log });
  return h("div", { class: "panel" }, chart.element, pointTable(title, series));
}

// The settings, in the address.

function readSettings() {
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(Object.entries(usual).map(([name, value]) => {
    const text = query.get(name);
    if (text === null) return [name, value];
    if (typeof value === "boolean") return [name, text === "true" || text === "1"];
    return [name, typeof value === "number" ? Number(text) : text];
  }));
}

function writeSettings(settings) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(settings)) if (value !== usual[name] || name === "steps" || name === "seed") query.set(name, value);
  history.replaceState(null, "", `?${query}`);
}

function makeControls(settings, run) {
  const numeric = (name, attributes) => h("input", { type: "number", name, value: settings[name], required: true, ...attributes });
  const box = (name) => h("input", { type: "checkbox", name, checked: settings[name] });
  const inputs = {
    steps: numeric("steps", { min: 1, max: 200 }), batches: numeric("batches", { min: 1, max: 16 }),
    batchSize: numeric("batchSize", { min: 1, max: 64 }), learningRate: numeric("learningRate", { min: 0, max: 10, step: "any" }),
    momentum: numeric("momentum", { min: 0, max: 0.999, step: "any" }), weightDecay: numeric("weightDecay", { min: 0, max: 1, step: "any" }),
    seed: numeric("seed", { min: 0, max: 2147483647 }),
    reduction: choice("reduction", [["mean", "mean"], ["sum", "sum"], ["total", "sum ÷ examples"]], settings.reduction),
    zeroing: choice("zeroing", [["none", "no gradient"], ["zero", "zeros"]], settings.zeroing),
    divides: box("divides"), isUneven: box("isUneven"),
  };
  const check = (name, text) => h("label", { class: "check" }, inputs[name], h("span", {}, text));
  const element = h("div", {},
    h("div", { class: "form-part" },
      field("Steps", inputs.steps), field("Small batches a step", inputs.batches), field("Examples a batch", inputs.batchSize),
      field("Learning rate", inputs.learningRate), field("Loss", inputs.reduction), field("zeroGrad leaves", inputs.zeroing),
      field("Momentum", inputs.momentum), field("Weight decay", inputs.weightDecay), field("Seed", inputs.seed)),
    h("div", { class: "form-line" }, run, check("divides", "divide by their number"), check("isUneven", "uneven last batch")));
  const read = () => Object.fromEntries(Object.entries(inputs).map(([name, input]) => {
    if (input.type === "checkbox") return [name, input.checked];
    return [name, input.type === "number" ? Number(input.value) : input.value];
  }));
  return { element, read };
}
