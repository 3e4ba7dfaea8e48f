"""What the measures count, in worlds small enough to count by hand."""

import pytest

import sim

from .worlds import CLOSE, DAY, HOUR, constant, intent, shift, shifts, staff

T20 = {"service_level": "80/20"}
CLEAR = {"at_close": "clear"}


@pytest.fixture
def measure(describe, engine):
    """Run a world, on each engine, and return its measures, and one measure by interval."""

    def run(calls, **world):
        scenario = sim.loads(describe(calls, targets=T20, **world))
        result = sim.run(scenario, replications=2, jobs=1, engine=engine)
        return result.measures["mean"], Intervals(result.by_interval)

    return run


class Intervals:
    def __init__(self, table):
        self.table = table

    def __call__(self, name, time, day="2026-11-23"):
        table = self.table
        return table[(table.measure == name) & (table.time == time) & (table.day == day)]["mean"].item()


def test_within_t_means_up_to_and_including_t(measure):
    """T = 20 s. A waits 0, B 20, C 20.000001 and all three are answered; D gives up after 20, E after 20.000001."""
    intents = {
        "call": intent(talk=30),
        "brief": intent(skill="call", patience=constant(20)),
        "calm": intent(skill="call", patience=constant(20.000001)),
    }
    calls = {"A": 0, "B": 10, "C": 39.999999, "D": (61, "brief"), "E": (62, "calm")}
    m, _ = measure(calls, intents=intents)
    assert [m[name] for name in ("offered", "answered", "abandoned", "balked", "disconnected")] == [5, 3, 2, 0, 0]
    assert m["sl_offered"] == pytest.approx(2 / 5)
    assert m["sl_excl_abn_in_t"] == pytest.approx(2 / 4)
    assert m["sl_credit_abn_in_t"] == pytest.approx(3 / 5)
    assert m["sl_answered"] == pytest.approx(2 / 3)
    assert m["asa_s"] == pytest.approx(40.000001 / 3, abs=1e-9)
    assert m["wait_all_s"] == pytest.approx(80.000002 / 5, abs=1e-9)
    assert m["delay_rate"] == pytest.approx(4 / 5)
    assert m["abandonment_rate"] == pytest.approx(2 / 5)


def test_a_balk_is_offered_gone_after_no_time_and_not_delayed(measure):
    m, _ = measure({"A": 0, "B": 10}, customers={"balk": 1.0})
    assert [m[name] for name in ("offered", "answered", "abandoned", "balked")] == [2, 1, 0, 1]
    assert m["sl_offered"] == 0.5
    assert m["sl_excl_abn_in_t"] == 1
    assert m["sl_credit_abn_in_t"] == 1
    assert m["abandonment_rate"] == 0.5
    assert m["delay_rate"] == m["wait_all_s"] == 0


def test_a_disconnected_contact_is_offered_and_not_abandoned(measure):
    """B waits 20 s and is cut off."""
    m, _ = measure({"A": CLOSE - 30, "B": CLOSE - 20}, calendar=CLEAR)
    assert [m[name] for name in ("offered", "answered", "abandoned", "disconnected")] == [2, 1, 0, 1]
    assert m["abandonment_rate"] == 0
    assert m["sl_offered"] == 0.5
    assert m["wait_all_s"] == 10


def test_a_contact_is_booked_where_it_joined(measure):
    """B joins at 08:29:30 and is answered at 08:30:30; C joins at 08:30 sharp."""
    m, by = measure({"A": 1740, "B": 1770, "C": 1800}, intents={"call": intent(talk=90, wrap=10)})
    assert [by("offered", time) for time in ("08:00", "08:30", "09:00")] == [2, 1, 0]
    assert [by("answered", time) for time in ("08:00", "08:30", "09:00")] == [2, 1, 0]
    assert [by("asa_s", time) for time in ("08:00", "08:30")] == [35, 140]
    assert by("aht_s", "08:00") == m["aht_s"] == 100
    assert (m["talk_s"], m["acw_s"]) == (90, 10)


