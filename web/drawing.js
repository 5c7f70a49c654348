// From a trace to what is drawn, as Documentation/Layout.md says: operations, leaves, constants and
// collapsed scopes, with their sizes, and an edge for each input.
import { cut, shape } from "./format.js";
import { foldRepeats } from "./repeats.js";

const FIRST_VISIBLE = 200;
const MOST_FLAT = 2500;
const CHUNK = 100;

/**
 * The scopes of a trace, with those that stand in for a long flat graph, and for blocks that repeat;
 * `picks` says which of these blocks is shown.
 */
export function scopeTree(trace, picks = new Map()) {
  const scopes = new Map();
  for (const scope of trace.scopes.values()) {
    scopes.set(scope.id, { ...scope, key: `s${scope.id}`, members: [] });
  }
  const home = new Map();
  const flat = [];
  for (const node of trace.nodes.values()) {
    if (scopes.has(node.scope)) home.set(node.id, node.scope);
    else flat.push(node.id);
  }
  if (flat.length > MOST_FLAT) {
    for (let i = 0; i < flat.length; i += CHUNK) {
      const id = `f${i}`;
      const part = flat.slice(i, i + CHUNK);
      const name = `operations ${i + 1} to ${i + part.length}`;
      scopes.set(id, { id, key: `s${id}`, parent: null, name, kind: "part", members: [] });
      for (const node of part) home.set(node, id);
    }
  }
  for (const [node, id] of home) {
    for (const scope of ancestors(scopes, id)) scope.members.push(node);
  }
  foldRepeats(trace, { scopes, home }, picks);
  return { scopes, home };
}

/** A scope and those around it, innermost first. */
function ancestors(scopes, id) {
  const chain = [];
  for (let scope = scopes.get(id); scope && chain.length < 64; scope = scopes.get(scope.parent)) {
    chain.push(scope);
  }
  return chain;
}

/** The scopes to open at first, outermost first, while at most 200 nodes are visible. */
export function openAtFirst(trace, tree) {
  const open = new Set();
  const depth = (s) => ancestors(tree.scopes, s.id).length;
  const candidates = [...tree.scopes.values()].sort((a, b) => depth(a) - depth(b));
  const children = (s) => candidates.filter((c) => c.parent === s.id);
  const direct = (s) => s.members.filter((n) => tree.home.get(n) === s.id).length;
  let visible = trace.nodes.size - tree.home.size
    + candidates.filter((s) => !tree.scopes.has(s.parent)).length;
  for (const s of candidates) {
    // Blocks that repeat stay folded until one is picked; the parts beside it, too.
    if (s.kind === "repeat" || s.kind === "repeated") continue;
    if (tree.scopes.has(s.parent) && !open.has(tree.scopes.get(s.parent).key)) continue;
    const grown = visible - 1 + direct(s) + children(s).length;
    if (grown > FIRST_VISIBLE) continue;
    visible = grown;
    open.add(s.key);
  }
  return open;
}

/** Nodes, edges and hulls. `open` holds the keys of the scopes that are open. */
export function draw(trace, tree, { open, constants = true, double = true }) {
  const standIn = new Map();
  const hulls = new Map();
  for (const node of trace.nodes.values()) {
    const chain = tree.home.has(node.id) ? ancestors(tree.scopes, tree.home.get(node.id)) : [];
    let shut = null;
    for (const scope of chain) if (!open.has(scope.key)) shut = scope;
    standIn.set(node.id, shut ? shut.key : `n${node.id}`);
    const outside = shut ? ancestors(tree.scopes, shut.id).slice(1) : chain;
    for (const scope of outside) {
      if (!hulls.has(scope.key)) hulls.set(scope.key, { scope, members: new Set(), depth: 0 });
      hulls.get(scope.key).members.add(standIn.get(node.id));
    }
  }
  const shown = [...trace.nodes.values()].filter((n) => double || (n.order ?? 1) < 2);
  const last = new Map(shown.map((n) => [standIn.get(n.id), n.id]));
  const inside = privateLeaves(trace, shown, standIn);
  const nodes = [];
  const edges = [];
  const seen = new Set();
  const joined = new Set();
  const pending = new Map();
  for (const node of shown) {
    const key = standIn.get(node.id);
    const incoming = pending.get(key) ?? [];
    pending.set(key, incoming);
    node.inputs.forEach((input, i) => {
      const from = source(trace, node, input, i, { standIn, constants, inside, nodes, seen });
      if (from === null || from === key) return;
      const pair = `${from}>${key}`;
      if ((key[0] === "s" || from[0] === "s") && joined.has(pair)) return;
      joined.add(pair);
      incoming.push({ from, to: key, node: node.id, input: i, tensor: input.tensor });
    });
    if (last.get(key) !== node.id) continue;
    nodes.push(key[0] === "s" ? scopeNode(trace, tree, key) : operation(trace, node));
    seen.add(key);
    edges.push(...incoming);
  }
  const known = new Set(nodes.map((n) => n.id));
  return {
    nodes, edges: edges.filter((e) => known.has(e.from)),
    hulls: [
      ...[...hulls.values()].map((hull) => ({ ...hull, members: [...hull.members] })),
      ...unrecorded(shown, standIn),
    ],
  };
}

