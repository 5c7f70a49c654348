// The cursor over a trace: where it stands, what is selected, and how it plays. Views listen.
import { openAtFirst, scopeTree } from "./drawing.js";
import { readAddress, writeAddress } from "./address.js";

/** How long a stretch takes at speed 1, and the bounds of one step, in milliseconds. */
const STRETCH = 3000;
const STEP = { least: 40, most: 420 };

const isOp = (e) => e.e === "forward" || e.e === "backward.node";
const stops = {
  events: () => true,
  ops: isOp,
  nodes: (e) => e.e === "backward.node" || e.e === "backward.end",
};

export class Stepper {
  k = 0;
  selected = null;
  playing = false;
  speed = 1;
  unit = "events";
  #listeners = [];
  #length = 0;
  #timer = 0;

  constructor(trace, { title, atEnd }) {
    this.trace = trace;
    this.title = title;
    const asked = readAddress();
    this.picks = new Map((asked.picks ?? []).map((text) => text.split(":")).map(([key, n]) => [key, Number(n)]));
    this.tree = scopeTree(trace, this.picks);
    const open = asked.expandAll ? new Set([...this.tree.scopes.values()].map((s) => s.key))
      : asked.open ? new Set(asked.open) : openAtFirst(trace, this.tree);
    const small = trace.nodes.size <= 60;
    this.options = {
      open, dir: asked.dir ?? "TB", constants: asked.constants ?? trace.nodes.size <= 500,
      saved: asked.saved ?? small, double: asked.double ?? true, compact: asked.compact ?? true,
      engine: asked.engine ?? false, heat: asked.heat ?? "none",
    };
    this.tab = asked.tab;
    this.#length = trace.length;
    if (asked.i !== undefined) this.k = trace.positionOf(asked.i);
    else if (atEnd) this.k = trace.length;
    this.selected = asked.sel ?? this.#nodeOfEvent() ?? this.#firstLeaf() ?? this.#rootId();
  }

  /** The event that has just happened, or null at the start. */
  get event() { return this.trace.events[this.k - 1] ?? null; }

  on(listener) { this.#listeners.push(listener); }

  #tell(change) { for (const listener of this.#listeners) listener(change); }

  // The cursor.

  go(k, { playing = false } = {}) {
    if (!playing) this.pause();
    const to = Math.max(0, Math.min(this.trace.length, k));
    if (to === this.k) return;
    const from = this.k;
    this.k = to;
    const follow = this.#nodeOfEvent();
    if (follow) this.selected = follow;
    this.#tell({ what: "move", from, to });
    this.#remember();
  }

  step(by) { this.go(this.k + by); }

  /** The next or previous position after a visit of the backward pass. */
  stepNode(by) {
    const { events } = this.trace;
    let k = this.k + by;
    while (k > 0 && k < events.length && events[k - 1].e !== "backward.node") k += by;
    this.go(k);
  }

  goToEvent(i) { this.go(this.trace.positionOf(i)); }

  /** The next finding after the cursor: NaN, infinity, error; from the start again at the end. */
  nextFinding() {
    const isFinding = (e) => e.e === "anomaly" || e.e === "error";
    const { events } = this.trace;
    const at = (from, to) => {
      for (let p = from; p < to; p++) if (isFinding(events[p])) return p;
      return -1;
    };
    const p = Math.max(at(this.k, events.length), -1);
    const found = p >= 0 ? p : at(0, this.k);
    if (found >= 0) this.go(found + 1);
    return found >= 0;
  }

  // Playing.

  /** Stretches of the program between its backward passes, as positions. */
  get #stretches() {
    const forward = [];
    let from = 0;
    for (const run of this.#passes) {
      if (run.from > from) forward.push({ from, to: run.from });
      from = run.to;
    }
    if (from < this.trace.length) forward.push({ from, to: this.trace.length });
    return forward;
  }

