// A trace in memory, and what is true of it after any number of its events. Nothing is replayed:
// each node, tensor and edge keeps the positions of its events, and a look-up halves that list, so
// that stepping back costs what stepping forward costs.

const NO_TIMES = { made: [], visits: [], frees: [], arrivals: [], anomalies: [], errors: [] };
const NONE = { k: "none", why: "not-computed" };

/**
 * Reads JSON Lines, in pieces of any size. Unknown kinds are counted, and a damaged line ends the
 * reading with a word.
 */
export class TraceReader {
  trace = new Trace();
  #rest = "";
  #number = 0;

  read(text) {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop();
    for (const line of lines) this.#line(line);
  }

  /** The last line may have no end. */
  end() {
    this.#line(this.#rest);
    this.#rest = "";
    return this.trace;
  }

  #line(line) {
    this.#number += 1;
    if (this.trace.problem || line.trim() === "") return;
    try {
      this.trace.append(JSON.parse(line));
    } catch (error) {
      this.trace.problem = `Line ${this.#number} cannot be read (${error.message}); what stands `
        + "before it is shown.";
    }
  }
}

/** A trace from its whole text. */
export function parseTrace(text) {
  const reader = new TraceReader();
  reader.read(text);
  return reader.end();
}

/** How many entries of an ascending list are below `k`. */
export function countBelow(list, k) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] < k) low = middle + 1;
    else high = middle;
  }
  return low;
}

const lastBelow = (list, k) => list[countBelow(list, k) - 1];

export class Trace {
  header = null;
  rules = new Map();
  files = new Map();
  scopes = new Map();
  tensors = new Map();
  nodes = new Map();
  /** The events in their order. A *position* k means: the first k of them have happened. */
  events = [];
  runs = [];
  skipped = 0;
  problem = null;
  #runById = new Map();
  #nodeTimes = new Map();
  #tensorTimes = new Map();
  #edgeTimes = new Map();

  append(record) {
    switch (record.t) {
      case "header": this.header ??= record; break;
      case "rule": this.rules.set(record.id, record); break;
      case "file": this.files.set(record.id, record); break;
      case "scope": this.scopes.set(record.id, record); break;
      // A tensor that gets its name later has a second record, which holds what is new.
      case "tensor": this.tensors.set(record.id, { ...this.tensors.get(record.id), ...record }); break;
      case "node": this.nodes.set(record.id, record); break;
      case "ev": this.#addEvent(record); break;
      default: this.skipped += 1;
    }
  }

  /** The number of events. */
  get length() { return this.events.length; }

  /** The position just after the event whose index is `i`: the last one that is not after it. */
  positionOf(i) {
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.events[middle].i <= i) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // What belongs to what.

  ruleOf(node) { return this.rules.get(node?.rule ?? node?.op); }

  /** "main.swift:2", or null. */
  place(src) {
    const file = src && this.files.get(src[0]);
    return file ? `${file.path.split(/[\\/]/).pop()}:${src[1]}` : null;
  }

  /** The line that an event happened at; that of its node where it names none. */
  sourceOf(event) {
    const node = this.nodes.get(this.nodeOf(event));
    const begin = event.e === "backward.end" ? this.events[this.#runById.get(event.run)?.begin] : null;
    return event.src ?? node?.src ?? begin?.src ?? this.tensors.get(event.tensor)?.src ?? null;
  }

  /** The id of the node that an event is about. */
  nodeOf(event) {
    return event.node ?? event.from;
  }

  /** What readers call a tensor: its name, or that of the operation that made it. */
  nameOf(tensorId) {
    const tensor = this.tensors.get(tensorId);
    if (!tensor) return `t${tensorId}`;
    if (tensor.name) return tensor.name;
    const maker = tensor.producer && this.nodes.get(tensor.producer[0]);
    return maker ? `${maker.op}` : `t${tensorId}`;
  }

  // Building the lists of positions.

  #times(map, id, make) {
    let times = map.get(id);
    if (!times) map.set(id, times = make());
    return times;
  }

