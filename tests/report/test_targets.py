"""The words, tables and maps of staffing against handle-time targets."""

import dataclasses
import re

import pytest

from sim.loading.load import changed
from sim.report import targets as reporting
from sim.report.labels import key_words, level_words
from sim.report.numbers import duration
from sim.report.style import style
from sim.report.targets import charts, heat_map, maps_of, targets_report
from sim.report.targets.narrative import _kept, paragraphs
from sim.report.targets.tables import cheapest_table, grids, held_table, natural_table
from sim.study.levels import by_factor
from sim.study.targets import targets
from tests.study.small import small

WANTED = {"service_level": "50/60", "resolution": 0.3}
LEVELS = [by_factor(small(), factor) for factor in (0.5, 1.0, 1.5)]


def asked(goals, **flags):
    before = small(bot="off", pace="off", name="before")
    return targets(changed(small(), {"targets": goals}), before, staffing=LEVELS, replications=4, **flags)


@pytest.fixture(scope="module")
def found():
    return asked(WANTED, shares=(0.8,))


@pytest.fixture(scope="module")
def hopeless():
    return asked({"service_level": "99/1"}, shares=(0.8,), how_sure=False)


@pytest.fixture(scope="module")
def drawn(found):
    return charts(found)


def test_maps_that_were_drawn_before_are_not_drawn_again(monkeypatch, found, drawn):
    without = dataclasses.replace(found, assumptions=None)
    early = maps_of(without)
    assert [chart.name for chart in early] == [chart.name for chart in drawn if chart.name != "tornado"]
    monkeypatch.setattr(reporting, "_maps", None)
    assert charts(found, early) == drawn
    assert targets_report(found, drawn=early).charts == drawn


def text_of(result):
    return {paragraph.name: paragraph.text for paragraph in paragraphs(result)}


def texts(table):
    return [[cell.text for cell in cells] for cells in table.rows]


def test_the_grid_marks_the_choice_and_names_what_is_missed(found):
    (grid,) = grids(found)
    cells = [cell for row in grid.rows for cell in row[2:]]
    assert sum(cell.text.endswith("*") for cell in cells) == 1
    assert next(cell for cell in cells if cell.text.endswith("*")).text == "all met *"
    assert {cell.tone for cell in cells if "service" in cell.text and "?" not in cell.text} <= {"bad"}
    assert [row[0].text for row in grid.rows] == ["50 %", "100 %", "150 %"]


def test_each_target_has_its_verdict_and_its_chance_below_its_measure(found):
    rows = texts(cheapest_table(found))
    names = [row[0] for row in rows]
    k = names.index("service level within 60 s")
    assert names[k + 1 : k + 3] == ["  target: at least 50 %", "  chance of missing"]
    assert set(rows[k + 1][1:]) == {"met"}
    chance = found.judged[found.best].chances["sl_offered"]
    assert rows[k + 2][1] == f"{100 * chance:.1f} %"


def test_the_answer_names_the_choice_with_its_cost(found):
    text = text_of(found)["The answer"]
    place, cell = found.places[found.best], found.cells[found.best]
    good = sum(each.all_met for each in found.judged)
    assert text.startswith(f"{good} of {len(found.cells)} cells meet all targets.")
    assert f"staffing {place.level.name}" in text
    assert f"{cell.mean('cost'):,.0f} in the days measured" in text
    assert f"{cell.mean('cost_per_resolution'):.2f} a resolved need" in text


def test_what_a_hurried_choice_gives_away_is_set_beside_the_unhurried_one(found):
    text = text_of(found)["The answer"]
    assert ("It is the cheapest by hurrying" in text) == (found.places[found.best].pace.target is not None)


def test_handle_times_stand_beside_those_before_and_the_old_target(found):
    rows = {row[0]: row[1:] for row in texts(natural_table(found))}
    assert list(rows) == ["all", "order", "fault"]
    now, then = (cell.mean("natural_aht_s") for cell in (found.natural, found.earlier))
    assert rows["all"][2] == f"{'+' if now > then else '-'}{_percent(abs(now / then - 1))}"
    assert rows["all"][3] == "6:00"
    assert rows["order"][3] == "–"
    assert (
        f"{_percent(abs(now / then - 1))} {'more' if now > then else 'less'} than" in text_of(found)["The handle time"]
    )


