// The layered layout of Documentation/Layout.md. Integers only, so that its Swift twin agrees.

const LINE_WIDTH = 8;
const THROUGH_WEIGHT = 8;
const ROUNDS = 4;

export const defaults = {
  direction: "TB", cut: 12, nodeGap: 28, lineGap: 10, layerGap: 64, chip: [112, 24],
};

const even = (n) => n + (n & 1);
const floorDiv = (a, b) => Math.floor(a / b);

/** Lays out `{nodes: [{id, w, h}], edges: [{from, to}]}`; see the page for what comes back. */
export function layout(graph, options = {}) {
  const o = { ...defaults, ...options };
  const turned = o.direction === "LR";
  const size = (w, h) => (turned ? [even(h), even(w)] : [even(w), even(h)]);
  const nodes = graph.nodes.map((n) => {
    const [w, h] = size(n.w, n.h);
    return { id: n.id, w, h };
  });
  if (nodes.length === 0) {
    const none = { nodes: [], chips: [], edges: [], stubs: [] };
    return { width: 0, height: 0, layers: 0, crossings: 0, ...none };
  }
  const position = new Map(nodes.map((n, i) => [n.id, i]));
  const edges = graph.edges
    .filter((e) => e.from !== e.to && position.has(e.from) && position.has(e.to))
    .map((e) => ({ from: position.get(e.from), to: position.get(e.to) }));

  const build = makeItems(nodes, edges, assignLayers(nodes.length, edges), o.cut, size(...o.chip));
  const crossings = orderLayers(build);
  placeAcross(build, o);
  placeAlong(build, o.layerGap);
  return collect(build, nodes, edges, crossings, turned);
}

/** Step 1: longest path over positions, then every node moves as near to its use as it can. */
function assignLayers(count, edges) {
  const into = Array.from({ length: count }, () => []);
  const out = Array.from({ length: count }, () => []);
  for (const e of edges) {
    if (e.from >= e.to) continue;
    into[e.to].push(e.from);
    out[e.from].push(e.to);
  }
  const layer = new Array(count).fill(0);
  for (let v = 0; v < count; v++) {
    for (const u of into[v]) layer[v] = Math.max(layer[v], layer[u] + 1);
  }
  for (let v = count - 1; v >= 0; v--) {
    if (out[v].length) layer[v] = out[v].reduce((l, w) => Math.min(l, layer[w]), Infinity) - 1;
  }
  return layer;
}

/** A node, a chip (`out`, `in`) or a line point. All fields at once keep the engine fast. */
class Item {
  up = [];
  down = [];
  index = 0;
  sum = 0;
  count = 0;
  off = 0;
  c = 0;
  y = 0;
  isThrough = false;
  id = "";
  node = 0;
  ends = null;
  segment = 0;

  constructor(kind, key, layer, w, h) {
    this.kind = kind;
    this.key = key;
    this.layer = layer;
    this.w = w;
    this.h = h;
  }
}

/** Step 2: nodes, chips and line points as items in layers, joined by segments. */
function makeItems(nodes, edges, layerOf, cut, [chipW, chipH]) {
  const items = [];
  const segments = [];
  const chipOf = new Map();
  const add = (...fields) => items.push(new Item(...fields)) - 1;
  const join = (a, b) => {
    segments.push({ a, b, start: 0, end: 0 });
    items[a].down.push(b);
    items[b].up.push(a);
    return segments.length - 1;
  };
  const chip = (kind, node, end) => {
    const id = `${kind}:${nodes[node].id}`;
    let index = chipOf.get(id);
    if (index === undefined) {
      const out = kind === "out";
      index = add(kind, node, layerOf[node] + (out ? 1 : -1), chipW, chipH);
      Object.assign(items[index], { id, node, ends: [] });
      chipOf.set(id, index);
      items[index].segment = out ? join(node, index) : join(index, node);
    }
    if (!items[index].ends.includes(end)) items[index].ends.push(end);
  };

  nodes.forEach((n, i) => add("node", i, layerOf[i], n.w, n.h));
  for (const e of edges) {
    const span = layerOf[e.to] - layerOf[e.from];
    e.cut = e.from > e.to || (cut > 0 && span > cut);
    if (e.cut) {
      chip("out", e.from, e.to);
      chip("in", e.to, e.from);
      continue;
    }
    e.line = [];
    e.segments = [];
    let last = e.from;
    for (let l = layerOf[e.from] + 1; l < layerOf[e.to]; l++) {
      const point = add("line", e.from, l, LINE_WIDTH, 0);
      e.line.push(point);
      e.segments.push(join(last, point));
      last = point;
    }
    e.segments.push(join(last, e.to));
  }

  const lowest = items.reduce((least, item) => Math.min(least, item.layer), items[0].layer);
  const layers = [];
  items.forEach((item, serial) => {
    item.layer -= lowest;
    while (layers.length <= item.layer) layers.push([]);
    layers[item.layer].push(serial);
  });
  for (const layer of layers) layer.sort((a, b) => items[a].key - items[b].key || a - b);
  return { items, segments, layers };
}

