// Which parts of a picture stand in the document. Those of a small picture all do; of a large one,
// those that have been in view, so that thousands of nodes open as fast as a few.

const SMALL = 600;
const A_FRAME = 500;

export class Scene {
  #waiting = [];
  #frame = 0;

  /** Takes `{bounds: {x, y, w, h}, attach()}` entries; `attach` is called once, when it is time. */
  fill(entries) {
    this.#waiting = entries;
    this.isLarge = entries.length > SMALL;
    if (!this.isLarge) this.#attach(entries.splice(0));
  }

  #attach(entries) { for (const entry of entries) entry.attach(); }

  /** Attaches what lies in a rectangle, or near it. */
  look(rectangle) {
    if (!this.#waiting.length) return;
    const dx = rectangle.w / 3;
    const dy = rectangle.h / 3;
    const [left, top] = [rectangle.x - dx, rectangle.y - dy];
    const [right, bottom] = [rectangle.x + rectangle.w + dx, rectangle.y + rectangle.h + dy];
    const seen = [];
    const rest = [];
    for (const entry of this.#waiting) {
      const { x, y, w, h } = entry.bounds;
      const inView = x < right && x + w > left && y < bottom && y + h > top;
      (inView && seen.length < A_FRAME ? seen : rest).push(entry);
    }
    this.#waiting = rest;
    this.#attach(seen);
    if (seen.length === A_FRAME) {
      cancelAnimationFrame(this.#frame);
      this.#frame = requestAnimationFrame(() => this.look(rectangle));
    }
  }
}

/** The rectangle around points, with room for what is written beside them. */
export function around(points, room = 40) {
  const xs = points.map((p) => p[0]);
  const ys = points.map((p) => p[1]);
  const [x, y] = [Math.min(...xs) - room, Math.min(...ys) - room];
  return { x, y, w: Math.max(...xs) + room - x, h: Math.max(...ys) + room - y };
}
