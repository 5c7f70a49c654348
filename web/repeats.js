// Blocks that repeat: neighbours of the same make fold to one node, "Block × 12". Opened, it shows
// the block that was picked, with those before and after it folded on their own.

/** So many neighbours of the same make fold. */
const LEAST = 3;

const groupId = (first, part) => `${part}${first}`;

/** What a scope is made of: its class, its operations and how they hang together, as text. */
function makeOf(scope, inside, trace, tree) {
  const place = new Map(scope.members.map((id, i) => [id, i]));
  const parts = scope.members.map((id) => {
    const node = trace.nodes.get(id);
    const from = node.inputs.map((input) => {
      if (input.tensor === undefined) return String(input.scalar);
      const maker = trace.tensors.get(input.tensor)?.producer?.[0];
      return place.has(maker) ? place.get(maker) : "·";
    });
    return `${node.op}(${from})`;
  });
  const within = inside.map((child) => `${child.cls ?? child.kind}:${child.members.length}`);
  return [scope.cls ?? scope.kind, scope.kind, ...within, ...parts].join(" ");
}

/**
 * Folds runs of like siblings in a tree of scopes. `picks` holds, by the key of a run, which of its
 * blocks is shown when the run is open; the first where nothing was picked.
 */
export function foldRepeats(trace, tree, picks) {
  const { scopes } = tree;
  const byParent = new Map();
  for (const scope of scopes.values()) {
    if (!scope.members.length || scope.kind === "part") continue;
    const parent = scopes.has(scope.parent) ? scope.parent : null;
    byParent.set(parent, [...(byParent.get(parent) ?? []), scope]);
  }
  for (const [parent, siblings] of byParent) {
    if (siblings.length < LEAST) continue;
    siblings.sort((a, b) => a.members[0] - b.members[0]);
    const makes = siblings.map((s) => makeOf(s, byParent.get(s.id) ?? [], trace, tree));
    for (let i = 0; i < siblings.length;) {
      let end = i + 1;
      while (end < siblings.length && makes[end] === makes[i]) end += 1;
      if (end - i >= LEAST) fold(scopes, parent, siblings.slice(i, end), picks);
      i = end;
    }
  }
}

function fold(scopes, parent, blocks, picks) {
  const id = groupId(blocks[0].id, "r");
  const key = `s${id}`;
  const title = blocks[0].cls ?? blocks[0].name;
  const members = blocks.flatMap((b) => b.members);
  const picked = Math.min(picks.get(key) ?? 0, blocks.length - 1);
  const group = (groupName, list) => {
    if (list.length === 0) return;
    const partId = groupId(blocks[0].id, groupName);
    scopes.set(partId, {
      id: partId, key: `s${partId}`, parent: id, name: `${title} × ${list.length}`, cls: groupName === "b" ? "before" : "after",
      kind: "repeated", repeat: key, members: list.flatMap((b) => b.members),
    });
    for (const block of list) block.parent = partId;
  };
  scopes.set(id, {
    id, key, parent, name: `${title} × ${blocks.length}`, kind: "repeat", repeat: key, members,
    blocks: blocks.map((b) => b.name), picked, pickedKey: blocks[picked].key,
  });
  blocks[picked].parent = id;
  group("b", blocks.slice(0, picked));
  group("a", blocks.slice(picked + 1));
}
