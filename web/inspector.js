// The inspector: what there is to know of the selected node, in six tabs; up to three stay pinned.
import { clear, h } from "./dom.js";
import { compact, number } from "./format.js";
import { panels } from "./panels.js";

export const tabs = ["Value", "Gradient", "Rule", "Saved", "Source", "History"];
const MOST_PINS = 3;
let serial = 0;

/** What an id of the drawing stands for: `{id, kind, title, node, tensor}`; null if nothing. */
export function subject(app, id) {
  const { trace } = app;
  const rest = id?.slice(1);
  if (id?.[0] === "n") {
    const node = trace.nodes.get(Number(rest));
    const tensor = trace.tensors.get(node?.outputs[0]);
    return node && { id, kind: "operation", title: node.op, node, tensor };
  }
  if (id?.[0] === "t") {
    const tensor = trace.tensors.get(Number(rest));
    const kind = tensor?.role === "parameter" ? "parameter" : "leaf";
    return tensor && { id, kind, title: tensor.name ?? id, node: null, tensor };
  }
  if (id?.[0] === "c") {
    const [node, input] = rest.split(".").map(Number);
    const scalar = trace.nodes.get(node)?.inputs[input]?.scalar;
    if (scalar === undefined) return null;
    return { id, kind: "constant", title: String(scalar), node: null, tensor: null, scalar };
  }
  const scope = [...app.tree.scopes.values()].find((s) => s.key === id);
  if (!scope) return null;
  const last = trace.nodes.get(scope.members.at(-1));
  const tensor = trace.tensors.get(last?.outputs[0]);
  return { id, kind: "scope", title: scope.name, scope, node: last, tensor };
}

/** The run of like blocks that a subject stands for, or stands in; null if there is none. */
function runOf(app, it) {
  const scopes = app.tree.scopes;
  let scope = it.scope ?? scopes.get(app.tree.home.get(it.node?.id));
  for (let depth = 0; scope && depth < 64; depth++) {
    if (scope.kind === "repeat") return scope;
    scope = scopes.get(scope.parent);
  }
  return null;
}

export class Inspector {
  #pins = [];

  constructor(app, place) {
    this.app = app;
    this.main = new Card(app, { id: () => app.selected, onpin: () => this.#pin() });
    this.shelf = h("div", { class: "pins" });
    place.append(this.main.element, this.shelf);
  }

  update() {
    this.main.update();
    for (const pin of this.#pins) pin.update();
  }

  focus() { this.main.focus(); }

  #pin() {
    const id = this.app.selected;
    if (!id || this.#pins.some((p) => p.id === id) || this.#pins.length >= MOST_PINS) return;
    const card = new Card(this.app, {
      id: () => id, tab: this.main.tab, onunpin: () => {
        this.#pins = this.#pins.filter((p) => p !== card);
        card.element.remove();
        this.main.focus();
      },
    });
    card.id = id;
    this.#pins.push(card);
    this.shelf.append(card.element);
    card.update();
  }
}

class Card {
  constructor(app, { id, tab = null, onpin, onunpin }) {
    this.app = app;
    this.idOf = id;
    this.ownTab = tab;
    this.isMain = Boolean(onpin);
    const n = serial++;
    this.title = h("h2", { class: "card-title", tabindex: -1 });
    this.kind = h("p", { class: "card-kind" });
    const pin = h("button", {
      class: "quiet small", type: "button", onclick: onpin ?? onunpin,
      title: onpin ? "Keep this open while the selection moves on" : null,
    }, onpin ? "Pin" : "Unpin");
    this.buttons = tabs.map((name, i) => h("button", {
      role: "tab", type: "button", id: `tab-${n}-${i}`, "aria-controls": `panel-${n}`,
      onclick: () => this.choose(name), onkeydown: (e) => this.#keys(e, i),
    }, name));
    this.blocks = h("p", { class: "blocks", hidden: true });
    this.panel = h("div", { role: "tabpanel", class: "panel", id: `panel-${n}`, tabindex: 0 });
    this.element = h("div", { class: "card" },
      h("div", { class: "card-head" }, h("div", {}, this.title, this.kind), pin), this.blocks,
      h("div", { class: "tabs", role: "tablist", "aria-label": "What to show" }, this.buttons),
      this.panel);
  }

  /** The tab that is open: the chosen one, else the one that says most about the subject. */
  get tab() {
    const chosen = this.isMain ? this.app.tab : this.ownTab;
    const known = tabs.find((t) => t.toLowerCase() === chosen?.toLowerCase());
    if (known) return known;
    const kind = subject(this.app, this.idOf())?.kind;
    return kind === "operation" ? "Rule" : kind === "constant" ? "Value" : "Gradient";
  }

  choose(name) {
    if (this.isMain) this.app.setTab(name.toLowerCase());
    else this.ownTab = name;
    this.update();
  }

  /** Of blocks that repeat, which one is shown. */
  #offerBlocks(it) {
    const run = it && runOf(this.app, it);
    this.blocks.hidden = !run;
    if (!run) return;
    const isOpen = this.app.options.open.has(run.key);
    const select = h("select", { onchange: () => {
      this.app.pick(run.key, select.value === "" ? null : Number(select.value));
      this.blocks.querySelector("select")?.focus();
    } }, h("option", { value: "", selected: !isOpen }, `folded: ${run.name}`),
    run.blocks.map((name, i) => h("option", { value: i, selected: isOpen && i === run.picked }, `${i + 1} of ${run.blocks.length}: ${name}`)));
    this.blocks.replaceChildren(h("label", { class: "field compact" }, h("span", {}, "Block shown"), select));
  }

  #keys(e, i) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    const ends = { Home: 0, End: tabs.length - 1 };
    const to = ends[e.key] ?? (by && (i + by + tabs.length) % tabs.length);
    if (to === undefined) return;
    e.preventDefault();
    e.stopPropagation();
    this.choose(tabs[to]);
    this.buttons[to].focus();
  }

  focus() { this.title.focus({ preventScroll: false }); }

  update() {
    const { app } = this;
    const it = subject(app, this.idOf());
    this.title.textContent = it ? it.title : "Nothing selected";
    const where = it?.node && app.trace.place(it.node.src);
    const made = it?.tensor?.name && it.kind === "operation" ? `makes ${it.tensor.name}` : null;
    this.kind.textContent = it ? [it.kind, made, it.node?.gradFn, where].filter(Boolean).join(" · ")
      : "Choose a node of the graph.";
    this.#offerBlocks(it);
    const tab = this.tab;
    this.buttons.forEach((button, i) => {
      const on = tabs[i] === tab;
      button.setAttribute("aria-selected", String(on));
      button.tabIndex = on ? 0 : -1;
      if (on) this.panel.setAttribute("aria-labelledby", button.id);
    });
    clear(this.panel);
    const write = app.options.compact ? compact : number;
    const body = it ? panels[tab](app, it, write) : h("p", {}, "Nothing is selected.");
    this.panel.append(h("section", { "aria-label": tab }, body));
  }
}
