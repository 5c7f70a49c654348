// The playground: a small network learns points of two colours, on the server, with the library.
import { h, s, setText } from "../dom.js";
import { compact } from "../format.js";
import { call } from "../sources.js";
import { LineChart } from "./charts.js";
import { choice, field, open, pageOf, ready } from "./page.js";

const usual = { shape: "circles", hidden: "8, 8", activation: "tanh", optimizer: "adam", learningRate: "0.03", batchSize: "16", seed: "7" };
const shapes = [["circles", "circles"], ["moons", "moons"], ["spiral", "spiral"], ["xor", "four corners"], ["clusters", "two clusters"], ["own", "my own points"]];

export async function show(main) {
  await open(main, "Playground", "A small network learns to tell two colours apart. Draw points, choose the layers, and watch what it decides.");
  const given = new URLSearchParams(location.search);
  const start = Object.fromEntries(Object.entries(usual).map(([name, value]) => [name, given.get(name) ?? value]));
  const board = new Board();
  const problem = h("p", { class: "error", role: "alert" });
  const state = h("strong", { "data-testid": "state" }, "ready");
  const step = h("strong", { "data-testid": "step" }, "0");
  const loss = h("strong", { "data-testid": "loss" }, "none");
  const accuracy = h("strong", { "data-testid": "accuracy" }, "none");
  const note = h("p", { class: "warn", role: "status", hidden: true });
  const lossChart = new LineChart({ title: "Loss of each batch", height: 190 });
  const accuracyChart = new LineChart({ title: "Accuracy", height: 150 });
  const gradients = h("tbody", {});
  const link = h("a", { hidden: true }, "Curves of this run");
  let session = null;
  let source = null;

  const text = (name, attributes = {}) => h("input", { name, value: start[name], ...attributes });
  const inputs = {
    hidden: text("hidden", { size: 8 }), learningRate: text("learningRate", { type: "number", step: "any", min: 0 }),
    batchSize: text("batchSize", { type: "number", min: 1 }), seed: text("seed", { type: "number", min: 0 }),
    activation: choice("activation", [["tanh", "tanh"], ["relu", "relu"], ["sigmoid", "sigmoid"]], start.activation),
    optimizer: choice("optimizer", [["sgd", "SGD"], ["momentum", "SGD with momentum"], ["adam", "Adam"]], start.optimizer),
  };
  const shape = choice("shape", shapes, start.shape, () => (shape.value === "own" ? board.setPoints([]) : load()));
  const noise = h("input", { type: "number", name: "noise", value: given.get("noise") ?? "0.08", min: 0, max: 1, step: "any", onchange: () => load() });

  async function guarded(body) {
    problem.textContent = "";
    try {
      await body();
    } catch (error) {
      problem.textContent = error.message;
    }
  }

  const load = () => guarded(async () => {
    if (shape.value === "own") return;
    const query = new URLSearchParams({ shape: shape.value, noise: noise.value, seed: inputs.seed.value });
    board.setPoints((await (await call(`/api/points?${query}`)).json()).points);
  });

  const buttons = {
    run: h("button", { type: "button", class: "primary forward", onclick: () => (session ? command("resume") : begin(false)) }, "Train"),
    pause: h("button", { type: "button", disabled: true, onclick: () => command("pause") }, "Pause"),
    step: h("button", { type: "button", onclick: () => (session ? command("step") : begin(true)) }, "One step"),
    reset: h("button", { type: "button", class: "quiet", onclick: () => reset() }, "Start anew"),
  };

  const begin = (isPaused) => guarded(async () => {
    const settings = {
      points: board.points, isPaused, hidden: inputs.hidden.value.split(/[\s,]+/).filter(Boolean).map(Number),
      activation: inputs.activation.value, optimizer: inputs.optimizer.value, learningRate: Number(inputs.learningRate.value),
      batchSize: Number(inputs.batchSize.value), seed: Number(inputs.seed.value),
    };
    remember();
    session = (await (await call("/api/train", settings)).json()).id;
    link.hidden = false;
    link.href = pageOf("curves", session);
    follow();
    if (isPaused) await command("step");
  });

  const command = (word) => guarded(async () => {
    const answer = await (await call(`/api/train/${session}/${word}`, {})).json();
    showState(answer.state);
  });

  async function reset() {
    if (session) await call(`/api/train/${session}/stop`, {}).catch(() => {});
    source?.close();
    session = null;
    link.hidden = true;
    board.clearMap();
    for (const [element, word] of [[step, "0"], [loss, "none"], [accuracy, "none"]]) setText(element, word);
    note.hidden = true;
    lossChart.update({ series: [] });
    accuracyChart.update({ series: [] });
    gradients.replaceChildren();
    norms.hidden = true;
    showState("ready");
  }

  function follow() {
    source?.close();
    source = new EventSource(`/api/train/${session}/events`);
    source.addEventListener("frame", (message) => draw(JSON.parse(message.data)));
    source.addEventListener("end", () => source.close());
  }

  function draw(frame) {
    showState(frame.state);
    note.hidden = !frame.note;
    setText(note, frame.note ? `${frame.note[0].toUpperCase()}${frame.note.slice(1)}.` : "");
    setText(step, String(frame.step));
    const last = frame.loss.at(-1);
    setText(loss, last ? compact(last[1]) : "none");
    setText(accuracy, frame.accuracy.length ? `${(frame.accuracy.at(-1)[1] * 100).toFixed(1)} %` : "none");
    lossChart.update({ series: [{ name: "loss", kind: 0, points: frame.loss }] });
    accuracyChart.update({ series: [{ name: "accuracy", kind: 2, points: frame.accuracy }], range: [0, 1] });
    norms.hidden = !frame.gradients.length;
    gradients.replaceChildren(...frame.gradients.map((g) => h("tr", {}, h("th", { scope: "row" }, g.name), h("td", {}, compact(g.norm)))));
    board.drawMap(frame.map, frame.side);
  }

  function showState(word) {
    setText(state, word);
    const isOver = ["stopped", "finished", "failed"].includes(word);
    buttons.run.disabled = word === "running" || isOver;
    buttons.pause.disabled = word !== "running";
    buttons.step.disabled = word === "running" || isOver;
    for (const control of Object.values(inputs)) control.disabled = session !== null;
  }

  function remember() {
    const query = new URLSearchParams();
    for (const [name, input] of Object.entries({ shape, ...inputs })) if (input.value !== usual[name] && input.value !== "own") query.set(name, input.value);
    history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
  }

  const csv = h("textarea", { rows: 4, placeholder: "x, y, class\n0.1, 0.4, red\n-0.3, 0.2, blue", "aria-label": "Points as a table", spellcheck: "false" });
  const file = h("input", { type: "file", accept: ".csv,text/csv", "aria-label": "A file of points", onchange: async () => {
    if (file.files[0]) csv.value = await file.files[0].text();
  } });
  const take = h("button", { type: "button", onclick: () => guarded(async () => {
    board.setPoints((await (await call("/api/points", { csv: csv.value })).json()).points);
    shape.value = "own";
  }) }, "Take these points");

  const norms = h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Gradients", hidden: true }, h("table", {},
    h("caption", {}, "Norms of the last step’s gradients"),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Parameter"), h("th", { scope: "col" }, "Norm"))), gradients));

  main.append(problem, h("div", { class: "play" },
    h("div", {}, board.element, board.controls,
      h("div", { class: "status-line" }, h("span", {}, state), h("span", {}, "step ", step), h("span", {}, "loss ", loss), h("span", {}, "accuracy ", accuracy)),
      h("div", { class: "row" }, Object.values(buttons)), note, norms),
    h("div", {},
      h("fieldset", { class: "group" }, h("legend", {}, "Points"), h("div", { class: "row" }, field("Shape", shape), field("Noise", noise)),
        h("details", {}, h("summary", {}, "From a table"), h("p", { class: "note" }, "Two numbers and a class on each line."), csv, h("div", { class: "row" }, file, take))),
      h("fieldset", { class: "group" }, h("legend", {}, "Network and training"), h("div", { class: "row" },
        field("Hidden layers", inputs.hidden), field("Activation", inputs.activation), field("Optimiser", inputs.optimizer),
        field("Learning rate", inputs.learningRate), field("Batch", inputs.batchSize), field("Seed", inputs.seed))),
      h("div", { class: "panel" }, lossChart.element, accuracyChart.element, h("p", {}, link)))));
  await load();
  showState("ready");
  ready();
}

