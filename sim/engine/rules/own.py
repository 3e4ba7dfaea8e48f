"""What users bring themselves: mechanisms of their own, and a rule of who takes whom, called through addresses.

Each function is compiled by itself. The engine gets its address and calls what stands there, so that the engine's own
compiled code stays what it is, and both engines call the same.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from numba.core.errors import NumbaError

from sim.engine.memory import address, address_of, call, row
from sim.engine.parameters import dtype_of
from sim.engine.records import AGENT_TRAITS, CONTACT, FACTORS, MOST_OWN
from sim.engine.rows import PERSON, Contact, Person
from sim.errors import CcsimError
from sim.jit import part
from sim.mechanisms import own
from sim.mechanisms.declaration import Factor, Mechanism

KERNEL = np.dtype([("function", "i8"), ("parameters", "i8"), ("refused", "i8"), ("least", "f8"), ("most", "f8")])
"""A function and what it is given first, as addresses; whether it gave what cannot be, and what can be."""
LIMITS = {"patience": (0.0, math.inf), "resolution": (-math.inf, math.inf)}
TALK_LIMITS = (0.0, 1e9)
BOILERPLATE = ("Failed in", "During:", "File ", "\x1b", "[1")
USE = "Use numbers and math only, and five arguments: parameters, person, contact, agent, seconds (docs/extending.md)"
LEAST_PLACE = 20
"""A factor of one's own stands behind that of tired agents, which may make the talk anew."""
Function = Callable[..., float]
Rows = npt.NDArray[Any]


@dataclass(frozen=True)
class OwnMechanisms:
    """The users' mechanisms of a scenario, compiled.

    Attributes
    ----------
    steps : place and code of each factor; the first code is the number of ccsim's own factors.
    arrays : `own_talk` (by column), `own_patience`, `own_resolution`: dtype `KERNEL`.
    kept : what their addresses point to.
    """

    steps: tuple[tuple[int, int], ...]
    arrays: dict[str, Rows]
    kept: list[Any]

    def check(self) -> None:
        """Refuse what a function made that cannot be.

        Raises
        ------
        CcsimError
            Once a function has given what is no number, or seconds that are negative or beyond all bounds.
        """
        for name, kernels in self.arrays.items():
            if not kernels["refused"].any():
                continue
            kernel = kernels[kernels["refused"] != 0][0]
            words = f"gave what is no number, or more than {kernel['most']:g} or less than {kernel['least']:g}"
            raise CcsimError(f"{name}: a function of your own {words}. Keep it within, such as by max(seconds, 0.0)")


def make_own(parameters: dict[str, Any]) -> OwnMechanisms:
    """Compile the users' mechanisms that are on; their parameters by name.

    Raises
    ------
    CcsimError
        If a function cannot be compiled, or there are too many factors, or one stands where none can.
    """
    kept: list[Any] = []
    columns = [factor.name for mechanism in own() for factor in mechanism.factors]
    kernels: dict[str, list[tuple[Any, ...]]] = {"own_patience": [], "own_resolution": []}
    talk, steps = np.zeros(MOST_OWN, KERNEL), []
    for mechanism in own():
        if mechanism.name not in parameters:
            continue
        record = _record(mechanism, parameters[mechanism.name])
        kept.append(record)
        for factor in mechanism.factors:
            column = _column(factor, columns)
            talk[column] = _kernel(mechanism, factor.name, factor.apply, record, kept)
            steps.append((factor.place, len(FACTORS) + column))
        for moment, function in (("patience", mechanism.patience), ("resolution", mechanism.resolution)):
            if function is not None:
                kernels[f"own_{moment}"].append(_kernel(mechanism, moment, function, record, kept))
    arrays = {name: np.array(found, KERNEL) for name, found in kernels.items()}
    return OwnMechanisms(tuple(steps), {"own_talk": talk, **arrays}, kept)


def _record(mechanism: Mechanism, parameters: Any) -> Rows:
    try:
        record = np.array([tuple(parameters)], dtype_of(mechanism.parameters))
    except (TypeError, ValueError):
        raise CcsimError(f"{mechanism.name}: its law gives no {mechanism.parameters.__name__} of numbers") from None
    if any(record[name][0] != record[name][0] for name in record.dtype.names or ()):
        raise CcsimError(f"{mechanism.name}: its law gives nan. Every parameter must be a number")
    return record


def _column(factor: Factor, columns: list[str]) -> int:
    """The column of `Records.own_us` that a factor's time is written into."""
    if factor.place <= LEAST_PLACE:
        raise CcsimError(f"{factor.name}: place {factor.place} is before that of tired agents. Choose one above 20")
    column = columns.index(factor.name)
    if column >= MOST_OWN:
        words = f"{factor.name}: at most {MOST_OWN} factors of your own may be registered at a time"
        raise CcsimError(f"{words}. Unregister {columns[0]}")
    return column


def _kernel(mechanism: Mechanism, name: str, function: Any, record: Rows, kept: list[Any]) -> tuple[Any, ...]:
    made = _compiled(function, record.dtype, name != "patience", f"{mechanism.name}, {name}")
    kept.append(made)
    return made.address, address_of(record), 0, *LIMITS.get(name, TALK_LIMITS)


@cache
def _compiled(function: Function, parameters: "np.dtype[Any]", takes_agent: bool, name: str) -> Any:
    """A function of rows as one of addresses."""
    apply = numba.njit(error_model="numpy", nogil=True)(function)

    def with_agent(first: int, person: int, contact: int, agent: int, value: float) -> float:
        rows = row(person, 0, PERSON), row(contact, 0, CONTACT), row(agent, 0, AGENT_TRAITS)
        return float(apply(row(first, 0, parameters), rows[0], rows[1], rows[2], value))

    def without(first: int, person: int, contact: int, _agent: int, value: float) -> float:
        return float(apply(row(first, 0, parameters), row(person, 0, PERSON), row(contact, 0, CONTACT), value))

    return _with_address(with_agent if takes_agent else without, name)


@cache
def make_routing(function: Function) -> Any:
    """Compile a rule of who takes whom; what it makes has an `address`, and `ctypes` to be called by Python.

    Parameters
    ----------
    function : of numbers: preference of the agent's group for the skill, how long (us) the customer has waited with the
        head start, how long (us) the agent has been idle, contacts in the agent's hands, tenure (s). The lowest value
        is taken; of equal ones whoever is first in the written order.
    """
    return _with_address(function, "routing")


def _with_address(function: Function, name: str) -> Any:
    try:
        return numba.cfunc("f8(i8, i8, i8, i8, f8)", error_model="numpy", nogil=True)(function)
    except (NumbaError, TypeError, ValueError) as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip() and not line.startswith(BOILERPLATE)]
        raise CcsimError(f"{name}: cannot be compiled: {lines[0] if lines else error}. {USE}") from error


@part
def call_own(kernels: int, number: int, person: Person, contact: Contact, traits: int, value: float) -> float:
    """What a user's function makes of a value; of one that cannot be it is noted, and the value stays.

    `traits` is the address of the agent's, or 0 where none is there.
    """
    kernel = row(kernels, number, KERNEL)
    made = call(kernel.function, kernel.parameters, address(person), address(contact), traits, value)
    if kernel.least <= made <= kernel.most:
        return made
    kernel.refused = 1
    return value
