"""What is rescaled: talk time, patience, resolution and staff, each by one number on a log scale."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.calibrate.observed.staffing import staff_settings
from sim.facts.load import summary
from sim.scenario.model import Distribution, Intent, Observed, Scenario
from sim.scenario.observed import DialName, Figures, Rescaling
from sim.study.levels import serving

Floats = npt.NDArray[np.float64]
END = math.log(10.0)
"""A dial goes from a tenth to ten times."""
STEPS: dict[DialName, float] = {"talk_time": 0.1, "patience": 0.3, "resolution": 0.3, "staff": 0.08}
"""How far each is turned to see what it does."""
STRIDES: dict[DialName, float] = {"talk_time": 0.5, "patience": 1.2, "resolution": 1.2, "staff": 0.25}
"""How far each is turned at once."""
AT_END = 1e-6


@dataclass(frozen=True)
class ScaleParameter:
    """One number to turn: a factor of talk time, patience or staff, or of the odds of resolution.

    Attributes
    ----------
    name, intents : what, and of which intents; none for staff.
    intent : the one intent that it is of; empty for the centre.
    """

    name: DialName
    intents: tuple[str, ...]
    intent: str = ""


def dials_of(scenario: Scenario, observed: Observed) -> list[ScaleParameter]:
    """Return the dials that figures call for: by intent where the figure is, else one for all."""
    figures = {"talk_time": observed.aht, "patience": observed.abandonment, "resolution": observed.fcr}
    found: list[ScaleParameter] = []
    for name in observed.turned():
        found += _dials(scenario, observed, name, figures.get(name))
    return found


def _dials(scenario: Scenario, observed: Observed, name: DialName, figures: Figures | None) -> Iterator[ScaleParameter]:
    if name == "staff":
        yield ScaleParameter(name, ())
        return
    named = tuple(figures.by_intent) if figures is not None else ()
    yield from (ScaleParameter(name, (intent,), intent) for intent in named)
    waits = name == "patience" and (observed.asa is not None or observed.service_level is not None)
    rest = tuple(intent for intent in scenario.intents if intent not in named)
    if rest and (not named or waits):
        yield ScaleParameter(name, rest)


def steps(scenario: Scenario, dials: Sequence[ScaleParameter]) -> Floats:
    """Return how far to turn each dial to see what it does; of shifts, at least one agent."""
    return np.array([max(STEPS[dial.name], _one_agent(scenario) if dial.name == "staff" else 0.0) for dial in dials])


def _one_agent(scenario: Scenario) -> float:
    groups = [scenario.agents[name] for name in serving(scenario)]
    if any(group.staff is not None for group in groups):
        return 0.0
    most = max((sum(shift.count for shift in group.shifts or ()) for group in groups), default=0)
    return math.log1p(1.0 / max(most, 1))


def settings_of(
    scenario: Scenario, dials: Sequence[ScaleParameter], turned: Floats, own: Collection[str]
) -> dict[str, Any]:
    """Return the settings that a scenario gets with its dials turned; none of a dial that is where it was.

    Parameters
    ----------
    turned : (dials,) logs of the factors.
    own : intents that have a patience of their own; the others take that of all customers.
    """
    found: dict[str, Any] = {}
    for dial, log in zip(dials, turned, strict=True):
        factor = math.exp(log)
        if log == 0.0:
            continue
        if dial.name == "staff":
            found |= staff_settings(scenario, factor)
        elif dial.name == "patience":
            found |= _patience(scenario, dial, factor, own)
        else:
            found |= {
                f"intents.{name}.{dial.name}": _value(scenario.intents[name], dial, factor) for name in dial.intents
            }
    return found


def _value(intent: Intent, dial: ScaleParameter, factor: float) -> Any:
    if dial.name == "talk_time":
        return _form(intent.talk_time.scaled(factor))
    return shifted(intent.resolution, factor)


def shifted(share: float, factor: float) -> float:
    """Return a share whose odds are multiplied by a factor; 0 and 1 stay."""
    return share * factor / (1.0 - share + share * factor)


def own_patience(document: Scenario) -> list[str]:
    """Return the intents for which a document writes a patience of their own."""
    return [name for name in document.intents if f"intents.{name}.patience" in document.origins]


def _patience(scenario: Scenario, dial: ScaleParameter, factor: float, own: Collection[str]) -> dict[str, Any]:
    """Return the patience of intents, and that of all customers where the dial is of all of them."""
    of_all = set(dial.intents) == set(scenario.intents)
    found = {"customers.patience": scenario.customers.patience} if of_all else {}
    names = [name for name in dial.intents if name in own or not of_all]
    found |= {f"intents.{name}.patience": scenario.intents[name].patience for name in names}
    return {path: _form(patience.scaled(factor)) for path, patience in found.items() if patience.kind != "infinite"}


def _form(distribution: Distribution) -> Any:
    return distribution.in_file_form()


# What it comes to -------------------------------------------------------------


def turns_of(scenario: Scenario, dials: Sequence[ScaleParameter], turned: Floats, after: Scenario) -> list[Rescaling]:
    """Return what was turned, and from what to what."""
    return [
        Rescaling(
            dial=dial.name,
            intent=dial.intent,
            factor=math.exp(log),
            before=_level(scenario, dial),
            after=_level(after, dial),
            at_bound=abs(log) >= END - AT_END,
        )
        for dial, log in zip(dials, turned.tolist(), strict=True)
    ]


def _level(scenario: Scenario, dial: ScaleParameter) -> float:
    """Return the mean over contacts of what a dial turns: seconds or a share; agents on average for staff."""
    facts = summary(scenario)
    if dial.name == "staff":
        return float(facts["agents"])
    weights = [max(facts["intents"][name]["contacts_per_open_day"], 1e-9) for name in dial.intents]
    return float(np.average([_of(scenario.intents[name], dial) for name in dial.intents], weights=weights))


def _of(intent: Intent, dial: ScaleParameter) -> float:
    if dial.name == "resolution":
        return intent.resolution
    average = (intent.talk_time if dial.name == "talk_time" else intent.patience).average
    return average if math.isfinite(average) else 0.0
