"""Figures as a report shows them: durations, shares and contacts, each of the centre, by intent or by weekday."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, Field, WithJsonSchema, model_serializer

from sim.schema.base import Section
from sim.schema.calendar import DAYS_PATTERN, by_weekday, parse_weekdays
from sim.schema.faults import BadValueError, Fault, bad, raise_any
from sim.schema.values import DURATION_SCHEMA, SHARE_SCHEMA, finite, is_number, parse_duration, parse_share, plain

OFF = "off"
DECIMALS = re.compile(r"\.([0-9]+)")
WHOLE_PERCENT, WHOLE_SECOND, MILLISECOND = 0.01, 1.0, 0.001


class Figure(Section):
    """One figure of a report.

    Attributes
    ----------
    value
        Seconds, or a share from 0 to 1.
    text
        As it is written.
    """

    value: float
    text: str

    @property
    def unit(self) -> float:
        """Return the unit of the last digit given: at most a second, or a percentage point."""
        text = self.text.strip()
        decimals = DECIMALS.findall(text)
        last = 10.0 ** -len(decimals[-1]) if decimals else 1.0
        if text.endswith("%"):
            return last / 100
        if text.endswith("ms"):
            return MILLISECOND
        if text.endswith("s") or ":" in text:
            return last
        return WHOLE_SECOND if text[-1] in "dhm" else min(last, WHOLE_PERCENT)

    @model_serializer(mode="plain", when_used="json")
    def in_file_form(self) -> str:
        """Return what a file would say."""
        return self.text


def read_share(value: Any) -> Figure:
    """Return a share as it is written, with its value from 0 to 1."""
    if isinstance(value, Figure):
        return value
    share = parse_share(value)
    return Figure(value=share, text=plain(value) if is_number(value) else str(value).strip())


def _duration(value: Any) -> Figure:
    if isinstance(value, Figure):
        return value
    seconds = parse_duration(value)
    if seconds == 0:
        raise bad("must be longer than 0s", "Write what the report shows, such as 45s", value)
    return Figure(value=seconds, text=str(value).strip())


class Figures(Section):
    """A figure for the centre as a whole, or one for some of its intents.

    Attributes
    ----------
    centre
        None where they are by intent.
    by_intent
        Empty where there is one for the centre.
    """

    centre: Figure | None = None
    by_intent: dict[str, Figure] = Field(default_factory=dict)

    def items(self) -> list[tuple[str, Figure]]:
        """Return (intent, figure) of each; the intent is empty for the centre."""
        return [("", self.centre)] if self.centre is not None else list(self.by_intent.items())

    @model_serializer(mode="plain", when_used="json")
    def in_file_form(self) -> Any:
        """Return what a file would say."""
        return self.centre.text if self.centre is not None else {k: f.text for k, f in self.by_intent.items()}


def _figures_reader(one: Any) -> Any:
    """Return a reader of a figure, or of a map from intents to figures; an intent may be off."""

    def read(value: Any) -> Figures:
        if isinstance(value, Figures):
            return value
        if not isinstance(value, dict):
            return Figures(centre=one(value))
        by_intent: dict[str, Figure] = {}
        faults: list[Fault] = []
        for name, entry in value.items():
            try:
                by_intent |= {} if entry == OFF else {str(name): one(entry)}
            except BadValueError as error:
                faults += [fault.under(name) for fault in error.faults]
        raise_any(faults)
        if not by_intent:
            raise bad("is an empty map", "Write a figure, or one by intent such as {billing: ...}")
        return Figures(by_intent=by_intent)

    return read


def _centre_only(value: Any) -> Figure:
    if isinstance(value, dict):
        fix = "Agents serve several intents: write one share for the centre, such as 86%"
        raise bad("is a figure of the whole centre", fix, ", ".join(map(str, value)))
    return read_share(value)


def _by_intent(schema: dict[str, Any]) -> dict[str, Any]:
    entries = {"anyOf": [schema, {"const": OFF}]}
    return {"anyOf": [schema, {"type": "object", "additionalProperties": entries, "minProperties": 1}]}


ShareFigure = Annotated[Figure, BeforeValidator(read_share), WithJsonSchema(SHARE_SCHEMA)]
Shares = Annotated[Figures, BeforeValidator(_figures_reader(read_share)), WithJsonSchema(_by_intent(SHARE_SCHEMA))]
Durations = Annotated[Figures, BeforeValidator(_figures_reader(_duration)), WithJsonSchema(_by_intent(DURATION_SCHEMA))]
Occupancy = Annotated[Figure, BeforeValidator(_centre_only), WithJsonSchema(SHARE_SCHEMA)]


# Contacts ---------------------------------------------------------------------

CONTACTS_FIX = "Write contacts offered to agents a day, such as 2600; or by weekday or by intent, such as {mon: 2900}"


class ContactsFigure(NamedTuple):
    """Contacts offered to agents a day.

    Attributes
    ----------
    place : its key path below `contacts`; empty where there is none.
    intent : empty for all intents.
    weekdays : those that it is of, from Monday 0; None for the average over open days.
    figure : how many, on each such day.
    """

    place: str
    intent: str
    weekdays: tuple[int, ...] | None
    figure: Figure


class Contacts(Section):
    """Contacts offered to agents a day: one figure, or a map by weekday, by intent, or by intent and weekday.

    Attributes
    ----------
    entries
        Key path below `contacts` to figure, in the order of the file.
    """

    entries: dict[tuple[str, ...], Figure]

    def items(self) -> Iterator[ContactsFigure]:
        """Yield every figure with what it is of."""
        for keys, figure in self.entries.items():
            days = parse_weekdays(keys[-1]) if keys and _names_weekdays(keys[-1]) else None
            intent = keys[0] if keys and (len(keys) == 2 or days is None) else ""
            yield ContactsFigure(".".join(keys), intent, days, figure)

    @model_serializer(mode="plain", when_used="json")
    def in_file_form(self) -> Any:
        """Return what a file would say."""
        said: dict[str, Any] = {}
        for keys, figure in self.entries.items():
            if not keys:
                return figure.value
            within = said.setdefault(keys[0], {}) if len(keys) == 2 else said
            within[keys[-1]] = figure.value
        return said


def _count(value: Any) -> Figure:
    if isinstance(value, Figure):
        return value
    number = finite(value)
    if number <= 0:
        raise bad("must be more than 0", CONTACTS_FIX, value)
    return Figure(value=number, text=plain(value))


def _names_weekdays(key: Any) -> bool:
    return isinstance(key, str) and re.match(DAYS_PATTERN, key) is not None


def _read_contacts(value: Any) -> Contacts:
    if isinstance(value, Contacts):
        return value
    entries: dict[tuple[str, ...], Figure] = {}
    faults: list[Fault] = []
    _read_entries(value, (), entries, faults)
    raise_any(faults)
    if not entries:
        raise bad("is an empty map", CONTACTS_FIX)
    return Contacts(entries=entries)


def _read_entries(
    value: Any, keys: tuple[str, ...], entries: dict[tuple[str, ...], Figure], faults: list[Fault]
) -> None:
    """Read a figure, or a map of them, into entries; faults have the path below `contacts`."""
    try:
        if not isinstance(value, dict):
            entries[keys] = _one_count(value)
            return
        _check_keys(value, keys)
    except BadValueError as error:
        faults += [_under(fault, keys) for fault in error.faults]
        return
    for key, entry in value.items():
        if entry != OFF:
            _read_entries(entry, (*keys, str(key)), entries, faults)


def _one_count(value: Any) -> Figure:
    if isinstance(value, str | list | tuple):
        raise bad("is not a number", CONTACTS_FIX, value)
    return _count(value)


def _check_keys(value: dict[Any, Any], keys: tuple[str, ...]) -> None:
    """Weekdays stand innermost, and never beside intents."""
    days = [key for key in value if _names_weekdays(key)]
    if not value or (keys and _names_weekdays(keys[-1])):
        raise bad("is not a number", CONTACTS_FIX)
    if days and len(days) < len(value):
        other = next(key for key in value if key not in days)
        raise bad("stands beside weekdays", "Write figures by weekday, or by intent", other, at=(str(other),))
    if days or keys:
        raise_any(by_weekday(value)[1])


def _under(fault: Fault, keys: tuple[str, ...]) -> Fault:
    for key in reversed(keys):
        fault = fault.under(key)
    return fault


_COUNT_SCHEMA: dict[str, Any] = {"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"const": OFF}]}
_DAYS_SCHEMA: dict[str, Any] = {
    "type": "object",
    "patternProperties": {DAYS_PATTERN: _COUNT_SCHEMA},
    "additionalProperties": False,
    "minProperties": 1,
}
CONTACTS_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "number", "exclusiveMinimum": 0},
        {
            "type": "object",
            "additionalProperties": {"anyOf": [*_COUNT_SCHEMA["anyOf"], _DAYS_SCHEMA]},
            "minProperties": 1,
        },
    ]
}
ContactsOfReport = Annotated[Contacts, BeforeValidator(_read_contacts), WithJsonSchema(CONTACTS_SCHEMA)]
