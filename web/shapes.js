// How a node looks: its outline and sign say what kind it is, its colour which family; never the
// colour alone. Texts are set by `refresh`, which is called whenever the node's state may differ.
import { s, set, setText } from "./dom.js";
import { brief, bytes, cut, gradient, isBroken, isNone, shape, sign, value } from "./format.js";

/** The sign of each family of operations, beside its colour. */
export const familySigns = {
  pointwise: "ƒ", reduction: "Σ", movement: "⇄", linearAlgebra: "⊗", indexing: "[i]",
  convolution: "∗", normalization: "μ", composite: "∘", random: "~", other: "·",
};

export const familyNames = {
  pointwise: "element by element", reduction: "reduction", movement: "view or movement",
  linearAlgebra: "linear algebra", indexing: "indexing", convolution: "convolution",
  normalization: "normalization", composite: "composite", random: "random", other: "other",
};

const outline = {
  op: (w, h) => `M8 0H${w - 8}a8 8 0 0 1 8 8V${h - 8}a8 8 0 0 1-8 8H8a8 8 0 0 1-8-8V8a8 8 0 0 1 8-8Z`,
  leaf: (w, h) => `M${h / 2} 0H${w - h / 2}a${h / 2} ${h / 2} 0 0 1 0 ${h}H${h / 2}a${h / 2} ${h / 2} 0 0 1 0-${h}Z`,
  parameter: (w, h) => `M14 0H${w - 14}L${w} 14V${h - 14}L${w - 14} ${h}H14L0 ${h - 14}V14Z`,
};
outline.constant = outline.leaf;
outline.scope = outline.op;

const leafSign = {
  leaf: "M0-5.5 5.5 0 0 5.5-5.5 0Z",
  parameter: "M-5-5H5V5H-5ZM-2-2V2H2V-2Z",
  constant: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0Z",
};

const text = (name, x, y, anchor) => s("text", { class: name, x, y, "text-anchor": anchor });

/** The element of a node, without what depends on the moment. */
export function makeNode(node) {
  const { w, h, kind } = node;
  const g = s("g", {
    class: `node ${kind} family-${node.family}`, role: "graphics-object", tabindex: -1,
    "data-id": node.id, "data-testid": kind === "leaf" || kind === "parameter" ? `leaf-${node.name}` : null,
    "data-order": node.order > 1 ? node.order : null,
  });
  const parts = { g, body: s("path", { class: "body", d: outline[kind](w, h) }), badges: new Map() };
  g.append(s("path", { class: "halo", d: outline[kind](w, h) }));
  if (kind === "scope") g.append(s("path", { class: "behind", d: outline.scope(w, h), transform: "translate(6 6)" }));
  g.append(parts.body);
  if (node.isView) parts.body.classList.add("is-view");
  if (node.inPlace) {
    g.append(s("path", { class: "inner", d: outline.op(w - 8, h - 8), transform: "translate(4 4)" }));
  }
  if (node.gradEnabled === false) g.append(s("path", { class: "hatch", d: outline[kind](w, h) }));
  const compose = { op: operationParts, scope: operationParts, constant: constantParts };
  (compose[kind] ?? leafParts)(node, parts);
  return parts;
}

function operationParts(node, parts) {
  const { w, g = parts.g } = node;
  const mark = node.kind === "scope" ? "⊞" : familySigns[node.family] ?? "·";
  g.append(s("path", { class: "stripe", d: `M0 8a8 8 0 0 1 8-8V${node.h}a8 8 0 0 1-8-8Z` }));
  parts.sign = text("sign", 21, 23, "middle");
  parts.title = text("title", 34, 23, "start");
  parts.name = text("name", w - 12, 23, "end");
  parts.value = text("value", 17, 46, "start");
  const size = node.shape?.length ? shape(node.shape) : "";
  // Beside the title, where there is room; else beside the gradient.
  const isBeside = !node.name && 44 + node.title.length * 9 + size.length * 7.2 < w - 12;
  parts.shape = text("shape", w - 12, isBeside ? 23 : 66, "end");
  parts.grad = text("grad", 17, 66, "start");
  setText(parts.sign, mark);
  setText(parts.title, node.title);
  setText(parts.name, node.kind === "scope" ? cut(node.name, 14) : node.name);
  setText(parts.shape, size);
  g.append(parts.sign, parts.title, parts.name, parts.value, parts.shape, parts.grad);
}

