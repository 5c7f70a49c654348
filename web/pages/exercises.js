// Exercises: the list, and each one with its form. Answers are judged by the server.
import { h } from "../dom.js";
import { settings } from "../address.js";
import { setTitle } from "../shell.js";
import { call } from "../sources.js";
import { ExerciseForm } from "./exercise-form.js";
import { LoopForm } from "./loop-form.js";
import { addStyle, codeBlock, content, paragraphs } from "./prose.js";
import { showVerdict } from "./verdict.js";

export async function show(main, [id]) {
  await addStyle("/assets/pages/learn.css");
  main.classList.add("learn");
  const { exercises } = await content("exercises.json");
  if (id === undefined) showList(main, exercises);
  else showExercise(main, id, exercises);
  window.__ready = true;
}

const solved = () => new Set(settings.get("exercises", "").split(" ").filter(Boolean));

function showList(main, exercises) {
  setTitle("Exercises");
  const done = solved();
  main.replaceChildren(h("h1", {}, "Exercises"),
    h("p", { class: "lead" }, "Five tasks. The server tries your answers with the library: formulas at random points, "
      + "loops by running them. Each can be done in Swift as well."),
    h("ol", { class: "lessons" }, exercises.map((exercise) => h("li", {},
      h("a", { href: `/exercises/${exercise.id}` }, exercise.title),
      paragraphs(exercise.text.slice(0, 1)),
      h("p", { class: "note" }, done.has(exercise.id) ? "Solved in this browser" : "Not solved yet")))));
}

function showExercise(main, id, exercises) {
  const at = exercises.findIndex((e) => e.id === id);
  if (at < 0) throw new Error(`There is no exercise called ${id}.`);
  const exercise = exercises[at];
  setTitle(exercise.title);
  const place = h("div", { class: "outcome", "data-outcome": id });
  const problem = h("p", { role: "alert", class: "note" });
  const Form = exercise.blocks ? LoopForm : ExerciseForm;
  const form = new Form(exercise, check);

  async function check(answer) {
    problem.textContent = "";
    form.busy(true);
    try {
      const verdict = await (await call(`/api/check/${id}`, answer)).json();
      form.mark(verdict);
      showVerdict(place, verdict, exercise);
      if (verdict.right) settings.set("exercises", [...solved().add(id)].join(" "));
    } catch (error) {
      place.replaceChildren();
      problem.textContent = error.message;
    }
    form.busy(false);
  }

  main.replaceChildren(
    h("p", { class: "crumb" }, h("a", { href: "/exercises" }, "Exercises"), ` ${at + 1} of ${exercises.length}`),
    h("h1", {}, exercise.title), ...paragraphs(exercise.text), form.element, problem, place,
    inSwift(exercise), next(exercises, at));
}

const inSwift = (exercise) => h("section", {}, h("h2", {}, "In Swift"),
  h("p", {}, "The same task as a file to finish. The command compiles it with a few tests and says what is right and wrong."),
  codeBlock([`adjoint exercise start ${exercise.id}`, `adjoint exercise check ${exercise.file}`], "Commands"));

const next = (exercises, at) => h("nav", { class: "neighbours", "aria-label": "Neighbouring exercises" },
  exercises[at - 1] ? h("a", { href: `/exercises/${exercises[at - 1].id}` }, `Previous: ${exercises[at - 1].title}`) : null,
  exercises[at + 1] ? h("a", { href: `/exercises/${exercises[at + 1].id}` }, `Next: ${exercises[at + 1].title}`) : null);
