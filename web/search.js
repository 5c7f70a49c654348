// Search: a name, an operation, `main.swift:2`, `grad>1`, `nan`; and going to an event by number.
import { button, clear, h } from "./dom.js";
import { compact, isBroken, scalar, value } from "./format.js";

const MOST = 30;

/** How large a gradient is, for `grad>1`: its number, norm or largest element. */
function size(v) {
  const x = v?.k === "sum" ? v.l2 ?? v.absmax : scalar(v);
  return typeof x === "number" ? Math.abs(x) : undefined;
}

/** What fits a query: `{id, title, where}` in the order of the graph. */
export function find(app, query) {
  const { trace, k } = app;
  const text = query.trim().toLowerCase();
  if (!text) return [];
  const bound = text.match(/^grad\s*([<>])\s*([\d.e+-]+)$/);
  const fits = ({ name, op, place, v, grad }) => {
    if (bound) {
      const s = size(grad);
      return s !== undefined && (bound[1] === ">" ? s > Number(bound[2]) : s < Number(bound[2]));
    }
    if (text === "nan" || text === "inf") return isBroken(v) || isBroken(grad);
    return [name, op, place].some((t) => t?.toLowerCase().includes(text));
  };
  const found = [];
  const add = (id, title, facts) => {
    if (found.length < MOST && fits(facts)) found.push({ id, title, where: facts.place ?? "" });
  };
  for (const tensor of trace.tensors.values()) {
    if (tensor.producer) continue;
    add(`t${tensor.id}`, `${tensor.name ?? `t${tensor.id}`} = ${value(tensor.value, compact)}`, {
      name: tensor.name, op: tensor.role, place: trace.place(tensor.src), v: tensor.value,
      grad: trace.gradAt(tensor.id, k).value,
    });
  }
  for (const node of trace.nodes.values()) {
    const out = trace.tensors.get(node.outputs[0]);
    const made = out?.name ? ` → ${out.name}` : "";
    add(app.drawnId(node.id), `${node.op}${made} = ${value(out?.value, compact)}`, {
      name: out?.name, op: node.op, place: trace.place(node.src), v: out?.value,
      grad: trace.nodeAt(node.id, k).visit?.gradOut?.[0],
    });
  }
  return found;
}

export class Search {
  constructor(app, { onchoose }) {
    this.app = app;
    this.input = h("input", {
      type: "search", id: "search-field", oninput: () => this.#fill(), autocomplete: "off",
    });
    this.results = h("ul", { class: "results" });
    this.count = h("p", { class: "note", "aria-live": "polite" });
    this.choose = (id) => {
      this.dialog.close();
      onchoose(id);
    };
    this.dialog = h("dialog", { class: "sheet", "aria-labelledby": "search-title" },
      h("form", { method: "dialog", onsubmit: (e) => this.#submit(e) },
        h("div", { class: "sheet-head" }, h("h2", { id: "search-title" }, "Search"),
          button("Close", () => this.dialog.close(), { class: "quiet" })),
        h("label", { class: "field", for: "search-field" },
          "A name, an operation, main.swift:2, grad>1, nan, or #7 for an event", this.input),
        this.count, this.results));
  }

  open(text = "") {
    this.input.value = text;
    this.#fill();
    this.dialog.showModal();
    this.input.focus();
  }

  #fill() {
    const found = this.input.value.startsWith("#") ? [] : find(this.app, this.input.value);
    clear(this.results);
    for (const { id, title, where } of found) {
      const text = [h("span", {}, title), h("small", {}, where)];
      this.results.append(h("li", {}, button(text, () => this.choose(id), { class: "result" })));
    }
    this.count.textContent = this.input.value
      ? this.input.value.startsWith("#") ? "Enter goes to that event." : `${found.length} found` : "";
  }

  #submit(e) {
    e.preventDefault();
    const text = this.input.value.trim();
    const number = text.match(/^#?(\d+)$/);
    if (text.startsWith("#") && number) {
      this.dialog.close();
      this.app.goToEvent(Number(number[1]));
      return;
    }
    const [first] = find(this.app, text);
    if (first) this.choose(first.id);
  }
}
