// What happened, in words: for the narration, the live region and the table.
import { brief, bytes, gradient, isNone, scalar, value } from "./format.js";

/** A node's operands as text: `3, x = 2`. */
export function operands(trace, node, write) {
  return node.inputs.map((input) => {
    if (input.tensor === undefined) return value({ k: "full", data: [input.scalar] }, write);
    const tensor = trace.tensors.get(input.tensor);
    const shown = write ? value(tensor?.value, write) : brief(tensor?.value, 24);
    return tensor?.name ? `${tensor.name} = ${shown}` : shown;
  });
}

/** "x" for an input that has a name, "pow" for one that an operation made, "3" for a constant. */
export function inputName(trace, node, i) {
  const input = node.inputs[i];
  if (!input) return `input ${i}`;
  return input.tensor === undefined ? String(input.scalar) : trace.nameOf(input.tensor);
}

/** What stands where a gradient goes: "x.grad" or "pow". */
export function targetName(trace, to) {
  if (to?.leaf !== undefined) return `${trace.nameOf(to.leaf)}.grad`;
  return trace.nodes.get(to?.node)?.op ?? "nothing";
}

/** The local derivative with its numbers: `2 · 2^(2−1) = 4`; null where there is none. */
export function localText(local, write = undefined) {
  if (!local) return null;
  if (isNone(local.value)) return local.text;
  const result = value(local.value, write);
  if (local.text === result || local.text.endsWith(`= ${result}`)) return local.text;
  return `${local.text} = ${result}`;
}

/** "1 · 3 = 3", where gradient, derivative and product are single numbers. */
export function productText(event, input, write) {
  const [g, d, product] = [
    event.gradOut?.[0], event.local?.[input]?.value, event.gradIn?.[input],
  ].map((v) => (isNone(v) ? undefined : scalar(v)));
  if (g === undefined || d === undefined || product === undefined) return null;
  return [g, d, product].map((x) => value({ k: "full", data: [x] }, write))
    .map((text, i) => (i === 1 && text.startsWith("-") ? `(${text})` : text))
    .join(" · ").replace(/ · ([^·]*)$/, " = $1");
}

/** A short name of an event's kind. */
export const kinds = {
  "forward": "forward", "backward.begin": "backward begins", "backward.node": "backward",
  "edge": "gradient moves", "accumulate": "accumulate", "free": "freed",
  "backward.end": "backward ends", "inplace": "in-place write", "zero_grad": "gradient zeroed",
  "optim.step": "optimizer step", "grad_mode": "gradient mode", "mem": "memory", "metric": "metric",
  "anomaly": "anomaly", "error": "error", "note": "note", "loop": "loop",
};