function leafParts(node, parts) {
  const { w } = node;
  const sign = s("path", { class: "leaf-sign", d: leafSign[node.kind] });
  const half = Math.min(w / 2 - 10, (node.title.length * 9.6) / 2 + 7);
  sign.setAttribute("transform", `translate(${w / 2 - half} 17)`);
  parts.title = text("title", w / 2 + 8, 22, "middle");
  parts.value = text("value", w / 2, 43, "middle");
  parts.grad = text("grad", w / 2, 63, "middle");
  if (node.shape?.length) {
    parts.shape = text("shape", w / 2, 79, "middle");
    setText(parts.shape, shape(node.shape));
    parts.g.append(parts.shape);
  }
  setText(parts.title, node.title);
  parts.g.append(sign, parts.title, parts.value, parts.grad);
}

function constantParts(node, parts) {
  parts.value = text("value", node.w / 2, 25, "middle");
  setText(parts.value, cut(node.title, 12));
  parts.g.append(parts.value);
}

/** Sets what depends on the moment; `state` is what `moment` below returned. */
export function refresh(node, parts, state) {
  const { g } = parts;
  for (const [name, on] of Object.entries(state.classes)) g.classList.toggle(name, on);
  set(g, "aria-label", state.label);
  set(g, "data-saved", state.saved);
  if (node.kind === "constant") return;
  setText(parts.value, state.value);
  g.classList.toggle("is-many", Boolean(state.many));
  setText(parts.grad, state.grad);
  parts.grad.dataset.sign = state.sign;
  for (const [name, label] of Object.entries(state.badges)) badge(node, parts, name, label);
}

const BADGES = {
  "nan-origin": { x: 0, y: 0, end: "start" }, nan: { x: 0, y: 0, end: "start" },
  version: { x: 1, y: 0, end: "end" }, saved: { x: 1, y: 1, end: "end" },
  root: { x: 1, y: 0, end: "end" }, clash: { x: 1, y: 0, end: "end" },
  sum: { x: 0.5, y: 1, end: "middle" },
};

/** A corner badge: made when it is first wanted, taken away when it is not. */
function badge(node, parts, name, label) {
  let g = parts.badges.get(name);
  if (!label) {
    g?.remove();
    parts.badges.delete(name);
    return;
  }
  const w = label.length * 6.6 + 14;
  if (!g) {
    g = s("g", { class: `badge badge-${name}`, "data-badge": name }, s("rect", { height: 18, rx: 4, y: -9 }),
      s("text", { y: 4, "text-anchor": "middle" }));
    parts.badges.set(name, g);
    parts.g.append(g);
  }
  const place = BADGES[name];
  const left = { start: 12, middle: (node.w - w) / 2, end: node.w - 12 - w }[place.end];
  g.setAttribute("transform", `translate(${left} ${place.y * node.h + (place.y ? 3 : -4)})`);
  g.firstChild.setAttribute("width", w);
  g.lastChild.setAttribute("x", w / 2);
  setText(g.lastChild, label);
}

