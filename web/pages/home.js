// The first page: examples, traces that are there, an expression of one's own, how to record.
import { h, s } from "../dom.js";
import { call } from "../sources.js";
import { expressionForm } from "./expression.js";
import { bytes, graphOf, open, pageOf, ready } from "./page.js";

const recordLines = `import Adjoint

try Trace.record(to: "run.trace.jsonl") {
    train()   // what you run anyway
}`;

export async function show(main) {
  const [examples, { traces }] = await Promise.all([
    call("/api/examples").then((r) => r.json()), call("/api/traces").then((r) => r.json()),
  ]);
  await open(main, "See a gradient");
  main.replaceChildren(hero(), exampleSection(examples),
    h("div", { class: "halves" }, await expressionSection(), recordSection()),
    traceSection(traces), toolSection());
  ready();
}

const hero = () => h("div", { class: "hero" },
  h("div", {}, h("h1", {}, "See a gradient"),
    h("p", { class: "lead" }, "Walk the gradient of your own loss back, one operation at a time: the numbers, the local derivative, "
      + "the line of your program. And when it breaks, land on the operation that broke it.")),
  scene());

/** y = x² + 3x at x = 2: values go right, gradients come back. */
function scene() {
  const box = (x, y, text, kind = "box") => s("g", {}, s("rect", { class: kind, x: x - 42, y: y - 22, width: 84, height: 44, rx: kind === "leaf" ? 22 : 7 }),
    s("text", { x, y: y + 5 }, text));
  const flow = (d) => s("path", { class: "flow", d, "marker-end": "url(#tip)" });
  const back = (d) => s("path", { class: "back", d, "marker-end": "url(#back)" });
  const grad = (x, y, text) => s("text", { class: "grad", x, y }, text);
  const tip = (id, kind) => s("marker", { id, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" },
    s("path", { d: "M0 0L8 4L0 8Z", fill: kind }));
  return s("svg", { class: "scene", viewBox: "-12 8 472 218", role: "img", "aria-label": "x is 2. Its square is 4, three times it is 6, the sum is 10. Backward brings 4 and 3, together 7." },
    s("defs", {}, tip("tip", "var(--soft)"), tip("back", "var(--plus)")),
    flow("M92 96C130 70 150 62 184 60"), flow("M92 134C130 160 150 168 184 170"),
    flow("M268 60C310 62 325 80 346 96"), flow("M268 170C310 168 325 150 346 134"),
    back("M350 88C330 55 305 45 272 46"), back("M350 142C330 176 305 184 272 184"),
    back("M182 46C140 48 110 62 86 88"), back("M182 184C140 182 110 168 86 142"),
    box(50, 115, "x = 2", "leaf"), box(226, 60, "x² = 4"), box(226, 170, "3x = 6"), box(390, 115, "y = 10"),
    grad(322, 34, "1"), grad(322, 206, "1"), grad(130, 36, "4"), grad(130, 206, "3"), grad(46, 196, "grad 4 + 3 = 7"));
}

function exampleSection(examples) {
  const groups = [...new Set(examples.map((e) => e.group))];
  const isBroken = (group) => group === "When it breaks";
  return h("section", { class: "examples", "aria-labelledby": "examples" }, h("h2", { id: "examples" }, "Examples"),
    groups.map((group) => [h("h3", { class: "note" }, group), h("ul", { class: "cards" }, examples.filter((e) => e.group === group).map((e) =>
      h("li", { class: "card" }, h("a", { href: graphOf(`example:${e.id}`) }, e.title), h("p", {}, e.summary),
        isBroken(group) ? h("p", { class: "also" }, h("a", { href: pageOf("doctor", `example:${e.id}`), "aria-label": `What the doctor says about ${e.title}` }, "What the doctor says")) : null)))]));
}

const expressionSection = async () => h("section", { class: "panel", "aria-labelledby": "expression" },
  h("h2", { id: "expression" }, "Your own expression"), expressionForm());

const recordSection = () => h("section", { class: "panel", "aria-labelledby": "record" },
  h("h2", { id: "record" }, "Your own program"),
  h("p", {}, "Three lines around what you run anyway:"),
  h("pre", { class: "listing", tabindex: 0 }, h("code", {}, recordLines)),
  h("p", {}, "Or change nothing: ", h("code", {}, "ADJOINT_TRACE=run.trace.jsonl swift run -c release"), ". Then ",
    h("code", {}, "adjoint studio run.trace.jsonl"), ", also while the program still runs."),
  h("p", {}, h("code", {}, "adjoint train --studio"), " shows a training run as it goes."));

const tools = [
  ["/doctor", "Doctor", "The operation and the line that broke a run, and what to write instead."],
  ["/curves", "Curves", "Losses, norms of gradients and parameters over the steps, live."],
  ["/memory", "Memory", "What a graph keeps until backward, by operation, line or module."],
  ["/compare", "Compare", "Two runs, operation by operation and gradient by gradient."],
  ["/accumulate", "Accumulation lab", "What happens without zeroGrad(), and when small batches are one large one."],
  ["/train", "Playground", "A small network on points that you draw."],
];

const toolSection = () => h("section", { class: "examples", "aria-labelledby": "tools" }, h("h2", { id: "tools" }, "Look closer"),
  h("ul", { class: "cards" }, tools.map(([href, title, text]) => h("li", { class: "card" }, h("a", { href }, title), h("p", {}, text)))));

function traceSection(traces) {
  const problem = h("p", { class: "error", role: "alert" });
  const input = h("input", { type: "file", accept: ".jsonl,.json", id: "upload", onchange: () => input.files[0] && send(input.files[0]) });
  const drop = h("div", { class: "drop",
    ondragover: (e) => {
      e.preventDefault();
      drop.dataset.over = "";
    },
    ondragleave: () => delete drop.dataset.over,
    ondrop: (e) => {
      e.preventDefault();
      delete drop.dataset.over;
      if (e.dataTransfer.files[0]) send(e.dataTransfer.files[0]);
    },
  }, h("p", {}, h("label", { for: "upload" }, "Open a trace from this machine, or drop it here")), input, problem);

  async function send(file) {
    problem.textContent = "";
    const token = document.querySelector("meta[name=adjoint-token]")?.content ?? "";
    const response = await fetch(`/api/traces?name=${encodeURIComponent(file.name)}`, {
      method: "POST", body: file, headers: { "Content-Type": "application/json", "X-Adjoint-Token": token },
    });
    const answer = await response.json().catch(() => ({}));
    if (response.ok) location.assign(graphOf(answer.trace));
    else problem.textContent = answer.message ?? `The server answers ${response.status}.`;
  }

  return h("section", { "aria-labelledby": "traces" }, h("h2", { id: "traces" }, "Traces"),
    traces.length ? h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Traces" }, h("table", { class: "traces" },
      h("thead", {}, h("tr", {}, ["Trace", "Size", "Changed", "Open"].map((t) => h("th", { scope: "col" }, t)))),
      h("tbody", {}, traces.map((t) => h("tr", {}, h("th", { scope: "row" }, t.title),
        h("td", {}, t.bytes === undefined ? "" : bytes(t.bytes)),
        h("td", {}, t.modified === undefined ? "" : new Date(t.modified * 1000).toLocaleString()),
        h("td", {}, links(t))))))) : h("p", { class: "note" }, "None yet: traces in this folder and in runs/ appear here."),
    drop);
}

function links(trace) {
  const link = (href, text) => h("a", { href, "aria-label": `${text} of ${trace.title}` }, text);
  const curves = link(pageOf("curves", trace.id), "Curves");
  // A file that changed just now is likely still growing.
  const isGrowing = trace.kind === "file" && Date.now() / 1000 - trace.modified < 120;
  const graph = isGrowing ? trace.id.replace(/^file:/, "live:") : trace.id;
  if (trace.kind === "metrics") return [curves];
  return [link(graphOf(graph), "Graph"), link(pageOf("doctor", trace.id), "Doctor"), link(pageOf("memory", trace.id), "Memory"), curves];
}
