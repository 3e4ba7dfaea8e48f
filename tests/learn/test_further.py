"""Returns, lost context, frustration by waiting, patience of those who come back, talk by time on duty."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.learning.adjusted import adjusted
from sim.learning.clusters import interval
from sim.learning.contacts import (
    DAY_S,
    LoggedContacts,
    Route,
    SessionEnd,
    Sessions,
    contacts_of,
    first_contacts,
    sessions_of,
)
from sim.learning.containment import share as share_of
from sim.learning.context import lost_context
from sim.learning.fatigue import by_time_on_duty
from sim.learning.further import AT_LEAST, Returns, checked_and_returned, false_shares
from sim.learning.returns import EXPONENTIAL, LOGNORMAL, followed, new_needs, returned
from sim.learning.study import learn_from
from sim.learning.waits import patience_of_returns, talk_by_waiting
from sim.mechanisms.frustration import Frustration
from tests.learn.worlds import World, logs_of

DAYS, OPEN_S, LENGTH_S = 42, 8 * 3600, 12 * 3600
WORLD = World(contacts=12_000)
BOTS = frozenset([0, 1])


def lognormal_delay(luck: np.random.Generator, count: int) -> np.ndarray:
    sd = np.sqrt(np.log(2.0))
    return 2.83 * DAY_S * np.exp(sd * luck.standard_normal(count) - sd**2 / 2)


def long_exponential_delay(luck: np.random.Generator, count: int) -> np.ndarray:
    return luck.exponential(7 * DAY_S, count)


def coming_back(
    count: int,
    probability: float,
    rate: float,
    seed: int,
    delays: Callable[[np.random.Generator, int], np.ndarray] = lognormal_delay,
    resolution: float = 0.8,
) -> LoggedContacts:
    """Contacts some of which resolved nothing, and who came back; delays that end at night end next day."""
    luck = np.random.default_rng(seed)
    start = luck.integers(0, DAYS, count) * DAY_S + OPEN_S + luck.random(count) * LENGTH_S
    resolved = luck.random(count) < resolution
    delay = delays(luck, count)
    back = ~resolved & (luck.random(count) < probability)
    again = np.where(back, start + delay, np.inf)
    new = start + luck.exponential(1.0 / rate, count) if rate else np.full(count, np.inf)
    times, who, known = [start], [np.arange(count)], [resolved.astype(float)]
    for moment in (again, new):
        kept = np.isfinite(moment)
        clock = moment[kept] % DAY_S
        night = (clock < OPEN_S) | (clock > OPEN_S + LENGTH_S)
        day = moment[kept] // DAY_S + (clock > OPEN_S + LENGTH_S)
        at = np.where(night, day * DAY_S + OPEN_S + luck.random(night.size) * LENGTH_S, moment[kept])
        inside = at < DAYS * DAY_S
        times.append(at[inside])
        who.append(np.flatnonzero(kept)[inside])
        known.append(np.full(int(inside.sum()), np.nan))
    time = np.concatenate(times)
    return contacts_of(
        ("one",),
        after=np.ones(time.size, bool),
        time_s=time,
        intent=np.zeros(time.size, np.int64),
        customer=np.concatenate(who),
        resolved=np.concatenate(known),
    )


@pytest.mark.parametrize("rate", [0.0, 0.02 / DAY_S])
def test_who_comes_back_and_when_is_found_behind_nights_new_needs_and_the_end_of_the_log(rate: float) -> None:
    contacts = coming_back(40_000, 0.65, rate, 1)
    known = new_needs(followed(contacts.resolved == 1.0, contacts, None, False))
    assert known == pytest.approx(rate, rel=0.06)
    found = returned(followed(contacts.resolved == 0.0, contacts, None, False), known, LOGNORMAL)
    assert found is not None
    assert found.probability.low - 0.005 < 0.65 < found.probability.high + 0.005
    assert found.delay_s.value == pytest.approx(2.83 * DAY_S, rel=0.04)
    assert found.cv == pytest.approx(1.0, abs=0.08)
    assert found.probability.se < 0.012


def test_who_is_on_the_way_when_two_weeks_end_is_not_taken_for_gone() -> None:
    """A seventh of those who come back do so after two weeks; one more in a hundred waits for a morning just then."""
    contacts = coming_back(150_000, 0.8, 0.0, 1, long_exponential_delay, 0.0)
    found = returned(followed(contacts.resolved == 0.0, contacts, None, False), 0.0, EXPONENTIAL)
    assert found is not None
    assert abs(found.probability.value - 0.8) < 2.5 * found.probability.se
    assert abs(found.delay_s.value - 7 * DAY_S) < 2.5 * found.delay_s.se
    assert found.probability.se < 0.003
    assert found.delay_s.se < 0.01 * 7 * DAY_S


def test_the_least_false_share_is_that_of_who_comes_back() -> None:
    luck, count = np.random.default_rng(2), 8000
    start = luck.integers(0, 28, count) * DAY_S + OPEN_S + luck.random(count) * LENGTH_S
    false = luck.random(count) < 0.3
    back = false & (luck.random(count) < 0.8)
    again = start[back] + luck.exponential(0.5 * DAY_S, int(back.sum()))
    once = np.arange(count, 2 * count)
    contacts = contacts_of(
        ("one",),
        after=np.ones(int(back.sum()) + count, bool),
        time_s=np.concatenate([again, start]),
        intent=np.zeros(int(back.sum()) + count, np.int64),
        customer=np.concatenate([np.flatnonzero(back), once]),
        resolved=np.concatenate([np.full(int(back.sum()), np.nan), np.ones(count)]),
    )
    sessions = sessions_of(
        ("one",),
        time_s=start,
        intent=np.zeros(count, np.int64),
        customer=np.arange(count),
        ended=np.full(count, int(SessionEnd.CONTAINED)),
    )
    least = false_shares(Returns(contacts, sessions), sessions)[0]
    assert least.value == pytest.approx(0.24, abs=0.02)
    assert least.high < 0.3


def test_the_least_false_share_is_of_first_sessions(caught: tuple[LoggedContacts, Sessions]) -> None:
    """Those who come back meet the bot again, which closes all of them: a bound of all sessions would be too high."""
    contacts, sessions = caught
    again = sessions.chosen(np.flatnonzero(sessions.resolved == 0.0)[::2])
    again = replace(again, time_s=again.time_s + 1800.0)
    joined = {name: np.concatenate([column, again.columns()[name]]) for name, column in sessions.columns().items()}
    least = false_shares(Returns(contacts, replace(sessions, **joined)), replace(sessions, **joined))
    first = false_shares(Returns(contacts, sessions), sessions)
    for i in (0, 1):
        assert least[i].value == pytest.approx(first[i].value, abs=0.005)


@pytest.fixture(scope="module")
def caught() -> tuple[LoggedContacts, Sessions]:
    """Logs in which everybody comes back an hour after a false containment, a quarter of the contained."""
    logs = logs_of(WORLD, 1)
    sessions, contacts = logs.sessions, replace(logs.contacts, customer=np.arange(len(logs.contacts)))
    told = replace(sessions, customer=np.arange(len(sessions)) + len(contacts))
    back = told.chosen(np.flatnonzero((told.ended == SessionEnd.CONTAINED) & (told.resolved == 0.0)))
    more = contacts.chosen(np.zeros(len(back), np.int64))
    more = replace(more, after=np.ones(len(back), bool), intent=back.intent, customer=back.customer)
    more = replace(more, time_s=back.time_s + 3600)
    joined = {name: np.concatenate([column, more.columns()[name]]) for name, column in contacts.columns().items()}
    return replace(contacts, **joined), told


def test_a_false_share_that_nobody_checked_is_no_less_than_who_came_back(
    caught: tuple[LoggedContacts, Sessions],
) -> None:
    contacts, sessions = caught
    unchecked = replace(sessions, resolved=np.full(len(sessions), np.nan))
    result = learn_from(contacts, unchecked)
    share, least = result.of("intents.intent0.bot.false_share"), result.of(AT_LEAST.format("intent0"))
    assert least.measured
    assert (share.known, share.low) == ("not_identified", pytest.approx(least.low))
    assert share.prior_low > 0.05
    strangers = logs_of(WORLD, 1).contacts
    unknown = learn_from(strangers, unchecked).of("intents.intent0.difficulty_weight x bot.selectivity")
    assert result.of("intents.intent0.difficulty_weight x bot.selectivity").se < unknown.se


def test_a_false_share_of_few_checks_is_no_less_than_who_came_back(caught: tuple[LoggedContacts, Sessions]) -> None:
    contacts, sessions = caught
    few = np.where(np.arange(len(sessions)) % 5, np.nan, sessions.resolved)
    result = learn_from(contacts, replace(sessions, resolved=few))
    share, least = result.of("intents.intent0.bot.false_share"), result.of(AT_LEAST.format("intent0"))
    assert share.measured
    assert share.low == pytest.approx(least.low)
    assert share.low < share.value < share.high
    assert not any("to be checked at random" in note for note in result.notes)


def test_checks_that_who_came_back_contradicts_are_said_and_the_interval_holds_both(
    caught: tuple[LoggedContacts, Sessions],
) -> None:
    contacts, sessions = caught
    luck = np.random.default_rng(1).random(len(sessions))
    happy = np.where((sessions.resolved == 0.0) & (luck < 0.8), np.nan, sessions.resolved)
    result = learn_from(contacts, replace(sessions, resolved=happy))
    share, least = result.of("intents.intent0.bot.false_share"), result.of(AT_LEAST.format("intent0"))
    assert share.low < 0.08
    assert share.high == pytest.approx(least.high)
    notes = [note for note in result.notes if "to be checked at random" in note]
    assert len(notes) == 2
    assert f"after {100 * least.value:.0f} % of all contained ones" in notes[0]


def test_checks_and_returns_are_pooled_where_checks_say_less_by_luck() -> None:
    least, (more, less) = interval(0.24, 0.02, 10**6), (interval(value, 0.03, 10**6) for value in (0.25, 0.20))
    assert checked_and_returned(more, None) == more
    bounded = checked_and_returned(more, least)
    assert (bounded.low, bounded.value, bounded.high) == (least.low, more.value, more.high)
    pooled = checked_and_returned(less, least)
    assert pooled.value == pytest.approx((0.20 / 9 + 0.24 / 4) / (1 / 9 + 1 / 4))
    half = 1.96 / (1 / 0.03**2 + 1 / 0.02**2) ** 0.5
    assert (pooled.low, pooled.high) == pytest.approx((pooled.value - half, pooled.value + half), abs=1e-4)
    nearly = checked_and_returned(interval(0.151, 0.0255, 10**6), least)
    assert nearly.high - nearly.low > 1.9 * 0.0157, "no narrower than both together are sure"
    sure = interval(0.30, 0.01, 10**6)
    assert checked_and_returned(sure, least) == sure


def test_a_false_share_above_what_was_believed_is_measured(caught: tuple[LoggedContacts, Sessions]) -> None:
    """Nearly all that were checked resolved nothing, which no belief held."""
    contacts, sessions = caught
    luck = np.random.default_rng(1).random(len(sessions))
    sorry = np.where((sessions.resolved == 1.0) & (luck < 0.95), np.nan, sessions.resolved)
    share = learn_from(contacts, replace(sessions, resolved=sorry)).of("intents.intent0.bot.false_share")
    assert share.measured
    assert share.low > share.prior_high
    assert share.high <= 1.0


def test_no_false_one_among_the_checks_is_no_certainty(caught: tuple[LoggedContacts, Sessions]) -> None:
    """Of n without any, the exact 95 % interval ends at 1 - 0.025^(1 / n)."""
    _, sessions = caught
    days, none = sessions.day[:60], np.zeros(60, bool)
    found = share_of(none, days, sessions.customer[:60])
    assert (found.low, found.high) == (0.0, pytest.approx(1 - 0.025 ** (1 / 60)))
    whole = share_of(~none, days, sessions.customer[:60])
    assert (whole.low, whole.high) == (pytest.approx(0.025 ** (1 / 60)), 1.0)


def with_context(seed: int, lost_s: float, flagged: bool = True) -> LoggedContacts:
    contacts, luck = logs_of(replace(WORLD, contacts=24_000), seed).contacts, np.random.default_rng(seed)
    lost = (contacts.route == Route.HANDED_OVER) & (luck.random(len(contacts)) < 0.6)
    known = lost.astype(float) if flagged else np.full(len(contacts), np.nan)
    return replace(contacts, talk_s=contacts.talk_s + lost_s * lost, context_lost=known)


def test_lost_context_is_told_beside_those_whose_context_came_along() -> None:
    found = lost_context(adjusted(with_context(1, 90.0), BOTS), None)
    assert found is not None
    assert found.kept.low < 0.4 < found.kept.high
    assert found.seconds.low < 90.0 < found.seconds.high
    assert found.seconds.se < 20.0
    assert lost_context(adjusted(with_context(1, 90.0, False), BOTS), None) is None


def test_lost_context_does_not_look_like_the_bots_choosing() -> None:
    sessions = logs_of(replace(WORLD, contacts=24_000), 1).sessions
    product = learn_from(with_context(1, 90.0), sessions).of("intents.intent0.difficulty_weight x bot.selectivity")
    assert product.low < 0.42 < product.high


def test_lost_context_that_no_shape_tells_is_taken_out_as_believed_and_widens() -> None:
    logs = logs_of(WORLD, 1)
    contacts = with_context(1, 90.0, False).chosen(np.arange(6000) * 3)
    key = "intents.intent0.difficulty_weight x bot.selectivity"
    untold = learn_from(contacts, logs.sessions)
    told = learn_from(replace(contacts, context_lost=np.zeros(len(contacts))), logs.sessions)
    assert untold.of("bot.lost_context_time").known == "not_identified"
    assert untold.of(key).se > 1.2 * told.of(key).se
    assert untold.of(key).value < told.of(key).value - 0.1
    assert any("taken out as it is believed" in note for note in untold.notes)


def test_frustration_by_waiting_is_found_and_hard_to_know() -> None:
    contacts, luck = logs_of(replace(WORLD, contacts=30_000), 3).contacts, np.random.default_rng(3)
    waited, section = luck.exponential(300, len(contacts)), Frustration()
    minutes = np.maximum(waited - 60, 0) / 60
    rise = 0.85 * (1 - 0.97**minutes)
    slow = replace(contacts, waited_s=waited, talk_s=contacts.talk_s * (1 + 0.5 * rise))
    found = talk_by_waiting(adjusted(slow, BOTS), section)
    assert found is not None
    assert abs(found.value - 0.5) < 3.5 * found.se
    assert found.se < 0.08
    assert talk_by_waiting(adjusted(replace(contacts, waited_s=np.zeros(len(contacts))), BOTS), section) is None


def test_those_who_come_back_give_up_sooner() -> None:
    contacts, luck = logs_of(WORLD, 4).contacts, np.random.default_rng(4)
    again = luck.random(len(contacts)) < 0.3
    patience = luck.exponential(240 * np.exp(-0.5 * again))
    wait = luck.exponential(100, len(contacts))
    talk = np.where(wait < patience, contacts.talk_s, np.nan)
    found = patience_of_returns(replace(contacts, talk_s=talk, waited_s=np.minimum(wait, patience)), ~again)
    assert found is not None
    assert found.low < 0.5 < found.high
    assert found.se < 0.06


def test_talk_grows_with_time_on_duty_where_agents_begin_at_different_times() -> None:
    contacts, luck = logs_of(replace(WORLD, contacts=20_000, agents=12), 5).contacts, np.random.default_rng(5)
    begins = luck.integers(8, 14, (12, WORLD.days))[contacts.agent, contacts.day]
    clock = contacts.time_s % DAY_S / 3600
    rows = clock >= begins
    slow = replace(contacts, talk_s=contacts.talk_s * np.exp(0.03 * (clock - begins))).chosen(rows)
    found = by_time_on_duty(adjusted(slow, BOTS))
    assert found is not None
    assert found.low < 0.03 < found.high
    assert found.se < 0.008
    none = replace(contacts, agent=np.full(len(contacts), -1))
    assert by_time_on_duty(adjusted(none, BOTS)) is None


def test_what_frustration_does_is_taken_out_of_the_choosing() -> None:
    logs = logs_of(WORLD, 6)
    over = logs.contacts.route == Route.HANDED_OVER
    scenario = sim.loads(
        {
            "name": "one",
            "calendar": {"start": "2026-11-23", "days": 1, "hours": "08:00-20:00"},
            "arrivals": {"per_day": 10},
            "intents": {"intent0": {"talk_time": "5m", "bot": {"containment": 0.4}}},
            "agents": {"all": {"skills": ["intent0"], "staff": 2}},
            "bot": {},
            "frustration": {},
        }
    )
    level = 1 - 0.85 * 0.88**2
    slow = replace(logs.contacts, talk_s=logs.contacts.talk_s * np.where(over, 1 + 0.15 * (level - 0.15), 1.0))
    key = "intents.intent0.difficulty_weight x bot.selectivity"
    plain = learn_from(logs.contacts, logs.sessions).of(key)
    taken_out, left_in = (learn_from(slow, logs.sessions, scenario=one).of(key) for one in (scenario, None))
    assert taken_out.value == pytest.approx(plain.value, abs=0.005)
    assert left_in.value > plain.value + 0.03
    assert taken_out.se > plain.se


def test_first_contacts_are_those_without_another_in_the_two_weeks_before() -> None:
    contacts = coming_back(500, 1.0, 0.0, 1)
    first = first_contacts(contacts, None)
    assert first[:500].sum() > 480
    assert first[500:].sum() < 0.05 * (len(contacts) - 500)


def test_lost_context_is_told_by_the_shape_of_talk_times_where_nobody_records_it() -> None:
    sessions = logs_of(replace(WORLD, contacts=24_000), 1).sessions
    result = learn_from(with_context(1, 90.0, False), sessions)
    kept, seconds = result.of("bot.context_kept"), result.of("bot.lost_context_time")
    assert kept.measured
    assert kept.low < 0.4 < kept.high
    assert seconds.measured
    assert seconds.low < 90.0 < seconds.high
    assert seconds.se < 12.0
    product = result.of("intents.intent0.difficulty_weight x bot.selectivity")
    assert product.low < 0.42 < product.high
    assert result.of("bot.selectivity").known == "product_only"


def test_the_shape_of_talk_times_shows_no_lost_context_where_there_is_none() -> None:
    result = learn_from(with_context(1, 0.0, False), logs_of(replace(WORLD, contacts=24_000), 1).sessions)
    assert result.of("bot.lost_context_time").known == "not_identified"