/** What there is to say of a node at position `k`. */
export function moment(trace, node, k, { write, saved: showSaved, current }) {
  const classes = { "is-current": current };
  if (node.kind === "constant") {
    return { classes, label: `constant ${node.title}`, badges: {} };
  }
  if (node.kind === "leaf" || node.kind === "parameter") return leafMoment(trace, node, k, write, classes);
  const record = trace.nodes.get(node.node);
  const now = trace.nodeAt(node.node, k);
  const gradOut = now.visit?.gradOut?.[0];
  const clash = now.error && (now.error.kind ?? "").startsWith("inplace");
  const run = trace.runAt(k);
  Object.assign(classes, {
    "is-ghost": !now.made, "is-visited": Boolean(now.visit), "is-ready": now.ready,
    "is-waiting": now.arrived > 0 && !now.visited && !now.ready, "is-error": Boolean(now.error),
    "is-broken": Boolean(now.anomaly),
  });
  const value_ = trace.valueAt(node.tensor, k);
  const retained = trace.tensors.get(node.tensor)?.retainsGrad ? trace.gradAt(node.tensor, k).value : null;
  const version = trace.versionAt(node.tensor, k);
  const waiting = now.expected > 1 && now.arrived > 0 && !now.visited
    ? `${now.arrived} of ${now.expected} gradients in` : "";
  const many = Boolean(node.shape?.length);
  const room = Math.floor((node.w - 30) / 8.2);
  const gradText = isNone(gradOut) ? "" : `∂ ${gradOut.k === "full"
    ? brief(gradOut, many ? room - shape(node.shape).length - 1 : room, write) : gradient(gradOut, write)}`;
  const saved = record?.saved?.length ? (now.freed ? "freed" : "held") : null;
  const badges = {
    saved: showSaved && saved && now.made ? savedText(trace, record, now) : "",
    version: version > 0 && !clash ? `v${version}` : "",
    clash: clash ? `v${now.error.expected ?? 0} → v${now.error.actual ?? "?"}` : "",
    "nan-origin": now.firsts.length ? `first ${now.firsts.map((kind) => (kind === "nan" ? "NaN" : "inf")).join(", first ")}` : "",
    nan: !now.firsts.length && now.made && (isBroken(value_) || isBroken(gradOut)) ? "NaN or inf" : "",
    root: run?.roots.includes(node.tensor) ? "start" : "",
  };
  const line = trace.place(record?.src);
  const label = [
    node.kind === "scope" ? `${node.title}, ${node.scope.members.length} operations` : node.title,
    node.name && node.kind !== "scope" ? `makes ${node.name}` : "", line ? line.replace(":", " line ") : "",
    now.made ? `value ${value(value_, write)}` : "not run yet",
    gradText ? `gradient ${gradient(gradOut, write)}` : waiting || "gradient not computed yet",
    ...Object.values(badges),
  ].filter(Boolean).join(", ");
  return {
    classes, label, saved: now.made ? saved : null, badges, sign: sign(gradOut),
    value: !now.made ? "" : many ? brief(value_, room, write) : value(value_, write), many,
    grad: waiting || [gradText, retained && !isNone(retained) ? `grad ${gradient(retained, write)}` : ""]
      .filter(Boolean).join("  "),
  };
}

function savedText(trace, record, now) {
  if (now.freed) return "freed";
  const names = record.saved.map((x) => trace.tensors.get(x.tensor)?.name).filter(Boolean);
  const all = names.join(", ");
  if (names.length === record.saved.length && all.length <= 14) return `saved ${all}`;
  return `saved ${bytes(record.saved.reduce((sum, x) => sum + x.bytes, 0))}`;
}

function leafMoment(trace, node, k, write, classes) {
  const { value: grad, event } = trace.gradAt(node.tensor, k);
  const isNew = k > 0 && trace.events[k - 1] === event;
  const version = trace.versionAt(node.tensor, k);
  Object.assign(classes, { "is-visited": !isNone(grad), "is-new": isNew, "no-grad": !node.requiresGrad });
  const many = Boolean(node.shape?.length);
  const room = Math.floor((node.w - 40) / 8);
  const gradText = grad.k === "full" ? brief(grad, many ? room - 5 : Math.max(room - 5, 9), write) : gradient(grad, write);
  const shown = node.requiresGrad ? `grad ${gradText}` : "no gradient";
  const elements = trace.valueAt(node.tensor, k);
  return {
    classes, sign: sign(grad), many, saved: null, grad: shown,
    value: many ? brief(elements, room, write) : value(elements, write),
    label: `${node.title}, ${node.kind}, value ${value(elements, write)}, ${shown}`,
    badges: {
      version: version > 0 ? `v${version}` : "", nan: isBroken(grad) || isBroken(elements) ? "NaN or inf" : "", sum: sumText(event, isNew, write),
    },
  };
}

/** "3 + 4 = 7" of a gradient that was added to, "none → 3" of one that has just come. */
function sumText(event, isNew, write) {
  if (event?.e !== "accumulate") return "";
  if (event.mode === "assign") return isNew ? `none → ${gradient(event.after, write)}` : "";
  const parts = [event.before, event.incoming, event.after].map((v) => gradient(v, write));
  return parts.join(" ").length > 24 ? "" : `${parts[0]} + ${parts[1]} = ${parts[2]}`;
}
