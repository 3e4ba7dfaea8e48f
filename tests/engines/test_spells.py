"""Counts whose agents are relieved: as many on duty as the counts say, nobody too long, and as tired as on shifts."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.engine import SIMPY, prepare
from sim.engine.plan import reliefs_of
from tests.engines.same import same_engines

HOUR_US = 3_600_000_000
COUNTS = st.lists(st.integers(0, 9), min_size=1, max_size=12)


@given(COUNTS, st.integers(1, 40), st.integers(1, 10))
def test_reliefs_are_in_order_and_in_hours_in_which_somebody_works(counts, longest, width):
    edges = [7 + width * k for k in range(len(counts) + 1)]
    times, names = reliefs_of(edges, counts, longest)
    assert times == sorted(times)
    at_work = [set(range(start, end)) for n, (start, end) in zip(counts, pairwise(edges), strict=True) if n]
    assert set(times) <= set().union(*at_work)
    rises = sum(max(0, n - before) for before, n in pairwise([0, *counts]))
    assert names == rises + len(times)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 40))
def test_nobody_is_due_for_longer_than_that(count, intervals, longest):
    """First in, first out: with steady counts a relief comes for everybody in time."""
    times, _ = reliefs_of(range(intervals * 7 + 1)[::7], [count] * intervals, longest)
    on = [0] * count
    for at in times:
        assert at - on[0] <= longest
        on = [*on[1:], at]
    assert intervals * 7 - on[0] <= longest


def test_those_who_begin_together_are_relieved_one_after_the_other():
    assert reliefs_of([0, 8], [4], 4) == ([1, 2, 3, 4, 5, 6, 7], 11)


def test_when_a_count_falls_the_young_leave_with_the_old():
    assert reliefs_of([0, 10, 20], [4, 2], 8) == ([2, 4, 6, 8, 12, 16], 10)


WORK = {
    "name": "Work that tires",
    "calendar": {"start": "2026-11-23", "days": 5, "hours": "08:00-16:00"},
    "arrivals": {"per_hour": 200},
    "intents": {"all": {"share": 1, "talk_time": {"distribution": "lognormal", "mean": "5m", "cv": 0.8}}},
    "customers": {"patience": "4m"},
    "mistreatment": {},
    "fatigue": {},
    "agents": {"team": {"skills": ["all"], "staff": 20}},
    "run": {"replications": 20},
}
STARTS = [("1h45m", "3h30m", "5h45m"), ("2h", "4h", "6h15m"), ("2h15m", "4h30m", "6h45m")]
SHIFTS = [
    {
        "count": count,
        "start": "08:00",
        "length": "8h",
        "breaks": [{"after": after, "length": n} for after, n in zip(starts, ("15m", "30m", "15m"), strict=True)],
    }
    for count, starts in zip((8, 8, 7), STARTS, strict=True)
]


def staffed(**group):
    return sim.loads(WORK | {"agents": {"team": {"skills": ["all"], **group}}})


def measured(**group):
    return sim.run(staffed(**group)).measures["mean"]


def test_four_hours_at_a_time_tire_as_much_as_a_day_with_its_breaks():
    """Twenty on the queue all day, by counts and by 23 agents with breaks."""
    relieved, shifts, bare = measured(staff=20, relief="4h"), measured(shifts=SHIFTS), measured(staff=20)
    assert relieved["aht_fatigue_s"] == pytest.approx(shifts["aht_fatigue_s"], rel=0.12)
    assert bare["aht_fatigue_s"] > 1.8 * shifts["aht_fatigue_s"]
    assert bare["strained_share"] > 0.4 > 0.03 > relieved["strained_share"]


def test_relief_leaves_paid_hours_and_scheduled_time_as_the_counts_say():
    relieved, bare = measured(staff=20, relief="2h"), measured(staff=20)
    assert relieved["paid_hours"] == pytest.approx(bare["paid_hours"], rel=0.006)
    assert relieved["occupancy"] < bare["occupancy"]


def test_whoever_takes_over_comes_when_the_contact_in_hand_is_done():
    prepared = prepare(staffed(staff=20, relief="2h"))
    records = prepared.replicate(1, 0)
    longest = (records.contacts["talk_us"] + records.contacts["wrap_us"]).max()
    duties = records.duties
    assert (duties["left_us"] - duties["start_us"]).max() <= 2 * HOUR_US + longest
    for day in range(5):
        for minute in range(1, 480, 7):
            at = (day * 24 + 8) * HOUR_US + minute * HOUR_US // 60
            assert ((duties["start_us"] <= at) & (at < duties["left_us"])).sum() == 20


def test_where_counts_fall_nobody_stays_much_longer():
    counts = [20, 30, 40, 45, 40, 30, 20, 10, 20, 30, 40, 30, 20, 10, 5, 5]
    duties = prepare(staffed(staff=counts, relief="2h")).replicate(1, 0).duties
    hours = (duties["left_us"] - duties["start_us"]) / HOUR_US
    assert np.quantile(hours, 0.98) < 2.7
    assert hours.max() < 4.5


def test_nobody_takes_over_after_close():
    """The last contact of the last day ends after midnight, when there is no day left to be present on."""
    late = {"hours": "20:00-24:00", "days": 1, "start": "2026-11-23", "at_close": "drain"}
    talk = {"distribution": "constant", "value": "50m"}
    settings = {"calendar": late, "intents": {"all": {"share": 1, "talk_time": talk}}, "arrivals": {"per_hour": 6}}
    settings |= {"customers": {"patience": "5h"}, "run": {"warm_up": "0d", "follow_up": "0d"}}
    prepared = prepare(
        sim.loads(WORK | settings | {"agents": {"team": {"skills": ["all"], "staff": 4, "relief": "1h"}}})
    )
    for replication in range(5):
        records = prepared.replicate(1, replication)
        same_engines(records, prepared.replicate(1, replication, SIMPY))
        assert (records.duties["start_us"] < 24 * HOUR_US).all()
        assert records.duties["left_us"].max() > 24 * HOUR_US


@pytest.mark.parametrize("absence", [0, 0.3])
def test_both_engines_relieve_alike(absence):
    prepared = prepare(staffed(staff=[3, 0, 5, 2] * 4, relief="45m", absence=absence))
    for replication in range(2):
        same_engines(prepared.replicate(1, replication), prepared.replicate(1, replication, SIMPY))


def test_without_fatigue_relief_changes_nothing_but_who():
    settings = {"fatigue": "off"}
    waits = [
        sim.run(sim.changed(staffed(staff=20, **more), settings), replications=150).measures
        for more in ({}, {"relief": "30m"})
    ]
    for measure in ("asa_s", "sl_offered", "occupancy"):
        one, other = (w.loc[measure] for w in waits)
        assert max(one["ci_low"], other["ci_low"]) < min(one["ci_high"], other["ci_high"]), measure
    assert np.isclose(waits[0].loc["aht_s", "mean"], waits[1].loc["aht_s", "mean"], rtol=0.01)


@pytest.mark.parametrize(
    ("group", "words"),
    [
        ({"staff": 3, "relief": "10m"}, "is less than 15 minutes"),
        ({"shifts": SHIFTS, "relief": "4h"}, "has no meaning with shifts"),
        ({"staff": 20_000, "relief": "15m"}, "agents"),
    ],
)
def test_relief_that_means_nothing_is_refused(group, words):
    with pytest.raises(sim.CcsimError, match=words):
        staffed(**group)
