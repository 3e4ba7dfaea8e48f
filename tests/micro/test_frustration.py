"""Frustration: f <- f + d (1 - f) at each event, and what it does to patience, talk, resolution and manners."""

from math import exp

import pytest

from .worlds import HOUR, constant, intent, staff

START = 0.15
STILL = {"patience": 0.0, "talk_time": 0.0, "resolution": 0.0}
NOBODY = {"team": staff(0)}
BOT = {"opt_out": 0.0, "opt_out_after_failure": 1.0, "false_containment": 0.0, "session": constant(30)}


def frustration(effects=None, **more):
    """Nothing moves f but what the test names, and f moves nothing but what it names."""
    quiet = {"failed_turn": 0.0, "repeats_himself": 0.0, "per_minute": 0.0, "returns": 0.0}
    return {"start": START} | quiet | more | {"effects": STILL | (effects or {})}


def f(story, label):
    return story.row(label)["frustration"]


def up(level, *shares):
    for share in shares:
        level += share * (1 - level)
    return level


def again(delay=600, **more):
    return {"repeat": {"probability": 1.0, "delay": constant(delay)}, "max_attempts": 3} | more


def redial(patience=60):
    return {
        "patience": constant(patience),
        "redial": {"probability": 1.0, "delay": constant(600), "next_day": 0.0},
        "max_attempts": 3,
    }


# --- what raises it


def test_a_fresh_customer_starts_at_start(tell):
    assert f(tell({"A": 0}, frustration={}), "A") == START
    assert f(tell({"A": 0}, frustration={"start": 0.3}), "A") == 0.3


def test_waiting_within_the_grace_does_nothing(tell):
    """B waits exactly the minute of grace."""
    story = tell({"A": 0, "B": 0}, frustration={})
    assert story.waits["B"] == (60, True)
    assert f(story, "B") == START


def test_waiting_beyond_the_grace(tell):
    """Three minutes: two beyond the grace, 1 - .97^2 = .0591 of what is left."""
    story = tell({"A": 0, "B": 0}, intents={"call": intent(talk=180)}, frustration={})
    assert f(story, "B") == pytest.approx(0.15 + 0.85 * 0.0591, abs=1e-12)


def test_waiting_counts_in_parts_of_a_minute(tell):
    """90 s: half a minute beyond the grace."""
    story = tell({"A": 0, "B": 0}, intents={"call": intent(talk=90)}, frustration={})
    assert f(story, "B") == pytest.approx(up(START, 1 - 0.97**0.5), abs=1e-12)


def test_grace_and_pace_of_the_wait_are_given(tell):
    """After 10 s of grace, 20 % a minute, for 110 s."""
    given = frustration(wait_grace="10s", per_minute=0.2)
    story = tell({"A": 0, "B": 0}, intents={"call": intent(talk=120)}, frustration=given)
    assert f(story, "B") == pytest.approx(up(START, 1 - 0.8 ** (110 / 60)), abs=1e-12)


def test_the_wait_counts_when_it_ends_in_giving_up(tell):
    """Patience of 180 s, unmoved by f. The redial carries it on."""
    given = frustration(per_minute=0.03)
    story = tell({"A": 0}, agents=NOBODY, customers=redial(patience=180), frustration=given)
    once = up(START, 1 - 0.97**2)
    assert f(story, "A") == pytest.approx(once, abs=1e-12)
    assert f(story, "A2") == pytest.approx(up(once, 1 - 0.97**2), abs=1e-12)


def test_the_wait_counts_when_it_ends_in_being_cut_off(tell):
    """From 19:57 to 20:00."""
    story = tell({"A": 12 * HOUR - 180}, agents=NOBODY, frustration={})
    assert story.contacts == [("A", "disconnected", 12 * HOUR, None)]
    assert f(story, "A") == pytest.approx(up(START, 1 - 0.97**2), abs=1e-12)


def test_the_time_in_the_bot_is_no_wait(tell):
    long = BOT | {"session": constant(600)}
    story = tell(
        {"A": 0}, intents={"call": intent(bot={"resolves": 0.0})}, bot=long, frustration=frustration(per_minute=0.5)
    )
    assert f(story, "A") == START


def test_every_return_counts(tell):
    """Two repeats: .15, .32, .456."""
    story = tell({"A": 0}, intents={"call": intent(resolution=0.0)}, customers=again(), frustration={})
    assert f(story, "A2") == pytest.approx(0.32, abs=1e-12)
    assert f(story, "A3") == pytest.approx(0.456, abs=1e-12)


def test_redials_count_as_returns(tell):
    """Patience is 60 s whatever f: two redials of a customer who never waits beyond the grace."""
    story = tell({"A": 0}, agents=NOBODY, customers=redial(), frustration=frustration(returns=0.2))
    assert [f(story, label) for label in ("A", "A2", "A3")] == pytest.approx([0.15, 0.32, 0.456], abs=1e-12)


