"""What columns of exports are usually called, and what those names can mean; the table that all layouts share.

Names are compared by the words they have (`names.understood`), so that one entry stands for every way of writing it:
``calls offered`` is CallsOffered, contacts_offered, "Offered Calls" and "# of calls offered" without its mark.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.calibrate.reading.contact_fields import CALLS
from sim.calibrate.reading.interval_fields import INTERVALS
from sim.calibrate.reading.item_fields import ITEMS
from sim.calibrate.reading.names import Field, Kind, understood

UNSURE: Mapping[Kind, Mapping[str, tuple[str, str]]] = {
    "intervals": {
        "handle time": ("handle", "aht"),
        "talk": ("talk", "mean_talk"),
        "talk time": ("talk", "mean_talk"),
        "acd time": ("talk", "mean_talk"),
        "agent interaction time": ("talk", "mean_talk"),
        "conversation time": ("talk", "mean_talk"),
        "hold": ("hold", "mean_hold"),
        "hold time": ("hold", "mean_hold"),
        "customer hold time": ("hold", "mean_hold"),
        "wrap up": ("wrap_up", "mean_wrap_up"),
        "wrap up time": ("wrap_up", "mean_wrap_up"),
        "answer time": ("wait_answered", "asa"),
        "abandon time": ("wait_abandoned", "time_to_abandon"),
    },
    "calls": {
        "duration": ("total", "service"),
        "call duration": ("total", "service"),
        "call length": ("total", "service"),
        "length": ("total", "service"),
        "call length time": ("total", "service"),
        "conversation duration": ("total", "service"),
    },
    "items": {},
}
"""Names that can mean either of two fields: the numbers tell which (`intervals`, `contact_times`), or it is asked."""

FIELDS: Mapping[Kind, Mapping[str, Field]] = {"intervals": INTERVALS, "calls": CALLS, "items": ITEMS}


def fields_by_words(kind: Kind) -> dict[frozenset[str], list[str]]:
    """The fields that a set of words can mean, in the order of the table."""
    found: dict[frozenset[str], list[str]] = {}
    for ours, about in FIELDS[kind].items():
        for name in (ours, *about.names):
            fields = found.setdefault(understood(name).words, [])
            if ours not in fields:
                fields.append(ours)
    return found


BY_WORDS: Mapping[Kind, Mapping[frozenset[str], list[str]]] = {kind: fields_by_words(kind) for kind in FIELDS}
JOINED = {understood(name).joined for fields in FIELDS.values() for about in fields.values() for name in about.names}


def is_usual(name: str) -> bool:
    """Whether a column's name is one of those that columns of exports have."""
    words = understood(name).words
    if not words or words <= {"time", "to", "n"}:
        return words == {"time"}
    unsure = any(words == understood(usual).words for names in UNSURE.values() for usual in names)
    return unsure or any(words in names for names in BY_WORDS.values()) or one_word(name) in JOINED


def one_word(name: str) -> str:
    """A name that is written as one word, such as CALLSOFFERED, in small letters; empty for any other."""
    plain = name.strip()
    return understood(plain).joined if plain.isalpha() and (plain.isupper() or plain.islower()) else ""
