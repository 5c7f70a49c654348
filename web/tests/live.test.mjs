import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { LiveFeed } from "../live.js";
import { parseTrace, Trace, TraceReader } from "../trace.js";

const text = readFileSync(new URL("fixtures/traces/mlp.jsonl", import.meta.url), "utf8");

test("what comes while the picture is paused is kept in order, and nothing is lost", () => {
  const feed = new LiveFeed(new Trace());
  const records = text.trim().split("\n").map((line) => JSON.parse(line));
  records.slice(0, 60).forEach((r) => feed.append(r));
  const shown = feed.trace.length;
  feed.pause();
  records.slice(60).forEach((r) => feed.append(r));
  assert.equal(feed.trace.length, shown);
  assert.equal(feed.waiting, records.slice(60).filter((r) => r.t === "ev").length);
  feed.resume();
  assert.equal(feed.waiting, 0);
  const whole = parseTrace(text);
  assert.deepEqual(feed.trace.events, whole.events);
  assert.deepEqual(feed.trace.stateAt(whole.length), whole.stateAt(whole.length));
});

test("a trace may come in pieces of any size", () => {
  const whole = parseTrace(text);
  for (const size of [1, 7, 1000]) {
    const reader = new TraceReader();
    for (let i = 0; i < text.length; i += size) reader.read(text.slice(i, i + size));
    const trace = reader.end();
    assert.deepEqual(trace.events, whole.events);
    assert.equal(trace.problem, null);
  }
  const broken = new TraceReader();
  broken.read(`${text}{"t":`);
  assert.match(broken.end().problem, /^Line \d+ cannot be read/);
  assert.equal(broken.trace.length, whole.length);
});

test("a tensor that is named later keeps who made it", () => {
  const trace = new Trace();
  trace.append({ t: "tensor", id: 1, shape: [], producer: [0, 0] });
  trace.append({ t: "tensor", id: 1, shape: [], name: "y" });
  assert.deepEqual(trace.tensors.get(1), { t: "tensor", id: 1, shape: [], producer: [0, 0], name: "y" });
});