def test_there_is_no_decay_overnight(tell):
    story = tell(
        {"A": 0},
        intents={"call": intent(resolution=0.0)},
        customers=again(delay=24 * HOUR),
        calendar={"days": 2},
        frustration=frustration(returns=0.2),
    )
    assert f(story, "A2") == pytest.approx(0.32, abs=1e-12)


def test_a_failed_session_counts_as_two_failed_turns(tell):
    """1 - .85 x .88^2 = .341760; the context is kept."""
    story = tell(
        {"A": 0}, intents={"call": intent(bot={"resolves": 0.0})}, bot=BOT | {"context_kept": 1.0}, frustration={}
    )
    assert f(story, "A") == pytest.approx(0.34176, abs=1e-12)


def test_lost_context_makes_him_repeat_himself(tell):
    """1 - .85 x .88^2 x .85 = .440496."""
    story = tell(
        {"A": 0}, intents={"call": intent(bot={"resolves": 0.0})}, bot=BOT | {"context_kept": 0.0}, frustration={}
    )
    assert f(story, "A") == pytest.approx(0.440496, abs=1e-12)


def test_a_false_containment_is_a_failed_session(tell):
    """Two failed turns, then the return: 1 - .85 x .88^2 x .80."""
    falsely = {"probability": 1.0, "delay": constant(600)}
    story = tell(
        {"A": 0},
        intents={"call": intent(bot={"resolves": 0.0})},
        customers={"repeat": {"probability": 1.0, "falsely_contained": falsely}},
        bot=BOT | {"false_containment": 1.0},
        frustration={},
    )
    assert f(story, "A2") == pytest.approx(1 - 0.85 * 0.88**2 * 0.80, abs=1e-12)


def test_a_resolving_session_raises_nothing(tell):
    story = tell({"A": 0}, intents={"call": intent(bot={"resolves": 1.0})}, bot=BOT, frustration={})
    assert story.row("A")["frustration_end"] == START


def test_opting_out_raises_nothing(tell):
    story = tell(
        {"A": 0},
        intents={"call": intent(bot={"resolves": 0.0})},
        bot=BOT | {"opt_out": 1.0, "context_kept": 0.0},
        frustration={},
    )
    assert f(story, "A") == START


def test_bot_return_and_wait_together(tell):
    """A's second attempt, by hand: bot failed with its context kept (two turns), back (.20), opted out, waited
    3 minutes behind B: 1 - .85 x .88^2 x .80 x .97^2."""
    intents = {
        "chat": intent(talk=10, resolution=0.0, bot={"resolves": 0.0}, skill="call"),
        "call": intent(talk=240),
    }
    story = tell(
        {"A": (0, "chat"), "B": 580},
        intents=intents,
        customers=again(max_attempts=2),
        bot=BOT | {"context_kept": 1.0},
        frustration=frustration(failed_turn=0.12, returns=0.2, per_minute=0.03),
    )
    assert story.contacts[:2] == [("A", "answered", 30, 0), ("A2", "answered", 820, 0)]
    assert story.waits["A2"] == (180, True)
    assert f(story, "A2") == pytest.approx(1 - 0.85 * 0.88**2 * 0.80 * 0.97**2, abs=1e-12)


# --- what it does


def test_the_stated_inputs_are_those_of_a_fresh_customer(tell):
    """f' = f - start = 0: patience, talk and resolution as stated, whatever the slopes."""
    story = tell(
        {"A": 0, "B": (10, "brief")},
        intents={
            "call": intent(resolution=0.999999),
            "brief": intent(skill="call", patience=constant(20)),
        },
        frustration={"effects": {"patience": 50.0, "talk_time": 50.0, "resolution": 1000.0}},
    )
    assert story.contacts == [("A", "answered", 0, 0), ("B", "abandoned", 30, None)]
    assert story.row("A")["talk_us"] == 60_000_000
    assert story.row("A")["resolved"] == 1


def test_patience_shortens(tell):
    """On joining as A2 f' = .17: 60 s x exp(-.7 x .17) = 53.269 s; as A3 f' = .306: 48.431 s."""
    given = frustration(effects={"patience": 0.7}, returns=0.2)
    story = tell({"A": 0}, agents=NOBODY, customers=redial(), frustration=given)
    waits = [story.waits[label][0] for label in ("A", "A2", "A3")]
    assert waits[0] == 60
    assert waits[1:] == pytest.approx([60 * exp(-0.119), 60 * exp(-0.2142)], abs=2e-6)
    assert waits[1] == pytest.approx(53.269, abs=1e-3)


def test_patience_uses_the_frustration_on_joining_not_that_of_the_wait(tell):
    """Ten minutes of patience stay ten minutes though the wait itself raises f; the next call's are fewer."""
    given = frustration(effects={"patience": 0.7}, per_minute=0.03)
    story = tell({"A": 0}, agents=NOBODY, customers=redial(patience=600), frustration=given)
    after = up(START, 1 - 0.97**9)
    assert story.waits["A"][0] == 600
    assert story.waits["A2"][0] == pytest.approx(600 * exp(-0.7 * (after - START)), abs=2e-6)


