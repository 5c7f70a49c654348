// Every event as a row: what the canvas shows, as text that can be sorted, filtered and copied.
import { button, clear, h } from "./dom.js";
import { bytes, gradient, isNone, number, scalar, value } from "./format.js";
import { describe, inputName, kinds, localText, operands, targetName } from "./words.js";

const PAGE = 250;
const full = (v) => value(v, number);

const columns = [
  ["Event", (e) => e.i], ["What", (e) => e.what], ["Operation", (e) => e.op],
  ["Inputs", (e) => e.inputs], ["Value", (e) => e.value], ["Local derivative", (e) => e.local],
  ["Gradient", (e) => e.gradient], ["Goes to", (e) => e.to], ["Saved", (e) => e.saved], ["Source", (e) => e.source],
];

/** An event as the texts of its cells. */
export function cells(trace, event) {
  const node = trace.nodes.get(trace.nodeOf(event));
  const row = {
    i: event.i, what: kinds[event.e] ?? event.e, op: node?.op ?? "", inputs: "", value: "",
    local: "", gradient: "", to: "", saved: "", source: trace.place(trace.sourceOf(event)) ?? "",
  };
  const each = (list, f) => (list ?? []).map(f).filter(Boolean).join("; ");
  switch (event.e) {
    case "forward":
      row.inputs = operands(trace, node, number).join(", ");
      row.value = node.outputs.map((t) => full(trace.tensors.get(t)?.value)).join("; ");
      row.to = node.outputs.map((t) => trace.tensors.get(t)?.name).filter(Boolean).join(", ");
      row.saved = each(node.saved, (x) =>
        `${trace.nameOf(x.tensor)} v${x.version}, ${x.shared ? "shared" : bytes(x.bytes)}`);
      break;
    case "backward.node":
      row.inputs = `∂ ${each(event.gradOut, (v) => gradient(v, number))}`;
      row.local = each(event.local, (l, i) =>
        l && `${inputName(trace, node, i)}: ${localText(l, number)}`);
      row.gradient = each(event.gradIn, (v, i) =>
        (isNone(v) ? null : `${inputName(trace, node, i)}: ${gradient(v, number)}`));
      row.to = each(node?.next, (to) => to && targetName(trace, to));
      break;
    case "edge":
      row.gradient = gradient(event.value, number);
      row.to = targetName(trace, event.to);
      break;
    case "accumulate":
      row.gradient = event.mode === "assign" ? `none → ${full(event.after)}`
        : `${full(event.before)} + ${full(event.incoming)} = ${full(event.after)}`;
      row.to = `${trace.nameOf(event.tensor)}.grad`;
      break;
    case "free":
      row.value = describe(trace, event, number).text;
      row.saved = event.bytes === undefined ? "freed" : `freed, ${bytes(event.bytes)}`;
      break;
    default: {
      const { title, text } = describe(trace, event, number);
      row.value = text || title;
    }
  }
  return row;
}

/** True of an event that is told in words, and has no derivative, gradient or target. */
const isWords = (row) => Boolean(row.value) && !row.local && !row.gradient && !row.to && !row.inputs;

export class TableView {
  #page = 0;
  #sort = null;
  #filter = "";

