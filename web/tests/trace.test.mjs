import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { cells } from "../table.js";
import { parseTrace } from "../trace.js";
import { describe, localText, productText } from "../words.js";

const folder = new URL("fixtures/traces/", import.meta.url);
const names = readdirSync(folder).map((name) => name.replace(".jsonl", ""));
const read = (name) => parseTrace(readFileSync(new URL(`${name}.jsonl`, folder), "utf8"));
const NONE = { k: "none", why: "not-computed" };

/** What is true after the first `k` events, by going through them one by one. */
function replay(trace, k) {
  const nodes = {};
  for (const id of trace.nodes.keys()) {
    const has = trace.events.some((e) => e.e === "forward" && e.node === id);
    nodes[id] = { made: !has, gradOut: null, freed: false };
  }
  const grads = new Map();
  const before = new Map();
  for (const e of trace.events.slice(0, k)) {
    if (e.e === "forward") nodes[e.node].made = true;
    if (e.e === "backward.begin") before.clear();
    if (e.e === "backward.node") nodes[e.node].gradOut = e.gradOut;
    if (e.e === "free") nodes[e.node].freed = true;
    if (e.e === "accumulate") {
      if (!before.has(e.tensor)) before.set(e.tensor, e.before);
      grads.set(e.tensor, e.after);
    }
    if (e.e === "zero_grad") grads.set(e.tensor, e.setToNone ? NONE : { k: "zeros" });
    if (e.e === "backward.end" && e.kind === "failed") {
      for (const [tensor, value] of before) grads.set(tensor, value);
    }
  }
  return { nodes, grads };
}

for (const name of names) {
  test(`${name}: the state at every position is that of a replay, in any order`, () => {
    const trace = read(name);
    assert.equal(trace.problem, null);
    assert.equal(trace.skipped, 0);
    const positions = [...Array(trace.length + 1).keys()];
    for (const k of [...positions, ...positions.reverse()]) {
      const { nodes, tensors } = trace.stateAt(k);
      const wanted = replay(trace, k);
      for (const [id, node] of Object.entries(wanted.nodes)) {
        const { made, gradOut, freed } = nodes[id];
        assert.deepEqual({ made, gradOut, freed }, node, `node ${id} at ${k}`);
      }
      for (const [id, tensor] of Object.entries(tensors)) {
        assert.deepEqual(tensor.grad, wanted.grads.get(Number(id)) ?? NONE, `tensor ${id} at ${k}`);
      }
    }
  });

  test(`${name}: every event has its words and its row`, () => {
    const trace = read(name);
    for (const event of trace.events) {
      const { title, text } = describe(trace, event);
      assert.ok(title.length > 0 && typeof text === "string");
      const row = cells(trace, event);
      assert.ok(Object.values(row).every((v) => typeof v === "string" || typeof v === "number"));
      assert.ok(!JSON.stringify([title, text, row]).includes("undefined"), JSON.stringify(row));
    }
  });
}

test("the seed's gradient: none, 3, then 3 + 4 = 7", () => {
  const trace = read("x2_plus_3x");
  const at = (i) => trace.gradAt(0, trace.positionOf(i)).value;
  assert.deepEqual(at(7), NONE);
  assert.deepEqual(at(8).data, [3]);
  assert.deepEqual(at(9).data, [3]);
  assert.deepEqual(at(10).data, [7]);
});

test("edges carry a gradient once its event has come", () => {
  const trace = read("x2_plus_3x");
  const at = (i, node, input) => trace.edgeAt(node, input, trace.positionOf(i))?.data;
  assert.equal(at(4, 2, 0), undefined);
  assert.deepEqual(at(5, 2, 0), [1]);
  assert.equal(at(5, 2, 1), undefined);
  assert.deepEqual(at(6, 2, 1), [1]);
  assert.equal(at(9, 0, 0), undefined);
  assert.deepEqual(at(10, 0, 0), [4]);
});

test("a node waits until all of its gradients are in", () => {
  const trace = read("rnn8");
  const waits = trace.events.map((_, k) => trace.engineAt(k).waiting).flat();
  assert.ok(waits.some((w) => w.arrived === 1 && w.expected === 2));
  for (const w of waits) assert.ok(w.arrived < w.expected);
  const run = trace.runs[0];
  for (let k = run.begin + 1; k < run.end; k++) {
    const next = trace.events.slice(k).find((e) => e.e === "backward.node");
    const { ready } = trace.engineAt(k);
    if (trace.events[k].e === "backward.node") assert.ok(ready.includes(next.node));
  }
});

test("a pass that failed takes its gradients back", () => {
  const lines = readFileSync(new URL("x2_plus_3x.jsonl", folder), "utf8").trimEnd().split("\n");
  const failed = JSON.stringify({ ...JSON.parse(lines.at(-1)), kind: "failed" });
  const trace = parseTrace([...lines.slice(0, -1), failed].join("\n"));
  assert.deepEqual(trace.gradAt(0, trace.length - 1).value.data, [7]);
  assert.deepEqual(trace.gradAt(0, trace.length).value, NONE);
});

test("zeroing, and adding up over passes", () => {
  const trace = read("accumulate");
  const grads = trace.events.filter((e) => e.e === "accumulate").map((e) => e.after.data[0]);
  assert.deepEqual(grads, [4, 8, 4]);
  const zeroed = trace.events.findIndex((e) => e.e === "zero_grad");
  assert.equal(trace.gradAt(0, zeroed).value.data[0], 8);
  assert.equal(trace.gradAt(0, zeroed + 1).value.k, "none");
});

test("versions count writes", () => {
  const trace = read("inplace");
  const write = trace.events.findIndex((e) => e.e === "inplace");
  const { tensor } = trace.events[write];
  assert.equal(trace.versionAt(tensor, write), 0);
  assert.equal(trace.versionAt(tensor, write + 1), 1);
  assert.notDeepEqual(trace.valueAt(tensor, write), trace.valueAt(tensor, write + 1));
});

test("a damaged line ends the reading with a word, and keeps what stands before it", () => {
  const text = readFileSync(new URL("x2_plus_3x.jsonl", folder), "utf8");
  const cut = parseTrace(text.slice(0, -20));
  assert.match(cut.problem, /^Line 25 cannot be read/);
  assert.equal(cut.length, 12);
  const strange = parseTrace(`${text}{"t":"comet"}\n`);
  assert.equal(strange.skipped, 1);
  assert.equal(strange.length, 13);
  assert.equal(parseTrace("").length, 0);
});

test("the words of a derivative: formula with numbers, and the chain rule", () => {
  const trace = read("x2_plus_3x");
  const visit = trace.events.find((e) => e.i === 9);
  assert.equal(localText(visit.local[0]), "2 · 2^(2−1) = 4");
  assert.equal(localText({ text: "2 · 3 = 6", value: { k: "full", data: [6] } }), "2 · 3 = 6");
  assert.equal(localText({ text: "3", value: { k: "full", data: [3] } }), "3");
  assert.equal(productText(visit, 0), "1 · 4 = 4");
  assert.equal(productText(visit, 1), null);
  assert.equal(
    productText({ gradOut: [{ k: "full", data: [2] }], local: [{ value: { k: "full", data: [-3] } }],
      gradIn: [{ k: "full", data: [-6] }] }, 0), "2 · (-3) = -6");
});

test("the end of a pass names what it brought", () => {
  const trace = read("x2_plus_3x");
  assert.equal(describe(trace, trace.events.at(-1)).text, "x.grad becomes 7.");
});
