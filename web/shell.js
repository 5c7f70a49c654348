// What all pages share: the header with its navigation, and the footer.
import { settings } from "./address.js";
import { button, h } from "./dom.js";

/** The pages, by what they are for: the menu of a narrow screen keeps the groups. */
const groups = [
  ["See", [["/", "Home"], ["/graph/example:x2_plus_3x", "Graph"], ["/compare", "Compare"]]],
  ["Find out", [["/doctor", "Doctor"], ["/memory", "Memory"], ["/curves", "Curves"]]],
  ["Try", [["/accumulate", "Accumulation"], ["/train", "Playground"]]],
  ["Learn", [["/learn", "Lessons"], ["/quiz", "Quiz"], ["/exercises", "Exercises"], ["/help", "Help"]]],
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

/** The navigation: a line of links, or a menu behind a button where there is no room for a line. */
function navigation(here) {
  const link = ([href, text]) => h("li", {},
    h("a", { href, "aria-current": sectionOf(href) === here ? "page" : null }, text));
  const list = h("div", { class: "pages", id: "pages" }, groups.map(([name, pages]) =>
    h("div", { class: "page-group" }, h("p", { class: "group-name", "aria-hidden": "true" }, name),
      h("ul", { "aria-label": name }, pages.map(link)))));
  const nav = h("nav", { "aria-label": "Pages" });
  const toggle = (open) => {
    nav.classList.toggle("is-open", open);
    opener.setAttribute("aria-expanded", String(open));
  };
  const opener = button("Pages", () => toggle(!nav.classList.contains("is-open")),
    { class: "pages-button", "aria-expanded": "false", "aria-controls": "pages" });
  nav.append(opener, list);
  nav.addEventListener("keydown", (e) => {
    if (e.key !== "Escape" || !nav.classList.contains("is-open")) return;
    toggle(false);
    opener.focus();
    e.stopPropagation();
  });
  document.addEventListener("pointerdown", (e) => {
    if (!nav.contains(e.target)) toggle(false);
  });
  return nav;
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
    isStatic ? null : navigation(here), themeChoice());
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
