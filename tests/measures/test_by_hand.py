"""Every measure against a value worked out on paper (see hand.py for what happened)."""

import math

import numpy as np
import pytest

from sim import loads
from sim.engine.records import CONTACT, DUTY, NEED, SEGMENT, BotOutcome, Cause, NeedStatus, Records
from sim.measures import make_frame, tally
from sim.measures.counts import Count
from sim.study.replicate import WAIT_P90, make_run
from tests.drawn import interval_of
from tests.measures.hand import ANSWERED, CONTACTS, DOCUMENT, NEEDS, A, B, Y, at, call, records, rows, scenario

H = 3600
TOLERANCE = 1e-9  # levels and times of fatigue are added in grains of 2 ** -32 and in whole microseconds

# Joined in the days measured (need.attempt: wait, fate):
#   Mon 08: 0.2 0 answered, 1.1 10 answered, 2.1 20 answered, 3.1 20 gave up       3 of 4 in time: meets 50 %
#   Mon 09: 3.2 21 gave up, 4.1 balked, 5.1 21 answered (joined 10:01, after close)    0 of 3
#   Tue 08: 2.2 0 answered                                                            1 of 1: meets
#   Tue 09: 8.1 0 answered, 9.1 30 cut                                                1 of 2: meets
# Monday 3 of 7, Tuesday 2 of 3.
OVERALL = {
    "demand": 9,
    "pending": 1,
    "bot_offered": 4,
    "bot_contained": 2,
    "bot_escalated": 2,
    "bot_abandoned": 0,
    "bot_resolved": 1,
    "containment_rate": 2 / 4,
    "bot_resolution_rate": 1 / 4,
    "false_containment_rate": 1 / 2,
    "escalation_rate": 2 / 4,
    "bot_abandonment_rate": 0,
    "opt_out_rate": 1 / 4,
    "bot_session_s": (180 + 100 + 50) / 3,
    "offered": 10,
    "answered": 6,
    "abandoned": 2,
    "balked": 1,
    "disconnected": 1,
    "sl_offered": 5 / 10,
    "sl_excl_abn_in_t": 5 / (10 - 2),
    "sl_credit_abn_in_t": (5 + 2) / 10,
    "sl_answered": 5 / 6,
    "sl_intervals_met": 3 / 4,
    "sl_days_met": 1 / 2,
    "asa_s": (0 + 10 + 20 + 0 + 21 + 0) / 6,
    "wait_all_s": (0 + 10 + 20 + 0 + 20 + 21 + 0 + 21 + 0 + 30) / 10,
    WAIT_P90: 21,
    "delay_rate": 6 / 10,
    "time_to_human_s": (10 + 20 + (180 + 21) + 0) / 4,
    "abandonment_rate": (2 + 1) / 10,
    # the last one waits 25 s for a supervisor: part of the talk, whatever the agent does
    "aht_s": (40 + 120 + 200 + 330 + 60 + 75) / 6,
    "talk_s": (40 + 100 + 200 + 300 + 60 + 75) / 6,
    "acw_s": (20 + 30) / 6,
    "natural_aht_s": (40 + 130 + 200 + 330 + 60 + 75) / 6,
    # handling and available, in minutes: x 60 and 30 + 15, y 20 and 50 + 50
    "occupancy": (60 + 20) / (60 + 45 + 20 + 100),
    # on the queue in open hours, and ten minutes after close; paid: 2 x 2 h x 2 days / .8, 2.5 h x 2 days, overtime
    "utilisation": (225 + 10) / (600 + 300 + 11),
    "agents_on_queue": 225 / 240,
    "positions_scheduled": (105 / 0.8 + 120) / 240,
    "paid_hours": 10 + 5 + 11 / 60,
    # ten minutes on Monday, one of a departure that was cancelled on Tuesday
    "overtime_hours": 11 / 60,
    "fte": (15 + 11 / 60) / (2 / 7 * 38),
    "first_attempt_resolution": 3 / 9,
    "fcr": 3 / 6,
    "fcr_human": 2 / 4,
    "fcr_bot": 1 / 3,
    "resolution_rate": 4 / 9,
    "repeat_rate": 1 / 11,
    "redial_rate": 1 / 11,
    "repeat_7d": 2 / 9,
    "attempts_per_need": 11 / 9,
    "workload_hours": 825 / H,
    "workload_per_resolution_s": (120 + 530 + 60 + 75) / 4,
    "frustration_at_agent": (0.1 + 0.2 + 0.3 + 0.4 + 0.5 + 0.6) / 6,
    "frustration_at_end": (0.2 + 0.4 + 0.35 + 0.15 + 0.5 + 0.15 + 0.3 + 0.6 + 0.15) / 9,
    "mistreatment_rate": 1 / 6,
    "fatigue_end_of_shift": (0.6 + 0.2) / 2,
    "cost": 30 * (15 + 11 / 60) + 15 * 11 / 60 + 2 * 4 + 5 * 2,
    "cost_per_resolution": (30 * (15 + 11 / 60) + 15 * 11 / 60 + 2 * 4 + 5 * 2) / 4,
}

