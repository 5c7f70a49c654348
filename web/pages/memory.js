// Memory: the bytes that graphs hold for their way back, by cause, over the events.
import { h, s, set } from "../dom.js";
import { call } from "../sources.js";
import { scale, ticks } from "./charts.js";
import { bytes, choice, chooser, field, graphOf, open, ready } from "./page.js";

const size = { height: 300, left: 74, right: 12, top: 14, bottom: 30 };
const groupings = [["operation", "operation"], ["line", "source line"], ["module", "module"], ["operation-and-line", "operation and line"]];

export async function show(main, rest) {
  const id = rest.join("/");
  if (!id) {
    await open(main, "Memory", "Choose a run, and see what its graph keeps until backward, and who keeps it.");
    main.append(await chooser("memory", call, { isWanted: (t) => t.kind !== "metrics", first: "Networks" }));
    return ready();
  }
  const state = { by: new URLSearchParams(location.search).get("by") ?? "operation", at: null };
  await open(main, "Memory", "What the graph keeps for its derivatives until backward frees it: each block once, for the operation that saved it first.",
    h("a", { href: graphOf(id) }, "Open the graph"));
  const figure = h("div", { class: "panel" });
  const table = h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Causes" });
  const select = choice("by", groupings, state.by, () => {
    state.by = select.value;
    load();
  });
  const slider = h("input", { type: "range", class: "moment", min: 0, max: 0, value: 0, "aria-label": "Moment", oninput: () => {
    state.at = moments[Number(slider.value)];
    load();
  } });
  let moments = [];
  main.append(h("p", { class: "row" }, field("Add up by", select)), figure,
    h("section", {}, h("h2", { id: "causes-title" }, "Causes"), table));

  let shown = null;
  // Drawn as wide as it stands, so that its words keep their size.
  const draw = () => {
    if (!shown) return;
    const style = getComputedStyle(figure);
    const room = figure.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    figure.children[0].replaceChildren(picture(shown, Math.max(260, Math.round(room))));
  };

  async function load() {
    const query = new URLSearchParams({ by: state.by, ...(state.at === null ? {} : { at: state.at }) });
    const view = await (await call(`/api/traces/${encodeURIComponent(id)}/memory?${query}`)).json();
    moments = view.moments;
    if (!view.peak) {
      figure.replaceChildren(h("p", {}, "No operation of this run kept anything for backward."));
      table.replaceChildren();
      return;
    }
    const at = Math.max(0, moments.findIndex((m) => m >= view.at));
    set(slider, "max", moments.length - 1);
    slider.value = at;
    set(slider, "aria-valuetext", `event ${view.at}`);
    if (!figure.contains(slider)) figure.replaceChildren(h("div", {}), h("div", {}, slider), h("div", {}));
    shown = view;
    draw();
    figure.children[2].replaceChildren(legend(view));
    table.replaceChildren(causes(view));
  }
  await load();
  new ResizeObserver(draw).observe(figure);
  ready();
}

function picture(view, width) {
  const { moments, bands, peak } = view;
  const x = scale(moments[0], moments.at(-1), size.left, width - size.right);
  const y = scale(0, peak.bytes, size.height - size.bottom, size.top);
  const base = moments.map(() => 0);
  // Bytes stay until the next event that changes them: steps, not slopes.
  const shapes = bands.map((band, kind) => {
    const low = [...base];
    band.bytes.forEach((b, i) => { base[i] += b; });
    const edge = (values, forward) => {
      const points = [];
      moments.forEach((m, i) => {
        points.push([x(m), y(values[i])]);
        points.push([x(moments[i + 1] ?? m), y(values[i])]);
      });
      return (forward ? points : points.reverse()).map((p) => p.map((v) => v.toFixed(1)).join(" ")).join("L");
    };
    return s("path", { class: `band kind-${kind}`, d: `M${edge(base, true)}L${edge(low, false)}Z` });
  });
  return s("svg", { class: "bands", viewBox: `0 0 ${width} ${size.height}`, role: "img",
    "aria-label": `At most ${bytes(peak.bytes)}, at event ${peak.event}` },
    ticks(0, peak.bytes).map((t) => s("g", {}, s("line", { class: "grid", x1: size.left, x2: width - size.right, y1: y(t), y2: y(t) }),
      s("text", { class: "tick", x: size.left - 8, y: y(t) + 4, "text-anchor": "end" }, bytes(t)))),
    shapes,
    s("line", { class: "at", x1: x(view.at), x2: x(view.at), y1: size.top, y2: size.height - size.bottom }),
    [moments[0], moments.at(-1)].map((m, i) => s("text", { class: "tick", x: x(m), y: size.height - 10, "text-anchor": i ? "end" : "start" }, `event ${m}`)));
}

const legend = (view) => h("div", {},
  h("ul", { class: "keys" }, view.bands.map((band, kind) => h("li", {}, h("span", { class: `band-key kind-${kind}`, "aria-hidden": "true" }), band.name))),
  h("p", {}, "Most at once: ", h("strong", {}, bytes(view.peak.bytes)), ` after event ${view.peak.event}. `,
    view.shared ? `${bytes(view.shared)} more cost nothing: parameters, inputs or other operations hold them anyway.` : ""));

const causes = (view) => h("table", {}, h("caption", {}, `Held after event ${view.at}`),
  h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Cause"), h("th", { scope: "col" }, "Bytes"), h("th", { scope: "col" }, "Operations"))),
  h("tbody", {}, view.causes.map((cause) => h("tr", {}, h("th", { scope: "row" }, cause.name),
    h("td", {}, bytes(cause.bytes)), h("td", {}, String(cause.nodes.length))))));