  #node(id) {
    return this.#times(this.#nodeTimes, id, () => ({
      made: [], visits: [], frees: [], arrivals: [], anomalies: [], errors: [], all: [],
    }));
  }

  #tensor(id) {
    const make = () => ({ grads: [], values: [], writes: [], all: [] });
    return this.#times(this.#tensorTimes, id, make);
  }

  #run(id) {
    let run = this.#runById.get(id);
    if (!run) {
      const begin = this.events.length - 1;
      run = { id, begin, end: Infinity, roots: [], expected: new Map(), changed: new Map() };
      this.runs.push(run);
      this.#runById.set(id, run);
    }
    return run;
  }

  #edge(node, input, position) {
    this.#times(this.#edgeTimes, `${node}.${input}`, () => []).push(position);
  }

  /** The inputs of a node whose gradient goes to `target`. */
  #inputsTo(node, target) {
    const next = this.nodes.get(node)?.next ?? [];
    const isSame = (to) => to && to.leaf === target.leaf && to.node === target.node;
    return next.flatMap((to, i) => (isSame(to) ? [i] : []));
  }

  #addEvent(event) {
    const p = this.events.length;
    this.events.push(event);
    const nodeId = this.nodeOf(event);
    if (nodeId !== undefined) this.#node(nodeId).all.push(p);
    if (event.tensor !== undefined) this.#tensor(event.tensor).all.push(p);
    switch (event.e) {
      case "forward": this.#node(event.node).made.push(p); break;
      case "backward.begin": this.#begin(event); break;
      case "backward.node":
        this.#run(event.run);
        this.#node(event.node).visits.push(p);
        break;
      case "edge": this.#arrive(event, p); break;
      case "accumulate": this.#accumulate(event, p); break;
      case "free": this.#node(event.node).frees.push(p); break;
      case "backward.end": this.#end(event, p); break;
      case "zero_grad": this.#tensor(event.tensor).grads.push(p); break;
      case "inplace": this.#write(event, p); break;
      case "optim.step": if (event.tensor !== undefined) this.#write(event, p); break;
      case "anomaly": if (event.node !== undefined) this.#node(event.node).anomalies.push(p); break;
      case "error": if (event.node !== undefined) this.#node(event.node).errors.push(p); break;
      default: break;
    }
  }

  #begin(event) {
    const run = this.#run(event.run);
    run.roots = (event.roots ?? []).map((r) => r?.tensor ?? r);
    for (const root of run.roots) {
      const maker = this.tensors.get(root)?.producer?.[0];
      if (maker !== undefined) run.expected.set(maker, (run.expected.get(maker) ?? 0) + 1);
    }
  }

  #arrive(event, p) {
    const run = this.#run(event.run);
    const to = event.to ?? {};
    if (to.node !== undefined) {
      this.#node(to.node).arrivals.push(p);
      run.expected.set(to.node, (run.expected.get(to.node) ?? 0) + 1);
    }
    const inputs = event.input === undefined ? this.#inputsTo(event.from, to) : [event.input];
    for (const input of inputs) this.#edge(event.from, input, p);
  }

  #accumulate(event, p) {
    const times = this.#tensor(event.tensor);
    times.grads.push(p);
    const run = event.run === undefined ? null : this.#run(event.run);
    if (run && !run.changed.has(event.tensor)) run.changed.set(event.tensor, event.before ?? NONE);
    if (event.from === undefined) return;
    const inputs = event.input === undefined
      ? this.#inputsTo(event.from, { leaf: event.tensor }) : [event.input];
    for (const input of inputs) this.#edge(event.from, input, p);
  }

  /** A pass that failed leaves every gradient as it was before it. */
  #end(event, p) {
    const run = this.#run(event.run);
    run.end = p;
    run.failed = event.kind === "failed";
    if (!run.failed) return;
    for (const tensor of run.changed.keys()) this.#tensor(tensor).grads.push(p);
  }

  #write(event, p) {
    const times = this.#tensor(event.tensor);
    times.writes.push(p);
    if (event.value) times.values.push(p);
  }

  // What is true at a position.

  /** The backward pass that is under way or was the last one, or null. */
  runAt(k) {
    let [low, high] = [0, this.runs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.runs[middle].begin < k) low = middle + 1;
      else high = middle;
    }
    return this.runs[low - 1] ?? null;
  }

  /** A node: whether it is made, its last visit, gradients that came in, what was freed. */
  nodeAt(id, k) {
    const times = this.#nodeTimes.get(id) ?? NO_TIMES;
    const at = (list) => this.events[lastBelow(list, k)] ?? null;
    const run = this.runAt(k);
    const since = run ? run.begin : Infinity;
    const isRoot = run?.roots.some((r) => this.tensors.get(r)?.producer?.[0] === id);
    const arrived = run
      ? countBelow(times.arrivals, k) - countBelow(times.arrivals, since) + (isRoot ? 1 : 0) : 0;
    const expected = run?.expected.get(id) ?? 0;
    const visited = (lastBelow(times.visits, k) ?? -1) >= since;
    return {
      made: times.made.length === 0 || times.made[0] < k,
      visit: at(times.visits), visited, arrived, expected,
      ready: expected > 0 && run.end >= k && arrived >= expected && !visited,
      freed: at(times.frees),
      anomaly: times.anomalies[0] < k ? this.events[times.anomalies[0]] : null,
      firsts: times.anomalies.filter((p) => p < k && this.events[p].first).map((p) => this.events[p].kind),
      error: at(times.errors),
    };
  }

  /** The gradients that have come to a node in the pass under way, as `edge` events. */
  contributions(id, k) {
    const run = this.runAt(k);
    const times = this.#nodeTimes.get(id);
    if (!run || !times) return [];
    return times.arrivals.filter((p) => p >= run.begin && p < k).map((p) => this.events[p]);
  }

  /** The gradient that a tensor holds, and the event that made it so. */
  gradAt(tensorId, k) {
    const p = lastBelow(this.#tensorTimes.get(tensorId)?.grads ?? [], k);
    if (p === undefined) return { value: NONE, event: null };
    const event = this.events[p];
    if (event.e === "accumulate") return { value: event.after, event };
    if (event.e === "zero_grad") return { value: event.setToNone ? NONE : { k: "zeros" }, event };
    return { value: this.#runById.get(event.run).changed.get(tensorId), event };
  }

  /** The elements of a tensor, as the last write left them. */
  valueAt(tensorId, k) {
    const p = lastBelow(this.#tensorTimes.get(tensorId)?.values ?? [], k);
    return p === undefined ? this.tensors.get(tensorId)?.value : this.events[p].value;
  }

  /** The version of a tensor's memory. */
  versionAt(tensorId, k) {
    const times = this.#tensorTimes.get(tensorId);
    const p = lastBelow(times?.writes ?? [], k);
    if (this.events[p]?.versionAfter !== undefined) return this.events[p].versionAfter;
    const first = times?.writes.find((q) => this.events[q].versionBefore !== undefined);
    if (first !== undefined) return this.events[first].versionBefore;
    return this.tensors.get(tensorId)?.version ?? 0;
  }

  /** The gradient that flows from a node's input, once its event has come; null before. */
  edgeAt(node, input, k) {
    const visit = this.nodeAt(node, k).visit;
    if (!visit) return null;
    const times = this.#edgeTimes.get(`${node}.${input}`);
    const since = this.#runById.get(visit.run)?.begin ?? 0;
    if (times && countBelow(times, k) === countBelow(times, since)) return null;
    return visit.gradIn?.[input] ?? null;
  }

  /** Nodes that wait for nothing, in the order in which they will run, and those that wait. */
  engineAt(k) {
    const run = this.runAt(k);
    if (!run || run.end < k) return { ready: [], waiting: [] };
    const turn = (id) => this.#nodeTimes.get(id)?.visits.find((p) => p >= k) ?? Infinity;
    const ready = [];
    const waiting = [];
    for (const id of run.expected.keys()) {
      const state = this.nodeAt(id, k);
      if (state.ready) ready.push(id);
      else if (state.arrived > 0 && !state.visited) waiting.push({ id, ...state });
    }
    return { ready: ready.sort((a, b) => turn(a) - turn(b)), waiting };
  }

  /** Everything at once: for tests, tables of final values and comparison. */
  stateAt(k) {
    const nodes = {};
    for (const id of this.nodes.keys()) {
      const { made, visit, arrived, ready, freed } = this.nodeAt(id, k);
      nodes[id] = { made, gradOut: visit?.gradOut ?? null, arrived, ready, freed: Boolean(freed) };
    }
    const tensors = {};
    for (const id of this.tensors.keys()) {
      tensors[id] = {
        grad: this.gradAt(id, k).value, value: this.valueAt(id, k), version: this.versionAt(id, k),
      };
    }
    return { nodes, tensors };
  }

  /** Positions of every event that touches a node or a tensor. */
  history({ node, tensor }) {
    const own = node === undefined ? [] : this.#nodeTimes.get(node)?.all ?? [];
    const arrivals = node === undefined ? [] : this.#nodeTimes.get(node)?.arrivals ?? [];
    const of = tensor === undefined ? [] : this.#tensorTimes.get(tensor)?.all ?? [];
    return [...new Set([...own, ...arrivals, ...of])].sort((a, b) => a - b);
  }
}
