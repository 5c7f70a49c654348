// The page of the stepper: its regions, and how they hear of each other.
import { settings } from "./address.js";
import { timings } from "./arrange.js";
import { CodePanel } from "./code.js";
import { Toolbar, Transport } from "./controls.js";
import { button, h, narrow, s } from "./dom.js";
import { EnginePanel } from "./engine.js";
import { GraphView } from "./graph.js";
import { makeHelp } from "./help.js";
import { Inspector } from "./inspector.js";
import { Keyboard } from "./keyboard.js";
import { LiveBar } from "./live.js";
import { Narration } from "./narration.js";
import { Search } from "./search.js";
import { Stepper } from "./stepper.js";
import { TableView } from "./table.js";

/** So many operations take a moment, of which the page then speaks. */
const MANY = 500;

const regions = [
  ["graph", "Graph"], ["code", "Program"], ["inspector", "Inspector"], ["table", "Events"],
];

/** Builds the stepper for a trace into `main`. `example` holds the controls of an example. */
export async function showGraph(main, trace, options) {
  const { title, heading = "h1", atEnd = false, example = null, live = null } = options;
  timings.read = performance.now();
  const app = new Stepper(trace, { title, atEnd });
  const place = (name, label, attributes) =>
    h("section", { class: `region ${name}`, "aria-label": label, ...attributes });
  const canvas = place("graph", "Graph", { "data-canvas": true, tabindex: -1 });
  const code = place("code-region", "Program");
  const inspectorPlace = place("inspector", "Inspector", { "data-inspector": true });
  const tablePlace = place("table", "Events", { "data-table": true });
  const byName = { graph: canvas, code, inspector: inspectorPlace, table: tablePlace };

  const graph = new GraphView(app, canvas);
  canvas.append(zoomButtons(graph));
  if (trace.nodes.size > MANY) main.replaceChildren(h("p", { class: "note" }, `${trace.nodes.size} operations find their places.`));
  // Large graphs are laid out in a worker, while the regions are built here. They come into the
  // document all at once, when their places are known: the browser then lays out and paints once.
  const built = graph.build({ onplaced: () => main.replaceChildren(...regionsOf()) });

  const help = makeHelp();
  const search = new Search(app, { onchoose: (id) => focusNode(id) });
  const keysBox = h("input", { type: "checkbox", checked: settings.get("keys", "on") === "on" });
  const keysToggle = h("label", { class: "check" }, keysBox, h("span", {}, "keyboard shortcuts"));
  const toolbar = new Toolbar(app, {
    title, heading, examples: example, seed: options.seed ?? null,
    actions: { search: () => search.open(), help: () => help.showModal(), keysToggle },
  });
  const narration = new Narration(app);
  const transport = new Transport(app);
  const tabs = new RegionTabs(byName);
  const skipped = trace.skipped ? `${trace.skipped} records of unknown kinds are left out.` : null;
  const problems = [trace.problem, skipped].filter(Boolean);
  const problem = problems.length ? h("p", { class: "note warn" }, problems.join(" ")) : null;
  const liveBar = live ? new LiveBar(live, () => app.grown()) : null;

  main.classList.add("stepper");
  const regionsOf = () => [
    h("div", { class: "screen" }, toolbar.element,
      h("div", { class: "now" }, toolbar.run, narration.element), toolbar.why,
      problem, liveBar?.element, tabs.element,
      h("div", { class: "regions" }, code, canvas, inspectorPlace), transport.element),
    tablePlace, search.dialog, help,
  ];

  const codePanel = new CodePanel(app, code);
  const engine = new EnginePanel(app, canvas);
  const inspector = new Inspector(app, inspectorPlace);
  canvas.addEventListener("focus", () => graph.focus(graph.roving));

  function focusNode(id) {
    tabs.show("graph");
    app.select(id);
    graph.focus(id);
  }
  const keyboard = new Keyboard(app, {
    graph, inspector, search, help,
    showTable: () => {
      const inTable = tablePlace.contains(document.activeElement);
      tabs.show(inTable ? "graph" : "table");
      if (inTable) graph.focus(graph.roving);
      else table.focus();
    },
    showInspector: () => tabs.show("inspector"), showGraph: () => tabs.show("graph"),
  });
  keysBox.addEventListener("change", () => {
    keyboard.isOn = keysBox.checked;
    settings.set("keys", keysBox.checked ? "on" : "off");
  });
  for (const dialog of [search.dialog, help]) {
    dialog.addEventListener("close", () => {
      if (document.activeElement === document.body) graph.focus(graph.roving);
    });
  }

  const table = new TableView(app, tablePlace);
  app.on((change) => {
    if (change.what === "move") {
      graph.moved(change.from, change.to);
      codePanel.update();
      table.update();
      if (app.selected) graph.reveal(app.selected);
    }
    if (change.what === "draw") {
      graph.build({ keep: change.keep ?? (change.name === "dir" ? null : app.selected) });
    }
    if (change.what === "arrived") return liveBar?.update();
    if (change.what === "draw" && change.name === "grown") {
      table.refill();
      transport.marks();
      liveBar?.update();
    }
    if (change.what === "restyle") graph.refreshAll();
    if (change.what !== "tab") {
      narration.update();
      transport.update();
      toolbar.update();
      engine.update();
      graph.select(app.selected);
    }
    inspector.update();
  });
  // What is hidden cannot be scrolled to its line or row: that is done when it is shown.
  tabs.onshow = (name) => {
    if (name === "code") codePanel.update();
    if (name === "table") {
      table.catchUp();
      table.update();
    }
  };
  inspector.update();
  keyboard.catchUp();
  timings.regions = performance.now();
  await built;
  timings.drawn = performance.now();
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
  timings.firstPaint = performance.now();
  afterPaint(() => table.catchUp());
  window.__timings = timings;
  window.overlaps = () => graph.overlaps();
  window.__ready = true;
  return app;
}

