// The program's text, with the line that the cursor stands on.
import { clear, h } from "./dom.js";
import { fileName } from "./format.js";

export class CodePanel {
  #file = null;
  #lines = new Map();

  constructor(app, place) {
    this.app = app;
    this.name = h("h2", { class: "panel-title" }, "Program");
    this.list = h("ol", { class: "code", tabindex: 0, "aria-label": "Lines of the program" });
    place.append(this.name, this.list);
    this.byLine = new Map();
    for (const node of app.trace.nodes.values()) {
      if (!node.src) continue;
      const key = `${node.src[0]}:${node.src[1]}`;
      if (!this.byLine.has(key)) this.byLine.set(key, []);
      this.byLine.get(key).push(node.id);
    }
    this.update();
  }

  update() {
    const { trace, event } = this.app;
    const src = (event && trace.sourceOf(event)) ?? null;
    const file = src?.[0] ?? this.#file ?? trace.files.keys().next().value;
    if (file !== undefined && file !== this.#file) this.#show(file);
    for (const [n, li] of this.#lines) {
      const here = Boolean(src) && src[0] === this.#file && src[1] === n;
      li.classList.toggle("is-current", here);
      if (here) li.setAttribute("aria-current", "true");
      else li.removeAttribute("aria-current");
      if (here) {
        cancelAnimationFrame(this.#frame);
        this.#frame = requestAnimationFrame(() => this.#reveal(li));
      }
    }
  }

  #frame = 0;

  #reveal(li) {
    const { list } = this;
    const top = li.offsetTop - list.offsetTop;
    if (top < list.scrollTop || top + li.offsetHeight > list.scrollTop + list.clientHeight) {
      list.scrollTop = top - list.clientHeight / 3;
    }
  }

  #show(id) {
    this.#file = id;
    const file = this.app.trace.files.get(id);
    this.name.textContent = fileName(file.path);
    clear(this.list);
    this.#lines.clear();
    const known = [...this.byLine.keys()].filter((key) => key.startsWith(`${id}:`))
      .map((key) => Number(key.split(":")[1]));
    const numbers = file.text ? file.text.replace(/\n$/, "").split("\n").map((_, i) => i + 1)
      : known.sort((a, b) => a - b);
    const texts = file.text?.split("\n");
    if (!numbers.length) this.list.append(h("li", { class: "note" }, "The text of the file is not in the trace."));
    for (const n of numbers) {
      const nodes = this.byLine.get(`${id}:${n}`) ?? [];
      const text = texts ? texts[n - 1]
        : nodes.slice(0, 4).map((x) => this.app.trace.nodes.get(x).op).join(", ");
      const mark = nodes.length
        ? h("button", {
          type: "button", class: "line-number", "aria-label": `Line ${n}`,
          title: "Select the operation of this line",
          onclick: () => this.app.select(this.app.drawnId(nodes.at(-1)), { byHand: true }),
        }, String(n))
        : h("span", { class: "line-number" }, String(n));
      const li = h("li", {}, mark, h("code", {}, text || " "));
      this.#lines.set(n, li);
      this.list.append(li);
    }
  }
}
