// A question with four choices, as a form that keyboard and screen reader know.
import { h } from "../dom.js";
import { shuffled, seedOf } from "./order.js";
import { codeBlock, inline } from "./prose.js";

/**
 * `question` has id, stem, code, choices, answer, why. `chosen` is an earlier answer.
 * `onanswer(choice)` hears of each answer; `after` gives elements that follow the reason.
 */
export function questionForm(question, { seed = 0, level = 3, values = {}, chosen = null, onanswer = () => {}, after = () => [] }) {
  const order = shuffled(question.choices.length, seedOf(question.id, seed));
  const name = `question-${question.id}`;
  const result = h("div", { class: "outcome", "data-result": question.id });
  const hint = h("p", { class: "note", role: "alert" });
  const button = h("button", { type: "submit" }, "Check");
  const labels = order.map((choice) => h("label", { class: "choice" },
    h("input", { type: "radio", name, value: choice, checked: choice === chosen }),
    h("span", {}, inline(question.choices[choice], values))));
  const form = h("form", { class: "question", "data-question": question.id, onsubmit: answer },
    h("fieldset", {}, h("legend", {}, inline(question.stem, values)),
      question.code ? codeBlock(question.code, "Swift of the question") : null, labels),
    hint, button, result);

  function answer(event) {
    event.preventDefault();
    const choice = form.querySelector("input:checked");
    hint.textContent = choice ? "" : "Choose one of the answers first.";
    if (!choice) return form.querySelector("input").focus();
    onanswer(Number(choice.value));
    show(Number(choice.value), true);
  }

  function show(choice, move) {
    const isRight = choice === question.answer;
    for (const label of labels) {
      const value = Number(label.firstChild.value);
      const verdict = value === question.answer ? "right" : value === choice ? "wrong" : null;
      label.querySelector(".verdict")?.remove();
      if (verdict) {
        label.dataset.verdict = verdict;
        label.append(h("span", { class: "verdict" }, verdict === "right" ? "right" : "your answer"));
      } else delete label.dataset.verdict;
    }
    const heading = h(`h${level}`, { tabindex: -1, class: isRight ? "right" : "wrong" }, isRight ? "Right" : "Not quite");
    result.replaceChildren(heading,
      isRight ? "" : h("p", {}, "The answer is: ", inline(question.choices[question.answer], values), "."),
      h("p", {}, inline(question.why, values)), ...after(isRight));
    if (move) heading.focus();
  }

  if (chosen !== null) show(chosen, false);
  return form;
}
