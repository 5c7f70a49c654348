"""Accessibility: axe finds nothing, in every mode that a reader may have chosen."""
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

# The viewer, served and exported.
PATHS = [
    "/graph/example:x2_plus_3x", "/graph/example:x2_plus_3x?i=10&engine=1",
    "/graph/example:mlp?i=20&dir=LR", "/graph/example:backward_twice?i=13",
    "/graph/example:where_nan?i=14", "/graph/fixture:hostile",
]
# What only the studio has.
PAGES = [
    "/", "/accumulate", "/train", "/curves", "/doctor", "/doctor/example:where_nan",
    "/doctor/example:inplace", "/memory/example:mlp", "/compare?a=example:mlp&b=example:rnn",
    "/learn", "/learn/control", "/quiz?seed=4", "/exercises", "/exercises/training-loop",
    "/exercises/mini-autograd", "/help",
]
MODES = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "moving": {"reduced_motion": "no-preference"},
    "contrast": {"contrast": "more"},
    "forced": {"forced_colors": "active"},
    "320": {"viewport": {"width": 320, "height": 640}},
    "zoom": {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2},
}


def violations(page):
    found = Axe().run(page).response["violations"]
    return [
        (v["id"], [(n["target"], n.get("failureSummary", "")) for n in v["nodes"][:3]]) for v in found
    ]


@pytest.fixture
def context_options(request):
    return MODES[getattr(request, "param", "light")]


@pytest.mark.parametrize("context_options", MODES, indirect=True)
def test_axe(page, studio):
    for path in PATHS:
        page.goto(studio.url + path)
        page.wait_for_function("window.__ready")
        assert violations(page) == [], path


@pytest.mark.parametrize("context_options", MODES, indirect=True)
def test_axe_on_pages(page, running):
    for path in PAGES:
        page.goto(running.url + path)
        page.wait_for_function("window.__ready")
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


@pytest.mark.parametrize("context_options", ["light", "dark", "320"], indirect=True)
def test_axe_in_tabs_and_dialogs(page, studio):
    page.goto(studio.url + "/graph/example:x2_plus_3x?i=10")
    page.wait_for_function("window.__ready")
    regions = page.get_by_role("tablist", name="Regions")
    if regions.is_visible():
        page.get_by_role("tab", name="Inspector").click()
    for tab in ["Value", "Gradient", "Rule", "Saved", "Source", "History"]:
        page.get_by_role("tab", name=tab).click()
        assert violations(page) == [], tab
    if regions.is_visible():
        for name in ["Program", "Events"]:
            page.get_by_role("tab", name=name).click()
            assert violations(page) == [], name
    page.get_by_role("button", name="Help").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Search").click()
    assert violations(page) == []


@pytest.mark.parametrize("context_options", ["320", "zoom"], indirect=True)
def test_nothing_is_wider_than_the_page(page, studio):
    for path in PATHS:
        page.goto(studio.url + path)
        page.wait_for_function("window.__ready")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


@pytest.mark.parametrize("context_options", ["320"], indirect=True)
def test_targets_are_large_enough(page, studio):
    page.goto(studio.url + "/graph/example:x2_plus_3x?i=10")
    page.wait_for_function("window.__ready")
    small = page.evaluate(
        """[...document.querySelectorAll('button, select, summary, [role=tab]')]
        .map((e) => [e.textContent, e.getBoundingClientRect()])
        .filter(([, b]) => b.width > 0 && (b.width < 24 || b.height < 24)).map(([t]) => t)"""
    )
    assert small == []


def test_one_tab_stop_and_a_name_for_every_node(page, studio):
    page.goto(studio.url + "/graph/example:mlp?i=20")
    page.wait_for_function("window.__ready")
    nodes = page.locator("[data-canvas] .node")
    labels = nodes.evaluate_all("all => all.map((e) => e.getAttribute('aria-label'))")
    assert all(labels)
    stops = page.locator("[data-canvas] svg [tabindex='0']")
    expect(stops).to_have_count(1)


def test_focus_goes_to_the_inspector_and_back(page, studio):
    page.goto(studio.url + "/graph/example:x2_plus_3x?i=9")
    page.wait_for_function("window.__ready")
    page.locator("[data-canvas]").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('[data-inspector]') !== null")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.id !== undefined")
