import assert from "node:assert/strict";
import { test } from "node:test";
import { draw, openAtFirst, scopeTree } from "../drawing.js";
import { layout } from "../layout.js";
import { parseTrace } from "../trace.js";
import { Recorder } from "./recorder.mjs";

globalThis.location = { search: "", hash: "", protocol: "http:", pathname: "/graph/x" };
globalThis.history = { replaceState() {} };
const { Stepper } = await import("../stepper.js");

/** A network of `count` like blocks; the one numbered `odd` has an operation more. */
function network(count, odd = -1) {
  const r = new Recorder(`${count} blocks`);
  let h = r.leaf("x", 2, { requiresGrad: false });
  for (let n = 0; n < count; n++) {
    h = r.scope(`layers.${n}`, "Block", () => {
      const w = r.leaf(`w${n}`, 0.5, { role: "parameter" });
      const y = r.op("tanh", [r.op("mul", [h, w])]);
      return n === odd ? r.op("square", [y]) : y;
    });
  }
  r.backward(r.op("square", [h]));
  return parseTrace(r.document);
}
const ids = (drawing) => drawing.nodes.map((n) => n.id);

test("twelve like blocks fold to one node, with its count", () => {
  const trace = network(12);
  const tree = scopeTree(trace);
  const drawing = draw(trace, tree, { open: openAtFirst(trace, tree) });
  assert.deepEqual(ids(drawing), ["t0", "sr0", "n24"]);
  const run = tree.scopes.get("r0");
  assert.equal(run.name, "Block × 12");
  assert.equal(run.members.length, 24);
  assert.equal(run.blocks[11], "layers.11");
});

test("two blocks, or blocks that differ, do not fold", () => {
  assert.equal(scopeTree(network(2)).scopes.has("r0"), false);
  const tree = scopeTree(network(6, 2));
  assert.deepEqual([...tree.scopes.values()].filter((s) => s.kind === "repeat").map((s) => s.name), ["Block × 3"]);
  assert.equal(tree.scopes.get("r3").blocks[0], "layers.3");
});

test("the picked block is shown between those before and after it", () => {
  const app = new Stepper(network(12), { title: "blocks", atEnd: false });
  app.pick("sr0", 4);
  const drawing = draw(app.trace, app.tree, { open: app.options.open });
  assert.deepEqual(drawing.nodes.map((n) => n.kind), ["leaf", "scope", "parameter", "op", "op", "scope", "op"]);
  assert.deepEqual(ids(drawing).filter((id) => id[0] !== "t"), ["sb0", "n8", "n9", "sa0", "n24"]);
  const titles = drawing.nodes.filter((n) => n.kind === "scope").map((n) => n.title);
  assert.deepEqual(titles, ["Block × 4", "Block × 7"]);
  assert.equal(app.selected, "n8");
  const placed = layout(drawing);
  assert.equal(placed.nodes.length, drawing.nodes.length);
  // Every event has something to stand for it.
  for (let k = 1; k <= app.trace.length; k++) {
    app.go(k);
    const known = new Set(ids(drawing));
    if (app.selected.startsWith("n") || app.selected.startsWith("s")) assert.ok(known.has(app.selected), app.selected);
  }
  app.pick("sr0", 0);
  assert.equal([...app.tree.scopes.values()].some((s) => s.key === "sb0"), false);
  app.pick("sr0", null);
  assert.equal(app.drawnId(8), "sr0");
  app.toggleScope("sr0");
  assert.equal(app.drawnId(0), "n0");
});

test("the pick stands in the address", () => {
  location.search = "?open=sr0,s5&picks=sr0:5";
  const app = new Stepper(network(12), { title: "blocks", atEnd: false });
  location.search = "";
  assert.equal(app.drawnId(10), "n10");
  assert.equal(app.drawnId(0), "sb0");
});
