// Shading nodes by one quantity. The number itself stands in the inspector; the shade is a hint.
import { weight } from "./format.js";

export const heats = [
  ["none", "nothing"], ["grad", "size of the gradient"], ["bytes", "saved bytes"], ["time", "time"],
];

const savedBytes = (node) => (node.saved ?? []).reduce((n, x) => n + (x.shared ? 0 : x.bytes), 0);

/** How strongly to shade a drawn node at a position: a function to numbers from 0 to 1. */
export function heatOf({ trace, options }) {
  const measure = { bytes: savedBytes, time: (node) => node.dur ?? 0 }[options.heat];
  if (options.heat === "grad") {
    return (node, k) => {
      if (node.node !== undefined) return weight(trace.nodeAt(node.node, k).visit?.gradOut?.[0]);
      return node.tensor === undefined ? 0 : weight(trace.gradAt(node.tensor, k).value);
    };
  }
  if (!measure) return () => 0;
  const most = Math.max(1e-9, ...[...trace.nodes.values()].map(measure));
  return (node) => {
    const record = node.kind === "op" ? trace.nodes.get(node.node) : null;
    return record ? Math.log1p(measure(record)) / Math.log1p(most) : 0;
  };
}
