// The choice of an example, its parameters, and the menu of an expression of the reader's own.
import { h } from "./dom.js";
import { expressionForm } from "./pages/expression.js";
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

/** The form of an expression, in a menu; it is made when the menu is first opened. */
function ownExpression() {
  const body = h("div", { class: "menu-body" });
  const menu = h("details", { class: "menu own", ontoggle: () => {
    if (menu.open && !body.firstChild) body.append(expressionForm());
  } }, h("summary", {}, "Your expression"), body);
  return menu;
}
