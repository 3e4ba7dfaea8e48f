"""Studies: the same bytes from a seed, pairs that are pairs."""

import numpy as np
from hypothesis import given, settings

import sim
from tests.engines.same import same
from tests.properties.conftest import QUICK
from tests.properties.worlds import play, worlds
from tests.study.small import SLICES, small, tables


@settings(QUICK, max_examples=25)
@given(world=worlds())
def test_the_same_seed_is_the_same_bytes(engine, world):
    same(play(world, engine).records, play(world, engine).records)


def test_another_seed_is_another_study(engine):
    one, other = (sim.run(small(), seed=seed, replications=3, engine=engine) for seed in (3, 4))
    assert tables(one) != tables(other)


# Pairs ---------------------------------------------------------------------------------


def test_a_scenario_compared_with_itself_differs_by_exactly_nothing(engine):
    pair = sim.compare(small(), small(), seed=2, engine=engine)
    assert list(pair.results) == ["small", "small (2)"]
    gaps = [pair.differences, *(getattr(pair, f"differences_{name}") for name in SLICES)]
    for table in gaps:
        figures = table[["mean", "ci_low", "ci_high"]].to_numpy()
        known = ~np.isnan(figures)
        assert (figures[known] == 0.0).all()
        assert known.mean() > 0.5
    one, two = pair.results.values()
    assert tables(one) == tables(two)


def test_scenarios_meet_the_same_people(engine):
    """With fewer staff the same needs arise, intent by intent; their fate differs."""
    pair = sim.compare(small(), small(name="fewer", agents__first__staff=0), seed=2, engine=engine)
    gaps = pair.differences.set_index("measure")
    assert gaps.loc["demand", "mean"] == gaps.loc["demand", "ci_high"] == 0.0
    assert gaps.loc["abandonment_rate", "ci_low"] > 0.0
    by_intent = pair.differences_by_intent
    assert (by_intent[by_intent["measure"] == "demand"]["mean"] == 0.0).all()


def test_pairs_are_narrower_than_strangers(engine):
    pair = sim.compare(small(), small(name="slower", intents__order__talk_time="4m20s"), seed=2, engine=engine)
    width = {n: r.measures.loc["aht_s", "ci_high"] - r.measures.loc["aht_s", "mean"] for n, r in pair.results.items()}
    gap = pair.differences.set_index("measure").loc["aht_s"]
    assert gap["mean"] > 0
    assert gap["ci_high"] - gap["mean"] < 0.6 * np.hypot(*width.values())
