"""Distributions of durations, as a file writes them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, WithJsonSchema, model_serializer
from pydantic_core.core_schema import ValidationInfo

from sim.schema.base import Section
from sim.schema.csv_tables import read_sample
from sim.schema.faults import BadValueError, Fault, bad, nearest, raise_any
from sim.schema.values import DURATION_SCHEMA, LARGEST_NUMBER, duration_text, number_reader, parse_duration
from sim.schema.week import INTERVAL_SCHEMA, ByInterval, by_interval_reader

Kind = Literal["constant", "exponential", "lognormal", "gamma", "weibull", "uniform", "empirical", "infinite"]

# What each kind must be given, in the order of the contract.
PARAMETERS: dict[str, tuple[str, ...]] = {
    "constant": ("value",),
    "exponential": ("mean",),
    "lognormal": ("mean", "cv"),
    "gamma": ("mean", "cv"),
    "weibull": ("mean", "shape"),
    "uniform": ("low", "high"),
    "empirical": ("file",),
    "infinite": (),
}
SHAPE_RANGE = {"cv": (0.01, 100.0), "shape": (0.1, 100.0)}


class Distribution(Section):
    """The distribution of a duration; times in seconds.

    Attributes
    ----------
    kind
        ``infinite`` is patience that never ends.
    value, mean, cv, shape, low, high
        Parameters of the kind, None where it has none of that name.
    points
        The sorted sample of an empirical distribution.
    profile
        Relative mean by opening interval, any positive scale; None for the same mean all day.
    """

    kind: Kind
    value: float | None = None
    mean: float | None = None
    cv: float | None = None
    shape: float | None = None
    low: float | None = None
    high: float | None = None
    points: tuple[float, ...] | None = None
    profile: ByInterval | None = None

    @property
    def average(self) -> float:
        """Return the mean in seconds, whatever the kind; infinite for patience that never ends."""
        if self.kind == "infinite":
            return math.inf
        if self.kind == "constant":
            return self.value or 0.0
        if self.kind == "uniform":
            return ((self.low or 0.0) + (self.high or 0.0)) / 2
        if self.kind == "empirical":
            points = self.points or (0.0,)
            return math.fsum(points) / len(points)
        return self.mean or 0.0

    @model_serializer(mode="plain", when_used="json")
    def in_file_form(self) -> Any:
        """Return what a file would say."""
        if self.kind == "infinite":
            return "infinite"
        tree: dict[str, Any] = {"distribution": self.kind}
        for name in ("value", "mean", "cv", "shape", "low", "high"):
            number = getattr(self, name)
            if number is not None:
                tree[name] = number if name in SHAPE_RANGE else duration_text(number)
        if self.points is not None:
            tree["points"] = list(self.points)
        return tree if self.profile is None else tree | {"profile": self.profile.in_file_form()}

    def scaled(self, factor: float) -> Distribution:
        """Return the same shape with every duration times `factor`."""
        times = {
            name: getattr(self, name) * factor
            for name in ("value", "mean", "low", "high")
            if getattr(self, name) is not None
        }
        points = None if self.points is None else tuple(point * factor for point in self.points)
        return self.model_copy(update={**times, "points": points})


def constant(seconds: float) -> Distribution:
    """Return the distribution that is always `seconds`."""
    return Distribution(kind="constant", value=seconds)


def exponential(mean: float) -> Distribution:
    """Return the exponential distribution with a mean in seconds."""
    return Distribution(kind="exponential", mean=mean)


def lognormal(mean: float, cv: float) -> Distribution:
    """Return the lognormal distribution with a mean in seconds and a coefficient of variation."""
    return Distribution(kind="lognormal", mean=mean, cv=cv)


# Reading ----------------------------------------------------------------------


def uniform(low: float, high: float) -> Distribution:
    """Return a uniform distribution of seconds."""
    return Distribution(kind="uniform", low=low, high=high)


def distribution_reader(default: str, infinite: bool = False) -> Callable[[Any, ValidationInfo], Distribution]:
    """Return a reader of distributions; a bare duration is the mean of the `default` kind."""

    def read(value: Any, info: ValidationInfo) -> Distribution:
        if isinstance(value, Distribution):
            return value
        if isinstance(value, dict):
            return _read_map(value, infinite)
        if infinite and value == "infinite":
            return Distribution(kind="infinite")
        return _of_default_kind(default, parse_duration(value), value)

    return read


def _of_default_kind(default: str, seconds: float, value: Any) -> Distribution:
    if seconds == 0:
        return constant(0.0)
    return lognormal(seconds, 1.0) if default == "lognormal" else exponential(seconds)


def _read_map(value: dict[str, Any], infinite: bool) -> Distribution:
    kinds = [kind for kind in PARAMETERS if infinite or kind != "infinite"]
    kind = value.get("distribution")
    if kind is None:
        raise bad("has no distribution", f"Write distribution: {', '.join(kinds)}", at=())
    if not isinstance(kind, str) or kind not in kinds:
        raise bad("is not a kind of distribution", nearest(str(kind), kinds), kind, at=("distribution",))
    faults = _wrong_keys(value, kind)
    found: dict[str, Any] = dict.fromkeys(Distribution.model_fields) | {"kind": kind}
    for name in [key for key in value if key in (*PARAMETERS[kind], "profile", "points")]:
        try:
            found.update(_read_parameter(name, value[name]))
        except BadValueError as error:
            faults += [fault.under(name) for fault in error.faults]
    if found["low"] is not None and found["high"] is not None and found["low"] > found["high"]:
        faults.append(Fault("is more than high", "Write low first", ("low",), value["low"]))
    raise_any(faults)
    return Distribution.model_construct(**found)


def _wrong_keys(value: dict[str, Any], kind: str) -> list[Fault]:
    needed = ("points",) if kind == "empirical" and "points" in value else PARAMETERS[kind]
    allowed = ["distribution", *needed, "profile"]
    faults = [
        Fault(f"is not a parameter of {kind}", nearest(str(key), allowed), (key,), key, key=True)
        for key in value
        if key not in allowed
    ]
    missing = [name for name in needed if name not in value]
    if missing:
        faults.append(Fault(f"lacks {' and '.join(missing)}", f"{kind} needs {', '.join(needed)}"))
    return faults


def _read_parameter(name: str, value: Any) -> dict[str, Any]:
    if name == "file":
        return {"points": read_sample(value)}
    if name == "points":
        return {"points": _read_points(value)}
    if name == "profile":
        return {"profile": by_interval_reader(positive=True)(value)}
    if name in SHAPE_RANGE:
        return {name: number_reader(*SHAPE_RANGE[name])(value)}
    seconds = parse_duration(value)
    if seconds == 0 and name in ("mean", "high"):
        raise bad("must be longer than 0s", "For a fixed 0s write {distribution: constant, value: 0s}", value)
    return {name: seconds}


def _read_points(value: Any) -> tuple[float, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise bad("is not a list of seconds", "Write a sample in seconds, such as [12, 40.5, 180]", value)
    read = number_reader(0, LARGEST_NUMBER)
    points = tuple(sorted(read(point) for point in value))
    if points[-1] == 0:
        raise bad("has no duration longer than 0 s")
    return points


# Types for the models ---------------------------------------------------------


def _schema(infinite: bool) -> dict[str, Any]:
    forms = [DURATION_SCHEMA | {"title": "mean of the default kind"}]
    forms += [_kind_schema(kind, names) for kind, names in PARAMETERS.items() if infinite or kind != "infinite"]
    forms += [_kind_schema("empirical", ("points",)), _part_schema()]
    return {"anyOf": [*forms, {"const": "infinite"}] if infinite else forms}


def _part_schema() -> dict[str, Any]:
    """Return the schema of what changes an inherited distribution, and keeps its kind."""
    whole = _kind_schema("", ("value", "mean", "cv", "shape", "low", "high"))
    del whole["properties"]["distribution"]
    return whole | {"required": [], "minProperties": 1}


def _kind_schema(kind: str, names: tuple[str, ...]) -> dict[str, Any]:
    numbers = {name: {"type": "number", "minimum": low, "maximum": high} for name, (low, high) in SHAPE_RANGE.items()}
    other = {
        "file": {"type": "string"},
        "points": {"type": "array", "items": {"type": "number", "minimum": 0}},
    }
    known = numbers | other
    properties = {name: known.get(name, DURATION_SCHEMA) for name in names}
    return {
        "type": "object",
        "properties": {"distribution": {"const": kind}, **properties, "profile": INTERVAL_SCHEMA},
        "required": ["distribution", *names],
        "additionalProperties": False,
    }


DELAY_SCHEMA = _schema(False)
HandleTime = Annotated[Distribution, BeforeValidator(distribution_reader("lognormal")), WithJsonSchema(DELAY_SCHEMA)]
Delay = Annotated[Distribution, BeforeValidator(distribution_reader("exponential")), WithJsonSchema(DELAY_SCHEMA)]
Patience = Annotated[
    Distribution,
    BeforeValidator(distribution_reader("exponential", infinite=True)),
    WithJsonSchema(_schema(True)),
]