AHT = {
    "stated": 40 + 80 + 200 + 310 + 60 + 50,
    "difficulty": (90 - 80) + (250 - 310),
    "frustration": 12,
    "fatigue": 8,
    "tenure": 30,
    "redundancy": 10,
    "speed": -20,
    "assistant": -15,
    "context": 35,
    "screens": 10,
    "supervisor": 25,
    "pace": 100 - 110,
    "wrap_up": (20 + 5 - 9) + 30,
    "summary": -5,
    "cleanup": 9,
}
OVERALL |= {f"aht_{cause}_s": total / 6 for cause, total in AHT.items()}


def test_the_causes_add_up_to_the_handle_time():
    assert sum(AHT.values()) / 6 == pytest.approx(OVERALL["aht_s"])


def decayed(fatigue, rate, hours):
    """Mean level x hours of a decay, and hours above .5."""
    above = min(max(math.log(fatigue / 0.5) / rate, 0.0), hours) if fatigue > 0.5 else 0.0
    return fatigue * (1 - math.exp(-rate * hours)) / rate, above


# Fatigue in open hours on Monday: four hours on duty. F = 1 - .6 exp(-t) while busy crosses .5 after ln 1.2 h.
PARTS = [decayed(0.45, 0.25, 0.5), decayed(0.78, 1.8, 0.25), decayed(0.51, 0.25, 0.25), decayed(0.033, 0.25, 5 / 6)]
BUSY = (1 - 0.6 * (1 - math.exp(-1)), 1 - math.log(1.2))
BUSY_Y = (1 / 3 - (1 - math.exp(-0.1 / 3)) / 0.1, 0.0)
FATIGUE_H = sum(part for part, _ in [*PARTS, BUSY, BUSY_Y])
STRAINED_H = sum(above for _, above in [*PARTS, BUSY, BUSY_Y])
OVERALL |= {"fatigue_mean": FATIGUE_H / 4, "strained_share": STRAINED_H / 4}


@pytest.fixture(scope="module")
def study():
    study = make_run(scenario())
    study.tallies.add(tally(records(), study.frame))
    return study


def values(study, name, measure):
    return study.estimates(name)[measure].mean.tolist()


@pytest.mark.parametrize("measure", sorted(OVERALL))
def test_overall(study, measure):
    assert values(study, "overall", measure) == pytest.approx([OVERALL[measure]], rel=TOLERANCE)


def test_no_measure_is_without_a_value_worked_by_hand(study):
    assert set(study.estimates("overall")) == set(OVERALL)


BY_INTERVAL = {
    "offered": [4, 3, 1, 2],
    "answered": [3, 1, 1, 1],
    "abandoned": [1, 1, 0, 0],
    "balked": [0, 1, 0, 0],
    "disconnected": [0, 0, 0, 1],
    "sl_offered": [3 / 4, 0, 1, 1 / 2],
    "sl_excl_abn_in_t": [3 / 3, 0, 1, 1 / 2],
    "asa_s": [10, 21, 0, 0],
    "aht_s": [120, 60, 330, 75],
    "demand": [3, 2, 1, 3],
    "resolution_rate": [2 / 3, 1 / 2, 1, 0],
    "bot_offered": [0, 1, 1, 2],
    # x: free 30, busy 30, then busy 30, free 15; y: free 50, busy 10, then busy 10, free 50. Nobody works on Tuesday.
    "occupancy": [40 / 120, 40 / 105, math.nan, math.nan],
    "agents_on_queue": [2, 105 / 60, 0, 0],
    "positions_scheduled": [1 / 0.8 + 1, 0.75 / 0.8 + 1, 0, 0],
    "fatigue_mean": [None, None, math.nan, math.nan],
}


@pytest.mark.parametrize("measure", sorted(BY_INTERVAL))
def test_by_interval(study, measure):
    for found, worked in zip(values(study, "interval", measure), BY_INTERVAL[measure], strict=True):
        assert worked is None or found == pytest.approx(worked, rel=TOLERANCE, nan_ok=True)