  get #passes() {
    return this.trace.runs.map((run) => ({
      from: run.begin, to: Math.min(run.end + 1, this.trace.length),
    }));
  }

  get canRunBackward() { return this.trace.runs.length > 0; }

  /** Plays the next stretch of the forward pass; from the start where none is left. */
  runForward() {
    const next = this.#stretches.find((s) => s.to > this.k && s.from <= this.k)
      ?? this.#stretches.find((s) => s.from >= this.k) ?? this.#stretches[0];
    const again = !next || this.k >= next.to;
    const stretch = again ? this.#stretches[0] : next;
    if (!stretch) return;
    this.pause();
    if (again || this.k < stretch.from) this.go(stretch.from);
    this.#play(stretch.to);
  }

  /** Plays the backward pass that is under way or comes next; the last one again at the end. */
  runBackward() {
    const passes = this.#passes;
    const next = passes.find((p) => p.to > this.k) ?? passes.at(-1);
    if (!next) return;
    this.pause();
    if (this.k < next.from || this.k >= next.to) this.go(next.from);
    this.#play(next.to);
  }

  toggle() {
    if (this.playing) this.pause();
    else {
      if (this.k === this.trace.length) this.go(0);
      this.#play(this.trace.length);
    }
  }

  pause() {
    clearTimeout(this.#timer);
    if (!this.playing) return;
    this.playing = false;
    this.#tell({ what: "play" });
  }

  #play(to) {
    const unit = stops[this.unit];
    const { events } = this.trace;
    let count = 0;
    for (let p = this.k; p < to; p++) if (unit(events[p])) count += 1;
    const wait = Math.min(STEP.most, Math.max(STEP.least, STRETCH / Math.max(1, count))) / this.speed;
    this.playing = true;
    this.#tell({ what: "play" });
    const tick = () => {
      let k = this.k + 1;
      while (k < to && !unit(events[k - 1])) k += 1;
      this.go(k, { playing: true });
      if (this.k >= to) this.pause();
      else this.#timer = setTimeout(tick, wait);
    };
    tick();
  }

  // The selection.

  select(id) {
    if (this.selected === id) return;
    this.selected = id;
    this.#tell({ what: "select" });
    this.#remember();
  }

  /** The drawn thing that stands for a node: itself, or the scope that hides it. */
  drawnId(node) {
    const chain = [];
    let scope = this.tree.scopes.get(this.tree.home.get(node));
    for (; scope && chain.length < 64; scope = this.tree.scopes.get(scope.parent)) chain.push(scope);
    const shut = chain.filter((s) => !this.options.open.has(s.key)).at(-1);
    return shut ? shut.key : `n${node}`;
  }

  #nodeOfEvent() {
    const { event } = this;
    if (!event) return null;
    if (event.e === "accumulate" || event.e === "zero_grad") return this.#idOfTensor(event.tensor);
    if (event.e === "backward.begin") return this.#rootId(event);
    if (event.e === "backward.end") return this.#lastLeaf(event);
    const node = this.trace.nodeOf(event);
    return node === undefined ? null : this.drawnId(node);
  }

  #firstLeaf() {
    for (const { id, leaf, requiresGrad } of this.trace.tensors.values()) {
      if (leaf && requiresGrad) return `t${id}`;
    }
    return null;
  }

  /** The leaf that the gradient of a pass reached last: where its story ends. */
  #lastLeaf({ run }) {
    for (let p = this.k - 1; p >= 0; p--) {
      const event = this.trace.events[p];
      if (event.e === "accumulate" && event.run === run) return this.#idOfTensor(event.tensor);
    }
    return null;
  }

  #idOfTensor(tensor) {
    const maker = this.trace.tensors.get(tensor)?.producer?.[0];
    return maker === undefined ? `t${tensor}` : this.drawnId(maker);
  }

  #rootId(begin = null) {
    const root = begin?.roots?.[0] ?? this.trace.runs[0]?.roots?.[0];
    if (root !== undefined) return this.#idOfTensor(root?.tensor ?? root);
    const last = [...this.trace.nodes.keys()].at(-1);
    return last === undefined ? null : this.drawnId(last);
  }

  // How it is drawn.

  set(name, value) {
    this.options[name] = value;
    const redraw = ["dir", "constants", "double", "open"].includes(name);
    this.#tell({ what: redraw ? "draw" : "restyle", name });
    this.#remember();
  }

  /** Opens a collapsed scope, or collapses the one around a node. */
  toggleScope(id) {
    const open = new Set(this.options.open);
    let key = id;
    if (id.startsWith("n")) {
      const home = this.tree.scopes.get(this.tree.home.get(Number(id.slice(1))));
      if (!home) return;
      key = home.key;
    }
    const scope = [...this.tree.scopes.values()].find((s) => s.key === key);
    if (!scope) return;
    if (open.has(key)) open.delete(key);
    else open.add(key);
    // Of a run of like blocks, the picked one opens with it.
    if (open.has(key) && scope.kind === "repeat") open.add(scope.pickedKey);
    this.options.open = open;
    this.selected = open.has(key) ? this.selected : key;
    this.#tell({ what: "draw", name: "open", keep: this.selected });
    this.#remember();
  }

  /** Shows one of the blocks of a run that repeats; null folds them all. */
  pick(key, n) {
    const open = new Set(this.options.open);
    open.delete(key);
    if (n !== null) {
      this.picks.set(key, n);
      this.tree = scopeTree(this.trace, this.picks);
      const run = [...this.tree.scopes.values()].find((s) => s.key === key);
      open.add(key).add(run.pickedKey);
      this.selected = this.drawnFirst(run.pickedKey, open);
    } else this.selected = key;
    this.options.open = open;
    this.#tell({ what: "draw", name: "open", keep: null });
    this.#remember();
  }

  /** The first thing that is drawn of a scope. */
  drawnFirst(key, open = this.options.open) {
    const scope = [...this.tree.scopes.values()].find((s) => s.key === key);
    const before = this.options.open;
    this.options.open = open;
    const id = this.drawnId(scope.members[0]);
    this.options.open = before;
    return id;
  }

  setTab(tab) {
    this.tab = tab;
    this.#tell({ what: "tab" });
    this.#remember();
  }

  #remember() {
    const { options } = this;
    writeAddress({
      i: this.k > 0 ? this.event.i : undefined, sel: this.selected ?? undefined, tab: this.tab,
      dir: options.dir === "TB" ? undefined : options.dir, vals: options.compact ? undefined : "full",
      heat: options.heat === "none" ? undefined : options.heat, engine: options.engine ? "1" : undefined,
      picks: this.picks.size ? [...this.picks].map(([key, n]) => `${key}:${n}`).join(",") : undefined,
      open: this.tree.scopes.size ? [...options.open].join(",") : undefined,
    });
  }

  /** Records of a running program have come: shown, unless the picture is paused. */
  arrived() {
    if (this.trace.length === this.#length) this.#tell({ what: "arrived" });
    else this.grown();
  }

  /** More records have come in, of a program that still runs; a cursor at the end stays there. */
  grown() {
    if (this.k === this.#length) this.k = this.trace.length;
    this.#length = this.trace.length;
    this.tree = scopeTree(this.trace, this.picks);
    this.#tell({ what: "draw", name: "grown", keep: this.selected });
  }
}
