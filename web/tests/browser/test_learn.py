"""Lessons, quiz and exercises as a reader uses them, by keyboard as well."""
import json
import re

import pytest
from playwright.sync_api import expect

from conftest import ROOT
from test_access import MODES, violations

WEB = ROOT / "web"

LESSONS = json.loads((WEB / "content/lessons/index.json").read_text())["lessons"]
QUIZ = json.loads((WEB / "content/quiz.json").read_text())
PAGES = [
    "/learn", "/learn/control", "/quiz?seed=4", "/exercises", "/exercises/training-loop",
    "/exercises/mini-autograd", "/help",
]

def show(page, running, path):
    page.goto(running.url + path)
    page.wait_for_function("window.__ready")


@pytest.fixture
def context_options(request):
    return MODES[getattr(request, "param", "light")]


@pytest.mark.parametrize("context_options", ["320", "zoom"], indirect=True)
def test_nothing_is_wider_than_the_page(page, running):
    for path in PAGES + [f"/learn/{id}" for id in LESSONS]:
        show(page, running, path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


@pytest.mark.parametrize("context_options", ["320"], indirect=True)
def test_targets_are_large_enough(page, running):
    for path in PAGES:
        show(page, running, path)
        small = page.evaluate(
            """[...document.querySelectorAll('button, summary, select, .choice, .actions a, .lessons > li > a')]
            .map((e) => [e.textContent, e.getBoundingClientRect()])
            .filter(([, b]) => b.width > 0 && (b.width < 24 || b.height < 24)).map(([t]) => t)"""
        )
        assert small == [], path


def test_every_lesson_opens(page, running):
    show(page, running, "/learn")
    links = page.locator(".lessons > li > a")
    expect(links).to_have_count(len(LESSONS))
    assert [a.get_attribute("href") for a in links.all()] == [f"/learn/{id}" for id in LESSONS]
    for id in LESSONS:
        show(page, running, f"/learn/{id}")
        lesson = json.loads((WEB / f"content/lessons/{id}.json").read_text())
        expect(page.locator("h1")).to_have_text(lesson["title"])
        expect(page.locator("pre.swift")).to_have_count(sum("code" in s for s in lesson["sections"]))
        texts = page.locator("main p, main td, main .choice").all_inner_texts()
        assert not any(re.search(r"\{[A-Za-z]+\}", text) for text in texts)
        shown = page.locator("[data-claim]").evaluate_all("all => all.map((e) => [e.dataset.claim, e.textContent])")
        values = {c["id"]: c["value"] for c in lesson["claims"]}
        for name, text in shown:
            if name in values:
                assert text.replace(" ", "") == json.dumps(values[name]).replace(" ", "").replace('"', "")


def test_a_quick_check_by_keyboard(page, running):
    show(page, running, "/learn/leaves")
    form = page.locator("form.question").first
    check = json.loads((WEB / "content/lessons/leaves.json").read_text())["checks"][0]
    form.get_by_role("button", name="Check").focus()
    page.keyboard.press("Enter")
    expect(form.get_by_role("alert")).to_have_text("Choose one of the answers first.")
    assert page.evaluate("document.activeElement.type") == "radio"
    wrong = (check["answer"] + 1) % 4
    form.locator(f"input[value='{wrong}']").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_text("Not quite")
    form.locator(f"input[value='{check['answer']}']").check()
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_text("Right")
    show(page, running, "/learn")
    expect(page.locator(".lessons > li").nth(2)).to_contain_text("1 of 2 Quick Checks solved")


def test_a_stepper_opens_in_the_lesson_and_closes(page, running):
    show(page, running, "/learn/what")
    box = page.locator(".embedded").first
    box.get_by_role("button", name="Step through it here").press("Enter")
    expect(box.locator("[data-canvas] .node").first).to_be_visible()
    expect(page.locator("h1")).to_have_count(1)
    assert page.evaluate("document.activeElement.tagName") == "H3"
    box.get_by_role("button", name="Forward pass").click()
    box.get_by_role("button", name="Close the stepper").press("Enter")
    expect(box.locator("[data-canvas]")).to_have_count(0)
    expect(page.locator(":focus")).to_have_text("Step through it here")
    assert page.url.endswith("/learn/what")


def answer(page, choose):
    """Answers the question that is shown, by keyboard; gives the question."""
    form = page.locator("form.question")
    question = next(q for q in QUIZ["questions"] if q["id"] == form.get_attribute("data-question"))
    form.locator(f"input[value='{choose(question)}']").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    return question


def test_the_quiz_from_end_to_end(page, running):
    show(page, running, "/quiz?seed=4")
    first = page.locator("form.question").get_attribute("data-question")
    order = page.locator(".choice").all_inner_texts()
    page.evaluate("localStorage.clear()")
    show(page, running, "/quiz?seed=4")
    assert page.locator("form.question").get_attribute("data-question") == first
    assert page.locator(".choice").all_inner_texts() == order
    for n in range(10):
        expect(page.locator(".quiz h2")).to_have_text(f"Question {n + 1} of 10")
        is_wrong = n in (2, 5)
        question = answer(page, lambda q: (q["answer"] + 1) % 4 if is_wrong else q["answer"])
        expect(page.locator(":focus")).to_have_text("Not quite" if is_wrong else "Right")
        link = page.get_by_role("link", name=re.compile("^Show me"))
        assert link.get_attribute("href") == f"/graph/{question['trace']}?i={question['atEvent']}"
        expect(page.locator(".quiz")).to_contain_text(question["why"].replace("`", "")[:30])
        if n == 4:
            show(page, running, "/quiz")  # what was answered is still there
        else:
            page.get_by_role("button", name=re.compile("Next question|See the result")).press("Enter")
    expect(page.locator(":focus")).to_have_text("8 of 10 right")
    expect(page.locator(".quiz td.wrong")).to_have_count(2)
    page.get_by_role("button", name="Try the 2 wrong ones again").press("Enter")
    for n in range(2):
        expect(page.locator(".quiz h2")).to_have_text(f"Question {n + 1} of 2")
        answer(page, lambda q: q["answer"])
        page.get_by_role("button", name=re.compile("Next question|See the result")).press("Enter")
    expect(page.locator(":focus")).to_have_text("10 of 10 right")
    page.get_by_role("button", name="Begin afresh").press("Enter")
    expect(page.locator(".quiz h2")).to_have_text("Question 1 of 10")


def test_an_answer_in_ones_own_words(page, running):
    show(page, running, "/quiz?seed=4")
    card = page.locator("[data-concept=leaves]")
    card.get_by_role("button").press("Enter")
    expect(card.get_by_role("alert")).to_contain_text("Write a sentence")
    expect(card.locator(".model")).to_be_hidden()
    card.get_by_role("textbox").fill("A leaf is made by the program.")
    card.get_by_role("button").press("Enter")
    expect(card.locator(".model")).to_be_visible()
    expect(page.locator(":focus")).to_have_text("A model answer")


def test_lines_of_the_loop_move_by_keyboard(page, running):
    show(page, running, "/exercises/training-loop")
    loop = page.locator("ol.loop > li")
    names = lambda: loop.evaluate_all("all => all.map((e) => e.dataset.block)")  # noqa: E731
    assert names() == ["predict", "sumOutputs", "backward", "step"]
    page.get_by_role("button", name="Take out: let loss = prediction.sum()").press("Enter")
    page.get_by_role("button", name="Add let loss = mseLoss").press("Enter")
    page.get_by_role("button", name="Add optimizer.zeroGrad()").press("Enter")
    assert names() == ["predict", "backward", "step", "compare", "zeroGrad"]
    page.get_by_role("button", name="Move up: let loss = mseLoss").press("Enter")
    page.keyboard.press("Enter")  # the focus went along
    assert names() == ["predict", "compare", "backward", "step", "zeroGrad"]
    expect(page.get_by_role("status")).to_contain_text("is now line 2 of 5")


def test_the_mended_loop_is_run(page, running):
    show(page, running, "/exercises/training-loop")
    page.get_by_role("button", name="Run it").press("Enter")
    expect(page.locator(":focus")).to_have_text("Not yet")
    expect(page.locator(".findings")).to_contain_text("the sum of the outputs smaller")
    page.get_by_role("button", name="Take out: let loss = prediction.sum()").click()
    page.get_by_role("button", name="Add let loss = mseLoss").click()
    page.get_by_role("button", name="Add optimizer.zeroGrad()").click()
    for _ in range(2):
        page.get_by_role("button", name="Move up: let loss = mseLoss").click()
    page.get_by_role("button", name="Run it").press("Enter")
    expect(page.locator(":focus")).to_have_text("All right")
    page.locator(".rounds summary").click()
    expect(page.locator(".rounds tbody tr")).to_have_count(40)
    assert violations(page) == []


def test_the_chain_rule_is_judged(page, running):
    show(page, running, "/exercises/chain-rule")
    page.get_by_label("df/dx at (1, 2)").fill("54")
    page.get_by_label("df/dy at (1, 2)").fill("9")
    page.get_by_label("df/dx as a formula").fill("3*(x**2 + y)**2")
    page.get_by_label("df/dy as a formula").fill("3*(x**2 +")
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_text("A formula cannot be read")
    broken = page.get_by_label("df/dy as a formula")
    expect(broken).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#chain-rule-dyFormula-problem")).to_contain_text("^")
    expect(page.locator(".findings")).to_contain_text("differs from the library")
    expect(page.locator(".findings tbody tr")).to_have_count(5)
    verdicts = page.locator(".findings > li").evaluate_all("all => all.map((e) => e.dataset.verdict)")
    assert verdicts == ["wrong", "right", "wrong", "wrong"]
    assert violations(page) == []
    broken.fill("3*(x**2 + y)**2")
    page.get_by_label("df/dx as a formula").fill("6*x*(x**2 + y)**2")
    page.get_by_label("df/dy at (1, 2)").fill("27")
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_text("All right")
    show(page, running, "/exercises")
    expect(page.locator(".lessons > li").first).to_contain_text("Solved in this browser")


def test_the_other_forms_are_judged(page, running):
    show(page, running, "/exercises/absolute-value")
    page.get_by_label("What goes out").fill("g * x / abs(x)")
    page.keyboard.press("Enter")
    expect(page.locator(".findings")).to_contain_text("0 divided by 0")
    page.get_by_label("What goes out").fill("g * where(x > 0, 1, where(x < 0, -1, 0))")
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_text("All right")
    show(page, running, "/exercises/higher-order")
    page.get_by_label("Second derivative at 1").fill("8")
    page.get_by_label("Third derivative at 1").fill("24")
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_text("All right")
    show(page, running, "/exercises/mini-autograd")
    rules = {
        "a + b: what goes out to a": "g", "a + b: what goes out to b": "g",
        "a * b: what goes out to a": "g * b", "a * b: what goes out to b": "g * a",
        "a ** n: what goes out to a": "g * n * a ** (n - 1)",
    }
    for label, rule in rules.items():
        page.get_by_label(label).fill(rule)
    page.get_by_label("it takes the place of the first").check()
    page.get_by_label("from the last made to the first").check()
    page.get_by_role("button", name="Check").press("Enter")
    expect(page.locator(":focus")).to_have_text("Not yet")
    page.get_by_label("it is added to the first").check()
    page.get_by_role("button", name="Check").press("Enter")
    expect(page.locator(":focus")).to_have_text("All right")


def test_the_numbers_of_a_lesson_are_computed_anew(page, running):
    for id in LESSONS:
        show(page, running, f"/learn/{id}")
        page.locator(".numbers summary").click()
        page.get_by_role("button", name="Compute them now").click()
        expect(page.locator(".numbers [role=status]")).to_have_text("All of them agree with the text.")


def test_show_me_opens_the_proof(page, running):
    for question in QUIZ["questions"]:
        show(page, running, f"/graph/{question['trace']}?i={question['atEvent']}")
        position = page.get_by_role("slider").first
        expect(position).to_be_visible()
        assert page.evaluate("new URLSearchParams(location.search).get('i')") == str(question["atEvent"])
