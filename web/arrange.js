// Runs the layout: at once for small graphs, in a worker for large ones. Where no worker starts,
// it runs here after all.
import { layout } from "./layout.js";

const LARGE = 500;
const PATIENCE = 4000;

export const timings = { layout: 0, firstPaint: 0 };

function makeWorker() {
  const map = document.querySelector("script[type=importmap]");
  if (!map) return new Worker(new URL("./layout-worker.js", import.meta.url), { type: "module" });
  const address = JSON.parse(map.textContent).imports["adjoint/layout.js"];
  const source = `import { layout } from ${JSON.stringify(address)};
onmessage = ({ data }) => {
  const start = performance.now();
  const result = layout(data.graph, data.options);
  postMessage({ result, time: performance.now() - start });
};`;
  const blob = new Blob([source], { type: "text/javascript" });
  return new Worker(URL.createObjectURL(blob), { type: "module" });
}

let waiting = null;

/**
 * Starts the worker as soon as a trace is seen to be large, so that it is there when it is needed.
 * The browser needs a moment for that, in which this page does nothing.
 */
export async function expectLarge(count) {
  if (count <= LARGE || waiting) return;
  waiting = makeWorker();
  await new Promise((resolve) => setTimeout(resolve));
}

function inWorker(graph, options) {
  return new Promise((resolve, reject) => {
    const worker = waiting ?? makeWorker();
    waiting = null;
    const timer = setTimeout(() => reject(new Error("no answer")), PATIENCE);
    const end = (settle, result) => {
      clearTimeout(timer);
      worker.terminate();
      settle(result);
    };
    worker.onmessage = ({ data }) => end(resolve, data);
    worker.onerror = (event) => {
      event.preventDefault();
      end(reject, event);
    };
    worker.postMessage({ graph, options });
  });
}

/** The layout of `{nodes, edges}`, with how long it took in `timings.layout`. */
export async function arrange({ nodes, edges }, options) {
  const graph = {
    nodes: nodes.map(({ id, w, h }) => ({ id, w, h })),
    edges: edges.map(({ from, to }) => ({ from, to })),
  };
  if (nodes.length > LARGE) {
    const answer = await inWorker(graph, options).catch(() => null);
    if (answer) {
      timings.layout = answer.time;
      return answer.result;
    }
  }
  const start = performance.now();
  const result = layout(graph, options);
  timings.layout = performance.now() - start;
  return result;
}
