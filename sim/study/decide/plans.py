"""The plans that a decision sets beside each other, as scenarios on common customers.

All of them but BEFORE are AFTER with BEFORE's roster, or with a part of it: what differs between two of them is the
staff, the handle-time target, or what the time of those who stay is spent on.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.errors import ScenarioError
from sim.facts.scaled_arrivals import arrival_settings
from sim.loading.load import changed
from sim.scenario.model import Scenario
from sim.schema.calendar import WEEKDAYS
from sim.schema.values import duration_text
from sim.study.levels import Level, serving, staffed
from sim.study.scenario_results import ScenarioResult
from sim.study.staffing.no_worse import heads_of
from sim.study.staffing.release import planned_fte, with_staff_of
from sim.study.targets.handle_time import reached_time

BEFORE, KEEP, SAFE, AT_TARGETS, WRITTEN, NAIVE = "before", "keep", "safe", "at_targets", "as_written", "naive"
OTHER_PACE, RECOVERY, ROOT_CAUSES, COACHING = "other_pace", "recovery", "root_causes", "coaching"
RECOVERY_S = 60.0
SAME = 1e-6
Pace = float | dict[str, float] | None


@dataclass(frozen=True)
class Assumed:
    """What the time of those who stay is assumed to do, where nothing measured says it.

    Attributes
    ----------
    root_causes : the share of first contacts that work on their causes takes away.
    coaching : the rise of every intent's resolution by coaching, as a share of needs.
    rehire_weeks : weeks from a decision to hire until somebody new takes contacts.
    """

    root_causes: float = 0.05
    coaching: float = 0.02
    rehire_weeks: float = 12.0


@dataclass(frozen=True)
class Cut:
    """A staffing in whole people fewer.

    Attributes
    ----------
    people : who go, by group; below 0 those who come.
    freed : the same in FTE, all groups.
    factors : what each group's roster is multiplied by; the roster itself has whole agents.
    """

    people: Mapping[str, int]
    freed: float
    factors: Mapping[str, float]

    @property
    def heads(self) -> int:
        """People who go in all."""
        return sum(self.people.values())


def kept(before: Scenario, after: Scenario) -> Scenario:
    """AFTER with BEFORE's roster: nobody goes."""
    return with_staff_of(after, before, "BEFORE")


def roster_changes(keep: Scenario, after: Scenario) -> bool:
    """Whether AFTER is written with another staffing than BEFORE has."""
    return any(_rostered(keep, name) != _rostered(after, name) for name in serving(keep))


def _rostered(scenario: Scenario, name: str) -> Any:
    group = scenario.agents[name]
    return group.staff, group.shifts, group.relief


def cut_of(keep: Scenario, people: Mapping[str, int]) -> Cut:
    """So many people fewer of each group, at its contract share; at most all of them."""
    own = fte_by_group(keep)
    freed = {name: people.get(name, 0) * keep.agents[name].contract_share for name in own}
    return Cut(dict(people), sum(freed.values()), _factors(own, freed))


def cut_of_fte(keep: Scenario, freed: float, first: Mapping[str, float]) -> Cut:
    """About so many FTE fewer, in whole people, never more of them.

    Parameters
    ----------
    keep : whose roster is cut.
    freed : FTE in all.
    first : FTE that go first, by group; all further ones go from every group in proportion to what it has.
    """
    own = fte_by_group(keep)
    rest = (freed - sum(first.get(name, 0.0) for name in own)) / max(sum(own.values()), SAME)
    by_group = {name: first.get(name, 0.0) + rest * fte for name, fte in own.items()}
    return cut_of(keep, {name: heads_of(fte, keep.agents[name].contract_share) for name, fte in by_group.items()})


def even_cut(keep: Scenario, share: float) -> Cut:
    """The same part of every group that takes contacts, in whole people."""
    shares = {name: keep.agents[name].contract_share for name in serving(keep)}
    return cut_of(keep, {name: round(share * fte / shares[name]) for name, fte in fte_by_group(keep).items()})


def _factors(own: Mapping[str, float], freed: Mapping[str, float]) -> dict[str, float]:
    return {name: max(1.0 - freed[name] / fte, 0.0) for name, fte in own.items() if fte > 0.0}


def fte_by_group(scenario: Scenario) -> dict[str, float]:
    """Paid staff on the plan of each group that takes contacts (FTE)."""
    alone = {name: scenario.model_copy(update={"agents": {name: scenario.agents[name]}}) for name in serving(scenario)}
    return {name: planned_fte(one) for name, one in alone.items()}


def cut_to(keep: Scenario, cut: Cut) -> Scenario:
    """The roster so cut, in whole agents."""
    return staffed(keep, Level("cut", cut.factors))


# Handle time ----------------------------------------------------------------------


def old_pace(before: ScenarioResult, after: Scenario) -> Pace:
    """The handle-time target to be kept: AFTER's own, else BEFORE's, else the handle time that BEFORE has (s)."""
    for scenario in (after, before.scenario):
        if scenario.pace is not None:
            return scenario.pace.target
    reached = float(reached_time(before).mean[0])
    return None if math.isnan(reached) else float(max(1, round(reached)))


def hurried(scenario: Scenario, pace: Pace) -> Scenario:
    """The scenario held to a handle-time target, or to none."""
    if pace is None:
        return scenario if scenario.pace is None else changed(scenario, {"pace": "off"})
    target = {k: duration_text(s) for k, s in pace.items()} if isinstance(pace, dict) else duration_text(pace)
    return changed(scenario, {"pace.target": target})


# The hours spent otherwise --------------------------------------------------------


def with_recovery(keep: Scenario) -> Scenario | None:
    """Everybody stays, nobody is hurried, and a pause follows hard contacts; None where nobody tires."""
    if keep.fatigue is None or keep.fatigue.recovery_time is not None:
        return None
    return changed(hurried(keep, None), {"fatigue.recovery_time": duration_text(RECOVERY_S)})


def with_root_causes(plan: Scenario, share: float) -> Scenario | None:
    """The plan with so many fewer first contacts of every intent; None where they are a list of moments."""
    settings = arrival_settings(plan, dict.fromkeys(plan.intents, np.full(len(WEEKDAYS), 1.0 - share)))
    return changed(plan, settings) if settings else None


def with_coaching(plan: Scenario, points: float) -> Scenario | None:
    """The plan with so much more of every intent resolved by agents; None where its checks refuse that."""
    settings = {f"intents.{name}.resolution": min(i.resolution + points, 1.0) for name, i in plan.intents.items()}
    try:
        return changed(plan, settings)
    except ScenarioError:
        return None
