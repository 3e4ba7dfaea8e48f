"""The regression check: what moved is noticed, what did not is not, and luck is told from change."""

import dataclasses

import numpy as np
import pytest
from scipy.stats import t, ttest_ind

from sim.errors import CcsimError
from sim.measures import definitions
from sim.study import replicate
from sim.study.baseline import Baseline, Kept, make_baseline
from sim.study.check import FALSE_ALARM, GONE, MOVED, NEW, SAME, check, holm, judge
from tests.study.steady import steady

N = 30


def made_of(samples: dict[str, np.ndarray], seed: int, **kept: object) -> Baseline:
    """A baseline of measures whose values by replication are given."""
    n = len(next(iter(samples.values())))
    measures = {
        name: Kept(mean=x.mean(), se=x.std(ddof=1) / np.sqrt(n), n=n, **{"tolerance": 0.0, **kept})
        for name, x in samples.items()
    }
    return Baseline(
        schema_version=1,
        scenario="made up",
        digest="",
        seed=seed,
        replications=n,
        settings=(),
        sections={},
        measures=measures,
    )


def altered(baseline: Baseline, name: str, **changes: object) -> Baseline:
    """The baseline with another entry for one measure."""
    entry = baseline.measures[name].model_copy(update=changes)
    return baseline.model_copy(update={"measures": baseline.measures | {name: entry}})


def without(baseline: Baseline, name: str) -> Baseline:
    """The baseline without one measure."""
    return baseline.model_copy(update={"measures": {k: v for k, v in baseline.measures.items() if k != name}})


@pytest.fixture(scope="module")
def kept():
    return make_baseline(steady(), replications=N)


# The same seed ----------------------------------------------------------------


def test_nothing_moves_when_nothing_changed(kept):
    found = check(steady(), kept)
    assert found.same_seed
    assert found.moved.empty
    assert not found.scenario_changed
    assert found.table["p"].isna().all()


@pytest.mark.parametrize(("by", "verdict"), [(0.9e-9, SAME), (1.1e-9, MOVED)])
def test_what_is_not_a_count_agrees_to_its_tolerance(kept, by, verdict):
    mean = kept.measures["aht_s"].mean
    found = judge(kept, altered(kept, "aht_s", mean=mean * (1 - by)))
    assert found.table.loc["aht_s", "verdict"] == verdict


def test_counts_are_equal_or_moved(kept):
    demand = kept.measures["demand"].mean
    found = judge(kept, altered(kept, "demand", mean=demand + 1 / N))
    assert list(found.moved.index) == ["demand"]
    assert found.moved.loc["demand", "difference"] == pytest.approx(1 / N)


def test_a_tolerance_edited_by_hand_counts(kept):
    mean = kept.measures["aht_s"].mean
    wide = altered(kept, "aht_s", tolerance=0.05)
    assert judge(wide, altered(kept, "aht_s", mean=1.049 * mean)).moved.empty
    assert list(judge(wide, altered(kept, "aht_s", mean=1.051 * mean)).moved.index) == ["aht_s"]


def test_standard_errors_are_those_of_a_difference(kept):
    se, mean = kept.measures["aht_s"].se, kept.measures["aht_s"].mean
    found = judge(kept, altered(kept, "aht_s", mean=mean + 3 * se))
    assert found.moved.loc["aht_s", "standard_errors"] == pytest.approx(3 / np.sqrt(2))


def test_measures_that_appear_or_disappear_are_findings(kept):
    assert judge(without(kept, "aht_s"), kept).moved["verdict"].to_dict() == {"aht_s": NEW}
    assert judge(kept, without(kept, "aht_s")).moved["verdict"].to_dict() == {"aht_s": GONE}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_value_that_appears_or_disappears_is_a_finding(kept, seed):
    other = kept.model_copy(update={"seed": seed})
    nothing = altered(other, "aht_s", mean=None, se=None)
    assert judge(kept, nothing).moved["verdict"].to_dict() == {"aht_s": MOVED}
    assert judge(altered(kept, "aht_s", mean=None, se=None), other).moved["verdict"].to_dict() == {"aht_s": MOVED}
    assert judge(altered(kept, "aht_s", mean=None, se=None), nothing).moved.empty


def test_a_value_too_rare_to_be_sure_of_may_disappear_with_other_luck(kept):
    """Known to no better than a half, it rests on a handful of events."""
    vague = altered(kept, "aht_s", se=0.6 * kept.measures["aht_s"].mean)
    nothing = altered(kept, "aht_s", mean=None, se=None)
    assert not len(judge(vague, nothing.model_copy(update={"seed": 2})).moved)
    assert not len(judge(nothing.model_copy(update={"seed": 2}), vague).moved)
    assert judge(vague, nothing).moved["verdict"].to_dict() == {"aht_s": MOVED}


