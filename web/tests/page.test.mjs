import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { traceAsked } from "../early.js";

const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url), "utf8");

/** The modules that one reaches by static imports. */
function closure(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const [, next] of read(name).matchAll(/ from "\.\/([^"]+)"/g)) closure(next, seen);
  return seen;
}

test("the page asks at once for every module that the viewer needs", () => {
  const asked = [...read("index.html").matchAll(/(?:src|modulepreload" href)="\/assets\/([^"]+\.js)"/g)].map(([, name]) => name);
  assert.deepEqual([...asked].sort(), [...closure("main.js")].sort());
  assert.equal(asked[0], "early.js");
  assert.deepEqual([...closure("early.js")], ["early.js"]);
});

test("a trace is asked for early where the address names it as it is", () => {
  assert.equal(traceAsked("/graph/example:mlp", "?i=4&sel=n2"), "example:mlp");
  assert.equal(traceAsked("/graph/file%3Aruns%2Fa", ""), "file:runs/a");
  assert.equal(traceAsked("/graph/example:x2_plus_3x", "?x=3"), null);
  assert.equal(traceAsked("/graph/live:slow", ""), null);
  assert.equal(traceAsked("/doctor/example:mlp", ""), null);
  assert.equal(traceAsked("/", ""), null);
});
