// Writes the fixtures of the layout anew: node web/tests/make-layout-fixtures.mjs
// Only after a change of Documentation/Layout.md: the Swift twin must give the same output.
import { writeFileSync } from "node:fs";
import { layout } from "../layout.js";

const nodes = (ids, w = 120, h = 56) => ids.map((id) => ({ id, w, h }));
const edges = (...pairs) => pairs.map(([from, to]) => ({ from, to }));
const range = (n) => Array.from({ length: n }, (_, i) => i);

/** A small generator with fixed numbers, so that the fixtures are the same everywhere. */
function dice(seed) {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 16) % sides;
  };
}

function random(seed, count, most) {
  const roll = dice(seed);
  const made = range(count).map((i) => ({ id: `n${i}`, w: 40 + roll(120), h: 24 + roll(50) }));
  const joined = [];
  for (let to = 1; to < count; to++) {
    for (let k = roll(most + 1); k > 0; k--) joined.push({ from: `n${roll(to)}`, to: `n${to}` });
  }
  return { nodes: made, edges: joined };
}

function recurrent(steps) {
  const graph = { nodes: nodes(["t0", "t1", "t2"], 112, 56), edges: [] };
  let n = 0;
  const op = (...inputs) => {
    const id = `n${n++}`;
    graph.nodes.push({ id, w: 132, h: 72 });
    for (const from of inputs) graph.edges.push({ from, to: id });
    return id;
  };
  let hidden = "t2";
  const all = [];
  for (const step of range(steps)) {
    const input = `x${step}`;
    graph.nodes.push({ id: input, w: 112, h: 56 });
    hidden = op(op(op(input, "t0"), op(hidden, "t1")));
    all.push(hidden);
  }
  op(op(...all));
  return graph;
}

const seed = {
  nodes: [
    { id: "t0", w: 112, h: 56 }, { id: "n0", w: 132, h: 72 }, { id: "c1.0", w: 64, h: 40 },
    { id: "n1", w: 132, h: 72 }, { id: "n2", w: 132, h: 72 },
  ],
  edges: edges(["t0", "n0"], ["c1.0", "n1"], ["t0", "n1"], ["n0", "n2"], ["n1", "n2"]),
};
const letters = [..."abcdefghijklmnopqrst"];
const chain = letters.slice(1).map((to, i) => ({ from: letters[i], to }));
const cases = {
  empty: { nodes: [], edges: [] },
  single: { nodes: nodes(["a"], 51, 33), edges: edges(["a", "a"], ["a", "nowhere"]) },
  seed,
  "seed-lr": { ...seed, options: { direction: "LR" } },
  parallel: { nodes: nodes(["a", "b"]), edges: edges(["a", "b"], ["a", "b"], ["a", "b"]) },
  crossed: {
    nodes: nodes(["a", "b", "c", "d", "e", "f"]),
    edges: edges(["a", "f"], ["b", "e"], ["c", "d"], ["a", "e"]),
  },
  skip: { nodes: nodes(letters), edges: [...chain, ...edges(["a", "e"], ["c", "m"], ["e", "q"])] },
  "long-cut": {
    nodes: nodes(letters),
    edges: [...chain, ...edges(["a", "n"], ["a", "t"], ["b", "o"], ["b", "t"], ["c", "t"])],
  },
  "long-uncut": {
    nodes: nodes(letters), edges: [...chain, ...edges(["a", "t"], ["b", "s"])], options: { cut: 0 },
  },
  back: {
    nodes: nodes(["a", "b", "c", "d"]), edges: edges(["a", "b"], ["b", "c"], ["c", "a"], ["d", "b"]),
  },
  parts: {
    nodes: nodes(["a", "b", "c", "d", "e"]), edges: edges(["a", "c"], ["b", "d"], ["c", "e"]),
  },
  "random-40": random(7, 40, 3),
  "random-40-lr": { ...random(7, 40, 3), options: { direction: "LR", cut: 3, nodeGap: 20 } },
  "random-150": random(11, 150, 2),
  "recurrent-30": recurrent(30),
};

for (const [name, { options = {}, ...input }] of Object.entries(cases)) {
  const fixture = { name, input: { ...input, options }, output: layout(input, options) };
  const lines = JSON.stringify(fixture).replaceAll("},{", "},\n{");
  writeFileSync(new URL(`fixtures/layout/${name}.json`, import.meta.url), `${lines}\n`);
}
