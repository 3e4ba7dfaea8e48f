"""What weak and assumed numbers do to an answer."""

import numpy as np
import pytest

from sim.loading.load import changed
from sim.study.replicate import RunOptions
from sim.study.scenario_results import simulate_all
from sim.study.sensitivity import assumptions
from tests.study.small import small

MEASURES = ["sl_offered", "workload_hours"]


@pytest.fixture(scope="module")
def found():
    return assumptions(small(), "workload_hours", MEASURES, RunOptions(1), 8, most=4)


def test_an_effect_is_what_the_number_at_its_end_measures_on_the_same_customers(found):
    doubt = found.doubts[0]
    for end, side in zip(doubt.ends, ("low", "high"), strict=True):
        (cell,) = simulate_all([end.scenario], RunOptions(1), 8)
        for measure in MEASURES:
            effect = next(e for e in found.of(measure) if e.doubt.key == doubt.key)
            assert getattr(effect, side) == cell.mean(measure)


def test_the_most_influential_number_comes_first(found):
    swings = [effect.swing for effect in found.of("workload_hours")]
    assert swings == sorted(swings, reverse=True)
    assert swings[-1] > 0
    assert len(swings) == 4


def test_no_other_number_moves_the_measure_more(found):
    """The repeats of so small a day carry its work: all are tried here, one by one, in full."""
    from sim.study.uncertain_parameters import uncertain_parameters

    (base,) = simulate_all([small()], RunOptions(1), 8)
    every = uncertain_parameters(small())
    ends = list(simulate_all([end.scenario for doubt in every for end in doubt.ends], RunOptions(1), 8))
    swing = {
        doubt.key: max(abs(c.mean("workload_hours") - base.mean("workload_hours")) for c in ends[2 * k : 2 * k + 2])
        for k, doubt in enumerate(every)
    }
    best = max(swing, key=swing.get)
    assert found.doubts[0].key == best
    assert found.considered == len(every)


def test_the_span_holds_every_end(found):
    low, expected, high = found.span("sl_offered")
    ends = [end for effect in found.of("sl_offered") for end in (effect.low, effect.high)]
    assert (low, high) == (min([*ends, expected]), max([*ends, expected]))
    assert expected == found.base.mean("sl_offered")


def test_the_table_says_the_same(found):
    table = found.table
    assert list(table["measure"].unique()) == MEASURES
    assert len(table) == 8
    row = table[table["measure"] == "workload_hours"].iloc[0]
    effect = found.of("workload_hours")[0]
    assert (row["parameter"], row["low"], row["high"]) == (effect.doubt.key, effect.low, effect.high)
    assert (row["low_value"], row["high_value"]) == tuple(end.words for end in effect.doubt.ends)
    assert np.isfinite(row["swing"])


def test_numbers_without_effect_are_left_out():
    still = changed(
        small(), {"fatigue": "off", "frustration": "off", "mistreatment": "off", "pace": "off", "bot": "off"}
    )
    keys = [d.key for d in assumptions(still, "demand", ["demand"], RunOptions(1), 2).doubts]
    assert keys == []


def test_progress_reaches_its_end():
    told = []
    assumptions(small(), "sl_offered", MEASURES, RunOptions(1), 2, most=1, progress=lambda *done: told.append(done))
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1]
    assert len({whole for _, whole in told}) == 1
