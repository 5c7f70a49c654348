"""The studio's pages, and the studio itself behind them."""
import json
import os
import re
import struct
import subprocess
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from conftest import ADJOINT, ROOT, Studio

def test_home_leads_to_the_first_example(page, running):
    page.goto(running.url)
    link = page.get_by_role("main").get_by_role("link").first
    expect(link).to_have_text("x² + 3x")
    link.click()
    expect(page).to_have_url(re.compile("/graph/example:x2_plus_3x$"))
    expect(page.get_by_role("button", name="Forward pass")).to_be_visible()


def test_accumulation_bug_and_fix(page, running):
    page.goto(running.url + "/accumulate?steps=5&seed=7")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_test_id("diff-to-big-batch")).to_have_text("max |Δ| = 0.000000")
    bug = [float(t) for t in page.locator("[data-col=bug] [data-grad]").all_inner_texts()]
    good = [float(t) for t in page.locator("[data-col=correct] [data-grad]").all_inner_texts()]
    inc = [float(t) for t in page.locator("[data-col=bug] [data-incoming]").all_inner_texts()]
    assert all(abs(b - (p + i)) < 1e-6 for p, b, i in zip([0, *bug], bug, inc)) and len(good) == 5
    assert len(bug) == 5 and bug[-1] != good[-1]


def test_accumulation_faults_are_told(page, running):
    page.goto(running.url + "/accumulate?isUneven=true")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_test_id("diff-to-big-batch")).not_to_have_text("max |Δ| = 0.000000")
    expect(page.get_by_role("region", name="Proof")).to_contain_text("different sizes")
    page.get_by_label("Learning rate").fill("3")
    page.get_by_label("Steps", exact=True).fill("60")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("[data-col=bug]")).to_contain_text(re.compile(r"gradients have grown .*× since step \d+"))
    assert "Infinity" not in page.get_by_role("main").inner_text()


def test_lab_is_a_link(page, running):
    page.goto(running.url + "/accumulate")
    page.get_by_label("Steps", exact=True).fill("3")
    page.get_by_label("divide by their number").uncheck()
    page.get_by_role("button", name="Run").click()
    expect(page.locator("[data-col=bug] [data-grad]")).to_have_count(3)
    expect(page).to_have_url(re.compile(r"steps=3.*divides=false"))
    page.reload()
    expect(page.get_by_label("divide by their number")).not_to_be_checked()


def test_each_loop_of_the_lab_opens_in_the_stepper(page, running):
    """Settings that are not the usual ones: the trace is the run that made the column's numbers."""
    page.goto(running.url + "/accumulate?steps=3&seed=11&batches=3&batchSize=2&learningRate=0.05&momentum=0.5")
    page.wait_for_function("window.__ready")
    columns = {}

    def run():
        page.get_by_role("button", name="Run").click()
        expect(page.locator("[data-col=correct] [data-grad]")).to_have_count(3)

    run()
    for name in ["bug", "correct"]:
        column = page.locator(f"[data-col={name}]")
        columns[name] = [column.locator(f"[data-{what}]").all_inner_texts() for what in ["grad", "incoming"]]
        assert len(columns[name][0]) == 3
    assert columns["bug"][0][1:] != columns["correct"][0][1:]
    for name, (after, incoming) in columns.items():
        page.locator(f"[data-col={name}]").get_by_role("link", name="Open this loop in the stepper").click()
        page.wait_for_url(re.compile(r"/graph/lab:\d+"))
        page.wait_for_function("window.__ready")
        expect(page.locator(".trace-title")).to_have_text(
            f"Accumulation lab, {'without' if name == 'bug' else 'with'} zeroGrad()")
        page.get_by_role("searchbox", name="Filter").fill("w.grad")
        rows = page.locator("table.events tbody tr[data-event=accumulate]").filter(has_text="w.grad")
        expect(rows).to_have_count(9)
        found = [{key: row.get_attribute(f"data-{key}") for key in ["before", "incoming", "after"]} for row in rows.all()]
        # The last of each step's three batches leaves what the lab shows.
        assert [bits(f["after"]) for f in found[2::3]] == [bits(t) for t in after]
        for step in range(3):
            parts = found[3 * step:3 * step + 3]
            assert abs(sum(float(f["incoming"]) for f in parts) - float(incoming[step])) < 1e-5
            is_empty = name == "correct" or step == 0
            assert (parts[0]["before"] in (None, "none")) == is_empty
            assert is_empty or bits(parts[0]["before"]) == bits(after[step - 1])
        page.go_back()
        run()
    page.get_by_role("link", name="Open the large batch in the stepper").click()
    page.wait_for_function("window.__ready")
    expect(page.locator(".trace-title")).to_have_text("Accumulation lab, one large batch")


