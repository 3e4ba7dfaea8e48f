"""The agents' part of the audit: what each of them does from moment to moment, and how tired it makes."""

from itertools import pairwise
from typing import Any

import numpy as np

from sim.engine.plan import make_plan
from sim.engine.records import AgentState, Outcome
from tests.properties.reading import DAY_US, HOUR_US, Row, asked_at, by_agent, covers, merged, rows, through
from tests.properties.worlds import Played

CLOSE_CALL = 1e-9
Span = tuple[int, int, int, int]


def agents_do_one_thing_at_a_time(played: Played) -> None:
    """Spells of duty do not overlap, and segments, none of them empty, abut and cover them exactly.

    A spell may begin at the moment at which the one before ends, with a contact or a break in hand.
    """
    segments, duties = by_agent(played.records.segments), by_agent(played.records.duties)
    assert set(segments) <= set(duties)
    for agent, spells in duties.items():
        for spell, following in pairwise(spells):
            assert spell["start_us"] <= spell["left_us"] <= following["start_us"], (spell, following)
        for s, following in pairwise(segments[agent]):
            assert s["start_us"] < s["end_us"] <= following["start_us"], (s, following)
        on_duty = merged([(s["start_us"], s["left_us"]) for s in spells if s["left_us"] > s["start_us"]])
        assert on_duty == merged([(s["start_us"], s["end_us"]) for s in segments[agent]]), agent


def answered(played: Played) -> list[Row]:
    """Contacts that an agent took."""
    return [c for c in rows(played.records.contacts) if c["outcome"] == Outcome.ANSWERED]


def consultations(played: Played) -> dict[int, list[tuple[int, int]]]:
    """For each supervisor, when it decided: from whenever it was free to the end of what agent and customer waited."""
    found: dict[int, list[tuple[int, int]]] = {}
    for c in answered(played):
        if c["supervisor"] >= 0:
            end = asked_at(c) + c["supervisor_us"]
            found.setdefault(c["supervisor"], []).append((end - c["consultation_us"], end))
    return found


def handling_is_the_contacts(played: Played) -> None:
    """Every spell of handling is one answered contact, to the end of its wrap-up, or one consultation."""
    spans: list[Span] = [(c["agent"], c["group"], c["left_us"], through(c)) for c in answered(played)]
    boss = played.scenario.supervisor
    for agent, times in consultations(played).items():
        spans += [(agent, list(played.scenario.agents).index(boss.group), start, end) for start, end in times]
    busy = played.records.segments[played.records.segments["state"] == AgentState.HANDLING]
    spent = [(s["agent"], s["group"], s["start_us"], s["end_us"]) for s in rows(busy)]
    assert sorted(span for span in spans if span[3] > span[2]) == sorted(spent)


# Breaks and pauses ----------------------------------------------------------------------


def breaks_last_in_full(played: Played) -> None:
    """A shift begins and ends as planned; a break begins when due or later and lasts in full, or to the end of duty.

    Whatever else is a break is a pause that a contact called for, as it ended: in full, or to the end of duty.
    """
    lines, called = lines_of(played), pauses_called_for(played)
    duties = by_agent(played.records.duties)
    for agent, own in by_agent(played.records.segments).items():
        start_us, length_us, breaks = lines.get(agent, (None, None, []))
        for spell in duties[agent]:
            start, planned = spell["start_us"], list(breaks)
            if start_us is not None:
                begun = spell["end_us"] - length_us  # the evening before the first day, where that is below 0
                assert begun % DAY_US == start_us, spell
                assert start == begun if begun >= 0 else begun >= -DAY_US and start >= 0, spell
                planned = [b for b in planned if begun >= 0 or begun + b[0] > start]
                start = begun
            for pause in (
                s
                for s in own
                if s["state"] == AgentState.BREAK and spell["start_us"] <= s["start_us"] < spell["left_us"]
            ):
                length = pause["end_us"] - pause["start_us"]
                due = [b for b in planned if start + b[0] <= pause["start_us"] and b[1] >= length]
                if not due:
                    lengths = called.get((agent, pause["start_us"]), set())
                    assert length in lengths or (pause["end_us"] == spell["left_us"] and length < max(lengths)), pause
                    continue
                full = [b for b in due if b[1] == length]
                assert full or pause["end_us"] == spell["left_us"], (pause, planned)
                planned.remove((full or due)[0])


def lines_of(played: Played) -> dict[int, tuple[int, int, list[tuple[int, int]]]]:
    """For each agent of a shift: its start in the day, its length and its breaks that it can take (us)."""
    found, number = {}, 0
    plan = make_plan(played.scenario, played.horizon, (0, 0))
    for g, group in enumerate(played.scenario.agents.values()):
        for line in group.shifts or ():
            breaks = [(round(b.after * 1e6), round(b.length * 1e6)) for b in line.breaks if b.after > 0]
            for _ in range(line.count):
                found[number] = (round(line.start * 1e6), round(line.length * 1e6), breaks)
                number += 1
        if group.shifts is None:
            number += int((plan.group_of == g).sum())
    return found


