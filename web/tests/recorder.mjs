// Writes the records of a program on the tape, in the order of the engine: a node runs when all
// gradients have come to it, the node that was made last first.
import { elements, rules, valueOf } from "./tape.mjs";

export class Recorder {
  lines = [];
  i = 0;
  tensors = [];
  nodes = [];
  scopes = [];
  runs = 0;
  #rules = new Set();

  constructor(title, source = "") {
    this.text = source.split("\n");
    this.write({
      t: "header", format: "autograd-trace", version: 1, library: "Adjoint", title,
      capture: { values: "full", maxElements: 16, stacks: "user", sourceText: source !== "" },
    });
    this.write({ t: "file", id: 0, path: "main.swift", ...(source ? { text: source } : {}) });
  }

  write(record) { this.lines.push(JSON.stringify(record)); }
  event(e, rest) { this.write({ t: "ev", i: this.i++, e, ...rest }); }
  get document() { return `${this.lines.join("\n")}\n`; }

  #tensor(shape, data, more) {
    const t = {
      id: this.tensors.length, shape, data, grad: null, node: null, version: 0,
      requiresGrad: false, leaf: true, ...more,
    };
    this.tensors.push(t);
    this.write({
      t: "tensor", id: t.id, storage: t.id, ...(t.name ? { name: t.name } : {}), role: t.role,
      shape, dtype: "float32", bytes: 4 * elements(shape), requiresGrad: t.requiresGrad,
      leaf: t.leaf, version: 0, producer: t.node === null ? null : [t.node, 0],
      value: valueOf(data), ...(t.line ? { src: [0, t.line, 1] } : {}),
    });
    return t;
  }

  leaf(name, data, { shape = [], role = "input", requiresGrad = true, line } = {}) {
    const list = Array.isArray(data) ? data : [data];
    return this.#tensor(shape, list, { name, role, requiresGrad, line });
  }

  scope(name, cls, body, kind = "module") {
    const id = this.scopes.length;
    const parent = this.current ?? null;
    this.scopes.push(id);
    this.write({ t: "scope", id, parent, name, kind, cls, path: name });
    this.current = id;
    const result = body();
    this.current = parent;
    return result;
  }

  /** One operation; plain numbers are constants. */
  op(name, inputs, { line = 1, as, role = "intermediate", gradEnabled = true } = {}) {
    const rule = rules[name];
    if (!this.#rules.has(name)) {
      this.#rules.add(name);
      const { forward, local, vjp, family } = rule;
      this.write({ t: "rule", id: name, forward, local, vjp, family });
    }
    const operands = inputs.map((x) => (typeof x === "number" ? { shape: [], data: [x] } : x));
    const result = rule.run(...operands);
    const id = this.nodes.length;
    const wants = gradEnabled && operands.some((t) => t.requiresGrad);
    const out = this.#tensor(result.shape, result.data, {
      name: as, role, node: id, leaf: !wants, requiresGrad: wants, line,
    });
    const next = operands.map((t) => {
      if (!wants || !t.requiresGrad) return null;
      return t.leaf ? { leaf: t.id } : { node: t.node, out: 0 };
    });
    const kept = { self: operands[0], other: operands[1], condition: operands[0] };
    const saved = wants ? rule.saves.map((s) => [s, kept[s]]).filter(([, t]) => t.id !== undefined) : [];
    this.nodes.push({ id, name, operands, next, out, saved, scope: this.current });
    this.write({
      t: "node", id, op: name, gradFn: wants ? `${name[0].toUpperCase()}${name.slice(1)}Backward` : null,
      rule: name, ...(this.current == null ? {} : { scope: this.current }), src: [0, line, 1],
      inputs: operands.map((t) => (t.id === undefined
        ? { scalar: t.data[0] } : { tensor: t.id, version: t.version })),
      outputs: [out.id], order: 1, gradEnabled, next,
      saved: saved.map(([s, t]) => ({
        name: s, tensor: t.id, version: t.version, bytes: 4 * t.data.length, shared: t.leaf,
      })),
    });
    this.event("forward", { node: id });
    return out;
  }

  backward(root, { line = 1, retainGraph = false } = {}) {
    const run = this.runs++;
    const one = root.data.map(() => 1);
    const src = [0, line, 1];
    this.event("backward.begin", { run, roots: [root.id], gradOut: [valueOf(one)], retainGraph, src });
    const waits = new Map();
    const visit = (id) => {
      for (const to of this.nodes[id].next) {
        if (to?.node === undefined) continue;
        const seen = waits.has(to.node);
        waits.set(to.node, (waits.get(to.node) ?? 0) + 1);
        if (!seen) visit(to.node);
      }
    };
    visit(root.node);
    const grads = new Map([[root.node, one]]);
    let ready = [root.node];
    while (ready.length) {
      ready.sort((a, b) => a - b);
      const id = ready.pop();
      const node = this.nodes[id];
      const g = grads.get(id);
      const pulled = rules[node.name].pull(g, node.operands).map((x, i) => (node.next[i] ? x : null));
      const none = { k: "none", why: "undefined-grad" };
      this.event("backward.node", {
        run, node: id, gradOut: [valueOf(g)], gradIn: pulled.map((x) => (x ? valueOf(x) : none)),
        local: rules[node.name].text(node.operands).map((t, i) => (node.next[i] ? t : null)),
      });
      pulled.forEach((x, input) => {
        const to = node.next[input];
        if (!x || !to) return;
        if (to.leaf !== undefined) this.#accumulate(run, id, input, to.leaf, x);
        else {
          this.event("edge", { run, from: id, input, to, value: valueOf(x) });
          const sum = grads.get(to.node);
          grads.set(to.node, sum ? sum.map((y, i) => y + x[i]) : x);
          waits.set(to.node, waits.get(to.node) - 1);
          if (waits.get(to.node) === 0) ready.push(to.node);
        }
      });
      if (node.saved.length && !retainGraph) {
        const bytes = node.saved.reduce((n, [, t]) => n + (t.leaf ? 0 : 4 * t.data.length), 0);
        this.event("free", { run, node: id, bytes });
      }
    }
    this.event("backward.end", { run });
  }

  #accumulate(run, from, input, tensor, incoming) {
    const leaf = this.tensors[tensor];
    const before = leaf.grad;
    leaf.grad = before ? before.map((x, i) => x + incoming[i]) : incoming;
    this.event("accumulate", {
      run, tensor, from, input, before: before ? valueOf(before) : { k: "none", why: "not-computed" },
      incoming: valueOf(incoming), after: valueOf(leaf.grad), mode: before ? "add" : "assign",
    });
  }

  addInPlace(tensor, by, line) {
    tensor.data = tensor.data.map((x) => x + by);
    tensor.version += 1;
    this.event("inplace", {
      tensor: tensor.id, name: "add_", versionBefore: tensor.version - 1,
      versionAfter: tensor.version, value: valueOf(tensor.data), src: [0, line, 1],
    });
  }
}