BY_DAY = {
    "offered": [7, 3],
    "sl_offered": [3 / 7, 2 / 3],
    "sl_intervals_met": [1 / 2, 1],
    "sl_days_met": [0, 1],
    "overtime_hours": [10 / 60, 1 / 60],
    "paid_hours": [7.5 + 10 / 60, 7.5 + 1 / 60],
    "fatigue_end_of_shift": [0.4, math.nan],
    "cost": [30 * (7.5 + 1 / 6) + 15 / 6 + 2, 30 * (7.5 + 1 / 60) + 15 / 60 + 3 * 2 + 2 * 5],
    "wait_p90_s": [None, None],
}


@pytest.mark.parametrize("measure", sorted(BY_DAY))
def test_by_day(study, measure):
    for found, worked in zip(values(study, "day", measure), BY_DAY[measure], strict=True):
        assert worked is None or found == pytest.approx(worked, rel=TOLERANCE, nan_ok=True)


BY_INTENT = {
    "offered": [5, 5],
    "sl_offered": [4 / 5, 1 / 5],
    "abandonment_rate": [0, 3 / 5],
    "demand": [5, 4],
    "pending": [1, 0],
    "resolution_rate": [3 / 5, 1 / 4],
    "workload_hours": [690 / H, 135 / H],
    "containment_rate": [1, 0],
    "mistreatment_rate": [0, 1 / 2],
}


@pytest.mark.parametrize("measure", sorted(BY_INTENT))
def test_by_intent(study, measure):
    assert values(study, "intent", measure) == pytest.approx(BY_INTENT[measure], rel=TOLERANCE)


BY_GROUP = {
    "answered": [5, 1],
    "asa_s": [31 / 5, 20],
    "aht_s": [625 / 5, 200],
    "workload_hours": [625 / H, 200 / H],
    "occupancy": [60 / 105, 20 / 120],
    "agents_on_queue": [105 / 240, 120 / 240],
    "positions_scheduled": [105 / 0.8 / 240, 120 / 240],
    "paid_hours": [10 + 11 / 60, 5],
    "overtime_hours": [11 / 60, 0],
    "utilisation": [115 / 611, 120 / 300],
    "fatigue_end_of_shift": [0.6, 0.2],
}


@pytest.mark.parametrize("measure", sorted(BY_GROUP))
def test_by_group(study, measure):
    assert values(study, "group", measure) == pytest.approx(BY_GROUP[measure], rel=TOLERANCE)


def test_slices_add_up(study):
    """Counts by interval, by day and in all are the same contacts, needs and minutes."""
    only_once = [Count.REPLICATIONS, Count.INTERVALS, Count.INTERVALS_MET, Count.DAYS, Count.DAYS_MET]
    kept = [count for count in Count if count not in only_once]
    counts = tally(records(), study.frame).counts
    for name in ("interval", "day"):
        assert counts[name].sum(axis=0)[kept] == pytest.approx(counts["overall"][0, kept])


# Sent on, and at night --------------------------------------------------------------

# One need: sent on after 100 s and resolved by a colleague; another is resolved by the bot alone, before opening on
# Tuesday, when a third customer wants a human, and leaves.
SENT_ON = [
    call(0, 1, A, at("mon", "08:10"), ANSWERED, 10, 100, 20, transferred=1),
    call(0, 2, A, at("mon", "08:11:50"), ANSWERED, 30, 200, cause=Cause.TRANSFER, resolved=1, group=Y),
    call(1, 1, B, at("tue", "07:30"), bot=BotOutcome.RESOLVED, bot_s=60, out_of_hours=1, resolved=1, day=2),
    call(2, 1, B, at("tue", "07:40"), bot=BotOutcome.LEFT, out_of_hours=1, day=2),
    call(3, 1, B, at("tue", "08:10"), bot=BotOutcome.FALSELY_CONTAINED, bot_s=80, day=2),
    call(4, 1, B, at("tue", "08:20"), ANSWERED, 0, 60, bot=BotOutcome.HANDED_OFF, bot_s=40, supervisor=1, day=2),
]
WORKED = {
    "demand": 5,
    "attempts_per_need": 1,
    "repeat_rate": 0,
    "repeat_7d": 0,
    "first_attempt_resolution": 2 / 5,
    "fcr": 2 / 4,
    "fcr_human": 1 / 2,
    "time_to_human_s": (10 + 40) / 2,
    "transfer_rate": 1 / 3,
    "supervisor_rate": 1 / 3,
    "workload_hours": (120 + 200 + 60) / H,
    "bot_offered": 4,
    "bot_abandonment_rate": 1 / 4,
    "containment_rate": 2 / 4,
    "containment_in_hours": 1 / 2,
    "opt_out_rate": 1 / 4,
    "bot_session_s": (60 + 80 + 40) / 3,
}


