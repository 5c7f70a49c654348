// An expression of the reader's own: its text, the values of its leaves, and where it is wrong.
import { h } from "../dom.js";
import { call } from "../sources.js";
import { graphOf } from "./page.js";

const known = new Set(("abs exp log sqrt sin cos tan tanh sigmoid relu softplus square sum mean prod max min maximum minimum "
  + "matmul detach where pi e").split(" "));

/** The names that a text reads before it gives them a value; what they mean is the server's matter. */
export function leavesOf(text) {
  const assigned = new Set();
  const found = [];
  for (const line of text.split(/[\n;]/)) {
    const [, target, rest] = line.replace(/#.*/, "").match(/^\s*([A-Za-z_]\w*)\s*=(?!=)(.*)$/) ?? [null, null, line.replace(/#.*/, "")];
    for (const [name] of rest.matchAll(/(?<![\w.])[A-Za-z_]\w*/g)) {
      if (!known.has(name) && !assigned.has(name) && !found.includes(name)) found.push(name);
    }
    if (target) assigned.add(target);
  }
  return found;
}

/** "2" is a number, "1, 2, 3" are several; throws words where it is something else. */
export function valueOf(text, name) {
  const parts = text.split(/[\s,]+/).filter(Boolean);
  const wrong = parts.find((part) => !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(part));
  if (wrong !== undefined || parts.length === 0) {
    throw new Error(`${name} needs a number, or several with commas between them; "${wrong ?? ""}" is none.`);
  }
  const numbers = parts.map(Number);
  return numbers.length === 1 ? numbers[0] : numbers;
}

/** Runs an expression, and opens its graph; `seed` is what backward starts from, if not from 1. */
export async function runExpression(source, leaves, seed = undefined) {
  const answer = await (await call("/api/expr", { source, leaves, seed })).json();
  location.assign(graphOf(answer.trace));
}

/** The form of the home page, and of the stepper's menu. */
export function expressionForm(start = "y = x**2 + 3*x") {
  const values = { x: "2" };
  const area = h("textarea", { id: "expression-text", spellcheck: "false", rows: 3, oninput: () => drawLeaves(), "aria-describedby": "expression-help" });
  area.value = start;
  const leaves = h("div", { class: "row leaves", role: "group", "aria-label": "Values" });
  const problem = h("div", { role: "alert" });
  const run = h("button", { class: "primary" }, "Run");

  function drawLeaves() {
    leaves.replaceChildren(...leavesOf(area.value).map((name) => {
      const input = h("input", { value: values[name] ?? "1", "data-leaf": name, oninput: () => { values[name] = input.value; } });
      return h("label", { class: "field compact" }, h("code", {}, `${name} =`), input);
    }));
  }

  async function submit(event) {
    event.preventDefault();
    problem.replaceChildren();
    area.removeAttribute("aria-invalid");
    run.disabled = true;
    try {
      await runExpression(area.value, Object.fromEntries([...leaves.querySelectorAll("input")].map((i) =>
        [i.dataset.leaf, valueOf(i.value, i.dataset.leaf)])));
    } catch (error) {
      const list = error.details?.errors ?? [];
      const lines = area.value.split("\n");
      if (list.length) area.setAttribute("aria-invalid", "true");
      problem.replaceChildren(...(list.length ? list.map((e) => h("pre", { class: "caret" },
        `${lines[(e.line ?? 1) - 1] ?? ""}\n${" ".repeat(Math.max(0, e.column - 1))}^ ${e.message}`))
        : [h("p", { class: "error" }, error.message)]));
    }
    run.disabled = false;
  }

  drawLeaves();
  return h("form", { class: "expression", onsubmit: submit },
    h("label", { for: "expression-text", class: "note" }, "One line after another, each may name its value"), area,
    h("p", { id: "expression-help", class: "note" }, "+ − * / **, parentheses, sin, exp, log, relu, sum, where(x > 0, a, b) and others. The last line is what backward starts from."),
    leaves, problem, run);
}