/** Stretches of operations that ran while gradients were not recorded. */
function unrecorded(shown, standIn) {
  const stretches = [];
  let members = null;
  for (const node of shown) {
    if (node.gradEnabled !== false) members = null;
    else if (members) members.add(standIn.get(node.id));
    else {
      members = new Set([standIn.get(node.id)]);
      stretches.push(members);
    }
  }
  return stretches.map((s) => ({ members: [...s], scope: { name: "gradients are not recorded" }, off: true }));
}

/** Parameters that only one collapsed scope reads are part of it. */
function privateLeaves(trace, shown, standIn) {
  const readers = new Map();
  for (const node of shown) {
    for (const { tensor } of node.inputs) {
      if (tensor === undefined) continue;
      if (!readers.has(tensor)) readers.set(tensor, new Set());
      readers.get(tensor).add(standIn.get(node.id));
    }
  }
  const inside = new Set();
  for (const [tensor, keys] of readers) {
    const role = trace.tensors.get(tensor)?.role;
    const [only] = keys;
    if (keys.size === 1 && only[0] === "s" && (role === "parameter" || role === "buffer")) {
      inside.add(tensor);
    }
  }
  return inside;
}

/** The id of what an input comes from; a leaf or constant that is new is drawn first. */
function source(trace, node, input, i, { standIn, constants, inside, nodes, seen }) {
  if (input.tensor === undefined) {
    if (!constants || input.scalar === undefined || standIn.get(node.id)[0] === "s") return null;
    const id = `c${node.id}.${i}`;
    nodes.push(constant(id, input));
    return id;
  }
  const tensor = trace.tensors.get(input.tensor);
  const maker = tensor?.producer?.[0];
  if (maker !== undefined && standIn.has(maker)) return standIn.get(maker);
  const id = `t${input.tensor}`;
  if (!constants && tensor?.role === "constant") return null;
  if (inside.has(input.tensor)) return null;
  if (!seen.has(id)) {
    seen.add(id);
    nodes.push(leaf(id, tensor ?? { id: input.tensor }));
  }
  return id;
}

const width = (text, perLetter, least, most) =>
  Math.min(most, Math.max(least, 2 * Math.ceil((text * perLetter + 44) / 2)));

function operation(trace, node) {
  const out = trace.tensors.get(node.outputs[0]);
  const title = cut(node.op, 20);
  const name = out?.name ? cut(out.name, 14) : "";
  const letters = title.length + (name ? name.length + 3 : 0);
  return {
    id: `n${node.id}`, kind: "op", node: node.id, tensor: node.outputs[0], title, name,
    family: trace.ruleOf(node)?.family ?? "other", shape: out?.shape,
    isView: out?.viewOf !== undefined, inPlace: Boolean(node.inplace), order: node.order ?? 1,
    gradEnabled: node.gradEnabled !== false, cuts: node.op === "detach",
    w: width(letters, 8.4, out?.shape?.length ? 184 : 136, 236), h: 86,
  };
}

function leaf(id, tensor) {
  const kind = tensor.role === "parameter" ? "parameter" : "leaf";
  const name = cut(tensor.name ?? id, 18);
  return {
    id, kind, tensor: tensor.id, title: name, name: tensor.name ?? id, shape: tensor.shape,
    requiresGrad: Boolean(tensor.requiresGrad), family: "leaf", order: 1,
    w: width(name.length + 2, 9, tensor.shape?.length ? 172 : 124, 236),
    h: tensor.shape?.length ? 94 : 82,
  };
}

const constant = (id, input) => ({
  id, kind: "constant", title: String(input.scalar), value: { k: "full", data: [input.scalar] },
  name: input.arg ?? "", family: "leaf", order: 1,
  w: Math.min(120, Math.max(52, 2 * Math.ceil((String(input.scalar).length * 8 + 28) / 2))), h: 40,
});

function scopeNode(trace, tree, key) {
  const scope = [...tree.scopes.values()].find((s) => s.key === key);
  const lastMember = trace.nodes.get(scope.members.at(-1));
  const title = cut(scope.name, 22);
  return {
    id: key, kind: "scope", scope, node: lastMember?.id, tensor: lastMember?.outputs[0], title,
    name: scope.cls ?? "", family: "scope", order: 1,
    shape: trace.tensors.get(lastMember?.outputs[0])?.shape,
    w: width(title.length, 8.4, 184, 236), h: 86,
  };
}
