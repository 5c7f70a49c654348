// The layout of large graphs, away from the page's own thread.
import { layout } from "./layout.js";

onmessage = ({ data }) => postMessage(layout(data.graph, data.options));
