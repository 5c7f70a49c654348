// The programs whose traces the viewer is tested with.
import { readFileSync } from "node:fs";
import { Recorder } from "./recorder.mjs";

const folder = new URL("fixtures/traces/", import.meta.url);
const range = (n) => Array.from({ length: n }, (_, i) => i);

function dice(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.fround(Math.round((state / 2 ** 32 - 0.5) * 200) / 100);
  };
}

function mlp() {
  const roll = dice(3);
  const many = (n) => range(n).map(roll);
  const r = new Recorder("MLP, one step", [
    "let x = Tensor.rand([4, 3])", "let target = Tensor.rand([4, 2])", "let fc1 = Linear(3, 8)",
    "let fc2 = Linear(8, 2)", "let h = tanh(fc1(x))", "let out = fc2(h)",
    "let loss = (out - target).square().mean()", "loss.backward()",
  ].join("\n"));
  const x = r.leaf("x", many(12), { shape: [4, 3], requiresGrad: false, line: 1 });
  const target = r.leaf("-target", many(8), { shape: [4, 2], requiresGrad: false, line: 2 });
  const linear = (name, input, [n, m], line) => r.scope(name, "Linear", () => {
    const options = { role: "parameter", line: line - 2 };
    const w = r.leaf(`${name}.weight`, many(n * m), { shape: [n, m], ...options });
    const b = r.leaf(`${name}.bias`, many(m), { shape: [m], ...options });
    return r.op("add", [r.op("matmul", [input, w], { line }), b], { line });
  });
  const h = r.op("tanh", [linear("fc1", x, [3, 8], 5)], { line: 5, as: "h" });
  const out = linear("fc2", h, [8, 2], 6);
  const square = r.op("square", [r.op("add", [out, target], { line: 7 })], { line: 7 });
  r.backward(r.op("mean", [square], { line: 7, as: "loss", role: "loss" }), { line: 8 });
  return r.document;
}

function reused() {
  const r = new Recorder("A leaf that is used twice", [
    "let a = Tensor(2.0, requiresGrad: true)", "let b = Tensor(3.0, requiresGrad: true)",
    "let c = a + b", "let d = c * a", "d.backward()",
  ].join("\n"));
  const a = r.leaf("a", 2, { line: 1 });
  const b = r.leaf("b", 3, { line: 2 });
  const c = r.op("add", [a, b], { line: 3, as: "c" });
  r.backward(r.op("mul", [c, a], { line: 4, as: "d", role: "loss" }), { line: 5 });
  return r.document;
}

/** An unrolled network: six operations a step, shared weights, every state in one stack. */
export function recurrent(steps) {
  const roll = dice(5);
  const r = new Recorder(`Recurrent network, ${steps} steps`);
  const w = r.leaf("w", roll() / 2, { role: "parameter" });
  const u = r.leaf("u", roll() / 2, { role: "parameter" });
  const b = r.leaf("b", roll() / 2, { role: "parameter" });
  let h = r.leaf("h0", 0, { requiresGrad: false });
  const states = [];
  for (const step of range(steps)) {
    const x = r.leaf(`x${step}`, roll(), { requiresGrad: false });
    const drive = r.op("mul", [x, w], { line: 2 });
    const memory = r.op("mul", [h, u], { line: 3 });
    const sum = r.op("add", [r.op("add", [drive, memory], { line: 4 }), b], { line: 4 });
    h = r.op("tanh", [sum], { line: 5, as: `h${step + 1}` });
    states.push(h);
  }
  const all = r.op("stack", states, { line: 6 });
  r.backward(r.op("mean", [r.op("square", [all], { line: 7 })], { line: 7, as: "loss" }), { line: 8 });
  return r.document;
}

function twice() {
  const seed = readFileSync(new URL("x2_plus_3x.jsonl", folder), "utf8")
    .replace('"x² + 3x"', '"Backward twice"').replace("print(x.grad!)  // 2x + 3 = 7", "y.backward()");
  return `${seed}${JSON.stringify({
    t: "ev", i: 13, e: "error", kind: "backward-twice", node: 0, cause: 11, phase: "backward",
    message: "PowBackward (main.swift:2) already gave back the tensor it saved for backward.",
    hint: "Call y.backward(retainGraph: true) the first time, or rebuild y.", src: [0, 4, 3],
  })}\n`;
}

