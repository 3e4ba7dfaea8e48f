"""What is rescaled: arrivals, talk time, patience, resolution and staff, each by one number on a log scale."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.calibrate.observed.arrivals import (
    by_intent_and_weekday,
    first_contacts,
    is_rescalable,
    open_days,
)
from sim.facts.load import summary
from sim.facts.scaled_arrivals import arrival_settings
from sim.scenario.model import Distribution, Group, Intent, Observed, Scenario
from sim.scenario.observed import Figures, Rescaling, ScaleParameterName
from sim.scenario.scaling import shared_out
from sim.schema.calendar import WEEKDAYS
from sim.study.levels import serving

Floats = npt.NDArray[np.float64]
END = math.log(10.0)
"""A scale parameter goes from a tenth to ten times."""
STEPS: dict[ScaleParameterName, float] = {
    "arrivals": 0.03,
    "talk_time": 0.1,
    "patience": 0.3,
    "balk": 0.3,
    "resolution": 0.3,
    "staff": 0.08,
}
"""How far each is moved to see what it does."""
STRIDES: dict[ScaleParameterName, float] = {
    "arrivals": 0.5,
    "talk_time": 0.5,
    "patience": 1.2,
    "balk": 1.2,
    "resolution": 1.2,
    "staff": 0.25,
}
"""How far each is moved at once."""
AT_END = 1e-6
LEAST_BALK = 0.02
"""Where a search for the share that leaves at once begins if the file has none."""


@dataclass(frozen=True)
class ScaleParameter:
    """One number that is fitted: a factor of arrivals, talk time, patience or staff, or of the odds of resolution.

    Attributes
    ----------
    name, intents : what, and of which intents; none for staff.
    intent : the one intent that it is of; empty for the centre.
    day : of arrivals, the one weekday that it is of, from Monday 0; None for all.
    """

    name: ScaleParameterName
    intents: tuple[str, ...]
    intent: str = ""
    day: int | None = None

    @property
    def weekday(self) -> str:
        """The weekday that it is of, such as ``mon``; empty for all."""
        return "" if self.day is None else WEEKDAYS[self.day]


def scale_parameters_of(scenario: Scenario, observed: Observed) -> list[ScaleParameter]:
    """Return the scale parameters that figures call for: by intent where the figure is, else one for all."""
    figures = {"talk_time": observed.aht, "patience": observed.abandonment, "resolution": observed.fcr}
    parameters: list[ScaleParameter] = []
    for name in observed.rescaled():
        parameters += _parameters_of(scenario, observed, name, figures.get(name))
    return parameters


def _parameters_of(
    scenario: Scenario, observed: Observed, name: ScaleParameterName, figures: Figures | None
) -> Iterator[ScaleParameter]:
    if name == "staff":
        yield ScaleParameter(name, ())
        return
    if name == "arrivals":
        yield from _of_arrivals(scenario, observed)
        return
    named = tuple(figures.by_intent) if figures is not None else ()
    yield from (ScaleParameter(name, (intent,), intent) for intent in named)
    waits = name == "patience" and (observed.asa is not None or observed.service_level is not None)
    rest = tuple(intent for intent in scenario.intents if intent not in named)
    if rest and (not named or waits):
        yield ScaleParameter(name, rest)


def _of_arrivals(scenario: Scenario, observed: Observed) -> Iterator[ScaleParameter]:
    """One for each figure of contacts that can be measured; beside figures by intent and weekday, the weekdays too."""
    turned = tuple(name for name in scenario.intents if is_rescalable(scenario, name))
    items = list(observed.contacts.items()) if observed.contacts is not None else []
    intents = list(dict.fromkeys(item.intent for item in items if item.intent))
    yield from (ScaleParameter("arrivals", (name,), name) for name in intents if name in turned)
    for day in measured_weekdays(scenario, observed):
        if turned:
            yield ScaleParameter("arrivals", turned, day=day)
    if turned and any(not item.place for item in items):
        yield ScaleParameter("arrivals", turned)


def measured_weekdays(scenario: Scenario, observed: Observed) -> list[int]:
    """Return the weekdays of which the contacts of the centre are given, and which are measured."""
    items = list(observed.contacts.items()) if observed.contacts is not None else []
    named = {day for item in items if not item.intent for day in item.weekdays or ()}
    both = by_intent_and_weekday(observed)
    if both and set(both) == set(scenario.intents):
        named = set.intersection(*(set(days) for days in both.values()))
    return [day for day, count in enumerate(open_days(scenario)) if count and day in named]


def steps(scenario: Scenario, parameters: Sequence[ScaleParameter]) -> Floats:
    """Return how far to move each parameter to see what it does; of shifts, at least one agent."""
    return np.array(
        [
            max(STEPS[parameter.name], _one_agent(scenario) if parameter.name == "staff" else 0.0)
            for parameter in parameters
        ]
    )


def _one_agent(scenario: Scenario) -> float:
    groups = [scenario.agents[name] for name in serving(scenario)]
    if any(group.staff is not None for group in groups):
        return 0.0
    most = max((sum(shift.count for shift in group.shifts or ()) for group in groups), default=0)
    return math.log1p(1.0 / max(most, 1))


def settings_of(
    scenario: Scenario,
    parameters: Sequence[ScaleParameter],
    position: Floats,
    own: Collection[str],
    shape: Mapping[str, Floats],
) -> dict[str, Any]:
    """Return the settings of a rescaled scenario; none of a parameter that is where it was.

    Parameters
    ----------
    position : (parameters,) logs of the factors.
    own : intents that have a patience of their own; the others take that of all customers.
    shape : what arrivals are multiplied by first where they are rescaled: by intent, by weekday, (7,).
    """
    settings = _arrivals(scenario, parameters, position, shape)
    for parameter, log in zip(parameters, position, strict=True):
        factor = math.exp(log)
        if parameter.name == "arrivals" or (log == 0.0 and balk_at(scenario, log) == scenario.customers.balk):
            continue
        if parameter.name == "staff":
            settings |= staff_settings(scenario, factor)
        elif parameter.name == "balk":
            settings |= {"customers.balk": balk_at(scenario, log)}
        elif parameter.name == "patience":
            settings |= _patience(scenario, parameter, factor, own)
        else:
            settings |= {
                f"intents.{name}.{parameter.name}": _value(scenario.intents[name], parameter, factor)
                for name in parameter.intents
            }
    return settings


def _arrivals(
    scenario: Scenario, parameters: Sequence[ScaleParameter], position: Floats, shape: Mapping[str, Floats]
) -> dict[str, Any]:
    """Return the settings of arrivals; none where all are where they were."""
    turned = {name for parameter in parameters if parameter.name == "arrivals" for name in parameter.intents}
    factors = {name: shape[name].copy() if name in turned else np.ones(len(WEEKDAYS)) for name in scenario.intents}
    for parameter, log in zip(parameters, position.tolist(), strict=True):
        if parameter.name == "arrivals":
            for name in parameter.intents:
                factors[name][slice(None) if parameter.day is None else parameter.day] *= math.exp(log)
    return arrival_settings(scenario, factors) if any((row != 1.0).any() for row in factors.values()) else {}


def coverage(scenario: Scenario, parameter: ScaleParameter) -> dict[str, Floats]:
    """Return the first contacts that a scale parameter of arrivals is of, by intent: summed by weekday, (7,)."""
    days = np.ones(len(WEEKDAYS)) if parameter.day is None else np.eye(len(WEEKDAYS))[parameter.day]
    return {name: row * days * (name in parameter.intents) for name, row in first_contacts(scenario).items()}


def _value(intent: Intent, parameter: ScaleParameter, factor: float) -> Any:
    if parameter.name == "talk_time":
        return _form(intent.talk_time.scaled(factor))
    return shifted(intent.resolution, factor)


def shifted(share: float, factor: float) -> float:
    """Return a share whose odds are multiplied by a factor; 0 and 1 stay."""
    return share * factor / (1.0 - share + share * factor)


def balk_at(scenario: Scenario, log: float) -> float:
    """Return the share that leaves at once, that of the file times a factor; of a small one where the file has none."""
    return min((scenario.customers.balk or LEAST_BALK) * math.exp(log), 1.0)


def own_patience(document: Scenario) -> list[str]:
    """Return the intents for which a document writes a patience of their own."""
    return [name for name in document.intents if f"intents.{name}.patience" in document.origins]


def _patience(scenario: Scenario, parameter: ScaleParameter, factor: float, own: Collection[str]) -> dict[str, Any]:
    """Return the patience of intents, and that of all customers where the parameter is of all of them."""
    of_all = set(parameter.intents) == set(scenario.intents)
    distributions = {"customers.patience": scenario.customers.patience} if of_all else {}
    names = [name for name in parameter.intents if name in own or not of_all]
    distributions |= {f"intents.{name}.patience": scenario.intents[name].patience for name in names}
    return {
        path: _form(patience.scaled(factor)) for path, patience in distributions.items() if patience.kind != "infinite"
    }


def _form(distribution: Distribution) -> Any:
    return distribution.in_file_form()


# What it comes to -------------------------------------------------------------


def rescalings_of(
    scenario: Scenario, parameters: Sequence[ScaleParameter], position: Floats, after: Scenario
) -> list[Rescaling]:
    """Return what was rescaled, and from what to what."""
    return [
        Rescaling(
            dial=parameter.name,
            intent=parameter.intent,
            weekday=parameter.weekday,
            factor=math.exp(log),
            before=_level(scenario, parameter),
            after=_level(after, parameter),
            at_bound=abs(log) >= END - AT_END and (parameter.name, log < 0) != ("balk", True),
        )
        for parameter, log in zip(parameters, position.tolist(), strict=True)
    ]


def _level(scenario: Scenario, parameter: ScaleParameter) -> float:
    """Return the mean over contacts of what a parameter rescales: seconds or a share; agents on average for staff."""
    if parameter.name == "arrivals":
        days = open_days(scenario)
        whole = float(sum(row.sum() for row in coverage(scenario, parameter).values()))
        return whole / max(float(days.sum() if parameter.day is None else days[parameter.day]), 1.0)
    if parameter.name == "balk":
        return scenario.customers.balk
    facts = summary(scenario)
    if parameter.name == "staff":
        return float(facts["agents"])
    weights = [max(facts["intents"][name]["contacts_per_open_day"], 1e-9) for name in parameter.intents]
    return float(np.average([_of(scenario.intents[name], parameter) for name in parameter.intents], weights=weights))


def _of(intent: Intent, parameter: ScaleParameter) -> float:
    if parameter.name == "resolution":
        return intent.resolution
    average = (intent.talk_time if parameter.name == "talk_time" else intent.patience).average
    return average if math.isfinite(average) else 0.0


# Staff times a factor, in whole agents, so that the mean follows the factor -------------------------------------------


def staff_settings(scenario: Scenario, factor: float) -> dict[str, Any]:
    """Return the settings that multiply every group that takes contacts: shifts by largest remainder, counts evenly.

    Counts carry what rounding leaves over from one opening interval to the next, through the week.
    """
    settings: dict[str, Any] = {}
    for name in serving(scenario):
        settings |= _of_group(scenario, scenario.agents[name], factor)
    return settings


def _of_group(scenario: Scenario, group: Group, factor: float) -> dict[str, Any]:
    path = f"agents.{group.name}"
    if group.shifts is not None:
        counts = shared_out([shift.count for shift in group.shifts], factor)
        shifts = group.model_dump(mode="json", by_alias=True)["shifts"]
        return {f"{path}.shifts": [s | {"count": count} for s, count in zip(shifts, counts, strict=True)]}
    assert group.staff is not None
    return {f"{path}.staff": group.staff.scaled(factor, scenario.calendar, scenario.dates()).in_file_form()}
