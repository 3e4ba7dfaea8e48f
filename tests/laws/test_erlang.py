"""Erlang C and Erlang A against exact figures, and the fewest agents that they ask for."""

import json
import math
from pathlib import Path

import pytest

from sim.scenario.targets import MeasureTarget
from sim.study.staffing.erlang import NOBODY_COMES, Queue, least_agents, predict

FACTS = json.loads((Path(__file__).parents[1] / "exact" / "facts.json").read_text(encoding="utf-8"))
MINE = [f for f in FACTS if f["id"].startswith(("ErlC", "ErlA")) or f["id"] == "MMnG-balk"]
NAMES = {
    "p_allbusy": lambda p: p.p_wait,
    "sl_served_within_T_over_offered": lambda p: p.measure("sl_offered"),
    "sl_served_within_T_over_served": lambda p: p.measure("sl_answered"),
    "sl_over_offered_minus_ab_within_T": lambda p: p.measure("sl_excl_abn_in_t"),
    "sl_served_or_abandoned_within_T_over_offered": lambda p: p.measure("sl_credit_abn_in_t"),
    "p_abandon": lambda p: p.measure("abandonment_rate"),
    "occupancy": lambda p: p.measure("occupancy"),
}
LEVEL = {"sl_offered": MeasureTarget(0.8, True)}


@pytest.mark.parametrize("fact", MINE, ids=lambda fact: fact["id"])
def test_formulas_give_the_exact_figures(fact):
    given, wanted = fact["params"], fact["expected"]
    patience, aht = given.get("mean_patience_s") or math.inf, given["mean_service_s"]
    queue = Queue(given["arrival_rate_per_h"] / 3600, aht, patience, given.get("p_balk", 0.0), given["T_s"])
    found = predict(queue, given["n_agents"])
    checked = [name for name in NAMES if name in wanted]
    assert len(checked) >= 6
    for name in checked:
        assert NAMES[name](found) == pytest.approx(wanted[name], abs=1e-8), name


def test_the_worked_example_of_the_naive_plan():
    before, by_volume, right = Queue(200 / 1800, 360), Queue(160 / 1800, 360), Queue(160 / 1800, 405)
    assert [least_agents(queue, LEVEL) for queue in (before, by_volume, right)] == [46, 38, 42]
    assert (200 * 360 - 40 * 180) / 160 == 405
    cut = predict(right, 38)
    assert round(100 * cut.answered_within) == 41
    assert round(100 * cut.occupancy) == 95


def test_balking_without_impatience_is_the_limit_of_long_patience():
    patient = predict(Queue(0.1, 200, balk=0.2), 21)
    nearly = predict(Queue(0.1, 200, patience=1e8, balk=0.2), 21)
    for name in ("answered_within", "abandoned_within", "abandonment", "occupancy", "p_wait"):
        assert getattr(patient, name) == pytest.approx(getattr(nearly, name), abs=1e-5), name


def test_a_load_that_cannot_be_carried_has_no_steady_state_without_abandonment():
    assert predict(Queue(0.1, 200), 20).answered_within == 0.0
    assert predict(Queue(0.1, 200, patience=60), 15).abandonment > 0.2


def test_the_least_number_is_the_least():
    queue = Queue(0.3, 250, 120, 0.02)
    goals = LEVEL | {"abandonment_rate": MeasureTarget(0.02, False), "occupancy": MeasureTarget(0.8, False)}
    n = least_agents(queue, goals)
    assert all(g.met(predict(queue, n).measure(m)) for m, g in goals.items())
    assert not all(g.met(predict(queue, n - 1).measure(m)) for m, g in goals.items())


def test_no_number_is_enough_for_what_cannot_be():
    assert least_agents(Queue(0.1, 200, 60), {"occupancy": MeasureTarget(0.0, False)}) is None
    assert least_agents(Queue(0.1, 200, 60), {"resolution_rate": MeasureTarget(0.5, True)}) is None


def test_where_nobody_comes_nobody_is_needed():
    assert least_agents(Queue(0.0, 200), LEVEL) == 0
    assert predict(Queue(0.0, 200), 3) == NOBODY_COMES
    assert predict(Queue(0.1, 200), 0).abandonment == 1.0


def test_many_agents_and_little_load_do_not_overflow():
    found = predict(Queue(0.0001, 100, 60), 300)
    assert found.answered_within == pytest.approx(1.0)
    assert predict(Queue(2.0, 600, 300), 400).answered_within == pytest.approx(0.0, abs=1e-6)
