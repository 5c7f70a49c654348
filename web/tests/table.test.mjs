import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { cells } from "../table.js";
import { parseTrace } from "../trace.js";

const rows = (name) => {
  const trace = parseTrace(readFileSync(new URL(`fixtures/traces/${name}.jsonl`, import.meta.url), "utf8"));
  return trace.events.map((event) => ({ kind: event.e, ...cells(trace, event) }));
};

test("what is saved and freed stands in the table", () => {
  const all = rows("x2_plus_3x");
  assert.deepEqual(all.filter((r) => r.saved).map((r) => [r.kind, r.saved]),
    [["forward", "x v0, shared"], ["free", "freed, 0 B"]]);
});

test("no event is an empty row", () => {
  for (const name of ["mlp", "inplace", "where_nan", "backward_twice", "accumulate"]) {
    for (const row of rows(name)) {
      assert.ok(row.what, `${name} ${row.i}`);
      const said = [row.value, row.gradient, row.to].some(Boolean);
      assert.ok(said || row.kind === "edge", `${name} ${row.i} ${row.kind}`);
    }
  }
});
