// A small tape that writes traces for the viewer's tests: enough operations, and real numbers.

const count = (shape) => shape.reduce((n, d) => n * d, 1);

/** A number as float32 prints it: with the fewest digits that give it back. */
function json(x) {
  if (Number.isNaN(x)) return "NaN";
  if (!Number.isFinite(x)) return x > 0 ? "Infinity" : "-Infinity";
  const single = Math.fround(x);
  for (let digits = 1; digits < 10; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  return single;
}

/** The value of elements, as traces hold it. */
export function valueOf(data, most = 16) {
  if (data.length <= most) return { k: "full", data: data.map(json), exact: true };
  const sum = data.reduce((a, b) => a + b, 0);
  const mean = sum / data.length;
  const round = (x) => json(Math.fround(x));
  return {
    k: "sum", n: data.length, min: round(Math.min(...data)), max: round(Math.max(...data)),
    mean: round(mean), std: round(Math.sqrt(data.reduce((a, b) => a + (b - mean) ** 2, 0) / data.length)),
    l2: round(Math.hypot(...data)), absmax: round(Math.max(...data.map(Math.abs))),
    zeros: data.filter((x) => x === 0).length, nan: data.filter(Number.isNaN).length,
    inf: data.filter((x) => Math.abs(x) === Infinity).length, head: data.slice(0, 8).map(round),
  };
}

const each = (a, f) => a.data.map((x, i) => f(x, i));
const at = (t, i, n) => (t.data.length === n ? t.data[i] : t.data[i % t.data.length]);

/** Broadcasting over leading dimensions only, as biases need. */
function zip(a, b, f) {
  const n = Math.max(a.data.length, b.data.length);
  const data = Array.from({ length: n }, (_, i) => f(at(a, i, n), at(b, i, n)));
  return { shape: a.data.length >= b.data.length ? a.shape : b.shape, data };
}

function reduceTo(g, t) {
  if (g.length === t.data.length) return g;
  const sums = new Array(t.data.length).fill(0);
  g.forEach((x, i) => { sums[i % sums.length] += x; });
  return sums;
}

function matmul(a, b) {
  const [n, m] = a.shape;
  const p = b.shape[1];
  const data = new Array(n * p).fill(0);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < m; k++) {
      for (let j = 0; j < p; j++) data[i * p + j] += a.data[i * m + k] * b.data[k * p + j];
    }
  }
  return { shape: [n, p], data };
}

function turned({ shape: [n, m], data }) {
  const out = new Array(n * m);
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) out[j * n + i] = data[i * m + j];
  return { shape: [m, n], data: out };
}

const unary = (f, d, forward, local, family = "pointwise") => ({
  forward, local: [local], vjp: [`grad · (${local})`], family, saves: ["self"],
  run: (a) => ({ shape: a.shape, data: each(a, f) }),
  pull: (g, [a]) => [g.map((x, i) => x * d(a.data[i]))],
  text: ([a]) => (a.data.length === 1 ? [{ text: String(d(a.data[0])), value: valueOf([d(a.data[0])]) }] : [{ text: local }]),
});

/** Rules by name: the forward run, the pull of a gradient, and the words of both. */
export const rules = {
  add: {
    forward: "out = self + other", local: ["1", "1"], vjp: ["grad", "grad"], family: "pointwise", saves: [],
    run: (a, b) => zip(a, b, (x, y) => x + y),
    pull: (g, [a, b]) => [reduceTo(g, a), reduceTo(g, b)],
    text: () => [{ text: "1" }, { text: "1" }],
  },
  mul: {
    forward: "out = self · other", local: ["other", "self"], vjp: ["grad · other", "grad · self"],
    family: "pointwise", saves: ["self", "other"],
    run: (a, b) => zip(a, b, (x, y) => x * y),
    pull: (g, [a, b]) => [
      reduceTo(g.map((x, i) => x * at(b, i, g.length)), a),
      reduceTo(g.map((x, i) => x * at(a, i, g.length)), b),
    ],
    text: ([a, b]) => [b, a].map((t) => (t.data.length === 1
      ? { text: String(json(t.data[0])), value: valueOf(t.data) } : { text: "the other factor" })),
  },
  matmul: {
    forward: "out = self · other (matrices)", local: ["other", "self"], vjp: ["grad · otherᵀ", "selfᵀ · grad"],
    family: "linearAlgebra", saves: ["self", "other"],
    run: matmul,
    pull: (g, [a, b]) => {
      const upper = { shape: [a.shape[0], b.shape[1]], data: g };
      return [matmul(upper, turned(b)).data, matmul(turned(a), upper).data];
    },
    text: () => [{ text: "grad · otherᵀ" }, { text: "selfᵀ · grad" }],
  },
  square: {
    ...unary((x) => x * x, (x) => 2 * x, "out = self²", "2 · self"),
    text: ([a]) => (a.data.length === 1
      ? [{ text: `2 · ${a.data[0]}`, value: valueOf([2 * a.data[0]]) }] : [{ text: "2 · self" }]),
  },
  tanh: unary(Math.tanh, (x) => 1 - Math.tanh(x) ** 2, "out = tanh(self)", "1 − tanh(self)²"),
  relu: unary((x) => Math.max(0, x), (x) => (x > 0 ? 1 : 0), "out = max(0, self)", "1 where self > 0, else 0"),
  exp: unary(Math.exp, Math.exp, "out = eˢᵉˡᶠ", "out"),
  log: unary(Math.log, (x) => 1 / x, "out = ln(self)", "1 / self"),
  mean: {
    forward: "out = Σ self / n", local: ["1 / n"], vjp: ["grad / n, spread over self"], family: "reduction",
    saves: [],
    run: (a) => ({ shape: [], data: [a.data.reduce((x, y) => x + y, 0) / a.data.length] }),
    pull: (g, [a]) => [a.data.map(() => g[0] / a.data.length)],
    text: ([a]) => [{ text: `1/${a.data.length}` }],
  },
  sum: {
    forward: "out = Σ self", local: ["1"], vjp: ["grad, spread over self"], family: "reduction", saves: [],
    run: (a) => ({ shape: [], data: [a.data.reduce((x, y) => x + y, 0)] }),
    pull: (g, [a]) => [a.data.map(() => g[0])],
    text: () => [{ text: "1" }],
  },
  stack: {
    forward: "out = all inputs, side by side", local: [], vjp: ["its part of grad"], family: "movement", saves: [],
    run: (...all) => ({ shape: [all.length, ...all[0].shape], data: all.flatMap((t) => t.data) }),
    pull: (g, all) => {
      const n = all[0].data.length;
      return all.map((_, i) => g.slice(i * n, (i + 1) * n));
    },
    text: (all) => all.map(() => ({ text: "its part of grad" })),
  },
  where: {
    forward: "out = self where the condition holds, else other", local: ["condition", "1 − condition"],
    vjp: ["grad where the condition holds", "grad where it does not"], family: "indexing", saves: ["condition"],
    run: (c, a, b) => ({ shape: a.shape, data: each(a, (x, i) => (c.data[i] ? x : at(b, i, a.data.length))) }),
    pull: (g, [c, a, b]) => [
      null, g.map((x, i) => (c.data[i] ? x : 0)), reduceTo(g.map((x, i) => (c.data[i] ? 0 : x)), b),
    ],
    text: () => [null, { text: "condition" }, { text: "1 − condition" }],
  },
};

export const elements = count;
export { json };
