// A trace that a running program still writes. While the picture is paused its records are kept
// aside, in their order, and none is lost.
import { button, h, set } from "./dom.js";

export class LiveFeed {
  paused = false;
  #held = [];

  constructor(trace) { this.trace = trace; }

  append(record) {
    if (this.paused) this.#held.push(record);
    else this.trace.append(record);
  }

  /** The number of events that wait. */
  get waiting() { return this.#held.reduce((n, record) => n + (record.t === "ev" ? 1 : 0), 0); }

  pause() { this.paused = true; }

  /** Gives the trace what came meanwhile. */
  resume() {
    this.paused = false;
    for (const record of this.#held.splice(0)) this.trace.append(record);
  }
}

/** How much has come, and the button that holds the picture; `onresume` draws what waited. */
export class LiveBar {
  constructor(feed, onresume) {
    this.feed = feed;
    this.count = h("span", { "data-testid": "events" });
    this.more = h("span", { role: "status" });
    this.toggle = button("Pause live updates", () => {
      if (feed.paused) {
        feed.resume();
        onresume();
      } else feed.pause();
      this.update();
    }, { class: "quiet small" });
    this.element = h("p", { class: "note live-bar" }, h("span", {}, this.count, " events so far"), this.toggle, this.more);
    this.update();
  }

  update() {
    const { feed } = this;
    this.count.textContent = String(feed.trace.length);
    set(this.toggle, "aria-pressed", String(feed.paused));
    this.more.textContent = feed.paused ? `${feed.waiting} more have come; the picture waits.` : "";
  }
}
