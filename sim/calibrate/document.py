"""Fitted numbers to a scenario: plain data that `sim.loads` reads, and files that say where each number comes from.

In the plain data tables stand as they do in a manifest; beside the YAML they are CSV.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate.fits.abandonment import PatienceFit
from sim.calibrate.fits.agents import whole_agents
from sim.calibrate.fits.arrivals import Span
from sim.calibrate.fits.centre import FittedCentre
from sim.calibrate.fits.estimate import FittedNumber, Floats
from sim.calibrate.fits.talk import TalkFit, weibull_shape
from sim.schema.calendar import WEEKDAYS
from sim.schema.values import time_text

FLAT = 0.005
COLUMN = 34
"""Where comments begin."""
PLAIN = re.compile(r"[a-z][a-z0-9_/.%-]*|[0-9.]+(s|m|h|%)|[0-9-]{10}")
YAML_WORDS = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")
BLOCKS = re.compile(r"\w+|(intents|agents)\.\w+|intents\.\w+\.talk_time")
"""What is written over several lines; all else on one."""
LEFT_TO_YOU = (
    "# An export does not tell whether a contact resolved anything: intents.X.resolution is ccsim's default, and",
    "# repeats, frustration and fatigue are off. A bot on top of this looks better than it is until they are set",
    "# (docs/evidence.md).",
    "",
    "# ccsim staff and ccsim targets need targets, and costs for money:",
    "# targets: {service_level: 80/20, abandonment: 5%}",
    "# costs: {agent_hour: 32}",
)
Whole = Mapping[dt.date, npt.NDArray[np.int64]]


@dataclass(frozen=True)
class Period:
    """The days that a scenario is about.

    Attributes
    ----------
    dates : consecutive.
    spans : opening intervals (first, last) by weekday, Monday first; None where it is closed.
    interval_s : length of an interval.
    """

    dates: pd.DatetimeIndex
    spans: tuple[Span | None, ...]
    interval_s: float

    @property
    def open_dates(self) -> list[tuple[pd.Timestamp, Span]]:
        """The dates on which the centre is open, and when."""
        pairs = ((date, self.spans[date.day_of_week]) for date in self.dates)
        return [(date, span) for date, span in pairs if span is not None]

    @property
    def calendar(self) -> dict[str, Any]:
        """The section of a scenario."""
        hours = {name: self._hours(span) for name, span in zip(WEEKDAYS, self.spans, strict=True)}
        return {
            "start": self.dates[0].date().isoformat(),
            "days": len(self.dates),
            "hours": hours,
            "interval": f"{round(self.interval_s / 60)}m",
            "at_close": "drain",
        }

    def _hours(self, span: Span | None) -> str:
        return "closed" if span is None else "-".join(time_text(edge * self.interval_s) for edge in span)


@dataclass(frozen=True)
class DocumentOptions:
    """What the fits leave open.

    Attributes
    ----------
    staff_factor : agents on the queue, times the mean seen.
    plain_patience : take exponential patience whatever the shape.
    busyness_cv : spread of days; None for that of the fit.
    heads : whole agents, (groups, 7, intervals), of a small centre; None where a factor is enough.
    patience_s : mean patience where the export does not tell it; nan where it does.
    patience_factor : times the patience fitted, where the export does not tell how long those waited who gave up.
    """

    staff_factor: float = 1.0
    plain_patience: bool = False
    busyness_cv: float | None = None
    heads: Floats | None = field(default=None, compare=False)
    patience_s: float = math.nan
    patience_factor: float = 1.0


def rounded(value: float, digits: int = 4) -> float:
    """A number with so many figures."""
    return float(f"{value:.{digits}g}")


def seconds_text(value: float) -> str:
    """A duration as a file writes it."""
    return f"{rounded(value):g}s"


def period_of(fits: FittedCentre, dates: pd.DatetimeIndex) -> Period:
    """Some dates with the opening hours that were fitted."""
    return Period(dates, fits.arrivals.spans, fits.arrivals.interval_s)


def document_of(name: str, fits: FittedCentre, period: Period, staff: Whole, choice: DocumentOptions) -> dict[str, Any]:
    """The scenario of a period."""
    profile = _profile(fits.talk_by_time, period)
    return {
        "schema_version": 1,
        "name": name,
        "calendar": period.calendar,
        "arrivals": _arrivals(fits, period, choice),
        "intents": {intent: _intent(fits, number, profile, choice) for number, intent in enumerate(fits.who.intents)},
        "customers": _customers(fits),
        "agents": _agents(fits, staff),
    }


def staff_of(fits: FittedCentre, period: Period, choice: DocumentOptions, presence: Floats | None = None) -> Whole:
    """Whole agents by open date, (groups, opening intervals) each.

    Parameters
    ----------
    choice : whole heads, or a factor by which the mean seen is taken.
    presence : (groups, days, intervals) of these dates; those of the weekday when left out.
    """
    usual = fits.presence if choice.heads is None else choice.heads / choice.staff_factor
    staff = {}
    for date, (first, last) in period.open_dates:
        day = usual[:, date.day_of_week] if presence is None else presence[:, (date - period.dates[0]).days]
        staff[date.date()] = whole_agents(choice.staff_factor * day[:, first:last], fits.who.takes)
    return staff


def _arrivals(fits: FittedCentre, period: Period, choice: DocumentOptions) -> dict[str, Any]:
    fit, counts = fits.arrivals, {}
    for date, (first, last) in period.open_dates:
        cells = fit.expected[date.day_of_week, first:last]
        columns = {
            name: [rounded(float(contacts)) for contacts in cells[:, number]] for number, name in enumerate(fit.intents)
        }
        counts[date.date().isoformat()] = columns
    cv = fit.busyness_cv.value if choice.busyness_cv is None else choice.busyness_cv
    return {
        "file": {"path": "arrivals.csv", "counts": counts},
        "process": "poisson",
        "busyness_cv": rounded(cv, 3),
        "interval_cv": rounded(fit.interval_cv.value, 3),
    }


def _intent(fits: FittedCentre, number: int, profile: Any, choice: DocumentOptions) -> dict[str, Any]:
    name, head_start = fits.who.intents[number], fits.who.head_start_s[number]
    section: dict[str, Any] = {
        "skill": fits.who.skill[number],
        "talk_time": _talk(fits.talk[name], profile),
        "wrap_up": _wrap_up(fits, fits.wrap_up_s[name].value),
    }
    if fits.patience[name].law != "unknown":
        section["patience"] = _patience(fits.patience[name], choice.plain_patience)
    return section | ({"head_start": seconds_text(head_start)} if head_start else {})


def _talk(fit: TalkFit, profile: Any) -> dict[str, Any]:
    """The law with the sample's mean and spread."""
    law = {"distribution": fit.law, "mean": seconds_text(max(fit.mean.value, 1.0))}
    return law | _shape(fit.law, fit.cv.value) | ({"profile": profile} if profile is not None else {})


