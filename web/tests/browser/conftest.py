"""The browser tests' fixtures: one browser, a page that fails on any error of its own, the studio.

Every test of the stepper runs twice: against `adjoint studio`, and against pages exported from its
traces, opened from `file://`. ADJOINT names the command (App/.build/release/adjoint).
ADJOINT_ASSETS=web takes the served pages from that folder, to work on them without building."""
import os
import pathlib
import re
import subprocess
import urllib.request

import pytest
from playwright.sync_api import Page, expect, sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[3]
ADJOINT = os.environ.get("ADJOINT", str(ROOT / "App" / ".build" / "release" / "adjoint"))

# Seconds until a wait fails: more on a machine that has other work to do.
PATIENCE = float(os.environ.get("ADJOINT_PATIENCE", "10")) * 1000
expect.set_options(timeout=PATIENCE)

_by_role = Page.get_by_role


def _get_by_role(page, role, name=None, **options):
    """Playwright knows the roles of WAI-ARIA, not those of the graphics module."""
    if not role.startswith("graphics-"):
        return _by_role(page, role, **options, **({} if name is None else {"name": name}))
    found = page.locator(f'[role="{role}"]')
    if name is None:
        return found
    pattern = name if isinstance(name, re.Pattern) else re.compile(re.escape(name), re.I)
    labels = found.evaluate_all("all => all.map((e) => e.getAttribute('aria-label') ?? '')")
    matching = [label for label in labels if pattern.search(label)]
    return page.locator(f'[role="{role}"][data-id]').filter(
        has=page.locator("xpath=self::*")
    ).and_(page.locator(", ".join(f'[aria-label="{css(label)}"]' for label in matching) or "none"))


def css(text):
    return text.replace("\\", "\\\\").replace('"', '\\"')


Page.get_by_role = _get_by_role


class Studio:
    """`adjoint studio --port 0`, whose first line names its address."""

    def __init__(self, command, folder, *files):
        self.command = command
        self.folder = folder
        self.files = files
        self.start(0)

    def start(self, port):
        assets = os.environ.get("ADJOINT_ASSETS")
        self.process = subprocess.Popen(
            [self.command, "studio", *self.files, "--port", str(port)]
            + (["--assets", str(pathlib.Path(assets).resolve())] if assets else []),
            stdout=subprocess.PIPE, text=True, cwd=self.folder,
        )
        first = self.process.stdout.readline()
        found = re.fullmatch(r"(http://127\.0\.0\.1:\d+)/\n", first)
        assert found, f"the studio's first line is {first!r}"
        self.url = found.group(1)

    def trace(self, name):
        """The lines of a trace."""
        with urllib.request.urlopen(f"{self.url}/api/traces/{name}?format=jsonl") as answer:
            return answer.read()

    def restart(self):
        port = int(self.url.rsplit(":", 1)[1])
        self.close()
        self.start(port)

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=10)


class ExportedPages:
    """The studio's traces as pages: `/graph/KIND:NAME?QUERY` is `NAME.html?QUERY`."""

    url = "pages:"

    def __init__(self, studio, folder):
        self.studio = studio
        self.folder = folder

    def address(self, path):
        name, _, query = path.removeprefix("/graph/").partition("?")
        return f"{self.page(name).as_uri()}?{query}"

    def page(self, name):
        page = self.folder / f"{name.split(':')[-1]}.html"
        if not page.exists():
            source = page.with_suffix(".jsonl")
            source.write_bytes(self.studio.trace(name))
            subprocess.run([ADJOINT, "export", source, "--html", page], check=True)
        return page


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as p:
        b = p.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        yield b
        b.close()


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    """The studio; the test is skipped where the command is not built."""
    if not os.access(ADJOINT, os.X_OK):
        if os.environ.get("ADJOINT_REQUIRE_ALL") == "1":
            pytest.fail(f"there is no {ADJOINT}")
        pytest.skip(f"there is no {ADJOINT}: swift build -c release --package-path App")
    studio = Studio(ADJOINT, tmp_path_factory.mktemp("studio"))
    yield studio
    studio.close()


@pytest.fixture(scope="session")
def exported(running, tmp_path_factory):
    return ExportedPages(running, tmp_path_factory.mktemp("pages"))


@pytest.fixture(params=["served", "exported"])
def studio(request):
    """Where a test of the viewer opens its pages: both places in turn."""
    return request.getfixturevalue("running" if request.param == "served" else "exported")


@pytest.fixture
def exported_html(exported):
    return str(exported.page("example:x2_plus_3x"))


@pytest.fixture
def context_options():
    return {}


@pytest.fixture
def refusals():
    """Statuses of answers that a test provokes: the browser writes them on its console."""
    return []


@pytest.fixture
def page(request, browser, context_options, refusals):
    # `wait_for_function` evaluates text, which the studio's own policy forbids.
    options = {"reduced_motion": "reduce", "bypass_csp": True, **context_options}
    ctx = browser.new_context(**options)
    pg = ctx.new_page()
    pg.set_default_timeout(max(30_000, PATIENCE))
    go = pg.goto

    def goto(url):
        if url.startswith(ExportedPages.url):
            url = request.getfixturevalue("exported").address(url.removeprefix(ExportedPages.url))
        return go(url)

    pg.goto = goto
    errs = []
    pg.on("pageerror", lambda e: errs.append(str(e)))
    pg.on("console", lambda m: m.type == "error" and errs.append(m.text))
    yield pg
    provoked = [f"the server responded with a status of {status}" for status in refusals]
    assert [e for e in errs if not any(text in e for text in provoked)] == []
    ctx.close()
