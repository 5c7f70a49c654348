"""The stepper in a real browser: what a reader does, and what must then be there."""
import re
import statistics

from playwright.sync_api import expect


def focus_canvas(page):
    page.locator("[data-canvas]").focus()


def ready(page, url):
    page.goto(url)
    page.wait_for_function("window.__ready")


def test_seed_example_backward_gives_seven(page, studio):
    page.goto(studio.url + "/graph/example:x2_plus_3x?x=2")
    page.get_by_role("button", name="Forward pass").click()
    expect(page.get_by_role("graphics-object", name=re.compile(r"^pow"))).to_contain_text("4")
    page.get_by_role("button", name="Backward").click()
    rows = page.get_by_role("row").filter(has_text="accumulate")
    # mul first, then pow: engine order
    assert [r.get_attribute("data-after") for r in rows.all()] == ["3", "7"]
    expect(page.get_by_role("status")).to_contain_text("x.grad becomes 7")


def test_step_back_undoes_accumulation(page, studio):
    page.goto(studio.url + "/graph/example:x2_plus_3x?i=10")
    x = page.get_by_test_id("leaf-x")
    expect(x).to_contain_text("grad 7")
    page.get_by_role("slider", name="Step").press("ArrowLeft")
    expect(x).to_contain_text("grad 3")
    page.keyboard.press("Home")
    expect(x).to_contain_text("grad none")


def test_local_derivative_card(page, studio):
    page.goto(studio.url + "/graph/example:x2_plus_3x?i=9&sel=n0")
    card = page.get_by_role("region", name="Rule")
    expect(card).to_contain_text("n · self^(n−1)")
    expect(card).to_contain_text("2 · 2^(2−1) = 4")
    expect(card).to_contain_text("main.swift:2")


def test_freed_buffer_second_backward(page, studio):
    page.goto(studio.url + "/graph/example:backward_twice")
    page.keyboard.press("End")
    expect(page.get_by_role("alert")).to_contain_text("already gave back")
    page.get_by_role("link", name="freed at event").click()
    expect(page.locator("[data-saved=freed]")).not_to_have_count(0)


def test_everything_by_keyboard(page, studio):
    page.goto(studio.url + "/graph/example:mlp")
    page.keyboard.press("Tab")
    focus_canvas(page)
    for key in ["f", "b", "ArrowDown", "ArrowUp", "Enter", "Escape", "t", "/", "Escape", "?"]:
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.closest('dialog,[data-canvas]') !== null")


def test_two_thousand_nodes(page, studio, capsys):
    """No clock decides here: the medians are printed, for whoever runs this on a quiet machine."""
    times = []
    for _ in range(6):
        page.goto(studio.url + "/graph/fixture:rnn330?expand=all")
        page.wait_for_function("window.__ready")
        times.append(page.evaluate("window.__timings"))
    assert all(t["layout"] > 0 and t["firstPaint"] > 0 for t in times)
    assert page.evaluate("overlaps()") == 0
    layout, paint = (statistics.median(t[key] for t in times[1:]) for key in ("layout", "firstPaint"))
    with capsys.disabled():
        print(f"\n2,000 operations: layout {layout:.0f} ms, first paint {paint:.0f} ms (medians of 5)")


def test_hostile_names_are_text(page, studio):
    page.goto(studio.url + "/graph/fixture:hostile")
    page.wait_for_function("window.__ready")
    assert page.evaluate("window.__p") is None
    for tab in ["Value", "Gradient", "Rule", "Saved", "Source", "History"]:
        page.get_by_role("tab", name=tab).click()
    page.keyboard.press("Home")
    assert page.evaluate("window.__p") is None
    assert page.locator("main img, main script, main iframe").count() == 0


def test_start_shows_the_graph_to_come(page, running):
    ready(page, running.url + "/graph/example:x2_plus_3x")
    expect(page.get_by_test_id("leaf-x")).to_contain_text("grad none")
    assert page.locator(".node.is-ghost").count() == 3
    page.get_by_role("button", name="Step", exact=True).click()
    assert page.locator(".node.is-ghost").count() == 2
    expect(page.get_by_role("status")).to_contain_text("pow runs")


