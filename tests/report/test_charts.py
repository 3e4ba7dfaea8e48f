import warnings
import xml.etree.ElementTree as ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_hex

import sim
from sim.report.comparison import charts
from sim.report.comparison.findings import by_time, of_comparison, of_run
from sim.report.style import COLOURS, looks, style
from tests.report.tiny import AFTER, BEFORE, HALF


@pytest.fixture
def styled():
    with style():
        yield


def test_a_comparison_has_every_chart_as_svg_and_png(drawn):
    assert [chart.name for chart in drawn] == [
        "service_level",
        "aht_by_intent",
        "waits",
        "workload",
        "claimed_and_true",
        "volumes",
        "fatigue",
        "aht_causes",
    ]
    for chart in drawn:
        assert chart.png.startswith(b"\x89PNG")
        assert ElementTree.fromstring(chart.svg).tag.endswith("svg")
        assert chart.title
        assert len(chart.alt) > 10


def test_charts_without_a_subject_are_left_out():
    plain = of_run(sim.run(sim.loads(BEFORE), replications=2))
    assert [chart.name for chart in charts.draw(plain)] == ["service_level", "aht_by_intent", "waits", "volumes"]


@pytest.mark.usefixtures("styled")
def test_the_lines_are_the_level_by_time_of_day_in_percent(found):
    (axes,) = charts.service_level(found).figure.axes
    lines = {line.get_label(): line for line in axes.get_lines()}
    for name, look in looks(found.names).items():
        expected = 100 * by_time(found.results[name], "sl_offered")["mean"]
        assert np.allclose(lines[name].get_ydata(), expected)
        assert to_hex(lines[name].get_color()) == look.colour.lower()
        assert lines[name].get_xdata()[0] == 8.25
    targets = [line.get_ydata()[0] for line in axes.get_lines() if len(line.get_xdata()) == 2]
    assert targets == [80.0]


@pytest.mark.usefixtures("styled")
def test_the_claim_stands_on_the_workload_bars(found):
    (axes,) = charts.workload(found).figure.axes
    claims = [line.get_xdata()[0] for line in axes.get_lines() if line.get_label() == charts.AS_CLAIMED]
    before = found.value("Tiny before", "workload_hours").mean
    expected = [before * (1 - found.value(name, "containment_rate").mean) for name in ("Tiny after", "Tiny cut")]
    assert claims == pytest.approx(expected)
    lengths = [patch.get_width() for patch in axes.patches]
    assert lengths == pytest.approx([found.value(name, "workload_hours").mean for name in found.names])


@pytest.mark.usefixtures("styled")
def test_bars_of_claim_and_truth(found):
    (axes,) = charts.claimed_and_true(found).figure.axes
    lengths = sorted(patch.get_width() for patch in axes.patches)
    expected = [
        100 * found.value(name, measure).mean
        for name in ("Tiny after", "Tiny cut")
        for measure in ("containment_rate", "bot_resolution_rate", "net_deflection_rate")
    ] + [100 * found.fall(name, "workload_hours").mean for name in ("Tiny after", "Tiny cut")]
    assert lengths == pytest.approx(sorted(expected))


@pytest.fixture(scope="module")
def half():
    """Findings of a bot on one intent of two, and the contacts that it contained and resolved, as shares of all."""
    told = of_comparison(sim.compare(sim.loads(BEFORE), sim.loads(HALF), replications=4, contacts=True))
    contacts = told.results["Tiny half"].contacts
    return told, contacts["bot"].isin(["resolved", "falsely_contained"]).mean(), (contacts["bot"] == "resolved").mean()


@pytest.mark.usefixtures("styled")
def test_a_bot_on_one_intent_of_two_claims_its_share_of_all_contacts(half):
    told, contained, resolved = half
    assert contained < 0.75 * told.value("Tiny half", "containment_rate").mean
    (axes,) = charts.workload(told).figure.axes
    (claim,) = [line.get_xdata()[0] for line in axes.get_lines() if line.get_label() == charts.AS_CLAIMED]
    assert claim == pytest.approx(told.value("Tiny before", "workload_hours").mean * (1 - contained))
    (axes,) = charts.claimed_and_true(told).figure.axes
    assert [patch.get_width() for patch in axes.patches][:2] == pytest.approx([100 * contained, 100 * resolved])


@pytest.mark.usefixtures("styled")
def test_no_volume_is_cut_off_in_a_later_panel():
    more = sim.loads(BEFORE | {"name": "Tiny more"}, {"arrivals.per_day": 200})
    told = of_comparison(sim.compare(sim.loads(BEFORE), more, replications=2))
    panels = charts.volumes(told).figure.axes
    highest = max(by_time(told.results["Tiny more"], "offered")["mean"])
    assert all(axes.get_ylim()[0] == 0 and axes.get_ylim()[1] > highest for axes in panels)


@pytest.mark.parametrize("name", ["中心 🎧", "for $a_{$"])
def test_any_name_is_drawn_as_text_without_a_warning(name):
    odd = sim.loads(AFTER | {"name": name})
    told = of_comparison(sim.compare(sim.loads(BEFORE), odd, replications=2))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(charts.draw(told)) == 7


def test_up_to_six_scenarios_are_told_apart():
    six = [sim.loads(AFTER | {"name": f"Number {n}", "targets": {"service_level": f"{70 + n}/20"}}) for n in range(6)]
    told = charts.draw(of_comparison(sim.compare(*six, replications=2)))
    assert {chart.name for chart in told} >= {"service_level", "waits", "workload", "volumes"}
    styles = looks([f"Number {n}" for n in range(6)]).values()
    assert len({look.colour for look in styles}) == len({look.dashes for look in styles}) == len(COLOURS)
    assert len({look.marker for look in styles}) == len(COLOURS)


def test_the_same_findings_give_the_same_pictures_whatever_the_user_has_set(found, drawn):
    with mpl.rc_context({"lines.linewidth": 9.0, "svg.hashsalt": None}):
        again = charts.draw(found)
        assert mpl.rcParams["lines.linewidth"] == 9.0
    assert [(chart.svg, chart.png) for chart in again] == [(chart.svg, chart.png) for chart in drawn]