/** Does what the first picture does not need, when the browser has time. */
function afterPaint(act) {
  if (window.requestIdleCallback) requestIdleCallback(act, { timeout: 1000 });
  else setTimeout(act, 100);
}

function zoomButtons(graph) {
  const round = (label, d, act) => button(
    s("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, s("path", { d, class: "stroke" })), act,
    { class: "round", "aria-label": label, title: label });
  return h("div", { class: "zoom", "data-transport": true },
    round("Zoom in", "M10 4V16M4 10H16", () => graph.camera.zoom(1.25)),
    round("Zoom out", "M4 10H16", () => graph.camera.zoom(0.8)),
    round("Fit", "M4 8V4H8M12 4h4v4M16 12v4h-4M8 16H4v-4", () => graph.fit()));
}

/** On a narrow screen the regions are tabs; on a wide one they stand side by side. */
class RegionTabs {
  constructor(byName) {
    this.byName = byName;
    this.current = "graph";
    this.buttons = regions.map(([name, label], i) => button(label, () => this.show(name),
      { role: "tab", id: `region-${name}`, onkeydown: (e) => this.#keys(e, i) }));
    this.element = h("div",
      { class: "tabs region-tabs", role: "tablist", "aria-label": "Regions" }, this.buttons);
    matchMedia("(max-width: 899px)").addEventListener("change", () => this.show(this.current));
    this.show("graph");
  }

  show(name) {
    this.current = name;
    const isNarrow = narrow();
    this.element.hidden = !isNarrow;
    regions.forEach(([key], i) => {
      const on = key === name;
      this.buttons[i].setAttribute("aria-selected", String(on));
      this.buttons[i].tabIndex = on ? 0 : -1;
      this.byName[key].hidden = isNarrow && !on;
    });
    this.onshow?.(name);
  }

  #keys(e, i) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (!by) return;
    e.preventDefault();
    e.stopPropagation();
    const to = (i + by + regions.length) % regions.length;
    this.show(regions[to][0]);
    this.buttons[to].focus();
  }
}
