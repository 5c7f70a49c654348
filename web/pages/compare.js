// Two traces side by side: the operations of both, and where they differ.
import { h } from "../dom.js";
import { call } from "../sources.js";
import { field, graphOf, open, ready } from "./page.js";

export async function show(main) {
  const given = new URLSearchParams(location.search);
  const [a, b] = [given.get("a"), given.get("b")];
  await open(main, "Compare", "Two runs, operation by operation: the graph, the order of backward, and every gradient.");
  const [{ traces }, examples] = await Promise.all([
    call("/api/traces").then((r) => r.json()), call("/api/examples").then((r) => r.json()),
  ]);
  const ids = [...traces.filter((t) => t.kind !== "metrics").map((t) => [t.id, t.title]), ...examples.map((e) => [`example:${e.id}`, e.title])];
  for (const id of [a, b]) if (id && !ids.some(([known]) => known === id)) ids.unshift([id, id]);
  const select = (name, value) => h("select", { name, id: name }, ids.map(([id, title]) => h("option", { value: id, selected: id === value }, title)));
  const form = h("form", { class: "row", onsubmit: (e) => {
    e.preventDefault();
    location.assign(`/compare?${new URLSearchParams(new FormData(form))}`);
  } }, field("One", select("a", a ?? ids[0]?.[0])), field("The other", select("b", b ?? ids[1]?.[0])), h("button", { class: "primary" }, "Compare"));
  main.append(form);
  if (a && b) main.append(result(await (await call(`/api/compare?${new URLSearchParams({ a, b })}`)).json()));
  ready();
}

/** So many differences stand above the table. */
const FIRST = 6;

const counted = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;

function result(view) {
  const differing = view.rows.filter((row) => row.words.length || !row.a || !row.b).length;
  return h("section", { "aria-labelledby": "verdict" },
    h("h2", { id: "verdict", "data-equal": view.isEqual ? "true" : null },
      view.isEqual ? "They are alike" : `${counted(view.differences.length, "difference")}`),
    h("p", {}, `${counted(view.operations, "operation")} in both, ${counted(view.passes, "backward pass").replace("passs", "passes")} and ${counted(view.gradients, "gradient")} compared.`),
    view.isEqual ? null : h("ol", {}, view.differences.slice(0, FIRST).map((d) => h("li", {}, d.words, " ", links(view, d)))),
    view.differences.length > FIRST ? h("p", { class: "note" }, "The others stand in the table.") : null,
    h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Operations side by side" }, h("table", { class: "compare-rows", role: "table" },
      h("caption", {}, differing ? `${differing} of ${view.rows.length} rows differ` : `${view.rows.length} rows, none differs`),
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, [view.a.title, view.b.title, "Differs in"].map((text) => h("th", { scope: "col", role: "columnheader" }, text)))),
      h("tbody", { role: "rowgroup" }, view.rows.map((row) => h("tr", { role: "row" }, cell(row.a, view.a.id), cell(row.b, view.b.id),
        h("td", { role: "cell" }, row.words.join("; ") || (row.a && row.b ? "nothing" : "is in one alone"))))))),
    view.left ? h("p", { class: "note" }, `${view.left} more rows are left out.`) : null);
}

const cell = (node, id) => h("td", { role: "cell" }, node ? [h("a", { href: graphOf(id, `?sel=n${node.id}`) }, node.op), node.line ? ` ${node.line}` : ""] : "none");

const links = (view, d) => [view.a.id, view.b.id].map((id, n) => (d.events[n] === null || d.events[n] === undefined ? null
  : h("a", { href: graphOf(id, `?i=${d.events[n]}`) }, ` event ${d.events[n]} of ${n ? "the other" : "one"}`)));
