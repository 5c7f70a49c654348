"""The browser tests' fixtures: one browser, a page that fails on any error of its own, the studio.

Every test of the stepper runs twice: against a server, and against exported pages from `file://`.
With ADJOINT_STUDIO=1 the server is `adjoint studio`; without, `fileserver.py`, which serves fixtures
and is all that the viewer itself needs. ADJOINT names the command (App/.build/release/adjoint)."""
import os
import pathlib
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect, sync_playwright

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from fileserver import FileStudio, WEB, trace_text  # noqa: E402

ADJOINT = os.environ.get("ADJOINT", str(WEB.parent / "App" / ".build" / "release" / "adjoint"))

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


class CommandStudio:
    """`adjoint studio --port 0`, whose first line names its address."""

    def __init__(self, command):
        self.command = command
        self.start(0)

    def start(self, port):
        self.process = subprocess.Popen(
            [self.command, "studio", "--port", str(port)], stdout=subprocess.PIPE, text=True
        )
        for line in self.process.stdout:
            found = re.search(r"http://[^\s/]+:(\d+)[^\s]*", line)
            if found:
                self.url = f"http://127.0.0.1:{found.group(1)}"
                return
        raise RuntimeError("the studio ended without naming its address")

    def restart(self):
        port = int(self.url.rsplit(":", 1)[1])
        self.close()
        self.start(port)

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=10)


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as p:
        b = p.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        yield b
        b.close()


class PageStudio:
    """Exported pages: `/graph/KIND:NAME?QUERY` is `NAME.html?QUERY`, made by the command."""

    url = "pages:"

    def __init__(self, folder):
        self.folder = folder

    def address(self, path):
        name, _, query = path.removeprefix("/graph/").partition("?")
        return f"{self.page(name).as_uri()}?{query}"

    def page(self, name):
        page = self.folder / f"{name.split(':')[-1]}.html"
        if not page.exists():
            source = page.with_suffix(".jsonl")
            source.write_bytes(trace_text(name))
            subprocess.run([ADJOINT, "export", source, "--html", page], check=True)
        return page

    def close(self):
        pass


def command():
    """The command's path; the test is skipped where it is not built."""
    if not os.access(ADJOINT, os.X_OK):
        if os.environ.get("ADJOINT_REQUIRE_ALL") == "1":
            pytest.fail(f"there is no {ADJOINT}")
        pytest.skip(f"there is no {ADJOINT}: swift build -c release --package-path App")
    return ADJOINT


@pytest.fixture(scope="session", params=["served", "exported"])
def studio(request, tmp_path_factory):
    if request.param == "exported":
        command()
        server = PageStudio(tmp_path_factory.mktemp("pages"))
    else:
        wants_command = os.environ.get("ADJOINT_STUDIO") == "1"
        server = CommandStudio(command()) if wants_command else FileStudio()
    yield server
    server.close()


@pytest.fixture
def served(studio):
    """For tests of what only a server gives."""
    if isinstance(studio, PageStudio):
        pytest.skip("an exported page has one trace, and opens at its end")
    return studio


@pytest.fixture
def exported_html(studio):
    if not isinstance(studio, PageStudio):
        pytest.skip("a server exports nothing here")
    return str(studio.page("example:x2_plus_3x"))


@pytest.fixture
def context_options():
    return {}


@pytest.fixture
def page(browser, context_options, studio):
    # `wait_for_function` evaluates text, which the studio's own policy forbids.
    options = {"reduced_motion": "reduce", "bypass_csp": True, **context_options}
    ctx = browser.new_context(**options)
    pg = ctx.new_page()
    pg.set_default_timeout(max(30_000, PATIENCE))
    if isinstance(studio, PageStudio):
        go = pg.goto
        pg.goto = lambda url: go(studio.address(url.removeprefix("pages:")))
    errs = []
    pg.on("pageerror", lambda e: errs.append(str(e)))
    pg.on("console", lambda m: m.type == "error" and errs.append(m.text))
    yield pg
    assert errs == []
    ctx.close()
