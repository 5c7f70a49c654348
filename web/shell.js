// What all pages share: the header with its navigation, and the footer.
import { settings } from "./address.js";
import { h } from "./dom.js";

const pages = [
  ["/", "Home"], ["/graph/example:x2_plus_3x", "Graph"], ["/accumulate", "Accumulation"],
  ["/train", "Playground"], ["/learn", "Lessons"], ["/quiz", "Quiz"], ["/exercises", "Exercises"],
  ["/help", "Help"],
];

const sectionOf = (path) => `/${path.split("/")[1]}`;

function themeChoice() {
  const select = h("select", {
    id: "theme", onchange: () => {
      settings.set("theme", select.value);
      applyTheme();
    },
  }, [["auto", "Auto"], ["light", "Light"], ["dark", "Dark"]].map(([v, t]) =>
    h("option", { value: v, selected: settings.get("theme", "auto") === v }, t)));
  return h("label", { class: "field compact" }, h("span", {}, "Theme"), select);
}

function applyTheme() {
  const theme = settings.get("theme", "auto");
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Writes header and footer around `<main>`, and returns main. */
export function makeShell({ isStatic, path }) {
  applyTheme();
  const here = sectionOf(path);
  const brand = [
    h("span", { class: "mark", "aria-hidden": "true" }, "∂"), h("span", {}, "Adjoint"),
    h("small", {}, "Studio"),
  ];
  const header = h("header", { class: "site" },
    isStatic ? h("span", { class: "brand" }, brand) : h("a", { class: "brand", href: "/" }, brand),
    isStatic ? null : h("nav", { "aria-label": "Pages" }, h("ul", {}, pages.map(([href, text]) =>
      h("li", {}, h("a", { href, "aria-current": sectionOf(href) === here ? "page" : null }, text))))),
    themeChoice());
  const main = h("main", { id: "main", tabindex: -1 });
  const footer = h("footer", { class: "site" },
    h("p", {}, isStatic
      ? "This page is one file. It needs no network and sends nothing."
      : "Every number on these pages was computed by the library; the page only writes it down."));
  const skip = h("a", { class: "skip", href: "#main" }, "Skip to the content");
  document.body.prepend(skip, header, main, footer);
  return main;
}

/** The title of the page, in the window and for history. */
export function setTitle(text) { document.title = `${text} · Adjoint Studio`; }
