// The state of a view in the address, so that every view is a link; and settings that stay.

const query = () => new URLSearchParams(location.search || location.hash.replace(/^#/, "?"));

/** What the address asks for; absent fields are undefined. */
export function readAddress() {
  const q = query();
  const text = (name) => q.get(name) ?? undefined;
  const flag = (name) => (q.has(name) ? q.get(name) !== "0" : undefined);
  const i = q.has("i") ? Number(q.get("i")) : undefined;
  return {
    i: Number.isFinite(i) ? i : undefined,
    sel: text("sel"), tab: text("tab"), open: q.get("open")?.split(",").filter(Boolean),
    picks: q.get("picks")?.split(",").filter(Boolean), expandAll: q.get("expand") === "all", dir: ["TB", "LR"].find((d) => d === q.get("dir")),
    compact: q.has("vals") ? q.get("vals") !== "full" : undefined,
    constants: flag("constants"), saved: flag("saved"), double: flag("double"), engine: flag("engine"),
    heat: text("heat"),
  };
}

let timer = 0;

/** Writes fields into the address; those that are undefined are taken out. */
export function writeAddress(fields) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const q = query();
    for (const [name, value] of Object.entries(fields)) {
      if (value === undefined) q.delete(name);
      else q.set(name, String(value));
    }
    const text = q.toString();
    const mark = location.protocol === "file:" ? "#" : "?";
    try {
      history.replaceState(null, "", text ? mark + text : location.pathname);
    } catch {
      // Some browsers keep the address of a file as it is; the view goes on without it.
    }
  }, 200);
}

/** A setting that stays in this browser. */
export const settings = {
  get(name, fallback) {
    try {
      return localStorage.getItem(`adjoint.${name}`) ?? fallback;
    } catch {
      return fallback;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(`adjoint.${name}`, value);
    } catch {
      // Without storage the setting lasts as long as the page.
    }
  },
};