def _shape(law: str, cv: float) -> dict[str, float]:
    """How a law is told its spread."""
    cv = max(cv, 0.01)
    return {"shape": rounded(weibull_shape(cv), 3)} if law == "weibull" else {"cv": rounded(cv, 3)}


def _wrap_up(fits: FittedCentre, mean_s: float) -> Any:
    """The mean; with its law and spread where it is inferred from the gaps of agents."""
    if (inferred := fits.wrap_up_fit) is None or not inferred.known:
        return seconds_text(mean_s)
    return {"distribution": inferred.law, "mean": seconds_text(max(mean_s, 0.1))} | _shape(inferred.law, inferred.cv)


def _patience(fit: PatienceFit, plain: bool) -> Any:
    if fit.law == "empirical" and not plain:
        return {"distribution": "empirical", "points": list(fit.points)}
    if fit.law == "weibull" and not plain:
        mean, shape = fit.weibull_mean.value, rounded(fit.weibull_shape.value, 3)
        return {"distribution": "weibull", "mean": seconds_text(mean), "shape": shape}
    return {"distribution": "exponential", "mean": seconds_text(fit.exponential_mean.value)}


def _profile(by_time: Floats, period: Period) -> Any:
    """A profile by weekday, over the opening intervals of each; None where talk does not change over the day."""
    if np.allclose(by_time, 1.0, atol=FLAT):
        return None
    return {
        name: [rounded(float(value), 3) for value in by_time[slice(*span)]] if span is not None else 1
        for name, span in zip(WEEKDAYS, period.spans, strict=True)
    }


