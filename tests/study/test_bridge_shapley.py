"""Averages over orders: the weights, and bars that interact or do not."""

from fractions import Fraction

import pytest

import sim
from sim.study.bridge.attribution import CAUSES, feasible_orders, marginals, with_causes
from tests.study.bridged import BOT, bars, plenty


def test_a_part_comes_right_after_its_whole():
    assert feasible_orders("ab", {}) == [("a", "b"), ("b", "a")]
    assert feasible_orders("abc", {"b": "a"}) == [("a", "b", "c"), ("c", "a", "b")]
    assert len(feasible_orders("abcdef", {"b": "a"})) == 120


def test_weights_of_two_are_halves():
    half = Fraction(1, 2)
    none, a, b, both = (frozenset(x) for x in ("", "a", "b", "ab"))
    assert marginals([("a", "b"), ("b", "a")])["a"] == {a: half, none: -half, both: half, b: -half}


def test_weights_leave_the_whole_less_nothing():
    weights = marginals(feasible_orders("abcdef", {"b": "a"}))
    total = {}
    for part in weights.values():
        for coalition, weight in part.items():
            total[coalition] = total.get(coalition, 0) + weight
    left = {coalition: weight for coalition, weight in total.items() if weight}
    assert left == {frozenset("abcdef"): 1, frozenset(): -1}
    assert not any("b" in coalition and "a" not in coalition for coalition in total)


def test_causes_that_do_not_interact_have_the_same_bars_in_every_order():
    """A bot on one intent, an assistant that writes the summaries of the other, agents to spare."""
    changes = {
        "bot": {},
        "intents.fault.bot": {"containment": 0.3, "false_share": 0.3},
        "assistant": {"uplift": 0.0, "summary": {}},
    }
    before, after = plenty(), plenty(changes)
    one, all_orders = (bars(sim.bridge(before, after, shapley=shapley)) for shapley in (False, True))
    assert all_orders["containment"] == pytest.approx(one["containment"] + one["selection"], rel=1e-9)
    both = one["false_containment"] + one["lost_context"]
    assert all_orders["false_containment"] == pytest.approx(both, rel=1e-9)
    assert all_orders["assistant"] == pytest.approx(one["assistant"], rel=1e-9)
    assert min(map(abs, (both, one["assistant"], one["containment"]))) > 0.1


def test_causes_that_interact_share_what_they_do_together():
    before, after = plenty(), plenty({**BOT, "fatigue": {"build_per_hour": 0.3}})

    def hours(*on):
        return sim.run(with_causes(after, on)).measures.loc["workload_hours", "mean"]

    contained, tired, both, none = hours(*CAUSES[:4]), hours("fatigue"), hours(*CAUSES), hours()
    found = bars(sim.bridge(before, after, shapley=True))
    assert found["fatigue"] == pytest.approx((tired - none + both - contained) / 2, rel=1e-9)
    assert found["containment"] == pytest.approx((contained - none + both - tired) / 2, rel=1e-9)
    assert found["fatigue"] != pytest.approx(both - contained, rel=1e-3)
    assert "selection" not in found