def test_the_clock_of_a_contact_starts_on_joining_the_human_queue(measure):
    """The bot takes from 08:29 to 08:39: booked to 08:30, answered after 0 s, a human after 600 s."""
    m, by = measure(
        {"A": 1740},
        intents={"call": intent(bot={"resolves": 0.0})},
        bot={"opt_out": 0.0, "false_containment": 0.0, "session": constant(600)},
    )
    assert by("offered", "08:30") == 1
    assert m["asa_s"] == 0
    assert m["time_to_human_s"] == 600
    assert (m["bot_offered"], m["bot_escalated"]) == (1, 1)


def test_a_contact_after_close_is_booked_to_the_last_interval(measure):
    m, by = measure(
        {"A": CLOSE - 100},
        intents={"call": intent(bot={"resolves": 0.0})},
        bot={"opt_out": 0.0, "false_containment": 0.0, "session": constant(600)},
    )
    assert m["answered"] == by("offered", "19:30") == by("answered", "19:30") == 1


def test_occupancy_is_clipped_to_the_interval(measure):
    """A is handled from 08:29:50 to 08:30:50, by one of two agents."""
    m, by = measure({"A": 1790}, agents={"team": staff(2)})
    assert by("occupancy", "08:00") == pytest.approx(10 / 3600)
    assert by("occupancy", "08:30") == pytest.approx(50 / 3600)
    assert m["occupancy"] == pytest.approx(60 / (2 * CLOSE))


def test_occupancy_covers_open_hours(measure):
    """On duty from 07:30, and with a contact to 20:01: both ends are outside."""
    agents = {"team": shifts(shift(start="07:30", length="12h30m"))}
    m, _ = measure({"A": CLOSE - 60}, intents={"call": intent(talk=120)}, agents=agents)
    assert m["occupancy"] == pytest.approx(60 / CLOSE)


def test_agents_on_queue_do_not_count_breaks(measure):
    """Two agents, one of whom rests from 09:00 to 09:15."""
    agents = {"team": shifts(shift(), shift(breaks=[("1h", "15m")]))}
    m, by = measure({"A": 0}, agents=agents)
    assert [by("agents_on_queue", time) for time in ("08:30", "09:00", "09:30")] == [2, 1.5, 2]
    assert m["agents_on_queue"] == pytest.approx(2 - 0.25 / 12)


def test_shrinkage_raises_positions_and_takes_nobody_off_the_phones(measure):
    m, _ = measure({"A": 0, "B": 0}, agents={"team": staff(2, shrinkage=0.2)})
    assert m["delay_rate"] == 0
    assert m["agents_on_queue"] == 2
    assert m["positions_scheduled"] == 2.5


def test_overtime_is_work_past_the_end_of_duty(measure):
    """Agent 0's shift ends at 09:00, its contact at 09:01:40; agent 1's last contact ends at 20:00:50."""
    agents = {"team": shifts(shift(length="1h"), shift(start="10:00", length="10h"))}
    m, _ = measure({"A": 3500, "B": CLOSE - 150}, intents={"call": intent(talk=200)}, agents=agents)
    assert m["overtime_hours"] == pytest.approx(150 / 3600)


def test_overtime_of_counts_begins_at_close_and_at_the_fall(measure):
    """Agent 0 stays from the fall at 08:30 to 08:35, agent 1 from 20:00 to 20:01."""
    intents = {"call": intent(talk=1800), "late": intent(skill="call", talk=120)}
    calls = {"A": 300, "B": 310, "C": (CLOSE - 60, "late")}
    m, _ = measure(calls, intents=intents, agents={"team": staff(2, 1)})
    assert m["overtime_hours"] == pytest.approx((300 + 60) / 3600)


