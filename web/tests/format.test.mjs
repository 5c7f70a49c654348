import assert from "node:assert/strict";
import { test } from "node:test";
import * as format from "../format.js";

test("numbers are written as they are read back", () => {
  const texts = ["0", "-0", "0.1", "1e-7", "3.4028235e+38", "-2.5", "16777216", "NaN", "Infinity"];
  for (const text of texts) {
    const x = ["NaN", "Infinity"].includes(text) ? text : Number(text);
    assert.equal(format.number(x), text);
  }
});

test("the compact form leaves digits out, and keeps short numbers whole", () => {
  const pairs = [
    [7, "7"], [0.125, "0.125"], [-0, "-0"], [123456, "123456"], [1234567, "1234567"],
    [0.123456789, "0.1235"], [2.50000001, "2.5"], [1e-7, "1e-7"], [1.2345e-7, "1.23e-7"],
    [0.000123456, "1.23e-4"], [-98765.4321, "-98765"], [1e21, "1e+21"], ["-Infinity", "-Infinity"],
  ];
  for (const [x, text] of pairs) assert.equal(format.compact(x), text);
});

test("values in few words", () => {
  const full = (...data) => ({ k: "full", data });
  assert.equal(format.value(full(7)), "7");
  assert.equal(format.value(full(1, 2, 3, 4)), "[1, 2, 3, 4]");
  assert.equal(format.value(full(1, 2, 3, 4, 5)), "[1, 2, 3, …]");
  assert.equal(format.value({ k: "none", why: "freed" }), "freed");
  assert.equal(format.value({ k: "none", why: "not-computed" }), "none");
  assert.equal(format.value(undefined), "not captured");
  assert.equal(format.value({ k: "sum", n: 9, mean: 0.5, nan: 2 }), "mean 0.5, 2 NaN");
  assert.equal(format.value({ k: "sum", n: 9 }), "9 elements");
  assert.equal(format.gradient({ k: "sum", n: 9, l2: 2 }), "‖2‖");
});

test("a value in a given room", () => {
  const v = { k: "full", data: [0.25, -0.5, 0.75] };
  assert.equal(format.brief(v, 20), "[0.25, -0.5, 0.75]");
  assert.equal(format.brief(v, 15), "[0.25, -0.5, …]");
  assert.equal(format.brief(v, 4), "[0.25, …]");
  assert.equal(format.brief({ k: "full", data: ["-Infinity"] }, 20), "-Infinity");
});

test("signs and sizes of gradients", () => {
  const one = (x) => ({ k: "full", data: [x] });
  assert.equal(format.sign(one(3)), "+");
  assert.equal(format.sign(one(-3)), "−");
  assert.equal(format.sign(one(0)), "");
  assert.equal(format.sign(one("NaN")), "");
  assert.equal(format.sign({ k: "sum", n: 3 }), "");
  assert.ok(format.weight(one(100)) > format.weight(one(0.01)));
  assert.equal(format.weight({ k: "none", why: "freed" }), 0);
  assert.equal(format.isBroken(one("NaN")), true);
  assert.equal(format.isBroken({ k: "sum", n: 3, inf: 1 }), true);
  assert.equal(format.isBroken(one(1)), false);
});

test("shapes, bytes, names", () => {
  assert.equal(format.shape([]), "scalar");
  assert.equal(format.shape([32, 64]), "[32, 64]");
  assert.deepEqual([0, 1023, 1024, 1536, 2 ** 20].map(format.bytes), ["0 B", "1023 B", "1.0 KiB", "1.5 KiB", "1.0 MiB"]);
  assert.equal(format.fileName("a/b\\c.swift"), "c.swift");
  assert.equal(format.cut("abcdef", 4), "abc…");
});
