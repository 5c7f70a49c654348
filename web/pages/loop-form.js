// Lines to choose and to put into order, by buttons. What moves keeps the focus.
import { h } from "../dom.js";

export class LoopForm {
  constructor(exercise, check) {
    this.blocks = new Map(exercise.blocks.map((b) => [b.name, b.line]));
    this.chosen = [...exercise.start];
    this.status = h("p", { role: "status", class: "unseen" });
    this.offer = h("ul", { class: "lines", "aria-label": "Lines on offer" });
    this.loop = h("ol", { class: "lines loop", "aria-label": "Your loop" });
    this.button = h("button", { type: "submit", class: "primary" }, "Run it");
    this.element = h("form", {
      class: "exercise loop-form", "data-exercise": exercise.id,
      onsubmit: (event) => {
        event.preventDefault();
        check({ blocks: this.chosen });
      },
    },
    h("div", { class: "columns" },
      h("div", {}, h("h2", {}, "Your loop"), h("p", { class: "note" }, "Runs forty times, from the top."), this.loop),
      h("div", {}, h("h2", {}, "Lines on offer"), h("p", { class: "note" }, "A line that is added goes to the end."), this.offer)),
    this.status, h("p", {}, this.button));
    this.offer.append(...[...this.blocks].map(([name, line]) => h("li", {}, h("code", {}, line),
      h("button", { type: "button", class: "small", "aria-label": `Add ${line}`, onclick: () => this.#add(name) }, "Add"))));
    this.#draw();
  }

  busy(on) { this.button.disabled = on; }

  mark() {}

  #add(name) {
    if (this.chosen.length >= 12) return this.#say("The loop is full: take a line out first.");
    this.chosen.push(name);
    this.#draw();
    this.#say(`${this.blocks.get(name)} is now line ${this.chosen.length}.`);
  }

  #remove(i) {
    const [name] = this.chosen.splice(i, 1);
    this.#draw();
    this.#say(`${this.blocks.get(name)} is taken out.`);
    const rest = this.loop.querySelectorAll("[data-do=remove]");
    (rest[Math.min(i, rest.length - 1)] ?? this.offer.querySelector("button")).focus();
  }

  #move(i, by) {
    const to = i + by;
    [this.chosen[i], this.chosen[to]] = [this.chosen[to], this.chosen[i]];
    this.#draw();
    this.#say(`${this.blocks.get(this.chosen[to])} is now line ${to + 1} of ${this.chosen.length}.`);
    const row = this.loop.children[to];
    const same = row.querySelector(`[data-do=${by < 0 ? "up" : "down"}]`);
    (same.disabled ? row.querySelector("button:not(:disabled)") : same).focus();
  }

  #say(text) { this.status.textContent = text; }

  #draw() {
    const button = (what, label, text, disabled, onclick) => h("button", {
      type: "button", class: "small", "data-do": what, "aria-label": label, disabled, onclick,
    }, text);
    this.loop.replaceChildren(...this.chosen.map((name, i) => {
      const line = this.blocks.get(name);
      return h("li", { "data-block": name }, h("code", {}, line), h("span", { class: "actions" },
        button("up", `Move up: ${line}`, "Up", i === 0, () => this.#move(i, -1)),
        button("down", `Move down: ${line}`, "Down", i === this.chosen.length - 1, () => this.#move(i, 1)),
        button("remove", `Take out: ${line}`, "Out", false, () => this.#remove(i))));
    }));
    this.button.disabled = this.chosen.length === 0;
  }
}