def _customers(fits: FittedCentre) -> dict[str, Any]:
    """Balking, and calling again after giving up."""
    section: dict[str, Any] = {"balk": rounded(fits.balk, 3)} if fits.balk > 0 else {}
    if fits.redial is not None:
        again = fits.redial
        section["redial"] = {
            "probability": rounded(again.probability.value, 3),
            "delay": seconds_text(again.delay_s.value),
            "next_day": rounded(again.next_day.value, 3),
        }
        section["max_attempts"] = "unlimited"
    return section


def _agents(fits: FittedCentre, staff: Whole) -> dict[str, Any]:
    who, section = fits.who, {}
    for number, group in enumerate(who.groups):
        skills = list(dict.fromkeys(s for s, takes in zip(who.skill, who.takes[number], strict=True) if takes))
        counts = {day.isoformat(): [int(count) for count in rows[number]] for day, rows in staff.items()}
        staffing = {"file": {"path": "staffing.csv", "counts": counts}}
        section[group] = {"skills": skills, "picks": "longest_wait", "staff": staffing}
    return section


# Files --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Files:
    """A scenario as text.

    Attributes
    ----------
    scenario : the YAML.
    tables : CSV by file name; they stand in the folder that the scenario names.
    """

    scenario: str
    tables: dict[str, str]


class Verbatim(str):
    """A value that is YAML already."""


def files_of(document: Mapping[str, Any], fits: FittedCentre, folder: str, heading: str, description: str) -> Files:
    """Write a scenario down.

    Parameters
    ----------
    document : of `document_of`.
    folder : in which the tables stand, relative to the scenario.
    heading : first line, a comment.
    """
    tables: dict[str, str] = {}
    named, comments = _with_tables(document, int(fits.arrivals.interval_s), folder, tables), _comments(fits)
    lines = [
        f"# {heading}",
        "schema_version: 1",
        f"name: {_quoted(document['name'])}",
        f"description: {_quoted(description)}",
    ]
    for section in ("calendar", "arrivals", "intents", "customers", "agents"):
        if named[section]:
            lines += ["", *_lines({section: named[section]}, comments)]
    lines += ["", *LEFT_TO_YOU, "", "run: {seed: 1, replications: 50}"]
    return Files("\n".join(lines) + "\n", tables)


def _lines(section: Mapping[str, Any], comments: Mapping[str, str], path: str = "", indent: int = 0) -> Iterator[str]:
    for key, value in section.items():
        here, text = f"{path}{key}", f"{' ' * indent}{key}:"
        if BLOCKS.fullmatch(here) and isinstance(value, Mapping):
            yield f"{text + ' ':<{COLUMN}}  # {comments[here]}" if here in comments else text
            yield from _lines(value, comments, f"{here}.", indent + 2)
        else:
            text = f"{text} {_flow(value)}"
            yield f"{text:<{COLUMN}}  # {comments[here]}" if comments.get(here) else text


