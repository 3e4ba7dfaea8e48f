"""What a scenario wants of its measures, as bounds that a measure can be held to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from sim.errors import NoTargetsError
from sim.scenario.goals import TargetsOfSome
from sim.scenario.measure_names import ATTENTION
from sim.scenario.model import Intent, Scenario

MET, CLOSE, MISSED = "met", "too close to call", "missed"
EXAMPLE = "{service_level: 80/20, abandonment: 5%, resolution: 75%}"


@dataclass(frozen=True)
class MeasureTarget:
    """A bound for a measure: at least or at most `share`."""

    share: float
    at_least: bool

    def met(self, value: float) -> bool:
        """Whether a value is on the right side of the bound; a value that is not a number is not."""
        return value >= self.share if self.at_least else value <= self.share

    @property
    def largest_slack(self) -> float:
        """Slack of the best value that there is; never quite nothing."""
        return max(1.0 - self.share if self.at_least else self.share, 1e-9)

    def slack(self, value: float) -> float:
        """How far a value is on the right side; negative where the bound is missed."""
        return value - self.share if self.at_least else self.share - value


@dataclass(frozen=True)
class TargetOfSome:
    """A target of a channel, an intent or a skill.

    Attributes
    ----------
    name, measure, goal : whose it is, and the bound of which measure.
    intents : all contacts that it is about.
    """

    name: str
    measure: str
    goal: MeasureTarget
    intents: tuple[str, ...]

    @property
    def key(self) -> str:
        """What tables call it, such as `chat.sl_offered`."""
        return f"{self.name}.{self.measure}"


def occupancy_measure(scenario: Scenario) -> str:
    """What a target of occupancy is held to: where there are chats, agents' attention.

    An agent with one chat in hand is busy and yet waits for the customer most of the time; `agents.X.attention` says
    whether the share of time in which it writes counts, or that of places taken.
    """
    chats = any(intent.channel == "chat" for intent in scenario.intents.values())
    return ATTENTION if chats else "occupancy"


def targets_of_scenario(scenario: Scenario) -> dict[str, MeasureTarget]:
    """The targets that a scenario gives, by measure; those of a channel, an intent or a skill as `NAME.measure`."""
    wanted = scenario.targets
    found = {
        "abandonment_rate": (wanted.abandonment, False),
        occupancy_measure(scenario): (wanted.occupancy, False),
        "resolution_rate": (wanted.resolution, True),
        "strained_share": (wanted.strained_share if scenario.fatigue else None, False),
    }
    level = {wanted.service_level.definition: (wanted.service_level.share, True)} if wanted.service_level.given else {}
    whole = {measure: MeasureTarget(share, up) for measure, (share, up) in (level | found).items() if share is not None}
    return whole | {target.key: target.goal for target in targets_of_some(scenario)}


def targets_of_some(scenario: Scenario) -> tuple[TargetOfSome, ...]:
    """The targets of channels, intents and skills, in the order written."""
    return tuple(
        TargetOfSome(name, measure, MeasureTarget(share, up), meant_by(scenario.intents, name))
        for name, wanted in scenario.targets.of_some.items()
        for measure, (share, up) in _bounds(wanted).items()
        if share is not None
    )


def without_due(scenario: Scenario) -> list[str]:
    """The intents of deferred work that no target asks to be done in time."""
    asked = {name for target in targets_of_some(scenario) if target.measure == "due_met" for name in target.intents}
    return [name for name, i in scenario.intents.items() if i.channel == "deferred" and name not in asked]


def _bounds(wanted: TargetsOfSome) -> dict[str, tuple[float | None, bool]]:
    level = wanted.service_level
    return ({level.definition: (level.share, True)} if level else {}) | {
        "abandonment_rate": (wanted.abandonment, False),
        "resolution_rate": (wanted.resolution, True),
        "due_met": (wanted.due_met, True),
    }


def meanings_of(intents: Mapping[str, Intent], name: str) -> dict[str, tuple[str, ...]]:
    """The intents that a name stands for as a channel, as an intent, and as a skill; none that it is not."""
    meanings = {
        "channel": tuple(key for key, intent in intents.items() if intent.channel == name),
        "intent": tuple(key for key in intents if key == name),
        "skill": tuple(key for key, intent in intents.items() if intent.skill == name),
    }
    return {kind: found for kind, found in meanings.items() if found}


def meant_by(intents: Mapping[str, Intent], name: str) -> tuple[str, ...]:
    """The intents that a name stands for; loading has seen to it that there is one answer."""
    return next(iter(meanings_of(intents, name).values()), ())


def within_of(scenario: Scenario, intent: str) -> float:
    """The T (s) of the service level of an intent: of the target that is about it, else of all contacts."""
    own = (
        wanted.service_level.within
        for name, wanted in scenario.targets.of_some.items()
        if wanted.service_level is not None and intent in meant_by(scenario.intents, name)
    )
    return next(own, scenario.targets.service_level.within)


def targets_required(scenario: Scenario) -> dict[str, MeasureTarget]:
    """The same, for questions that cannot be asked without any.

    Raises
    ------
    NoTargetsError
        Where the scenario gives none.
    """
    goals = targets_of_scenario(scenario)
    if not goals:
        raise NoTargetsError(
            f"{scenario.name}: sets no targets, so that there is nothing to meet. Write targets: {EXAMPLE}"
        )
    return goals


def judge(interval: tuple[float, float, float], target: MeasureTarget) -> str:
    """Hold an estimate to a target: by its whole interval, so that luck decides nothing.

    Parameters
    ----------
    interval : the mean and both ends of its 95 % confidence interval. Without ends, as after one replication, the mean
        alone is judged; a mean that is not a number misses every target.

    Returns
    -------
    str
        `MET`, `CLOSE` (the target lies within the interval) or `MISSED`.
    """
    mean, *ends = interval
    met = [target.met(end) for end in (ends if not any(map(math.isnan, ends)) else [mean])]
    return MET if all(met) else CLOSE if any(met) else MISSED
