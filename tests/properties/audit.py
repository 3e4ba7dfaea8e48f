"""What must hold in every replication, whatever the world and the engine: checked from the flat records alone."""

from itertools import pairwise
from typing import Any

import numpy as np

from sim.engine.records import FACTORS, BotOutcome, Cause, NeedStatus, Outcome
from sim.measures import make_frame, tally
from sim.measures.counts import Count
from sim.mechanisms.frustration import after_waiting, raised
from sim.scenario.model import Frustration
from tests.drawn import interval_of
from tests.properties.audit_agents import (
    agents_do_one_thing_at_a_time,
    breaks_last_in_full,
    fatigue_is_continuous,
    handling_is_the_contacts,
    nobody_lingers,
    pauses_follow_contacts,
)
from tests.properties.audit_bot import sessions_end_as_they_may, the_bot_keeps_its_hours, who_meets_the_bot
from tests.properties.audit_queue import (
    counts_are_met,
    nobody_overtakes,
    nobody_waits_for_an_idle_agent,
    supervisors_decide,
    the_desk_goes_first,
    the_longest_idle_is_taken,
)
from tests.properties.reading import DAY_US, Row, by_need, end_of, left_at_once, rows
from tests.properties.worlds import Played

CLOSED_BY_BOT = (BotOutcome.RESOLVED, BotOutcome.FALSELY_CONTAINED, BotOutcome.LEFT)


def audit(played: Played, seed: int = 1) -> None:
    """Check everything."""
    every_contact_ends_exactly_once(played)
    attempts_follow_one_another(played)
    transfers_go_on_at_once(played)
    needs_end_as_their_last_attempt(played)
    clocks_run_forward(played)
    handle_times_add_up(played)
    returns_come_in_open_hours(played)
    moods_follow_from_what_happened(played)
    sessions_end_as_they_may(played)
    who_meets_the_bot(played)
    the_bot_keeps_its_hours(played)
    agents_do_one_thing_at_a_time(played)
    handling_is_the_contacts(played)
    breaks_last_in_full(played)
    pauses_follow_contacts(played)
    nobody_lingers(played)
    fatigue_is_continuous(played)
    nobody_waits_for_an_idle_agent(played)
    nobody_overtakes(played)
    the_longest_idle_is_taken(played)
    supervisors_decide(played)
    the_desk_goes_first(played)
    counts_are_met(played, seed)
    measures_add_up(played)


# Contacts and needs ---------------------------------------------------------------------


def every_contact_ends_exactly_once(played: Played) -> None:
    """One outcome a contact, and everything about it fits that outcome."""
    for c in rows(played.records.contacts):
        joined = c["joined_us"] >= 0
        assert joined == (c["outcome"] != Outcome.NONE) == (c["bot"] not in CLOSED_BY_BOT), c
        assert (c["agent"] >= 0) == (c["group"] >= 0) == (c["outcome"] == Outcome.ANSWERED), c
        if not joined:
            assert c["left_us"] == -1, c
            assert c["talk_us"] == c["mistreated"] == c["delayed"] == 0, c
            assert c["resolved"] == (c["bot"] == BotOutcome.RESOLVED), c
        else:
            waited = c["left_us"] - c["joined_us"]
            assert waited >= 0, c
            assert c["delayed"] or waited == 0, c
            assert c["outcome"] != Outcome.BALKED or not c["delayed"], c
            assert c["outcome"] != Outcome.ABANDONED or c["delayed"], c
            assert c["outcome"] == Outcome.ANSWERED or not (c["resolved"] or c["mistreated"] or c["talk_us"]), c
        if c["outcome"] != Outcome.ANSWERED:
            assert c["transferred"] == c["supervisor_us"] == c["consultation_us"] == 0, c
            assert c["supervisor"] == -1, c
        assert not c["context_lost"] or c["bot"] == BotOutcome.HANDED_OFF, c
        for level in ("frustration", "fatigue", "frustration_end", "trust_end"):
            assert 0 <= c[level] <= 1, (level, c)


def attempts_follow_one_another(played: Played) -> None:
    """Attempts of a need are 1 to n, each after the end of the one before, for the reason that this gave.

    Transfers are attempts of the agents: they do not count against what the customer is ready to make.
    """
    most, born = played.scenario.customers.max_attempts, played.records.needs["born_us"]
    found = by_need(played.records.contacts)
    assert [contacts[0]["need"] for contacts in found] == list(range(played.records.needs.size))
    for contacts in found:
        first = contacts[0]
        assert first["attempt"] == 1, first
        assert first["cause"] == Cause.FIRST, first
        assert first["arrival_us"] == born[first["need"]], first
        for before, c in pairwise(contacts):
            assert before["attempt"] == c["attempt"] - 1, c
            assert not before["resolved"], c
            assert c["arrival_us"] >= end_of(before), (before, c)
            assert c["cause"] == reason(before), (before, c)
            assert c["intent"] == first["intent"], c
        made = sum(c["cause"] != Cause.TRANSFER for c in contacts)
        assert most is None or made <= most, contacts


