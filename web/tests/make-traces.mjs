// Writes the traces of the viewer's tests anew: node web/tests/make-traces.mjs
// `x2_plus_3x.jsonl` is written by hand and stays.
import { writeFileSync } from "node:fs";
import { programs } from "./programs.mjs";

for (const [name, program] of Object.entries(programs)) {
  writeFileSync(new URL(`fixtures/traces/${name}.jsonl`, import.meta.url), program());
}
