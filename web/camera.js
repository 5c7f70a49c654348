// What part of the picture is seen: moved by dragging, wheel, buttons and keys.
import { stillness } from "./dom.js";

const LEAST = 0.04;
const MOST = 2.5;
const READABLE = 0.4;
/** Room around the picture; below it stand the buttons. */
const MARGIN = 20;
const BUTTONS = 52;

export class Camera {
  scale = 1;
  x = 0;
  y = 0;
  /** The size of the whole picture. */
  content = { width: 1, height: 1 };

  constructor(svg, stage, onmove) {
    this.svg = svg;
    this.onmove = onmove;
    this.stage = stage;
    this.#listen();
  }

  /** The size of the canvas, as it was last told: asking the document would lay it out. */
  view = { width: 1, height: 1 };

  apply() {
    this.stage.setAttribute("transform", `translate(${this.x} ${this.y}) scale(${this.scale})`);
    this.svg.classList.toggle("is-far", this.scale < READABLE);
    this.onmove();
  }

  /** The part of the picture that is seen. */
  get seen() {
    const { scale, x, y, view } = this;
    return { x: -x / scale, y: -y / scale, w: view.width / scale, h: view.height / scale };
  }

  /** Everything at once; a picture that would be too small to read shows its `home` instead. */
  fit({ least = 0, home = null } = {}) {
    const { width, height } = this.view;
    const [across, along] = [width - 2 * MARGIN, height - MARGIN - BUTTONS];
    const whole = Math.min(across / this.content.width, along / this.content.height, 1.3);
    const isTooSmall = whole < least && home;
    this.scale = isTooSmall ? Math.min(0.8, Math.max(least, across / this.content.width))
      : Math.max(LEAST, whole);
    const box = isTooSmall ? home : { x: 0, y: 0, w: this.content.width, h: this.content.height };
    this.#centre(box);
    this.apply();
  }

  /** Brings a box to the middle, as far as that leaves no empty room beside the picture. */
  #centre(box) {
    const { width, height } = this.view;
    const { scale, content } = this;
    const inside = (wanted, size, room, end) => (size <= room - MARGIN - end
      ? MARGIN + (room - MARGIN - end - size) / 2
      : Math.max(room - size - end, Math.min(MARGIN, wanted)));
    this.x = inside(width / 2 - (box.x + box.w / 2) * scale, content.width * scale, width, MARGIN);
    this.y = inside(
      height / 2 - (box.y + box.h / 2) * scale, content.height * scale, height, BUTTONS);
  }

  zoom(factor, at = null) {
    const { width, height } = this.view;
    const point = at ?? { x: width / 2, y: height / 2 };
    const scale = Math.min(MOST, Math.max(LEAST, this.scale * factor));
    this.x = point.x - ((point.x - this.x) / this.scale) * scale;
    this.y = point.y - ((point.y - this.y) / this.scale) * scale;
    this.scale = scale;
    this.apply();
  }

  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.apply();
  }

  /** Moves as little as shows the box, and not at all where it is seen. */
  reveal(box) {
    const { width, height } = this.view;
    const margin = Math.min(48, width / 8);
    const shift = (low, high, size) => {
      if (high - low > size - 2 * margin) return size / 2 - (low + high) / 2;
      return low < margin ? margin - low : high > size - margin ? size - margin - high : 0;
    };
    const left = this.x + box.x * this.scale;
    const top = this.y + box.y * this.scale;
    const dx = shift(left, left + box.w * this.scale, width);
    const dy = shift(top, top + box.h * this.scale, height);
    if (dx === 0 && dy === 0) return;
    this.stage.classList.toggle("glides", !stillness());
    this.pan(dx, dy);
  }

  #listen() {
    let start = null;
    const { svg } = this;
    svg.addEventListener("pointerdown", (e) => {
      if (e.button !== 0 || e.target.closest(".node, .chip, .hull-title")) return;
      start = { x: e.clientX, y: e.clientY, id: e.pointerId };
      this.stage.classList.remove("glides");
      svg.setPointerCapture(e.pointerId);
      svg.classList.add("is-dragging");
    });
    svg.addEventListener("pointermove", (e) => {
      if (!start || e.pointerId !== start.id) return;
      this.pan(e.clientX - start.x, e.clientY - start.y);
      start = { ...start, x: e.clientX, y: e.clientY };
    });
    const stop = () => {
      start = null;
      svg.classList.remove("is-dragging");
    };
    svg.addEventListener("pointerup", stop);
    svg.addEventListener("pointercancel", stop);
    svg.addEventListener("wheel", (e) => {
      this.stage.classList.remove("glides");
      const box = svg.getBoundingClientRect();
      if (e.ctrlKey || e.metaKey) {
        e.preventDefault();
        this.zoom(Math.exp(-e.deltaY / 300), { x: e.clientX - box.left, y: e.clientY - box.top });
        return;
      }
      const tall = this.content.height * this.scale > box.height;
      const wide = this.content.width * this.scale > box.width;
      if (!tall && !wide) return;
      e.preventDefault();
      this.pan(wide ? -e.deltaX : 0, tall ? -e.deltaY : 0);
    }, { passive: false });
  }
}