def reason(contact: Row) -> Cause:
    """Why a customer comes back after a contact."""
    if contact["transferred"]:
        return Cause.TRANSFER
    if contact["outcome"] == Outcome.ANSWERED:
        return Cause.REPEAT
    return Cause.FALSELY_CONTAINED if contact["bot"] == BotOutcome.FALSELY_CONTAINED else Cause.REDIAL


def transfers_go_on_at_once(played: Played) -> None:
    """Who is sent away is in the queue again as the talk ends, past the bot, and is not sent away a second time."""
    pace = played.scenario.pace
    sends = pace is not None and bool(pace.sends_away) and pace.sends_away_below > 0
    for contacts in by_need(played.records.contacts):
        assert not contacts[-1]["transferred"], contacts
        for c, following in pairwise(contacts):
            if c["transferred"]:
                assert sends, c
                assert following["arrival_us"] == c["left_us"] + c["talk_us"], (c, following)
                assert following["joined_us"] == following["arrival_us"], following
                assert following["bot"] == BotOutcome.NONE, following
                assert not following["transferred"], following
                assert c["cause"] != Cause.TRANSFER, c


def needs_end_as_their_last_attempt(played: Played) -> None:
    """Status, attempts and time of resolution."""
    most = played.scenario.customers.max_attempts
    for need, contacts in zip(rows(played.records.needs), by_need(played.records.contacts), strict=True):
        contact = contacts[-1]
        assert need["attempts"] == contact["attempt"], need
        assert (need["status"] == NeedStatus.RESOLVED) == bool(contact["resolved"]), need
        assert need["resolved_us"] == (end_of(contact) if contact["resolved"] else -1), need
        assert need["measured"] == played.horizon.measured[need["day"]], need
        made = sum(c["cause"] != Cause.TRANSFER for c in contacts)
        again = 0.0 if contact["resolved"] or made == most else chance_of_return(played, contact)
        assert need["status"] != NeedStatus.PENDING or again > 0, (need, contact)
        assert need["status"] != NeedStatus.LOST or again < 1, (need, contact)


def chance_of_return(played: Played, contact: Row) -> float:
    """With what probability a customer comes back who still can."""
    people, cause = played.scenario.customers, reason(contact)
    if cause == Cause.REDIAL:
        return people.redial.probability if people.redial else 0.0
    if people.repeat is None:
        return 0.0
    return people.repeat.probability if cause == Cause.REPEAT else people.repeat.falsely_contained.probability


