"""The scenario: what a file says, as frozen objects with every default filled in.

Times are seconds, shares 0 to 1, times of day seconds since midnight, weekdays 0 (Monday) to 6.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PrivateAttr, WithJsonSchema

from sim.display import Displayed, counted
from sim.mechanisms import mechanism_names, registered
from sim.mechanisms.assistant import Assistant, Cleanup, Summary
from sim.mechanisms.attrition import Attrition
from sim.mechanisms.bot import Bot, Conversation
from sim.mechanisms.csat import Csat
from sim.mechanisms.expectations import Expectations
from sim.mechanisms.fatigue import Fatigue, FatigueEffects, Recovery
from sim.mechanisms.frustration import Frustration, FrustrationEffects
from sim.mechanisms.induced_demand import InducedDemand
from sim.mechanisms.mistreatment import Mistreatment
from sim.mechanisms.pace import Pace
from sim.mechanisms.screens import Screens
from sim.mechanisms.supervisor import Supervisor
from sim.mechanisms.trust import Trust
from sim.mechanisms.workforce import Learning, Redundancy, Workforce
from sim.scenario.arrivals import Arrivals, CountsFile, TraceFile
from sim.scenario.beliefs import BELIEFS_SCHEMA, Belief, Beliefs, Correlated
from sim.scenario.goals import Costs, NoWorseMargins, Precision, Run, ServiceLevel, Targets, TargetsOfSome
from sim.scenario.observed import Figure, Figures, FitOutcome, Observed, ObservedLevel
from sim.scenario.people import (
    Break,
    Customers,
    FalselyContained,
    Group,
    Intent,
    IntentBot,
    QueueLimit,
    Redial,
    Repeat,
    Shift,
    Skill,
)
from sim.scenario.planning import PlanningHorizon
from sim.scenario.staffing import Staffing
from sim.schema.base import Section, param
from sim.schema.calendar import Calendar
from sim.schema.distribution import Distribution
from sim.schema.faults import bad
from sim.schema.tree import How
from sim.schema.values import DAY_S, Text
from sim.schema.week import ByInterval, PerDay

LONG_DELAY_S = 12 * 3600.0
AUTO_WARM_UP_DAYS = 14
AUTO_FOLLOW_UP_DAYS = 7


@dataclass(frozen=True)
class Origin:
    """Where a value comes from.

    Parameters
    ----------
    how
        ``given`` in the file, ``inherited`` from a file that it extends, ``set`` on the command line, or ``fitted`` to
        the observed figures of the file.
    file, line
        The file and line, or the ``--set`` text and None.
    leaf
        False for a map, whose entries have origins of their own.
    """

    how: How
    file: str
    line: int | None = None
    leaf: bool = True


def _read_version(value: Any) -> int:
    if value == 1 and isinstance(value, int) and not isinstance(value, bool):
        return value
    raise bad("is a version that this program does not read", "Write schema_version: 1", value)


def _read_name(value: Any) -> str:
    if isinstance(value, str) and value.strip() and len(value) <= 200 and value.isprintable():
        return value.strip()
    raise bad("is not a name", "Write one line of text", value)


class Heading(Section):
    """The keys of a scenario that belong to no section."""

    schema_version: Annotated[Literal[1], BeforeValidator(_read_version), WithJsonSchema({"const": 1})] = param(
        1, "Version of the file format"
    )
    name: Annotated[str, BeforeValidator(_read_name), WithJsonSchema({"type": "string"})] = param(
        ..., "Name of the scenario in reports"
    )
    description: Text = param("", "What it is about")


class Scenario(Displayed, Heading):
    """A contact centre, its customers and how to simulate them.

    Two scenarios are equal when they say the same; where it was written, and the notes, do not count.
    """

    calendar: Calendar = param(..., "Days and hours")
    arrivals: Arrivals | None = param(None, "How many contacts come, shared out over the intents", off=True)
    intents: dict[str, Intent] = param(..., "What customers need")
    customers: Customers = param(Customers(), "What all customers have in common")
    agents: dict[str, Group] = param(..., "Groups of agents")
    queues: dict[str, QueueLimit] = param({}, "Limits of waiting lines, by skill", source="no limit unless given")
    targets: Targets = param(Targets(), "What to meet")
    no_worse: NoWorseMargins | None = param(None, "Margins of staff --no-worse", off=True)
    costs: Costs | None = param(None, "What things cost", off=True)
    run: Run = param(Run(), "How much to simulate")
    bot: Bot | None = param(None, "Mechanism: the bot in front of the queue", off=True)
    frustration: Frustration | None = param(None, "Mechanism: frustration of customers", off=True)
    mistreatment: Mistreatment | None = param(None, "Mechanism: mistreatment of agents", off=True)
    fatigue: Fatigue | None = param(None, "Mechanism: fatigue of agents", off=True)
    pace: Pace | None = param(None, "Mechanism: the handle-time target", off=True)
    workforce: Workforce | None = param(None, "Mechanism: agents who differ and learn", off=True)
    assistant: Assistant | None = param(None, "Mechanism: software that advises agents", off=True)
    screens: Screens | None = param(None, "Mechanism: systems that agents work in", off=True)
    supervisor: Supervisor | None = param(None, "Mechanism: contacts that agents may not decide alone", off=True)
    expectations: Expectations | None = param(None, "Mechanism: raised expectations of customers", off=True)
    trust: Trust | None = param(None, "Mechanism: trust of customers", off=True)
    induced_demand: InducedDemand | None = param(None, "Mechanism: demand that ease brings about", off=True)
    csat: Csat | None = param(None, "Outcome: satisfaction of customers", off=True)
    attrition: Attrition | None = param(None, "Outcome: agents who quit", off=True)
    observed: Observed | None = param(None, "Figures of the centre's own report, to which it is fitted", off=True)
    beliefs: Annotated[Beliefs, WithJsonSchema(BELIEFS_SCHEMA)] | None = param(
        None, "What is believed of numbers that nobody knows exactly: used by ccsim risk alone", off=True
    )

    horizon: PlanningHorizon | None = param(None, "The months ahead: used by ccsim plan alone", off=True)

    _notes: tuple[str, ...] = PrivateAttr(())
    _origins: Mapping[str, Origin] = PrivateAttr(default_factory=dict)
    _document: Any = PrivateAttr(None)  # where its observed figures stand (sim.loading.fitting)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what the loader found worth saying, though it is not wrong."""
        return self._notes

    @property
    def origins(self) -> Mapping[str, Origin]:
        """Return where each given value was written, by dotted key path; defaults have no entry."""
        return MappingProxyType(dict(self._origins))

    @property
    def unfitted(self) -> bool:
        """Return whether it has observed figures to which nothing was fitted yet; it is then not simulated."""
        return self.observed is not None and self.observed.fitted is None

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """Return the names of the mechanisms that are on."""
        return tuple(name for name in mechanism_names() if getattr(self, name) is not None)

    @property
    def demand_factor(self) -> float:
        """Return what arrivals are multiplied by: more where ease induces demand."""
        sections = ((mechanism.demand, getattr(self, mechanism.name)) for mechanism in registered())
        return math.prod(demand(section) for demand, section in sections if demand and section is not None)

    @property
    def fte_hours(self) -> float:
        """Return the paid seconds of one FTE a week, whether or not costs are counted."""
        return (self.costs or Costs()).fte_hours

    @property
    def warm_up_days(self) -> int:
        """Return the days simulated before `calendar.start`."""
        return self._margin(self.run.warm_up, AUTO_WARM_UP_DAYS)

    @property
    def follow_up_days(self) -> int:
        """Return the days simulated after the last day measured."""
        return self._margin(self.run.follow_up, AUTO_FOLLOW_UP_DAYS)

    def _margin(self, given: float | None, auto: int) -> int:
        if given is not None:
            return round(given / DAY_S)
        return auto if self.returns_after_days else 0

    @property
    def returns_after_days(self) -> bool:
        """Tell whether needs come back after days: a mean delay above 12 h, or redials on a later day."""
        people = self.customers
        if people.max_attempts == 1:
            return False
        redial, repeat = people.redial, people.repeat
        if redial and redial.probability > 0 and (redial.next_day > 0 or redial.delay.average > LONG_DELAY_S):
            return True
        if repeat is None:
            return False
        false = repeat.falsely_contained
        slow = repeat.probability > 0 and repeat.delay.average > LONG_DELAY_S
        slow_false = false.probability > 0 and false.delay.average > LONG_DELAY_S
        return slow or (slow_false and self._contains_falsely)

    @property
    def _contains_falsely(self) -> bool:
        bot = self.bot
        if bot is None:
            return False
        parts = [intent.bot for intent in self.intents.values() if intent.bot is not None]
        return any(bool(part.containment) or bot.false_containment > 0 for part in parts)

    def dates(self) -> tuple[dt.date, ...]:
        """Return every simulated date: warm-up, the days measured, follow-up."""
        return self.calendar.dates(self.warm_up_days, self.follow_up_days)

    def resolved(self) -> dict[str, Any]:
        """Return every parameter in force as a plain dict that `loads` reads back to an equal scenario."""
        tree = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        for part in (*tree["intents"].values(), *tree["agents"].values()):
            del part["name"]
        for part in (tree, *tree["intents"].values()):
            _trace_as_file(part.get("arrivals", {}))
        if self.run.precision is not None:
            del tree["run"]["replications"]
        if not tree["targets"]["service_level"].pop("given"):
            del tree["targets"]["service_level"]
        for name in self.targets.of_some:
            tree["targets"][name].get("service_level", {}).pop("given", None)
        return tree

    @property
    def digest(self) -> str:
        """Return the SHA-256 of what the scenario says, in hexadecimal."""
        return hashlib.sha256(json.dumps(self.resolved(), sort_keys=True).encode()).hexdigest()

    def _line(self) -> str:
        on = f"; {', '.join(self.mechanisms)}" if self.mechanisms else ""
        sizes = (
            counted(self.calendar.days, "day"),
            counted(len(self.intents), "intent"),
            counted(len(self.agents), "group"),
        )
        return f"{self.name!r}: {', '.join(sizes)} of agents{on}"

    __str__ = Displayed.__repr__

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Scenario):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in type(self).model_fields)

    def __hash__(self) -> int:
        return hash(self.digest)


