"""Mechanisms of a user's own: once registered, a file may have their section, and both engines play their law."""

from __future__ import annotations

import keyword
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, get_type_hints

from pydantic.fields import FieldInfo

from sim import mechanisms
from sim.errors import CcsimError
from sim.mechanisms.declaration import Mechanism
from sim.scenario.model import Scenario
from sim.schema.base import Section, param

NUMBERS = (int, float, bool)
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


def register(mechanism: Mechanism) -> None:
    """Make a mechanism of your own part of ccsim, for as long as this process lasts.

    A scenario may then have its section; `explain`, the JSON schema, reports and both engines know it. Registering
    another of the same name replaces the first.

    Parameters
    ----------
    mechanism : see docs/extending.md, and the files of `sim.mechanisms` for examples.

    Raises
    ------
    CcsimError
        When the name is taken or is none, or what it declares cannot work.
    """
    _check(mechanism)
    mechanisms.add(mechanism)
    about = (mechanism.section.__doc__ or mechanism.name).strip().splitlines()[0].rstrip(".")
    _set_field(mechanism.name, param(None, f"Mechanism of your own: {about}", off=True), mechanism.section | None)


def unregister(name: str) -> None:
    """Take a mechanism of your own out again; scenarios that were loaded with it keep their section, and ignore it.

    Raises
    ------
    CcsimError
        When none of that name is registered.
    """
    if name not in mechanisms.own_names():
        known = ", ".join(mechanisms.own_names()) or "none is"
        raise CcsimError(f"unregister: {name!r} is no mechanism of your own that is registered ({known})")
    mechanisms.remove(name)
    Scenario.__pydantic_fields__.pop(name, None)
    Scenario.__annotations__.pop(name, None)
    Scenario.model_rebuild(force=True)


@contextmanager
def registered(*own: Mechanism) -> Iterator[None]:
    """Register mechanisms for the length of a block."""
    for mechanism in own:
        register(mechanism)
    try:
        yield
    finally:
        for mechanism in own:
            unregister(mechanism.name)


def _set_field(name: str, field: FieldInfo, annotation: Any) -> None:
    field.annotation = annotation
    Scenario.__annotations__[name] = annotation
    Scenario.__pydantic_fields__[name] = field
    Scenario.model_rebuild(force=True)


def _check(mechanism: Mechanism) -> None:
    if not isinstance(mechanism, Mechanism):
        raise CcsimError(f"register: {type(mechanism).__name__} is no Mechanism. Write Mechanism(name, section, ...)")
    name = mechanism.name
    if (
        not isinstance(name, str)
        or not name.isidentifier()
        or keyword.iskeyword(name)
        or name != name.lower()
        or name.startswith("_")
    ):
        raise CcsimError(f"register: {name!r} is no name for a section. Write lower-case words joined by _")
    if name not in mechanisms.own_names() and (name in Scenario.model_fields or hasattr(Scenario, name)):
        raise CcsimError(f"register: {name!r} is taken: a scenario has that already. Name it otherwise")
    if not (isinstance(mechanism.section, type) and issubclass(mechanism.section, Section)):
        raise CcsimError(f"register: the section of {name} is no subclass of sim.Section")
    _check_parameters(mechanism)
    _check_parts(mechanism)


def _check_parameters(mechanism: Mechanism) -> None:
    fields = get_type_hints(mechanism.parameters)
    wrong = [name for name, kind in fields.items() if kind not in NUMBERS]
    if wrong:
        raise CcsimError(
            f"register: the parameter {wrong[0]} of {mechanism.name} is no number. Declare it as float, int or bool"
        )
    try:
        mechanism.parameters()
    except TypeError:
        words = "have no defaults: without the mechanism they must be neutral"
        raise CcsimError(f"register: the parameters of {mechanism.name} {words}") from None


def _check_parts(mechanism: Mechanism) -> None:
    taken = {part.name for part in mechanisms.parts_of_handle_time()} - {part.name for part in mechanism.parts}
    theirs = [part.name for other in mechanisms.registered() if other.name != mechanism.name for part in other.parts]
    for part in mechanism.parts:
        if part.name in taken or part.name in theirs:
            raise CcsimError(f"register: handle time has a part called {part.name!r} already. Name it otherwise")
    if any(not callable(factor.apply) for factor in mechanism.factors) or len(mechanism.factors) != len(
        mechanism.parts
    ):
        raise CcsimError(f"register: the parts of {mechanism.name} must be factors on talk, with apply=")


class Empirical(dict[str, Any]):
    """A distribution of your own from a sample, where a scenario is changed or made in Python.

    Parameters
    ----------
    values : (n,) seconds, each 0 or more and not all 0; an array, a series or a list, in any order. A value is drawn
        in proportion to how often it stands there.

    Raises
    ------
    CcsimError
        When it is no sample of times.

    Examples
    --------
    >>> import sim
    >>> changed = sim.changed(scenario, {"intents.billing.talk_time": sim.Empirical(minutes * 60)})  # doctest: +SKIP
    """

    def __init__(self, values: Any) -> None:
        try:
            points = sorted(float(value) for value in values)
        except (TypeError, ValueError):
            raise CcsimError("Empirical: takes an array or a list of seconds") from None
        if not points or not all(0.0 <= point < math.inf for point in points) or points[-1] == 0.0:
            raise CcsimError("Empirical: needs seconds of 0 or more that are finite, at least one of them above 0")
        super().__init__(distribution="empirical", points=points)
