// The doctor: what went wrong in a run, where, and what to write instead.
import { h } from "../dom.js";
import { call } from "../sources.js";
import { chooser, graphOf, open, ready } from "./page.js";

export async function show(main, rest) {
  const id = rest.join("/");
  if (!id) {
    await open(main, "Doctor", "Choose a run, and see what went wrong in it: the operation, the line, and the fix.");
    main.append(await chooser("doctor", call, { isWanted: (t) => t.kind !== "metrics", first: "When it breaks" }));
    return ready();
  }
  const query = location.search;
  const answer = await (await call(`/api/traces/${encodeURIComponent(id)}/doctor${query}`)).json();
  await open(main, `Doctor: ${answer.title}`, summary(answer), h("a", { href: graphOf(id, query) }, "Open the graph"));
  main.append(answer.findings.length
    ? h("div", { class: "findings-list" }, answer.findings.map((finding, n) => article(finding, n, id)))
    : h("div", { class: "panel healthy" }, h("strong", {}, "Nothing to mend"),
      h("p", {}, `${answer.events} events were read: every number is finite, every gradient arrived, nothing was written over.`)));
  ready();
}

function summary({ findings, events }) {
  if (!findings.length) return "The trace was read from its first event to its last.";
  const count = (word) => findings.filter((f) => f.severity === word).length;
  const parts = ["error", "warning", "note"].map((word) => [word, count(word)]).filter(([, n]) => n)
    .map(([word, n]) => `${n} ${word}${n === 1 ? "" : "s"}`);
  return `${parts.join(", ")} in ${events} events, the worst first.`;
}

function article(finding, n, id) {
  const heading = `finding-${n}`;
  const state = new URLSearchParams(location.search);
  if (finding.events.length) state.set("i", finding.events[0]);
  if (finding.node !== undefined && finding.node !== null) state.set("sel", `n${finding.node}`);
  return h("article", { class: "finding", "aria-labelledby": heading, "data-severity": finding.severity, "data-kind": finding.kind },
    h("p", { class: "severity" }, finding.severity),
    h("h2", { id: heading }, sentence(finding.title)),
    finding.places.length ? h("ul", { class: "places" }, finding.places.map((place) => h("li", {},
      `${place.role} at `, h("code", {}, place.line), place.detail ? ` (${place.detail})` : "",
      place.code ? h("pre", { tabindex: 0 }, h("code", {}, place.code)) : null))) : null,
    h("p", {}, finding.explanation),
    h("p", { class: "fix" }, h("strong", {}, "Fix: "), finding.fix),
    finding.affected.length ? h("p", { class: "note" }, `${finding.affected.length} operations suffer from it.`) : null,
    finding.count > 1 ? h("p", { class: "note" }, `It happened ${finding.count} times.`) : null,
    finding.events.length ? h("p", {}, h("a", { class: "button", href: graphOf(id, `?${state}`) }, "Show"),
      h("span", { class: "note" }, ` event ${finding.events[0]} in the graph`)) : null);
}

const sentence = (text) => text;
