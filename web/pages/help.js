// Keys, legend and glossary, on a page of their own.
import { h } from "../dom.js";
import { helpContent } from "../help.js";
import { setTitle } from "../shell.js";
import { addStyle, codeBlock } from "./prose.js";

/** More words, for lessons and exercises, than the dialog of the stepper needs. */
const words = [
  ["Parameter", "A number that training changes: a leaf that requires a gradient and belongs to a module."],
  ["Loss", "One number that says how bad the answers are. Training makes it smaller."],
  ["Learning rate", "How far a step goes along the gradient."],
  ["Forward mode", "Derivatives that travel with the values, from inputs to outputs."],
  ["Reverse mode", "Derivatives that come back from one output to all inputs. backward() is reverse mode."],
  ["Vector-Jacobian product", "What a backward pass computes for an operation with many outputs: a weighted sum of its slopes, without the table of all of them."],
  ["Hook", "A function that is called with a gradient as the pass computes it, and may change it."],
  ["Clipping", "Making a gradient shorter before a step, so that one bad batch does not throw the parameters away."],
  ["Hessian", "The table of all second derivatives."],
  ["Broadcasting", "Using one small tensor for every row of a larger one. Its gradient is the sum over the rows."],
];

export async function show(main) {
  await addStyle("/assets/pages/learn.css");
  main.classList.add("learn", "help");
  setTitle("Help");
  main.replaceChildren(h("h1", {}, "Help"),
    h("h2", {}, "Your own program"),
    h("p", {}, "Record a stretch of it, and open the file in the studio:"),
    codeBlock(["import Adjoint", "", "try Trace.record(to: \"run.trace.jsonl\") {", "    let loss = mseLoss(model(inputs), targets)", "    loss.backward()", "}"]),
    codeBlock(["adjoint studio run.trace.jsonl"], "Command"),
    h("div", { class: "help" }, helpContent("h2")),
    h("h2", {}, "More words"),
    h("dl", { class: "glossary" }, words.map(([word, text]) => h("div", {}, h("dt", {}, word), h("dd", {}, text)))));
  window.__ready = true;
}
