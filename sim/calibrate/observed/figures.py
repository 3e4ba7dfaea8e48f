"""Figures as targets of a fit: which measure each is, how gaps are counted, which contradict each other."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sim.calibrate.observed.arrivals import by_intent_and_weekday, first_contacts, open_days
from sim.calibrate.observed.scale_parameters import measured_weekdays
from sim.scenario.features import features
from sim.scenario.measure_names import CHAT, SILENCE
from sim.scenario.model import Observed, Scenario, ServiceLevel
from sim.scenario.observed import MEASURES, Gap, Name, Verdict
from sim.schema.calendar import WEEKDAYS
from sim.study.estimates import Estimate
from sim.study.scenario_results import ScenarioResult

Floats = npt.NDArray[np.float64]
OF_SWITCH = ("elapsed_s", "sl_reported", "abandonment_reported")
"""What a switch makes of chats: how long they are open, and silent leavers answered."""
DURATIONS = ("aht", "asa")
NEAR_DURATION, NEAR_SHARE, NEAR_CONTACTS = 0.10, 0.03, 0.03
"""A gap up to this part of a duration or of contacts, or this much of a share, is near."""
HELD, GIVEN_UP = 100.0, 0.2
"""What a gap counts of a figure to which the others give way, and of one that gives way to all others."""
MOST_GIVEN_UP = 3.0
"""A figure that gave way to surer ones may be off by so many gaps that are just near; beyond, it contradicts them."""
QUIET = 0.003
"""A gap that may be luck: up to this part of a held duration or of contacts, or this much of a held share."""
LEAST_SECONDS = 0.05
"""Waits are told apart from here on: there is no log of nothing."""
LEAST_APART = 1e-6


@dataclass(frozen=True)
class FigureTarget:
    """A figure to reproduce.

    Attributes
    ----------
    name, intent : which; the intent is empty for the centre.
    place : the key path below its name; empty for the centre.
    day : of contacts by weekday, which, from Monday 0; else None.
    held : whether the others give way to it.
    measure : the measure that it is.
    value, unit : seconds or a share, and the unit of the last digit given.
    """

    name: Name
    intent: str
    measure: str
    value: float
    unit: float
    place: str = ""
    day: int | None = None
    held: bool = False

    @property
    def is_duration(self) -> bool:
        """Whether it is in seconds."""
        return self.name in DURATIONS

    @property
    def near(self) -> float:
        """The largest gap that is near."""
        if self.name == "contacts":
            return NEAR_CONTACTS * self.value
        return NEAR_DURATION * self.value if self.is_duration else NEAR_SHARE

    @property
    def is_share(self) -> bool:
        """Whether it lies from 0 to 1."""
        return not self.is_duration and self.name != "contacts"

    @property
    def path(self) -> str:
        """Where it stands in a file."""
        return f"observed.{self.name}.{self.place}" if self.place else f"observed.{self.name}"

    def scaled(self, value: float) -> float:
        """A value on the scale on which figures answer evenly: the log odds of a share, the log of the others."""
        if not self.is_share:
            return math.log(max(value, LEAST_SECONDS))
        least = max(self.unit / 2, 1e-4)
        share = min(max(value, least), 1.0 - least)
        return math.log(share / (1.0 - share))

    def apart(self, model: float) -> float:
        """How far the model's figure lies from the given one, on that scale; nan where the model has none."""
        return self.scaled(model) - self.scaled(self.value) if math.isfinite(model) else math.nan

    def value_at(self, apart: float) -> float:
        """The model's figure, so far apart."""
        reached = self.scaled(self.value) + apart
        return _chance(reached) if self.is_share else math.exp(reached)

    def apart_as_logs(self, apart: float) -> float:
        """The log of the model's figure over the given one."""
        return math.log(self.value_at(apart) / self.value_at(0.0))

    def weight(self, apart: float) -> float:
        """What a unit of that scale counts, so far apart, in gaps that are just near."""
        if not self.is_share:
            return self.value / self.near
        middle = self.scaled(self.value)
        if abs(apart) < LEAST_APART:
            return _chance(middle) * (1.0 - _chance(middle)) / NEAR_SHARE
        return (_chance(middle + apart) - _chance(middle)) / apart / NEAR_SHARE

    @property
    def quiet(self) -> float:
        """A gap on that scale that counts nothing though the figure is held: luck would count a hundredfold."""
        if not self.held:
            return 0.0
        middle = _chance(self.scaled(self.value))
        return QUIET / (middle * (1.0 - middle)) if self.is_share else QUIET

    def small(self, part: float) -> float:
        """A gap on that scale that need not get smaller: a part of what is near, or a tenth of the last digit given."""
        middle = _chance(self.scaled(self.value))
        return max(part * self.near, 0.1 * self.unit) / (middle * (1.0 - middle) if self.is_share else self.value)


