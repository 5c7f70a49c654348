// The Knowledge Check: ten questions, each with a trace that proves its answer.
import { h } from "../dom.js";
import { settings } from "../address.js";
import { setTitle } from "../shell.js";
import { shuffled } from "./order.js";
import { addStyle, content, inline } from "./prose.js";
import { questionForm } from "./question.js";
import { answered, asked, begin, position, restored, retry, score } from "./quiz-state.js";

export async function show(main) {
  await addStyle("/assets/pages/learn.css");
  main.classList.add("learn");
  setTitle("Knowledge Check");
  const quiz = await content("quiz.json");
  const place = h("section", { class: "quiz", "aria-label": "Questions" });
  main.replaceChildren(h("h1", {}, "Knowledge Check"),
    h("p", { class: "lead" }, "Ten questions. After each answer, Show me opens the recorded computation at the moment "
      + "that proves it. What you answer stays in this browser."),
    place, concepts(quiz.concepts));
  new Quiz(quiz, place).draw();
  window.__ready = true;
}

const newSeed = () => Math.floor(Math.random() * 1e6);

class Quiz {
  constructor({ questions, topics }, place) {
    this.questions = questions;
    this.topics = topics;
    this.place = place;
    const asked = Number(new URLSearchParams(location.search).get("seed"));
    const seed = Number.isInteger(asked) && asked > 0 ? asked : newSeed();
    this.state = restored(settings.get("quiz", ""), questions, seed);
  }

  set(state) {
    this.state = state;
    settings.set("quiz", JSON.stringify(state));
  }

  draw({ move = false } = {}) {
    const list = asked(this.state, this.questions, shuffled);
    const at = position(this.state, list);
    if (at === list.length) this.#results(move);
    else this.#question(list, at, move);
  }

  #question(list, at, move) {
    const question = list[at];
    const heading = h("h2", { tabindex: -1 }, `Question ${at + 1} of ${list.length}`);
    const next = h("button", { type: "button", hidden: true, onclick: () => this.draw({ move: true }) },
      at + 1 === list.length ? "See the result" : "Next question");
    const form = questionForm(question, {
      seed: this.state.seed,
      onanswer: (choice) => {
        this.set(answered(this.state, question.id, choice));
        // One answer each: what counts is the first.
        for (const input of form.querySelectorAll("input, button[type=submit]")) input.disabled = true;
        next.hidden = false;
      },
      after: () => [h("p", {}, showMe(question))],
    });
    this.place.replaceChildren(heading,
      h("p", { class: "note" }, `Topic: ${this.topics[question.id]}`), form, h("p", {}, next));
    if (move) heading.focus();
  }

  #results(move) {
    const result = score(this.state, this.questions);
    const heading = h("h2", { tabindex: -1, "data-score": result.right }, `${result.right} of ${result.of} right`);
    const byId = new Map(this.questions.map((q) => [q.id, q]));
    const again = h("button", { type: "button", onclick: () => {
      this.set(retry(this.state, this.questions));
      this.draw({ move: true });
    } }, result.wrong.length === 1 ? "Try the wrong one again" : `Try the ${result.wrong.length} wrong ones again`);
    const fresh = h("button", { type: "button", class: "quiet", onclick: () => {
      this.set(begin(newSeed()));
      this.draw({ move: true });
    } }, "Begin afresh, in another order");
    this.place.replaceChildren(heading,
      h("p", {}, result.wrong.length === 0 ? "Nothing is left to explain." : "What went wrong is worth another look: each topic leads to its proof."),
      h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Result by topic" },
        h("table", { class: "plain" }, h("caption", {}, "By topic"),
          h("thead", {}, h("tr", {}, ["Topic", "Result", "Proof"].map((t) => h("th", { scope: "col" }, t)))),
          h("tbody", {}, result.topics.map((topic) => h("tr", {},
            h("th", { scope: "row" }, this.topics[topic.id]),
            h("td", { class: topic.right ? "right" : "wrong" }, topic.right ? "right" : "wrong"),
            h("td", {}, showMe(byId.get(topic.id)))))))),
      h("p", { class: "actions" }, result.wrong.length ? again : null, fresh));
    if (move) heading.focus();
  }
}

const showMe = (question) => h("a", {
  href: `/graph/${question.trace}?i=${question.atEvent}`, class: "show-me",
  "aria-label": `Show me: ${question.trace.split(":")[1].replaceAll("_", " ")}, event ${question.atEvent}`,
}, "Show me");

/** Questions without choices: one writes, then compares. */
function concepts(list) {
  const card = (concept) => {
    const model = h("div", { class: "model", hidden: true },
      h("h4", { tabindex: -1 }, "A model answer"), h("p", {}, inline(concept.model)),
      h("p", {}, "Does yours mention"), h("ul", {}, concept.points.map((point) => h("li", {}, inline(point)))));
    const hint = h("p", { class: "note", role: "alert" });
    const area = h("textarea", { id: `concept-${concept.id}`, rows: 5, "aria-labelledby": `title-${concept.id}` });
    const button = h("button", { type: "button", class: "quiet", onclick: () => {
      hint.textContent = area.value.trim() ? "" : "Write a sentence or two first; comparing is what helps.";
      if (!area.value.trim()) return area.focus();
      model.hidden = false;
      model.firstChild.focus();
    } }, "Compare with a model answer");
    return h("article", { class: "concept", "data-concept": concept.id },
      h("h3", { id: `title-${concept.id}` }, concept.question), area, hint, h("p", {}, button), model);
  };
  return h("section", { "aria-labelledby": "concepts" },
    h("h2", { id: "concepts" }, "In your own words"),
    h("p", {}, "Three questions without choices. What you write is not sent anywhere."), list.map(card));
}
