// The canvas: the graph as SVG, with one tab stop, and what of it changes from step to step.
import { arrange, timings } from "./arrange.js";
import { Camera } from "./camera.js";
import { clear, s, set } from "./dom.js";
import { draw } from "./drawing.js";
import { compact, cut, number } from "./format.js";
import { heatOf } from "./heat.js";
import { curve, makeLine, refreshLine } from "./lines.js";
import { Scene, around } from "./scene.js";
import { makeNode, moment, refresh } from "./shapes.js";

/** A picture that would be smaller than this at first shows a part of itself instead. */
const READABLE = 0.72;

/** From left to right, labels of edges need more room between layers. */
const ACROSS = { direction: "LR", layerGap: 132, nodeGap: 20 };

const arrow = (id) => s("marker", {
  id, class: id, viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 9, markerHeight: 9,
  markerUnits: "userSpaceOnUse", orient: "auto",
}, s("path", { d: "M0 1 10 5 0 9Z" }));

const hatch = () => s("pattern", {
  id: "hatch", width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)",
}, s("rect", { width: 1.5, height: 8 }));

export class GraphView {
  nodes = new Map();
  lines = [];
  chips = new Map();
  edges = [];
  byNode = new Map();
  byTensor = new Map();
  #wanted = 0;

  constructor(app, place) {
    this.app = app;
    this.svg = s("svg", {
      class: "canvas", role: "graphics-document", "aria-roledescription": "computation graph",
    });
    this.stage = s("g", { class: "stage" });
    const arrows = ["arrow", "arrow-plus", "arrow-minus", "arrow-none"].map(arrow);
    this.svg.append(s("defs", {}, arrows, hatch()));
    this.svg.append(this.stage);
    place.append(this.svg);
    this.camera = new Camera(this.svg, this.stage, () => this.scene.look(this.camera.seen));
    this.scene = new Scene();
    this.svg.addEventListener("click", (e) => this.#click(e));
    this.svg.addEventListener("dblclick", (e) => {
      const id = e.target.closest(".node")?.dataset.id;
      if (id) this.app.toggleScope(id);
    });
    this.svg.addEventListener("focusin", (e) => {
      const target = e.target.closest("[data-id], [data-chip]");
      if (target) this.rove(target.dataset.id ?? target.dataset.chip);
    });
    new ResizeObserver(() => this.#resized()).observe(this.svg);
  }

  /**
   * Lays out and draws anew; `keep` is the id of a node that stays where it is on the screen,
   * `onplaced` is called when the layout is there and before anything is measured or drawn.
   */
  async build({ keep = null, onplaced = null } = {}) {
    const { app } = this;
    const turn = ++this.#wanted;
    const { options } = app;
    const drawing = draw(app.trace, app.tree, {
      open: options.open, constants: options.constants, double: options.double,
    });
    const result = await arrange(drawing, options.dir === "LR" ? ACROSS : {});
    if (turn !== this.#wanted) return;
    timings.arranged ??= performance.now();
    onplaced?.();
    const before = keep && this.nodes.get(keep);
    const screen = before && this.#onScreen(before.box);
    this.#measure();
    this.#draw(drawing, result);
    this.camera.content = { width: result.width, height: result.height };
    const after = keep && this.nodes.get(keep);
    if (screen && after) {
      const now = this.#onScreen(after.box);
      this.camera.pan(screen.x - now.x, screen.y - now.y);
    } else {
      this.fit();
    }
    this.refreshAll();
  }

  fit() {
    const home = this.nodes.get(this.roving)?.box ?? [...this.nodes.values()].at(-1)?.box;
    this.camera.fit({ least: READABLE, home });
  }

  #onScreen(box) {
    const { x, y, scale } = this.camera;
    return { x: x + box.x * scale, y: y + box.y * scale };
  }

  #measure() {
    const { clientWidth, clientHeight } = this.svg;
    this.camera.view = { width: clientWidth || 1, height: clientHeight || 1 };
  }

  #resized() {
    const was = this.camera.view.width;
    this.#measure();
    if (this.nodes.size && was <= 1 && this.camera.view.width > 1) this.fit();
    else this.scene.look(this.camera.seen);
  }

