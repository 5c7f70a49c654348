// Asks for the trace of the address before the other modules are there. It imports nothing, and
// stands first in the page, so that the server's work and the loading of the viewer go on together.

/** Fields of the address that belong to the view; the others are an example's parameters. */
export const viewFields = ["i", "sel", "tab", "open", "expand", "dir", "vals", "constants", "saved",
  "double", "engine", "heat", "picks"];

/** The trace that a path and its query ask for as it is; null where it has to be made first. */
export function traceAsked(path, query) {
  const [, section, ...rest] = path.split("/");
  const id = rest.map(decodeURIComponent).join("/");
  if (section !== "graph" || id === "" || id.startsWith("live:")) return null;
  const isPlain = [...new URLSearchParams(query).keys()].every((name) => viewFields.includes(name));
  return isPlain || !id.startsWith("example:") ? id : null;
}

export const addressOfTrace = (id) => `/api/traces/${encodeURIComponent(id)}?format=jsonl`;

/** The answers that were asked for early, by address; whoever needs one takes it out. */
export const early = new Map();

function ask() {
  if (typeof document === "undefined" || document.documentElement.dataset.mode === "static") return;
  const id = traceAsked(location.pathname, location.search);
  if (id === null) return;
  const address = addressOfTrace(id);
  const answer = fetch(address);
  // Whoever takes it out sees what went wrong.
  answer.catch(() => {});
  early.set(address, answer);
}

ask();
