"""A fitted scenario as files: YAML that says beside each number where it comes from, and its tables as CSV."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.calibrate.fits.estimate import FittedNumber
from sim.calibrate.fits.patience import PatienceFit
from sim.calibrate.fits.whole import FittedCentre
from sim.schema.calendar import WEEKDAYS
from sim.schema.values import time_text

COLUMN = 34
PLAIN = re.compile(r"[a-z][a-z0-9_/.%-]*|[0-9.]+(s|m|h|%)|[0-9-]{10}")
LEFT_TO_YOU = (
    "# An export does not tell whether a contact resolved anything: intents.X.resolution is ccsim's default, and",
    "# repeats, frustration and fatigue are off. A bot on top of this looks better than it is until they are set",
    "# (docs/evidence.md).",
    "",
    "# ccsim staff and ccsim targets need targets, and costs for money:",
    "# targets: {service_level: 80/20, abandonment: 5%}",
    "# costs: {agent_hour: 32}",
)
YAML_WORDS = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")


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


def files_of(document: Mapping[str, Any], fits: FittedCentre, folder: str, heading: str, description: str) -> Files:
    """Write a scenario down.

    Parameters
    ----------
    document : of `document_of`.
    folder : in which the tables stand, relative to the scenario.
    heading : first line, a comment.
    """
    tables: dict[str, str] = {}
    lines = [
        f"# {heading}",
        "schema_version: 1",
        f"name: {_text(document['name'])}",
        f"description: {_text(description)}",
        "",
        *_calendar(document["calendar"]),
        "",
        *_arrivals(document, fits, folder, tables),
        "",
        "intents:",
        *(line for name in document["intents"] for line in _intent(document, fits, name, folder, tables)),
        *_customers(document, fits),
        "",
        *_agents(document, fits, folder, tables),
        "",
        *LEFT_TO_YOU,
        "",
        "run: {seed: 1, replications: 50}",
    ]
    return Files("\n".join(lines) + "\n", tables)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if isinstance(value, str):
        return value if PLAIN.fullmatch(value) and value not in YAML_WORDS else _text(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _line(key: str, value: Any, comment: str = "", indent: int = 2) -> str:
    text = f"{' ' * indent}{key}: {_flow(value)}"
    return f"{text:<{COLUMN}}  # {comment}" if comment else text


def _span(fitted: FittedNumber, unit: str = "") -> str:
    """An interval in words; nothing where it is not known."""
    if fitted.low != fitted.low:
        return ""
    return f"{fitted.low:.3g} to {fitted.high:.3g}{unit}"


def _calendar(section: Mapping[str, Any]) -> Iterator[str]:
    yield "calendar:"
    yield from (_line(key, value) for key, value in section.items())


def _arrivals(document: Mapping[str, Any], fits: FittedCentre, folder: str, tables: dict[str, str]) -> Iterator[str]:
    section, names = document["arrivals"], list(document["intents"])
    step = int(fits.arrivals.interval_s)
    rows = [",".join(["date", "time", *names])]
    for date, columns in section["file"]["counts"].items():
        first = _first(document, date)
        for number, cells in enumerate(zip(*(columns[name] for name in names), strict=True)):
            rows.append(",".join([date, time_text(first + number * step), *(f"{cell:g}" for cell in cells)]))
    tables["arrivals.csv"] = "\n".join(rows) + "\n"
    redials = "; redials are not in it, they come of customers.redial" if fits.redial is not None else ""
    yield "arrivals:"
    yield _line("file", f"{folder}/arrivals.csv", f"contacts expected by weekday, interval and intent{redials}")
    yield _line("process", section["process"])
    day, interval = fits.arrivals.busyness_cv, fits.arrivals.interval_cv
    yield _line("busyness_cv", section["busyness_cv"], f"{_span(day)}: how far days stray, beyond Poisson")
    yield _line("interval_cv", section["interval_cv"], f"{_span(interval)}: how far intervals stray within their day")


def _first(document: Mapping[str, Any], date: str) -> int:
    """When a date opens, in seconds."""
    hours = document["calendar"]["hours"][WEEKDAYS[dt.date.fromisoformat(date).weekday()]]
    hour, minute = hours.split("-")[0].split(":")
    return int(hour) * 3600 + int(minute) * 60


def _intent(
    document: Mapping[str, Any], fits: FittedCentre, name: str, folder: str, tables: dict[str, str]
) -> Iterator[str]:
    section = document["intents"][name]
    place = fits.who.intents.index(name)
    about = " ".join(fits.who.about[place].split())
    yield f"  {name}:{' ' * max(COLUMN - len(name) - 3, 1)}  # {about}"
    yield _line("skill", section["skill"], indent=4)
    talk, fit = dict(section["talk_time"]), fits.talk[name]
    profile = talk.pop("profile", None)
    yield "    talk_time:"
    yield _line("distribution", talk.pop("distribution"), _distances(fit.distances), 6)
    yield _line("mean", talk.pop("mean"), f"{_span(fit.mean, ' s')}; {fit.contacts:,} contacts".strip("; "), 6)
    for key, value in talk.items():
        yield _line(key, value, _span(fit.cv) if key == "cv" else "", 6)
    if profile is not None:
        yield f"      profile: {_profile(profile, place == 0)}"
    yield _line("wrap_up", section["wrap_up"], indent=4)
    if "patience" in section:
        yield _patience(section["patience"], fits.patience[name], name, folder, tables)
    if "head_start" in section:
        yield _line("head_start", section["head_start"], "as the caller or the layout says", 4)


def _patience(law: Mapping[str, Any], fit: PatienceFit, name: str, folder: str, tables: dict[str, str]) -> str:
    if law["distribution"] == "empirical":
        file = f"patience_{name}.csv"
        tables[file] = "\n".join(["seconds", *(f"{point:g}" for point in law["points"])]) + "\n"
        law = {"distribution": "empirical", "file": f"{folder}/{file}"}
    return _line("patience", law, f"{fit.gave_up:,} of {fit.waited:,} who waited gave up", 4)


def _distances(distances: Mapping[str, float]) -> str:
    words = ", ".join(f"{law} {distance:.2f}" for law, distance in distances.items())
    return f"largest distance to the sample: {words}" if words else ""


def _profile(profile: Mapping[str, Any], first: bool) -> str:
    """Talk over the day, once for all intents; weekdays that are alike on one line."""
    if not first:
        return "*by_time"
    alike: dict[str, list[str]] = {}
    for weekday, values in profile.items():
        alike.setdefault(_flow(values), []).append(weekday)
    return "&by_time {" + ", ".join(f'"{",".join(days)}": {values}' for values, days in alike.items()) + "}"


def _customers(document: Mapping[str, Any], fits: FittedCentre) -> Iterator[str]:
    section = document["customers"]
    if not section:
        return
    yield ""
    yield "customers:"
    if "balk" in section:
        yield _line("balk", section["balk"], "of those who would have to wait")
    if "redial" in section and fits.redial is not None:
        known = f"{fits.redial.known:.0%} of contacts have a known customer"
        yield _line("redial", section["redial"], f"probability {_span(fits.redial.probability)}; {known}")
        yield _line("max_attempts", section["max_attempts"])


def _agents(document: Mapping[str, Any], fits: FittedCentre, folder: str, tables: dict[str, str]) -> Iterator[str]:
    groups = document["agents"]
    step = int(fits.arrivals.interval_s)
    rows = [",".join(["date", "time", *groups])]
    counts = {name: group["staff"]["file"]["counts"] for name, group in groups.items()}
    for date in next(iter(counts.values())):
        first = _first(document, date)
        for number, cells in enumerate(zip(*(counts[name][date] for name in groups), strict=True)):
            rows.append(",".join([date, time_text(first + number * step), *(str(cell) for cell in cells)]))
    tables["staffing.csv"] = "\n".join(rows) + "\n"
    yield "agents:"
    for name, group in groups.items():
        yield f"  {name}:"
        yield _line("skills", group["skills"], indent=4)
        yield _line("picks", group["picks"], indent=4)
        yield _line("staff", {"file": f"{folder}/staffing.csv"}, indent=4)
