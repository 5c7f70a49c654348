// The six tabs of the inspector, as elements. Numbers stand in full here.
import { button, grid, h } from "./dom.js";
import { bytes, gradient, isNone, number, shape, value } from "./format.js";
import { describe, inputName, localText, productText, targetName } from "./words.js";

const MOST_ELEMENTS = 64;
const MOST_ROWS = 40;
const full = (v) => value(v, number);
const fullGradient = (v) => gradient(v, number);

const facts = (...pairs) => h("dl", { class: "facts" },
  pairs.filter(([, v]) => v !== undefined && v !== null && v !== "")
    .map(([name, v]) => h("div", {}, h("dt", {}, name), h("dd", {}, v))));

/** A button that moves the cursor just after an event. */
export const goTo = (app, event, text = `event ${event.i}`) =>
  button(text, () => app.goToEvent(event.i), { class: "link" });

const choose = (app, id, text) => button(text, () => app.select(id), { class: "link" });

function elements(v) {
  if (isNone(v)) return null;
  const data = v.k === "full" ? v.data : v.head ?? [];
  if (data.length < 2) return null;
  const shown = data.slice(0, MOST_ELEMENTS);
  const left = (v.k === "full" ? data.length : v.n) - shown.length;
  return [
    heatStrip(shown),
    h("p", { class: "elements" }, shown.map((x) => h("code", {}, number(x)))),
    left > 0 ? h("p", { class: "note" }, `and ${left} more`) : null,
  ];
}

/** Elements as blocks of light and dark; the numbers stand below it. */
function heatStrip(data) {
  const finite = data.filter((x) => typeof x === "number");
  const low = Math.min(...finite);
  const span = Math.max(...finite) - low || 1;
  const strip = h("div", { class: "heat", "aria-hidden": "true" });
  for (const x of data) {
    const block = h("span", { class: typeof x === "number" ? "" : "broken" });
    if (typeof x === "number") block.style.setProperty("--heat", ((x - low) / span).toFixed(3));
    strip.append(block);
  }
  return strip;
}

function histogram(v) {
  const counts = v?.hist?.counts;
  if (!counts) return null;
  const most = Math.max(...counts, 1);
  const { edges } = v.hist;
  const bars = counts.map((n) => {
    const bar = h("span", {});
    bar.style.setProperty("--size", (n / most).toFixed(3));
    return bar;
  });
  return h("figure", {}, h("div", { class: "histogram", "aria-hidden": "true" }, bars),
    h("figcaption", {}, `${counts.join(", ")} elements in ${counts.length} equal parts from `
      + `${number(edges[0])} to ${number(edges.at(-1))}`));
}

const statistics = (v) => (v?.k !== "sum" ? null : facts(
  ["elements", v.n], ["min", v.min], ["max", v.max], ["mean", v.mean], ["std", v.std],
  ["norm", v.l2], ["largest size", v.absmax], ["zeros", v.zeros], ["NaN", v.nan],
  ["infinite", v.inf]));

function valuePanel(app, it) {
  if (it.kind === "constant") return h("p", { class: "big" }, number(it.scalar));
  const { tensor } = it;
  if (!tensor) return h("p", {}, "Nothing is known of its value.");
  const v = app.trace.valueAt(tensor.id, app.k);
  const now = !it.node || app.trace.nodeAt(it.node.id, app.k).made;
  if (!now) return h("p", {}, "It has not run yet.");
  return [
    h("p", { class: "big" }, full(v)), elements(v), statistics(v), histogram(v),
    facts(["shape", shape(tensor.shape)], ["dtype", tensor.dtype],
      ["memory", tensor.bytes === undefined ? null : bytes(tensor.bytes)],
      ["version", app.trace.versionAt(tensor.id, app.k)], ["role", tensor.role],
      ["requires grad", tensor.requiresGrad ? "yes" : "no"],
      ["view of", tensor.viewOf === undefined ? null : app.trace.nameOf(tensor.viewOf)]),
  ];
}

function gradientPanel(app, it, write) {
  if (it.kind === "constant") return h("p", {}, "A constant has no gradient.");
  return it.node ? nodeGradient(app, it, write) : leafGradient(app, it, write);
}

