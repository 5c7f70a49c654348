// The choice of an example, its parameters, and an expression of the reader's own.
import { h } from "./dom.js";
import { call } from "./sources.js";

const addressOf = (id, values) => {
  const query = new URLSearchParams(values).toString();
  return `/graph/example:${encodeURIComponent(id)}${query ? `?${query}` : ""}`;
};

/** The controls for the example whose trace has this id; null where the server lists none. */
export async function exampleControls(traceId) {
  const examples = await call("/api/examples").then((r) => r.json()).catch(() => []);
  if (!examples.length) return null;
  const [id] = traceId.slice("example:".length).split("?");
  const current = examples.find((e) => e.id === id);
  const given = new URLSearchParams(location.search);
  const select = h("select", { id: "example", onchange: () => location.assign(addressOf(select.value, {})) },
    examples.map((e) => h("option", { value: e.id, selected: e.id === id }, e.title)));
  const fields = (current?.parameters ?? []).map((p) => ({
    name: p.name, input: h("input", { type: "number", step: "any", value: given.get(p.name) ?? p.value, size: 4 }),
  }));
  const run = (e) => {
    e.preventDefault();
    location.assign(addressOf(id, Object.fromEntries(fields.map((f) => [f.name, f.input.value]))));
  };
  const field = (text, input) => h("label", { class: "field compact" }, h("span", {}, text), input);
  return h("div", { class: "example" },
    h("form", { class: "example", onsubmit: run }, h("label", { class: "field compact" }, h("span", { class: "unseen" }, "Example"), select),
      fields.map((f) => field(`${f.name} =`, f.input)),
      fields.length ? h("button", { type: "submit", class: "quiet" }, "Set") : null),
    ownExpression());
}

/** "x = 2, y = -1" as numbers by name; throws words where it is something else. */
export function readLeaves(text) {
  const leaves = {};
  for (const part of text.split(",").map((t) => t.trim()).filter(Boolean)) {
    const found = part.match(/^([A-Za-z_]\w*)\s*=\s*(-?[\d.]+(?:e[+-]?\d+)?)$/i);
    if (!found) throw new Error(`"${part}" is no leaf: write a name, =, and a number`);
    leaves[found[1]] = Number(found[2]);
  }
  return leaves;
}

/** A form for an expression of the reader's own, which the server reads and runs. */
function ownExpression() {
  const source = h("input", { type: "text", value: "y = x**2 + 3*x", spellcheck: "false", size: 28 });
  const leaves = h("input", { type: "text", value: "x = 2", spellcheck: "false", size: 28 });
  const problem = h("div", { role: "group", "aria-live": "polite", "aria-label": "Problems" });
  const submit = async (e) => {
    e.preventDefault();
    problem.replaceChildren();
    try {
      const body = { source: source.value, leaves: readLeaves(leaves.value) };
      const { trace } = await (await call("/api/expr", body)).json();
      location.assign(`/graph/${encodeURIComponent(trace)}`);
    } catch (error) {
      const found = error.details?.errors ?? [{ message: error.message }];
      problem.append(...found.map((x) => h("div", { class: "alert" },
        x.column ? h("pre", {}, `${source.value}\n${" ".repeat(x.column - 1)}^`) : null,
        h("p", {}, x.message))));
    }
  };
  return h("details", { class: "menu own" }, h("summary", {}, "Your expression"),
    h("form", { class: "menu-body", onsubmit: submit },
      h("label", { class: "field" }, "Expression", source),
      h("label", { class: "field" }, "Leaves and their values", leaves),
      h("button", { type: "submit", class: "primary" }, "Run it"), problem));
}
