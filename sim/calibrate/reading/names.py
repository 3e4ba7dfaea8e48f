"""What a column's name says: its words, whatever way they are written, and the unit, form and zone beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Kind = Literal["intervals", "calls", "items"]
Cells = Literal["stamp", "day", "clock", "moment", "number", "time", "word"]


@dataclass(frozen=True)
class Field:
    """A field of an export.

    Attributes
    ----------
    about : what it is, in words.
    cells : what its cells hold: a date with a time, a date, a time of day, either moment, a number, a time that
        something took, or words.
    usual : names that its column usually has, the most telling first; commas between them.
    """

    about: str
    cells: Cells
    usual: str

    @property
    def names(self) -> tuple[str, ...]:
        """The usual names, one by one."""
        return tuple(name.strip() for name in self.usual.split(","))


PHRASES = (
    (r"after[\s_-]*(?:call|contact|chat)[\s_-]*work|post[\s_-]*(?:call|contact)[\s_-]*(?:processing|work)?", " wrap "),
    (r"\bwrap[\s_-]*up\b|\bwrapup\b|\bacw\b", " wrap "),
    (r"\bdate[\s_-]*(?:and[\s_-]*)?time\b|\btime[\s_-]*stamp\b|\bdatetime\b", " timestamp "),
    (r"\binterval[\s_-]*(?:length|duration|minutes)\b", " intervallength "),
    (r"\b(?:y|yes|true)\s*(?:/|or)\s*(?:n|no|false)\b", " "),
    (r"\btz offset incl\b\.?", " "),
    (r"\bin[\s_-]*queue\b", " inqueue "),
    (r"%", " percent "),
    (r"#", " count "),
)
SAME = {
    "avg": "average mean ave avrg",
    "total": "tot sum totals",
    "contact": "contacts call calls conversation conversations interaction interactions task tasks",
    "count": "number num no nr cnt qty",
    "answer": "answered ans answ answering answers",
    "abandon": "abandoned abandons abandonment aband aban abn abd abandonments",
    "handle": "handled handling hndl",
    "offered": "offer offd",
    "talk": "talking talked talks",
    "hold": "holding held",
    "wrap": "wrapped",
    "wait": "waiting waited waits",
    "queue": "queued queues queuing queueing",
    "time": "duration dur times",
    "agent": "agents",
    "skill": "skills",
    "accept": "accepted",
    "connect": "connected",
    "enqueue": "enqueued",
    "end": "ended ends",
    "start": "started starts begin begins began",
    "disconnect": "disconnected",
    "complete": "completed",
    "receive": "received receives",
}
WORDS = {word: stem for stem, words in SAME.items() for word in words.split()}
SILENT = frozenset(["of", "the", "a", "an", "for", "was", "is", "by", "per", "and"])
SHORT = {
    "asa": ("avg", "speed", "answer"),
    "aht": ("avg", "handle", "time"),
    "att": ("avg", "talk", "time"),
    "ata": ("avg", "time", "to", "abandon"),
}
UNITS = {
    "seconds": "s sec secs second seconds",
    "minutes": "min mins minute minutes",
    "hours": "h hr hrs hours",
    "milliseconds": "ms msec msecs millis millisecond milliseconds",
}
UNIT_WORDS = {word: unit for unit, words in UNITS.items() for word in words.split()}
ZONES = ("utc", "gmt")


@dataclass(frozen=True)
class ColumnName:
    """A column's name, understood.

    Attributes
    ----------
    words : without order, in the field's stems; what a name means.
    joined : its letters and figures alone, in small letters; for names that are written in one.
    unit : seconds, minutes, hours or milliseconds; empty where the name says none.
    form : m:ss, h:mm or h:mm:ss where the name says how its cells are written.
    utc : whether it says that its times are UTC.
    """

    words: frozenset[str]
    joined: str
    unit: str
    form: str
    utc: bool


@lru_cache(maxsize=4096)
def understood(name: str) -> ColumnName:
    """Take a name apart: ``AvgSpeedAns (sec)``, ``avg_speed_ans_s`` and ``Average speed of answer (s)`` are one."""
    text, form = _formless(_spaced(name))
    for pattern, plain in PHRASES:
        text = re.sub(pattern, plain, text)
    words = [word for word in re.split(r"[^a-z0-9\u00e0-\u024f]+", text) if word]
    words, unit = _without_unit(words, name)
    utc = any(word in ZONES for word in words)
    stems: list[str] = []
    for word in words:
        stems += SHORT.get(word, (WORDS.get(word, word),))
    kept = frozenset(stem for stem in stems if stem not in SILENT and stem not in ZONES)
    joined = re.sub(r"[^a-z0-9]", "", name.lower())
    return ColumnName(kept, joined, unit, form, utc)


def _spaced(name: str) -> str:
    """Words apart: camelCase, snake_case and figures."""
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name.strip())
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", name)
    return name.replace("_", " ").replace(".", " ").lower()


def _formless(text: str) -> tuple[str, str]:
    """A name without ``(mm:ss)``, and what that says of its cells."""
    match = re.search(r"\b(h+:m+:s+|h+:m+|m+:s+)(?:[.,]\w+)?\b", text)
    if match is None:
        return text, ""
    form = ":".join(part[0] * (1 if k == 0 else 2) for k, part in enumerate(match[1].split(":")))
    return text.replace(match[0], " "), form


def _without_unit(words: list[str], name: str) -> tuple[list[str], str]:
    """The words without a unit at the end or in brackets, and the unit; a lone `s` counts after another word only."""
    bracketed = re.search(r"[(\[]\s*(?:in\s+)?([a-z]+)\.?\s*[)\]]", name.lower())
    if bracketed and bracketed[1] in UNIT_WORDS and bracketed[1] in words:
        words = [word for word in words if word != bracketed[1]]
        return [word for word in words if word != "in"], UNIT_WORDS[bracketed[1]]
    if len(words) > 1 and words[-1] in UNIT_WORDS:
        unit, words = UNIT_WORDS[words[-1]], words[:-1]
        return (words[:-1] if words[-1] == "in" and len(words) > 1 else words), unit
    return words, ""
