// The numbers of a run over its steps, while it runs and after.
import { h, s } from "../dom.js";
import { compact, number } from "../format.js";
import { call } from "../sources.js";
import { LineChart, pointTable, scale } from "./charts.js";
import { choice, chooser, field, open, ready } from "./page.js";

export async function show(main, rest) {
  const id = rest.join("/");
  if (!id) {
    await open(main, "Curves", "Choose a run, and see its numbers over its steps, while it runs and after.");
    main.append(h("p", { class: "note" }, "A run tells its numbers with ", h("code", {}, "Trace.metric"), ". To see some come in, train in the ",
      h("a", { href: "/train" }, "Playground"), " or start ", h("code", {}, "adjoint train --studio"), "."), await chooser("curves", call, { first: "Networks" }));
    return ready();
  }
  const query = new URLSearchParams(location.search);
  const state = { log: query.get("scale") === "log", smooth: query.get("smooth") ?? "0", recent: query.get("recent") ?? "1", y: query.get("y") ?? "all" };
  const live = h("span", { class: "live", role: "status" }, "reading");
  await open(main, "Curves", id, live);
  const charts = new Map();
  const grid = h("div", { class: "curve-grid" });
  const heat = h("section", { hidden: true });
  const histograms = h("section", { hidden: true });
  const problem = h("p", { class: "error", role: "alert" });
  const log = h("input", { type: "checkbox", checked: state.log, onchange: () => change("log", log.checked) });
  const smooth = choice("smooth", [["0", "none"], ["0.6", "some"], ["0.9", "more"], ["0.98", "much"]], state.smooth, () => change("smooth", smooth.value));
  const recent = choice("recent", [["1", "the whole run"], ["0.5", "the last half"], ["0.1", "the last tenth"]], state.recent, () => change("recent", recent.value));
  const y = choice("y", [["all", "every point"], ["inner", "without outliers"]], state.y, () => change("y", y.value));
  main.append(h("form", { class: "panel row", onsubmit: (e) => e.preventDefault() }, h("label", { class: "check" }, log, h("span", {}, "logarithmic")),
    field("Smoothing", smooth), field("Steps", recent), field("Range", y)), problem, grid, heat, histograms);
  let source = null;
  let view = null;

  function change(name, value) {
    state[name] = value;
    const kept = new URLSearchParams();
    if (state.log) kept.set("scale", "log");
    for (const [key, usual] of [["smooth", "0"], ["recent", "1"], ["y", "all"]]) if (state[key] !== usual) kept.set(key, state[key]);
    history.replaceState(null, "", kept.size ? `?${kept}` : location.pathname);
    if (name === "log" || name === "y") draw();
    else follow();
  }

  function follow() {
    source?.close();
    const asked = new URLSearchParams({ smooth: state.smooth, recent: state.recent });
    source = new EventSource(`/api/traces/${encodeURIComponent(id)}/curves/events?${asked}`);
    source.addEventListener("curves", (message) => {
      view = JSON.parse(message.data);
      live.dataset.live = "";
      live.textContent = `following, ${view.records} records`;
      draw();
      ready();
    });
    source.addEventListener("end", () => {
      source.close();
      delete live.dataset.live;
      live.textContent = `complete, ${view?.records ?? 0} records`;
    });
    source.addEventListener("problem", (message) => {
      source.close();
      problem.textContent = message.data;
      ready();
    });
  }

  function draw() {
    if (!view) return;
    if (view.title) main.querySelector(".lead").textContent = view.title;
    const groups = grouped(view.series);
    for (const [name, list] of groups) {
      if (!charts.has(name)) {
        const chart = new LineChart({ title: name });
        const table = h("div", {});
        charts.set(name, { chart, table });
        grid.append(h("section", { class: "panel", "aria-label": name, "data-curve": name }, chart.element, table));
      }
      const { chart, table } = charts.get(name);
      const wasOpen = table.querySelector("details")?.open;
      const ranges = list.map((l) => (state.y === "all" ? l.range : l.innerRange)).filter(Boolean);
      chart.update({
        log: state.log, range: ranges.length ? [Math.min(...ranges.map((r) => r[0])), Math.max(...ranges.map((r) => r[1]))] : null,
        series: list.flatMap((l, kind) => (l.smooth ? [{ name: l.name, points: l.points, kind, soft: true }, { name: l.name, points: l.smooth, kind }]
          : [{ name: l.name, points: l.points, kind }])),
        note: words(list),
      });
      table.replaceChildren(pointTable(name, list));
      table.querySelector("details").open = wasOpen ?? false;
    }
    if (!groups.size) grid.replaceChildren(h("p", { class: "note" }, "This run has told no numbers yet: ", h("code", {}, "Trace.metric"), " tells them, and the ",
      h("a", { href: "/train" }, "Playground"), " has some to watch."));
    else grid.querySelector(":scope > p")?.remove();
    drawHeat();
    drawHistograms();
  }

  /** What a reader would otherwise miss. */
  function words(list) {
    const bad = list.reduce((sum, l) => sum + l.nonFinite, 0);
    const out = state.y === "all" ? 0 : list.reduce((sum, l) => sum + l.outliers, 0);
    return [bad ? `${bad} ${bad === 1 ? "point is" : "points are"} no finite number, marked × ↑ ↓.` : "",
      out ? `${out} ${out === 1 ? "outlier lies" : "outliers lie"} beyond the edge; choose “every point” to see ${out === 1 ? "it" : "them"}.` : ""].filter(Boolean).join(" ");
  }

  function drawHeat() {
    heat.hidden = !view.heat;
    if (!view.heat) return;
    heat.setAttribute("aria-labelledby", "heat");
    heat.replaceChildren(h("h2", { id: "heat" }, "Norms of gradients"), ...heatMap(view.heat));
  }

  function drawHistograms() {
    histograms.hidden = !view.histograms.length;
    if (!view.histograms.length) return;
    histograms.setAttribute("aria-labelledby", "histograms");
    histograms.replaceChildren(h("h2", { id: "histograms" }, "Parameters"), ...view.histograms.map(({ name, steps }) => h("div", {}, h("h3", {}, name),
      h("div", { class: "hist" }, steps.map(histogram)))));
  }

  follow();
}

