"""The page in a real browser: keyboard, numbers, what is kept, the link; at a telephone's width too."""

import json

import pytest

import sim
from sim.whatif.page import page_server
from sim.whatif.session import Session
from tests.report.tiny import BEFORE, CUT
from tests.whatif.browser import Browser, found

pytestmark = [pytest.mark.long, pytest.mark.skipif(found() is None, reason="there is no Chromium here")]
SHARP = "document.querySelector('html[data-replications=\"30\"]') !== null"
SAID = "document.getElementById('said').textContent"
CELL = "document.querySelector('tr[data-measure={measure}] td.{role}').firstChild.textContent"


@pytest.fixture(scope="module")
def server():
    made = page_server(Session(sim.loads(CUT), sim.loads(BEFORE), jobs=1))
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    made = Browser(tmp_path_factory.mktemp("profile"))
    yield made
    made.close()


def cell(browser, measure="abandonment_rate", role="now"):
    return browser.value(CELL.format(measure=measure, role=role))


def opened(browser, server, fragment=""):
    browser.open("about:blank")
    browser.wait_for("location.href === 'about:blank'")
    browser.events.clear()
    browser.open(server.address + fragment)
    browser.wait_for(f"{SHARP} && {SAID}")


def share(server, settings, measure="abandonment_rate"):
    mean = sim.run(server.session.changed(settings), replications=30, jobs=1).measures.loc[measure, "mean"]
    return f"{100 * mean:.1f} %"


def test_keys_move_a_slider_and_the_answer_follows(browser, server):
    opened(browser, server)
    assert cell(browser).startswith(share(server, {}))
    assert cell(browser, role="file") == cell(browser)
    browser.value("document.querySelector('input[name=\"staff.desk\"]').focus()")
    for _ in range(50):
        browser.press("ArrowRight")
    moved = "document.querySelector('.slider.moved output').textContent"
    assert browser.value(moved) == "150\u00a0%"
    browser.wait_for(f"location.hash === '#staff.desk=1.5' && {SHARP}")
    assert cell(browser).startswith(share(server, {"staff.desk": 1.5}))
    assert cell(browser) != cell(browser, role="file")
    browser.wait_for(f"{SAID}.includes('{share(server, {'staff.desk': 1.5})}')")


def test_what_is_kept_stays_beside_and_the_link_brings_it_back(browser, server):
    opened(browser, server, "#staff.desk=1.2")
    browser.value("document.getElementById('keep').click()")
    browser.wait_for(f"document.querySelectorAll('thead th').length === 5 && {SHARP}")
    assert cell(browser, role="kept") == cell(browser)
    browser.value("document.getElementById('keep').click()")
    assert browser.value("document.getElementById('full').textContent") == "This one is kept already."
    assert browser.value("document.querySelectorAll('#kept li').length") == 1
    browser.value("document.getElementById('reset').click()")
    browser.wait_for(f"location.hash === '#;staff.desk=1.2' && {SHARP}")
    link = browser.value("document.getElementById('link').value")
    shown = browser.value("document.getElementById('table').textContent")
    opened(browser, server, link.removeprefix(server.address))
    assert browser.value("document.getElementById('table').textContent") == shown
    assert "extends" not in browser.value("document.getElementById('yaml').textContent")


