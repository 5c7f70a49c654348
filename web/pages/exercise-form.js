// A form of numbers, formulas and choices. What is wrong with a formula stands beside it.
import { h, set } from "../dom.js";
import { inline } from "./prose.js";

export class ExerciseForm {
  constructor(exercise, check) {
    this.fields = exercise.fields.map((field) => makeField(exercise.id, field));
    this.button = h("button", { type: "submit", class: "primary" }, "Check");
    this.element = h("form", {
      class: "exercise", "data-exercise": exercise.id, novalidate: true,
      onsubmit: (event) => {
        event.preventDefault();
        check({ answers: Object.fromEntries(this.fields.map((f) => [f.name, f.value])), seed: seed() });
      },
    }, this.fields.map((f) => f.element), h("p", {}, this.button));
  }

  busy(on) { this.button.disabled = on; }

  mark(verdict) {
    for (const field of this.fields) {
      field.mark(verdict.errors.find((e) => e.field === field.name) ?? null);
    }
  }
}

const seed = () => Math.floor(Math.random() * 1e9);

function makeField(exercise, field) {
  const id = `${exercise}-${field.name}`;
  if (field.kind === "choice") return choice(id, field);
  const reads = field.reads ? `It may use ${field.reads.join(", ")}.` : "";
  const hint = h("span", { class: "note", id: `${id}-hint` }, [field.optional ? "Optional." : "", reads].filter(Boolean).join(" "));
  const problem = h("pre", { class: "problem", id: `${id}-problem`, hidden: true });
  const input = h("input", {
    id, name: field.name, type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
    inputmode: field.kind === "number" ? "text" : null, class: `for-${field.kind}`, maxlength: 400,
    "aria-describedby": `${id}-hint ${id}-problem`,
  });
  return {
    name: field.name,
    get value() { return input.value; },
    element: h("div", { class: "field" }, h("label", { for: id }, inline(field.label)), input, hint, problem),
    mark(error) {
      set(input, "aria-invalid", error ? "true" : null);
      problem.hidden = !error;
      problem.textContent = error ? `${input.value}\n${" ".repeat(Math.max(0, error.column - 1))}^\n${error.message}` : "";
    },
  };
}

function choice(id, field) {
  const inputs = field.choices.map(({ value, label }) => ({
    value, input: h("input", { type: "radio", name: id, value }), label,
  }));
  return {
    name: field.name,
    get value() { return inputs.find((i) => i.input.checked)?.value ?? ""; },
    element: h("fieldset", {}, h("legend", {}, inline(field.label)),
      inputs.map(({ input, label }) => h("label", { class: "choice" }, input, h("span", {}, label)))),
    mark() {},
  };
}