/** Series that belong in one picture: train and held-out of the same quantity. */
function grouped(series) {
  const groups = new Map();
  for (const line of series) {
    const name = line.name.replace(/^(train|training|val|valid|validation|test|held[_-]?out)[_/ ]/, "").replaceAll("_", " ");
    groups.set(name, [...(groups.get(name) ?? []), line]);
  }
  return groups;
}

/** A picture of all norms, a row a parameter, and the same as a table; a cell can be read by key. */
function heatMap({ names, steps, norms, shades, range }) {
  const [row, left, width] = [22, 170, 900];
  const cell = (width - left) / Math.max(1, steps.length);
  const reading = h("output", { class: "reading" }, range ? `from ${compact(range[0])} (faint) to ${compact(range[1])} (strong), by the logarithm` : "");
  const marker = s("rect", { class: "here", width: Math.max(2, cell), height: row - 2, hidden: true });
  let at = [0, 0];
  const tell = () => {
    const [r, c] = at;
    const value = norms[r][c];
    marker.removeAttribute("hidden");
    marker.setAttribute("x", left + c * cell);
    marker.setAttribute("y", r * row + 1);
    reading.textContent = `${names[r]}, step ${steps[c]}: ${value === null ? "none" : number(value)}`;
    stage.setAttribute("aria-valuetext", reading.textContent);
    stage.setAttribute("aria-valuenow", r * steps.length + c);
  };
  const move = (r, c) => {
    at = [Math.max(0, Math.min(names.length - 1, r)), Math.max(0, Math.min(steps.length - 1, c))];
    tell();
  };
  const mark = { NaN: "×", Infinity: "↑" };
  const svg = s("svg", { class: "heat-map", viewBox: `0 0 ${width} ${names.length * row + 18}`, "aria-hidden": "true" },
    names.map((name, r) => s("g", {}, s("text", { x: left - 8, y: r * row + 15, "text-anchor": "end" }, name.length > 24 ? `…${name.slice(-23)}` : name),
      steps.map((_, c) => {
        const value = norms[r][c];
        if (value === null) return null;
        const x = left + c * cell;
        const isBad = typeof value === "string";
        return [s("rect", { class: isBad ? "cell bad" : "cell", x, y: r * row + 1, width: cell + 0.3, height: row - 2, "fill-opacity": isBad ? 1 : (0.08 + 0.92 * (shades[r][c] ?? 0)).toFixed(3) }),
          isBad ? s("text", { class: "mark", x: x + cell / 2, y: r * row + 15 }, mark[value] ?? "×") : null];
      }))),
    s("text", { x: left, y: names.length * row + 14 }, `step ${steps[0]}`), s("text", { x: width, y: names.length * row + 14, "text-anchor": "end" }, `step ${steps.at(-1)}`), marker);
  const stage = h("div", { role: "slider", tabindex: 0, class: "chart-stage scroll", "aria-label": "Norms of gradients, cells", "aria-valuemin": 0,
    "aria-valuemax": names.length * steps.length - 1, "aria-valuenow": 0, "aria-valuetext": reading.textContent,
    onkeydown: (e) => {
      const by = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[e.key];
      if (!by) return;
      e.preventDefault();
      move(at[0] + by[0], at[1] + by[1]);
    },
    onpointermove: (e) => {
      const box = svg.getBoundingClientRect();
      const x = ((e.clientX - box.left) / box.width) * width;
      if (x >= left) move(Math.floor((((e.clientY - box.top) / box.width) * width) / row), Math.floor((x - left) / cell));
    } }, svg);
  const table = h("details", { class: "as-table" }, h("summary", {}, "As a table"), h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Norms of gradients" },
    h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "step"), names.map((n) => h("th", { scope: "col" }, n)))),
      h("tbody", {}, steps.map((step, c) => h("tr", {}, h("th", { scope: "row" }, String(step)), norms.map((r) => h("td", {}, r[c] === null ? "" : number(r[c])))))))));
  return [stage, reading, table];
}

function histogram({ step, edges, counts }) {
  const most = Math.max(...counts, 1);
  const x = scale(edges[0], edges.at(-1), 0, 100);
  return h("figure", {}, s("svg", { viewBox: "0 0 100 40", preserveAspectRatio: "none", role: "img",
    "aria-label": `Step ${step}: ${counts.reduce((a, b) => a + b, 0)} numbers from ${compact(edges[0])} to ${compact(edges.at(-1))}` },
    counts.map((n, i) => s("rect", { x: x(edges[i]), width: Math.max(0.5, x(edges[i + 1]) - x(edges[i]) - 0.4), y: 40 - (n / most) * 38, height: (n / most) * 38 }))),
  h("figcaption", { class: "note" }, `step ${step}, ${compact(edges[0])} to ${compact(edges.at(-1))}`));
}