def test_a_gradient_to_start_from(page, running, refusals):
    refusals.append(400)
    page.goto(running.url)
    page.locator("#expression-text").fill("y = square(x)")
    page.get_by_label("x =").fill("1, 2, 3")
    page.get_by_role("button", name="Run").click()
    seed = page.get_by_label("Gradient of y to start from")
    expect(seed).to_have_value("1, 1, 1")
    first = page.url
    for text, words in [("1, 0", "has shape [2], and the result has shape [3]"), ("1, two, 3", '"two" is none')]:
        seed.fill(text)
        page.get_by_role("button", name="Start from it").click()
        expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    assert page.url.split("?")[0] == first.split("?")[0]
    seed.fill("1, -0.5, 0.1")
    page.get_by_role("button", name="Start from it").click()
    page.wait_for_url(lambda url: url.split("?")[0] != first.split("?")[0])
    page.wait_for_function("window.__ready")
    # The program is the reader's own, and nothing was written around it.
    expect(page.get_by_role("list", name="Lines of the program").locator("code")).to_have_text(["y = square(x)"])
    begin = page.locator("table.events tr[data-event='backward.begin']")
    expect(begin).to_have_count(1)
    expect(begin).to_contain_text("[1, -0.5, 0.1]")
    records = [json.loads(line) for line in running.trace(page.url.split("/graph/")[1].split("?")[0]).splitlines()]
    assert [r["gradOut"][0]["data"] for r in records if r.get("e") == "backward.begin"] == [[1, -0.5, 0.1]]
    assert [r["op"] for r in records if r["t"] == "node"] == ["pow"]
    after = [r["after"]["data"] for r in records if r.get("e") == "accumulate"]
    assert [bits(x) for x in after[-1]] == [bits(x) for x in [2, -2, 0.6]]


def test_nan_origin_is_named(page, running):
    page.goto(running.url + "/doctor/example:where_nan")
    first = page.get_by_role("article").first
    expect(first).to_contain_text("first NaN")
    expect(first).to_contain_text("LogBackward")
    expect(first).to_contain_text("Examples.swift:")
    first.get_by_role("link", name="Show").click()
    expect(page.locator("[data-badge=nan-origin]")).to_have_count(1)


def test_inplace_clash_names_both_lines(page, running):
    page.goto(running.url + "/doctor/example:inplace")
    expect(page.get_by_role("article").first).to_contain_text(
        re.compile(r"saved by .*:\d+ \(version 0\).*changed by .*:\d+ \(version 1\)", re.S)
    )


def test_a_healthy_run_has_no_findings(page, running):
    page.goto(running.url + "/doctor/example:x2_plus_3x")
    expect(page.get_by_role("main")).to_contain_text("Nothing to mend")
    expect(page.get_by_role("article")).to_have_count(0)


def test_an_expression_of_ones_own(page, running, refusals):
    refusals.append(422)
    page.goto(running.url)
    text = page.locator("#expression-text")
    text.fill("s = sin(a)\ny = s * b + a")
    page.get_by_label("a =").fill("0")
    page.get_by_label("b =").fill("3")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_test_id("leaf-a")).to_contain_text("grad 4")
    page.goto(running.url)
    text.fill("y = x ^ 2")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("alert").filter(has_text="a power is written x ** 2")).to_contain_text("      ^ ")


def test_playground_learns_and_obeys(page, running):
    page.goto(running.url + "/train?shape=clusters")
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


def test_points_by_key_and_from_a_table(page, running, refusals):
    refusals.append(422)
    page.goto(running.url + "/train")
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


def test_memory_names_causes(page, running):
    page.goto(running.url + "/memory/example:mlp")
    expect(page.get_by_text("Most at once:")).to_be_visible()
    page.get_by_label("Add up by").select_option("line")
    expect(page.get_by_role("rowheader", name=re.compile(r"Examples.swift:\d+")).first).to_be_visible()


def bits(x):
    return struct.pack("<f", float(x))


def test_shown_numbers_are_those_of_the_library(page, running):
    """Every element that the inspector shows, read back, is the recorded float32 bit for bit."""
    records = [json.loads(line) for line in running.trace("example:mlp").splitlines()]
    leaves = [r for r in records if r["t"] == "tensor" and r["leaf"] and not r.get("producer")]
    ends = {e["tensor"]: e["after"] for e in records if e.get("e") == "accumulate"}
    compared = 0
    for leaf in {r["id"]: r for r in leaves}.values():
        for tab, name, value in [("value", "Value", leaf["value"]), ("gradient", "Gradient", ends.get(leaf["id"]))]:
            if not value or value["k"] != "full" or len(value["data"]) < 2 or "parameter" == leaf["role"] and tab == "value":
                continue
            page.goto(f"{running.url}/graph/example:mlp?i=999&tab={tab}&sel=t{leaf['id']}")
            page.wait_for_function("window.__ready")
            shown = page.get_by_role("region", name=name).locator(".elements").first.locator("code")
            expect(shown).to_have_count(len(value["data"]))
            assert [bits(t) for t in shown.all_inner_texts()] == [bits(x) for x in value["data"]]
            compared += len(value["data"])
    assert compared >= 20


