"""A fitted scenario as files: YAML that says where each number comes from, and its tables as CSV."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.calibrate.fits.centre import FittedCentre
from sim.calibrate.fits.chats import ChatFit
from sim.calibrate.fits.estimate import FittedNumber
from sim.calibrate.fits.talk import TalkFit
from sim.schema.calendar import WEEKDAYS
from sim.schema.values import time_text

COLUMN = 34
"""Where comments begin."""
PLAIN = re.compile(r"[a-z][a-z0-9_/.%-]*|[0-9.]+(s|m|h|%)|[0-9-]{10}")
YAML_WORDS = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")
BLOCKS = re.compile(r"\w+|(intents|agents)\.\w+|intents\.\w+\.(talk_time|chat)")
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
    named, patience = dict(section), section.get("patience", {})
    for place, length in _lengths(section):
        if "profile" in length:
            text = Verbatim(f"&by_time {_alike(length['profile'])}" if first else "*by_time")
            timed = {**length, "profile": text}
            named |= {"talk_time": timed} if place == "talk_time" else {"chat": {**section["chat"], place: timed}}
    if "points" in patience:
        tables[f"patience_{name}.csv"] = "\n".join(["seconds", *(f"{point:g}" for point in patience["points"])]) + "\n"
        named["patience"] = {"distribution": patience["distribution"], "file": f"{folder}/patience_{name}.csv"}
    return named


def _lengths(section: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Where an intent says how long its contacts take, and what it says."""
    if "talk_time" in section:
        return [("talk_time", section["talk_time"])]
    return [("elapsed", section["chat"]["elapsed"])]


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
    if fits.chats is not None:
        shares = ", ".join(f"{share:.0%} with {level}" for level, share in enumerate(fits.chats.shares, 1))
        seen = f"of the time with chats in hand {shares}" if shares else "as said"
        comments |= {f"agents.{group}.concurrency": seen for group in fits.who.groups}
    if fits.items is not None:
        words = {"due": "as said, or as the log's due times are", "opening_backlog": "open on the log's first morning"}
        comments |= {f"intents.{name}.{key}": text for name in fits.who.intents for key, text in words.items()}
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
        } | _comments_on_chats(fits.chats, name, talk)
        comments |= {f"intents.{name}{key}": text for key, text in of_intent.items()}
    return comments


def _comments_on_chats(chats: ChatFit | None, name: str, talk: TalkFit) -> dict[str, str]:
    """What is said beside the numbers of a chat."""
    if chats is None:
        return {}
    opened, turns = chats.elapsed_s.get(name), _span(chats.ratio)
    beside = f" ({turns} times the customer's, by when chats end)" if turns else ""
    level = "as said" if not chats.at_open else "chats in hand with which the model's are open as long"
    words = {
        ".chat.agent_turn": f"{'published default' if chats.default_law else 'fitted to when chats end'}{beside}",
        ".chat.times": "with 1, 2, ... in hand, by when chats end",
        ".chat.elapsed": f"open, wrap-up in it; {talk.contacts:,} chats",
        ".chat.at": level,
    }
    if math.isnan(chats.at) and opened is not None:
        seen = f"open {opened.value:.0f} s at {chats.mean:.2f} in hand"
        words[".talk_time.mean"] = f"{_span(talk.mean, ' s')}; alone. {talk.contacts:,} chats, {seen}"
    return words


def _span(fitted: FittedNumber, unit: str = "") -> str:
    """An interval in words; nothing where it is not known."""
    return "" if fitted.low != fitted.low else f"{fitted.low:.3g} to {fitted.high:.3g}{unit}"
