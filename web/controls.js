// The toolbar above the canvas and the transport below it.
import { button, h, s as svg, set } from "./dom.js";
import { shape } from "./format.js";
import { heats } from "./heat.js";
import { describe } from "./words.js";

const icon = {
  first: "M4 4h2v12H4zM16 4v12L7 10z", previous: "M12.6 4.2 14.2 5.8 10 10l4.2 4.2-1.6 1.6L6.8 10z",
  play: "M6 4v12l9-6z", pause: "M5 4h3.5v12H5zM11.5 4H15v12h-3.5z",
  step: "M7.4 4.2 5.8 5.8 10 10l-4.2 4.2 1.6 1.6L13.2 10z", last: "M14 4h2v12h-2zM4 4v12l9-6z",
};

const picture = (name) => h("span", { class: "icon", "aria-hidden": "true" },
  svg("svg", { viewBox: "0 0 20 20" }, svg("path", { d: icon[name] })));

export class Toolbar {
  constructor(app, { title, heading, actions, examples = null, seed = null }) {
    this.app = app;
    const primary = (text, name, act) => button(text, act, { class: `primary ${name}` });
    this.forward = primary("Forward pass", "forward", () => app.runForward());
    this.backward = primary("Backward", "backward", () => app.runBackward());
    this.step = button("Step", () => app.step(1));
    this.whyNot = h("span", { class: "note", id: "why-not" });
    this.why = h("div", { class: "why" }, this.whyNot, seed);
    this.engine = button("Engine", () => app.set("engine", !app.options.engine), { class: "quiet" });
    this.run = h("div", { class: "run", role: "group", "aria-label": "Run", "data-transport": true },
      this.forward, this.backward, this.step);
    this.element = h("div", { class: "toolbar", "data-transport": true },
      h(heading, { class: "trace-title" }, title), examples,
      h("div", { class: "tools" }, this.engine, button("Search", actions.search, { class: "quiet" }),
        viewMenu(app, actions.keysToggle), button("Help", actions.help, { class: "quiet" })));
    this.update();
  }

  update() {
    const { app } = this;
    const can = app.canRunBackward;
    this.backward.disabled = !can;
    set(this.backward, "aria-describedby", can ? null : "why-not");
    this.whyNot.textContent = can ? "" : whyNot(app.trace);
    this.step.disabled = app.k >= app.trace.length;
    set(this.engine, "aria-pressed", String(app.options.engine));
  }
}

/** Why there is no backward pass to run. */
function whyNot(trace) {
  const last = [...trace.nodes.values()].at(-1);
  const out = trace.tensors.get(last?.outputs[0]);
  if (!out?.shape?.some((n) => n !== 1)) return "This program never called backward().";
  return `No backward pass: ${trace.nameOf(out.id)} has shape ${shape(out.shape)}, and backward() `
    + "starts from one number, or is given a gradient of that shape.";
}

/** The menu of how the graph is drawn. */
function viewMenu(app, keysToggle) {
  const { options } = app;
  const check = (name, text) => h("label", { class: "check" }, h("input", {
    type: "checkbox", checked: options[name], onchange: (e) => app.set(name, e.target.checked),
  }), h("span", {}, text));
  const direction = (value, text) => h("label", { class: "check" }, h("input", {
    type: "radio", name: "dir", value, checked: options.dir === value,
    onchange: () => app.set("dir", value),
  }), h("span", {}, text));
  const heat = h("select", { onchange: (e) => app.set("heat", e.target.value) },
    heats.map(([v, text]) => h("option", { value: v, selected: options.heat === v }, text)));
  const menu = h("details", { class: "menu" }, h("summary", {}, "View"),
    h("div", { class: "menu-body" },
      h("fieldset", {}, h("legend", {}, "Direction"),
        direction("TB", "top to bottom"), direction("LR", "left to right")),
      h("fieldset", {}, h("legend", {}, "Show"), check("constants", "constants"),
        check("saved", "saved tensors"), check("double", "derivatives of derivatives"),
        check("compact", "four digits at most")),
      h("label", { class: "field" }, "Shade by", heat), keysToggle));
  document.addEventListener("pointerdown", (e) => {
    if (menu.open && !menu.contains(e.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return;
    menu.open = false;
    menu.firstChild.focus();
    e.stopPropagation();
  });
  return menu;
}

const units = [["events", "every event"], ["ops", "operations"], ["nodes", "derivatives"]];
const speeds = [["0.5", "½×"], ["1", "1×"], ["2", "2×"], ["4", "4×"]];

export class Transport {
  constructor(app) {
    this.app = app;
    const round = (name, label, act) =>
      button(picture(name), act, { class: "round", "aria-label": label, title: label });
    const choice = (label, list, value, act) => h("label", { class: "field compact" },
      h("span", {}, label), h("select", { onchange: (e) => act(e.target.value) },
        list.map(([v, text]) => h("option", { value: v, selected: v === value }, text))));
    this.playButton = round("play", "Play", () => app.toggle());
    this.slider = h("input", {
      type: "range", min: 0, max: app.trace.length, step: 1, "aria-label": "Step",
      oninput: () => app.go(Number(this.slider.value)),
    });
    this.ticks = h("div", { class: "ticks", "aria-hidden": "true" });
    this.count = h("span", { class: "count" });
    this.element = h("div",
      { class: "transport", "data-transport": true, role: "group", "aria-label": "Transport" },
      h("div", { class: "buttons" },
        round("first", "First event", () => app.go(0)),
        round("previous", "Previous event", () => app.step(-1)), this.playButton,
        round("step", "Next event", () => app.step(1)),
        round("last", "Last event", () => app.go(app.trace.length))),
      h("div", { class: "track" }, this.slider, this.ticks), this.count,
      choice("Play", units, "events", (unit) => { app.unit = unit; }),
      choice("Speed", speeds, "1", (speed) => { app.speed = Number(speed); }));
    this.marks();
    this.update();
  }

  /** Marks on the track: where backward begins, what is freed, written in place, or wrong. */
  marks() {
    const { trace } = this.app;
    const kinds = {
      "backward.begin": "begin", free: "free", inplace: "write", error: "error", anomaly: "error",
    };
    const some = [];
    trace.events.forEach((e, p) => {
      const kind = kinds[e.e];
      if (!kind || (kind === "free" && trace.length > 400)) return;
      some.push([kind, (p + 1) / trace.length]);
    });
    this.ticks.replaceChildren(...some.slice(0, 400).map(([name, x]) => {
      const tick = h("span", { class: `tick ${name}` });
      tick.style.setProperty("--at", x.toFixed(5));
      return tick;
    }));
    this.slider.max = String(trace.length);
  }

  update() {
    const { app } = this;
    this.slider.value = String(app.k);
    this.slider.style.setProperty("--done", (app.k / Math.max(1, app.trace.length)).toFixed(5));
    const title = app.event ? describe(app.trace, app.event).title : "start";
    this.slider.setAttribute("aria-valuetext", `${app.k} of ${app.trace.length}, ${title}`);
    this.count.textContent = `${app.k} / ${app.trace.length}`;
    this.playButton.setAttribute("aria-label", app.playing ? "Pause" : "Play");
    this.playButton.title = app.playing ? "Pause" : "Play";
    this.playButton.replaceChildren(picture(app.playing ? "pause" : "play"));
  }
}