@pytest.fixture(scope="module")
def sent_on():
    more = {"bot": {"hours": "00:00-24:00"}, "pace": {"target": "1m", "sends_away": 0.1}, "supervisor": {"group": "y"}}
    study = make_run(loads(DOCUMENT | more))
    status, born = NeedStatus.RESOLVED, [SENT_ON[0], *SENT_ON[2:]]
    needs = [
        {"intent": c["intent"], "born_us": c["arrival_us"], "day": c.get("day", 1), "measured": 1, "attempts": 1}
        | {"status": status if k in (0, 1) else NeedStatus.LOST, "resolved_us": -1}
        for k, c in enumerate(born)
    ]
    needs[0]["attempts"] = 2
    contacts, made = rows(CONTACT, SENT_ON), rows(NEED, needs)
    study.tallies.add(tally(Records(contacts, np.empty(0, SEGMENT), np.empty(0, DUTY), made), study.frame))
    return study


@pytest.mark.parametrize("measure", sorted(WORKED))
def test_a_transfer_is_no_attempt_and_the_night_is_the_next_mornings(sent_on, measure):
    assert values(sent_on, "overall", measure) == pytest.approx([WORKED[measure]], rel=TOLERANCE)


def test_who_comes_before_opening_counts_in_the_first_interval_of_the_day(sent_on):
    assert values(sent_on, "interval", "bot_offered") == [0, 0, 4, 0]
    assert values(sent_on, "interval", "demand") == [1, 0, 4, 0]
    assert values(sent_on, "group", "transfer_rate") == [1 / 2, 0]


# Booking --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "interval"),
    [
        (("sun", "09:59"), -1),
        (("mon", "08:00"), 0),
        (("mon", "08:59:59.999999"), 0),
        (("mon", "09:00"), 1),
        (("mon", "10:00"), 1),
        (("mon", "23:59:59"), 1),
        (("tue", "07:59:59"), 1),
        (("tue", "08:00"), 2),
        (("tue", "20:00"), 3),
        (("wed", "08:00"), -1),
    ],
)
def test_what_joins_after_close_is_booked_to_the_last_interval(moment, interval):
    """Half-open intervals; Sunday's night belongs to Sunday, Tuesday's to Tuesday."""
    frame = make_frame(scenario())
    assert interval_of(frame, np.array([at(*moment)])).tolist() == [interval]


def test_labels():
    frame = make_frame(scenario())
    assert frame.dates == ("2026-11-23", "2026-11-24")
    assert frame.times == ("08:00", "09:00", "08:00", "09:00")
    assert frame.day_of.tolist() == [0, 0, 1, 1]


def test_nothing_happened():
    """No contact and nobody on duty: counts of 0, ratios that are no numbers; paid hours as planned all the same."""
    study = make_run(scenario())
    empty = Records(*(np.empty(0, dtype) for dtype in (CONTACT, SEGMENT, DUTY, NEED)))
    study.tallies.add(tally(empty, study.frame))
    found = {name: estimate.mean[0] for name, estimate in study.estimates("overall").items()}
    assert found["offered"] == found["demand"] == found["overtime_hours"] == found["agents_on_queue"] == 0
    assert found["paid_hours"] == pytest.approx(15)
    for name in ("sl_offered", "asa_s", "occupancy", "containment_rate", "fcr", "wait_p90_s", "sl_intervals_met"):
        assert math.isnan(found[name]), name


def test_the_records_are_sound():
    """What the engine promises, so that the values above mean something."""
    assert len(CONTACTS) == 14
    assert len(NEEDS) == 11
    made = records()
    order = np.lexsort((made.contacts["attempt"], made.contacts["need"]))
    assert (order == np.arange(order.size)).all()
    assert np.bincount(made.contacts["need"]).tolist() == made.needs["attempts"].tolist()


# The licence ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bot", "month", "added"), [({}, 700.0, 700 * 12 / 50 * 2 / 7), ("off", 700.0, 0.0), ({}, 0.0, 0.0)]
)
def test_the_licence_of_the_weeks_measured_is_in_the_cost_and_days_add_up(bot, month, added):
    costs = DOCUMENT["costs"] | {"bot_month": month, "weeks_a_year": 50, "severance": 9e9, "abandoned": 9e9}
    study = make_run(loads(DOCUMENT | {"bot": bot, "costs": costs}))
    study.tallies.add(tally(records(), study.frame))
    assert values(study, "overall", "cost") == pytest.approx([OVERALL["cost"] + added], rel=TOLERANCE)
    assert values(study, "day", "cost") == pytest.approx([each + added / 2 for each in BY_DAY["cost"]], rel=TOLERANCE)
