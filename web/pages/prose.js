// Text of lessons and exercises: `code`, *emphasis*, and {names} of values that the library found.
import { h } from "../dom.js";

/** A value as a reader sees it: 7, [2, 4, 6], graphFreed. */
export function valueText(value) {
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  return String(value);
}

/**
 * The pieces of a text, in order: `{kind, text}` with the kinds plain, code, strong and value.
 * `values` gives each name its value; a name without one stays as it is written.
 */
export function pieces(text, values = {}) {
  const found = [];
  const pattern = /`([^`]*)`|\*(?=\S)([^*]+)(?<=\S)\*|\{([A-Za-z]+)\}/g;
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    const [whole, code, strong] = match;
    // A value may stand alone or as code.
    const name = match[3] ?? code?.match(/^\{([A-Za-z]+)\}$/)?.[1];
    if (name !== undefined && !(name in values) && code === undefined) continue;
    if (match.index > at) found.push({ kind: "plain", text: text.slice(at, match.index) });
    if (name !== undefined && name in values) found.push({ kind: "value", text: valueText(values[name]), name });
    else if (code !== undefined) found.push({ kind: "code", text: code });
    else found.push({ kind: "strong", text: strong });
    at = match.index + whole.length;
  }
  if (at < text.length) found.push({ kind: "plain", text: text.slice(at) });
  return found;
}

/** The same as elements. */
export const inline = (text, values = {}) => pieces(text, values).map((piece) => {
  if (piece.kind === "code") return h("code", {}, piece.text);
  if (piece.kind === "strong") return h("em", {}, piece.text);
  if (piece.kind === "value") return h("span", { class: "claim", "data-claim": piece.name }, piece.text);
  return piece.text;
});

export const paragraphs = (texts = [], values = {}) => texts.map((text) => h("p", {}, inline(text, values)));

/** Lines of Swift; what the program prints stands apart from what it does. */
export function codeBlock(lines, label = "Swift") {
  const row = (line) => {
    const mark = line.indexOf("// ");
    const code = mark < 0 ? line : line.slice(0, mark);
    const note = mark < 0 ? null : line.slice(mark);
    const kind = note?.startsWith("// prints:") ? "prints" : "comment";
    return h("span", { class: "line" }, code, note ? h("span", { class: kind }, note) : null, "\n");
  };
  return h("pre", { class: "swift", tabindex: 0, role: "group", "aria-label": label }, h("code", {}, lines.map(row)));
}

/** A table with a caption; the first cell of each row heads it. */
export const table = ({ caption, head, rows }, values = {}) => h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": caption },
  h("table", { class: "plain" }, h("caption", {}, caption),
    h("thead", {}, h("tr", {}, head.map((cell, i) => (cell === "" && i === 0
      ? h("td", {}) : h("th", { scope: "col" }, inline(cell, values)))))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, i) =>
      h(i === 0 ? "th" : "td", i === 0 ? { scope: "row" } : {}, inline(cell, values))))))));

/** Adds a stylesheet once, and waits until it counts. */
export function addStyle(href) {
  const there = document.querySelector(`link[href="${href}"]`);
  if (there) return Promise.resolve();
  return new Promise((resolve) => {
    const link = h("link", { rel: "stylesheet", href, onload: resolve, onerror: resolve });
    document.head.append(link);
  });
}

/** What a file of `content/` holds. */
export async function content(name) {
  const response = await fetch(`/assets/content/${name}`);
  if (!response.ok) throw new Error(`There is no ${name.replace(/\.json$/, "")} here.`);
  return response.json();
}
