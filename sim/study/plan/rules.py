"""Plans to be set beside each other: keep all, cut now, by attrition only, reinvest, redesign first; rules of hiring.

A rule looks at every month as it comes and knows no luck that lies ahead; a plan with classes is fixed beforehand.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.errors import ArgumentError
from sim.facts.headcount import ahead_of
from sim.facts.load import summary
from sim.facts.scaled_arrivals import arrival_settings
from sim.scenario.model import Scenario
from sim.scenario.planning import BotAhead, LetGo
from sim.scenario.planning_values import HiringRule
from sim.schema.calendar import WEEKDAYS
from sim.study.decide.plans import Assumed
from sim.study.levels import serving
from sim.study.plan.result import Change, FileRule, MonthView, YearPlan

FILE, BEST = "file", "best"
KEEP, CUT, ATTRITION, REINVEST, REDESIGN = "keep", "cut", "attrition", "reinvest", "redesign"
SHORT, UP_TO = "short", "up_to"
COMPARED = (KEEP, CUT, ATTRITION, REINVEST, REDESIGN)
TAKES_EFFECT = 4
"""The month from which freed time shows, and until which a bot waits for the work to be redesigned: after a quarter."""
NEAR = 1e-9
REPLACE = FileRule(HiringRule(kind="replace"))
NOBODY = FileRule(HiringRule())


# Rules of hiring ------------------------------------------------------------------


@dataclass(frozen=True)
class Required:
    """Heads wanted on the phones, by group and month, as a rule of hiring knows them.

    Attributes
    ----------
    groups : names.
    heads : for each of them, month by month; the last holds for later ones.
    """

    groups: tuple[str, ...]
    heads: tuple[tuple[float, ...], ...]

    def of(self, group: str, month: int) -> float:
        """Heads of a group in a month, from 1."""
        own = self.heads[self.groups.index(group)]
        return own[min(month, len(own)) - 1]


@dataclass(frozen=True)
class HireWhenShort:
    """Hire what is short this month, those in training counted; nobody looks ahead."""

    required: Required

    def orders(self, view: MonthView, scenario: Scenario) -> Mapping[str, int]:
        """How many to hire, by group."""
        share = max(ahead_of(scenario).hiring.graduates, NEAR)
        coming = view.available + share * view.in_training
        have = dict(zip(view.groups, coming.tolist(), strict=True))
        return {name: _whole(self.required.of(name, view.month) - have[name], share) for name in self.required.groups}


@dataclass(frozen=True)
class HireUpTo:
    """Hire up to what the month needs in which those ordered now come to the phones, leavers until then counted in.

    Attributes
    ----------
    required : heads wanted.
    stay : by group of `required`, the share that stays from a month to the next.
    delay : months from an order to the phones.
    """

    required: Required
    stay: tuple[float, ...]
    delay: int

    def orders(self, view: MonthView, scenario: Scenario) -> Mapping[str, int]:
        """How many to hire, by group."""
        share = max(ahead_of(scenario).hiring.graduates, NEAR)
        orders = {}
        for name, stay in zip(self.required.groups, self.stay, strict=True):
            place = view.groups.index(name)
            expected = float(view.available[place]) * stay**self.delay + share * float(view.in_training[place])
            orders[name] = _whole(self.required.of(name, view.month + self.delay) - expected, share)
        return orders


@dataclass(frozen=True)
class ReplaceFrom:
    """Replace who leaves from a month on."""

    month: int

    def orders(self, view: MonthView, scenario: Scenario) -> Mapping[str, int]:
        """How many to hire, by group."""
        return REPLACE.orders(view, scenario) if view.month >= self.month else {}


def _whole(missing: float, graduates: float) -> int:
    """Whole people to hire for so many heads on the phones."""
    return max(math.ceil(missing / graduates - NEAR), 0)


# Plans ----------------------------------------------------------------------------


def claimed_share(scenario: Scenario) -> float:
    """The share of contacts that the bot is said to take: `bot.claimed`, else what it closes; 0 without a bot."""
    if scenario.bot is None:
        return 0.0
    if scenario.bot.claimed is not None:
        return scenario.bot.claimed
    intents = summary(scenario)["intents"].values()
    contacts = math.fsum(figures["contacts_per_open_day"] for figures in intents)
    closed = math.fsum(figures["contacts_per_open_day"] * figures["bot_closes"] for figures in intents)
    return closed / contacts if contacts > 0.0 else 0.0


def claimed_cut(scenario: Scenario, heads: Mapping[str, int]) -> dict[str, int]:
    """The same part of every group that takes contacts, in whole people: what the bot is said to take."""
    share = claimed_share(scenario)
    return {name: round(share * heads[name]) for name in serving(scenario) if round(share * heads[name]) > 0}


def keep_all(scenario: Scenario, heads: Mapping[str, int]) -> YearPlan:
    """Nobody is let go, and who leaves is replaced."""
    return YearPlan(KEEP, rule=REPLACE)


def cut_now(scenario: Scenario, heads: Mapping[str, int]) -> YearPlan | None:
    """What the bot is said to take goes in the first month; later leavers are replaced. None without a bot."""
    cut = claimed_cut(scenario, heads)
    gone = tuple(LetGo(month=1, group=name, count=count) for name, count in cut.items())
    return YearPlan(CUT, let_go=gone, rule=REPLACE) if gone else None


def by_attrition(scenario: Scenario, heads: Mapping[str, int]) -> YearPlan | None:
    """As many go as in a cut, but by leaving: nobody is hired before heads have come down to it; None without a bot."""
    cut = claimed_cut(scenario, heads)
    levels = {name: heads[name] - cut.get(name, 0) for name in heads}
    return YearPlan(ATTRITION, rule=FileRule(HiringRule(kind="up_to", by_group=levels))) if cut else None


def reinvest(scenario: Scenario, heads: Mapping[str, int], assumed: Assumed) -> YearPlan | None:
    """Nobody goes: time is spent on coaching and on the causes of contacts, which shows after a quarter.

    Coaching raises every intent's resolution, work on causes lowers its first contacts, as in `sim.decide`. The time
    itself is within the shrinkage of the file. None where contacts are a list of moments and nothing can be coached.
    """
    settings: dict[str, Any] = dict(
        arrival_settings(scenario, dict.fromkeys(scenario.intents, np.full(len(WEEKDAYS), 1.0 - assumed.root_causes)))
    )
    for name, intent in scenario.intents.items():
        settings[f"intents.{name}.resolution"] = min(intent.resolution + assumed.coaching, 1.0)
    return YearPlan(REINVEST, rule=REPLACE, changes=(Change(TAKES_EFFECT, settings),))


def redesign_first(scenario: Scenario, heads: Mapping[str, int]) -> YearPlan | None:
    """Nobody goes, the work is mended first, and the bot begins after a quarter, handing on what was said so far.

    Where the file has several systems (`screens`), agents work in one of them from then on. None without a bot.
    """
    if scenario.bot is None:
        return None
    ramp, waits = (ahead_of(scenario).bot or BotAhead()).ramp, [0.0] * (TAKES_EFFECT - 1)
    later: dict[str, Any] = {"bot.context_kept": 1.0}
    later |= {"screens.systems": 1} if scenario.screens is not None else {}
    changes = (Change(1, {"horizon.bot.ramp": [*waits, *ramp]}), Change(TAKES_EFFECT, later))
    return YearPlan(REDESIGN, rule=REPLACE, changes=changes)


def hire_when_short(required: Required) -> YearPlan:
    """Heads are hired once they are short."""
    return YearPlan(SHORT, rule=HireWhenShort(required))


def hire_up_to(required: Required, stay: Sequence[float], delay: int) -> YearPlan:
    """Heads are hired ahead of what the months need."""
    return YearPlan(UP_TO, rule=HireUpTo(required, tuple(stay), delay))


def compared_plans(
    scenario: Scenario, names: Sequence[str], heads: Mapping[str, int], assumed: Assumed | None = None
) -> list[YearPlan]:
    """The plans of these names that the scenario can have; those that need a bot are left out where there is none.

    Raises
    ------
    ArgumentError
        Where there is no plan of a name.
    """
    makers = {
        KEEP: keep_all,
        CUT: cut_now,
        ATTRITION: by_attrition,
        REINVEST: lambda s, h: reinvest(s, h, assumed or Assumed()),
        REDESIGN: redesign_first,
    }
    for name in names:
        if name not in makers:
            raise ArgumentError(f"compare: {name}: is no plan. Use {', '.join(COMPARED)}")
    made = [makers[name](scenario, heads) for name in dict.fromkeys(names)]
    return [plan for plan in made if plan is not None]


def assumptions(scenario: Scenario, plans: Sequence[YearPlan], assumed: Assumed | None = None) -> list[str]:
    """What the plans assume where nothing measured says it, in sentences."""
    names, own = {plan.name for plan in plans}, assumed or Assumed()
    told = []
    if names & {CUT, ATTRITION}:
        told.append(f"cut and attrition: the bot is said to take {claimed_share(scenario):.0%} of contacts")
    if REINVEST in names:
        told.append(
            f"reinvest: from month {TAKES_EFFECT} on, coaching raises the share resolved by {100 * own.coaching:g} "
            f"points and work on causes takes away {own.root_causes:.0%} of first contacts; the time for it is within "
            "the shrinkage of the file"
        )
    if REDESIGN in names:
        systems = ", and agents work in one system" if scenario.screens is not None else ""
        told.append(
            f"redesign: the bot begins in month {TAKES_EFFECT} and hands on what was said so far{systems}; "
            "what the redesign itself costs is not counted"
        )
    return told
