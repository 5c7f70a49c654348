import assert from "node:assert/strict";
import { test } from "node:test";
import { readLeaves } from "../examples.js";

test("leaves are names with numbers", () => {
  assert.deepEqual(readLeaves("x = 2, long_name1=-1.5e-3 ,"), { x: 2, long_name1: -0.0015 });
  assert.deepEqual(readLeaves(""), {});
  for (const text of ["x", "x = ", "2 = x", "x = 1; y = 2"]) {
    assert.throws(() => readLeaves(text), /is no leaf/);
  }
});