def _chance(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-log_odds))


def targets_of(scenario: Scenario, observed: Observed) -> list[FigureTarget]:
    """Return the figures of a report as targets."""
    definition = level_of(scenario, observed).definition
    return [
        *contact_targets(scenario, observed),
        *(
            FigureTarget(
                name,
                intent,
                _measure_of(scenario, name, intent, definition),
                figure.value,
                figure.unit,
                place=intent,
                held=name in observed.hold,
            )
            for name, intent, figure in observed.figures()
            if name != "contacts"
        ),
    ]


def _measure_of(scenario: Scenario, name: Name, intent: str, definition: str) -> str:
    """Return what a switch reports under the name of a figure."""
    there = features(scenario)
    if name == "aht" and there[CHAT]:
        of = [scenario.intents[intent]] if intent else list(scenario.intents.values())
        return "elapsed_s" if all(one.channel == "chat" for one in of) else "aht_s"
    if there[SILENCE] and name in ("service_level", "abandonment"):
        return "sl_reported" if name == "service_level" else "abandonment_reported"
    return MEASURES.get(name, definition)


def contact_targets(scenario: Scenario, observed: Observed) -> list[FigureTarget]:
    """Return contacts a day as targets: of the centre, of intents, and of weekdays that are measured."""
    days, found = open_days(scenario), []
    held, both = "contacts" in observed.hold, by_intent_and_weekday(observed)
    for item in observed.contacts.items() if observed.contacts is not None else ():
        if item.weekdays is None:
            target = FigureTarget("contacts", item.intent, "offered", item.figure.value, item.figure.unit)
            found.append(replace(target, place=item.place, held=held))
        elif not item.intent:
            target = FigureTarget("contacts", "", "offered", item.figure.value, item.figure.unit, item.place)
            found += [replace(target, day=day, held=held) for day in item.weekdays if days[day]]
    for intent, week in both.items():
        mean = sum(days[day] * count for day, count in week.items()) / max(float(days.sum()), 1.0)
        found.append(FigureTarget("contacts", intent, "offered", mean, 1.0, intent, held=held))
    if set(both) == set(scenario.intents):
        for day in measured_weekdays(scenario, observed):
            total = sum(week[day] for week in both.values())
            found.append(FigureTarget("contacts", "", "offered", total, 1.0, WEEKDAYS[day], day, held))
    return found


def level_of(scenario: Scenario, observed: Observed) -> ServiceLevel:
    """Return the service level by which the report counts: what it leaves open is that of the targets."""
    target, level = scenario.targets.service_level, observed.service_level
    if level is None:
        return target
    within = target.within if level.within is None else level.within
    definition = level.definition or target.definition
    return target.model_copy(update={"share": level.share.value, "within": within, "definition": definition})


def values_of(targets: Sequence[FigureTarget], result: ScenarioResult) -> Floats:
    """Return the model's figures, (targets,); nan where it has none."""
    return np.array([_estimate(target, result)[0] for target in targets])


def _estimate(target: FigureTarget, result: ScenarioResult) -> tuple[float, float, float]:
    """Return the model's figure with the ends of its interval."""
    estimate, at = _contacts_of(target, result) if target.name == "contacts" else _measured(target, result)
    return float(estimate.mean[at]), float(estimate.low[at]), float(estimate.high[at])


