// The keys of the stepper. They act while the focus is in the canvas, the table or the controls, or
// nowhere; never while text is typed, and not at all where the reader switched them off.
import { settings } from "./address.js";

const REGIONS = "[data-canvas], [data-table], [data-transport]";

/** True where a key belongs to the element itself: typing, a list of choices, a button. */
function isTaken(target, key) {
  if (target.isContentEditable || target.closest("dialog[open]")) return true;
  const tag = target.tagName;
  if (tag === "INPUT" && !["range", "checkbox", "radio"].includes(target.type)) return true;
  if (tag === "SELECT" || tag === "TEXTAREA") return true;
  if (target.type === "radio" && key.startsWith("Arrow")) return true;
  if (key === " " || key === "Enter") return ["BUTTON", "SUMMARY", "A", "INPUT"].includes(tag);
  return false;
}

/** Keys that come before the trace is there are kept, and act when it is. */
let early = [];
if (typeof document !== "undefined") document.addEventListener("keydown", keep);

function keep(e) {
  const isStatic = document.documentElement.dataset.mode === "static";
  if (!isStatic && !location.pathname.startsWith("/graph/")) return;
  if (e.target !== document.body || e.ctrlKey || e.metaKey || e.altKey) return;
  if (!["Home", "End", "ArrowLeft", "ArrowRight"].includes(e.key)) return;
  e.preventDefault();
  early.push(e);
}

export class Keyboard {
  constructor(app, { graph, inspector, search, help, showTable, showInspector, showGraph }) {
    this.isOn = settings.get("keys", "on") === "on";
    const { options } = app;
    const pan = 60;
    const move = (key) => {
      const next = graph.neighbour(graph.roving, key);
      if (!next) return;
      graph.focus(next);
      if (graph.nodes.has(next)) app.select(next);
    };
    this.actions = {
      ArrowRight: () => app.step(1), ArrowLeft: () => app.step(-1),
      "Shift+ArrowRight": () => app.stepNode(1), "Shift+ArrowLeft": () => app.stepNode(-1),
      Home: () => app.go(0), End: () => app.go(app.trace.length), " ": () => app.toggle(),
      f: () => app.runForward(), b: () => app.runBackward(),
      ArrowDown: () => move("ArrowDown"), ArrowUp: () => move("ArrowUp"),
      "[": () => move("["), "]": () => move("]"),
      Enter: () => this.#enter(app, graph, inspector, showInspector),
      e: () => app.toggleScope(graph.roving), 0: () => graph.fit(),
      "+": () => graph.camera.zoom(1.25), "=": () => graph.camera.zoom(1.25), "-": () => graph.camera.zoom(0.8),
      "Alt+ArrowLeft": () => graph.camera.pan(pan, 0), "Alt+ArrowRight": () => graph.camera.pan(-pan, 0),
      "Alt+ArrowUp": () => graph.camera.pan(0, pan), "Alt+ArrowDown": () => graph.camera.pan(0, -pan),
      "/": () => search.open(), g: () => search.open("#"), n: () => app.nextFinding(),
      t: () => showTable(), "?": () => help.showModal(),
    };
    this.options = options;
    document.addEventListener("keydown", (e) => this.#down(e));
    document.addEventListener("keydown", (e) => {
      if (e.key !== "Escape" || !e.target.closest?.("[data-inspector]")) return;
      showGraph();
      graph.focus(graph.nodes.has(app.selected) ? app.selected : graph.roving);
    });
  }

  /** Acts on the keys that came early. */
  catchUp() {
    document.removeEventListener("keydown", keep);
    for (const e of early) this.actions[`${e.shiftKey ? "Shift+" : ""}${e.key}`]?.();
    early = [];
  }

  #enter(app, graph, inspector, showInspector) {
    const far = graph.farEnd(graph.roving);
    if (far) {
      graph.focus(far);
      app.select(far);
      return;
    }
    app.select(graph.roving);
    showInspector();
    inspector.focus();
  }

  #down(e) {
    if (!this.isOn || e.defaultPrevented || e.ctrlKey || e.metaKey) return;
    const target = e.target;
    const isNowhere = target === document.body || target === document.documentElement;
    if (!isNowhere && !target.closest?.(REGIONS)) return;
    if (isTaken(target, e.key)) return;
    const isArrow = e.key.startsWith("Arrow");
    if (isArrow && target.type === "range" && ["ArrowUp", "ArrowDown"].includes(e.key)) return;
    // The keys that scroll a page go on doing that where nothing of the stepper has the focus.
    if (isNowhere && (e.key === " " || e.key === "ArrowUp" || e.key === "ArrowDown")) return;
    const name = e.key.length === 1 ? e.key.toLowerCase() : e.key;
    const action = this.actions[`${e.altKey ? "Alt+" : ""}${e.shiftKey && isArrow ? "Shift+" : ""}${name}`];
    if (!action) return;
    e.preventDefault();
    action();
  }
}