def test_a_failed_session_shortens_patience(tell):
    """The two failed turns came before joining: 100 s x exp(-.7 x .19176) = 87.438 s."""
    story = tell(
        {"A": 0},
        intents={"call": intent(bot={"resolves": 0.0})},
        agents=NOBODY,
        customers={"patience": constant(100)},
        bot=BOT | {"context_kept": 1.0},
        frustration={},
    )
    assert story.waits["A"][0] == pytest.approx(100 * exp(-0.7 * 0.19176), abs=2e-6)


def test_lost_context_shortens_patience(tell):
    """The bot's order ends with the context: he knows that he will repeat himself. 100 s x exp(-.7 x .290496)."""
    story = tell(
        {"A": 0},
        intents={"call": intent(bot={"resolves": 0.0})},
        agents=NOBODY,
        customers={"patience": constant(100)},
        bot=BOT | {"context_kept": 0.0},
        frustration={},
    )
    assert story.waits["A"][0] == pytest.approx(100 * exp(-0.7 * 0.290496), abs=2e-6)


def test_talk_grows(tell):
    """A2 with f' = .17: 60 s x (1 + .15 x .17) = 61.53 s; wrap-up stays."""
    story = tell(
        {"A": 0},
        intents={"call": intent(wrap=30, resolution=0.0)},
        customers=again(max_attempts=2),
        frustration={},
    )
    row = story.row("A2")
    assert row["base_us"] == 60_000_000
    assert row["natural_talk_us"] == row["talk_us"] == 61_530_000
    assert row["wrap_us"] == 30_000_000


def test_talk_grows_by_the_wait_just_over(tell):
    """f is read at the start of service: B has waited 3 minutes, f' = .050235, 180 s x 1.00753525."""
    story = tell({"A": 0, "B": 0}, intents={"call": intent(talk=180)}, frustration={})
    assert story.row("B")["talk_us"] == pytest.approx(180e6 * (1 + 0.15 * 0.050235), abs=1)


def test_lost_context_is_outside_the_factor(tell):
    """60 s x (1 + .15 x .290496) + 90 s."""
    story = tell(
        {"A": 0},
        intents={"call": intent(bot={"resolves": 0.0})},
        bot=BOT | {"context_kept": 0.0, "lost_context_time": "90s"},
        frustration={},
    )
    assert story.row("A")["talk_us"] == pytest.approx(60e6 * (1 + 0.15 * 0.290496) + 90e6, abs=1)


def test_resolution_falls(tell):
    """At a slope of 1000 one return (f' = .17) takes 170 from the logit: B2 is never resolved. A is fresh."""
    given = frustration(effects={"resolution": 1000.0}, returns=0.2)
    story = tell(
        {"A": 0, "B": 10},
        intents={"call": intent(talk=600, resolution=0.999999)},
        customers=redial() | {"max_attempts": 2},
        frustration=given,
    )
    assert story.contacts[2] == ("B2", "answered", 670, 0)
    assert (story.row("A")["resolved"], story.row("B2")["resolved"]) == (1, 0)


# --- mistreatment


@pytest.mark.parametrize(("intercept", "mistreated"), [(50, 1), (-50, 0)])
def test_mistreatment_by_its_intercept(tell, intercept, mistreated):
    story = tell({"A": 0}, mistreatment={"intercept": intercept, "slope": 0.0})
    assert story.row("A")["mistreated"] == mistreated


def test_mistreatment_by_frustration(tell):
    """Logit -50 + 250 f: -12.5 for the fresh A (one in 270,000), +30 for its return at f = .32."""
    story = tell(
        {"A": 0},
        intents={"call": intent(resolution=0.0)},
        customers=again(max_attempts=2),
        frustration=frustration(returns=0.2),
        mistreatment={"intercept": -50, "slope": 250},
    )
    assert [story.row(label)["mistreated"] for label in ("A", "A2")] == [0, 1]


@pytest.mark.parametrize(("slope", "mistreated"), [(500, 1), (200, 0)])
def test_without_frustration_everybody_is_a_fresh_customer(tell, slope, mistreated):
    """f = .15 throughout: logit -50 + 500 x .15 = 25, -50 + 200 x .15 = -20."""
    story = tell({"A": 0}, mistreatment={"intercept": -50, "slope": slope})
    assert story.row("A")["mistreated"] == mistreated


def test_no_mistreatment_when_left_out(tell):
    assert tell({"A": 0}, frustration={}).row("A")["mistreated"] == 0


def test_only_the_answered_mistreat(tell):
    story = tell(
        {"A": 0}, agents=NOBODY, customers={"patience": constant(60)}, mistreatment={"intercept": 50, "slope": 0.0}
    )
    assert story.row("A")["mistreated"] == 0
