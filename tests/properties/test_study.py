"""Studies: the same bytes from a seed on any number of workers, pairs that are pairs, precision that stops."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

import sim
from properties.conftest import QUICK
from properties.test_neutral import TABLES
from properties.worlds import play, worlds
from sim.study import replicate as replicating
from sim.study.replicate import Study, make_study

SMALL = {
    "name": "small",
    "calendar": {"start": "2026-11-23", "days": 2, "hours": "08:00-12:00", "interval": "30m"},
    "arrivals": {"per_day": 50, "busyness_cv": 0.2},
    "intents": {
        "order": {"share": 0.6, "talk_time": "4m", "wrap_up": "30s", "bot": {"resolves": 0.3}},
        "fault": {"share": 0.4, "talk_time": "9m", "resolution": 0.6},
    },
    "customers": {"patience": "2m", "redial": {}, "repeat": {"delay": "3h"}, "max_attempts": 4},
    "agents": {
        "first": {"skills": ["order"], "staff": 2},
        "second": {
            "skills": ["fault", "order"],
            "shifts": [{"count": 3, "start": "08:00", "length": "4h", "breaks": [{"after": "2h", "length": "15m"}]}],
            "absence": 0.1,
        },
    },
    "bot": {},
    "frustration": {},
    "mistreatment": {},
    "fatigue": {},
    "pace": {"target": "6m"},
    "costs": {"agent_hour": 30},
    "run": {"replications": 12, "warm_up": "1d", "follow_up": "1d"},
}
SLICES = ("by_day", "by_interval", "by_intent", "by_group")


def small(**changes):
    return sim.loads(SMALL, {key.replace("__", "."): value for key, value in changes.items()})


def tables(result):
    """Every table of a result as CSV text, digits and all."""
    return [getattr(result, name).to_csv(float_format="%r") for name in ("measures", *SLICES, "mix_shift")]


@settings(QUICK, max_examples=25)
@given(world=worlds())
def test_the_same_seed_is_the_same_bytes(world):
    one, two = play(world), play(world)
    for table in TABLES:
        assert getattr(one.records, table).tobytes() == getattr(two.records, table).tobytes()


def test_any_number_of_workers_is_the_same_study(monkeypatch):
    monkeypatch.setattr(replicating, "ALONE_BELOW", 0)
    alone, together = (sim.run(small(), seed=3, jobs=jobs, contacts=True) for jobs in (1, 2))
    assert tables(alone) == tables(together)
    pd.testing.assert_frame_equal(alone.contacts, together.contacts, check_exact=True)


def test_another_seed_is_another_study():
    assert tables(sim.run(small(), seed=3)) != tables(sim.run(small(), seed=4))


# Pairs ---------------------------------------------------------------------------------


def test_a_scenario_compared_with_itself_differs_by_exactly_nothing():
    pair = sim.compare(small(), small(), seed=2)
    assert list(pair.results) == ["small", "small (2)"]
    gaps = [pair.differences, *(getattr(pair, f"differences_{name}") for name in SLICES)]
    for table in gaps:
        figures = table[["mean", "ci_low", "ci_high"]].to_numpy()
        known = ~np.isnan(figures)
        assert (figures[known] == 0.0).all()
        assert known.mean() > 0.5
    one, two = pair.results.values()
    assert tables(one) == tables(two)


def test_scenarios_meet_the_same_people():
    """With fewer staff the same needs arise, intent by intent; their fate differs."""
    pair = sim.compare(small(), small(name="fewer", agents__first__staff=0), seed=2)
    gaps = pair.differences.set_index("measure")
    assert gaps.loc["demand", "mean"] == gaps.loc["demand", "ci_high"] == 0.0
    assert gaps.loc["abandonment_rate", "ci_low"] > 0.0
    by_intent = pair.differences_by_intent
    assert (by_intent[by_intent["measure"] == "demand"]["mean"] == 0.0).all()


def test_pairs_are_narrower_than_strangers():
    pair = sim.compare(small(), small(name="slower", intents__order__talk_time="4m20s"), seed=2)
    width = {n: r.measures.loc["aht_s", "ci_high"] - r.measures.loc["aht_s", "mean"] for n, r in pair.results.items()}
    gap = pair.differences.set_index("measure").loc["aht_s"]
    assert gap["mean"] > 0
    assert gap["ci_high"] - gap["mean"] < 0.6 * np.hypot(*width.values())


# Precision -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def widths():
    """Half-widths of the AHT after 30, 40 and 50 replications, and its mean after 50."""
    study = make_study(small())
    replicating.replicate([study], 5, 50)
    found = {}
    for count in (30, 40, 50):
        first = Study(study.scenario, study.prepared, study.frame, study.tallies[:count])
        found[count] = float(first.estimates("overall")["aht_s"].half_width[0])
    return found | {"mean": float(study.estimates("overall")["aht_s"].mean[0])}


def wish(widths):
    """Between what 40 and 50 replications reach."""
    assert widths[50] < widths[40] < widths[30]
    return (widths[40] + widths[50]) / 2


def precise(wanted, **more):
    document = {**SMALL, "run": {"precision": wanted, "warm_up": "1d", "follow_up": "1d", **more}}
    return sim.run(sim.loads(document), seed=5)


def test_thirty_replications_are_the_least():
    assert precise({"service_level": 0.5}).replications == 30


def test_it_stops_at_the_first_batch_of_ten_that_is_precise(widths):
    found = precise({"aht_s": f"{wish(widths):.6f}s"})
    assert found.replications == 50
    assert found.measures.loc["aht_s", "mean"] == widths["mean"]
    assert found.measures.loc["aht_s", "ci_high"] == pytest.approx(widths["mean"] + widths[50], rel=1e-12)


def test_all_wishes_must_be_met(widths):
    """One of them by 30 already, the other, a share of the mean, by 50."""
    relative = 100 * wish(widths) / widths["mean"]
    assert precise({"service_level": 0.5, "aht_s": f"{relative:.8f}%"}).replications == 50


def test_a_wish_out_of_reach_ends_at_the_most():
    assert precise({"service_level": 1e-6}, max_replications=43).replications == 43


def test_replications_asked_for_override_the_precision():
    document = {**SMALL, "run": {"precision": {"service_level": 1e-6}}}
    assert sim.run(sim.loads(document), seed=5, replications=3).replications == 3
