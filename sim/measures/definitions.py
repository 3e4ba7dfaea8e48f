"""What every measure means: a ratio of summed counts. One line each; docs/measures.md says it in words."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.facts.money import licence_a_week
from sim.measures.counts import Count as C
from sim.mechanisms import own, parts_of_handle_time, registered
from sim.mechanisms.declaration import Declared, Part
from sim.scenario.features import features
from sim.scenario.measure_names import ATTENTION, CHANNEL_NEEDS, CHAT
from sim.scenario.model import Costs, Scenario

Floats = npt.NDArray[np.float64]
Sum = dict[int, float]

PER_S = 1e-6
PER_H = 1e-6 / 3600.0

QUEUE = frozenset({"overall", "day", "interval", "intent", "channel"})
ANSWERS = QUEUE | {"group"}
CLOCK = frozenset({"overall", "day", "interval", "group"})
WHOLE = frozenset({"overall", "day", "group"})
TOTAL = frozenset({"overall", "day"})
LEAVING = frozenset({"overall", "group"})
BACKLOG = frozenset({"overall", "day", "intent", "channel"})
SLICES_OF = {"queue": QUEUE, "answers": ANSWERS, "whole": WHOLE, "overall and group": LEAVING}


@dataclass(frozen=True)
class Measure:
    """A measure as numerator over denominator, both sums of counts.

    Attributes
    ----------
    unit : "count", "share", "s", "h", "level" (0 to 1, or agents), "points" (0 to 100), "money".
    top, bottom : counts with their weights; a bottom of replications makes a mean per replication.
    slices : the slices for which it has a meaning.
    """

    name: str
    unit: str
    top: Sum
    bottom: Sum
    slices: frozenset[str]


def _sum(*counts: int, scale: float = 1.0) -> Sum:
    return dict.fromkeys(counts, scale)


def _number(name: str, *counts: int, slices: frozenset[str] = QUEUE) -> Measure:
    return Measure(name, "count", _sum(*counts), _sum(C.REPLICATIONS), slices)


def _share(name: str, top: Sum, bottom: Sum, slices: frozenset[str] = QUEUE) -> Measure:
    return Measure(name, "share", top, bottom, slices)


def _seconds(name: str, top: tuple[int, ...], bottom: int, slices: frozenset[str] = QUEUE) -> Measure:
    return Measure(name, "s", _sum(*top, scale=PER_S), _sum(bottom), slices)


def _mean(name: str, top: int, bottom: Sum, slices: frozenset[str]) -> Measure:
    return Measure(name, "level", _sum(top), bottom, slices)


SERVICE_LEVELS: dict[str, tuple[Sum, Sum]] = {
    "sl_offered": (_sum(C.ANSWERED_WITHIN), _sum(C.OFFERED)),
    "sl_excl_abn_in_t": (_sum(C.ANSWERED_WITHIN), {C.OFFERED: 1.0, C.ABANDONED_WITHIN: -1.0}),
    "sl_credit_abn_in_t": (_sum(C.ANSWERED_WITHIN, C.ABANDONED_WITHIN), _sum(C.OFFERED)),
    "sl_answered": (_sum(C.ANSWERED_WITHIN), _sum(C.ANSWERED)),
}

_ON_QUEUE = _sum(C.HANDLING, C.AVAILABLE)
_AT_WORK = {C.ON_DUTY: 1.0, C.BREAK: -1.0, C.HANDLING_AFTER_CLOSE: 1.0}

_ALL = (
    _number("demand", C.DEMAND),
    _number("pending", C.PENDING),
    _number("bot_offered", C.BOT_OFFERED),
    _number("bot_contained", C.BOT_CONTAINED),
    _number("bot_escalated", C.BOT_ESCALATED),
    _number("bot_abandoned", C.BOT_ABANDONED),
    _number("bot_resolved", C.BOT_RESOLVED),
    _share("containment_rate", _sum(C.BOT_CONTAINED), _sum(C.BOT_OFFERED)),
    _share("bot_resolution_rate", _sum(C.BOT_RESOLVED), _sum(C.BOT_OFFERED)),
    _share("false_containment_rate", {C.BOT_CONTAINED: 1.0, C.BOT_RESOLVED: -1.0}, _sum(C.BOT_CONTAINED)),
    _share("escalation_rate", _sum(C.BOT_ESCALATED), _sum(C.BOT_OFFERED)),
    _share("bot_abandonment_rate", _sum(C.BOT_ABANDONED), _sum(C.BOT_OFFERED)),
    _share("opt_out_rate", {C.BOT_OFFERED: 1.0, C.BOT_BEGUN: -1.0}, _sum(C.BOT_OFFERED)),
    _seconds("bot_session_s", (C.BOT_TIME,), C.BOT_BEGUN),
    _number("offered", C.OFFERED),
    _number("answered", C.ANSWERED, slices=ANSWERS),
    _number("abandoned", C.ABANDONED),
    _number("balked", C.BALKED),
    _number("disconnected", C.DISCONNECTED),
    *(_share(name, top, bottom) for name, (top, bottom) in SERVICE_LEVELS.items()),
    _share("sl_intervals_met", _sum(C.INTERVALS_MET), _sum(C.INTERVALS), TOTAL),
    _share("sl_days_met", _sum(C.DAYS_MET), _sum(C.DAYS), TOTAL),
    _seconds("asa_s", (C.WAIT_ANSWERED,), C.ANSWERED, ANSWERS),
    _seconds("wait_all_s", (C.WAIT_ALL,), C.OFFERED),
    _share("delay_rate", _sum(C.DELAYED), _sum(C.OFFERED)),
    _seconds("time_to_human_s", (C.TIME_TO_HUMAN,), C.REACHED_HUMAN),
    _share("abandonment_rate", _sum(C.ABANDONED, C.BALKED), _sum(C.OFFERED)),
    _seconds("aht_s", (C.TALK, C.WRAP_UP), C.SERVED, ANSWERS),
    _seconds("talk_s", (C.TALK,), C.SERVED, ANSWERS),
    _seconds("acw_s", (C.WRAP_UP,), C.SERVED, ANSWERS),
    _seconds("natural_aht_s", (C.NATURAL,), C.SERVED, ANSWERS),
    _share("occupancy", _sum(C.HANDLING), _ON_QUEUE, CLOCK),
    _share("utilisation", _AT_WORK, _sum(C.PAID), WHOLE),
    Measure("agents_on_queue", "level", _ON_QUEUE, _sum(C.OPEN), CLOCK),
    Measure("positions_scheduled", "level", _sum(C.POSITIONS), _sum(C.OPEN), CLOCK),
    Measure("paid_hours", "h", _sum(C.PAID, scale=PER_H), _sum(C.REPLICATIONS), WHOLE),
    Measure("overtime_hours", "h", _sum(C.OVERTIME, scale=PER_H), _sum(C.REPLICATIONS), WHOLE),
    _share("first_attempt_resolution", _sum(C.RESOLVED_FIRST), _sum(C.DEMAND)),
    _share("fcr", _sum(C.HANDLED_FIRST), _sum(C.HANDLED)),
    _share("fcr_human", _sum(C.HUMAN_FIRST), _sum(C.HUMAN)),
    _share("fcr_bot", _sum(C.BOT_FIRST), _sum(C.BOT)),
    _share("resolution_rate", _sum(C.RESOLVED), _sum(C.DEMAND)),
    _share("repeat_rate", _sum(C.REPEATS), _sum(C.ATTEMPTS)),
    _share("redial_rate", _sum(C.REDIALS), _sum(C.ATTEMPTS)),
    _share("repeat_7d", _sum(C.RETURNED_7D), _sum(C.DEMAND)),
    _mean("attempts_per_need", C.ATTEMPTS, _sum(C.DEMAND), QUEUE),
    Measure("workload_hours", "h", _sum(C.TALK, C.WRAP_UP, scale=PER_H), _sum(C.REPLICATIONS), ANSWERS),
    _seconds("workload_per_resolution_s", (C.NEED_HANDLING,), C.RESOLVED),
    _mean("frustration_at_agent", C.FRUSTRATION_AT_AGENT, _sum(C.SERVED), ANSWERS),
    _mean("frustration_at_end", C.FRUSTRATION_AT_END, _sum(C.DEMAND), QUEUE),
    _share("mistreatment_rate", _sum(C.MISTREATED), _sum(C.SERVED), ANSWERS),
    _mean("fatigue_mean", C.FATIGUE, _sum(C.ON_DUTY), CLOCK),
    _mean("fatigue_end_of_shift", C.FATIGUE_AT_END, _sum(C.SHIFTS_ENDED), WHOLE),
    _share("strained_share", _sum(C.STRAINED), _sum(C.ON_DUTY), CLOCK),
)


BESIDE = "aht_concurrency_s"
"""What chats take less of an agent's time than alone; only where there are chats."""


