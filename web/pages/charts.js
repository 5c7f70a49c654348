// Pictures of numbers over steps. Numbers come from the server; here they become places on paper.
// What is no number is drawn where it happened, never left out, and every chart can be read by
// keyboard: its points are those of a slider.
import { h, s, set, setText } from "../dom.js";
import { compact, number } from "../format.js";

const pad = { left: 62, right: 14, top: 14, bottom: 30 };
const isFinite = (y) => typeof y === "number";

/** Round numbers between two bounds, about `count` of them. */
export function ticks(low, high, count = 4) {
  if (!(high > low)) return [low];
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((m) => m >= raw);
  const found = [];
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-9; i++) found.push(Number((i * step).toPrecision(12)));
  return found;
}

/** Powers of ten between two bounds above zero. */
function powers(low, high) {
  const found = [];
  for (let e = Math.ceil(Math.log10(low)); 10 ** e <= high * 1.0001; e++) found.push(10 ** e);
  return found.length >= 2 ? found : ticks(low, high);
}

/** A place for each number between two bounds. */
export function scale(low, high, from, to, log = false) {
  const f = log ? Math.log : (x) => x;
  const [a, b] = [f(low), f(high)];
  return (x) => (b > a ? from + ((f(x) - a) / (b - a)) * (to - from) : (from + to) / 2);
}

/**
 * A chart of lines. `update({series, log, range})` draws `series: [{name, points, kind, soft}]`,
 * where a point is `[step, y]`; `kind` is the number of its colour, `soft` is a line beside another.
 */
export class LineChart {
  #data = { series: [] };
  #at = null;

