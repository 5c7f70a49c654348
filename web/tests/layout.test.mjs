import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { layout } from "../layout.js";

const folder = new URL("fixtures/layout/", import.meta.url);
const fixtures = readdirSync(folder)
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")));

const apart = (a, b) => a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;

test("there are fixtures", () => assert.ok(fixtures.length >= 15));

for (const { name, input, output } of fixtures) {
  test(`${name}: the output is the one that is written down`, () => {
    assert.deepEqual(layout(input, input.options), output);
  });

  test(`${name}: boxes keep apart and inside the picture`, () => {
    const boxes = [...output.nodes, ...output.chips];
    boxes.forEach((a, i) => {
      for (const value of [a.x, a.y, a.w, a.h]) assert.ok(Number.isInteger(value));
      assert.ok(a.x >= 0 && a.y >= 0 && a.x + a.w <= output.width && a.y + a.h <= output.height);
      for (const b of boxes.slice(i + 1)) assert.ok(apart(a, b), `${a.id} lies on ${b.id}`);
    });
  });

  test(`${name}: every edge runs onwards, from border to border`, () => {
    const box = new Map(output.nodes.map((n) => [n.id, n]));
    const along = input.options.direction === "LR" ? 0 : 1;
    const edge = (b) => (along === 0 ? [b.x, b.x + b.w] : [b.y, b.y + b.h]);
    for (const e of output.edges) {
      if (e.out) {
        assert.ok(output.chips.some((c) => c.id === e.out && c.ends.includes(e.to)));
        assert.ok(output.chips.some((c) => c.id === e.in && c.ends.includes(e.from)));
        continue;
      }
      assert.equal(e.points[0][along], edge(box.get(e.from))[1]);
      assert.equal(e.points.at(-1)[along], edge(box.get(e.to))[0]);
      e.points.slice(1).forEach((p, i) => assert.ok(p[along] > e.points[i][along]));
    }
  });

  test(`${name}: other names give the same picture`, () => {
    const rename = (id) => `other ${id}`;
    const again = layout({
      nodes: input.nodes.map((n) => ({ ...n, id: rename(n.id) })),
      edges: input.edges.map((e) => ({ from: rename(e.from), to: rename(e.to) })),
    }, input.options);
    const bare = ({ nodes, edges }) => [
      nodes.map(({ id, ...rest }) => rest), edges.map(({ points }) => points ?? null),
    ];
    assert.deepEqual(bare(again), bare(output));
  });
}

test("creation order stands where nothing crosses", () => {
  const { output } = fixtures.find((f) => f.name === "parts");
  const first = output.nodes.filter((n) => n.layer === 0).sort((a, b) => a.x - b.x);
  assert.deepEqual(first.map((n) => n.id), ["a", "b"]);
});

test("crossings that an order avoids are avoided", () => {
  const { output } = fixtures.find((f) => f.name === "crossed");
  assert.equal(output.crossings, 0);
});

test("no edge is longer than the cut allows", () => {
  for (const { input, output } of fixtures) {
    const cut = input.options.cut ?? 12;
    const layer = new Map(output.nodes.map((n) => [n.id, n.layer]));
    for (const e of output.edges) {
      if (e.points && cut > 0) assert.ok(layer.get(e.to) - layer.get(e.from) <= cut);
    }
  }
});
