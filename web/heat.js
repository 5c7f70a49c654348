// Shading nodes by one quantity. The number itself stands in the inspector; the shade is a hint.
import { isBroken, isNone, weight } from "./format.js";

export const heats = [
  ["none", "nothing"], ["grad", "size of the gradient"], ["value", "range of the value"], ["bytes", "saved bytes"], ["time", "time"],
];

const savedBytes = (node) => (node.saved ?? []).reduce((n, x) => n + (x.shared ? 0 : x.bytes), 0);

/** How far the elements of a value reach, as a value; of a single number its size. */
function spanOf(v) {
  if (isNone(v)) return v;
  if (isBroken(v)) return { k: "full", data: ["NaN"] };
  if (v.k === "full" && v.data.length > 1) return { k: "full", data: [Math.max(...v.data) - Math.min(...v.data)] };
  return v.k === "sum" ? { k: "full", data: [v.max - v.min] } : v;
}

/** How strongly to shade a drawn node at a position: a function to numbers from 0 to 1. */
export function heatOf({ trace, options }) {
  const measure = { bytes: savedBytes, time: (node) => node.dur ?? 0 }[options.heat];
  if (options.heat === "grad") {
    return (node, k) => {
      if (node.node !== undefined) return weight(trace.nodeAt(node.node, k).visit?.gradOut?.[0]);
      return node.tensor === undefined ? 0 : weight(trace.gradAt(node.tensor, k).value);
    };
  }
  if (options.heat === "value") {
    return (node, k) => {
      const isThere = node.kind !== "op" || trace.nodeAt(node.node, k).made;
      return isThere && node.tensor !== undefined ? weight(spanOf(trace.valueAt(node.tensor, k))) : 0;
    };
  }
  if (!measure) return () => 0;
  const most = Math.max(1e-9, ...[...trace.nodes.values()].map(measure));
  return (node) => {
    const record = node.kind === "op" ? trace.nodes.get(node.node) : null;
    return record ? Math.log1p(measure(record)) / Math.log1p(most) : 0;
  };
}