/** The square of points over the map of decisions. A pen adds points by pointer or by keys. */
class Board {
  points = [];

  constructor() {
    this.canvas = h("canvas", { width: 48, height: 48, "aria-hidden": "true" });
    this.dots = s("g", {});
    this.pen = s("circle", { class: "pen", cx: 0, cy: 0, r: 0.05, hidden: true });
    this.at = [0, 0];
    this.svg = s("svg", { viewBox: "-1 -1 2 2", role: "application", tabindex: 0,
      "aria-label": "Points. Arrow keys move the pen, Enter draws a point, C changes the colour.",
      onpointerdown: (e) => this.#draw(e), onkeydown: (e) => this.#key(e),
      onfocus: () => this.pen.removeAttribute("hidden"), onblur: () => this.pen.setAttribute("hidden", "") }, this.dots, this.pen);
    this.element = h("div", { class: "board" }, this.canvas, this.svg);
    this.colour = choice("colour", [["1", "blue"], ["0", "orange"]], "1");
    this.count = h("span", { class: "note", role: "status" });
    this.controls = h("div", { class: "row" }, h("label", { class: "field compact" }, h("span", {}, "Draw"), this.colour),
      h("button", { type: "button", class: "quiet", onclick: () => this.setPoints([]) }, "Clear"), this.count);
  }

