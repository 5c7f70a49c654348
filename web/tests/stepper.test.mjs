import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseTrace } from "../trace.js";

globalThis.location = { search: "", hash: "", protocol: "http:", pathname: "/graph/x" };
globalThis.history = { replaceState() {} };
const { Stepper } = await import("../stepper.js");

const open = (name, at = "") => {
  location.search = at;
  const text = readFileSync(new URL(`fixtures/traces/${name}.jsonl`, import.meta.url), "utf8");
  return new Stepper(parseTrace(text), { title: name, atEnd: false });
};

/** Does something, and lets `ms` pass on a clock of the test's own. */
function playing(act, ms) {
  const real = [globalThis.setTimeout, globalThis.clearTimeout];
  let now = 0;
  const waiting = new Map();
  let next = 1;
  globalThis.setTimeout = (run, wait = 0) => {
    waiting.set(next, { run, at: now + wait });
    return next++;
  };
  globalThis.clearTimeout = (id) => waiting.delete(id);
  try {
    act();
    for (;;) {
      const due = [...waiting].filter(([, t]) => t.at <= ms).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      const [id, { run, at }] = due;
      waiting.delete(id);
      now = at;
      run();
    }
  } finally {
    [globalThis.setTimeout, globalThis.clearTimeout] = real;
  }
}

for (const name of ["x2_plus_3x", "mlp", "reused_leaf", "where_nan", "accumulate"]) {
  test(`${name}: at the usual speed the backward pass is over after 5 s`, () => {
    const app = open(name);
    const run = app.trace.runs[0];
    playing(() => app.runBackward(), 5000);
    assert.equal(app.playing, false);
    assert.equal(app.k, run.end + 1);
  });
}

test("the forward pass ends where the backward pass begins; again starts anew", () => {
  const app = open("x2_plus_3x");
  playing(() => app.runForward(), 5000);
  assert.equal(app.k, 3);
  playing(() => app.runForward(), 0);
  assert.equal(app.k, 1);
});

test("several passes are played one after the other", () => {
  const app = open("accumulate");
  const ends = [];
  for (let n = 0; n < 3; n++) {
    playing(() => app.runForward(), 5000);
    playing(() => app.runBackward(), 5000);
    ends.push(app.trace.gradAt(0, app.k).value.data[0]);
  }
  assert.deepEqual(ends, [4, 8, 4]);
});

test("steps, derivatives, ends", () => {
  const app = open("x2_plus_3x");
  app.step(-1);
  assert.equal(app.k, 0);
  app.stepNode(1);
  assert.equal(app.event.i, 4);
  app.stepNode(1);
  assert.equal(app.event.i, 7);
  app.stepNode(-1);
  assert.equal(app.event.i, 4);
  app.go(99);
  assert.equal(app.k, 13);
});

test("the selection follows the event: the node, then the leaf that its gradient reaches", () => {
  const app = open("x2_plus_3x", "?i=9");
  assert.equal(app.selected, "n0");
  app.step(1);
  assert.equal(app.selected, "t0");
  assert.equal(open("x2_plus_3x", "?i=9&sel=n2").selected, "n2");
});

test("findings are visited in turn, and then from the start", () => {
  const app = open("where_nan");
  const seen = [];
  for (let n = 0; n < 3; n++) {
    assert.ok(app.nextFinding());
    seen.push(app.event.kind);
  }
  assert.deepEqual(seen, ["inf", "nan", "inf"]);
  assert.equal(open("mlp").nextFinding(), false);
});

test("a live cursor at the end stays at the end, one that went back stays there", () => {
  const app = open("x2_plus_3x");
  app.go(13);
  app.trace.append({ t: "ev", i: 13, e: "note", text: "more" });
  app.grown();
  assert.equal(app.k, 14);
  app.go(2);
  app.trace.append({ t: "ev", i: 14, e: "note", text: "and more" });
  app.grown();
  assert.equal(app.k, 2);
});

test("scopes fold: their members' events select what stands for them", () => {
  const app = open("mlp");
  assert.equal(app.drawnId(0), "n0");
  app.toggleScope("n0");
  assert.equal(app.drawnId(0), "s0");
  app.go(1);
  assert.equal(app.selected, "s0");
  app.toggleScope("s0");
  assert.equal(app.drawnId(0), "n0");
});
