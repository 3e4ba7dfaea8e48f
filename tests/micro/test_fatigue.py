"""Fatigue, exact between events: dF/dt = a w (1 - F) while handling, -r F while not."""

from math import exp, log

import pytest

from .worlds import CLOSE, DAY, HOUR, at, constant, intent, shift, shifts, staff

STILL = {"talk_time": 0.0, "spread": 0.0, "resolution": 0.0}
HOUR_LONG = {"call": intent(talk=HOUR)}


def fatigue(effects=None, **more):
    """The published rates (.10 up; .35, 1.8, .12 down, an hour) and no effect but what the test names."""
    return {"effects": STILL | (effects or {})} | more


def up(level, hours, rate=0.10):
    return 1 - (1 - level) * exp(-rate * hours)


def down(level, hours, rate):
    return level * exp(-rate * hours)


def spans(story, agent=0):
    """(state, from, to, fatigue at its start, rate an hour) of every spell."""
    names = {1: "available", 2: "handling", 3: "break"}
    return [
        (names[row["state"]], story.s(row["start_us"]), story.s(row["end_us"]), row["fatigue"], row["rate"])
        for row in story.segments(agent)
    ]


def told(*expected):
    return [(*span[:3], pytest.approx(span[3], abs=1e-12), pytest.approx(span[4], abs=1e-12)) for span in expected]


def test_handling_builds_and_waiting_recovers(tell):
    """F = 0, after an hour of handling 1 - e^-.1 = .0952, after an idle hour x e^-.35 = .0671."""
    story = tell({"A": 0, "B": 2 * HOUR}, intents=HOUR_LONG, fatigue=fatigue())
    first = up(0, 1)
    rested = down(first, 1, 0.35)
    second = up(rested, 1)
    assert first == pytest.approx(0.0951626, abs=1e-7)
    assert rested == pytest.approx(0.0670599, abs=1e-7)
    assert spans(story) == told(
        ("handling", 0, 3600, 0, 0.10),
        ("available", 3600, 7200, first, 0.35),
        ("handling", 7200, 10800, rested, 0.10),
        ("available", 10800, CLOSE, second, 0.35),
    )
    assert story.row("A")["fatigue"] == 0
    assert story.row("B")["fatigue"] == pytest.approx(rested, abs=1e-12)
    assert story.records.duties[0]["fatigue_left"] == pytest.approx(down(second, 9, 0.35), abs=1e-12)


def test_contacts_back_to_back(tell):
    story = tell({"A": 0, "B": 10}, intents=HOUR_LONG, fatigue=fatigue())
    assert spans(story)[:2] == told(("handling", 0, 3600, 0, 0.10), ("handling", 3600, 7200, up(0, 1), 0.10))
    assert story.row("B")["fatigue"] == pytest.approx(up(0, 1), abs=1e-12)


def test_wrap_up_is_handling(tell):
    story = tell({"A": 0}, intents={"call": intent(talk=1800, wrap=1800)}, fatigue=fatigue())
    assert spans(story)[1][3] == pytest.approx(up(0, 1), abs=1e-12)


def test_a_break_recovers_faster(tell):
    """An hour of handling to 09:00, a break of 15 minutes: x e^-(1.8/4)."""
    agents = {"team": shifts(shift(breaks=[("1h", "15m")]))}
    story = tell({"A": 0}, intents=HOUR_LONG, agents=agents, fatigue=fatigue())
    assert spans(story) == told(
        ("handling", 0, 3600, 0, 0.10),
        ("break", 3600, 4500, up(0, 1), 1.8),
        ("available", 4500, CLOSE, down(up(0, 1), 0.25, 1.8), 0.35),
    )


def test_the_night_recovers_slowly(tell):
    """Gone at 20:00, back at 08:00: x e^-(.12 x 12)."""
    story = tell({"A": 11 * HOUR}, intents=HOUR_LONG, calendar={"days": 2}, fatigue=fatigue())
    left = up(0, 1)
    assert spans(story)[-1] == told(("available", DAY, DAY + CLOSE, down(left, 12, 0.12), 0.35))[0]
    assert [row["fatigue_left"] for row in story.records.duties] == pytest.approx(
        [left, down(down(left, 12, 0.12), 12, 0.35)], abs=1e-12
    )