  constructor({ title, unit = "step", width = 640, height = 240 }) {
    Object.assign(this, { title, unit, width, height });
    this.svg = s("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true", class: "plot" });
    this.reading = h("output", { class: "reading" });
    this.stage = h("div", {
      class: "chart-stage", role: "slider", tabindex: 0, "aria-label": `${title}, points`, "aria-valuemin": 0,
      "aria-valuemax": 0, "aria-valuenow": 0, onkeydown: (e) => this.#key(e),
      onpointermove: (e) => this.#point(e), onpointerleave: () => this.#read(null),
    }, this.svg);
    this.keys = h("ul", { class: "keys" });
    this.note = h("p", { class: "note warn", hidden: true });
    // Drawn as wide as it stands, so that its words keep their size.
    new ResizeObserver(() => {
      const room = Math.round(this.stage.clientWidth);
      if (room < 200 || room === this.width) return;
      this.width = room;
      this.svg.setAttribute("viewBox", `0 0 ${room} ${this.height}`);
      this.#draw();
    }).observe(this.stage);
    this.element = h("figure", { class: "chart" }, h("figcaption", {}, h("strong", {}, title), this.keys), this.stage,
      this.reading, this.note);
  }

  update(data) {
    this.#data = { ...this.#data, ...data };
    this.#draw();
  }

  get #steps() {
    const all = new Set(this.#data.series.filter((l) => !l.soft).flatMap((l) => l.points.map((p) => p[0])));
    return [...all].sort((a, b) => a - b);
  }

  #draw() {
    const { series, log, range, note } = this.#data;
    const ys = series.flatMap((l) => l.points.map((p) => p[1])).filter((y) => isFinite(y) && (!log || y > 0));
    const xs = series.flatMap((l) => l.points.map((p) => p[0]));
    let [low, high] = range ?? [Math.min(...ys), Math.max(...ys)];
    if (log && low <= 0) low = Math.min(...ys, high);
    if (!ys.length) [low, high] = log ? [0.1, 1] : [0, 1];
    if (low === high) [low, high] = log ? [low / 2, high * 2] : [low - Math.abs(low || 1) / 2, high + Math.abs(high || 1) / 2];
    const x = this.x = scale(Math.min(...xs, Infinity), Math.max(...xs, -Infinity), pad.left, this.width - pad.right);
    const y = this.y = scale(low, high, this.height - pad.bottom, pad.top, log);
    const inside = (v) => Math.max(pad.top, Math.min(this.height - pad.bottom, y(v)));
    const grid = (log ? powers(low, high) : ticks(low, high)).map((t) => s("g", {},
      s("line", { class: "grid", x1: pad.left, x2: this.width - pad.right, y1: y(t), y2: y(t) }),
      s("text", { class: "tick", x: pad.left - 8, y: y(t) + 4, "text-anchor": "end" }, compact(t))));
    const across = xs.length ? ticks(Math.min(...xs), Math.max(...xs), 5).filter(Number.isInteger).map((t) =>
      s("text", { class: "tick", x: x(t), y: this.height - pad.bottom + 18, "text-anchor": "middle" }, String(t))) : [];
    const lines = series.map((line) => this.#line(line, x, inside, log));
    this.cursor = s("line", { class: "cursor", y1: pad.top, y2: this.height - pad.bottom, hidden: true });
    this.svg.replaceChildren(...grid, ...across,
      s("line", { class: "axis", x1: pad.left, x2: this.width - pad.right, y1: this.height - pad.bottom, y2: this.height - pad.bottom }),
      ...lines, this.cursor);
    this.keys.replaceChildren(...series.filter((l) => !l.soft).map((l) => h("li", { class: `kind-${l.kind ?? 0}` },
      s("svg", { viewBox: "0 0 28 10", class: "sample", "aria-hidden": "true" }, s("line", { class: "line", x1: 1, x2: 27, y1: 5, y2: 5 })),
      l.name)));
    this.note.hidden = !note;
    setText(this.note, note ?? "");
    set(this.stage, "aria-valuemax", Math.max(0, this.#steps.length - 1));
    this.#read(this.#at);
  }

  /** The parts of a line between what is no number, and marks for that. */
  #line({ points, kind = 0, soft = false, mark = null }, x, y, log) {
    let path = "";
    let isOpen = false;
    const marks = [];
    for (const [step, value] of points) {
      if (!isFinite(value) || (log && value <= 0)) {
        isOpen = false;
        if (!soft && !isFinite(value)) marks.push(this.#mark(x(step), value));
        continue;
      }
      path += `${isOpen ? "L" : "M"}${x(step).toFixed(1)} ${y(value).toFixed(1)}`;
      isOpen = true;
    }
    const dots = points.length <= 40 && !soft ? points.filter((p) => isFinite(p[1]) && (!log || p[1] > 0)).map(([step, value]) =>
      s("circle", { class: "dot", cx: x(step), cy: y(value), r: 2.6 })) : [];
    return s("g", { class: `kind-${kind}${soft ? " soft" : ""}`, "data-mark": mark }, s("path", { class: "line", d: path || "M0 0" }), dots, marks);
  }

  #mark(x, value) {
    const at = value === "Infinity" ? pad.top + 8 : this.height - pad.bottom - 8;
    const sign = { NaN: "×", Infinity: "↑", "-Infinity": "↓" }[value];
    return s("text", { class: "nonfinite", x, y: at + 5, "text-anchor": "middle", "data-nonfinite": value }, sign);
  }

  #key(event) {
    const steps = this.#steps;
    if (!steps.length) return;
    const at = this.#at === null ? -1 : steps.indexOf(this.#at);
    const jump = Math.max(1, Math.round(steps.length / 10));
    const to = { ArrowRight: at + 1, ArrowUp: at + 1, ArrowLeft: at - 1, ArrowDown: at - 1, Home: 0, End: steps.length - 1,
      PageUp: at + jump, PageDown: at - jump }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#read(steps[Math.max(0, Math.min(steps.length - 1, to))]);
  }

  #point(event) {
    const steps = this.#steps;
    if (!steps.length) return;
    const box = this.svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * this.width;
    this.#read(steps.reduce((best, step) => (Math.abs(this.x(step) - x) < Math.abs(this.x(best) - x) ? step : best)));
  }

  #read(step) {
    this.#at = step;
    const steps = this.#steps;
    const isThere = step !== null && steps.includes(step);
    set(this.cursor, "hidden", isThere ? null : true);
    if (!isThere) {
      setText(this.reading, steps.length ? `${steps.length} points, ${this.unit} ${steps[0]} to ${steps.at(-1)}` : "no points yet");
      set(this.stage, "aria-valuetext", this.reading.textContent);
      return;
    }
    set(this.cursor, "x1", this.x(step));
    set(this.cursor, "x2", this.x(step));
    const values = this.#data.series.filter((l) => !l.soft).map((l) => [l.name, l.points.find((p) => p[0] === step)])
      .filter(([, p]) => p).map(([name, p]) => `${name} ${number(p[1])}`);
    setText(this.reading, `${this.unit} ${step}: ${values.join(", ")}`);
    set(this.stage, "aria-valuenow", steps.indexOf(step));
    set(this.stage, "aria-valuetext", this.reading.textContent);
  }
}

/** All points of some series as a table that opens. */
export function pointTable(title, series, unit = "step") {
  const steps = [...new Set(series.flatMap((l) => l.points.map((p) => p[0])))].sort((a, b) => a - b);
  const maps = series.map((l) => new Map(l.points));
  return h("details", { class: "as-table" }, h("summary", {}, "As a table"),
    h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": title },
      h("table", {}, h("caption", {}, title),
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, unit), series.map((l) => h("th", { scope: "col" }, l.name)))),
        h("tbody", {}, steps.map((step) => h("tr", {}, h("th", { scope: "row" }, String(step)),
          maps.map((m) => h("td", {}, m.has(step) ? number(m.get(step)) : "")))))))) ;
}