def clocks_run_forward(played: Played) -> None:
    """Arrival, bot, queue: each after the other, and every day is the day of its arrival."""
    contacts, needs = played.records.contacts, played.records.needs
    assert (np.diff(needs["born_us"]) >= 0).all()
    assert (contacts["day"] == contacts["arrival_us"] // DAY_US).all()
    assert (needs["day"] == needs["born_us"] // DAY_US).all()
    joined = contacts[contacts["joined_us"] >= 0]
    assert (joined["joined_us"] == joined["arrival_us"] + joined["bot_us"]).all()
    lengths = ("bot_us", "stated_us", "base_us", "natural_talk_us", "talk_us", "wrap_us", "cleanup_us")
    for name in (*lengths, "supervisor_us", "consultation_us", "failed_turns"):
        assert (contacts[name] >= 0).all(), name


def handle_times_add_up(played: Played) -> None:
    """T0 and what each cause adds make the talk needed, to the microsecond; clean-up is part of wrap-up."""
    contacts = played.records.contacts
    answered = contacts[contacts["outcome"] == Outcome.ANSWERED]
    causes = sum(answered[f"{factor}_us"] for factor in FACTORS)
    assert (answered["base_us"] + causes == answered["natural_talk_us"]).all()
    assert (answered["summary_us"] <= 0).all()
    assert (answered["wrap_us"] >= answered["cleanup_us"]).all()
    others = contacts[contacts["outcome"] != Outcome.ANSWERED]
    assert not any(others[name].any() for name in (*(f"{f}_us" for f in FACTORS), "summary_us", "cleanup_us"))


def returns_come_in_open_hours(played: Played) -> None:
    """Every attempt arrives while the centre is open; but for whom an agent sends on, or who meets the bot alone."""
    horizon, contacts = played.horizon, played.records.contacts
    customers = contacts[(contacts["cause"] != Cause.TRANSFER) & (contacts["out_of_hours"] == 0)]
    day, arrival = customers["day"], customers["arrival_us"]
    assert (horizon.open_us[day] <= arrival).all()
    assert (arrival < horizon.close_us[day]).all()


def moods_follow_from_what_happened(played: Played) -> None:
    """Frustration and trust at the end of every attempt are those of what a customer went through."""
    mood, trust, spoiled = played.scenario.frustration, played.scenario.trust, played.scenario.expectations
    start = min((mood or Frustration()).start + (spoiled.start if spoiled else 0.0), 1.0)
    for contacts in by_need(played.records.contacts):
        felt, trusted = start, trust.start if trust else 0.0
        for c in contacts:
            if mood is not None:
                felt = frustrated(felt, c, mood)
            if trust is not None and (not left_at_once(c) or c["trust_end"] != trusted):
                trusted = after_trust(trusted, c, trust)
            assert abs(c["frustration_end"] - felt) < 1e-9, (c, felt)
            assert abs(c["trust_end"] - trusted) < 1e-9, (c, trusted)


def frustrated(felt: float, c: Row, mood: Any) -> float:
    """Frustration after one more attempt."""
    if c["attempt"] > 1:
        felt = raised(felt, mood.transferred if c["cause"] == Cause.TRANSFER else mood.returns)
    for _ in range(c["failed_turns"]):
        felt = raised(felt, mood.failed_turn)
    if c["context_lost"]:
        felt = raised(felt, mood.repeats_himself)
    if c["joined_us"] >= 0:
        felt = after_waiting(felt, (c["left_us"] - c["joined_us"]) / 1e6, mood.wait_grace, mood.per_minute)
    return felt


def after_trust(trusted: float, c: Row, trust: Any) -> float:
    """Trust after one more attempt: a bot that fails, a need that stays unresolved, one that is resolved."""
    if c["bot"] in (BotOutcome.FALSELY_CONTAINED, BotOutcome.HANDED_OFF, BotOutcome.LEFT):
        trusted = max(trusted - trust.failed_bot, 0.0)
    if c["resolved"]:
        return min(trusted + trust.good, 1.0)
    if c["outcome"] == Outcome.ANSWERED and not c["transferred"]:
        return max(trusted - trust.unresolved, 0.0)
    return trusted


# Measures -------------------------------------------------------------------------------


def measures_add_up(played: Played) -> None:
    """Counts of the tally against the records, and identities between them."""
    frame = make_frame(played.scenario)
    counted = tally(played.records, frame)
    total = counted.counts["overall"][0]
    assert total[Count.OFFERED] == total[[Count.ANSWERED, Count.ABANDONED, Count.BALKED, Count.DISCONNECTED]].sum()
    sessions = [Count.BOT_CONTAINED, Count.BOT_ESCALATED, Count.BOT_ABANDONED]
    assert total[Count.BOT_OFFERED] == total[sessions].sum()
    needs, contacts = played.records.needs, played.records.contacts
    assert total[Count.DEMAND] == (needs["measured"] == 1).sum()
    made = (needs["measured"][contacts["need"]] == 1) & (contacts["cause"] != Cause.TRANSFER)
    assert total[Count.ATTEMPTS] == made.sum() == total[[Count.DEMAND, Count.REDIALS, Count.REPEATS]].sum()
    joined = contacts[contacts["joined_us"] >= 0]
    mine = joined[interval_of(frame, joined["joined_us"]) >= 0]
    assert total[Count.OFFERED] == mine.size
    assert total[Count.WAIT_ALL] == (mine["left_us"] - mine["joined_us"]).sum()
    answered = mine[mine["outcome"] == Outcome.ANSWERED]
    spent = answered["talk_us"] + answered["supervisor_us"] + answered["wrap_us"]
    assert total[Count.TALK] + total[Count.WRAP_UP] == spent.sum()
    for name in ("intent", "day", "interval"):
        assert np.isclose(counted.counts[name][:, Count.OFFERED].sum(), total[Count.OFFERED])
    assert 0 <= total[Count.CSAT] <= 100 * total[Count.DEMAND]
    assert little(joined) == (joined["left_us"] - joined["joined_us"]).sum()
    the_clock_adds_up(played, frame, counted.counts)


def the_clock_adds_up(played: Played, frame: Any, counts: Any) -> None:
    """Agents' time; that of supervisors who take no contacts counts for their group, but not on the queue."""
    total, group = counts["overall"][0], counts["group"]
    on_queue, whole = [Count.AVAILABLE, Count.HANDLING], [Count.BREAK, Count.OVERTIME, Count.ON_DUTY, Count.LEAVERS]
    assert np.allclose(group[frame.serves][:, on_queue].sum(axis=0), total[on_queue])
    assert np.allclose(group[:, whole].sum(axis=0), total[whole])
    assert group[:, [*on_queue, Count.BREAK]].sum() == total[Count.ON_DUTY] == open_time(played, frame)
    assert (group[:, Count.LEAVERS] >= 0).all()
    assert 0 <= total[Count.STRAINED] <= total[Count.ON_DUTY] * (1 + 1e-9)
    assert 0 <= total[Count.FATIGUE] <= total[Count.ON_DUTY] * (1 + 1e-9)


def open_time(played: Played, frame: Any) -> int:
    """Agents' time on duty within the opening intervals measured (us), summed overlap by overlap."""
    s = played.records.segments
    low = np.maximum(s["start_us"][:, None], frame.starts)
    return int(np.maximum(np.minimum(s["end_us"][:, None], frame.ends) - low, 0).sum())


def little(joined: Any) -> int:
    """Integral of the number waiting over time (us), swept event by event."""
    events = sorted([(t, 1) for t in joined["joined_us"].tolist()] + [(t, -1) for t in joined["left_us"].tolist()])
    total = waiting = last = 0
    for time, step in events:
        total += waiting * (time - last)
        waiting, last = waiting + step, time
    return total