function inPlace() {
  const r = new Recorder("A tensor changed in place", [
    "let x = Tensor([1.0, 2.0], requiresGrad: true)", "let h = x.exp()", "let y = h.square()",
    "h.add_(1)", "y.sum().backward()",
  ].join("\n"));
  const x = r.leaf("x", [1, 2], { shape: [2], line: 1 });
  const h = r.op("exp", [x], { line: 2, as: "h" });
  const y = r.op("square", [h], { line: 3, as: "y" });
  r.addInPlace(h, 1, 4);
  const cause = r.i - 1;
  const sum = r.op("sum", [y], { line: 5 });
  r.event("backward.begin", { run: 0, roots: [sum.id], gradOut: [{ k: "full", data: [1] }], src: [0, 5, 9] });
  r.event("error", {
    kind: "inplace-clash", node: 1, tensor: h.id, cause, phase: "backward", expected: 0, actual: 1,
    message: "SquareBackward (main.swift:3) saved h at version 0, and add_ (main.swift:4) changed it "
      + "to version 1.",
    hint: "Use h = h + 1, or h.clone() before line 3.", src: [0, 5, 9],
  });
  r.event("backward.end", { run: 0, kind: "failed" });
  return r.document;
}

function whereNaN() {
  const r = new Recorder("log under where", [
    "let x = Tensor([0.0, 1.0, 4.0], requiresGrad: true)",
    "let y = where(x > 0, x.log(), 0)", "y.sum().backward()",
  ].join("\n"));
  const x = r.leaf("x", [0, 1, 4], { shape: [3], line: 1 });
  const positive = r.leaf("x > 0", [0, 1, 1], { shape: [3], requiresGrad: false, line: 2 });
  const log = r.op("log", [x], { line: 2 });
  r.event("anomaly", { kind: "inf", phase: "forward", first: true, node: 0, tensor: log.id, count: 1, index: [0] });
  const y = r.op("where", [positive, log, 0], { line: 2, as: "y" });
  r.backward(r.op("sum", [y], { line: 3 }), { line: 3 });
  // 0 · (1/0): the product is no number, though `where` chose the other branch.
  const at = r.lines.findIndex((line) => line.includes('"e":"backward.node","run":0,"node":0'));
  const moved = r.lines.slice(at + 1).map((line) => {
    const record = JSON.parse(line);
    return JSON.stringify({ ...record, i: record.i + 1 });
  });
  const i = JSON.parse(r.lines[at]).i + 1;
  const anomaly = { t: "ev", i, e: "anomaly", kind: "nan", phase: "backward", first: true, node: 0, run: 0, count: 1, index: [0] };
  r.lines = [...r.lines.slice(0, at + 1), JSON.stringify(anomaly), ...moved];
  return r.document;
}

function hostile() {
  const name = "<img src=x onerror=window.__p=1>";
  const r = new Recorder("</script><script>window.__p=1</script>", [
    "let x = Tensor(2.0) // <b onclick=alert(1)>", 'let y = x * "</script><script>window.__p=1</script>"',
  ].join("\n"));
  const x = r.leaf(name, 2, { line: 1 });
  const y = r.op("mul", [x, r.leaf("\u2028'\"&amp;`${1}", 3, { line: 1 })], { line: 2, as: "a".repeat(300) });
  r.backward(r.scope(name, name, () => r.op("square", [y], { line: 2, as: "y" })), { line: 2 });
  return r.document.replaceAll('"SquareBackward"', '"<svg/onload=window.__p=1>"');
}

function accumulated() {
  const r = new Recorder("Two backward passes without zeroing", [
    "let x = Tensor(2.0, requiresGrad: true)", "x.square().backward()", "x.square().backward()",
    "x.grad = nil", "x.square().backward()",
  ].join("\n"));
  const x = r.leaf("x", 2, { line: 1 });
  for (const line of [2, 3]) r.backward(r.op("square", [x], { line }), { line });
  r.event("zero_grad", { tensor: x.id, setToNone: true, src: [0, 4, 1] });
  x.grad = null;
  r.backward(r.op("square", [x], { line: 5 }), { line: 5 });
  return r.document;
}

export const programs = {
  mlp, reused_leaf: reused, rnn8: () => recurrent(8), backward_twice: twice, inplace: inPlace,
  where_nan: whereNaN, hostile, accumulate: accumulated,
};
