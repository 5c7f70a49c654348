// Keys, legend and glossary: the help page, and the dialog that `?` opens anywhere.
import { button, grid, h, s } from "./dom.js";
import { familyNames, familySigns } from "./shapes.js";

const keys = [
  ["→ ←", "next and previous event"], ["Shift → ←", "next and previous derivative"],
  ["Home End", "first and last event"], ["Space", "play and pause"],
  ["F B", "run forward, run backward"], ["↓ ↑", "to what reads the node, to what made it"],
  ["[ ]", "previous and next node of the same layer"],
  ["Enter", "open the inspector; on a connector, jump"], ["Esc", "back to the node"],
  ["E", "expand or collapse a module"], ["0 + −", "fit, zoom in, zoom out"],
  ["Alt ← ↑ ↓ →", "move the picture"], ["/", "search"], ["G", "go to an event"],
  ["N", "next finding: NaN, infinity, error"], ["T", "table of events"], ["?", "this help"],
];

const glossary = [
  ["Leaf", "A tensor that the program made. The backward pass adds to its grad, if it requires one."],
  ["Operation", "Reads tensors, makes a tensor, and knows its own derivative."],
  ["Graph", "What the forward pass leaves behind: which operation made which tensor from which."],
  ["Local derivative", "How much a result changes when one input of its operation grows by a little."],
  ["Gradient", "How much the end result changes when a value grows by a little."],
  ["Chain rule", "Incoming gradient times local derivative is the gradient that goes on."],
  ["Accumulation", "Gradients that reach the same tensor by several ways are added."],
  ["Saved tensor", "A value that an operation keeps for its derivative, until that has run."],
  ["Version", "How often a tensor's memory was written. A saved tensor must still have its version."],
  ["Block × 12", "Blocks of the same make, folded to one. The inspector chooses which of them is shown."],
  ["Ready queue", "Operations whose gradients have all arrived. The engine runs them one by one."],
];

const sample = (content) =>
  s("svg", { class: "sample", viewBox: "0 0 56 28", "aria-hidden": "true" }, content);

function legend() {
  const item = (picture, text) => h("li", {}, picture, h("span", {}, text));
  const box = (d, kind) => sample(s("g", { class: `node ${kind}` }, s("path", { class: "body", d })));
  const line = (name, sign) => sample(
    s("path", { class: name, d: "M4 14H52", "data-sign": sign, "stroke-width": 3 }));
  return h("ul", { class: "legend" },
    item(box("M15 3H41a11 11 0 0 1 0 22H15a11 11 0 0 1 0-22Z", "leaf"), "leaf: made by the program"),
    item(box("M12 3H44L53 10V18L44 25H12L3 18V10Z", "parameter"), "parameter of a module"),
    item(box("M9 3H47a6 6 0 0 1 6 6V19a6 6 0 0 1-6 6H9a6 6 0 0 1-6-6V9a6 6 0 0 1 6-6Z", "op"),
      "operation"),
    item(line("flow", null), "a value goes forward"),
    item(line("pull", "+"), "a gradient goes back: positive, with +"),
    item(line("pull", "−"), "a gradient goes back: negative, with −"));
}

/** The help as elements, for the page and for the dialog. */
export function helpContent(level = "h3") {
  return [
    h(level, {}, "Legend"), legend(),
    h(level, {}, "Families of operations"),
    h("ul", { class: "families" }, Object.entries(familyNames).map(([name, text]) => {
      const mark = { class: `family-mark family-${name}`, "aria-hidden": "true" };
      return h("li", {}, h("span", mark, familySigns[name]), text);
    })),
    h(level, {}, "Keys"),
    h("p", { class: "note" }, "They act while the focus is in the graph, the table or the controls, "
      + "and can be switched off in the menu View."),
    grid({
      heads: ["Key", "Does"],
      rows: keys.map(([key, text]) => [key.split(" ").map((k) => [h("kbd", {}, k), " "]), text]),
    }),
    h(level, {}, "Words"),
    h("dl", { class: "glossary" }, glossary.map(([word, text]) =>
      h("div", {}, h("dt", {}, word), h("dd", {}, text)))),
  ];
}

/** The dialog. */
export function makeHelp() {
  const dialog = h("dialog", { class: "sheet wide", "aria-labelledby": "help-title" });
  const close = button("Close", () => dialog.close(), { class: "quiet" });
  dialog.append(h("div", { class: "sheet-head" }, h("h2", { id: "help-title" }, "Help"), close),
    h("div", { class: "sheet-body", tabindex: 0, role: "group", "aria-labelledby": "help-title" },
      helpContent()));
  return dialog;
}
