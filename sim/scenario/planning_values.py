"""How months ahead are written: factors, growth, ramps, switches."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema, model_serializer

from sim.mechanisms.attrition import read_turnover
from sim.scenario.arrivals import FILE_SCHEMA
from sim.scenario.people import MOST_AGENTS
from sim.scenario.planning_tables import growth_rows
from sim.schema.base import Section
from sim.schema.faults import BadValueError, bad, raise_any
from sim.schema.hiring_tables import MOST_MONTHS
from sim.schema.values import finite, number_reader, parse_share, whole_reader

MONTHS_A_YEAR = 12
MOST_WEEKS = 4
OFF, TODAY, NONE, REPLACE, UP_TO = "off", "today", "none", "replace", "up_to"
START = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
PERCENT = re.compile(r"\s*([+-]?[0-9]+(?:\.[0-9]+)?)\s*%\s*")
LEAST_GROWTH, MOST_GROWTH, MOST_FACTOR = -0.5, 1.0, 100.0

MonthNumber = Annotated[
    int,
    BeforeValidator(whole_reader(1, MOST_MONTHS)),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST_MONTHS}),
]
People = Annotated[
    int,
    BeforeValidator(whole_reader(1, MOST_AGENTS)),
    WithJsonSchema({"type": "integer", "minimum": 1}),
]
Heads = Annotated[
    int,
    BeforeValidator(whole_reader(0, MOST_AGENTS)),
    WithJsonSchema({"type": "integer", "minimum": 0}),
]


# Readers --------------------------------------------------------------------------


def _read_start(value: Any) -> str:
    if isinstance(value, str) and START.fullmatch(value) and 1970 <= int(value[:4]) <= 2200:
        return value
    raise bad("is not a month", "Write year and month, such as 2027-01", value)


def _percentage(value: Any) -> float | None:
    match = PERCENT.fullmatch(value) if isinstance(value, str) and len(value) < 100 else None
    return float(match[1]) / 100.0 if match else None


def _read_factor(value: Any) -> float:
    """A factor above 0, such as 1.2 or 120%."""
    percent = _percentage(value)
    factor = finite(value) if percent is None else percent
    if not 0.0 < factor <= MOST_FACTOR:
        raise bad(f"must be more than 0 and at most {MOST_FACTOR:g}", "Write a factor such as 1.2, or 120%", value)
    return factor


def _read_factors(value: Any) -> tuple[float, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise bad("is not a list of factors", "Write a factor a month, such as [1, 1.02, 0.97]", value)
    return _each(value, _read_factor)


def _read_spread(value: Any) -> float:
    """A coefficient of variation, such as 0.1 or 10%."""
    percent = _percentage(value)
    return number_reader(0, 100)(value if percent is None else percent)


def _read_seasonality(value: Any) -> tuple[float, ...]:
    factors = _read_factors(value)
    if len(factors) != MONTHS_A_YEAR:
        fix = "Write twelve, from January to December"
        raise bad(f"has {len(factors)} factors, and a year has {MONTHS_A_YEAR} months", fix)
    return factors


def _read_ramp(value: Any) -> tuple[float, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise bad("is not a list of shares", "Write a share a month, such as [0%, 40%, 80%, 100%]", value)
    return _each(value, parse_share)


def _each(values: Any, read: Any) -> tuple[float, ...]:
    found, faults = [], []
    for place, entry in enumerate(values):
        try:
            found.append(read(entry))
        except BadValueError as error:
            faults += [fault.under(place) for fault in error.faults]
    raise_any(faults)
    return tuple(found)


def _read_reference(value: Any) -> float | None:
    return None if value is None or value == TODAY else parse_share(value)


def _read_switch(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("on", OFF):
        return bool(value == "on")
    raise bad("is neither on nor off", "Write on or off", value)


def read_yearly(value: Any) -> float | None:
    """Return leavers of a year over mean heads; None where they are not given."""
    return None if value is None else read_turnover(value)


def read_classes(value: Any) -> Any:
    """Return a list of classes; a table has been read before."""
    if isinstance(value, list | tuple):
        return value
    fix = "Write {file: hiring.csv}, or a list [{month: 3, group: claims, count: 6}]"
    raise bad("is not a list of classes", fix, sorted(map(str, value)) if isinstance(value, dict) else value)


FACTORS_SCHEMA: dict[str, Any] = {
    "type": "array",
    "minItems": 1,
    "items": {"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string"}]},
}
FROM_FILE: dict[str, Any] = {
    "type": "object",
    "properties": {"file": FILE_SCHEMA},
    "required": ["file"],
    "additionalProperties": False,
}
Switch = Annotated[
    bool,
    BeforeValidator(_read_switch),
    PlainSerializer(lambda on: "on" if on else OFF, when_used="json"),
    WithJsonSchema({"enum": ["on", OFF]}),
]
Reference = Annotated[
    float | None,
    BeforeValidator(_read_reference),
    WithJsonSchema({"anyOf": [{"const": TODAY}, {"type": "number", "minimum": 0, "maximum": 1}, {"type": "string"}]}),
]
Ramp = Annotated[tuple[float, ...], BeforeValidator(_read_ramp), WithJsonSchema(FACTORS_SCHEMA)]
Seasonality = Annotated[
    tuple[float, ...],
    BeforeValidator(_read_seasonality),
    WithJsonSchema(FACTORS_SCHEMA | {"minItems": MONTHS_A_YEAR, "maxItems": MONTHS_A_YEAR}),
]
Factor = Annotated[
    float,
    BeforeValidator(_read_factor),
    WithJsonSchema({"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string"}]}),
]
Spread = Annotated[
    float,
    BeforeValidator(_read_spread),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"type": "string"}]}),
]
StartMonth = Annotated[str, BeforeValidator(_read_start), WithJsonSchema({"type": "string", "pattern": START.pattern})]


# Growth ---------------------------------------------------------------------------


class Growth(Section):
    """How demand grows; exactly one of the three is given.

    Attributes
    ----------
    monthly : share by which each month has more than the one before; the first has today's.
    factors : of each month against today; the last holds for those after it.
    path, rows : (month, intent, factor against today) of a table; between its months the last one before holds.
    """

    monthly: float | None = None
    factors: tuple[float, ...] | None = None
    path: str | None = None
    rows: tuple[tuple[int, str, float], ...] | None = None

    def factor(self, month: int, intent: str) -> float:
        """Return the factor on an intent's arrivals in a month, counted from 1."""
        if self.monthly is not None:
            return float((1.0 + self.monthly) ** (month - 1))
        if self.factors is not None:
            return self.factors[min(month, len(self.factors)) - 1]
        known = [(at, factor) for at, name, factor in self.rows or () if name == intent and at <= month]
        return max(known)[1] if known else 1.0

    @model_serializer(mode="plain", when_used="json")
    def in_file_form(self) -> Any:
        """Return what a file would say."""
        if self.rows is not None:
            return {"file": {"path": self.path, "rows": [list(row) for row in self.rows]}}
        return self.monthly if self.factors is None else list(self.factors)