  constructor(app, place) {
    this.app = app;
    this.filter = h("input", {
      type: "search", id: "event-filter", placeholder: "mul, x.grad, NaN", oninput: () => {
        this.catchUp();
        this.#filter = this.filter.value.trim().toLowerCase();
        this.#page = 0;
        this.#fill();
      },
    });
    this.count = h("span", { class: "note" });
    this.pager = h("span", { class: "pager" });
    this.copied = h("span", { class: "note" });
    this.heads = columns.map(([name], c) => h("th", { scope: "col" },
      button(name, () => this.#sortBy(c), { class: "sort" })));
    this.body = h("tbody", {});
    this.table = h("table", { class: "events" },
      h("caption", { class: "unseen" }, "Events of the trace"),
      h("thead", {}, h("tr", {}, this.heads)), this.body);
    place.append(
      h("div", { class: "table-head" },
        h("h2", { class: "panel-title" }, "Events"), this.count, this.pager,
        h("label", { class: "field", for: "event-filter" }, "Filter", this.filter),
        button("Copy as CSV", () => this.#copy(), { class: "quiet" }), this.copied),
      h("div", { class: "table-scroll", tabindex: 0, role: "group", "aria-label": "Events, scrolls" },
        this.table));
    this.body.addEventListener("click", (e) => {
      const row = e.target.closest("tr");
      if (row) app.goToEvent(Number(row.dataset.i));
    });
    // Many events are written when the page has been painted, or when they are asked for.
    if (app.trace.length <= PAGE) this.refill();
    else {
      this.rows = [];
      this.chosen = [];
      this.shown = new Map();
      this.#later = true;
    }
  }

  #later = false;

  /** Writes what was left for later. */
  catchUp() {
    if (this.#later) this.refill();
  }

  /** Reads the events anew: at the start, and when a live trace has grown. */
  refill() {
    this.#later = false;
    this.rows = this.app.trace.events.map((event, p) => ({ event, p, cells: null }));
    this.#fill();
  }

  #cells(row) { return (row.cells ??= cells(this.app.trace, row.event)); }

  #chosen() {
    let rows = this.rows;
    if (this.#filter) {
      const text = (row) => Object.values(this.#cells(row)).join(" ").toLowerCase();
      rows = rows.filter((row) => text(row).includes(this.#filter));
    }
    if (!this.#sort) return rows;
    const { column, down } = this.#sort;
    const key = columns[column][1];
    const compare = (a, b) =>
      (typeof a === "number" ? a - b : a.localeCompare(b, "en", { numeric: true }));
    const sorted = [...rows].sort((a, b) => compare(key(this.#cells(a)), key(this.#cells(b))));
    return down ? sorted.reverse() : sorted;
  }

  #sortBy(column) {
    this.catchUp();
    const same = this.#sort?.column === column;
    this.#sort = same && this.#sort.down ? null : { column, down: same };
    this.heads.forEach((th, c) => {
      const order = this.#sort?.down ? "descending" : "ascending";
      if (this.#sort?.column === c) th.setAttribute("aria-sort", order);
      else th.removeAttribute("aria-sort");
    });
    this.#page = 0;
    this.#fill();
  }

  #fill() {
    this.chosen = this.#chosen();
    const pages = Math.max(1, Math.ceil(this.chosen.length / PAGE));
    this.#page = Math.min(this.#page, pages - 1);
    const from = this.#page * PAGE;
    const page = this.chosen.slice(from, from + PAGE);
    clear(this.body);
    this.shown = new Map();
    for (const row of page) {
      const tr = this.#row(row);
      this.shown.set(row.p, tr);
      this.body.append(tr);
    }
    this.table.setAttribute("aria-rowcount", String(this.chosen.length + 1));
    this.count.textContent = `${this.chosen.length} of ${this.rows.length}`;
    clear(this.pager);
    if (pages > 1) {
      const turn = (by, text) => {
        const page_ = this.#page + by;
        const act = () => {
          this.#page = page_;
          this.#fill();
        };
        return button(text, act, { class: "quiet small", disabled: page_ < 0 || page_ >= pages });
      };
      this.pager.append(
        turn(-1, "Earlier rows"), ` ${this.#page + 1} of ${pages} `, turn(1, "Later rows"));
    }
    this.update();
  }

  #row(row) {
    const { event } = row;
    const texts = this.#cells(row);
    const data = { "data-i": event.i, "data-event": event.e };
    if (event.e === "accumulate") {
      for (const name of ["before", "incoming", "after"]) {
        data[`data-${name}`] = scalar(event[name]) ?? full(event[name]);
      }
    }
    const go = button(String(event.i), () => this.app.goToEvent(event.i),
      { class: "link", "aria-label": `Go to event ${event.i}` });
    const cell = ([, key], c) => h("td", {}, c === 0 ? go : String(key(texts)));
    if (!isWords(texts)) return h("tr", data, columns.map(cell));
    // Words have the room of the cells that they leave empty.
    return h("tr", data, columns.slice(0, 4).map(cell), h("td", { class: "words", colspan: 4 }, texts.value),
      columns.slice(8).map(([, key]) => h("td", {}, String(key(texts)))));
  }

  /** Marks the row of the cursor, and turns to its page. */
  update() {
    if (this.#later) return;
    const at = this.app.k - 1;
    if (at >= 0 && !this.shown.has(at) && this.rows.length > PAGE) {
      const place = this.chosen.findIndex((r) => r.p === at);
      if (place >= 0 && Math.floor(place / PAGE) !== this.#page) {
        this.#page = Math.floor(place / PAGE);
        this.#fill();
        return;
      }
    }
    for (const [p, tr] of this.shown) {
      tr.classList.toggle("is-ahead", p > at);
      if (p === at) tr.setAttribute("aria-current", "step");
      else tr.removeAttribute("aria-current");
    }
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#reveal(this.shown.get(at)));
  }

  #frame = 0;

  /** Scrolls to a row. It measures, and so waits for the next picture. */
  #reveal(tr) {
    if (!tr) return;
    const scroll = this.table.parentElement;
    const head = this.heads[0].offsetHeight;
    const top = tr.offsetTop;
    const bottom = top + tr.offsetHeight;
    const { scrollTop, clientHeight } = scroll;
    if (top < scrollTop + head || bottom > scrollTop + clientHeight) {
      scroll.scrollTop = top - clientHeight / 2;
    }
  }

  focus() {
    this.catchUp();
    const row = this.shown.get(this.app.k - 1) ?? this.body.firstChild;
    (row?.querySelector("button") ?? this.filter).focus();
  }

  async #copy() {
    this.catchUp();
    const quote = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const texts = (row) => columns.map(([, key]) => String(key(this.#cells(row))));
    const lines = [columns.map(([name]) => name), ...this.chosen.map(texts)];
    const text = lines.map((line) => line.map(quote).join(",")).join("\r\n");
    try {
      await navigator.clipboard.writeText(text);
      this.copied.textContent = "Copied.";
    } catch {
      this.copied.textContent = "The browser does not allow copying here.";
    }
  }
}
