// The entry of every page: the shell, and what the address asks for.
import { viewFields } from "./early.js";
import { showGraph } from "./graph-page.js";
import { LiveFeed } from "./live.js";
import { makeShell, setTitle } from "./shell.js";
import { call, embeddedTrace, fetchTrace, follow, isStatic } from "./sources.js";
import { h } from "./dom.js";
import { Trace } from "./trace.js";

const nameOf = (trace, fallback) => trace.header?.title ?? fallback;

async function staticPage(main) {
  const trace = await embeddedTrace();
  const title = nameOf(trace, "a trace");
  setTitle(title);
  await showGraph(main, trace, { title, atEnd: true });
}

/** The id of a trace: an example is run first, with the parameters that the address gives. */
async function traceOf(id) {
  const given = [...new URLSearchParams(location.search)].filter(([name]) => !viewFields.includes(name));
  if (!id.startsWith("example:") || given.length === 0) return id;
  const params = Object.fromEntries(given.map(([name, text]) => [name, Number(text)]));
  const answer = await call("/api/run", { example: id.slice("example:".length), params });
  return (await answer.json()).trace;
}

/** A trace that a running program still writes: shown when its first records are there. */
async function livePage(main, id) {
  const trace = new Trace();
  const feed = new LiveFeed(trace);
  let app = null;
  await new Promise((resolve) => follow(id, feed, () => (app ? app.arrived() : resolve())));
  const title = nameOf(trace, id);
  setTitle(title);
  app = await showGraph(main, trace, { title, atEnd: true, live: feed });
  app.grown();
}

async function graphPage(main, id) {
  if (id.startsWith("live:")) return livePage(main, id);
  const isExample = id.startsWith("example:");
  const controls = isExample ? import("./examples.js").then((m) => m.exampleControls(id)) : null;
  controls?.catch(() => {});
  const trace = await fetchTrace(await traceOf(id));
  const title = nameOf(trace, id);
  setTitle(title);
  const example = await controls;
  const seed = id.startsWith("expr:") ? (await import("./pages/seed.js")).seedForm(trace) : null;
  return showGraph(main, trace, { title, atEnd: !isExample, example, seed });
}

/** The page of a path: `show(main, rest)` draws it. Pages of their own stand in `pages/`. */
async function route(main, path) {
  const [, section = "", ...rest] = path.split("/").map(decodeURIComponent);
  if (section === "graph") return graphPage(main, rest.join("/"));
  const page = section === "" ? "home" : section;
  if (!/^[a-z]+$/.test(page)) throw new Error(`There is no page ${path}.`);
  const module = await import(`./pages/${page}.js`).catch(() => null);
  if (!module) throw new Error(`There is no page ${path}.`);
  return module.show(main, rest);
}

const offline = isStatic();
const main = makeShell({ isStatic: offline, path: offline ? "/graph" : location.pathname });
try {
  await (offline ? staticPage(main) : route(main, location.pathname));
} catch (error) {
  main.replaceChildren(h("h1", {}, "This cannot be shown"), h("p", { role: "alert" }, error.message),
    offline ? "" : h("p", {}, h("a", { href: "/" }, "All examples and traces")));
  window.__ready = true;
}
