// A stepper inside a page: it is loaded when a reader asks for it, one at a time.
import { h } from "../dom.js";
import { fetchTrace } from "../sources.js";

let open = null;

/** The invitation to step through an example, and the stepper in its place once it is taken. */
export function embedded(example, note) {
  const href = `/graph/example:${example}`;
  const place = h("div", { class: "stage" });
  const problem = h("p", { role: "alert" });
  const start = h("button", { type: "button", onclick: () => show() }, "Step through it here");
  const box = h("aside", { class: "embedded", "data-example": example, "aria-label": `Stepper: ${example.replaceAll("_", " ")}` },
    h("p", {}, note),
    h("p", { class: "actions" }, start, h("a", { href }, "Open it on a page of its own")), problem, place);

  async function show() {
    start.disabled = true;
    try {
      open?.shut();
      const trace = await fetchTrace(`example:${example}`);
      const { showGraph } = await import("../graph-page.js");
      const stage = h("div", {});
      place.replaceChildren(stage);
      box.classList.add("is-open");
      await showGraph(stage, trace, { title: trace.header?.title ?? example });
      // The page has its own first heading.
      const title = stage.querySelector("h1");
      title?.replaceWith(h("h3", { class: title.className, tabindex: -1 }, title.textContent));
      open = { shut };
      stage.querySelector("h3")?.focus();
      start.replaceWith(closer);
    } catch (error) {
      problem.textContent = error.message;
    }
    start.disabled = false;
  }

  const closer = h("button", { type: "button", class: "quiet", onclick: () => {
    shut();
    start.focus();
  } }, "Close the stepper");

  function shut() {
    place.replaceChildren();
    box.classList.remove("is-open");
    closer.replaceWith(start);
    open = null;
    // The stepper kept its place in the address.
    history.replaceState(null, "", location.pathname);
  }

  return box;
}