def test_needs_and_returns(measure):
    """A is resolved at once. B is not, comes back, is not, and is out of attempts."""
    intents = {"call": intent(), "hard": intent(skill="call", resolution=0.0)}
    m, _ = measure(
        {"A": 0, "B": (100, "hard")},
        intents=intents,
        customers={"repeat": {"probability": 1.0, "delay": constant(600)}, "max_attempts": 2},
    )
    assert (m["demand"], m["pending"]) == (2, 0)
    assert m["attempts_per_need"] == 1.5
    assert m["resolution_rate"] == m["first_attempt_resolution"] == m["fcr"] == 0.5
    assert m["repeat_rate"] == pytest.approx(1 / 3)
    assert m["repeat_7d"] == 0.5
    assert m["workload_hours"] == pytest.approx(180 / HOUR)
    assert m["workload_per_resolution_s"] == 180


def test_redials(measure):
    """A gives up at 60, redials at 660 and is out of attempts after giving up again."""
    m, _ = measure(
        {"A": 0},
        agents={"team": staff(0)},
        customers={
            "patience": constant(60),
            "redial": {"probability": 1.0, "delay": constant(600), "next_day": 0.0},
            "max_attempts": 2,
        },
    )
    assert (m["offered"], m["abandoned"], m["abandonment_rate"]) == (2, 2, 1)
    assert (m["redial_rate"], m["repeat_rate"]) == (0.5, 0)


def test_only_the_days_count(measure):
    """A week before and a week after, the same call: contacts of the one measured day only, needs born in it,
    followed into the week after."""
    m, _ = measure(
        {"A": 0},
        intents={"call": intent(resolution=0.0)},
        customers={"repeat": {"probability": 1.0, "delay": constant(DAY)}, "max_attempts": 3},
        run={"warm_up": "7d", "follow_up": "7d"},
    )
    assert (m["demand"], m["offered"], m["answered"]) == (1, 1, 1)
    assert m["attempts_per_need"] == 3
    assert m["workload_hours"] == pytest.approx(60 / HOUR)


def test_pending_counts_measured_needs_only(measure):
    """Back after five days, beyond a follow-up of three: one pending need of the day, none of the week before."""
    m, _ = measure(
        {"A": 0},
        intents={"call": intent(resolution=0.0)},
        customers={"repeat": {"probability": 1.0, "delay": constant(5 * DAY)}},
        run={"warm_up": "7d", "follow_up": "3d"},
    )
    assert (m["demand"], m["pending"]) == (1, 1)


def test_bot_sessions_by_their_end(measure):
    """Four sessions: resolved, falsely contained, handed off, and an opt-out's."""
    bot = {"opt_out": 0.0, "opt_out_after_failure": 1.0, "false_containment": 1.0, "session": constant(30)}
    intents = {
        "good": intent(skill="call", bot={"resolves": 1.0}),
        "bad": intent(skill="call", bot={"resolves": 0.0}),
    }
    back = {"probability": 1.0, "falsely_contained": {"probability": 1.0, "delay": constant(600)}}
    m, _ = measure(
        {"A": (0, "good"), "B": (10, "bad")},
        intents=intents,
        customers={"repeat": back},
        agents={"team": staff(1)},
        bot=bot,
        run={"warm_up": "0d", "follow_up": "0d"},
    )
    assert (m["bot_offered"], m["bot_contained"], m["bot_escalated"], m["bot_abandoned"]) == (3, 2, 1, 0)
    assert m["bot_resolved"] == 1
    assert m["containment_rate"] == pytest.approx(2 / 3)
    assert m["false_containment_rate"] == pytest.approx(1 / 2)
    assert m["escalation_rate"] == m["bot_resolution_rate"] == pytest.approx(1 / 3)
    assert m["resolution_rate"] == 1


def test_natural_handle_time_is_without_pace(measure):
    """r = .9 and push 1: 90 s where 100 s are needed, 10 s of them wrap-up that is not squeezed: 90 x .9 + 10."""
    m, _ = measure(
        {"A": 0},
        intents={"call": intent(talk=90, wrap=10)},
        pace={"target": "90s", "push": 1.0, "resolution_slope": 0.0},
    )
    assert m["aht_s"] == pytest.approx(91)
    assert m["natural_aht_s"] == 100
