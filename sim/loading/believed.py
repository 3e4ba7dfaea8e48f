"""Which numbers of a scenario a belief is about, and the values that it puts them at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.loading.explain import Parameter
from sim.schema.faults import BadValueError
from sim.schema.values import duration_text, is_number, parse_duration

UNCERTAIN = ("W", "A")
COUNTED_ONLY = ("costs.", "csat.", "attrition.", "fatigue.strain_threshold", "horizon.")
"""Keys that weigh what happened and change nothing in it, or that act in later months."""
CHOICES = ("calendar", "run", "targets", "no_worse", "beliefs", "observed", "schema_version")
"""Sections that are decided, or known: nobody believes in them."""
PLANS = re.compile(r"agents\.[^.]+\.(staff|shifts|concurrency)(\.|$)")
SIZES = ("mean", "low", "high", "value", "points")
ANY = "*"


@dataclass(frozen=True)
class BelievedNumber:
    """A number of a scenario.

    Attributes
    ----------
    path : dotted key path.
    value : as a file could say it: a number, a duration, a distribution, or a list or map of numbers.
    """

    path: str
    value: Any

    @property
    def is_duration(self) -> bool:
        """Whether a value of its own is written as a duration: that, or the mean of a distribution."""
        return isinstance(self.value, str) or self.is_distribution

    @property
    def is_distribution(self) -> bool:
        """Whether it is a distribution, of which a belief moves the mean."""
        return isinstance(self.value, dict) and "distribution" in self.value

    @property
    def is_single(self) -> bool:
        """Whether one number can stand in its place; lists and maps can only be multiplied."""
        return self.is_duration or is_number(self.value)

    def at(self, number: float, times: bool) -> Any:
        """The value, as a file says it, with a number in its place, or with that factor on what is in force.

        Parameters
        ----------
        number : seconds of a duration; the mean (s) of a distribution, which keeps its shape.
        times : whether it is a factor.
        """
        if times:
            return scaled(self.value, number)
        if self.is_distribution:
            return with_mean(self.value, number)
        if isinstance(self.value, str):
            return duration_text(number)
        return round(number) if isinstance(self.value, int) else round(number, 12)


def average(value: Mapping[str, Any]) -> float:
    """The mean (s) of a distribution as a file says it."""
    if "points" in value:
        return float(sum(value["points"]) / len(value["points"]))
    if "low" in value:
        return (parse_duration(value["low"]) + parse_duration(value["high"])) / 2
    return parse_duration(value["mean"] if "mean" in value else value["value"])


def with_mean(value: Mapping[str, Any], seconds: float) -> Any:
    """A distribution of a file with another mean (s) and its own shape; one that is always 0 stays a fixed time."""
    mean = average(value)
    if mean > 0.0:
        return scaled(value, seconds / mean)
    return {"distribution": "constant", "value": duration_text(seconds)}


def scaled(value: Any, factor: float) -> Any:
    """A value of a file times a factor: a number, a duration, a distribution, or every entry of a list or map."""
    if isinstance(value, str):
        return duration_text(parse_duration(value) * factor)
    if isinstance(value, list):
        return [scaled(entry, factor) for entry in value]
    if isinstance(value, dict):
        sizes = SIZES if "distribution" in value else tuple(value)
        return {key: scaled(entry, factor) if key in sizes else entry for key, entry in value.items()}
    if isinstance(value, int):
        return max(1, round(value * factor)) if value else 0
    return round(value * factor, 12)


def believed(key: str, parameters: Sequence[Parameter]) -> list[BelievedNumber]:
    """Every number in force that a key is about; `*` in it stands for any one name."""
    parts = key.split(".")
    found = (_below(parameter, parts) for parameter in parameters)
    return [number for number in found if number is not None and _may_be_believed(number)]


def is_decided(path: str) -> bool:
    """Whether a key is of what is decided or known: nobody believes in that."""
    return path.split(".")[0] in CHOICES or PLANS.match(path) is not None


def _may_be_believed(number: BelievedNumber) -> bool:
    return is_numeric(number.value) and not is_decided(number.path)


def _below(parameter: Parameter, parts: Sequence[str]) -> BelievedNumber | None:
    """The number at a path that a parameter's own is the beginning of."""
    own, value = parameter.path.split("."), parameter.value
    if len(own) > len(parts) or not all(_fits(part, name) for part, name in zip(parts, own, strict=False)):
        return None
    rest = parts[len(own) :]
    for part in rest:
        if not isinstance(value, dict) or part not in value:
            return None
        value = value[part]
    return BelievedNumber(".".join([*own, *rest]), value)


def _fits(part: str, name: str) -> bool:
    return part in (ANY, name)


def is_numeric(value: Any) -> bool:
    """Whether a value can be moved: a number, a duration, a distribution, or lists and maps of them."""
    if isinstance(value, dict) and "distribution" in value:
        return True
    if isinstance(value, list | dict):
        entries = list(value.values()) if isinstance(value, dict) else value
        kinds = {type(entry) for entry in entries}
        return bool(entries) and kinds <= {int, float, list} and all(is_numeric(entry) for entry in entries)
    if isinstance(value, str):
        return _is_duration(value)
    return is_number(value)


def _is_duration(text: str) -> bool:
    try:
        parse_duration(text)
    except BadValueError:
        return False
    return True


def assigned(keys: Iterable[str], parameters: Sequence[Parameter]) -> dict[str, list[BelievedNumber]]:
    """The numbers that each key is about, each of one key alone: that with the fewest `*`, then the first written."""
    mine: dict[str, list[BelievedNumber]] = {key: [] for key in keys}
    taken: set[str] = set()
    for key in sorted(mine, key=lambda key: key.split(".").count(ANY)):
        mine[key] = [number for number in believed(key, parameters) if number.path not in taken]
        taken |= {number.path for number in mine[key]}
    return mine


def uncertain_groups(parameters: Iterable[Parameter], counted_too: bool = False) -> dict[str, list[Parameter]]:
    """The parameters of weak or assumed size, by key; `*` stands for every intent that has it.

    Parameters
    ----------
    parameters : in force.
    counted_too : also those that weigh what happened without changing it, such as the points of satisfaction.
    """
    groups: dict[str, list[Parameter]] = {}
    for parameter in parameters:
        if parameter.grade in UNCERTAIN and (counted_too or not parameter.path.startswith(COUNTED_ONLY)):
            groups.setdefault(_pattern(parameter.path), []).append(parameter)
    return groups


def _pattern(path: str) -> str:
    parts = path.split(".")
    return ".".join([parts[0], ANY, *parts[2:]]) if parts[0] == "intents" else path
