"""Money of a change: what it comes to a week once all is in place, and what the first year costs on the way there.

Run-rate and first-year cash are two answers and never one: the first holds for every later year, the second holds what
is paid once, and what comes late. Prices of bad service are in no cash; they stand apart.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import NamedTuple

from sim.scenario.goals import Costs
from sim.schema.values import DAY_S

PAY, SESSIONS, RESOLUTIONS, LICENCE, LEAVERS = "pay", "bot_sessions", "bot_resolutions", "licence", "leavers"
NOTICE, SEVERANCE, HIRING = "notice", "severance", "hiring"
MISSED, UNRESOLVED, ABANDONED = "missed_targets", "unresolved_needs", "abandoned"
RUNNING = (PAY, SESSIONS, RESOLUTIONS, LICENCE, LEAVERS)
ONCE = (NOTICE, SEVERANCE, HIRING)
PRICES = (MISSED, UNRESOLVED, ABANDONED)
MONTHS, QUARTERS, PAYBACK_MONTHS = 12, 4, 60
WEEK_S = 7 * DAY_S
CENT = 1e-6


# A week ---------------------------------------------------------------------------


@dataclass(frozen=True)
class WeekVolumes:
    """What a centre uses in a week, and how its customers fare.

    Attributes
    ----------
    paid_hours : of agents, absence and shrinkage included.
    overtime_hours : of which beyond the end of duty; only their extra pay is added.
    bot_sessions, bot_closed : sessions; those that the bot closes as done, resolved or not, which vendors count.
    has_bot : whether the licence is paid.
    leavers : agents who leave by themselves and are replaced.
    missed : targets that are missed.
    unresolved : needs that are not resolved in the end.
    abandoned : contacts that give up or balk at the queue.
    """

    paid_hours: float
    overtime_hours: float = 0.0
    bot_sessions: float = 0.0
    bot_closed: float = 0.0
    has_bot: bool = False
    leavers: float = 0.0
    missed: float = 0.0
    unresolved: float = 0.0
    abandoned: float = 0.0


def licence_a_week(costs: Costs) -> float:
    """The bot's licence, spread over the weeks of a year."""
    return costs.bot_month * MONTHS / costs.weeks_a_year


def week_cash(costs: Costs, volumes: WeekVolumes) -> dict[str, float]:
    """What a week costs in cash, by line."""
    extra = volumes.overtime_hours * (costs.overtime_multiplier - 1.0)
    return {
        PAY: costs.agent_hour * (volumes.paid_hours + extra),
        SESSIONS: costs.bot_session * volumes.bot_sessions,
        RESOLUTIONS: costs.bot_resolution * volumes.bot_closed,
        LICENCE: licence_a_week(costs) if volumes.has_bot else 0.0,
        LEAVERS: costs.leaver * volumes.leavers,
    }


def week_prices(costs: Costs, volumes: WeekVolumes) -> dict[str, float]:
    """What bad service of a week is worth by the prices of the file, by line; nobody pays it in cash."""
    return {
        MISSED: costs.missed_target * volumes.missed,
        UNRESOLVED: costs.unresolved_need * volumes.unresolved,
        ABANDONED: costs.abandoned * volumes.abandoned,
    }


def prices_bad_service(costs: Costs) -> bool:
    """Tell whether bad service has a price, without which the smallest staff is always the cheapest."""
    return max(costs.missed_target, costs.unresolved_need, costs.abandoned) > 0.0


# A change -------------------------------------------------------------------------


@dataclass(frozen=True)
class Moves:
    """Who goes and who comes, and when.

    Attributes
    ----------
    start : first day of the first year; what is paid before it does not count.
    let_go : agents who are told to go: severance and notice.
    not_replaced : agents who leave by themselves, whom nobody replaces: neither is paid, and no replacement either.
    hired : agents hired beyond those who replace leavers, whose hiring `leaver` holds.
    hours_added : paid hours a week of those hired; None for all by which hours rise.
    live, leave, join : first day of the bot; first day without those who go; first day of those hired. None: `start`.
    """

    start: dt.date
    let_go: float = 0.0
    not_replaced: float = 0.0
    hired: float = 0.0
    hours_added: float | None = None
    live: dt.date | None = None
    leave: dt.date | None = None
    join: dt.date | None = None

    def week_of(self, day: dt.date | None) -> float:
        """Weeks from the start to a day."""
        return ((day or self.start) - self.start).days / 7.0


class MoneyLine(NamedTuple):
    """A line of money, after minus before: what is below zero is saved. NaN where a column has no such line."""

    name: str
    quarter: float
    year: float
    first_year: float


