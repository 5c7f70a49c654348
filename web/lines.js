// Edges: a solid line for the value that goes forward, and beside it, once the backward pass has
// come by, a dashed one for the gradient that goes back, with its sign and number.
import { s, set, setText } from "./dom.js";
import { brief, gradient, isNone, sign, weight } from "./format.js";
import { productText } from "./words.js";

const BESIDE = 13;

/** A path through points; a curve between layers, straight within one. */
export function curve(points, turned, beside = 0) {
  const [dx, dy] = turned ? [0, beside] : [beside, 0];
  const moved = points.map(([x, y]) => [x + dx, y + dy]);
  let d = `M${moved[0][0]} ${moved[0][1]}`;
  for (let i = 1; i < moved.length; i++) {
    const [x0, y0] = moved[i - 1];
    const [x1, y1] = moved[i];
    if (turned ? y0 === y1 : x0 === x1) d += `L${x1} ${y1}`;
    else if (turned) d += `C${(x0 + x1) / 2} ${y0} ${(x0 + x1) / 2} ${y1} ${x1} ${y1}`;
    else d += `C${x0} ${(y0 + y1) / 2} ${x1} ${(y0 + y1) / 2} ${x1} ${y1}`;
  }
  return d;
}

/** The forward line of an edge, which stands from the beginning. */
export function makeLine(edge, points, turned) {
  const flow = s("path", { class: "flow", d: curve(points, turned), "marker-end": "url(#arrow)" });
  const parts = { flow, points, turned, pull: null, label: null };
  if (edge.cuts) {
    const [x, y] = middle(points);
    parts.scissors = s("path", { class: "scissors", d: "M-7-7 7 7M-7 7 7-7", transform: `translate(${x} ${y})` });
  }
  return parts;
}

function middle(points) {
  const [x0, y0] = points.at(-2);
  const [x1, y1] = points.at(-1);
  return [(x0 + x1) / 2, (y0 + y1) / 2];
}

/** Shows an edge as it is at position `k`. */
export function refreshLine(trace, edge, parts, k, { layers, write, currentEvent }) {
  const made = edge.node === undefined || trace.nodeAt(edge.node, k).made;
  const busy = currentEvent?.e === "forward" && currentEvent.node === edge.node;
  parts.flow.classList.toggle("is-ghost", !made);
  parts.flow.classList.toggle("is-current", busy);
  const isVisit = currentEvent?.e === "backward.node" && currentEvent.node === edge.node;
  const arrived = edge.node === undefined ? null : trace.edgeAt(edge.node, edge.input, k);
  const g = arrived ?? (isVisit ? currentEvent.gradIn?.[edge.input] : null);
  if (isNone(g)) {
    parts.pull?.remove();
    parts.label?.remove();
    parts.pull = parts.label = null;
    return;
  }
  if (!parts.pull) {
    const back = [...parts.points].reverse();
    parts.pull = s("path", { class: "pull", d: curve(back, parts.turned, BESIDE) });
    layers.pulls.append(parts.pull);
    const [x, y] = middle(parts.points);
    const [dx, dy] = parts.turned ? [0, BESIDE] : [BESIDE, 0];
    const label = s("g", { class: "pull-label", transform: `translate(${x + dx} ${y + dy})` });
    label.append(s("rect", { height: 20, y: -10, rx: 10 }), s("text", { y: 4.5, "text-anchor": "middle" }));
    parts.label = label;
    layers.labels.append(label);
  }
  const active = isVisit || ["edge", "accumulate"].includes(currentEvent?.e) && currentEvent.from === edge.node
    && (currentEvent.input ?? edge.input) === edge.input;
  const visit = trace.nodeAt(edge.node, k).visit;
  const mark = sign(g);
  const text = g.k === "full" ? brief(g, 16, write) : gradient(g, write);
  const plain = `${mark === "+" ? "+" : ""}${text}`;
  const shown = (active && productText(visit, edge.input, write)) || plain;
  setText(parts.label.lastChild, shown);
  const w = shown.length * 7.4 + 16;
  parts.label.firstChild.setAttribute("width", w);
  parts.label.firstChild.setAttribute("x", -w / 2);
  for (const element of [parts.pull, parts.label]) {
    element.dataset.sign = mark;
    element.classList.toggle("is-current", Boolean(active));
    element.classList.toggle("is-coming", isNone(arrived));
  }
  const arrow = { "+": "plus", "−": "minus" }[mark] ?? "none";
  set(parts.pull, "marker-end", `url(#arrow-${arrow})`);
  set(parts.pull, "stroke-width", (1.6 + 2.6 * weight(g)).toFixed(1));
}
