"""From a scenario to the problem of heads: who is there, who stays, what one hired is worth, what everything costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.facts.headcount import (
    MONTH_S,
    MONTHS_A_YEAR,
    ahead_of,
    first_month_after,
    first_start_after,
    leaving_law,
    months_of,
    share_below,
)
from sim.facts.money import WEEK_S
from sim.mechanisms.workforce import YEAR_S, Workforce
from sim.scenario.model import Scenario
from sim.schema.distribution import Distribution
from sim.schema.values import DAY_S
from sim.study.plan.heads import starting_heads
from sim.study.plan.mean_heads import HeadPrices, HeadsProblem

Floats = npt.NDArray[np.float64]
POINTS, LONGEST_S = 1_000, 60 * YEAR_S
"""Tenures at which a distribution is looked at, and the longest of them."""
COUNTED = HeadPrices(np.ones(1), hire=1.0, severance=1.0)
"""Where the file has no wage, heads are counted: a head a month, a hire and a dismissal are one each."""


@dataclass(frozen=True)
class Staying:
    """Who stays and what new people are worth, at neutral strain.

    Attributes
    ----------
    today : (months,) the share of today's heads who stay from a month to the next.
    new : (months,) the same of those hired, by months on the phones.
    worth : (months,) their speed beside the mean of today's.
    """

    today: Floats
    new: Floats
    worth: Floats


def heads_today(scenario: Scenario) -> dict[str, int]:
    """Heads at the start, by group."""
    return dict(zip(scenario.agents, starting_heads(scenario).heads.tolist(), strict=True))


def delay_of(scenario: Scenario) -> tuple[int, int]:
    """Whole months from a decision to the start of its class, and from there to the first month on the phones."""
    hiring = ahead_of(scenario).hiring
    return first_start_after(1, hiring.lead_time) - 1, first_month_after(1, hiring.training) - 1


def staying_of(scenario: Scenario, months: int, strain: Floats | None = None) -> Staying:
    """Who stays, by the hazard of the file at today's mix of tenures.

    Parameters
    ----------
    months : how many to look at.
    strain : (months,) what strain makes of the hazard of those there today; 1 unless given.
    """
    law, workforce = leaving_law(scenario), scenario.workforce
    adoption = scenario.assistant.adoption if scenario.assistant is not None else 0.0
    tenure, weight = mix_of(_tenure(scenario))
    factor = np.ones(months) if strain is None else strain

    def chance(at: Floats, by: float) -> Floats:
        with_one, without = (law.chances(at, np.full(at.shape, uses), by) for uses in (True, False))
        return np.asarray(adoption * with_one + (1.0 - adoption) * without, np.float64)

    left, today = weight.copy(), np.zeros(months)
    for month in range(months):
        stays = left * (1.0 - chance(np.asarray(tenure + month * MONTH_S), float(factor[month])))
        today[month] = stays.sum() / max(left.sum(), 1e-300)
        left = stays
    trained = months_of(ahead_of(scenario).hiring.training)
    middle = np.asarray((np.arange(months) + 0.5 + delay_of(scenario)[1] - trained) * MONTH_S)
    return Staying(
        today, 1.0 - chance(middle, 1.0), _speed(workforce, middle) / float(weight @ _speed(workforce, tenure))
    )


def mix_of(dist: Distribution) -> tuple[Floats, Floats]:
    """(points,) tenures (s) and their shares."""
    edges = np.concatenate([[0.0], np.geomspace(DAY_S, LONGEST_S, POINTS)])
    below = np.array([share_below(dist, float(edge)) for edge in edges])
    share = np.diff(below, append=1.0)
    middle = np.concatenate([(edges[:-1] + edges[1:]) / 2.0, [LONGEST_S]])
    if dist.kind in ("constant", "infinite"):
        return np.array([dist.average]), np.ones(1)
    return middle, share / share.sum()


def _tenure(scenario: Scenario) -> Distribution:
    return (scenario.workforce or Workforce()).tenure


def _speed(workforce: Workforce | None, tenure_s: Floats) -> Floats:
    """Contacts in the time that one who has learned all takes for one."""
    if workforce is None:
        return np.ones_like(tenure_s)
    learning = workforce.learning
    return np.asarray(1.0 / (1.0 + learning.start * np.exp(-tenure_s / (learning.days * DAY_S))))


def prices_of(scenario: Scenario, groups: tuple[str, ...]) -> HeadPrices:
    """What heads cost; a head's month is its part of the pay of its group's roster."""
    costs, hiring = scenario.costs, ahead_of(scenario).hiring
    if costs is None or costs.agent_hour <= 0.0:
        return HeadPrices(np.ones(len(groups)), COUNTED.hire, COUNTED.severance)
    there, led = starting_heads(scenario), ahead_of(scenario).supervisors
    weeks = costs.weeks_a_year / MONTHS_A_YEAR
    month = dict(zip(scenario.agents, costs.agent_hour * weeks * there.paid_h / there.behind, strict=True))
    return HeadPrices(
        pay=np.array([float(month[name]) for name in groups]),
        hire=costs.hire if hiring.cost is None else hiring.cost,
        severance=costs.severance,
        notice=costs.notice / WEEK_S / weeks,
        supervisor=0.0 if led is None else led.cost_month,
        agents_each=None if led is None or not led.cost_month else led.agents_each,
    )


def heads_problem(
    scenario: Scenario,
    groups: tuple[str, ...],
    wanted: Floats,
    *,
    strain: Floats | None = None,
    let_go: bool = True,
    transfers: Mapping[tuple[str, str], float] | None = None,
) -> HeadsProblem:
    """The problem of a scenario's months, and of as many after them as a class of the last month takes.

    Parameters
    ----------
    groups : those that take contacts.
    wanted : (groups, months) on the phones, as good as today's.
    strain : (groups, months) what strain makes of the hazard; 1 unless given.
    let_go : whether anybody may go.
    transfers : from which group to which heads may move, and how long they train for that (s); the longest counts.
    """
    (lead, training), moves = delay_of(scenario), transfers or {}
    told, ahead, heads = wanted.shape[1], ahead_of(scenario), heads_today(scenario)
    factor = _held(np.ones_like(wanted) if strain is None else strain, training)
    each = [staying_of(scenario, told + training, factor[k]) for k in range(len(groups))]
    counted = scenario.costs is not None and scenario.costs.agent_hour > 0.0
    return HeadsProblem(
        groups,
        np.array([float(heads[name]) for name in groups]),
        _held(wanted, training),
        np.stack([one.today for one in each]),
        np.stack([1.0 - (1.0 - one.new) * factor[k].mean() for k, one in enumerate(each)]),
        np.stack([one.worth for one in each]),
        prices_of(scenario, groups),
        lead=lead,
        training=training,
        graduates=ahead.hiring.graduates,
        transfers=tuple((groups.index(source), groups.index(target)) for source, target in moves),
        transfer_training=max((first_month_after(1, seconds) - 1 for seconds in moves.values()), default=0),
        let_go=let_go,
        counted=told,
        budget=ahead.budget if counted else None,
    )


def _held(values: Floats, more: int) -> Floats:
    """(groups, months + more) what the last month has goes on."""
    return np.concatenate([values, np.repeat(values[:, -1:], more, axis=1)], axis=1)
