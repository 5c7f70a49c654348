// What has just happened, in large words for the eye, in the live region for the ear, and an alert
// where the program has failed.
import { clear, h } from "./dom.js";
import { compact } from "./format.js";
import { describe } from "./words.js";

const PAUSE = 1500;

export class Narration {
  #last = 0;
  #timer = 0;

  constructor(app) {
    this.app = app;
    this.step = h("span", { class: "story-step" });
    this.title = h("strong", {});
    this.text = h("span", { class: "story-text" });
    this.story = h("div", { class: "story", "aria-hidden": "true" },
      h("p", {}, this.step, this.title, " ", this.text));
    this.status = h("div", { role: "status", class: "unseen" });
    this.place = h("div", { class: "alert-place" });
    this.element = h("div", { class: "narration" }, this.story, this.status, this.place);
    this.update();
  }

  update() {
    const { app } = this;
    const { event, trace } = app;
    const words = event ? describe(trace, event, compact) : this.#opening();
    this.step.textContent = event ? `${app.k} of ${trace.length}` : "Start";
    this.title.textContent = words.title;
    // The alert below says the rest.
    this.text.textContent = event?.e === "error" ? "stops the program here." : words.text;
    const phases = { forward: "forward", error: "error", anomaly: "error" };
    this.story.dataset.phase = event ? phases[event.e] ?? "backward" : "start";
    const place = event ? `Step ${app.k} of ${trace.length}. ` : "";
    this.#say(`${place}${words.title}. ${words.text}`);
    this.#alert();
  }

  #opening() {
    const { trace } = this.app;
    const count = trace.nodes.size;
    return {
      title: `${count} ${count === 1 ? "operation" : "operations"}, none run yet.`,
      text: trace.runs.length
        ? "Forward pass builds the graph; Backward walks the gradient back through it."
        : "Forward pass builds the graph.",
    };
  }

  /** At most one message in a while when playing; the last one is always said. */
  #say(text) {
    clearTimeout(this.#timer);
    const wait = this.app.playing ? Math.max(0, this.#last + PAUSE - Date.now()) : 0;
    const say = () => {
      this.#last = Date.now();
      this.status.textContent = text;
    };
    if (wait === 0) say();
    else this.#timer = setTimeout(say, wait);
  }

  #alert() {
    const { event } = this.app;
    const error = event?.e === "error" ? event : null;
    if (this.#shown === error) return;
    this.#shown = error;
    clear(this.place);
    if (!error) return;
    const cause = error.cause === undefined ? null
      : this.app.trace.events[this.app.trace.positionOf(error.cause) - 1];
    const words = { free: "freed at event", inplace: "changed at event" }[cause?.e]
      ?? "explained by event";
    const message = error.message.length > 120
      ? error.message : h("strong", {}, error.message);
    this.place.append(h("div", { class: "alert", role: "alert", tabindex: 0 },
      h("p", {}, message), this.#lines(error, cause), error.hint ? h("p", {}, error.hint) : null,
      cause ? h("p", {}, h("a", {
        href: `?i=${cause.i}`, onclick: (e) => {
          e.preventDefault();
          this.app.goToEvent(cause.i);
        },
      }, `${words} ${cause.i}`)) : null));
  }

  /** Of a write in place that broke backward: who saved what was there, and who wrote. */
  #lines(error, cause) {
    const { trace } = this.app;
    const saver = trace.nodes.get(error.node);
    if (cause?.e !== "inplace" || !saver) return null;
    const at = (src) => (src ? ` at ${trace.place(src)}` : "");
    return h("p", {},
      `saved by ${saver.op}${at(saver.src)} (version ${error.expected ?? cause.versionBefore}), `
      + `changed by ${cause.name ?? "a write"}${at(cause.src)} (version ${cause.versionAfter})`);
  }

  #shown = null;
}