def pauses_called_for(played: Played) -> dict[tuple[int, int], set[int]]:
    """The lengths (us) of the pauses that contacts called for, by agent and the moment at which each ended."""
    found: dict[tuple[int, int], set[int]] = {}
    rates = {(s["agent"], s["start_us"]): s["rate"] for s in rows(played.records.segments) if s["state"] == 2}
    for c in answered(played):
        for length in pauses_after(played, c, rates.get((c["agent"], c["left_us"]), 0.0)):
            found.setdefault((c["agent"], through(c)), set()).add(length)
    return found


def pauses_after(played: Played, c: Row, rate: float) -> set[int]:
    """What pause a contact calls for; either way where it is as close a call as rounding makes."""
    fatigue, intents = played.scenario.fatigue, list(played.scenario.intents.values())
    if fatigue is None:
        return set()
    handled = through(c) - c["left_us"]
    tired = 1 - (1 - c["fatigue"]) * np.exp(-rate * handled / HOUR_US)
    intent = intents[c["intent"]]
    limit = fatigue.long_contact * (intent.talk_time.average + intent.wrap_up.average) * 1e6
    recovery = round((fatigue.recovery_time or 0) * 1e6) if c["mistreated"] or handled >= limit else 0
    found = {recovery}
    if fatigue.break_at is not None and tired >= fatigue.break_at - CLOSE_CALL:
        early = max(round(fatigue.break_length * 1e6), recovery)
        found = {early} if tired >= fatigue.break_at + CLOSE_CALL else {early, recovery}
    return found


def pauses_follow_contacts(played: Played) -> None:
    """An agent who needs a pause takes it; none past the end of duty, none while a scheduled break is due."""
    lines, duties = lines_of(played), by_agent(played.records.duties)
    rests = {(s["agent"], s["start_us"]) for s in rows(played.records.segments) if s["state"] == AgentState.BREAK}
    for (agent, moment), lengths in pauses_called_for(played).items():
        spell = [d for d in duties[agent] if d["start_us"] <= moment][-1]
        gone = spell["left_us"] == moment
        if agent in lines:
            over = moment >= spell["end_us"]
            due = any(spell["start_us"] + after <= moment for after, _ in lines[agent][2])
        else:
            over, due = not covers(played.horizon, moment), False
        if gone or 0 in lengths or (due and not over):
            continue
        assert ((agent, moment) in rests) != over, (agent, moment, lengths, spell)


def nobody_lingers(played: Played) -> None:
    """Past the end of duty an agent finishes a contact, or is kept for one that waits or is still to join the queue."""
    contacts = rows(played.records.contacts)
    stays = [(c["arrival_us"], c["arrival_us"] + c["bot_us"]) for c in contacts if not c["out_of_hours"]]
    stays += [(c["joined_us"], c["left_us"]) for c in contacts if c["joined_us"] >= 0]
    stays += [(c["left_us"], asked_at(c)) for c in contacts if c["transferred"]]
    busy = merged([(a, b) for a, b in stays if b > a])
    segments = by_agent(played.records.segments)
    for agent, spells in by_agent(played.records.duties).items():
        for spell in spells:
            for s in segments[agent]:
                low, high = max(s["start_us"], spell["end_us"]), min(s["end_us"], spell["left_us"])
                if low < high and s["state"] != AgentState.HANDLING:
                    assert played.scenario.calendar.at_close == "drain", (spell, s)
                    assert any(a <= low and high <= b for a, b in busy), (spell, s)


# Fatigue --------------------------------------------------------------------------------


def fatigue_is_continuous(played: Played) -> None:
    """Each segment begins with what the last one, and the time off duty since, left; contacts see the same."""
    fatigue = played.scenario.fatigue
    off = fatigue.recovery_per_hour.off if fatigue else 0.0
    started: dict[tuple[int, int], Row] = {}
    for agent, own in by_agent(played.records.segments).items():
        level, since = 0.0, None
        for s in own:
            if since is not None:
                level *= np.exp(-off * (s["start_us"] - since) / HOUR_US)
            assert abs(s["fatigue"] - level) < 1e-9, (s, level)
            decay = np.exp(-s["rate"] * (s["end_us"] - s["start_us"]) / HOUR_US)
            busy = s["state"] == AgentState.HANDLING
            level, since = (1 - (1 - level) * decay if busy else level * decay), s["end_us"]
            if busy:
                started[agent, s["start_us"]] = s
    for c in answered(played):
        if through(c) > c["left_us"]:
            s = started[c["agent"], c["left_us"]]
            assert c["fatigue"] == s["fatigue"], c
            assert abs(s["rate"] - build_up(played, c["agent"], c["mistreated"])) < 1e-9, (c, s)
    for supervisor, times in consultations(played).items():
        for start, end in times:
            if end > start:
                assert abs(started[supervisor, start]["rate"] - build_up(played, supervisor, 0)) < 1e-9, supervisor


def build_up(played: Played, agent: int, mistreated: Any) -> float:
    """How fast handling tires an agent (an hour); to decide for another is like a contact without mistreatment."""
    fatigue = played.scenario.fatigue
    if fatigue is None:
        return 0.0
    own = float(played.records.agents["build_up"][agent])
    return fatigue.build_per_hour * own * (1 + fatigue.mistreatment_weight * bool(mistreated))
