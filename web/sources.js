// Where a trace comes from: the page itself, the server, or a stream of a program that runs.
import { expectLarge } from "./arrange.js";
import { addressOfTrace, early } from "./early.js";
import { TraceReader, parseTrace } from "./trace.js";

const isStatic = () => document.documentElement.dataset.mode === "static";

/** The trace that stands in an exported page, packed or plain. */
export async function embeddedTrace() {
  const element = document.getElementById("trace");
  const packed = Uint8Array.from(atob(element.textContent.trim()), (c) => c.charCodeAt(0));
  if (element.dataset.encoding === "base64") return parseTrace(new TextDecoder().decode(packed));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return parseTrace(await new Response(stream).text());
}

/** The token that calls which change something carry; the server writes it into the page. */
const token = () => document.querySelector("meta[name=adjoint-token]")?.content ?? "";

function asked(path, body) {
  if (body === undefined) {
    const answer = early.get(path) ?? fetch(path);
    early.delete(path);
    return answer;
  }
  return fetch(path, {
    method: "POST", body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", "X-Adjoint-Token": token() },
  });
}

/** A call of the server; its errors are thrown as words. */
export async function call(path, body = undefined) {
  const response = await asked(path, body);
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  const error = new Error(problem.message ?? `The server answers ${response.status} to ${path}.`);
  error.details = problem;
  throw error;
}

/** A trace of the server, read as it comes. */
export async function fetchTrace(id) {
  const { body } = await call(addressOfTrace(id));
  const reader = new TraceReader();
  const chunks = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await chunks.read();
    if (done) break;
    reader.read(value);
    await expectLarge(reader.trace.nodes.size);
  }
  return reader.end();
}

/** Adds the records of a running program to a feed as they come, and calls `grown` now and then.
 * A stream that breaks off goes on where it was: the browser names the last record it got. */
export function follow(id, feed, grown) {
  const source = new EventSource(`/api/traces/${encodeURIComponent(id)}/events`);
  let seen = -1;
  let frame = 0;
  source.onmessage = (message) => {
    const n = Number(message.lastEventId);
    if (Number.isFinite(n) && message.lastEventId !== "") {
      if (n <= seen) return;
      seen = n;
    }
    feed.append(JSON.parse(message.data));
    frame ||= setTimeout(() => {
      frame = 0;
      grown();
    }, 200);
  };
  source.addEventListener("end", () => source.close());
  return source;
}

export { isStatic };
