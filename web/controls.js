// The toolbar above the canvas and the transport below it.
import { h, set } from "./dom.js";
import { heats } from "./heat.js";
import { describe } from "./words.js";

const icon = {
  first: "M4 4h2v12H4zM16 4v12L7 10z", previous: "M14 4v12L5 10z", play: "M6 4v12l9-6z",
  pause: "M5 4h3.5v12H5zM11.5 4H15v12h-3.5z", next: "M6 4v12l9-6z", last: "M14 4h2v12h-2zM4 4v12l9-6z",
  step: "M4 4v12l8-6zM14 4h2v12h-2z",
};

function picture(name) {
  const span = h("span", { class: "icon", "aria-hidden": "true" });
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", icon[name]);
  svg.append(path);
  span.append(svg);
  return span;
}

export class Toolbar {
  constructor(app, { title, actions, examples = null }) {
    this.app = app;
    this.forward = h("button", { type: "button", class: "primary forward", onclick: () => app.runForward() }, "Forward pass");
    this.backward = h("button", { type: "button", class: "primary backward", onclick: () => app.runBackward() }, "Backward");
    this.step = h("button", { type: "button", onclick: () => app.step(1) }, "Step");
    this.why = h("span", { class: "note", id: "why-not" });
    const toggle = (name, text, note) => h("label", { class: "check" },
      h("input", {
        type: "checkbox", checked: app.options[name], "data-option": name,
        onchange: (e) => app.set(name, e.target.checked),
      }), h("span", {}, text, note ? h("small", {}, note) : null));
    const heat = h("select", { onchange: (e) => app.set("heat", e.target.value) },
      heats.map(([v, t]) => h("option", { value: v, selected: app.options.heat === v }, t)));
    this.engineButton = h("button", {
      type: "button", class: "quiet", "aria-pressed": String(app.options.engine), onclick: () => app.set("engine", !app.options.engine),
    }, "Engine");
    const view = h("details", { class: "menu" }, h("summary", {}, "View"),
      h("div", { class: "menu-body" },
        h("fieldset", {}, h("legend", {}, "Direction"),
          [["TB", "top to bottom"], ["LR", "left to right"]].map(([v, t]) => h("label", { class: "check" },
            h("input", { type: "radio", name: "dir", value: v, checked: app.options.dir === v, onchange: () => app.set("dir", v) }), h("span", {}, t)))),
        h("fieldset", {}, h("legend", {}, "Show"),
          toggle("constants", "constants"), toggle("saved", "saved tensors"),
          toggle("double", "derivatives of derivatives"), toggle("compact", "short numbers", "four digits")),
        h("label", { class: "field" }, "Shade by", heat),
        actions.keysToggle));
    document.addEventListener("pointerdown", (e) => {
      if (view.open && !view.contains(e.target)) view.open = false;
    });
    view.addEventListener("keydown", (e) => {
      if (e.key !== "Escape") return;
      view.open = false;
      view.firstChild.focus();
      e.stopPropagation();
    });
    this.element = h("div", { class: "toolbar", role: "group", "aria-label": "Run", "data-transport": true },
      h("h1", { class: "trace-title" }, title), examples, h("div", { class: "run" }, this.forward, this.backward, this.step), this.why,
      h("div", { class: "spacer" }), this.engineButton,
      h("button", { type: "button", class: "quiet", onclick: actions.search }, "Search"), view,
      h("button", { type: "button", class: "quiet", onclick: actions.help }, "Help"));
    this.update();
  }

  update() {
    const { app } = this;
    const can = app.canRunBackward;
    this.backward.disabled = !can;
    set(this.backward, "aria-describedby", can ? null : "why-not");
    this.why.textContent = can ? "" : "This program never called backward().";
    this.step.disabled = app.k >= app.trace.length;
    set(this.engineButton, "aria-pressed", String(app.options.engine));
  }
}

export class Transport {
  constructor(app) {
    this.app = app;
    const button = (name, label, onclick) => h("button", { type: "button", class: "round", "aria-label": label, title: label, onclick }, picture(name));
    this.playButton = button("play", "Play", () => app.toggle());
    this.slider = h("input", {
      type: "range", min: 0, max: app.trace.length, step: 1, "aria-label": "Step",
      oninput: () => app.go(Number(this.slider.value)),
    });
    this.ticks = h("div", { class: "ticks", "aria-hidden": "true" });
    this.count = h("span", { class: "count" });
    const choice = (label, name, options, value) => h("label", { class: "field compact" }, h("span", {}, label),
      h("select", { onchange: (e) => { app[name] = name === "speed" ? Number(e.target.value) : e.target.value; } },
        options.map(([v, t]) => h("option", { value: v, selected: v === value }, t))));
    this.element = h("div", { class: "transport", "data-transport": true, role: "group", "aria-label": "Transport" },
      h("div", { class: "buttons" },
        button("first", "First event", () => app.go(0)), button("previous", "Previous event", () => app.step(-1)),
        this.playButton, button("step", "Next event", () => app.step(1)),
        button("last", "Last event", () => app.go(app.trace.length))),
      h("div", { class: "track" }, this.slider, this.ticks), this.count,
      choice("Play", "unit", [["events", "every event"], ["ops", "operations"], ["nodes", "derivatives"]], "events"),
      choice("Speed", "speed", [["0.5", "½×"], ["1", "1×"], ["2", "2×"], ["4", "4×"]], "1"));
    this.marks();
    this.update();
  }

  /** Marks on the track: where backward begins, what is freed, written in place, or wrong. */
  marks() {
    const { trace } = this.app;
    const kind = { "backward.begin": "begin", free: "free", inplace: "write", error: "error", anomaly: "error" };
    const some = [];
    trace.events.forEach((e, p) => {
      if (kind[e.e] && !(e.e === "free" && trace.length > 400)) some.push([kind[e.e], (p + 1) / trace.length]);
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
