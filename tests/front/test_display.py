"""Results in a console and in a notebook."""

import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest

import sim
from sim.report.comparison.decision import decision_table
from sim.report.comparison.findings import of_comparison, of_run
from sim.report.render.page import fragment
from tests.decide import desk
from tests.study.centres import day

LONGEST = 160


class Texts(HTMLParser):
    """The rows of tables, as texts; and whether every tag is closed."""

    def __init__(self, html):
        super().__init__()
        self.rows, self.open = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data


@pytest.fixture(scope="module")
def results(before, after, result, comparison, swept):
    wanted = {"targets": {"service_level": "50/60", "abandonment": 0.5}}
    own = sim.changed(after, wanted)
    baseline = sim.make_baseline(before, replications=12)
    staffed = sim.staff(day(), by="whole", each="whole", budget=1e5, replications=10, how_sure=False)
    return {
        "Scenario": after,
        "RunResult": result,
        "Comparison": comparison,
        "Sweep": swept,
        "StaffResult": staffed,
        "TargetsResult": sim.targets(own, staffing=[sim.by_factor(own, 1.0)], shares=(0.9,), how_sure=False),
        "Bridge": sim.bridge(before, after, replications=2),
        "Release": sim.release(sim.changed(after, wanted | {"bot.selectivity": 0}), 1, replications=2, how_sure=False),
        "Decision": desk.dishonest(),
        "Check": sim.check(sim.changed(before, {"agents.desk.staff": 3}), baseline),
    }


NAMES = [
    "Scenario",
    "RunResult",
    "Comparison",
    "Sweep",
    "StaffResult",
    "TargetsResult",
    "Bridge",
    "Release",
    "Decision",
    "Check",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_result_is_one_short_line(results, name):
    line = repr(results[name])
    assert re.fullmatch(rf"<{name} .+>", line)
    assert str(results[name]) == line
    assert len(line) <= LONGEST


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_gets_a_table(results, name):
    html = results[name]._repr_html_()
    found = Texts(html)
    assert found.open == []
    assert len(found.rows) >= 2
    assert all(len(row) >= 2 for row in found.rows)


def test_lines_say_what_a_reader_asks_first(results):
    assert repr(results["RunResult"]) == "<RunResult 'Tiny after': 2 days, 3 replications, seed 1>"
    assert repr(results["Comparison"]) == "<Comparison 'Tiny before', 'Tiny after': 3 replications, seed 1>"
    assert repr(results["Scenario"]) == "<Scenario 'Tiny after': 2 days, 2 intents, 1 group of agents; bot>"
    keys = "agents.desk.staff, bot.exposure"
    assert repr(results["Sweep"]) == f"<Sweep 'Tiny after': 4 points of {keys}, 6 replications, seed 1>"


def test_the_table_of_a_run_and_of_a_comparison_is_the_decision_table(result, comparison):
    assert result._repr_html_() == fragment([decision_table(of_run(result))])
    assert comparison._repr_html_() == fragment([decision_table(of_comparison(comparison))])


def test_a_sweep_shows_a_row_a_point(swept):
    rows = [row[:2] for row in Texts(swept._repr_html_()).rows[1:]]
    assert rows == [["2", "0.5"], ["2", "1.0"], ["3", "0.5"], ["3", "1.0"]]


def test_names_cannot_break_the_page(after):
    named = after.model_copy(update={"name": "<script>alert(1)</script>"})
    assert "<script>" not in named._repr_html_()
    assert "&lt;script&gt;" in named._repr_html_()


def test_a_check_in_which_nothing_moved_says_so(before):
    baseline = sim.make_baseline(before, replications=2)
    assert "None of" in sim.check(before, baseline)._repr_html_()


def test_a_line_loads_no_reports():
    code = (
        "import sys, sim; from tests.report.tiny import AFTER; repr(sim.loads(AFTER)); "
        "print([m for m in sys.modules if m.startswith('sim.report') or m in ('pandas', 'numba')])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
