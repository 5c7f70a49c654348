// What the pages around the stepper share.
import { h } from "../dom.js";
import { setTitle } from "../shell.js";
import { addStyle } from "./prose.js";

export const graphOf = (id, query = "") => `/graph/${encodeURIComponent(id).replaceAll("%3A", ":")}${query}`;
export const pageOf = (page, id) => `/${page}/${encodeURIComponent(id).replaceAll("%3A", ":")}`;

/** Prepares a page: its stylesheet, its title, its head. */
export async function open(main, title, lead, ...aside) {
  await addStyle("/assets/pages/studio-pages.css");
  setTitle(title);
  main.classList.add("wide");
  main.replaceChildren(h("div", { class: "page-head" },
    h("div", {}, h("h1", {}, title), lead ? h("p", { class: "lead" }, lead) : null), aside));
}

/** Says that the page is there, for tests and for whoever waits. */
export const ready = () => {
  window.__ready = true;
};

/** Bytes in words: "1.5 KiB". */
export function bytes(count) {
  const units = ["bytes", "KiB", "MiB", "GiB"];
  let unit = 0;
  let n = count;
  while (n >= 1024 && unit < units.length - 1) {
    n /= 1024;
    unit += 1;
  }
  return unit === 0 ? `${count} ${count === 1 ? "byte" : "bytes"}` : `${n.toFixed(n < 10 ? 1 : 0)} ${units[unit]}`;
}

/** A labelled control. */
export const field = (label, control) => h("label", { class: "field" }, h("span", {}, label), control);

/** A choice of one of some words. */
export const choice = (id, options, value, onchange) => h("select", { id, onchange },
  options.map(([key, text]) => h("option", { value: key, selected: key === value }, text)));

/** The traces and the examples, to choose one for a page; `first` is the group that stands first. */
export async function chooser(page, call, { isWanted = () => true, first = null } = {}) {
  const [{ traces }, examples] = await Promise.all([
    call("/api/traces").then((r) => r.json()), call("/api/examples").then((r) => r.json()),
  ]);
  const groups = new Map([["Your traces", traces.filter(isWanted).map((t) => [t.id, t.title])]]);
  for (const e of examples) {
    const group = e.group ?? "Examples";
    groups.set(group, [...(groups.get(group) ?? []), [`example:${e.id}`, e.title]]);
  }
  const names = [...groups.keys()].sort((a, b) => (b === first) - (a === first));
  return h("div", {}, names.map((name) => h("section", { class: "choices" }, h("h2", {}, name),
    groups.get(name).length ? h("ul", { class: "chips" }, groups.get(name).map(([id, title]) =>
      h("li", {}, h("a", { href: pageOf(page, id) }, title))))
      : h("p", { class: "note" }, "None yet: traces in this folder and in runs/ appear here."))));
}
