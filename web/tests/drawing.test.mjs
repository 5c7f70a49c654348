import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { draw, openAtFirst, scopeTree } from "../drawing.js";
import { layout } from "../layout.js";
import { parseTrace } from "../trace.js";
import { recurrent } from "./programs.mjs";

const read = (name) => parseTrace(
  readFileSync(new URL(`fixtures/traces/${name}.jsonl`, import.meta.url), "utf8"));
const ids = (drawing) => drawing.nodes.map((n) => n.id);

test("operations, leaves before their first reader, constants beside theirs", () => {
  const trace = read("x2_plus_3x");
  const drawing = draw(trace, scopeTree(trace), { open: new Set() });
  assert.deepEqual(ids(drawing), ["t0", "c0.1", "n0", "c1.0", "n1", "n2"]);
  assert.deepEqual(drawing.edges.map((e) => `${e.from}>${e.to}`),
    ["t0>n0", "c0.1>n0", "c1.0>n1", "t0>n1", "n0>n2", "n1>n2"]);
  const bare = draw(trace, scopeTree(trace), { open: new Set(), constants: false });
  assert.deepEqual(ids(bare), ["t0", "n0", "n1", "n2"]);
});

test("a collapsed scope stands for its members, and keeps its parameters", () => {
  const trace = read("mlp");
  const tree = scopeTree(trace);
  const all = draw(trace, tree, { open: new Set(["s0", "s1"]) });
  assert.ok(ids(all).includes("n0") && all.hulls.length === 2);
  const one = draw(trace, tree, { open: new Set(["s1"]) });
  assert.ok(ids(one).includes("s0") && !ids(one).includes("n0"));
  const parameter = [...trace.tensors.values()].find((t) => t.name === "fc1.weight");
  assert.ok(!ids(one).includes(`t${parameter.id}`));
  const input = [...trace.tensors.values()].find((t) => t.name === "x");
  assert.ok(one.edges.some((e) => e.from === `t${input.id}` && e.to === "s0"));
  assert.equal(one.hulls.length, 1);
});

test("scopes are open at first while the picture stays small", () => {
  const trace = read("mlp");
  assert.deepEqual([...openAtFirst(trace, scopeTree(trace))], ["s0", "s1"]);
});

test("a flat graph over 2,500 operations opens in parts", () => {
  const trace = parseTrace(recurrent(520));
  const tree = scopeTree(trace);
  const drawing = draw(trace, tree, { open: openAtFirst(trace, tree) });
  assert.ok(trace.nodes.size > 2500 && drawing.nodes.length < 1200);
  assert.ok(drawing.nodes.some((n) => n.kind === "scope"));
});

test("2,000 operations are laid out without one box on another", () => {
  const trace = parseTrace(recurrent(330));
  const drawing = draw(trace, scopeTree(trace), { open: new Set() });
  const { nodes, chips } = layout(drawing);
  const boxes = [...nodes, ...chips].sort((a, b) => a.y - b.y);
  boxes.forEach((a, i) => {
    for (let j = i + 1; j < boxes.length && boxes[j].y < a.y + a.h; j++) {
      const b = boxes[j];
      assert.ok(a.x + a.w <= b.x || b.x + b.w <= a.x, `${a.id} lies on ${b.id}`);
    }
  });
});

test("stretches without recording have a hull of their own", () => {
  const text = readFileSync(new URL("fixtures/traces/x2_plus_3x.jsonl", import.meta.url), "utf8");
  const trace = parseTrace(text.replaceAll('"gradEnabled":true}\n{"t":"ev","i":1', '"gradEnabled":false}\n{"t":"ev","i":1'));
  const { hulls } = draw(trace, scopeTree(trace), { open: new Set() });
  assert.deepEqual(hulls.map((h) => h.members), [["n1"]]);
});