@dataclass(frozen=True)
class MoneyChange:
    """What a change comes to.

    Attributes
    ----------
    lines : cash, after minus before.
    prices : what bad service is worth, after minus before; in no total.
    cumulative : cash after each month from the start; the first entry is 0.
    payback : the month at whose end, and ever after, no more has been laid out than saved; 0 where nothing is laid out,
        None where five years do not suffice.
    currency : of all amounts.
    """

    lines: tuple[MoneyLine, ...]
    prices: tuple[MoneyLine, ...]
    cumulative: tuple[float, ...]
    payback: int | None
    currency: str

    @property
    def total(self) -> MoneyLine:
        """All cash: the run-rate a quarter and a year, and the first year."""
        running = [line for line in self.lines if line.name in RUNNING]
        quarter, year = math.fsum(line.quarter for line in running), math.fsum(line.year for line in running)
        return MoneyLine("total", quarter, year, math.fsum(line.first_year for line in self.lines))


class _Flow(NamedTuple):
    """Money at a steady pace between two moments (weeks)."""

    line: str
    weekly: float
    start: float
    end: float = math.inf


class _Payment(NamedTuple):
    """Money at one moment (weeks)."""

    line: str
    amount: float
    at: float


def money_of_change(costs: Costs, before: WeekVolumes, after: WeekVolumes, moves: Moves) -> MoneyChange:
    """Run-rate and first-year cash of going from one way to run a centre to another.

    Parameters
    ----------
    costs : prices; `weeks_a_year` makes a year, a month is a twelfth of it.
    before, after : a week of each once all is in place.
    moves : who goes and comes, and when.
    """
    cash, other = week_cash(costs, before), week_cash(costs, after)
    week = {name: other[name] - cash[name] for name in RUNNING}
    flows, payments = _flows(costs, before, after, moves, week), _payments(costs, after, moves)
    month = costs.weeks_a_year / MONTHS
    first = _by_line(flows, payments, costs.weeks_a_year)
    by_month = [math.fsum(_by_line(flows, payments, month * k).values()) for k in range(PAYBACK_MONTHS + 1)]
    gone, come = week_prices(costs, before), week_prices(costs, after)
    laid_out = any(flow.weekly > CENT for flow in flows) or any(payment.amount > CENT for payment in payments)
    return MoneyChange(
        lines=(
            *(_running(name, week[name], costs, first[name]) for name in RUNNING),
            *(MoneyLine(name, math.nan, math.nan, first[name]) for name in ONCE),
        ),
        prices=tuple(_running(name, come[name] - gone[name], costs, math.nan) for name in PRICES),
        cumulative=tuple(by_month),
        payback=month_of_payback(by_month) if laid_out else 0,
        currency=costs.currency,
    )


def _running(name: str, weekly: float, costs: Costs, first_year: float) -> MoneyLine:
    year = weekly * costs.weeks_a_year
    return MoneyLine(name, year / QUARTERS, year, first_year)


def _flows(costs: Costs, before: WeekVolumes, after: WeekVolumes, moves: Moves, week: dict[str, float]) -> list[_Flow]:
    """What runs on, from when: pay from the day on which people go or come, all else from the bot's first day."""
    live, leave, join = (moves.week_of(day) for day in (moves.live, moves.leave, moves.join))
    added = max(after.paid_hours - before.paid_hours, 0.0) if moves.hours_added is None else moves.hours_added
    released = before.paid_hours - after.paid_hours + added
    extra = week[PAY] - costs.agent_hour * (added - released)
    going = moves.let_go + moves.not_replaced
    on_notice = costs.agent_hour * released * moves.let_go / going if going > 0.0 else 0.0
    return [
        _Flow(PAY, -costs.agent_hour * released, leave),
        _Flow(PAY, costs.agent_hour * added, join),
        _Flow(PAY, extra, live),
        _Flow(NOTICE, on_notice, leave, leave + costs.notice / WEEK_S),
        *(_Flow(name, week[name], live) for name in RUNNING if name != PAY),
    ]


def _payments(costs: Costs, after: WeekVolumes, moves: Moves) -> list[_Payment]:
    """What is paid once; whoever is not replaced saves a replacement only where replacements are counted at all."""
    leave, join = moves.week_of(moves.leave), moves.week_of(moves.join)
    saved = min(moves.not_replaced, after.leavers * costs.weeks_a_year)
    return [
        _Payment(SEVERANCE, costs.severance * moves.let_go, leave),
        _Payment(HIRING, costs.hire * moves.hired, join),
        _Payment(LEAVERS, -costs.leaver * saved, leave),
    ]


def _by_line(flows: list[_Flow], payments: list[_Payment], until: float) -> dict[str, float]:
    """What has been paid from the start up to a moment (weeks), by line."""
    paid = dict.fromkeys((*RUNNING, *ONCE), 0.0)
    for flow in flows:
        paid[flow.line] += flow.weekly * max(min(flow.end, until) - max(flow.start, 0.0), 0.0)
    for payment in payments:
        paid[payment.line] += payment.amount if 0.0 <= payment.at < until else 0.0
    return paid


def month_of_payback(cumulative: list[float]) -> int | None:
    """The first month from whose end on the sum laid out stays at or below zero; None where it never does.

    Parameters
    ----------
    cumulative : after each month, the first entry that of the start.
    """
    behind = [month for month, amount in enumerate(cumulative) if amount > CENT]
    last = behind[-1] if behind else 0
    return None if last == len(cumulative) - 1 else last + 1