  #draw(drawing, result) {
    clear(this.stage);
    this.nodes.clear();
    this.chips.clear();
    this.lines = [];
    this.edges = drawing.edges;
    const turned = this.app.options.dir === "LR";
    const layer = (name) => s("g", { class: name });
    this.layers = {
      hulls: layer("hulls"), flows: layer("flows"), pulls: layer("pulls"), nodes: layer("nodes"),
      labels: layer("labels"),
    };
    this.stage.append(...Object.values(this.layers));
    const boxes = new Map(result.nodes.map((n) => [n.id, n]));
    const entries = [];
    for (const node of drawing.nodes) {
      const box = boxes.get(node.id);
      const entry = { node, box, bounds: box, parts: null, attach: () => this.#attachNode(entry) };
      this.nodes.set(node.id, entry);
      entries.push(entry);
    }
    result.edges.forEach((route, i) => {
      if (!route.points) return;
      const edge = { ...drawing.edges[i], cuts: this.nodes.get(drawing.edges[i].to)?.node.cuts };
      const line = {
        edge, points: route.points, bounds: around(route.points), parts: null,
        attach: () => this.#attachLine(line, turned),
      };
      this.lines.push(line);
      entries.push(line);
    });
    for (const chip of result.chips) {
      const attach = () => this.#attachChip(entry);
      const entry = { chip, box: chip, bounds: chip, g: null, attach };
      this.chips.set(chip.id, entry);
      entries.push(entry);
    }
    for (const { points } of result.stubs) {
      const attach = () => this.layers.flows.append(
        s("path", { class: "flow stub", d: curve(points, turned) }));
      entries.push({ bounds: around(points), attach });
    }
    this.#index();
    this.context = this.#context();
    this.scene.fill(entries);
    for (const hull of drawing.hulls) this.#drawHull(hull);
    if (!this.nodes.has(this.roving)) {
      const { selected } = this.app;
      this.roving = this.nodes.has(selected) ? selected : drawing.nodes.at(-1)?.id;
    }
    this.rove(this.roving);
  }

  #attachNode(entry) {
    entry.attach = () => {};
    const { node, box } = entry;
    entry.parts = makeNode(node);
    entry.parts.g.setAttribute("transform", `translate(${box.x} ${box.y})`);
    if (node.id === this.roving) entry.parts.g.setAttribute("tabindex", "0");
    if (node.id === this.#chosen) entry.parts.g.classList.add("is-selected");
    this.layers.nodes.append(entry.parts.g);
    this.#refreshNode(entry, this.context);
  }