function leafGradient(app, it, write) {
  const { trace, k } = app;
  if (!it.tensor.requiresGrad) return h("p", {}, `${it.title} does not require a gradient.`);
  const now = trace.gradAt(it.tensor.id, k);
  const events = trace.history({ tensor: it.tensor.id }).filter((p) => p < k)
    .map((p) => trace.events[p]).filter((e) => e.e === "accumulate" || e.e === "zero_grad");
  const left = Math.max(0, events.length - MOST_ROWS);
  const rows = events.slice(left).map((e) => (e.e === "zero_grad"
    ? [goTo(app, e, String(e.i)), "zeroed", "", "", e.setToNone ? "none" : "0"]
    : [goTo(app, e, String(e.i)), trace.nodes.get(e.from)?.op ?? "the whole pass",
      gradient(e.before, write), `+ ${gradient(e.incoming, write)}`,
      `= ${gradient(e.after, write)}`]));
  return [
    h("p", { class: "big" }, `${it.title}.grad = ${fullGradient(now.value)}`),
    rows.length === 0 ? h("p", { class: "note" }, "No gradient has arrived yet.")
      : grid({
        caption: left ? `The last ${rows.length} of ${events.length} arrivals`
          : "What arrived at which event", rows,
        heads: ["event", "from", "there", "incoming", "now"],
      }),
    events.length > 1 ? h("p", { class: "note" }, "Gradients add up: every path from the leaf to the "
      + "result brings its part, and so does every further backward pass, until the gradient is "
      + "zeroed.") : null,
    elements(now.value), statistics(now.value), histogram(now.value),
  ];
}

function nodeGradient(app, it, write) {
  const { trace, k } = app;
  const now = trace.nodeAt(it.node.id, k);
  const parts = trace.contributions(it.node.id, k);
  const sum = now.visit?.gradOut?.[0];
  const left = Math.max(0, parts.length - MOST_ROWS);
  const rows = parts.slice(left).map((e) =>
    [goTo(app, e, String(e.i)), trace.nodes.get(e.from)?.op ?? "", gradient(e.value, write)]);
  const isSum = now.visit && rows.length > 1;
  const name = it.tensor?.name ?? "its result";
  return [
    h("p", { class: "big" }, now.visit ? `∂ ${fullGradient(sum)}` : "not computed yet"),
    h("p", { class: "note" }, now.visit
      ? `How much the start of the backward pass changes when ${name} grows by a little.`
      : now.expected > 0 ? `${now.arrived} of ${now.expected} gradients have arrived.`
        : "The backward pass has not come by."),
    rows.length ? grid({
      caption: left ? `The last ${rows.length} of ${parts.length} incoming gradients`
        : rows.length > 1 ? "Incoming gradients, added up" : "Incoming gradient", rows,
      heads: ["event", "from", "gradient"], foot: isSum ? ["sum", "", gradient(sum, write)] : null,
    }) : null,
    elements(sum), statistics(sum), histogram(sum),
    trace.tensors.get(it.tensor?.id)?.retainsGrad
      ? h("p", {}, `${name}.grad = ${fullGradient(trace.gradAt(it.tensor.id, k).value)} (retained)`)
      : now.visit ? h("p", { class: "note" }, "It passes through: only leaves keep theirs.") : null,
  ];
}

const argument = (node, i) => node.inputs[i]?.arg ?? ["self", "other"][i] ?? `input ${i}`;

function rulePanel(app, it) {
  if (it.kind === "constant") return h("p", {}, "No gradient is wanted for a constant.");
  if (!it.node) {
    return [h("p", {}, `${it.title} is a leaf: the program made it, no operation did.`),
      h("p", { class: "note" }, "The backward pass ends here and adds what arrives to its grad.")];
  }
  const { trace, k } = app;
  const { node } = it;
  const rule = trace.ruleOf(node);
  const { visit } = trace.nodeAt(node.id, k);
  const where = trace.place(node.src);
  return [
    h("p", { class: "formula" }, rule?.forward ?? node.op),
    h("p", { class: "note" }, [node.gradFn, where].filter(Boolean).join(" · ")),
    node.inputs.map((input, i) => derivative(app, node, rule, visit, i)),
    rule?.nondiff ? h("p", {}, rule.nondiff) : null,
    rule?.doc ? h("p", { class: "note" }, rule.doc.startsWith("torch.") ? `In PyTorch: ${rule.doc}` : rule.doc) : null,
    visit ? null : h("p", { class: "note" }, "Numbers come in when the backward pass arrives."),
  ];
}

/** What goes to input `i`. Rules that tell all inputs in one line, with commas, tell each its part. */
export function partOf(pulls, i) {
  const own = pulls?.[i];
  const parts = own?.split(", ") ?? [];
  const isShared = parts.length > 1 && parts.length === pulls.length && pulls.every((p) => p === own);
  return isShared ? parts[i] : own;
}

