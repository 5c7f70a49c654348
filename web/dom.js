// Elements. All text goes in as text: names in traces are never read as markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  const isThere = (child) => child !== null && child !== undefined && child !== false;
  element.append(...children.flat(Infinity).filter(isThere));
  return element;
}

/** An HTML element: `h("p", {class: "lead", onclick: go}, "text", child)`. */
export const h = (tag, attributes = {}, ...children) =>
  fill(document.createElement(tag), attributes, children);

/** An SVG element, in the same way. */
export const s = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

/** A button: `button("Close", close, {class: "quiet"})`. */
export const button = (text, onclick, attributes = {}) =>
  h("button", { type: "button", ...attributes, onclick }, text);

/** A table of texts and elements: each row a list of cells, or a row that is there already. */
export function grid({ caption, heads, rows, foot = null, ...attributes }) {
  const row = (cells) => (Array.isArray(cells) ? h("tr", {}, cells.map((c) => h("td", {}, c))) : cells);
  return h("table", { class: "plain", ...attributes }, caption ? h("caption", {}, caption) : null,
    h("thead", {}, h("tr", {}, heads.map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, rows.map(row)), foot ? h("tfoot", {}, row(foot)) : null);
}

/** Sets an attribute, or takes it away where the value is null, undefined or false. */
export function set(element, name, value) {
  if (value === undefined || value === null || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

/** Sets the text where it differs, so that nothing is laid out anew for nothing. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export const clear = (element) => element.replaceChildren();

/** True where the reader asks for less motion. */
export const stillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** True where the page is one column of tabs. */
export const narrow = () => matchMedia("(max-width: 899px)").matches;
