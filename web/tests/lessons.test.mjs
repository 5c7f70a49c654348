// Text of lessons: what stands between marks, and values in the place of names.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pieces, valueText } from "../pages/prose.js";

const read = (name) => JSON.parse(readFileSync(new URL(`../content/${name}`, import.meta.url)));

test("code, emphasis and values are told apart", () => {
  assert.deepEqual(pieces("At `x ** 2` the *slope* is {slope}, no {name}.", { slope: [2, 4] }), [
    { kind: "plain", text: "At " }, { kind: "code", text: "x ** 2" }, { kind: "plain", text: " the " },
    { kind: "strong", text: "slope" }, { kind: "plain", text: " is " },
    { kind: "value", text: "[2, 4]", name: "slope" }, { kind: "plain", text: ", no {name}." },
  ]);
  assert.deepEqual(pieces("`noGrad { }` and <b>", {}), [
    { kind: "code", text: "noGrad { }" }, { kind: "plain", text: " and <b>" }]);
  assert.deepEqual(pieces("`{kind}` `{other}`", { kind: "dtype" }), [
    { kind: "value", text: "dtype", name: "kind" }, { kind: "plain", text: " " }, { kind: "code", text: "{other}" }]);
  assert.deepEqual(pieces(""), []);
});

test("values are written as the library writes them", () => {
  assert.equal(valueText(7), "7");
  assert.equal(valueText(0.03125), "0.03125");
  assert.equal(valueText("graphFreed"), "graphFreed");
  assert.equal(valueText([["a"], 1]), "[[a], 1]");
});

test("every text of every lesson finds its values", () => {
  for (const id of read("lessons/index.json").lessons) {
    const lesson = read(`lessons/${id}.json`);
    const values = Object.fromEntries([...lesson.claims, ...lesson.facts].map((c) => [c.id, c.value]));
    const texts = [lesson.summary, ...lesson.sections.flatMap((s) => [...(s.text ?? []), ...(s.after ?? []), s.stepper?.note ?? "",
      ...(s.table ? [...s.table.head, ...s.table.rows.flat()] : [])]),
    ...lesson.checks.flatMap((c) => [c.question, c.why, ...c.choices])];
    for (const text of texts) {
      for (const piece of pieces(text, values)) {
        assert.ok(piece.kind !== "plain" || !/[`{}]/.test(piece.text), `${id}: ${text}`);
        assert.ok(piece.kind !== "code" || !/^\{\w+\}$/.test(piece.text), `${id}: ${text}`);
      }
    }
  }
});
