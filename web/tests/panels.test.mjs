import assert from "node:assert/strict";
import { test } from "node:test";
import { partOf } from "../panels.js";

test("a rule that tells all inputs in one line tells each its part", () => {
  const all = "ȳ w, ȳᵀ x, Σ ȳ";
  assert.deepEqual([0, 1, 2].map((i) => partOf([all, all, all], i)), ["ȳ w", "ȳᵀ x", "Σ ȳ"]);
  assert.equal(partOf(["grad · other", "grad · self"], 1), "grad · self");
  assert.equal(partOf(["max(a, b)"], 0), "max(a, b)");
  assert.equal(partOf(undefined, 0), undefined);
});