def _flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if isinstance(value, str):
        plain = isinstance(value, Verbatim) or (PLAIN.fullmatch(value) and value not in YAML_WORDS)
        return value if plain else _quoted(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _with_tables(document: Mapping[str, Any], step: int, folder: str, tables: dict[str, str]) -> dict[str, Any]:
    """The scenario with the names of files in the place of tables, which are added to `tables` as CSV."""
    names, groups = list(document["intents"]), document["agents"]
    counts = document["arrivals"]["file"]["counts"]
    tables["arrivals.csv"] = _csv(document, step, names, counts)
    staffed = {name: group["staff"]["file"]["counts"] for name, group in groups.items()}
    dates = next(iter(staffed.values()))
    by_date = {date: {name: staffed[name][date] for name in groups} for date in dates}
    tables["staffing.csv"] = _csv(document, step, list(groups), by_date)
    staff = {"file": f"{folder}/staffing.csv"}
    intents = {name: _named_intent(name, document["intents"][name], name == names[0], folder, tables) for name in names}
    return {
        **document,
        "arrivals": document["arrivals"] | {"file": f"{folder}/arrivals.csv"},
        "intents": intents,
        "agents": {name: group | {"staff": staff} for name, group in groups.items()},
    }


def _csv(document: Mapping[str, Any], step: int, names: list[str], counts: Mapping[str, Mapping[str, Any]]) -> str:
    """Counts by date and interval, a column a name."""
    rows = [",".join(["date", "time", *names])]
    for date, columns in counts.items():
        hours = document["calendar"]["hours"][WEEKDAYS[dt.date.fromisoformat(date).weekday()]]
        hour, minute = hours.split("-")[0].split(":")
        opens = int(hour) * 3600 + int(minute) * 60
        for number, cells in enumerate(zip(*(columns[name] for name in names), strict=True)):
            rows.append(",".join([date, time_text(opens + number * step), *(f"{cell:g}" for cell in cells)]))
    return "\n".join(rows) + "\n"


def _named_intent(
    name: str, section: Mapping[str, Any], first: bool, folder: str, tables: dict[str, str]
) -> dict[str, Any]:
    """An intent with its points of patience in a table, and the profile of talk written once for all intents."""
    named, talk, patience = dict(section), dict(section["talk_time"]), section.get("patience", {})
    if "profile" in talk:
        talk["profile"] = Verbatim(f"&by_time {_alike(talk['profile'])}" if first else "*by_time")
        named["talk_time"] = talk
    if "points" in patience:
        tables[f"patience_{name}.csv"] = "\n".join(["seconds", *(f"{point:g}" for point in patience["points"])]) + "\n"
        named["patience"] = {"distribution": patience["distribution"], "file": f"{folder}/patience_{name}.csv"}
    return named


def _alike(profile: Mapping[str, Any]) -> str:
    """Weekdays that are alike on one line."""
    alike: dict[str, list[str]] = {}
    for weekday, values in profile.items():
        alike.setdefault(_flow(values), []).append(weekday)
    return "{" + ", ".join(f'"{",".join(days)}": {values}' for values, days in alike.items()) + "}"


def _comments(fits: FittedCentre) -> dict[str, str]:
    """What is said beside a number, by its key path."""
    redial, arrivals = fits.redial, fits.arrivals
    redials = "; redials are not in it, they come of customers.redial" if redial is not None else ""
    comments = {
        "arrivals.file": f"contacts expected by weekday, interval and intent{redials}",
        "arrivals.busyness_cv": f"{_span(arrivals.busyness_cv)}: how far days stray, beyond Poisson",
        "arrivals.interval_cv": f"{_span(arrivals.interval_cv)}: how far intervals stray within their day",
        "customers.balk": "of those who would have to wait",
    }
    if redial is not None:
        known = f"{redial.known:.0%} of contacts have a known customer"
        comments["customers.redial"] = f"probability {_span(redial.probability)}; {known}"
    for name, about in zip(fits.who.intents, fits.who.about, strict=True):
        talk, patience = fits.talk[name], fits.patience[name]
        distances = ", ".join(f"{law} {distance:.2f}" for law, distance in talk.distances.items())
        of_intent = {
            "": " ".join(about.split()),
            ".talk_time.distribution": f"largest distance to the sample: {distances}" if distances else "",
            ".talk_time.mean": f"{_span(talk.mean, ' s')}; {talk.contacts:,} contacts".strip("; "),
            ".talk_time.cv": _span(talk.cv),
            ".patience": f"{patience.gave_up:,} of {patience.waited:,} who waited gave up",
            ".head_start": "as the caller or the layout says",
        }
        comments |= {f"intents.{name}{key}": text for key, text in of_intent.items()}
    return comments


def _span(fitted: FittedNumber, unit: str = "") -> str:
    """An interval in words; nothing where it is not known."""
    return "" if fitted.low != fitted.low else f"{fitted.low:.3g} to {fitted.high:.3g}{unit}"