def part_measures() -> tuple[Measure, ...]:
    """Return the parts that the handle time is made of; they add up to `aht_s`, in every slice."""
    parts = parts_of_handle_time()
    mine = [factor.name for mechanism in own() for factor in mechanism.factors]
    return tuple(Measure(part.measure, "s", _weights(part, parts, mine), _sum(C.SERVED), ANSWERS) for part in parts)


def _weights(part: Part, parts: tuple[Part, ...], mine: list[str]) -> Sum:
    if part.name == "difficulty":
        return {C.BASE: PER_S, C.STATED: -PER_S}
    if part.name == "wrap_up":
        return {
            C.WRAP_UP: PER_S,
            C.WRAP_BESIDE: -PER_S,
            **{C[f"PART_{p.name.upper()}"]: -PER_S for p in parts if p.place > part.place},
        }
    if part.name == "stated":
        return {C.STATED: PER_S}
    return {C[f"OWN_{mine.index(part.name)}" if part.name in mine else f"PART_{part.name.upper()}"]: PER_S}


_CHAT = (
    _seconds("elapsed_s", (C.ELAPSED,), C.CHATS, ANSWERS),
    _mean("concurrency_mean", C.LEVEL_TIME, _sum(C.CHAT_TIME), CLOCK),
    _share("slot_use", _sum(C.HELD_TIME), _sum(C.SLOT_TIME), CLOCK),
    _share("writing_share", _sum(C.WRITING_TIME), _sum(C.SEAT_TIME), CLOCK),
    _share(ATTENTION, {C.HANDLING: 1.0, C.UNATTENDED: -1.0}, _ON_QUEUE, CLOCK),
)
_SILENT = (
    Measure("silent_hours", "h", _sum(C.SILENT_TIME, scale=PER_H), _sum(C.REPLICATIONS), ANSWERS),
    _share("sl_reported", _sum(C.ANSWERED_WITHIN, C.SILENT_WITHIN), _sum(C.OFFERED)),
    _share("abandonment_reported", {C.ABANDONED: 1.0, C.BALKED: 1.0, C.SILENT_ANSWERED: -1.0}, _sum(C.OFFERED)),
)
_DEFERRED = (
    _number("items_done", C.ITEMS_DONE),
    _share("due_met", _sum(C.DUE_MET), _sum(C.DUE)),
    Measure("turnaround_mean_h", "h", _sum(C.TURNAROUND, scale=PER_H), _sum(C.ITEMS_DONE), QUEUE),
    Measure("turnaround_p90_h", "h", _sum(C.TURNAROUND_P90, scale=PER_H), _sum(C.TURNAROUND_P90S), BACKLOG - {"day"}),
    Measure("age_mean_h", "h", _sum(C.AGE, scale=PER_H), _sum(C.OPEN_ITEMS), BACKLOG),
    Measure("age_p90_h", "h", _sum(C.AGE_P90, scale=PER_H), _sum(C.BACKLOG_CLOSES), BACKLOG),
    Measure("oldest_h", "h", _sum(C.OLDEST, scale=PER_H), _sum(C.BACKLOG_CLOSES), BACKLOG),
    _mean("overdue", C.OVERDUE, _sum(C.BACKLOG_CLOSES), BACKLOG),
    _mean("backlog_at_close", C.OPEN_ITEMS, _sum(C.BACKLOG_CLOSES), BACKLOG),
    Measure("backlog_hours", "h", _sum(C.BACKLOG_LEFT, scale=PER_H), _sum(C.BACKLOG_CLOSES), BACKLOG),
)
_OFFERED_AT_ALL = _sum(C.OFFERED, C.CALLED_BACK)
_CALLBACK = (
    _share("callback_rate", _sum(C.CALLED_BACK), _OFFERED_AT_ALL),
    _seconds("callback_wait_s", (C.CALL_WAIT,), C.CALL_REACHED),
    _share("callback_reached", _sum(C.CALL_REACHED), _sum(C.CALLED_BACK)),
    _share("sl_with_callbacks", _sum(C.ANSWERED_WITHIN, C.CALL_WITHIN), _OFFERED_AT_ALL),
    _share("abandonment_with_callbacks", _sum(C.ABANDONED, C.BALKED, C.CALL_LOST), _OFFERED_AT_ALL),
)
_OVERFLOW = (_share("overflow_rate", _sum(C.OVERFLOWED), _sum(C.SERVED), ANSWERS),)
_LIMIT = (_number("blocked", C.BLOCKED),)
_SPILLED = (_number("bot_spilled", C.BOT_SPILLED),)


