"""The cell that `targets` names first: never at an edge of the grid in silence, never where less is resolved."""

import json
from dataclasses import replace

import numpy as np
import pytest

from sim.cli.levels import levels_of
from sim.loading.load import changed
from sim.report.targets import _document
from sim.report.targets.narrative import paragraphs
from sim.scenario.targets import MeasureTarget
from sim.schema.ranges import read_number, read_share, values_of
from sim.study.estimates import Estimate
from sim.study.levels import Level, by_count, by_factor
from sim.study.scenario_results import ScenarioResult
from sim.study.targets.axes import NATURAL, Cap, GridPlace, pace_at
from sim.study.targets.edges import edges_of
from sim.study.targets.search import TargetsResult, _answer
from sim.study.targets.verdicts import cheapest, closest, fewer_resolved, judged
from tests.study.small import small

GOALS = {"sl_offered": MeasureTarget(0.8, True)}
LUCK = np.array([[0.01], [-0.01], [0.01], [-0.01]])
FREE, SLACK, TIGHT = NATURAL, pace_at(400.0), pace_at(300.0)
LEVELS = [by_factor(small(), factor) for factor in (0.7, 0.75, 0.8)]
BEFORE = 0.9


def cell(pace, *, met=True, cost=1000.0, resolved=BEFORE):
    """A cell by its figures."""
    figures = {"sl_offered": 0.9 if met else 0.5, "cost": cost, "resolution_rate": resolved, "demand": 1000.0}
    figures |= {"cost_per_resolution": 9.5, "fte": 10.0, "natural_aht_s": 500.0, "resolution_rate": resolved}
    made = {name: Estimate(np.array([mean]), LUCK * (name == "resolution_rate")) for name, mean in figures.items()}
    scenario = changed(small(), {"pace": "off" if pace.target is None else {"target": f"{pace.target}s"}})
    values = {name: np.full(4, mean) for name, mean in figures.items()}
    return ScenarioResult(scenario, 4, made, values)


def found(cells, *, before=True):
    """A result of cells, by staffing level and target."""
    places = tuple(GridPlace(LEVELS[level], pace, None) for level, pace in cells)
    results = tuple(cell(pace, **figures) for (_, pace), figures in cells.items())
    standings = tuple(judged(result, GOALS) for result in results)
    best, earlier = cheapest(results, standings), cell(FREE) if before else None
    near = closest(results, standings, GOALS) if best is None else best
    scenario = changed(small(), {"targets": {"service_level": "80/20"}})
    start = (scenario, small(name="before") if before else None, 1, 4, GOALS, places, results, standings, best, near)
    return TargetsResult(*start, cell(FREE), earlier, None, None, None, _answer(results, standings, best, earlier))


def said(result):
    return next(paragraph.text for paragraph in paragraphs(result) if paragraph.name == "The answer")


def grid(**named):
    """Three levels by three targets, of which those that are named meet all targets: `l1_tight={...}`."""
    names = {"free": FREE, "slack": SLACK, "tight": TIGHT}
    made = {(k, pace): {"met": False} for k in range(3) for pace in names.values()}
    return made | {(int(key[1]), names[key[3:]]): figures for key, figures in named.items()}


# The edges ------------------------------------------------------------------------


EDGE = "; at the edge of the grid, with "


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (
            "l0_slack",
            f"{EDGE}the lowest staffing tried: cheaper may do, try --staff 50%:70%:5%.",
        ),
        (
            "l1_tight",
            f"{EDGE}the tightest target tried: cheaper may do, try --aht 40%:60%:5%.",
        ),
        (
            "l0_tight",
            f"{EDGE}the lowest staffing tried and the tightest target tried: cheaper may do, "
            "try --staff 50%:70%:5% --aht 40%:60%:5%.",
        ),
        (
            "l0_free",
            f"{EDGE}the lowest staffing tried: cheaper may do, try --staff 50%:70%:5%.",
        ),
        ("l1_slack", ""),
        ("l2_free", ""),
    ],
)
def test_the_sentence_that_names_the_cheapest_says_that_it_lies_at_an_edge(place, words):
    text = said(found(grid(**{place: {}})))
    first = text[text.index("The cheapest is") :].split(" a resolved need", 1)[1]
    assert first.startswith(words or ".")
    assert ("edge" in text) == bool(words)


def at(level, pace, cap=None):
    return GridPlace(level, pace, None, cap)


def test_what_is_suggested_can_be_asked():
    levels = [by_count(small(), count, ["first"]) for count in (2, 3)]
    (edge,) = edges_of([at(level, FREE) for level in levels], 0, 500.0)
    assert edge.axis == "staffing"
    assert edge.flag.startswith("--staff first=")
    tried = levels_of(small(), "--staff", edge.flag.removeprefix("--staff "))
    assert [level.factor < levels[0].factor + 0.005 for level in tried] == [True] * len(tried)
    assert len(tried) > 1
    for factor in (0.01, 0.04, 0.07, 1.0):
        (edge,) = edges_of([at(Level("one", {"first": factor}), FREE)], 0, 500.0)
        assert levels_of(small(), "--staff", edge.flag.removeprefix("--staff "))
    for seconds in (10.0, 111.0, 499.0, 900.0):
        flag = edges_of([at(levels[1], FREE), at(levels[0], FREE), at(levels[1], pace_at(seconds))], 2, 500.0)[0].flag
        assert max(values_of("--aht", flag.removeprefix("--aht "), read_share)) <= 1.0


