// How numbers, values and shapes are written. Nothing is computed here: digits are left out in the
// compact form, and that is all.

/** A number as its shortest round trip: `0.1`, `-0`, `1e-7`, `NaN`, `Infinity`. */
export function number(x) {
  if (typeof x === "string") return x;
  return Object.is(x, -0) ? "-0" : String(x);
}

/** At most four significant digits; a number that is written in six characters stays whole. */
export function compact(x) {
  const whole = number(x);
  if (whole.length <= 6 || typeof x === "string" || !Number.isFinite(x)) return whole;
  if (Number.isInteger(x) && Math.abs(x) < 1e9) return whole;
  const size = Math.abs(x);
  if (size < 1e-3 || size >= 1e6) return trim(x.toExponential(2));
  return size >= 1e4 ? x.toFixed(0) : trim(x.toPrecision(4));
}

const trim = (text) => text.replace(/(\.\d*?)0+(?=e|$)/, "$1").replace(/\.(?=e|$)/, "");

const reasons = {
  "not-captured": "not captured", "not-computed": "none", "freed": "freed",
  "undefined-grad": "no gradient",
};

export const isNone = (v) => !v || v.k === "none";

/** The one number that a value is; undefined where it is several, or unknown. */
export const scalar = (v) => (v && v.k === "full" && v.data.length === 1 ? v.data[0] : undefined);

/** A value in few words: `7`, `[1, 2, 3]`, `mean 0.2, ±1.3`, `none`. */
export function value(v, write = compact) {
  if (!v) return "not captured";
  if (v.k === "none") return reasons[v.why] ?? v.why;
  if (v.k === "zeros") return "0";
  if (v.k === "full") {
    if (v.data.length === 1) return write(v.data[0]);
    const shown = v.data.slice(0, v.data.length > 4 ? 3 : 4).map(write);
    return `[${shown.join(", ")}${v.data.length > 4 ? ", …" : ""}]`;
  }
  const mean = v.mean === undefined ? "" : `mean ${write(v.mean)}`;
  const bad = [v.nan ? `${v.nan} NaN` : "", v.inf ? `${v.inf} inf` : ""].filter(Boolean);
  return [mean, ...bad].filter(Boolean).join(", ") || `${v.n} elements`;
}

/** A value in at most `room` characters: as many elements as fit, at least one. */
export function brief(v, room, write = compact) {
  if (v?.k !== "full" || v.data.length < 2) return cut(value(v, write), Math.max(room, 6));
  const texts = v.data.slice(0, 8).map(write);
  for (let n = texts.length; n > 1; n--) {
    const text = `[${texts.slice(0, n).join(", ")}${n < v.data.length ? ", …" : ""}]`;
    if (text.length <= room) return text;
  }
  return `[${texts[0]}, …]`;
}

/** A gradient in few words; of many elements the size, by its Euclidean norm. */
export function gradient(v, write = compact) {
  if (v && v.k === "sum" && v.l2 !== undefined) {
    const bad = [v.nan ? `${v.nan} NaN` : "", v.inf ? `${v.inf} inf` : ""].filter(Boolean);
    return [`‖${write(v.l2)}‖`, ...bad].join(", ");
  }
  return value(v, write);
}

/** "+" or "−" of a gradient that is one number; "" where it has no sign. */
export function sign(v) {
  const x = scalar(v);
  if (typeof x === "string") return x === "-Infinity" ? "−" : x === "NaN" ? "" : "+";
  if (x === undefined || x === 0) return "";
  return x < 0 ? "−" : "+";
}

/** How large a gradient is, for the width of its line: from 0 to 1. */
export function weight(v) {
  if (isNone(v) || v.k === "zeros") return 0;
  const size = v.k === "sum" ? v.l2 ?? v.absmax : scalar(v) ?? v.data[0];
  if (typeof size === "string") return 1;
  const log = Math.log10(Math.abs(size ?? 0) + 1e-6);
  return Math.min(1, Math.max(0, (log + 4) / 7));
}

/** True where a value holds a NaN or an infinity. */
export function isBroken(v) {
  if (isNone(v)) return false;
  if (v.k === "full") return v.data.some((x) => typeof x === "string");
  return Boolean(v.nan || v.inf);
}

/** `scalar`, or `[32, 64]`. */
export const shape = (sizes) => (sizes?.length ? `[${sizes.join(", ")}]` : "scalar");

export function bytes(n) {
  if (n < 1024) return `${n} B`;
  for (const [unit, size] of [["GiB", 2 ** 30], ["MiB", 2 ** 20], ["KiB", 2 ** 10]]) {
    if (n >= size) return `${(n / size).toFixed(1)} ${unit}`;
  }
  return `${n} B`;
}

/** The last part of a path. */
export const fileName = (path) => path.split(/[\\/]/).pop();

/** At most `most` characters, with an ellipsis where some are left out. */
export const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
