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
    browser.wait_for(SHARP)


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
    assert "abandonment" in browser.value("document.getElementById('said').textContent").lower()


def test_what_is_kept_stays_beside_and_the_link_brings_it_back(browser, server):
    opened(browser, server, "#staff.desk=1.2")
    browser.value("document.getElementById('keep').click()")
    browser.wait_for(f"document.querySelectorAll('thead th').length === 5 && {SHARP}")
    assert cell(browser, role="kept") == cell(browser)
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