def test_overtime_builds_too_and_shortens_the_night(tell):
    """A runs from 19:30 to 20:30; the night is eleven and a half hours."""
    story = tell({"A": 11.5 * HOUR}, intents=HOUR_LONG, calendar={"days": 2}, fatigue=fatigue())
    assert spans(story)[-1][3] == pytest.approx(down(up(0, 1), 11.5, 0.12), abs=1e-12)
    assert story.records.duties[0]["fatigue_left"] == pytest.approx(up(0, 1), abs=1e-12)


def test_off_duty_by_counts_recovers_as_off(tell):
    """Agent 0 goes at 09:30, called in again at 10:00: half an hour off."""
    story = tell({"A": 0}, intents=HOUR_LONG, agents={"team": staff(1, 1, 1, 0, 1)}, fatigue=fatigue())
    idle = down(up(0, 1), 0.5, 0.35)
    assert spans(story)[1:] == told(
        ("available", 3600, 5400, up(0, 1), 0.35),
        ("available", 7200, CLOSE, down(idle, 0.5, 0.12), 0.35),
    )


def test_agents_tire_apart(tell):
    story = tell({"A": 0, "B": 1800}, intents=HOUR_LONG, agents={"team": staff(2)}, fatigue=fatigue())
    assert spans(story, 0)[1][3] == spans(story, 1)[2][3] == pytest.approx(up(0, 1), abs=1e-12)


def test_the_rates_are_given(tell):
    given = fatigue(build_per_hour=0.2, recovery_per_hour={"available": 0.5, "break": 2.0, "off": 0.1})
    agents = {"team": shifts(shift(breaks=[("2h", "1h")]))}
    story = tell({"A": 0}, intents=HOUR_LONG, agents=agents, calendar={"days": 2}, fatigue=given)
    idle = up(0, 1, 0.2)
    rest = down(idle, 1, 0.5)
    back = down(rest, 1, 2.0)
    night = down(down(back, 9, 0.5), 12, 0.1)
    assert spans(story)[:4] == told(
        ("handling", 0, 3600, 0, 0.2),
        ("available", 3600, 7200, idle, 0.5),
        ("break", 7200, 10800, rest, 2.0),
        ("available", 10800, CLOSE, back, 0.5),
    )
    assert spans(story)[4][3] == pytest.approx(night, abs=1e-12)


@pytest.mark.parametrize(("intercept", "rate"), [(50, 0.25), (-50, 0.10)])
def test_mistreatment_weighs_on_the_contact(tell, intercept, rate):
    """w = 1 + 1.5 x mistreated: .10 x 2.5 an hour while that contact lasts."""
    rude = {"intercept": intercept, "slope": 0.0}
    story = tell({"A": 0}, intents=HOUR_LONG, mistreatment=rude, fatigue=fatigue())
    assert spans(story)[:2] == told(("handling", 0, 3600, 0, rate), ("available", 3600, CLOSE, up(0, 1, rate), 0.35))


def test_the_weight_of_mistreatment_is_given(tell):
    rude = {"intercept": 50, "slope": 0.0}
    story = tell({"A": 0}, intents=HOUR_LONG, mistreatment=rude, fatigue=fatigue(mistreatment_weight=0.5))
    assert spans(story)[0][4] == pytest.approx(0.15, abs=1e-12)


# --- effects


def test_talk_grows_with_fatigue(tell):
    """B starts at F = .0951626: 3600 s x (1 + .18 F) = 3661.665 s; a constant has no spread to widen."""
    story = tell({"A": 0, "B": 10}, intents={"call": intent(talk=HOUR, wrap=60)}, fatigue={})
    F = up(0, 3660 / 3600)
    assert story.row("A")["talk_us"] == 3600 * 10**6
    assert story.row("B")["talk_us"] == pytest.approx(3600e6 * (1 + 0.18 * F), abs=1)
    assert story.row("B")["wrap_us"] == 60 * 10**6
    assert story.row("B")["base_us"] == 3600 * 10**6


def test_fatigue_is_read_at_the_start_of_service(tell):
    """An hour idle after A: B starts at .0670599, and its own hour does not lengthen it."""
    story = tell({"A": 0, "B": 2 * HOUR}, intents=HOUR_LONG, fatigue=fatigue({"talk_time": 0.18}))
    F = down(up(0, 1), 1, 0.35)
    assert story.row("B")["talk_us"] == pytest.approx(3600e6 * (1 + 0.18 * F), abs=1)


