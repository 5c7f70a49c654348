// What a reader has answered, and what that comes to. Nothing here touches the page.

/** A fresh run through the questions, in the order of the seed. */
export const begin = (seed) => ({ seed, answers: {}, only: null });

/** The questions of this run, in the order they are asked; `shuffle(count, seed)` gives it. */
export function asked(state, questions, shuffle) {
  const order = shuffle(questions.length, state.seed).map((i) => questions[i]);
  return state.only ? order.filter((q) => state.only.includes(q.id)) : order;
}

export const answered = (state, id, choice) => ({ ...state, answers: { ...state.answers, [id]: choice } });

/** The position of the first question without an answer; their number where all have one. */
export function position(state, list) {
  const at = list.findIndex((q) => !(q.id in state.answers));
  return at < 0 ? list.length : at;
}

/** How many are right, which are wrong, and the same by topic. */
export function score(state, questions) {
  const given = questions.filter((q) => q.id in state.answers);
  const isRight = (q) => state.answers[q.id] === q.answer;
  const topics = new Map();
  for (const q of given) {
    const topic = topics.get(q.id) ?? { id: q.id, right: 0, of: 0 };
    topic.of += 1;
    topic.right += isRight(q) ? 1 : 0;
    topics.set(q.id, topic);
  }
  return {
    right: given.filter(isRight).length, of: given.length,
    wrong: given.filter((q) => !isRight(q)).map((q) => q.id), topics: [...topics.values()],
  };
}

/** Another run, over the questions that went wrong; the right answers stay. */
export function retry(state, questions) {
  const { wrong } = score(state, questions);
  const answers = Object.fromEntries(Object.entries(state.answers).filter(([id]) => !wrong.includes(id)));
  return { seed: state.seed + 1, answers, only: wrong };
}

/** What was stored, if it still fits the questions; else a fresh run. */
export function restored(text, questions, seed) {
  try {
    const state = JSON.parse(text);
    const known = new Set(questions.map((q) => q.id));
    const fits = Number.isInteger(state.seed) && Object.keys(state.answers).every((id) => known.has(id))
      && Object.values(state.answers).every((c) => Number.isInteger(c) && c >= 0 && c < 4)
      && (state.only === null || state.only.every((id) => known.has(id)));
    if (fits) return state;
  } catch {
    // Nothing was stored, or something else.
  }
  return begin(seed);
}
