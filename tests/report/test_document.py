import json

import pytest

import sim
from sim.report.comparison import comparison_report
from sim.report.comparison.findings import of_comparison, of_run
from tests.report.tiny import BEFORE

KEYS = {
    "schema_version",
    "scenario",
    "seed",
    "replications",
    "service_level",
    "measures",
    "by_interval",
    "by_intent",
    "by_group",
    "by_channel",
}


def test_a_run_is_the_document_of_the_contract(alone, result):
    told = comparison_report(alone).document()
    assert set(told) == KEYS
    assert (told["schema_version"], told["scenario"], told["seed"], told["replications"]) == (1, "Tiny after", 1, 3)
    assert told["service_level"] == {"definition": "sl_offered", "within_s": 20.0, "share": 0.8}
    row = result.measures.loc["aht_s"]
    assert told["measures"]["aht_s"] == {"mean": row["mean"], "ci95": [row["ci_low"], row["ci_high"]]}
    assert set(told["measures"]) == set(result.measures.index)
    assert set(told["by_intent"]) == {"orders", "billing"}
    assert set(told["by_group"]) == {"desk"}


def test_intervals_are_a_list_by_day_and_time(alone, result):
    told = comparison_report(alone).document()["by_interval"]
    assert [(cell["day"], cell["time"]) for cell in told] == [
        (day, time) for day in ("2026-11-23", "2026-11-24") for time in ("08:00", "08:30", "09:00", "09:30")
    ]
    table = result.by_interval.set_index(["day", "time", "measure"])
    assert told[6]["offered"]["mean"] == table.loc[("2026-11-24", "09:00", "offered"), "mean"]


def test_what_is_not_a_number_is_null():
    only = of_run(sim.run(sim.loads(BEFORE), replications=1))
    told = json.loads(json.dumps(comparison_report(only).document(), allow_nan=False))
    assert told["measures"]["containment_rate"] == {"mean": None, "ci95": None}
    assert told["measures"]["offered"]["mean"] > 0
    assert told["measures"]["offered"]["ci95"] is None


def test_a_comparison_adds_scenarios_and_differences_against_the_first(found, comparison):
    told = comparison_report(found).document()
    assert set(told) == KEYS | {"scenarios", "differences"}
    assert told["scenario"] == "Tiny before"
    assert list(told["scenarios"]) == ["Tiny before", "Tiny after", "Tiny cut"]
    assert told["scenarios"]["Tiny before"]["measures"] == told["measures"]
    assert list(told["differences"]) == ["Tiny after", "Tiny cut"]
    table = comparison.differences.set_index(["scenario", "measure"])
    row = table.loc[("Tiny cut", "workload_hours")]
    told_of = told["differences"]["Tiny cut"]["workload_hours"]
    assert told_of == {"mean": row["mean"], "ci95": [row["ci_low"], row["ci_high"]]}
    assert told_of["mean"] == pytest.approx(
        told["scenarios"]["Tiny cut"]["measures"]["workload_hours"]["mean"] - told["measures"]["workload_hours"]["mean"]
    )


def test_a_scenario_against_itself_differs_by_exactly_nothing():
    twice = of_comparison(sim.compare(sim.loads(BEFORE), sim.loads(BEFORE), replications=2))
    differences = comparison_report(twice).document()["differences"]["Tiny before (2)"]
    assert {told["mean"] for told in differences.values()} <= {0.0, None}
    assert differences["offered"] == {"mean": 0.0, "ci95": [0.0, 0.0]}
