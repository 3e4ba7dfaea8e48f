"""Supervisor: what an agent may not decide alone (docs/evidence.md, section 8)."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, WithJsonSchema

from sim.jit import compiled
from sim.mechanisms.declaration import Checked, Declared, Mechanism, Numbers, Part
from sim.schema.base import Section, param
from sim.schema.distribution import Delay, uniform
from sim.schema.faults import BadValueError, Fault, nearest, raise_any
from sim.schema.values import SHARE_SCHEMA, AnyNumber, NonNegative, Text, parse_share


def _read_shares(value: Any) -> float | dict[str, float]:
    if not isinstance(value, dict):
        return parse_share(value)
    found: dict[str, float] = {}
    faults = [] if value else [Fault("is an empty map", "Write a share, or a map by intent")]
    for intent, share in value.items():
        try:
            found[intent] = parse_share(share)
        except BadValueError as error:
            faults += [fault.under(intent) for fault in error.faults]
    raise_any(faults)
    return found


SHARES_SCHEMA = {"anyOf": [SHARE_SCHEMA, {"type": "object", "additionalProperties": SHARE_SCHEMA, "minProperties": 1}]}


class Supervisor(Section):
    """Contacts that an agent may not decide alone (evidence 8)."""

    group: Text = param(..., "The group of agents that decides")
    share: Annotated[float | dict[str, float], BeforeValidator(_read_shares), WithJsonSchema(SHARES_SCHEMA)] = param(
        0.08,
        "Share of all needs that take a supervisor; or a map by intent, whose other intents take none",
        source="benchmarks 5-15 %",
        grade="W",
        span=".05-.15",
    )
    difficult_factor: NonNegative = param(
        5.0, "How many times as often, for a difficult need", source="benchmarks (evidence 8)", grade="W"
    )
    difficult_above: AnyNumber = param(
        1.3, "A need is difficult from here on: a normal score, the hardest tenth", source="evidence 8", grade="W"
    )
    time: Delay = param(uniform(180.0, 600.0), "A consultation", source="benchmarks: 3 to 10 minutes", grade="W")
    discretion: NonNegative = param(
        1.0,
        "Times as often as that: less than 1 where agents may decide more",
        source="one telco: 15 to 7 %, which is 0.6 with some caution",
        grade="A",
        span=".45-1",
    )


@compiled
def supervised_share(difficulty: float, easy: float, hard: float, difficult_above: float) -> float:
    """Chance that a need of this difficulty takes a supervisor."""
    return hard if difficulty > difficult_above else easy


class SupervisorParameters(NamedTuple):
    """Whether agents ask, which group decides, and how long a consultation takes."""

    on: bool = False
    group: int = -1
    difficult_above: float = 0.0
    consultation: int = 0


def law(section: Supervisor, numbers: Numbers) -> SupervisorParameters:
    """Turn the section into numbers."""
    group = list(numbers.scenario.agents).index(section.group)
    return SupervisorParameters(True, group, section.difficult_above, numbers.distribution(section.time))


class SupervisorOfIntent(NamedTuple):
    """The chance that an easy and that a difficult need of an intent takes a supervisor."""

    easy: float = 0.0
    hard: float = 0.0


def intent_law(section: Supervisor, intent: Any, _index: int) -> SupervisorOfIntent:
    """Over all needs of an intent the stated share does, before discretion.

    A difficult one does `difficult_factor` times as often.
    """
    from sim.rng.scores import share_below  # numbers are not needed to read a file

    share = section.share.get(intent.name, 0.0) if isinstance(section.share, dict) else section.share
    difficult = share_below(-section.difficult_above)
    weight = (1.0 - difficult) + section.difficult_factor * difficult
    easy = share * section.discretion / weight if weight > 0.0 else 0.0
    return SupervisorOfIntent(min(easy, 1.0), min(easy * section.difficult_factor, 1.0))


def check(checked: Checked) -> None:
    """The group that decides must be there; who asks nobody is told."""
    scenario, report = checked.scenario, checked.reporter
    section = scenario.supervisor
    if isinstance(section.share, dict):
        checked.check_intents(section.share, ("supervisor", "share"))
    if report.failed("agents"):
        return
    if section.group not in scenario.agents:
        fix = f"Name one of agents. {nearest(section.group, scenario.agents)}"
        report.problem(("supervisor", "group"), f"is {section.group!r}, which is no group of agents", fix)
    elif len(scenario.agents) == 1:
        report.note(f"supervisor has no effect: {section.group} is the only group, and asks nobody")
    elif checked.never_on_duty(scenario.agents[section.group]):
        report.note(f"supervisor has no effect: nobody of {section.group} is ever on duty")


MECHANISM = Mechanism(
    "supervisor",
    Supervisor,
    SupervisorParameters,
    law,
    of_intents=SupervisorOfIntent,
    intent_law=intent_law,
    parts=(
        Part(
            "supervisor",
            "a supervisor's decision and the wait for it",
            100,
            tuple(f"supervisor.{key}" for key in ("share", "difficult_factor", "difficult_above", "time")),
            short="supervisors",
        ),
    ),
    measures=(Declared("supervisor_rate", "supervisor", "share", {"supervised": 1.0}, "answered", "answers"),),
    null={"supervisor.difficult_factor": 1.0},
    neutral={"group": "group0", "share": 0},
    check=check,
    tiny={"group": "lead", "share": 0.3},
)
