"""The studio's pages with the studio itself behind them: ADJOINT_STUDIO names the command."""
import os
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.skipif(
    not os.environ.get("ADJOINT_STUDIO"), reason="ADJOINT_STUDIO names no command"
)
PAGES = ["/", "/accumulate", "/train", "/doctor", "/doctor/example:where_nan", "/doctor/example:inplace",
         "/memory/example:mlp", "/compare?a=example:mlp&b=example:rnn", "/curves", "/graph/example:x2_plus_3x"]
MODES = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "moving": {"reduced_motion": "no-preference"},
    "320": {"viewport": {"width": 320, "height": 640}},
    "zoom": {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2},
}


@pytest.fixture
def context_options(request):
    return MODES[getattr(request, "param", "light")]


@pytest.mark.parametrize("context_options", MODES, indirect=True)
@pytest.mark.parametrize("path", PAGES)
def test_axe(page, studio, path):
    page.goto(studio.url + path)
    page.wait_for_function("window.__ready")
    found = Axe().run(page).response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"][:3]]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_home_leads_to_the_first_example(page, studio):
    page.goto(studio.url)
    link = page.get_by_role("main").get_by_role("link").first
    expect(link).to_have_text("x² + 3x")
    link.click()
    expect(page).to_have_url(re.compile("/graph/example:x2_plus_3x$"))
    expect(page.get_by_role("button", name="Forward pass")).to_be_visible()


def test_accumulation_bug_and_fix(page, studio):
    page.goto(studio.url + "/accumulate?steps=5&seed=7")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_test_id("diff-to-big-batch")).to_have_text("max |Δ| = 0.000000")
    bug = [float(t) for t in page.locator("[data-col=bug] [data-grad]").all_inner_texts()]
    good = [float(t) for t in page.locator("[data-col=correct] [data-grad]").all_inner_texts()]
    inc = [float(t) for t in page.locator("[data-col=bug] [data-incoming]").all_inner_texts()]
    assert all(abs(b - (p + i)) < 1e-6 for p, b, i in zip([0, *bug], bug, inc)) and len(good) == 5
    assert len(bug) == 5 and bug[-1] != good[-1]


def test_accumulation_faults_are_told(page, studio):
    page.goto(studio.url + "/accumulate?isUneven=true")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_test_id("diff-to-big-batch")).not_to_have_text("max |Δ| = 0.000000")
    expect(page.get_by_role("region", name="Proof")).to_contain_text("different sizes")
    page.get_by_label("Learning rate").fill("1.5")
    page.get_by_label("Steps", exact=True).fill("60")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("[data-col=bug]")).to_contain_text(re.compile(r"gradients have grown .*× since step \d+"))
    assert "Infinity" not in page.get_by_role("main").inner_text()


def test_lab_is_a_link(page, studio):
    page.goto(studio.url + "/accumulate")
    page.get_by_label("Steps", exact=True).fill("3")
    page.get_by_label("divide by their number").uncheck()
    page.get_by_role("button", name="Run").click()
    expect(page.locator("[data-col=bug] [data-grad]")).to_have_count(3)
    expect(page).to_have_url(re.compile(r"steps=3.*divides=false"))
    page.reload()
    expect(page.get_by_label("divide by their number")).not_to_be_checked()


def test_nan_origin_is_named(page, studio):
    page.goto(studio.url + "/doctor/example:where_nan")
    first = page.get_by_role("article").first
    expect(first).to_contain_text("first NaN")
    expect(first).to_contain_text("LogBackward")
    expect(first).to_contain_text("Examples.swift:")
    first.get_by_role("link", name="Show").click()
    expect(page.locator("[data-badge=nan-origin]")).to_have_count(1)


def test_inplace_clash_names_both_lines(page, studio):
    page.goto(studio.url + "/doctor/example:inplace")
    expect(page.get_by_role("article").first).to_contain_text(
        re.compile(r"saved by .*:\d+ \(version 0\).*changed by .*:\d+ \(version 1\)", re.S)
    )


def test_a_healthy_run_has_no_findings(page, studio):
    page.goto(studio.url + "/doctor/example:x2_plus_3x")
    expect(page.get_by_role("main")).to_contain_text("Nothing to mend")
    expect(page.get_by_role("article")).to_have_count(0)


def test_an_expression_of_ones_own(page, studio):
    page.goto(studio.url)
    text = page.locator("#expression-text")
    text.fill("s = sin(a)\ny = s * b + a")
    page.get_by_label("a =").fill("0")
    page.get_by_label("b =").fill("3")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_test_id("leaf-a")).to_contain_text("grad 4")
    page.goto(studio.url)
    text.fill("y = x ^ 2")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("alert").filter(has_text="a power is written x ** 2")).to_contain_text("      ^ ")


def test_playground_learns_and_obeys(page, studio):
    page.goto(studio.url + "/train?shape=clusters")
    page.wait_for_function("window.__ready")
    page.get_by_role("button", name="One step").click()
    expect(page.get_by_test_id("step")).to_have_text("1")
    expect(page.get_by_test_id("state")).to_have_text("paused")
    page.get_by_role("button", name="Train").click()
    expect(page.get_by_test_id("accuracy")).to_have_text(re.compile(r"(9\d|100)\.\d %"), timeout=15000)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_test_id("state")).to_have_text("paused")
    page.get_by_role("link", name="Curves of this run").click()
    expect(page.locator("[data-curve=loss] path.line").first).to_have_attribute("d", re.compile("^M.*L"))
    expect(page.get_by_role("heading", name="Norms of gradients")).to_be_visible()


def test_points_by_key_and_from_a_table(page, studio):
    page.goto(studio.url + "/train")
    page.wait_for_function("window.__ready")
    page.get_by_role("button", name="Clear").click()
    board = page.get_by_role("application")
    board.focus()
    for key in ["ArrowRight", "Enter", "c", "ArrowLeft", "ArrowLeft", "Enter"]:
        page.keyboard.press(key)
    expect(page.get_by_text("1 blue, 1 orange")).to_be_visible()
    page.get_by_text("From a table").click()
    page.get_by_label("Points as a table").fill("0,0,a\n1,1,b\n1,x,b\n")
    page.get_by_role("button", name="Take these points").click()
    expect(page.get_by_role("alert").filter(has_text="line 3 begins with no two numbers")).to_be_visible()


def test_memory_names_causes(page, studio):
    page.goto(studio.url + "/memory/example:mlp")
    expect(page.get_by_text("Most at once:")).to_be_visible()
    page.get_by_label("Add up by").select_option("line")
    expect(page.get_by_role("rowheader", name=re.compile(r"Examples.swift:\d+")).first).to_be_visible()


def test_compare_finds_what_differs(page, studio):
    page.goto(studio.url + "/compare?a=example:x2_plus_3x&b=example:x2_plus_3x")
    expect(page.get_by_role("heading", name="They are alike")).to_be_visible()
    page.goto(studio.url + "/compare?a=example:retain_graph&b=example:x2_plus_3x")
    expect(page.get_by_role("heading", name=re.compile("difference"))).to_be_visible()


def test_live_resume(page, studio):
    page.goto(studio.url + "/graph/live:slow")
    expect(page.get_by_test_id("events")).to_have_text(re.compile("^[1-9]"))
    studio.restart()
    expect(page.get_by_test_id("events")).to_have_text("40", timeout=15000)