def test_nothing_is_wrong_and_nothing_comes_from_elsewhere(browser, server):
    opened(browser, server)
    urls = [e["params"]["request"]["url"] for e in browser.events if e.get("method") == "Network.requestWillBeSent"]
    assert len(urls) >= 6
    assert [url for url in urls if not url.startswith(server.address)] == []
    troubles = [e for e in browser.events if e.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown")]
    assert [json.dumps(e) for e in troubles if "favicon" not in json.dumps(e)] == []


def test_every_control_has_a_name_and_charts_say_what_they_show(browser, server):
    opened(browser, server)
    unnamed = "[...document.querySelectorAll('input')].filter(i => !i.labels.length).length"
    assert browser.value(unnamed) == 0
    words = browser.value("[...document.querySelectorAll('figure svg')].map(s => s.getAttribute('aria-label'))")
    assert len(words) >= 3
    assert all("Now: from" in text for text in words)


def test_it_fits_a_telephone(browser, server):
    browser.size(360, 740)
    try:
        opened(browser, server, "#;staff.desk=1.2;staff.desk=0.7;staff.desk=0.8;staff.desk=0.9")
        assert browser.value("document.documentElement.scrollWidth") <= 360
        assert browser.value("document.querySelector('tbody th').getBoundingClientRect().width") > 90
        assert browser.value("getComputedStyle(document.getElementById('brief')).display") == "flex"
    finally:
        browser.size(1280, 900)


def test_who_listens_is_told_once_a_change_and_not_while_a_slider_moves(browser, server):
    opened(browser, server)
    browser.value(
        "window.told = []; new MutationObserver(() => window.told.push("
        f"{SAID}))"
        ".observe(document.getElementById('said'), {childList: true})"
    )
    browser.value(
        "(async () => { const slider = document.querySelector('input[name=\"staff.desk\"]');"
        " for (let k = 1; k <= 5; k += 1) { slider.value = 1 + k / 100; slider.dispatchEvent(new Event('input'));"
        " await new Promise((done) => setTimeout(done, 150)); } })()"
    )
    browser.wait_for(f"location.hash === '#staff.desk=1.05' && {SHARP} && window.told.length > 0")
    (told,) = browser.value("window.told")
    assert f"Abandonment, with balking: {share(server, {'staff.desk': 1.05})}" in told
    assert "against the file, better" in told
    assert browser.value("[...document.querySelectorAll('output')].every(o => o.ariaLive === 'off')")


def test_kept_ones_are_gone_back_to_and_dropped_by_keys(browser, server):
    opened(browser, server, "#;staff.desk=0.8;staff.desk=0.9;staff.desk=1.1")
    browser.value("document.getElementById('keep').focus()")
    browser.press("Enter")
    browser.wait_for(f"document.querySelectorAll('#kept li').length === 4 && {SHARP}")
    active = "document.activeElement.ariaLabel || document.activeElement.id"
    assert browser.value(active) == "keep", "what has done its work for now keeps the focus"
    assert browser.value("document.getElementById('keep').getAttribute('aria-disabled')") == "true"
    browser.press("Enter")
    browser.press("Tab")
    assert browser.value(active) == "Go back to kept 1"
    browser.press("Enter")
    browser.wait_for(f"location.hash.startsWith('#staff.desk=0.8;staff.desk=0.8;') && {SHARP}")
    assert browser.value(active) == "Go back to kept 1"
    assert cell(browser).startswith(share(server, {"staff.desk": 0.8}))
    browser.press("Tab")
    browser.press("Enter")
    browser.wait_for(f"document.querySelectorAll('#kept li').length === 3 && {SHARP}")
    assert browser.value(active) == "keep"


def test_a_link_of_another_page_says_what_was_left_out(browser, server):
    opened(browser, server, "#staff.none=1&staff.desk=9&bot.selectivity=x")
    amiss = browser.value("document.getElementById('amiss').textContent")
    assert "staff.none, which this page has no slider for" in amiss
    assert "desk to 900\u00a0%, beyond" in amiss
    assert "selectivity to what is no number" in amiss
    assert browser.value("location.hash") == "#staff.desk=1.5"


def test_charts_are_read_by_pointing_and_as_figures(browser, server):
    opened(browser, server, "#staff.desk=1.2")
    left, top, wide = browser.value(
        "(s => { s.scrollIntoView(); const r = s.getBoundingClientRect(); return [r.left, r.top, r.width]; })"
        "(document.querySelector('figure svg'))"
    )
    browser.call("Input.dispatchMouseEvent", type="mouseMoved", x=left + wide - 1, y=top + 60)
    said = browser.value("document.querySelector('figure .at').textContent")
    browser.value("document.querySelector('#figures summary').click()")
    browser.wait_for("document.querySelectorAll('#figures table').length >= 3")
    rows = browser.value("[...document.querySelectorAll('#figures tr')].map(r => [...r.cells].map(c => c.textContent))")
    assert rows[0] == ["from", "Now", "File", "Before"]
    last = rows[4]
    assert said.startswith(last[0])
    assert f"Now {last[1]}, File {last[2]}" in said


FAINT = """
(() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = parts(colour).map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor, [, , , opaque = 1] = parts(colour);
      if (opaque > 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const written = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  const ink = (e) => getComputedStyle(e)[e instanceof SVGElement ? "fill" : "color"];
  return [...document.body.querySelectorAll("*")].filter(written)
    .map((e) => [ratio(light(ink(e)), light(behind(e))), e.textContent])
    .filter(([contrast]) => contrast < 4.5);
})()
"""


def test_letters_stand_out_and_the_focus_is_seen(browser, server):
    opened(browser, server, "#staff.desk=0.6;staff.desk=1.2")
    assert browser.value(FAINT) == []
    browser.value("document.querySelector('.skip').focus()")
    seen = set()
    outline = "(e => [e.name || e.id || e.tagName, getComputedStyle(e).outlineStyle])(document.activeElement)"
    for _ in range(40):
        browser.press("Tab")
        seen.add(tuple(browser.value(outline)))
    assert {"staff.desk", "keep", "link", "copy-link"} <= {name for name, _ in seen}
    assert {style for name, style in seen if name != "BODY"} == {"solid"}