def test_fatigue_and_frustration_multiply(tell):
    """A2 follows A at once: f' = .17 and F after an hour."""
    story = tell(
        {"A": 0},
        intents={"call": intent(talk=HOUR, resolution=0.0)},
        customers={"repeat": {"probability": 1.0, "delay": constant(HOUR)}, "max_attempts": 2},
        frustration={},
        fatigue=fatigue({"talk_time": 0.18}),
    )
    F = down(up(0, 1), 1, 0.35)
    assert story.row("A2")["talk_us"] == pytest.approx(3600e6 * (1 + 0.15 * 0.17) * (1 + 0.18 * F), abs=1)


def lognormal_spread(seconds, g, mean=600.0, cv=0.8):
    """E[T] T^g / E[T^g] for a lognormal: ln T has variance s2 and mean m."""
    s2 = log(1 + cv**2)
    m = log(mean) - s2 / 2
    return mean * seconds**g / exp(g * m + g * g * s2 / 2)


def uniform_spread(seconds, g, low=300.0, high=900.0):
    moment = (high ** (g + 1) - low ** (g + 1)) / ((g + 1) * (high - low))
    return (low + high) / 2 * seconds**g / moment


@pytest.mark.parametrize(
    ("talk", "law", "tolerance"),
    [
        ({"distribution": "lognormal", "mean": "10m", "cv": 0.8}, lognormal_spread, 1e-6),
        ({"distribution": "uniform", "low": "5m", "high": "15m"}, uniform_spread, 1e-3),
    ],
    ids=["lognormal", "uniform"],
)
def test_fatigue_spreads_the_handle_times(tell, talk, law, tolerance):
    """T = E[T0] T0^g / E[T0^g] x (1 + .18 F), g = 1 + .65 F, T0 and F as recorded."""
    intents = {"call": intent(talk=5 * HOUR), "any": intent(skill="call", talk_time=talk)}
    calls = {"A": 0, "B": (10, "any"), "C": (20, "any")}
    story = tell(calls, intents=intents, fatigue=fatigue({"talk_time": 0.18, "spread": 0.65}))
    for label in "BC":
        row = story.row(label)
        F = row["fatigue"]
        expected = law(row["base_us"] / 1e6, 1 + 0.65 * F) * (1 + 0.18 * F)
        assert F > 0.3
        assert row["natural_talk_us"] / 1e6 == pytest.approx(expected, rel=tolerance)


def test_a_rested_agent_adds_nothing(tell):
    """At F = 0 g is 1 and T is T0, to the microsecond."""
    intents = {"call": intent(talk_time={"distribution": "lognormal", "mean": "10m", "cv": 0.8})}
    row = tell({"A": 0}, intents=intents, fatigue={}).row("A")
    assert row["natural_talk_us"] == row["talk_us"] == row["base_us"]


def test_resolution_falls_with_fatigue(tell):
    """At a slope of 1000 an hour's fatigue takes 95 from the logit; the rested start takes nothing."""
    story = tell(
        {"A": 0, "B": 10},
        intents={"call": intent(talk=HOUR, resolution=0.999999)},
        fatigue=fatigue({"resolution": 1000.0}),
    )
    assert (story.row("A")["resolved"], story.row("B")["resolved"]) == (1, 0)


def test_off_is_no_fatigue(tell):
    story = tell({"A": 0, "B": 10}, intents=HOUR_LONG)
    assert {row["fatigue"] for row in story.segments()} == {0.0}
    assert story.row("B")["fatigue"] == 0.0
    assert story.row("B")["talk_us"] == 3600 * 10**6


def test_a_shift_before_opening_rests_as_available(tell):
    """Tuesday's duty starts at 07:30: eleven and a half hours off, half an hour available."""
    agents = {"team": shifts(shift(start="07:30", length="12h30m"))}
    story = tell({"A": 11 * HOUR, "B": DAY}, intents=HOUR_LONG, agents=agents, calendar={"days": 2}, fatigue=fatigue())
    off = down(up(0, 1), 11.5, 0.12)
    tuesday = [span for span in spans(story) if span[1] >= at("07:30", day=1)]
    assert tuesday[:2] == told(
        ("available", DAY - 1800, DAY, off, 0.35), ("handling", DAY, DAY + HOUR, down(off, 0.5, 0.35), 0.10)
    )