def test_ones_own_program_is_on_screen(page, tmp_path):
    """A program to which no line was added, started with ADJOINT_TRACE."""
    program = ROOT / ".build" / "release" / "07-MicroBatches"
    if not program.exists():
        if os.environ.get("ADJOINT_REQUIRE_ALL") == "1":
            pytest.fail(f"there is no {program}")
        pytest.skip(f"there is no {program}: make test builds it")
    trace = tmp_path / "run.trace.jsonl"
    subprocess.run([program], env={**os.environ, "ADJOINT_TRACE": str(trace)}, check=True)
    studio = Studio(ADJOINT, tmp_path, str(trace))
    try:
        page.goto(studio.url)
        page.get_by_role("link", name="run.trace.jsonl").first.click()
        page.wait_for_function("window.__ready")
        page.keyboard.press("End")
        expect(page.locator("[data-canvas]")).to_contain_text(re.compile(r"grad \S"))
        expect(page.locator("table.events")).to_contain_text("07-MicroBatches.swift:")
    finally:
        studio.close()


def test_compare_finds_what_differs(page, running):
    page.goto(running.url + "/compare?a=example:x2_plus_3x&b=example:x2_plus_3x")
    expect(page.get_by_role("heading", name="They are alike")).to_be_visible()
    page.goto(running.url + "/compare?a=example:retain_graph&b=example:x2_plus_3x")
    expect(page.get_by_role("heading", name=re.compile("difference"))).to_be_visible()


def test_live_resume(page, running):
    page.goto(running.url + "/graph/live:slow")
    expect(page.get_by_test_id("events")).to_have_text(re.compile("^[1-9]"))
    running.restart()
    expect(page.get_by_test_id("events")).to_have_text("40", timeout=15000)
    rows = page.locator("table.events tbody tr")
    assert [int(row.get_attribute("data-i")) for row in rows.all()] == list(range(40))


def answer(url, **options):
    """The status and the body of an answer, whatever it is."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, **options), timeout=60) as found:
            return found.status, found.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def token(studio):
    return re.search(r'name="adjoint-token" content="([^"]+)"', answer(studio.url)[1]).group(1)


def test_other_hosts_are_refused(running):
    for path in ["/", "/api/examples", "/assets/main.js", "/api/traces/example:mlp/events"]:
        for host in ["evil.example", "127.0.0.1.evil.example", "evil.example:8734"]:
            status, _ = answer(running.url + path, headers={"Host": host})
            assert status == 421, (path, host)
    assert answer(running.url + "/", headers={"Host": "localhost"})[0] == 200


def test_changes_need_the_token_and_their_type(running):
    body = json.dumps({"example": "x2_plus_3x", "params": {}}).encode()
    good = {"Content-Type": "application/json", "X-Adjoint-Token": token(running)}
    assert answer(running.url + "/api/run", data=body, headers=good)[0] == 201
    assert answer(running.url + "/api/run", data=body, headers={**good, "X-Adjoint-Token": "0"})[0] == 403
    assert answer(running.url + "/api/run", data=body, headers={**good, "Content-Type": "text/plain"})[0] == 415


def test_uploads_have_a_limit(running, exported):
    headers = {"Content-Type": "application/json", "X-Adjoint-Token": token(running)}
    status, text = answer(running.url + "/api/traces", data=running.trace("example:mlp"), headers=headers)
    assert status == 201, text
    assert answer(f"{running.url}/api/traces/{json.loads(text)['trace']}")[0] == 200
    assert answer(running.url + "/api/traces", data=b" " * (64 * 1024 * 1024 + 1), headers=headers)[0] == 413


def test_assets_are_asked_for_again_only_when_they_change(page, running):
    page.goto(running.url)
    answer = page.request.get(running.url + "/assets/main.js")
    tag = answer.headers["etag"]
    assert answer.headers["cache-control"] == "no-cache" and tag
    assert "default-src 'none'" in page.request.get(running.url).headers["content-security-policy"]
    again = page.request.get(running.url + "/assets/main.js", headers={"If-None-Match": tag})
    assert again.status == 304 and again.body() == b""