def test_nan_origin_has_a_badge(page, studio):
    ready(page, studio.url + "/graph/example:where_nan?i=14")
    expect(page.locator("[data-badge=nan-origin]")).to_have_count(1)
    page.keyboard.press("Home")
    page.keyboard.press("n")
    expect(page.get_by_role("status")).to_contain_text("infinity")
    page.keyboard.press("n")
    expect(page.get_by_role("status")).to_contain_text("NaN")


def test_in_place_clash_leads_to_the_write(page, studio):
    ready(page, studio.url + "/graph/example:inplace")
    page.keyboard.press("End")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(
        re.compile(r"Examples\.swift:2.*version 0.*Examples\.swift:4.*version 1", re.S)
    )
    expect(page.locator("[data-badge=clash]")).to_have_text("v0 → v1")
    page.get_by_role("link", name="changed at event").click()
    expect(page.get_by_role("status")).to_contain_text("Version 0 becomes version 1")


def test_engine_panel_shows_who_waits(page, studio):
    ready(page, studio.url + "/graph/example:reused_leaf?engine=1")
    page.get_by_role("button", name="Backward").click()
    page.get_by_role("button", name="First event").click()
    engine = page.get_by_role("region", name="Engine")
    # Two operations, what the graph holds, the beginning of the pass.
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(engine).to_contain_text("mul, next")
    # mul runs, hands on, fills a, gives back.
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(engine).to_contain_text("add, next")


def test_gradient_tab_adds_up(page, studio):
    ready(page, studio.url + "/graph/example:reused_leaf?i=99&sel=t0")
    panel = page.get_by_role("region", name="Gradient")
    expect(panel).to_contain_text("a.grad = 7")
    expect(panel.get_by_role("row").filter(has_text="add")).to_contain_text("= 7")


def test_table_sorts_and_filters(page, studio):
    ready(page, studio.url + "/graph/example:x2_plus_3x?i=10")
    table = page.get_by_role("table", name="Events of the trace")
    body = table.locator("tbody tr")
    assert body.count() == 13
    expect(table.locator("[aria-current=step]")).to_have_attribute("data-i", "10")
    page.get_by_label("Filter").fill("mul")
    assert 0 < body.count() < 13
    page.get_by_label("Filter").fill("")
    page.get_by_role("button", name="Event", exact=True).click()
    page.get_by_role("button", name="Event", exact=True).click()
    expect(body.first).to_have_attribute("data-i", "12")
    expect(table.locator("[aria-sort=descending]")).to_have_count(1)
    body.first.click()
    expect(page.get_by_role("slider", name="Step")).to_have_value("13")


def test_a_view_is_a_link(page, running):
    ready(page, running.url + "/graph/example:x2_plus_3x")
    page.keyboard.press("End")
    page.get_by_role("tab", name="Saved").click()
    page.wait_for_function("location.search.includes('tab=saved')")
    address = page.evaluate("location.href")
    assert "i=12" in address
    ready(page, address)
    expect(page.get_by_role("slider", name="Step")).to_have_value("13")
    expect(page.get_by_role("tab", name="Saved")).to_have_attribute("aria-selected", "true")


def test_search_by_name_line_and_gradient(page, studio):
    ready(page, studio.url + "/graph/example:reused_leaf?i=99")
    focus_canvas(page)
    page.keyboard.press("/")
    field = page.get_by_role("dialog").get_by_role("searchbox")
    for text, count in [("Examples.swift:3", 1), ("grad>5", 1), ("grad>0", 4), ("nan", 0), ("mul", 1)]:
        field.fill(text)
        expect(page.locator(".results li")).to_have_count(count)
    field.press("Enter")
    expect(page.locator(".node.is-selected .title")).to_have_text("mul")


def test_scopes_collapse_and_open(page, studio):
    ready(page, studio.url + "/graph/example:mlp?i=20")
    before = page.locator(".node").count()
    page.get_by_role("graphics-object", name=re.compile("^linear")).first.focus()
    page.keyboard.press("e")
    expect(page.locator(".node.scope")).to_have_count(1)
    assert page.locator(".node").count() < before
    page.keyboard.press("e")
    expect(page.locator(".node.scope")).to_have_count(0)
    assert page.locator(".node").count() == before


