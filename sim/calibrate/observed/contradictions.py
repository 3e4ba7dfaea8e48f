"""Figures that contradict each other: which gives way, and what is said of it."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from sim.calibrate.observed.figures import DURATIONS, FigureTarget
from sim.errors import Problem, ScenarioError
from sim.scenario.model import Scenario
from sim.scenario.observed import FIGURES, SCALE_PARAMETERS, FitOutcome, Gap
from sim.schema.formatting import duration_words

Floats = npt.NDArray[np.float64]
NAMES = {name: name.replace("_", " ") for name in FIGURES} | {"aht": "AHT", "asa": "ASA", "fcr": "FCR"}
PARAMETER_WORDS = {name: name.replace("_", " ") for name in SCALE_PARAMETERS}
LEAST_SURE_FIRST = ("fcr", "occupancy", "service_level", "asa", "abandonment", "aht", "contacts")
"""A survey or a rule; a ratio with a definition of its own in every suite; counts and times of the ACD itself."""
INVOLVED = 0.3
"""A gap from this part of a near one on shows that a figure is one of those that cannot hold together."""
MANY_RETURNS = 1.05
"""Contacts for each first contact from which on it may matter that arrivals are first contacts."""


def least_sure(targets: Sequence[FigureTarget], gaps: Floats, given_up: Collection[int]) -> int | None:
    """Return the figure to give up where some are further off than near: the least sure of those that are off.

    None where all are near, or where nothing is left to give up.
    """
    off = {
        number: abs(target.value_at(float(gaps[number])) - target.value) / target.near
        for number, target in enumerate(targets)
        if number not in given_up
    }
    if len(off) < 2 or max(off.values()) <= 1.0:
        return None
    involved = [number for number, gap in off.items() if gap > INVOLVED and not targets[number].held]
    return min(involved, key=lambda number: LEAST_SURE_FIRST.index(targets[number].name), default=None)


def refuse(document: Scenario, outcome: FitOutcome) -> None:
    """Raise `ScenarioError` where a figure is further off than near: a problem for each such figure."""
    far = [gap for gap in outcome.gaps if gap.verdict == "contradictory"]
    if far:
        raise ScenarioError([_problem(document, gap, outcome, last=gap is far[-1]) for gap in far])


def refuse_empty(document: Scenario, targets: Sequence[FigureTarget], values: npt.NDArray[np.float64]) -> None:
    """Raise `ScenarioError` where the model has nothing to measure a figure by."""
    empty = [target for target, value in zip(targets, values.tolist(), strict=True) if not math.isfinite(value)]
    if empty:
        words = "has nothing to be compared with"
        fix = "In the model no such contact is answered: check agents and skills"
        raise ScenarioError([_problem_at(document, target.path, words, fix) for target in empty])


def _problem(document: Scenario, gap: Gap, outcome: FitOutcome, last: bool) -> Problem:
    path = f"observed.{place_of(gap)}"
    others = [other for other in outcome.gaps if other is not gap]
    words = (
        f"contradicts {'the other figures' if others else 'the scenario'}: the model comes to {shown(gap, gap.model)}"
    )
    words += f", {distance(gap)}"
    if place_of(gap) in outcome.given_up:
        words += ". It is the least sure of those that cannot hold together, and was given up"
    return _problem_at(document, path, words, _way_out(document, outcome) if last else "")


def _way_out(document: Scenario, outcome: FitOutcome) -> str:
    nearest = ", ".join(f"{named(gap)} {shown(gap, gap.model)}" for gap in outcome.gaps)
    words = f"The nearest that can be met together: {nearest}"
    observed = document.observed
    assert observed is not None
    names = list(dict.fromkeys(PARAMETER_WORDS[rescaling.dial] for rescaling in outcome.turns))
    rescaled = f", with {_listed(names)} rescaled" if names else ""
    could = observed.model_copy(update={"free": SCALE_PARAMETERS}).rescaled()
    not_free = [PARAMETER_WORDS[name] for name in could if name not in observed.free]
    free = f", or let {_listed(not_free)} be rescaled too (observed.free)" if not_free else ""
    least = min((gap.figure for gap in outcome.gaps if gap.verdict != "met"), key=LEAST_SURE_FIRST.index)
    blamed = f" (of these {NAMES[least]})" if len(outcome.gaps) > 1 else ""
    correct = f"Correct the figure that is least sure{blamed}, or what the file says beside them{free}"
    return ". ".join([f"{words}{rescaled}", *repeats_counted(outcome), correct])


def repeats_counted(outcome: FitOutcome) -> list[str]:
    """Ask whether arrivals count repeats, where too many contacts come out, or queues that are too long."""
    first, offered = outcome.first_contacts, outcome.offered
    if not first or offered < MANY_RETURNS * first:
        return []
    if not any(_too_much(gap) for gap in outcome.gaps if gap.verdict != "met"):
        return []
    words = f"Arrivals are first contacts: of {first:,.0f} a day, returns make {offered:,.0f} that reach agents"
    counted = any(gap.figure == "contacts" for gap in outcome.gaps)
    give = "let arrivals be rescaled" if counted else "give what the ACD counts as observed.contacts"
    return [f"{words}: does per_day count repeats? Then {give}"]


def _too_much(gap: Gap) -> bool:
    """Whether a figure is off in the way in which too many contacts put it off."""
    more = gap.model > gap.yours
    return gap.figure in ("contacts", "asa", "abandonment", "occupancy") if more else gap.figure == "service_level"


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), *words[-1:]] if len(words) > 1 else words)


def _problem_at(document: Scenario, path: str, message: str, fix: str) -> Problem:
    origins = document.origins
    place = next((origins[key] for key in (path, path.rpartition(".")[0], "observed") if key in origins), None)
    file, line = (place.file, place.line) if place is not None else (document.name, None)
    return Problem(file, line, None, path, _text_of(document, path), message, fix or None)


def _text_of(document: Scenario, path: str) -> str | None:
    observed = document.observed
    figures = observed.figures() if observed is not None else []
    by_path = {f"observed.{name}.{intent}".rstrip("."): figure.text for name, intent, figure in figures}
    return by_path.get(path)


def place_of(gap: Gap) -> str:
    """The key path of a figure below `observed`."""
    return ".".join(part for part in (gap.figure, gap.intent or gap.weekday) if part)


def named(gap: Gap) -> str:
    """A figure by its name, such as "AHT of billing"."""
    of = gap.intent or gap.weekday
    return f"{NAMES[gap.figure]} of {of}" if of else NAMES[gap.figure]


def shown(gap: Gap, value: float) -> str:
    """A value of a figure, such as 4m12s, 84.0 % or 2,600."""
    if gap.figure == "contacts":
        return f"{value:,.0f}"
    if gap.figure in DURATIONS:
        return duration_words(round(value, 0 if value >= 10 else 1))
    return f"{100 * value:.1f} %"


def distance(gap: Gap) -> str:
    """By how much the model's figure is off, such as "7.9 points lower"."""
    apart = abs(gap.model - gap.yours)
    amount = shown(gap, apart) if gap.figure in (*DURATIONS, "contacts") else f"{100 * apart:.1f} points"
    return f"{amount} {'lower' if gap.model < gap.yours else 'higher'}"