function derivative(app, node, rule, visit, i) {
  const { trace } = app;
  const to = node.next?.[i];
  const name = argument(node, i);
  if (!to) {
    return h("div", { class: "derivative none" }, h("h3", {}, name),
      h("p", { class: "note" }, `${inputName(trace, node, i)}: no gradient is wanted.`));
  }
  const local = localText(visit?.local?.[i], number);
  const g = visit?.gradIn?.[i];
  const product = visit && productText(visit, i, number);
  const pull = partOf(rule?.vjp, i);
  const id = to.leaf === undefined ? app.drawnId(to.node) : `t${to.leaf}`;
  return h("div", { class: "derivative" },
    h("h3", {}, `${name}: ${inputName(trace, node, i)}`),
    h("dl", { class: "steps" },
      rule?.local?.[i] ? line("local", `∂out/∂${name} = ${rule.local[i]}`) : null,
      local && local !== rule?.local?.[i] ? line("here", local, visit.local[i].derived) : null,
      product ? line("chain", `${product}`) : pull ? line("chain", pull) : null,
      isNone(g) ? null : line("gives", fullGradient(g)),
      summed(trace, node, i)),
    h("p", { class: "note" }, "goes to ", choose(app, id, targetName(trace, to))));
}

const line = (name, text, derived = false) =>
  h("div", {}, h("dt", {}, name), h("dd", { class: derived ? "derived" : null }, text));

/** Words where a gradient was summed because its input was broadcast. */
function summed(trace, node, i) {
  const own = trace.tensors.get(node.inputs[i]?.tensor)?.shape;
  const out = trace.tensors.get(node.outputs[0])?.shape;
  const family = trace.ruleOf(node)?.family ?? "pointwise";
  if (!own || !out || family !== "pointwise") return null;
  if (own.length === out.length && own.every((n, d) => n === out[d])) return null;
  return line("summed", `${argument(node, i)} was broadcast from ${shape(own)} to ${shape(out)}, `
    + "so its gradient is summed back");
}

function savedPanel(app, it) {
  if (!it.node) return h("p", {}, "Only operations save tensors for the backward pass.");
  const { trace, k } = app;
  const now = trace.nodeAt(it.node.id, k);
  if (!it.node.saved?.length) return h("p", {}, `The derivative of ${it.title} needs no values.`);
  const state = now.freed ? ["freed at ", goTo(app, now.freed)]
    : now.made ? "held" : "not saved yet";
  return [
    grid({
      caption: "Kept for the backward pass", heads: ["as", "tensor", "version", "memory"],
      rows: it.node.saved.map((x) => [x.name, trace.nameOf(x.tensor), `v${x.version}`,
        x.shared ? `${bytes(x.bytes)}, shared: 0 B extra` : bytes(x.bytes)]),
    }),
    h("p", {}, state),
  ];
}

function sourcePanel(app, it) {
  const { trace } = app;
  const src = it.node?.src ?? it.tensor?.src;
  const place = trace.place(src);
  if (!place) return h("p", {}, "The line is not known.");
  const lines = trace.files.get(src[0])?.text?.split("\n");
  const from = Math.max(0, src[1] - 4);
  return [
    h("p", {}, h("strong", {}, place), src[2] ? `, column ${src[2]}` : ""),
    lines ? h("pre", { class: "excerpt", tabindex: 0 }, lines.slice(from, src[1] + 3).map((text, n) => {
      const at = from + n + 1;
      const isHere = at === src[1];
      return h("span", { class: isHere ? "here" : "" },
        `${isHere ? "▸" : " "}${String(at).padStart(4)}  ${text}\n`);
    })) : h("p", { class: "note" }, "The text of the file is not in the trace."),
    it.node?.stack?.length
      ? h("ol", { class: "stack" }, it.node.stack.map((x) => h("li", {}, trace.place(x) ?? "?")))
      : null,
  ];
}

function historyPanel(app, it) {
  if (it.kind === "constant") return h("p", {}, "Nothing happens to a constant.");
  const { trace } = app;
  const positions = trace.history({ node: it.node?.id, tensor: it.tensor?.id });
  if (!positions.length) return h("p", {}, "No event touches it.");
  return h("ol", { class: "history" }, positions.slice(0, 200).map((p) => {
    const event = trace.events[p];
    const { title } = describe(trace, event, number);
    const isHere = p === app.k - 1;
    return h("li", { class: p < app.k ? "" : "is-ahead", "aria-current": isHere ? "step" : null },
      goTo(app, event), ` ${title}`);
  }));
}

export const panels = {
  Value: valuePanel, Gradient: gradientPanel, Rule: rulePanel, Saved: savedPanel, Source: sourcePanel,
  History: historyPanel,
};
