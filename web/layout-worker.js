// The layout of large graphs, away from the page's own thread.
import { layout } from "./layout.js";

onmessage = ({ data }) => {
  const start = performance.now();
  const result = layout(data.graph, data.options);
  postMessage({ result, time: performance.now() - start });
};
