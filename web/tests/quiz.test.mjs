// The Knowledge Check: its file, the order of its choices, and what a reader's answers come to.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { shuffled, seedOf } from "../pages/order.js";
import { answered, asked, begin, position, restored, retry, score } from "../pages/quiz-state.js";

const read = (name) => JSON.parse(readFileSync(new URL(`../content/${name}`, import.meta.url)));
const quiz = read("quiz.json");
const { questions } = quiz;

test("ten questions, each with a topic, four choices and one answer", () => {
  assert.equal(questions.length, 10);
  assert.deepEqual(questions.map((q) => q.id), Object.keys(quiz.topics));
  for (const q of questions) {
    assert.equal(new Set(q.choices).size, 4, q.id);
    assert.ok(Number.isInteger(q.answer) && q.answer >= 0 && q.answer < 4, q.id);
    assert.ok(q.stem && q.why && Array.isArray(q.code), q.id);
    assert.match(q.trace, /^example:[a-z0-9_]+$/);
    assert.ok(Number.isInteger(q.atEvent) && q.atEvent >= 0, `${q.id} leads to an event`);
  }
});

test("the answers are not all in the same place", () => {
  assert.ok(new Set(questions.map((q) => q.answer)).size >= 3);
  const lengths = questions.map((q) => q.choices[q.answer].length === Math.max(...q.choices.map((c) => c.length)));
  assert.ok(lengths.filter(Boolean).length <= 8, "the longest choice is not always right");
});

test("three questions in a reader's own words, with what to compare", () => {
  assert.equal(quiz.concepts.length, 3);
  for (const c of quiz.concepts) assert.ok(c.question && c.model && c.points.length >= 3, c.id);
});

test("an order is the same for the same seed, and holds everything once", () => {
  for (let seed = 0; seed < 200; seed++) {
    const order = shuffled(4, seed);
    assert.deepEqual(order, shuffled(4, seed));
    assert.deepEqual([...order].sort(), [0, 1, 2, 3]);
  }
  const orders = new Set([...Array(200).keys()].map((seed) => shuffled(4, seed).join()));
  assert.equal(orders.size, 24);
  assert.notEqual(seedOf("leaf", 1), seedOf("leaf", 2));
  assert.notEqual(seedOf("leaf"), seedOf("grad-fn"));
});

const all = (choose) => questions.reduce((state, q) => answered(state, q.id, choose(q)), begin(3));

test("a run ends when every question has an answer", () => {
  let state = begin(3);
  const list = asked(state, questions, shuffled);
  assert.deepEqual(list.map((q) => q.id).sort(), questions.map((q) => q.id).sort());
  for (let i = 0; i < list.length; i++) {
    assert.equal(position(state, list), i);
    state = answered(state, list[i].id, 0);
  }
  assert.equal(position(state, list), 10);
});

test("the score counts what is right, by topic", () => {
  assert.deepEqual(score(begin(1), questions), { right: 0, of: 0, wrong: [], topics: [] });
  assert.equal(score(all((q) => q.answer), questions).right, 10);
  const some = score(all((q) => (q.id === "leaf" ? (q.answer + 1) % 4 : q.answer)), questions);
  assert.equal(some.right, 9);
  assert.deepEqual(some.wrong, ["leaf"]);
  assert.deepEqual(some.topics.find((t) => t.id === "leaf"), { id: "leaf", right: 0, of: 1 });
});

test("trying again asks what was wrong, and keeps what was right", () => {
  const wrong = ["leaf", "modes"];
  const state = all((q) => (wrong.includes(q.id) ? (q.answer + 1) % 4 : q.answer));
  const again = retry(state, questions);
  const list = asked(again, questions, shuffled);
  assert.deepEqual(list.map((q) => q.id).sort(), wrong);
  assert.equal(position(again, list), 0);
  assert.notEqual(again.seed, state.seed);
  const done = list.reduce((s, q) => answered(s, q.id, q.answer), again);
  assert.equal(position(done, list), 2);
  assert.equal(score(done, questions).right, 10);
});

test("what was stored comes back, and nonsense begins afresh", () => {
  const state = answered(begin(9), "leaf", 2);
  assert.deepEqual(restored(JSON.stringify(state), questions, 1), state);
  for (const text of ["", "null", "{", "{\"seed\":1}", "{\"seed\":1,\"answers\":{\"gone\":1},\"only\":null}",
    "{\"seed\":1,\"answers\":{\"leaf\":7},\"only\":null}", "{\"seed\":1,\"answers\":{},\"only\":[\"gone\"]}"]) {
    assert.deepEqual(restored(text, questions, 5), begin(5), text);
  }
});