def test_the_fewest_and_the_most_chats_at_once_are_edges_but_one_is_not():
    caps = [Cap(f"{most}", most, {}) for most in (1, 2, 3)]
    level = [LEVELS[1], LEVELS[0]]
    places = [at(level[0], FREE, cap) for cap in caps] + [at(level[1], FREE, caps[0])]
    flags = [[edge.flag for edge in edges_of(places, k, 500.0)] for k in range(3)]
    assert flags == [[], [], ["--concurrency 3:6"]]
    flags = [[edge.flag for edge in edges_of([*places[1:3], at(level[1], FREE, caps[1])], k, 500.0)] for k in range(2)]
    assert flags == [["--concurrency 1:2"], ["--concurrency 3:6"]]
    assert values_of("--concurrency", "3:6", read_number, "1,2,3", step="1")


# What was resolved before ---------------------------------------------------------

LESS = BEFORE - 0.02


def test_the_answer_resolves_what_was_resolved_before_and_the_cheaper_one_comes_second():
    result = found(grid(l1_slack={"cost": 900.0, "resolved": LESS}, l2_free={"cost": 1100.0}))
    text = said(result)
    first, second = text.index("is staffing 80 %"), text.index("Cheaper is staffing 75 %")
    assert text[:first].endswith(
        "The cheapest that resolves as many needs as before, as far as can be told from luck, "
    )
    assert first < second
    assert "but against before, it leaves 20 more of 1,000 needs open (-2.0 points resolved)." in text[second:]
    assert "The cheapest is" not in text
    document = json.loads(json.dumps(_document(result)))
    assert (document["best"]["staffing"], document["answer"]["staffing"]) == ("75 %", "80 %")
    assert document["best"]["resolved_against_before"]["mean"] == pytest.approx(-0.02)
    assert document["edges"] == []


def test_where_less_is_not_clearly_less_or_nothing_was_before_the_cheapest_is_the_answer():
    cells = grid(l1_slack={"cost": 900.0, "resolved": LESS}, l2_free={"cost": 1100.0})
    alone = found(cells, before=False)
    assert alone.answer == alone.best is not None
    assert said(alone).startswith("2 of 9 cells meet all targets. The cheapest is staffing 75 %")
    assert "before," not in said(alone)
    for resolved in (BEFORE, BEFORE + 0.02):
        result = found(cells | {(1, SLACK): {"cost": 900.0, "resolved": resolved}})
        assert result.answer == result.best
        assert "The cheapest is staffing 75 %" in said(result)


def test_clearly_less_is_what_the_whole_paired_interval_says():
    there, earlier = cell(FREE, resolved=BEFORE - 0.02), cell(FREE)
    assert fewer_resolved(there, earlier) is not None, "on common customers luck takes itself out"
    turned = Estimate(there.estimates["resolution_rate"].mean, -LUCK)
    apart = replace(there, estimates=there.estimates | {"resolution_rate": turned})
    assert fewer_resolved(apart, earlier) is None
    assert fewer_resolved(earlier, earlier) is None
    once = {"resolution_rate": Estimate(np.array([0.1]), np.zeros((1, 1)))}
    assert fewer_resolved(replace(there, estimates=once), replace(earlier, estimates=once)) is None


def test_where_no_cell_resolves_it_that_is_the_answer():
    worse = {key: {"met": False, "resolved": LESS - 0.02} for key in grid()}
    cells = worse | {
        (1, SLACK): {"cost": 900.0, "resolved": LESS - 0.01},
        (2, FREE): {"cost": 1100.0, "resolved": LESS},
    }
    result = found(cells)
    text = said(result)
    start = "No cell resolves what was resolved before: the cheapest that meets all targets is staffing 75 %"
    assert start in text
    assert "Against before, it leaves 30 more of 1,000 needs open (-3.0 points resolved)." in text
    most = "Of those that meet all targets, staffing 80 % with no target resolves most: against before, it leaves 20"
    assert most in text
    assert "cheapest is" not in text.replace("Where nobody is hurried, the cheapest is", "").replace("It is the", "")
    assert _document(result)["answer"] is None
    assert not any("*" in cell.text for row in _grid(result) for cell in row)
    (key,) = [key for key in cells if key == (0, FREE)]
    text = said(found(cells | {key: {"met": False}}))
    assert "No cell that meets all targets resolves what was resolved before:" in text


def _grid(result):
    from sim.report.targets.tables import grids

    return [row for table in grids(result) for row in table.rows]
