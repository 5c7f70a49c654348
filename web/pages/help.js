// Keys, legend and glossary as a page.
import { h } from "../dom.js";
import { helpContent } from "../help.js";
import { setTitle } from "../shell.js";

export function show(main) {
  setTitle("Help");
  main.replaceChildren(h("h1", {}, "Help"), h("div", { class: "help" }, helpContent()));
  window.__ready = true;
}