def _measured(target: FigureTarget, result: ScenarioResult) -> tuple[Estimate, int]:
    if not target.intent:
        return result.estimates[target.measure], 0
    at = list(result.labels["intent"]["intent"]).index(target.intent)
    return result.slices["intent"][target.measure], at


def _contacts_of(target: FigureTarget, result: ScenarioResult) -> tuple[Estimate, int]:
    """Return contacts a day, as many for each first contact as were met, times the first contacts expected.

    So the luck of how many first contacts so few days brought is left out.
    """
    offered, first = (_summed(target, result, measure) for measure in ("offered", "demand"))
    days = open_days(result.scenario)
    count = max(float(days.sum() if target.day is None else days[target.day]), 1.0)
    expected = _expected(target, result.scenario)
    if expected is None or not first.mean[0] > 0:
        return Estimate(offered.mean / count, offered.replicates / count), 0
    ratio = offered.mean / first.mean
    luck = (offered.replicates - ratio * first.replicates) * expected / first.mean / count
    return Estimate(ratio * expected / count, luck, 0.0), 0


def _summed(target: FigureTarget, result: ScenarioResult, measure: str) -> Estimate:
    """Return a number over the cells that a target is of, as one cell."""
    if target.day is None:
        estimate, at = _measured(replace(target, measure=measure), result)
        return estimate.at(np.array([at]))
    dates = [dt.date.fromisoformat(str(day)) for day in result.labels["day"]["day"]]
    cells = np.array([k for k, date in enumerate(dates) if date.weekday() == target.day])
    estimate = result.slices["day"][measure].at(cells)
    return Estimate(estimate.mean.sum(keepdims=True), estimate.replicates.sum(axis=1, keepdims=True))


def _expected(target: FigureTarget, scenario: Scenario) -> float | None:
    """Return the first contacts expected on the days measured; None where some come out of hours."""
    if scenario.bot is not None and scenario.bot.hours is not None and scenario.bot.out_of_hours > 0:
        return None
    rows = [row for name, row in first_contacts(scenario).items() if target.intent in ("", name)]
    return float(sum(row.sum() if target.day is None else row[target.day] for row in rows))


def returns_of(result: ScenarioResult) -> dict[str, float]:
    """Return the first contacts and the contacts that reach agents, on an open day of the model."""
    offered, at = _contacts_of(FigureTarget("contacts", "", "offered", 1.0, 1.0), result)
    whole = sum(row.sum() for row in first_contacts(result.scenario).values())
    days = max(float(open_days(result.scenario).sum()), 1.0)
    return {"first_contacts": float(whole) / days, "offered": float(offered.mean[at])}


def gaps_of(targets: Sequence[FigureTarget], result: ScenarioResult, given_up: Collection[int] = ()) -> list[Gap]:
    """Return every figure beside the model's, with its verdict; those given up are named by their number."""
    return [_gap(target, *_estimate(target, result), number in given_up) for number, target in enumerate(targets)]


def _gap(target: FigureTarget, model: float, low: float, high: float, given_up: bool) -> Gap:
    low, high = (end if math.isfinite(end) else model for end in (low, high))
    return Gap(
        figure=target.name,
        intent=target.intent,
        measure=target.measure if target.measure in OF_SWITCH else "",
        weekday="" if target.day is None else WEEKDAYS[target.day],
        held=target.held,
        yours=target.value,
        unit=target.unit,
        model=model,
        low=low,
        high=high,
        verdict=_verdict(target, model, low, high, given_up),
    )


def _verdict(target: FigureTarget, model: float, low: float, high: float, given_up: bool) -> Verdict:
    half, apart = target.unit / 2 + 1e-9, abs(model - target.value)
    if low - half <= target.value <= high + half:
        return "met"
    if apart <= target.near:
        return "near"
    return "given up" if given_up and apart <= MOST_GIVEN_UP * target.near else "contradictory"