def _trace_as_file(arrivals: dict[str, Any]) -> None:
    """Move the trace to the key `file`, where a scenario file has it."""
    if "trace" in arrivals:
        arrivals["file"] = arrivals.pop("trace")


__all__ = [
    "Arrivals",
    "Assistant",
    "Attrition",
    "Belief",
    "Beliefs",
    "Bot",
    "Break",
    "ByInterval",
    "Calendar",
    "Cleanup",
    "Conversation",
    "Correlated",
    "Costs",
    "CountsFile",
    "Csat",
    "Customers",
    "Distribution",
    "Expectations",
    "FalselyContained",
    "Fatigue",
    "FatigueEffects",
    "Figure",
    "Figures",
    "FitOutcome",
    "Frustration",
    "FrustrationEffects",
    "Group",
    "InducedDemand",
    "Intent",
    "IntentBot",
    "Learning",
    "Mistreatment",
    "NoWorseMargins",
    "Observed",
    "ObservedLevel",
    "Origin",
    "Pace",
    "PerDay",
    "PlanningHorizon",
    "Precision",
    "QueueLimit",
    "Recovery",
    "Redial",
    "Redundancy",
    "Repeat",
    "Run",
    "Scenario",
    "Screens",
    "ServiceLevel",
    "Shift",
    "Skill",
    "Staffing",
    "Summary",
    "Supervisor",
    "Targets",
    "TargetsOfSome",
    "TraceFile",
    "Trust",
    "Workforce",
]