def test_a_changed_scenario_is_said_and_compared_all_the_same(kept):
    found = check(steady(agents__desk__staff=6), kept)
    assert found.scenario_changed
    assert found.changed_sections == ["agents.desk"]
    assert "agents_on_queue" in found.moved.index
    assert found.table.loc["demand", "verdict"] == SAME


@pytest.mark.parametrize(("then", "now"), [({}, {"costs": {"agent_hour": 30}}), ({"costs": {"agent_hour": 30}}, {})])
def test_a_section_that_appears_or_disappears_has_changed(then, now):
    found = check(steady(**now), make_baseline(steady(**then), replications=2))
    assert found.changed_sections == ["costs"]
    assert set(found.moved["verdict"]) == {NEW if now else GONE}


def test_the_largest_differences_come_first_after_what_has_none(kept):
    moved = check(steady(agents__desk__staff=6), altered(kept, "aht_s", mean=None, se=None)).moved
    assert (moved.index.name, moved.index[0]) == ("measure", "aht_s")
    sizes = moved["standard_errors"].abs().dropna()
    assert len(sizes) > 2
    assert list(sizes) == sorted(sizes, reverse=True)


def test_a_changed_law_moves_measures_with_the_same_luck(kept, monkeypatch):
    slower_by(1.00001, monkeypatch)
    assert {"aht_s", "occupancy"} <= set(check(steady(), kept).moved.index)


# Another seed -----------------------------------------------------------------