/** Step 3: barycentre sweeps; the order with the fewest crossings is kept. */
function orderLayers(build) {
  const { items, layers } = build;
  number(build);
  let best = layers.map((l) => l.slice());
  let fewest = crossingsOf(build);
  for (let round = 0; round < ROUNDS && fewest > 0; round++) {
    let moved = false;
    for (let l = 1; l < layers.length; l++) moved = sortLayer(items, layers[l], "up") || moved;
    for (let l = layers.length - 2; l >= 0; l--) moved = sortLayer(items, layers[l], "down") || moved;
    if (!moved) break;
    const crossings = crossingsOf(build);
    if (crossings < fewest) {
      fewest = crossings;
      best = layers.map((l) => l.slice());
    }
  }
  build.layers = best;
  number(build);
  return fewest;
}

function number({ items, layers }) {
  for (const layer of layers) layer.forEach((s, i) => { items[s].index = i; });
}

/** Sorts a layer by the means of neighbours' indices; true if that moved anything. */
function sortLayer(items, layer, side) {
  let isSorted = true;
  let before = null;
  for (const s of layer) {
    const item = items[s];
    const near = item[side];
    item.count = near.length || 1;
    item.sum = near.length ? 0 : item.index;
    for (const n of near) item.sum += items[n].index;
    if (before && before.sum * item.count > item.sum * before.count) isSorted = false;
    before = item;
  }
  if (isSorted) return false;
  layer.sort((a, b) => items[a].sum * items[b].count - items[b].sum * items[a].count);
  layer.forEach((s, i) => { items[s].index = i; });
  return true;
}

/** Inversions of lower indices, over segments sorted by upper index, with a Fenwick tree. */
function crossingsOf({ items, layers }) {
  let total = 0;
  for (let l = 0; l + 1 < layers.length; l++) {
    const size = layers[l + 1].length;
    if (size < 2 || layers[l].length < 2) continue;
    const tree = new Int32Array(size + 1);
    let seen = 0;
    for (const s of layers[l]) {
      const { down } = items[s];
      for (const n of down) {
        total += seen;
        for (let k = items[n].index + 1; k > 0; k -= k & -k) total -= tree[k];
      }
      for (const n of down) {
        for (let k = items[n].index + 1; k <= size; k += k & -k) tree[k] += 1;
      }
      seen += down.length;
    }
  }
  return total;
}

/** Step 4, across the layers: least squares that keep order and gaps. */
function placeAcross({ items, layers }, o) {
  const separation = (a, b) =>
    a.w / 2 + b.w / 2 + (a.kind === "line" && b.kind === "line" ? o.lineGap : o.nodeGap);
  for (const layer of layers) {
    layer.forEach((s, i) => {
      const item = items[s];
      const left = i > 0 ? items[layer[i - 1]] : null;
      item.off = left ? left.off + separation(left, item) : 0;
      item.c = item.off + items[layer[0]].w / 2;
    });
  }
  for (const item of items) item.isThrough = item.up.length > 0 && item.down.length > 0;
  for (let round = 0; round < ROUNDS; round++) {
    let moved = false;
    for (let l = 1; l < layers.length; l++) moved = settle(items, layers[l], true, false) || moved;
    for (let l = layers.length - 2; l >= 0; l--) {
      moved = settle(items, layers[l], false, true) || moved;
    }
    if (!moved) break;
  }
  for (const layer of layers) settle(items, layer, true, true);
  const left = items.reduce((least, item) => Math.min(least, item.c - item.w / 2), Infinity);
  for (const item of items) item.c -= left;
}

/** Where an item would like to stand; items that are passed through are what stands straight. */
function wish(items, item, up, down) {
  let [sum, count, allSum, all] = [0, 0, 0, 0];
  for (const list of [up ? item.up : [], down ? item.down : []]) {
    for (const n of list) {
      const near = items[n];
      allSum += near.c;
      all += 1;
      if (!near.isThrough) continue;
      sum += near.c;
      count += 1;
    }
  }
  if (count > 0) return floorDiv(sum, count);
  return all > 0 ? floorDiv(allSum, all) : item.c;
}

