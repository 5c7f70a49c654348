// Lessons: the list, and each one with its program, its steppers and its questions.
import { h } from "../dom.js";
import { settings } from "../address.js";
import { setTitle } from "../shell.js";
import { call } from "../sources.js";
import { embedded } from "./embedded.js";
import { addStyle, codeBlock, content, inline, paragraphs, table, valueText } from "./prose.js";
import { questionForm } from "./question.js";

export async function show(main, [id]) {
  await addStyle("/assets/pages/learn.css");
  main.classList.add("learn");
  const { lessons } = await content("lessons/index.json");
  if (id === undefined) await showList(main, lessons);
  else await showLesson(main, id, lessons);
  window.__ready = true;
}

const doneChecks = () => new Set(settings.get("checks", "").split(" ").filter(Boolean));

const valuesOf = (lesson) =>
  Object.fromEntries([...lesson.claims, ...lesson.facts].map((c) => [c.id, c.value]));

async function showList(main, ids) {
  setTitle("Lessons");
  const lessons = await Promise.all(ids.map((id) => content(`lessons/${id}.json`)));
  const done = doneChecks();
  const item = (lesson) => {
    const solved = lesson.checks.filter((c) => done.has(c.id)).length;
    return h("li", {}, h("a", { href: `/learn/${lesson.id}` }, lesson.title),
      h("p", {}, inline(lesson.summary)),
      h("p", { class: "note" }, solved === lesson.checks.length ? "All Quick Checks solved"
        : `${solved} of ${lesson.checks.length} Quick Checks solved`));
  };
  main.replaceChildren(h("h1", {}, "Lessons"),
    h("p", { class: "lead" }, "From the first slope to laws of nature. Each lesson is a program that "
      + "runs, a graph to step through, and a question or two. Every result in the text was computed by the library."),
    h("ol", { class: "lessons" }, lessons.map(item)),
    h("p", {}, "Afterwards: the ", h("a", { href: "/quiz" }, "Knowledge Check"), " and the ",
      h("a", { href: "/exercises" }, "exercises"), "."));
}

async function showLesson(main, id, ids) {
  const at = ids.indexOf(id);
  if (at < 0) throw new Error(`There is no lesson called ${id}.`);
  const lesson = await content(`lessons/${id}.json`);
  setTitle(lesson.title);
  const values = valuesOf(lesson);
  main.replaceChildren(
    h("p", { class: "crumb" }, h("a", { href: "/learn" }, "Lessons"), ` ${at + 1} of ${ids.length}`),
    h("h1", {}, lesson.title), h("p", { class: "lead" }, inline(lesson.summary, values)),
    ...lesson.sections.map((section) => sectionOf(section, values)),
    h("section", { "aria-labelledby": "checks" }, h("h2", { id: "checks" }, "Quick Check"),
      lesson.checks.map((check) => quickCheck(check, values))),
    numbers(lesson), await neighbours(ids, at));
}

const sectionOf = (section, values) => h("section", {},
  h("h2", {}, inline(section.heading, values)), paragraphs(section.text, values),
  section.table ? table(section.table, values) : null,
  section.code ? codeBlock(section.code) : null, paragraphs(section.after, values),
  section.stepper ? embedded(section.stepper.example, inline(section.stepper.note, values)) : null);

function quickCheck(check, values) {
  return questionForm({ ...check, stem: check.question }, {
    values,
    onanswer(choice) {
      const done = doneChecks();
      if (choice === check.answer) done.add(check.id);
      settings.set("checks", [...done].join(" "));
    },
  });
}

/** Every number of the lesson, and what the server finds now. */
function numbers(lesson) {
  const cells = new Map(lesson.claims.map((claim) => [claim.id, h("td", { "data-now": claim.id }, "not asked yet")]));
  const status = h("p", { role: "status" });
  const button = h("button", { type: "button", class: "quiet", onclick: compute }, "Compute them now");
  async function compute() {
    status.textContent = "Computing.";
    try {
      const found = await (await call(`/api/claims/${lesson.id}`)).json();
      let wrong = 0;
      for (const claim of lesson.claims) {
        const text = valueText(found[claim.id]);
        cells.get(claim.id).textContent = text;
        if (text !== valueText(claim.value)) wrong += 1;
      }
      status.textContent = wrong === 0 ? "All of them agree with the text."
        : `${wrong} differ from the text: please report it.`;
    } catch (error) {
      status.textContent = error.message;
    }
  }
  return h("details", { class: "numbers" }, h("summary", {}, "The numbers of this lesson"),
    h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Numbers of this lesson" },
      h("table", { class: "plain" }, h("caption", {}, "What the text states, and what the library computes"),
        h("thead", {}, h("tr", {}, ["What", "In the text", "Computed now"].map((t) => h("th", { scope: "col" }, t)))),
        h("tbody", {}, lesson.claims.map((claim) => h("tr", {}, h("th", { scope: "row" }, claim.claim),
          h("td", {}, valueText(claim.value)), cells.get(claim.id)))))),
    h("p", {}, button), status,
    lesson.facts.length ? h("ul", { class: "note" }, lesson.facts.map((fact) => h("li", {}, `${fact.value}: ${fact.source}.`))) : null);
}

async function neighbours(ids, at) {
  const link = async (i, word) => {
    if (ids[i] === undefined) return null;
    const { title } = await content(`lessons/${ids[i]}.json`);
    return h("a", { href: `/learn/${ids[i]}`, rel: word.toLowerCase() }, `${word}: ${title}`);
  };
  return h("nav", { class: "neighbours", "aria-label": "Neighbouring lessons" },
    await link(at - 1, "Previous"),
    await link(at + 1, "Next") ?? h("a", { href: "/quiz" }, "Next: the Knowledge Check"));
}
