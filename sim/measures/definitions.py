"""What every measure means: a ratio of summed counts. One line each; docs/measures.md says it in words."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.measures.counts import Count as C
from sim.scenario.model import Costs, Scenario

Floats = npt.NDArray[np.float64]
Sum = dict[C, float]

PER_S = 1e-6
PER_H = 1e-6 / 3600.0

QUEUE = frozenset({"overall", "day", "interval", "intent"})
ANSWERS = QUEUE | {"group"}
CLOCK = frozenset({"overall", "day", "interval", "group"})
WHOLE = frozenset({"overall", "day", "group"})
TOTAL = frozenset({"overall", "day"})
LEAVING = frozenset({"overall", "group"})


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


def _sum(*counts: C, scale: float = 1.0) -> Sum:
    return dict.fromkeys(counts, scale)


def _number(name: str, *counts: C, slices: frozenset[str] = QUEUE) -> Measure:
    return Measure(name, "count", _sum(*counts), _sum(C.REPLICATIONS), slices)


def _share(name: str, top: Sum, bottom: Sum, slices: frozenset[str] = QUEUE) -> Measure:
    return Measure(name, "share", top, bottom, slices)


def _seconds(name: str, top: tuple[C, ...], bottom: C, slices: frozenset[str] = QUEUE) -> Measure:
    return Measure(name, "s", _sum(*top, scale=PER_S), _sum(bottom), slices)


def _mean(name: str, top: C, bottom: Sum, slices: frozenset[str]) -> Measure:
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
    _seconds("aht_s", (C.TALK, C.WRAP_UP), C.ANSWERED, ANSWERS),
    _seconds("talk_s", (C.TALK,), C.ANSWERED, ANSWERS),
    _seconds("acw_s", (C.WRAP_UP,), C.ANSWERED, ANSWERS),
    _seconds("natural_aht_s", (C.NATURAL,), C.ANSWERED, ANSWERS),
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
    _mean("frustration_at_agent", C.FRUSTRATION_AT_AGENT, _sum(C.ANSWERED), ANSWERS),
    _mean("frustration_at_end", C.FRUSTRATION_AT_END, _sum(C.DEMAND), QUEUE),
    _share("mistreatment_rate", _sum(C.MISTREATED), _sum(C.ANSWERED), ANSWERS),
    _mean("fatigue_mean", C.FATIGUE, _sum(C.ON_DUTY), CLOCK),
    _mean("fatigue_end_of_shift", C.FATIGUE_AT_END, _sum(C.SHIFTS_ENDED), WHOLE),
    _share("strained_share", _sum(C.STRAINED), _sum(C.ON_DUTY), CLOCK),
)


def _part(cause: str, **weights: float) -> Measure:
    top = {C[count.upper()]: PER_S * weight for count, weight in weights.items()}
    return Measure(f"aht_{cause}_s", "s", top, _sum(C.ANSWERED), ANSWERS)


PARTS: tuple[Measure, ...] = (
    _part("stated", stated=1.0),
    _part("difficulty", base=1.0, stated=-1.0),
    _part("frustration", part_frustration=1.0),
    _part("fatigue", part_fatigue=1.0),
    _part("tenure", part_tenure=1.0),
    _part("redundancy", part_redundancy=1.0),
    _part("speed", part_speed=1.0),
    _part("assistant", part_assistant=1.0),
    _part("context", part_context=1.0),
    _part("screens", part_screens=1.0),
    _part("supervisor", part_supervisor=1.0),
    _part("pace", part_pace=1.0),
    _part("wrap_up", wrap_up=1.0, part_summary=-1.0, part_cleanup=-1.0),
    _part("summary", part_summary=1.0),
    _part("cleanup", part_cleanup=1.0),
)
"""The causes that the handle time is made of; they add up to `aht_s`, in every slice."""

MEASURES: dict[str, Measure] = {measure.name: measure for measure in _ALL}


def weighted(counts: Floats, weights: Sum) -> Floats:
    """A weighted sum of counts over the last axis, in a fixed order."""
    total = np.zeros(counts.shape[:-1])
    for count, weight in weights.items():
        total = total + weight * counts[..., count]
    return total


def measures_of(scenario: Scenario) -> dict[str, Measure]:
    """All measures of a scenario: the general ones, FTE, money where the file gives costs, causes of AHT."""
    found = dict(MEASURES)
    if scenario.mechanisms:
        found |= {part.name: part for part in PARTS}
    found |= {measure.name: measure for measure in _of_mechanisms(scenario)}
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
        found["cost"] = Measure("cost", "money", money, _sum(C.REPLICATIONS), TOTAL)
        found["cost_per_resolution"] = Measure("cost_per_resolution", "money", money, _sum(C.RESOLVED), TOTAL)
    return found


def _of_mechanisms(scenario: Scenario) -> list[Measure]:
    """The measures that one mechanism or outcome brings with it."""
    found = []
    if scenario.bot is not None and scenario.bot.hours is not None:
        found.append(_share("containment_in_hours", _sum(C.CONTAINED_IN_HOURS), _sum(C.BOT_IN_HOURS)))
    if scenario.pace is not None and scenario.pace.sends_away is not None:
        found.append(_share("transfer_rate", _sum(C.TRANSFERRED), _sum(C.ANSWERED), ANSWERS))
    if scenario.supervisor is not None:
        found.append(_share("supervisor_rate", _sum(C.SUPERVISED), _sum(C.ANSWERED), ANSWERS))
    if scenario.csat is not None:
        found.append(Measure("csat", "points", _sum(C.CSAT), _sum(C.DEMAND), QUEUE))
    if scenario.attrition is not None:
        leaver = (scenario.costs or Costs()).leaver
        found.append(Measure("leavers_expected", "level", _sum(C.LEAVERS), _sum(C.REPLICATIONS), LEAVING))
        money = _sum(C.LEAVERS, scale=leaver)
        found.append(Measure("replacement_cost", "money", money, _sum(C.REPLICATIONS), LEAVING))
    return found
