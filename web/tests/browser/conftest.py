"""The browser tests' fixtures: one browser, a page that fails on any error of its own, the studio.

With ADJOINT_STUDIO the studio is that command, started on a free port; without it, files are served
from fixtures by `fileserver.py`, which is all that the viewer itself needs."""
import os
import pathlib
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from fileserver import FileStudio, WEB  # noqa: E402

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


@pytest.fixture(scope="session")
def studio():
    command = os.environ.get("ADJOINT_STUDIO")
    server = CommandStudio(command) if command else FileStudio()
    yield server
    server.close()


@pytest.fixture
def context_options():
    return {}


@pytest.fixture
def page(browser, context_options):
    # `wait_for_function` evaluates text, which the studio's own policy forbids.
    options = {"reduced_motion": "reduce", "bypass_csp": True, **context_options}
    ctx = browser.new_context(**options)
    pg = ctx.new_page()
    errs = []
    pg.on("pageerror", lambda e: errs.append(str(e)))
    pg.on("console", lambda m: m.type == "error" and errs.append(m.text))
    yield pg
    assert errs == []
    ctx.close()


@pytest.fixture(scope="session")
def traces():
    return WEB / "tests" / "fixtures" / "traces"