_BEYOND = (*_CHAT, *_SILENT, *_DEFERRED, *_CALLBACK, *_OVERFLOW, *_LIMIT, *_SPILLED)


def channel_measures(scenario: Scenario) -> dict[str, Measure]:
    """Return the measures that come with channels, call-backs, overflow, limits and a bot that is not always there."""
    there = features(scenario)
    return {measure.name: measure for measure in _BEYOND if there[CHANNEL_NEEDS[measure.name]]}


MEASURES: dict[str, Measure] = {measure.name: measure for measure in _ALL}


def weighted(counts: Floats, weights: Sum) -> Floats:
    """A weighted sum of counts over the last axis, in a fixed order."""
    total = np.zeros(counts.shape[:-1])
    for count, weight in weights.items():
        total = total + weight * counts[..., count]
    return total


def measures_of(scenario: Scenario, parts: bool = False) -> dict[str, Measure]:
    """All measures of a scenario: the general ones, FTE, money where the file gives costs, causes of AHT.

    Parameters
    ----------
    parts : whether handle time is taken apart though no mechanism is on.
    """
    found = dict(MEASURES)
    if parts or scenario.mechanisms:
        beside = features(scenario)[CHAT]
        found |= {part.name: part for part in part_measures() if beside or part.name != BESIDE}
    found |= {declared.name: _of_mechanism(declared, scenario) for declared in _declared(scenario)}
    found |= channel_measures(scenario)
    weeks, fte_s = scenario.calendar.weeks(), scenario.fte_hours
    if fte_s > 0:
        per_fte = PER_S / (weeks * fte_s)
        found["fte"] = Measure(
            "fte", "level", _sum(C.PAID, scale=per_fte), _sum(C.REPLICATIONS), frozenset({"overall"})
        )
    if scenario.costs is not None:
        costs = scenario.costs
        money = {
            C.PAID: costs.agent_hour * PER_H,
            C.OVERTIME: costs.agent_hour * (costs.overtime_multiplier - 1.0) * PER_H,
            C.BOT_OFFERED: costs.bot_session,
            C.BOT_CONTAINED: costs.bot_resolution,
        }
        if scenario.bot is not None and costs.bot_month > 0.0:
            money[C.OPEN] = licence_a_week(costs) * weeks / _open_us(scenario)
        found["cost"] = Measure("cost", "money", money, _sum(C.REPLICATIONS), TOTAL)
        found["cost_per_resolution"] = Measure("cost_per_resolution", "money", money, _sum(C.RESOLVED), TOTAL)
    return found


def _open_us(scenario: Scenario) -> float:
    """Open time of all days measured (us): the licence is spread over it, so that days add up."""
    hours = [scenario.calendar.open_hours(day) for day in scenario.calendar.dates()]
    return sum(there[1] - there[0] for there in hours if there is not None) / PER_S


def _declared(scenario: Scenario) -> Iterator[Declared]:
    """The measures that come with the mechanisms and outcomes that are on."""
    for declared in (measure for mechanism in registered() for measure in mechanism.measures):
        section, _, key = declared.needs.partition(".")
        there = getattr(scenario, section)
        if there is not None and (not key or getattr(there, key) is not None):
            yield declared


def _of_mechanism(declared: Declared, scenario: Scenario) -> Measure:
    scale = (scenario.costs or Costs()).leaver if declared.unit == "money" else 1.0
    top = {C[name.upper()]: scale * weight for name, weight in declared.top.items()}
    return Measure(declared.name, declared.unit, top, _sum(C[declared.bottom.upper()]), SLICES_OF[declared.slices])
