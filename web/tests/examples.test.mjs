import assert from "node:assert/strict";
import { test } from "node:test";
import { leavesOf, valueOf } from "../pages/expression.js";
import { startless, startlessResult } from "../pages/seed.js";
import { Trace } from "../trace.js";

test("leaves are the names that a text reads before it gives them a value", () => {
  assert.deepEqual(leavesOf("s = sin(a)\ny = s * b + a  # c"), ["a", "b"]);
  assert.deepEqual(leavesOf("y = x**2 + 3*x; z = 1e5 * y"), ["x"]);
  assert.deepEqual(leavesOf("where(x >= 0, x, w == 1)"), ["x", "w"]);
});

test("a value is a number or several, and nothing else", () => {
  assert.equal(valueOf(" -1.5e-3 ", "x"), -0.0015);
  assert.deepEqual(valueOf("1, 2 3", "x"), [1, 2, 3]);
  for (const text of ["", "x", "1, two", "1..2", "NaN"]) assert.throws(() => valueOf(text, "x"), /^Error: x needs a number/);
});

/** The trace of `text` with leaf x of three elements, and a result of `count`. */
function expression(text, count, { requiresGrad = true } = {}) {
  const trace = new Trace();
  const value = { k: "full", data: [1, 2, 3], exact: true };
  trace.append({ t: "file", id: 0, path: "expression", text });
  trace.append({ t: "tensor", id: 0, name: "x", shape: [3], leaf: true, requiresGrad: true, value });
  trace.append({ t: "tensor", id: 1, shape: count === 1 ? [] : [count], leaf: false, requiresGrad, producer: [0, 0] });
  trace.append({ t: "node", id: 0, op: "square", inputs: [{ tensor: 0 }], outputs: [1] });
  return trace;
}

test("an expression with a result of several elements is given back as it was sent", () => {
  const trace = expression("y = square(x)", 3);
  assert.equal(startlessResult(trace).count, 3);
  assert.deepEqual(startless(trace), { source: "y = square(x)", leaves: { x: [1, 2, 3] } });
});

test("no gradient is asked for where backward starts by itself, or nowhere", () => {
  assert.equal(startlessResult(expression("y = sum(x)", 1)), null);
  assert.equal(startlessResult(expression("y = x > 1", 3, { requiresGrad: false })), null);
  const ran = expression("y = square(x)", 3);
  ran.append({ t: "ev", i: 0, e: "backward.begin", run: 0, roots: [1] });
  assert.equal(startless(ran), null);
});
