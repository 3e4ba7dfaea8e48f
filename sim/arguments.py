"""What public functions are given is checked before they begin: its kind by its annotation, its range by its name.

A caller who passes a path where a scenario belongs, or `replications=0`, is told so in one `ArgumentError`, and not by
whatever would stumble over it first. Whole numbers and flags of numpy are taken for Python's.
"""

from __future__ import annotations

import collections.abc
import functools
import inspect
import math
import operator
import types
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeVar, Union, get_args, get_origin, get_type_hints

from sim.errors import ArgumentError, shorten
from sim.scenario.goals import MOST_SEED

P = ParamSpec("P")
T = TypeVar("T")

LEAST = {"seed": 0, "replication": 0} | dict.fromkeys(("replications", "jobs", "sample", "resamples"), 1)
MOST = {"seed": MOST_SEED}
"""The least and the most that a whole number of this name may be."""
ABOVE_ZERO = ("budget", "shares")
KINDS: dict[type, str] = {int: "a whole number", float: "a number", bool: "True or False", str: "a text"}
KINDS |= {collections.abc.Mapping: "a dict", collections.abc.Iterable: "a list"}


def checked(function: Callable[P, T]) -> Callable[P, T]:
    """Check the arguments of a public function before it begins."""
    signature = inspect.signature(function)
    hints = functools.cache(lambda: get_type_hints(function))

    @functools.wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError:  # what Python itself says of missing and unknown arguments is clear
            return function(*args, **kwargs)
        known = [(name, value, hints()[name]) for name, value in bound.arguments.items() if name in hints()]
        for name, value, hint in known:
            several = signature.parameters[name].kind is inspect.Parameter.VAR_POSITIONAL
            fitting = tuple(_fitting(name, one, hint) for one in value) if several else _fitting(name, value, hint)
            bound.arguments[name] = fitting
        return function(*bound.args, **bound.kwargs)

    return guarded


def _fitting(name: str, value: Any, hint: Any) -> Any:
    """The value as the function is to have it."""
    choices = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    if value is None and type(None) in choices:
        return None
    kinds = [choice for choice in choices if choice is not type(None)]
    if len(kinds) > 1:
        return _one_of(name, value, kinds)
    return _of_kind(name, value, kinds[0])


def _of_kind(name: str, value: Any, kind: Any) -> Any:
    origin = get_origin(kind) or kind
    origin = str if origin is Literal else origin  # which texts there are, the function says itself
    if origin is collections.abc.Sequence:
        return _several(name, value, get_args(kind)[0])
    if origin is collections.abc.Callable:
        if not callable(value):
            raise refused(name, value, "a function")
    elif origin is collections.abc.Iterable and isinstance(value, str):
        raise refused(name, value, "a list")
    elif origin in (int, float, bool):
        return _number(name, value, origin)
    elif isinstance(origin, type) and origin is not Any and not isinstance(value, origin):
        raise refused(name, value, _kind_words(origin), _fix(value, origin.__name__))
    return value


def _one_of(name: str, value: Any, kinds: list[Any]) -> Any:
    """A value of which there are several kinds, such as a path or a text."""
    classes = tuple(get_origin(kind) or kind for kind in kinds)
    if not isinstance(value, classes):
        words = " or ".join(_kind_words(one) for one in classes)
        raise refused(name, value, words, _fix(value, classes[0].__name__))
    return value


def _several(name: str, values: Any, kind: Any) -> tuple[Any, ...]:
    if isinstance(values, str | Mapping) or not isinstance(values, Iterable) or getattr(values, "ndim", 1) != 1:
        raise refused(name, values, "a list")
    return tuple(_fitting(name, value, kind) for value in values)


def _number(name: str, value: Any, kind: type) -> Any:
    try:
        number = _converted(value, kind)
    except (TypeError, ValueError, OverflowError):
        raise refused(name, value, KINDS[kind] + _range_words(name)) from None
    inside = LEAST.get(name, -math.inf) <= number <= MOST.get(name, math.inf)
    if not inside or (name in ABOVE_ZERO and not 0.0 < number < math.inf):
        raise refused(name, value, KINDS[kind] + _range_words(name))
    return number


def _converted(value: Any, kind: type) -> Any:
    """A plain number of this kind, from Python's or numpy's; no text, no array, and no flag where a number belongs."""
    flag = isinstance(value, bool) or type(value).__name__ in ("bool", "bool_")
    if flag is not (kind is bool) or isinstance(value, str | bytes) or getattr(value, "ndim", 0) != 0:
        raise TypeError(value)
    return operator.index(value) if kind is int else kind(value)


def _kind_words(kind: type) -> str:
    return KINDS.get(kind) or f"a{'n' if kind.__name__[0] in 'AEIO' else ''} {kind.__name__}"


def _range_words(name: str) -> str:
    if name in MOST:
        return f" from {LEAST[name]} to {MOST[name]:,}"
    return f" of at least {LEAST[name]}" if name in LEAST else " above 0" if name in ABOVE_ZERO else ""


def refused(name: str, value: Any, wanted: str, fix: str = "") -> ArgumentError:
    """The error about an argument: its name, what it must be, what it is, and what to write."""
    return ArgumentError(f"{name}: must be {wanted} (got {_shown(value)}){f'. {fix}' if fix else ''}")


def _shown(value: Any) -> str:
    if getattr(value, "ndim", 0):
        return f"a {type(value).__name__} of shape {value.shape}"
    if value is None or isinstance(value, str | int | float | list | tuple | dict):
        return shorten(repr(value))
    return f"the path {str(value)!r}" if isinstance(value, Path) else f"a {type(value).__name__}"


def _fix(value: Any, wanted: str) -> str:
    """How to come from what was given to what is wanted, where that is a scenario or a baseline."""
    if wanted == "Baseline":
        return "Make one with sim.make_baseline, or read one with sim.read_baseline"
    if wanted != "Scenario":
        return ""
    if isinstance(value, str) and "\n" in value:
        return "Load a text with sim.loads"
    if isinstance(value, str | Path):
        return f"Load it first: sim.load({str(value)!r})"
    if isinstance(value, list | tuple):
        return "Pass scenarios one by one"
    if isinstance(value, Mapping):
        return "Make a scenario of plain data with sim.loads"
    return "It has one: pass its .scenario" if hasattr(value, "scenario") else "Load one with sim.load"
