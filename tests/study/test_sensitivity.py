"""What weak and assumed numbers do to an answer."""

import numpy as np
import pytest

from sim.loading.load import changed
from sim.study.replicate import RunOptions
from sim.study.scenario_results import simulate_all
from sim.study.sensitivity import sensitivity_table, uncertain_parameters
from tests.study.small import small

MEASURES = ["sl_offered", "workload_hours"]


@pytest.fixture(scope="module")
def found():
    return sensitivity_table(small(), "workload_hours", MEASURES, RunOptions(1), 8, most=4)


def test_an_effect_is_what_the_number_at_its_end_measures_on_the_same_customers(found):
    parameter = found.parameters[0]
    for bound, side in zip(parameter.bounds, ("low", "high"), strict=True):
        (result,) = simulate_all([bound.scenario], RunOptions(1), 8)
        for measure in MEASURES:
            sensitivity = next(e for e in found.of(measure) if e.parameter.key == parameter.key)
            assert getattr(sensitivity, side) == result.mean(measure)


def test_the_most_influential_number_comes_first(found):
    sizes = [sensitivity.size for sensitivity in found.of("workload_hours")]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] > 0
    assert len(sizes) == 4


def test_no_other_number_moves_the_measure_more(found):
    """The repeats of so small a day carry its work: all are tried here, one by one, in full."""
    (base,) = simulate_all([small()], RunOptions(1), 8)
    every = uncertain_parameters(small())
    bounds = list(simulate_all([bound.scenario for parameter in every for bound in parameter.bounds], RunOptions(1), 8))
    size = {
        parameter.key: max(
            abs(c.mean("workload_hours") - base.mean("workload_hours")) for c in bounds[2 * k : 2 * k + 2]
        )
        for k, parameter in enumerate(every)
    }
    best = max(size, key=size.get)
    assert found.parameters[0].key == best
    assert found.considered == len(every)


def test_the_span_holds_every_end(found):
    low, expected, high = found.span("sl_offered")
    bounds = [bound for sensitivity in found.of("sl_offered") for bound in (sensitivity.low, sensitivity.high)]
    assert (low, high) == (min([*bounds, expected]), max([*bounds, expected]))
    assert expected == found.base.mean("sl_offered")


def test_the_table_says_the_same(found):
    table = found.table
    assert list(table["measure"].unique()) == MEASURES
    assert len(table) == 8
    row = table[table["measure"] == "workload_hours"].iloc[0]
    sensitivity = found.of("workload_hours")[0]
    assert (row["parameter"], row["low"], row["high"]) == (sensitivity.parameter.key, sensitivity.low, sensitivity.high)
    assert (row["low_value"], row["high_value"]) == tuple(bound.words for bound in sensitivity.parameter.bounds)
    assert np.isfinite(row["swing"])


def test_numbers_without_effect_are_left_out():
    still = changed(
        small(), {"fatigue": "off", "frustration": "off", "mistreatment": "off", "pace": "off", "bot": "off"}
    )
    keys = [d.key for d in sensitivity_table(still, "demand", ["demand"], RunOptions(1), 2).parameters]
    assert keys == []


def test_progress_reaches_its_end():
    told = []
    sensitivity_table(
        small(), "sl_offered", MEASURES, RunOptions(1), 2, most=1, progress=lambda *done: told.append(done)
    )
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1]
    assert len({whole for _, whole in told}) == 1