/** One event as a headline and a sentence: `{title, text}`. */
export function describe(trace, event, write) {
  const node = trace.nodes.get(trace.nodeOf(event));
  const op = node?.op ?? "";
  const show = (v) => value(v, write);
  const grad = (v) => gradient(v, write);
  switch (event.e) {
    case "forward": return {
      title: `${op} runs`,
      text: `From ${operands(trace, node, write).join(" and ")} it makes `
        + `${named(trace, node.outputs[0])}${show(trace.tensors.get(node.outputs[0])?.value)}.`,
    };
    case "backward.begin": return {
      title: "The backward pass begins",
      text: `${event.roots.map((r) => trace.nameOf(r?.tensor ?? r)).join(", ")} starts it with `
        + `gradient ${(event.gradOut ?? []).map(grad).join(", ") || "1"}.`,
    };
    case "backward.node": return visit(trace, event, node, write);
    case "edge": return {
      title: "A gradient moves on",
      text: `${grad(event.value)} goes from ${op} to ${targetName(trace, event.to)}.`,
    };
    case "accumulate": return accumulated(trace, event, grad);
    case "free": return {
      title: `${op} gives back what it saved`,
      text: "A second backward pass through it is no longer possible.",
    };
    case "backward.end": return ended(trace, event, grad);
    case "zero_grad": return {
      title: "A gradient is zeroed",
      text: `${trace.nameOf(event.tensor)}.grad is ${event.setToNone ? "none" : "0"} again.`,
    };
    case "inplace": return {
      title: `${event.name ?? "A write"} changes ${trace.nameOf(event.tensor)} in place`,
      text: `Version ${event.versionBefore} becomes version ${event.versionAfter}.`,
    };
    case "optim.step": return {
      title: `${event.name ?? "The optimizer"} takes a step`,
      text: event.tensor === undefined ? "All its parameters move."
        : `${trace.nameOf(event.tensor)} becomes ${show(event.value)}.`,
    };
    case "grad_mode": return {
      title: event.enabled ? "Gradients are recorded again" : "Gradients are not recorded",
      text: event.name ?? "",
    };
    case "anomaly": return {
      title: `${event.first ? "The first " : ""}${event.kind === "nan" ? "NaN" : "infinity"}`,
      text: `${op || "An operation"} made it in the ${event.phase} pass`
        + `${event.count ? `, in ${event.count} of its elements` : ""}.`,
    };
    case "error": return {
      title: "An error", text: [event.message, event.hint].filter(Boolean).join(" "),
    };
    case "metric": return { title: event.name, text: `Step ${event.step}: ${event.y}` };
    case "mem": return held(event);
    case "loop": return { title: `${event.name ?? "Loop"}, round ${event.step}`, text: "" };
    case "note": return { title: "A note", text: event.text ?? "" };
    default: return { title: kinds[event.e] ?? event.e, text: event.text ?? "" };
  }
}

/** What the graph keeps for the way back, and who keeps it. */
function held({ bytes: all, mem }) {
  if (!all) return { title: "The graph keeps nothing", text: "What it saved for backward is freed." };
  const parts = Object.entries(mem ?? {}).filter(([, n]) => n > 0).map(([name, n]) => `${name} ${bytes(n)}`);
  return { title: `The graph keeps ${bytes(all)} for backward`, text: parts.length ? `${parts.join(", ")}.` : "" };
}

function named(trace, tensor) {
  const name = trace.tensors.get(tensor)?.name;
  return name ? `${name} = ` : "";
}

function visit(trace, event, node, write) {
  const incoming = event.gradOut?.map((v) => gradient(v, write)).join(", ");
  const parts = [`Incoming gradient ${incoming}.`];
  (event.gradIn ?? []).forEach((v, i) => {
    if (isNone(v)) return;
    const local = event.local?.[i];
    const times = local && !isNone(local.value) ? `Times ${value(local.value, write)} is` : "It gets";
    parts.push(`For ${inputName(trace, node, i)}: ${times[0].toLowerCase()}${times.slice(1)} `
      + `${gradient(v, write)}.`);
  });
  return { title: `Backward through ${node?.op ?? "a node"}`, text: parts.join(" ") };
}

function accumulated(trace, event, grad) {
  const name = `${trace.nameOf(event.tensor)}.grad`;
  if (event.mode === "assign") {
    return {
      title: `A gradient arrives at ${trace.nameOf(event.tensor)}`,
      text: `${name} becomes ${grad(event.after)}; it was none.`,
    };
  }
  return {
    title: `Gradients add up at ${trace.nameOf(event.tensor)}`,
    text: `${grad(event.before)} + ${grad(event.incoming)}: ${name} becomes ${grad(event.after)}.`,
  };
}

/** The gradients that a pass has brought, the last one of each leaf. */
function ended(trace, event, grad) {
  if (event.kind === "failed") {
    return { title: "The backward pass failed", text: "Every gradient is as it was before it." };
  }
  const last = new Map();
  for (const e of trace.events) {
    if (e.i >= event.i) break;
    if (e.e === "accumulate" && e.run === event.run) last.set(e.tensor, e.after);
  }
  const shown = [...last].slice(0, 3).map(([tensor, after]) =>
    `${trace.nameOf(tensor)}.grad becomes ${after.k === "full" ? brief(after, 18) : grad(after)}`);
  const more = last.size > 3 ? ` and ${last.size - 3} more` : "";
  return { title: "The backward pass is done", text: shown.length ? `${shown.join(", ")}${more}.` : "" };
}