def _percent(share):
    return f"{100 * share:.0f} %" if 100 * share >= 9.95 else f"{100 * share:.1f} %"


def test_holding_the_old_target_is_told_at_the_files_own_staffing(found):
    table = held_table(found)
    assert table.title.endswith("staffing 100 %")
    rows = {row[0]: row[1:] for row in texts(table)}
    free, held = (found.at(found.own_level, pace, None) for pace in _paces(found))
    gap = held.mean("workload_hours") - free.mean("workload_hours")
    shown = float(rows["work of agents (h)"][2].split(" ")[0])
    assert shown == pytest.approx(gap, abs=0.05 + 0.01 * abs(gap))
    start = (
        rf"Set to \S+ min at staffing 100 %; handle time comes to {duration(held.mean('aht_s'))}: not reached. So it "
    )
    assert re.match(start, text_of(found)["The old target"]), "agents hurry only part of the way to a target"


def test_a_target_that_is_reached_is_said_to_be_held(found):
    near = dataclasses.replace(found.old, target=1.05 * _held(found).mean("aht_s"))
    assert _kept(dataclasses.replace(found, old=near), _held(found)) == "Held at staffing 100 %, it"


def _held(result):
    return result.at(result.own_level, _paces(result)[1], None)


def _paces(result):
    free = next(p.pace for p in result.places if p.pace.target is None)
    return free, next(p.pace for p in result.places if p.pace.old)


def test_luck_and_assumption_are_told_apart(found):
    text = text_of(found)["How sure"]
    tightest = level_words(found.scenario, found.assumptions.about)
    assert re.search(rf"By luck, {tightest} there is .* ± .*; by what is assumed, from .* to", text)
    worth = [key_words(parameter.key) for parameter in found.assumptions.parameters[:3]]
    assert all(key in text for key in worth)


def test_without_a_choice_the_best_attainable_is_named(hopeless):
    text = text_of(hopeless)["The answer"]
    best = max(cell.mean("sl_offered") for cell in hopeless.cells)
    assert f"the best attainable is {100 * best:.1f} %" in text
    assert "Nearest comes staffing" in text
    assert "How sure" not in text_of(hopeless)
    assert cheapest_table(hopeless).title == "The cells that come nearest to the targets"


def test_the_page_opens_with_the_answer_and_has_a_map_a_measure(found, drawn):
    names = [chart.name for chart in drawn]
    assert names[:2] == ["targets_met", "sl_offered"]
    assert drawn[0].alt == f"{sum(each.all_met for each in found.judged)} of {len(found.cells)} cells meet all targets."
    assert names[-1] == "tornado"
    assert {"abandonment_rate", "resolution_rate", "cost_per_resolution"} <= set(names)
    labels = [section.label for section in targets_report(found).page]
    assert labels[:2] == ["The answer", "Which cells meet all targets"]
    assert targets_report(found).line.startswith("Which staffing, and which handle-time target")
    assert all(len(chart.alt) > 20 for chart in drawn)


def test_layers_of_recovery_have_maps_and_grids_of_their_own():
    result = asked(WANTED, paces=[400.0], recovery=[0.0, 60.0], how_sure=False)
    assert [table.title for table in grids(result)] == [
        "Which cells meet all targets, recovery 0 s",
        "Which cells meet all targets, recovery 60 s",
    ]
    with style():
        titles = [heat_map(result, "sl_offered", layer).title for layer in ((0.0, None), (60.0, None))]
    assert titles == [f"Service level within 60 s (%), recovery {layer} s" for layer in (0, 60)]


def test_the_report_has_every_cell(found):
    report = targets_report(found)
    assert set(report.tables) == {"grid", "cells", "verdicts", "assumptions"}
    assert len(report.tables["grid"]) == len(found.cells)
    assert list(report.scenarios) == ["small", "before"]