/** Moves a layer as near to its wishes as order and gaps allow; true if anything moved. */
function settle(items, layer, up, down) {
  const blocks = [];
  for (const s of layer) {
    const item = items[s];
    const weight = item.isThrough ? THROUGH_WEIGHT : 1;
    let block = { sum: weight * (wish(items, item, up, down) - item.off), weight, count: 1 };
    while (blocks.length > 0) {
      const left = blocks[blocks.length - 1];
      if (left.sum * block.weight <= block.sum * left.weight) break;
      blocks.pop();
      block = {
        sum: left.sum + block.sum,
        weight: left.weight + block.weight,
        count: left.count + block.count,
      };
    }
    blocks.push(block);
  }
  let i = 0;
  let moved = false;
  for (const block of blocks) {
    const z = floorDiv(block.sum, block.weight);
    for (let k = 0; k < block.count; k++, i++) {
      const item = items[layer[i]];
      moved ||= item.c !== z + item.off;
      item.c = z + item.off;
    }
  }
  return moved;
}

/** Step 4, along the layers. */
function placeAlong(build, layerGap) {
  const { items, layers } = build;
  let top = 0;
  build.bands = layers.map((layer) => {
    const thickness = layer.reduce((most, s) => Math.max(most, items[s].h), 0);
    for (const s of layer) items[s].y = top + thickness / 2 - items[s].h / 2;
    const band = { top, bottom: top + thickness };
    top = band.bottom + layerGap;
    return band;
  });
  const sorted = (numbers, other) =>
    numbers.sort((p, q) => items[other(p)].c - items[other(q)].c || p - q);
  const leaving = items.map(() => []);
  const entering = items.map(() => []);
  build.segments.forEach((s, i) => {
    leaving[s.a].push(i);
    entering[s.b].push(i);
  });
  const port = (item, j, k) => (item.kind === "line"
    ? item.c : item.c - item.w / 2 + floorDiv(item.w * (j + 1), k + 1));
  items.forEach((item, serial) => {
    const out = sorted(leaving[serial], (i) => build.segments[i].b);
    out.forEach((i, j) => { build.segments[i].start = port(item, j, out.length); });
    const into = sorted(entering[serial], (i) => build.segments[i].a);
    into.forEach((i, j) => { build.segments[i].end = port(item, j, into.length); });
  });
}

/** Step 5 and the output, turned back if the graph runs from left to right. */
function collect(build, nodes, edges, crossings, turned) {
  const { items, segments, bands } = build;
  const point = (x, y) => (turned ? [y, x] : [x, y]);
  const box = (item) => {
    const [x, y] = point(item.c - item.w / 2, item.y);
    const [w, h] = point(item.w, item.h);
    return { layer: item.layer, x, y, w, h };
  };
  const bottom = (item) => item.y + item.h;
  const stub = (segment) => {
    const { a, b, start, end } = segments[segment];
    return [point(start, bottom(items[a])), point(end, items[b].y)];
  };
  const route = (e) => {
    const points = [point(segments[e.segments[0]].start, bottom(items[e.from]))];
    for (const s of e.line) {
      const { top, bottom: low } = bands[items[s].layer];
      points.push(point(items[s].c, top));
      if (low > top) points.push(point(items[s].c, low));
    }
    points.push(point(segments[e.segments.at(-1)].end, items[e.to].y));
    return points;
  };
  const chips = items.filter((item) => item.kind === "out" || item.kind === "in");
  const right = items.reduce((most, item) => Math.max(most, item.c + item.w / 2), 0);
  const [width, height] = point(right, bands.at(-1).bottom);
  return {
    width, height, layers: bands.length, crossings,
    nodes: nodes.map((n, i) => ({ id: n.id, ...box(items[i]) })),
    chips: chips.map((c) => ({
      id: c.id, kind: c.kind, node: nodes[c.node].id, ends: c.ends.map((e) => nodes[e].id),
      ...box(c),
    })),
    edges: edges.map((e) => {
      const ends = { from: nodes[e.from].id, to: nodes[e.to].id };
      return e.cut
        ? { ...ends, out: `out:${ends.from}`, in: `in:${ends.to}` } : { ...ends, points: route(e) };
    }),
    stubs: chips.map((c) => ({ chip: c.id, points: stub(c.segment) })),
  };
}