  setPoints(points) {
    this.points = points;
    this.dots.replaceChildren(...points.map((p) => this.#dot(p)));
    this.#tell();
  }

  // Colour and shape: orange points are squares.
  #dot([x, y, label]) {
    return label === 1 ? s("circle", { class: "c1", cx: x, cy: -y, r: 0.026 }) : s("rect", { class: "c0", x: x - 0.024, y: -y - 0.024, width: 0.048, height: 0.048 });
  }

  #add(x, y) {
    if (this.points.length >= 2000) return;
    const point = [Number(x.toFixed(3)), Number(y.toFixed(3)), Number(this.colour.value)];
    this.points = [...this.points, point];
    this.dots.append(this.#dot(point));
    this.#tell();
  }

  #tell() {
    const blue = this.points.filter((p) => p[2] === 1).length;
    setText(this.count, `${blue} blue, ${this.points.length - blue} orange`);
  }

  #draw(event) {
    const box = this.svg.getBoundingClientRect();
    this.#add(((event.clientX - box.left) / box.width) * 2 - 1, 1 - ((event.clientY - box.top) / box.height) * 2);
  }

  #key(event) {
    const by = { ArrowLeft: [-0.05, 0], ArrowRight: [0.05, 0], ArrowUp: [0, 0.05], ArrowDown: [0, -0.05] }[event.key];
    if (by) this.at = this.at.map((v, i) => Math.max(-1, Math.min(1, v + by[i])));
    else if (event.key === "Enter" || event.key === " ") this.#add(...this.at);
    else if (event.key === "c" || event.key === "C") this.colour.value = this.colour.value === "1" ? "0" : "1";
    else return;
    event.preventDefault();
    this.pen.setAttribute("cx", this.at[0]);
    this.pen.setAttribute("cy", -this.at[1]);
  }

  /** The map: a byte a cell, the chance of blue. */
  drawMap(text, side) {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const style = getComputedStyle(document.documentElement);
    const [orange, blue, paper] = ["--minus", "--plus", "--surface"].map((name) => colour(style.getPropertyValue(name)));
    const image = new ImageData(side, side);
    bytes.forEach((value, i) => {
      const t = value / 255;
      const [to, share] = t < 0.5 ? [orange, 1 - 2 * t] : [blue, 2 * t - 1];
      for (let c = 0; c < 3; c++) image.data[4 * i + c] = paper[c] + (to[c] - paper[c]) * (0.12 + 0.5 * share);
      image.data[4 * i + 3] = 255;
    });
    this.canvas.width = this.canvas.height = side;
    this.canvas.getContext("2d").putImageData(image, 0, 0);
  }

  clearMap() { this.canvas.getContext("2d").clearRect(0, 0, this.canvas.width, this.canvas.height); }
}

/** The three parts of a colour, however the stylesheet writes it. */
function colour(text) {
  const probe = h("span", { hidden: true });
  document.body.append(probe);
  probe.style.color = text;
  const parts = getComputedStyle(probe).color.match(/[\d.]+/g)?.map(Number) ?? [128, 128, 128];
  probe.remove();
  return parts.slice(0, 3);
}