def _read_growth(value: Any) -> Growth:
    if isinstance(value, Growth):
        return value
    if isinstance(value, list | tuple):
        return Growth(factors=_read_factors(value))
    if isinstance(value, dict):
        return _growth_file(value)
    percent = _percentage(value)
    monthly = percent if percent is not None else finite(value)
    if not LEAST_GROWTH <= monthly <= MOST_GROWTH:
        fix = "Write what each month has more than the one before, such as 1%; or a list of factors against today"
        raise bad(f"is not between {100 * LEAST_GROWTH:g}% and {100 * MOST_GROWTH:g}% a month", fix, value)
    return Growth(monthly=monthly)


def _growth_file(value: dict[str, Any]) -> Growth:
    if set(value) != {"file"}:
        raise bad("is not growth", "Write 1%, a list of factors, or {file: growth.csv}", sorted(map(str, value)))
    name = value["file"]
    if isinstance(name, dict):
        rows = tuple((int(month), str(intent), float(factor)) for month, intent, factor in name.get("rows", ()))
        return Growth(path=str(name.get("path")), rows=rows)
    try:
        return Growth(path=str(name), rows=growth_rows(name))
    except BadValueError as error:
        raise BadValueError(*(fault.under("file") for fault in error.faults)) from None


GROWTH_SCHEMA = {"anyOf": [{"type": "number"}, {"type": "string"}, FACTORS_SCHEMA, FROM_FILE]}
GrowthOfDemand = Annotated[Growth, BeforeValidator(_read_growth), WithJsonSchema(GROWTH_SCHEMA)]


# Rules ---------------------------------------------------------------------------


class HiringRule(Section):
    """Who is hired beside the classes that are written down.

    Attributes
    ----------
    kind : ``none``, ``replace`` (as many as it takes to make up for those who have left by themselves), or ``up_to``.
    level : heads of every group, on the phones and in training, up to which is hired.
    by_group : the same, by group; others are not hired for.
    """

    kind: Literal["none", "replace", "up_to"] = "none"
    level: int | None = None
    by_group: dict[str, int] | None = None

    @model_serializer(mode="plain", when_used="json")
    def in_file_form(self) -> Any:
        """Return what a file would say."""
        if self.kind != UP_TO:
            return self.kind
        return {UP_TO: self.level if self.by_group is None else self.by_group}


RULE_FORMS = "Write none, replace, {up_to: 40} or {up_to: {claims: 40}}"


def _read_rule(value: Any) -> HiringRule:
    if isinstance(value, HiringRule):
        return value
    if value in (NONE, REPLACE):
        return HiringRule(kind=value)
    if not isinstance(value, dict) or set(value) != {UP_TO}:
        raise bad("is not a rule of hiring", RULE_FORMS, value if not isinstance(value, dict) else sorted(value))
    level, read = value[UP_TO], whole_reader(0, MOST_AGENTS)
    try:
        if isinstance(level, dict):
            return HiringRule(kind=UP_TO, by_group=_by_group(level, read))
        return HiringRule(kind=UP_TO, level=read(level))
    except BadValueError as error:
        raise BadValueError(*(fault.under(UP_TO) for fault in error.faults)) from None


def _by_group(value: dict[str, Any], read: Any) -> dict[str, int]:
    found, faults = {}, []
    for name, count in value.items():
        try:
            found[name] = read(count)
        except BadValueError as error:
            faults += [fault.under(name) for fault in error.faults]
    raise_any(faults)
    return found


UP_TO_SCHEMA = {"anyOf": [{"type": "integer"}, {"type": "object", "additionalProperties": {"type": "integer"}}]}
RULE_SCHEMA = {
    "anyOf": [
        {"enum": [NONE, REPLACE]},
        {"type": "object", "properties": {UP_TO: UP_TO_SCHEMA}, "required": [UP_TO], "additionalProperties": False},
    ]
}
Rule = Annotated[HiringRule, BeforeValidator(_read_rule), WithJsonSchema(RULE_SCHEMA)]
