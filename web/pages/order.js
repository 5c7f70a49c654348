// Orders that look like chance and can be had again.

/** Numbers from 0 to 1, the same ones for the same seed. */
export function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A number that stands for a text. */
export function seedOf(text, seed = 0) {
  let hash = 2166136261 ^ seed;
  for (const c of text) hash = Math.imul(hash ^ c.codePointAt(0), 16777619);
  return hash >>> 0;
}

/** The positions 0 to count - 1 in an order of the seed. */
export function shuffled(count, seed) {
  const next = chance(seed);
  const order = [...Array(count).keys()];
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