def test_pins_stay(page, studio):
    ready(page, studio.url + "/graph/example:x2_plus_3x?i=9")
    page.get_by_role("button", name="Pin").click()
    focus_canvas(page)
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    titles = page.locator("[data-inspector] .card-title")
    expect(titles).to_have_text(["mul", "pow"])


def test_keys_can_be_switched_off(page, studio):
    ready(page, studio.url + "/graph/example:x2_plus_3x?i=0")
    page.get_by_text("View", exact=True).click()
    page.get_by_label("keyboard shortcuts").uncheck()
    page.keyboard.press("Escape")
    focus_canvas(page)
    page.keyboard.press("End")
    expect(page.get_by_role("slider", name="Step")).to_have_value("1")


def test_playing_ends(page, studio):
    ready(page, studio.url + "/graph/example:mlp")
    page.get_by_role("button", name="Backward").click()
    expect(page.get_by_role("status")).to_contain_text("The backward pass is done")


def test_static_export_is_offline_and_equal(browser, exported_html):
    ctx = browser.new_context(offline=True)
    pg = ctx.new_page()
    reqs = []
    errs = []
    pg.on("request", lambda r: reqs.append(r.url))
    pg.on("pageerror", lambda e: errs.append(str(e)))
    pg.on("console", lambda m: m.type == "error" and errs.append(m.text))
    pg.goto("file://" + exported_html)
    expect(pg.get_by_test_id("leaf-x")).to_contain_text("grad 7")
    assert all(u.startswith(("file://" + exported_html, "data:", "blob:")) for u in reqs)
    assert errs == []
    ctx.close()


def test_exported_page_without_scripts_is_a_table(browser, exported_html):
    ctx = browser.new_context(java_script_enabled=False)
    pg = ctx.new_page()
    pg.goto("file://" + exported_html)
    cells = pg.locator("noscript table tr", has_text="x").first.locator("td").all_inner_texts()
    assert cells[0] == "x" and cells[3:5] == ["2", "7"]
    ctx.close()


def test_exported_page_prints_the_table(browser, exported_html):
    ctx = browser.new_context()
    pg = ctx.new_page()
    pg.goto("file://" + exported_html)
    expect(pg.get_by_test_id("leaf-x")).to_contain_text("grad 7")
    pg.emulate_media(media="print")
    assert pg.locator("table.events").is_visible() and pg.locator("svg.canvas").is_visible()
    assert not pg.get_by_role("slider", name="Step").is_visible()
    ctx.close()


def test_policy_of_the_server_is_kept(browser, running):
    ctx = browser.new_context()
    pg = ctx.new_page()
    errs = []
    pg.on("console", lambda m: m.type == "error" and errs.append(m.text))
    pg.goto(running.url + "/graph/fixture:rnn330?expand=all&heat=grad")
    expect(pg.get_by_role("status")).to_contain_text(re.compile(r"Step (\d+) of \1\."))
    assert errs == []
    ctx.close()


def test_an_example_is_chosen_and_set(page, running):
    ready(page, running.url + "/graph/example:x2_plus_3x")
    page.get_by_label("x =").fill("3")
    page.get_by_role("button", name="Set").click()
    page.wait_for_url(re.compile(r"[?&]x=3"))
    page.get_by_label("Example").select_option("mlp")
    page.wait_for_url(re.compile("mlp"))
    page.wait_for_function("window.__ready")
    expect(page.get_by_role("graphics-object", name=re.compile("^tanh"))).to_have_count(1)


def test_an_expression_of_ones_own(page, running):
    ready(page, running.url + "/graph/example:mlp")
    page.get_by_text("Your expression").click()
    page.get_by_label("x =").fill("two")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="x needs a number")).to_be_visible()
    page.get_by_label("x =").fill("2")
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_url(re.compile("expr"))
    expect(page.get_by_test_id("leaf-x")).to_contain_text("grad 7")