def slower_by(factor: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Break every engine alike: all talk takes longer than the scenario says."""
    engineered(monkeypatch, "talk_time", factor)


def engineered(monkeypatch: pytest.MonkeyPatch, name: str, factor: float) -> None:
    right = replicate.prepare

    def wrong(scenario):
        intent = scenario.intents["all"]
        given = getattr(intent, name)
        changed = intent.model_copy(update={name: given.model_copy(update={"mean": given.mean * factor})})
        return right(scenario.model_copy(update={"intents": {"all": changed}}))

    monkeypatch.setattr(replicate, "prepare", wrong)


def test_other_luck_alone_moves_nothing(kept):
    for seed in (2, 3, 4):
        found = check(steady(), kept, seed=seed)
        assert not found.same_seed
        assert found.moved.empty, found.moved
        assert (found.table["difference"] != 0).sum() > 15


def test_two_percent_on_talk_are_noticed_with_other_luck(kept, monkeypatch):
    slower_by(1.02, monkeypatch)
    found = check(steady(), kept, seed=2)
    assert not found.scenario_changed
    assert {"aht_s", "talk_s"} <= set(found.moved.index)
    assert found.table.loc["demand", "verdict"] == SAME


def test_two_percent_on_patience_are_noticed_with_other_luck(monkeypatch):
    short = {"agents__desk__staff": 1}
    kept = make_baseline(steady(**short), replications=N)
    assert check(steady(**short), kept, seed=2).moved.empty
    engineered(monkeypatch, "patience", 1.02)
    assert "wait_all_s" in check(steady(**short), kept, seed=2).moved.index


def test_two_percent_on_a_measure_are_noticed_with_other_luck(kept, monkeypatch):
    right = definitions.MEASURES["aht_s"]
    wrong = dataclasses.replace(right, top={count: 1.02 * weight for count, weight in right.top.items()})
    monkeypatch.setitem(definitions.MEASURES, "aht_s", wrong)
    assert list(check(steady(), kept, seed=2).moved.index) == ["aht_s"]


@pytest.mark.long
def test_false_alarms_of_the_simulator_are_rare():
    assert alarms(seeds=30) <= 3  # more than 3 of 30 has a chance of 0.02 % at 1 % a check


@pytest.mark.long
def test_false_alarms_of_the_simulator_are_at_most_one_percent():
    assert alarms(seeds=400) <= 10  # more than 10 of 400 has a chance of 0.3 % at 1 % a check


def alarms(seeds: int) -> int:
    """Checks that find something between one seed and the next, with ten replications each."""
    scenario = steady(arrivals__per_day=50)
    made = [make_baseline(scenario, seed=seed, replications=10, jobs=1) for seed in range(seeds)]
    return sum(not judge(a, b).moved.empty for a, b in zip(made, [*made[1:], made[0]], strict=True))


MEASURES, CHECKS = 50, 200


def drawn(random: np.random.Generator, shift: float = 0.0, n: int = N) -> dict[str, np.ndarray]:
    """Fifty measures, half of them normal and half rare counts; the first is shifted."""
    values = random.standard_normal((MEASURES, n)) + 10.0
    values[MEASURES // 2 :] = random.poisson(0.3, (MEASURES - MEASURES // 2, n))
    values[0] += shift
    return {f"m{k:02d}": x for k, x in enumerate(values)}


@pytest.mark.parametrize("n", [10, 30])
def test_one_check_in_a_hundred_cries_wolf_at_most(n):
    random = np.random.default_rng(1)
    pairs = ((made_of(drawn(random, n=n), 1), made_of(drawn(random, n=n), 2)) for _ in range(CHECKS))
    found = sum(not judge(*pair).moved.empty for pair in pairs)
    assert found <= 6  # expected: at most 2


def test_nine_in_ten_notice_what_is_said_to_be_noticeable():
    random = np.random.default_rng(2)
    size = judge(made_of(drawn(random), 1), made_of(drawn(random), 2)).table["noticeable"].iloc[0]
    assert 0.9 < size < 1.8
    pairs = ((made_of(drawn(random), 1), made_of(drawn(random, size), 2)) for _ in range(CHECKS))
    noticed = np.mean(["m00" in judge(*pair).moved.index for pair in pairs])
    assert 0.75 < noticed < 1.0


def test_what_does_not_vary_moves_by_more_than_rounding_only():
    then, near, far = ({"fixed": np.full(N, value)} for value in (5.0, 5.0 + 4e-9, 5.25))
    assert judge(made_of(then, 1), made_of(near, 2)).moved.empty
    found = judge(made_of(then, 1), made_of(far, 2))
    assert found.now.measures["fixed"].se == 0.0
    assert list(found.moved.index) == ["fixed"]
    assert found.moved.loc["fixed", "p"] == 0.0


def test_a_practical_tolerance_lets_small_differences_pass():
    random = np.random.default_rng(3)
    then, now = (random.standard_normal(1000) * 0.01 + mean for mean in (10.0, 10.15))
    found = {
        tolerance: list(
            judge(made_of({"m": then}, 1, tolerance_other_seed=tolerance), made_of({"m": now}, 2)).moved.index
        )
        for tolerance in (0.0, 0.01, 0.02)
    }
    assert found == {0.0: ["m"], 0.01: ["m"], 0.02: []}


def test_welch_by_hand_and_by_another_program():
    then, now = np.array([0.0, 1.0] * 5), np.array([0.7, 1.7] * 10)
    found = judge(made_of({"m": then}, 1), made_of({"m": now}, 2)).table.loc["m"]
    assert found["standard_errors"] == pytest.approx(0.7 / np.sqrt(0.2777778 / 10 + 0.2631579 / 20), rel=1e-6)
    other = ttest_ind(now, then, equal_var=False)
    assert found["p"] == pytest.approx(other.pvalue, rel=1e-6)
    assert found["noticeable"] == pytest.approx((t.ppf(0.995, other.df) + t.ppf(0.9, other.df)) * 0.202326, rel=1e-5)


def test_holm_by_hand():
    assert holm(np.array([0.03, np.nan, 0.001, 0.02])) == pytest.approx([0.04, np.nan, 0.003, 0.04], nan_ok=True)
    assert holm(np.array([0.6, 0.9])) == pytest.approx([1.0, 1.0])


def test_p_decides_the_verdict(kept):
    table = check(steady(agents__desk__staff=4), kept, seed=2).table
    judged = table.dropna(subset="p")
    assert {SAME, MOVED} == set(judged["verdict"])
    assert ((judged["p"] <= FALSE_ALARM) == (judged["verdict"] == MOVED)).all()


# What cannot be compared ------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "asked", "said"),
    [
        (4, {"replications": 5}, "5 replications: the baseline has 4 with the same seed 1"),
        (4, {"seed": 2}, "from 10 replications, and the baseline has 4"),
        (4, {"seed": 2, "replications": 30}, "--replications 30 --refresh"),
        (N, {"seed": 2, "replications": 9}, "9 replications: other luck is judged from 10"),
    ],
)
def test_what_cannot_be_compared_is_refused_before_anything_runs(kept, monkeypatch, count, asked, said):
    monkeypatch.setattr("sim.study.baseline.run", None)
    measures = {name: entry.model_copy(update={"n": count}) for name, entry in kept.measures.items()}
    with pytest.raises(CcsimError, match=said):
        check(steady(), kept.model_copy(update={"replications": count, "measures": measures}), **asked)
