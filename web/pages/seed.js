// Where a result has several elements, backward needs a gradient to start from. For an expression
// the reader gives one here, and the server runs it again with that.
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

/**
 * The expression of a trace that no pass could start in, `{source, leaves}` as the server takes
 * them; null where there is none.
 */
export function startless(trace) {
  const source = [...trace.files.values()].find((f) => f.path === "expression")?.text;
  if (!source || !startlessResult(trace)) return null;
  const leaves = {};
  for (const t of trace.tensors.values()) {
    if (t.leaf && t.requiresGrad && t.name && t.value?.k === "full") {
      leaves[t.name] = t.shape.length ? t.value.data : t.value.data[0];
    }
  }
  return { source, leaves };
}

/** The form, or null where nothing is to be given. */
export function seedForm(trace) {
  const program = startless(trace);
  if (!program) return null;
  const { tensor, count } = startlessResult(trace);
  const name = tensor.name ?? "the result";
  const input = h("input", { id: "seed", value: count <= 8 ? new Array(count).fill(1).join(", ") : "1", size: 18 });
  const problem = h("span", { role: "alert", class: "error" });
  const submit = async (event) => {
    event.preventDefault();
    problem.textContent = "";
    try {
      await runExpression(program.source, program.leaves, valueOf(input.value, "The gradient"));
    } catch (error) {
      problem.textContent = error.message;
    }
  };
  return h("form", { class: "seed", onsubmit: submit },
    h("label", { class: "field compact", for: "seed" }, h("span", {}, `Gradient of ${name} to start from`), input),
    h("button", { type: "submit", class: "small" }, "Start from it"), problem,
    h("span", { class: "note" }, `Backward with it is backward from the sum of ${name}, each element times its number.`));
}

