// Where a result has several elements, backward needs a gradient to start from. For an expression
// the reader gives one here: backward from y with gradient v is backward from sum(y · v).
import { h } from "../dom.js";
import { runExpression, valueOf } from "./expression.js";

/** The last operation's result where no pass could start from it: several elements. */
export function startlessResult(trace) {
  if (trace.runs.length) return null;
  const last = [...trace.nodes.values()].at(-1);
  const out = trace.tensors.get(last?.outputs[0]);
  const count = out?.shape?.reduce((n, size) => n * size, 1);
  return count > 1 && out.requiresGrad ? { tensor: out, count } : null;
}

/** A name that a text does not use. */
function freshName(text, wish) {
  let name = wish;
  while (new RegExp(`\\b${name}\\b`).test(text)) name += "_";
  return name;
}

/**
 * The expression of a trace with its result weighed: `{source, leaves}` as the server takes them; null
 * where the trace is of no expression. Throws words where the weights do not fit.
 */
export function weighed(trace, weights) {
  const result = startlessResult(trace);
  const text = [...trace.files.values()].find((f) => f.path === "expression")?.text;
  if (!result || !text) return null;
  if (Array.isArray(weights) && weights.length !== result.count) {
    throw new Error(`The result has ${result.count} elements: give that many numbers, or one for all.`);
  }
  const lines = text.split(/[\n;]/).filter((line) => line.replace(/#.*/, "").trim() !== "");
  const last = lines.at(-1);
  const target = last.match(/^\s*([A-Za-z_]\w*)\s*=(?!=)/)?.[1] ?? freshName(text, "result");
  if (!/^\s*[A-Za-z_]\w*\s*=(?!=)/.test(last)) lines[lines.length - 1] = `${target} = ${last.trim()}`;
  const weight = freshName(text, "gradient");
  const leaves = { [weight]: weights };
  for (const t of trace.tensors.values()) {
    if (t.leaf && t.requiresGrad && t.name && t.value?.k === "full") {
      leaves[t.name] = t.shape.length ? t.value.data : t.value.data[0];
    }
  }
  return { source: [...lines, `sum(${target} * detach(${weight}))`].join("\n"), leaves };
}

/** The form, or null where nothing is to be given. */
export function seedForm(trace) {
  if (!weighed(trace, 1)) return null;
  const { tensor, count } = startlessResult(trace);
  const name = tensor.name ?? "the result";
  const input = h("input", { id: "seed", value: count <= 8 ? new Array(count).fill(1).join(", ") : "1", size: 18 });
  const problem = h("span", { role: "alert", class: "error" });
  const submit = async (event) => {
    event.preventDefault();
    problem.textContent = "";
    try {
      const { source, leaves } = weighed(trace, valueOf(input.value, "The gradient"));
      await runExpression(source, leaves);
    } catch (error) {
      problem.textContent = error.message;
    }
  };
  return h("form", { class: "seed", onsubmit: submit },
    h("label", { class: "field compact", for: "seed" }, h("span", {}, `Gradient of ${name} to start from`), input),
    h("button", { type: "submit", class: "small" }, "Start from it"), problem,
    h("span", { class: "note" }, `Backward with it is backward from the sum of ${name}, each element times its number.`));
}

