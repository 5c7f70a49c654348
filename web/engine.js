// The engine panel: which nodes may run now, and which still wait for gradients.
import { clear, h } from "./dom.js";

const MOST = 8;

export class EnginePanel {
  constructor(app, place) {
    this.app = app;
    this.ready = h("div", { class: "queue" });
    this.waiting = h("div", { class: "queue" });
    this.element = h("section", { class: "engine", "aria-label": "Engine" },
      h("h2", { class: "unseen" }, "Engine"),
      h("div", { class: "engine-row" }, h("h3", {}, "Ready queue"), this.ready),
      h("div", { class: "engine-row" }, h("h3", {}, "Waiting"), this.waiting),
      h("p", { class: "note" }, "A node runs only when all gradients of its result have arrived."));
    place.prepend(this.element);
    this.update();
  }

  update() {
    const { app } = this;
    this.element.hidden = !app.options.engine;
    if (this.element.hidden) return;
    const { ready, waiting } = app.trace.engineAt(app.k);
    const chip = (id, text) => h("button", {
      type: "button", class: "chip-button", onclick: () => app.select(app.drawnId(id), { byHand: true }),
    }, text);
    const name = (id) => app.trace.nodes.get(id)?.op ?? `n${id}`;
    const fill = (place, list, text) => {
      clear(place);
      if (!list.length) place.append(h("span", { class: "note" }, "empty"));
      place.append(...list.slice(0, MOST).map(text));
      if (list.length > MOST) place.append(h("span", { class: "note" }, ` and ${list.length - MOST} more`));
    };
    fill(this.ready, ready, (id, i) => chip(id, i === 0 ? `${name(id)}, next` : name(id)));
    fill(this.waiting, waiting, (w) => chip(w.id, `${name(w.id)}: ${w.arrived} of ${w.expected} in`));
  }
}
