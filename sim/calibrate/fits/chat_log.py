"""A log of chats: cap and law from who had how many in hand, and of each chat the time alone."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.calibrate.fits.agents import Skills
from sim.calibrate.fits.chat_pace import Ends, fit_law
from sim.calibrate.fits.chats import DEFAULT_RATIO, ChatFit, cap_of, pace_of, timed_open
from sim.calibrate.fits.estimate import FittedNumber, Floats, Ints, around
from sim.calibrate.fits.in_hand import InHand, in_hand, work_of

KNOWN = 0.9
"""Where a smaller share of the answered has an agent, levels are not known."""


@dataclass(frozen=True)
class ChatLog:
    """What a log says of its chats.

    Attributes
    ----------
    fit : of the whole log.
    talk_s, wrap_s : (contacts,) of each chat alone; nan where it is not known.
    notes : what they rest on.
    """

    fit: ChatFit
    talk_s: Floats
    wrap_s: Floats
    notes: tuple[str, ...] = ()


def chat_log_of(
    table: pd.DataFrame,
    left_s: Floats,
    codes: Ints,
    names: tuple[str, ...],
    skills: Skills,
    said: tuple[int, float, float],
) -> ChatLog:
    """Read levels and lengths from a log in which agents are known.

    Parameters
    ----------
    table : of contacts.
    left_s : (contacts,) when each left the queue, in seconds from one midnight.
    codes, names : intent of each contact, and what intents are called.
    skills : groups of agents.
    said : cap (0 for that of the log), level of the elapsed times and wrap-up (s; nan for those of the log).
    """
    cap, at, wrap_up_s = said
    recorded = table["wrap_s"].to_numpy(np.float64)
    ends_known = not np.isnan(recorded).all()
    wrap = recorded if ends_known or math.isnan(wrap_up_s) else np.full(len(recorded), wrap_up_s)
    talk, answered = table["talk_s"].to_numpy(np.float64), table["answered"].to_numpy()
    agent = table["agent"].to_numpy(np.int64)
    elapsed = {name: _mean((talk + np.nan_to_num(wrap))[answered & (codes == code)]) for code, name in enumerate(names)}
    served = answered & (agent >= 0) & ~np.isnan(talk)
    if not agents_known(table):
        return ChatLog(timed_open((cap,) * len(skills.groups), elapsed, at), talk, wrap)
    ends = left_s[served] + talk[served]
    held = in_hand(left_s[served], ends, ends + np.nan_to_num(wrap[served]), agent[served])
    seen = _caps_seen(held if wrap is recorded else in_hand(left_s[served], ends, ends, agent[served]), skills)
    fit, notes = _fit(held, codes[served] if ends_known else codes[:0], elapsed, seen, cap)
    most = max(fit.caps)
    pace = pace_of(fit.law, most + 1)[np.minimum(np.arange(int(held.level.max(initial=0)) + 1), most)]
    own_talk, own_wrap = np.full(len(table), np.nan), np.full(len(table), np.nan)
    own_talk[served] = work_of(held, pace, held.talked)
    own_wrap[served] = work_of(held, pace, held.last) - own_talk[served]
    return ChatLog(fit, own_talk, np.where(np.isnan(wrap), np.nan, own_wrap), notes)


def agents_known(table: pd.DataFrame) -> bool:
    """Whether nearly all answered contacts have an agent."""
    return bool((table["agent"][table["answered"]] >= 0).mean() >= KNOWN)


def _caps_seen(held: InHand, skills: Skills) -> list[int]:
    """The cap of each group, by times that are recorded: a wrap-up that is said may reach into the next chat."""
    member = np.resize(skills.member, int(held.owner.max(initial=0)) + 1)
    return [cap_of(held.time_at(member == group))[0] for group in range(len(skills.groups))]


def _fit(
    held: InHand, codes: Ints, elapsed: dict[str, FittedNumber], seen: list[int], cap: int
) -> tuple[ChatFit, tuple[str, ...]]:
    """Caps by group, the law, and what they rest on; no `codes` where it is not known when chats end."""
    most, time = max(seen), held.time_at()
    _, shares = cap_of(np.append(time[:most], time[most:].sum()))
    caps = (cap,) * len(seen) if cap else tuple(seen)
    law, ratio = fit_law(Ends(held, codes), most)
    if law.times is not None and cap > most:
        law = law.model_copy(update={"times": (*law.times, *[law.times[-1]] * (cap - most))})
    fit = ChatFit(caps, law, ratio, shares, elapsed)
    return fit, tuple(_notes(fit, seen, cap))


def _notes(fit: ChatFit, seen: list[int], cap: int) -> Iterator[str]:
    """What the levels say, and what they do not."""
    spread = ", ".join(f"{share:.0%} with {level}" for level, share in enumerate(fit.shares, 1))
    yield (
        f"of the time with chats in hand agents had {spread}. The cap is the most that holds half a per cent of it; a "
        "higher one that was never reached does not show"
    )
    if cap and cap != max(seen):
        yield f"--concurrency says {cap} chats at once where the log has up to {max(seen)}"
    yield _of_law(fit)
    yield (
        "a customer who left a chat without a word stands in a log as answered: their chats are among the lengths, and "
        "customers.silent_leave stays off"
    )


def _of_law(fit: ChatFit) -> str:
    """What the law of the pace rests on."""
    between = _between(fit.ratio)
    if fit.law.times is not None:
        return (
            "how much slower a chat is beside others comes from when chats end, level by level: no ratio of turns "
            "agrees with the log"
        )
    if not fit.default_law:
        return (
            f"how much slower a chat is beside others comes from when chats end{between}; the agent's turn itself "
            "keeps its default, since only its ratio to the customer's shows"
        )
    unsure = math.isnan(fit.ratio.value) or fit.ratio.low <= DEFAULT_RATIO / 3 or fit.ratio.high >= DEFAULT_RATIO * 3
    why = "the log hardly tells it, or has no wrap-up and so no ends" if unsure else "the log agrees"
    return f"how much slower a chat is beside others is the published default{between}: {why}"


def _between(ratio: FittedNumber) -> str:
    """The interval of the ratio in words; nothing where it is not known."""
    if math.isnan(ratio.value):
        return ""
    return f" (the agent's turn over the customer's: {ratio.low:.2f} to {ratio.high:.2f}, default {DEFAULT_RATIO:g})"


def _mean(seconds: Floats) -> FittedNumber:
    """The mean with its interval, of what is known."""
    there = seconds[~np.isnan(seconds)]
    if there.size < 2:
        return FittedNumber(float(there.mean()) if there.size else math.nan)
    return around(float(there.mean()), float(there.std(ddof=1)) / math.sqrt(there.size), 0.0)