  #attachLine(line, turned) {
    line.parts = makeLine(line.edge, line.points, turned);
    const { flow, scissors } = line.parts;
    this.layers.flows.append(flow, ...(scissors ? [scissors] : []));
    this.#refreshLine(line, this.context);
  }

  #attachChip(entry) {
    entry.attach = () => {};
    const { chip } = entry;
    const name = (id) => this.nodes.get(id)?.node.title ?? id;
    const more = chip.ends.length > 1 ? ` (${chip.ends.length})` : "";
    const far = name(chip.ends[0]);
    const text = chip.kind === "out" ? `→ ${far}${more}` : `${far}${more} →`;
    const g = s("g", {
      class: "chip", role: "graphics-object", tabindex: -1, "data-chip": chip.id,
      transform: `translate(${chip.x} ${chip.y})`,
      "aria-label": chip.kind === "out" ? `goes on to ${far}${more}; Enter jumps there`
        : `comes from ${far}${more}; Enter jumps there`,
    }, s("rect", { width: chip.w, height: chip.h, rx: 12 }),
    s("text", { x: chip.w / 2, y: chip.h / 2 + 4, "text-anchor": "middle" }, text.slice(0, 17)));
    this.layers.nodes.append(g);
    entry.g = g;
  }

  #drawHull(hull) {
    const boxes = hull.members.map((id) => this.nodes.get(id)?.box).filter(Boolean);
    if (!boxes.length) return;
    const pad = 16;
    const x = Math.min(...boxes.map((b) => b.x)) - pad;
    const y = Math.min(...boxes.map((b) => b.y)) - pad - 14;
    const right = Math.max(...boxes.map((b) => b.x + b.w)) + pad;
    const bottom = Math.max(...boxes.map((b) => b.y + b.h)) + pad;
    const { name, cls, key } = hull.scope;
    const room = Math.floor((right - x - 20) / 7.2);
    const whole = cls && cls !== name ? `${name} · ${cls}` : name;
    const text = hull.off && whole.length > room ? "not recorded" : cut(whole, Math.max(8, room));
    const title = s("text",
      { class: "hull-title", x: x + 12, y: y + 17, "data-scope": key }, text);
    const size = { x, y, width: right - x, height: bottom - y, rx: 14 };
    this.layers.hulls.append(
      s("rect", { class: hull.off ? "no-grad-hull" : "hull", ...size }), title);
  }

  /** Which nodes and lines an event touches, so that a step restyles nothing else. */
  #index() {
    this.byNode = new Map();
    this.byTensor = new Map();
    const add = (map, key, value) => {
      if (key === undefined) return;
      if (!map.has(key)) map.set(key, new Set());
      map.get(key).add(value);
    };
    for (const entry of this.nodes.values()) {
      const { node } = entry;
      if (node.kind === "scope") for (const id of node.scope.members) add(this.byNode, id, entry);
      add(this.byNode, node.node, entry);
      add(this.byTensor, node.tensor, entry);
    }
    for (const line of this.lines) add(this.byNode, line.edge.node, line);
  }

  refreshAll() {
    this.context = this.#context();
    this.svg.classList.toggle("is-shaded", this.app.options.heat !== "none");
    for (const entry of this.nodes.values()) this.#refreshNode(entry, this.context);
    for (const line of this.lines) this.#refreshLine(line, this.context);
    this.select(this.app.selected);
    this.#describe();
  }

  /** After a move of the cursor: what the events in between touch, and what was current. */
  moved(from, to) {
    const { trace } = this.app;
    if (Math.abs(to - from) > 60) {
      this.refreshAll();
      return;
    }
    const touched = new Set();
    const [low, high] = from < to ? [from, to] : [to, from];
    for (let p = Math.max(0, low - 1); p < high; p++) {
      const event = trace.events[p];
      if (["backward.begin", "backward.end", "zero_grad"].includes(event.e)) {
        this.refreshAll();
        return;
      }
      const ids = [trace.nodeOf(event), event.to?.node];
      const tensors = [event.tensor, event.to?.leaf, trace.tensors.get(event.tensor)];
      for (const id of ids) for (const e of this.byNode.get(id) ?? []) touched.add(e);
      for (const id of tensors) for (const e of this.byTensor.get(id) ?? []) touched.add(e);
    }
    this.context = this.#context();
    for (const entry of touched) {
      if (entry.node) this.#refreshNode(entry, this.context);
      else this.#refreshLine(entry, this.context);
    }
    this.#describe();
  }

  #context() {
    const { app } = this;
    const event = app.event;
    return {
      k: app.k, write: app.options.compact ? compact : number, saved: app.options.saved,
      currentEvent: event, currentNode: event ? app.trace.nodeOf(event) : undefined,
      currentTensor: event?.tensor, layers: this.layers, heat: heatOf(app),
    };
  }

  #refreshNode(entry, c) {
    const { node, parts } = entry;
    if (!parts) return;
    const { currentNode, currentTensor } = c;
    const isOwn = node.kind === "scope" ? node.scope.members.includes(currentNode)
      : node.node !== undefined && node.node === currentNode && c.currentEvent?.e !== "accumulate";
    const isTensor = node.kind !== "op" && currentTensor !== undefined
      && node.tensor === currentTensor;
    const current = isOwn || isTensor;
    refresh(node, parts, moment(this.app.trace, node, c.k, { ...c, current }));
    if (this.app.options.heat !== "none") {
      parts.g.style.setProperty("--heat", c.heat(node, c.k).toFixed(3));
    }
  }

  #refreshLine({ edge, parts }, c) {
    if (parts) refreshLine(this.app.trace, edge, parts, c.k, c);
  }

  #describe() {
    const { app } = this;
    const { nodes, length } = app.trace;
    set(this.svg, "aria-label",
      `Graph of ${app.title}, ${nodes.size} operations, step ${app.k} of ${length}`);
  }

  select(id) {
    this.nodes.get(this.#chosen)?.parts?.g.classList.remove("is-selected");
    this.nodes.get(id)?.parts?.g.classList.add("is-selected");
    this.#chosen = id;
  }

  #chosen = null;

  /** The one tab stop of the canvas. */
  rove(id) {
    const elementOf = (key) => this.nodes.get(key)?.parts?.g ?? this.chips.get(key)?.g;
    elementOf(this.roving)?.setAttribute("tabindex", "-1");
    if (this.nodes.has(id) || this.chips.has(id)) this.roving = id;
    elementOf(this.roving)?.setAttribute("tabindex", "0");
    const here = this.chips.get(this.roving)?.chip;
    for (const { chip, g } of this.chips.values()) {
      g?.classList.toggle("is-lit", Boolean(here) && here.ends.includes(chip.node)
        && chip.ends.includes(here.node));
    }
  }

  /** Moves the focus to a node and shows it. */
  focus(id) {
    const entry = this.nodes.get(id) ?? this.chips.get(id);
    if (!entry) return;
    entry.attach();
    this.rove(id);
    this.camera.reveal(entry.box);
    (entry.parts?.g ?? entry.g).focus({ preventScroll: true });
  }

  reveal(id) {
    const entry = this.nodes.get(id);
    if (entry) this.camera.reveal(entry.box);
  }

  /** The neighbour of a node in a direction of the keyboard, or null. */
  neighbour(id, key) {
    const ends = { ArrowDown: ["from", "to"], ArrowUp: ["to", "from"] }[key];
    if (ends) return this.edges.find((e) => e[ends[0]] === id)?.[ends[1]] ?? null;
    const own = (this.nodes.get(id) ?? this.chips.get(id))?.box;
    if (!own) return null;
    const across = this.app.options.dir === "LR" ? "y" : "x";
    const layer = [...this.nodes, ...this.chips]
      .filter(([, e]) => e.box.layer === own.layer)
      .sort(([, a], [, b]) => a.box[across] - b.box[across]);
    const at = layer.findIndex(([key_]) => key_ === id);
    return layer[at + (key === "]" ? 1 : -1)]?.[0] ?? null;
  }

  /** Where a chip leads. */
  farEnd(id) { return this.chips.get(id)?.chip.ends[0] ?? null; }

  #click(e) {
    const id = e.target.closest("[data-id]")?.dataset.id;
    const chip = e.target.closest("[data-chip]")?.dataset.chip;
    const scope = e.target.closest("[data-scope]")?.dataset.scope;
    if (id) {
      this.rove(id);
      this.app.select(id, { byHand: true });
      this.nodes.get(id).parts.g.focus({ preventScroll: true });
    } else if (chip) this.focus(this.farEnd(chip));
    else if (scope) this.app.toggleScope(scope);
  }

  /** How many pairs of boxes lie on each other: none should. */
  overlaps() {
    const boxes = [...this.nodes.values(), ...this.chips.values()].map((e) => e.box)
      .sort((a, b) => a.y - b.y);
    let pairs = 0;
    boxes.forEach((a, i) => {
      for (let j = i + 1; j < boxes.length && boxes[j].y < a.y + a.h; j++) {
        if (boxes[j].x < a.x + a.w && a.x < boxes[j].x + boxes[j].w) pairs += 1;
      }
    });
    return pairs;
  }
}
