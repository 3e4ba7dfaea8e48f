"""What the figures of a process rest on, in what two processes differ, and calls that look at that first."""

from __future__ import annotations

import hashlib
import math
import pickle
import platform
import struct
import sysconfig
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from typing import Any

import sim
from sim.errors import ClusterError, shorten
from sim.jit import source_hash

ROOMS = ("schema", "scenario", "facts", "study")
"""The rooms that a worker's figures rest on, beside those that are compiled."""
PACKAGES = ("numba", "numpy", "scipy", "distributed")
ALIKE = "Install the same ccsim, Python and packages on every worker, and start it again"
LONGEST = 300

Fingerprint = dict[str, str]


@cache
def fingerprint() -> Fingerprint:
    """What the figures of this process rest on, by name."""
    return {
        "ccsim": sim.__version__,
        "source of ccsim": source_hash(*ROOMS),
        "Python": ".".join(platform.python_version_tuple()[:2]),
        **{package: version(package) for package in PACKAGES},
        "machine": sysconfig.get_platform(),
        "arithmetic": _last_bits(),
    }


def _last_bits() -> str:
    """Hash of some values of the functions whose last bit is a matter of the C library and the processor."""
    points = [0.003 + k / 41 for k in range(500)]
    functions = (math.exp, math.log, math.log1p, math.expm1, math.erfc, math.gamma, lambda x: x**0.7)
    values = [function(min(x, 9.0)) for function in functions for x in points]
    return hashlib.blake2b(struct.pack(f"<{len(values)}d", *values), digest_size=4).hexdigest()


def difference(theirs: object) -> str:
    """In what a worker differs from this process, in words; empty where it does not.

    Parameters
    ----------
    theirs : its fingerprint, or what went wrong when it was asked for it.
    """
    if isinstance(theirs, BaseException):
        return "has no ccsim" if lacks_ccsim(theirs) else f"cannot be asked: {shorten(str(theirs), LONGEST)}"
    assert isinstance(theirs, dict)
    return _words(fingerprint(), theirs)


def lacks_ccsim(error: BaseException) -> bool:
    """Whether it went wrong since a process has no ccsim, or one that cannot work at a cluster."""
    return isinstance(error, ModuleNotFoundError) and str(error.name).partition(".")[0] == "sim"


def _words(mine: Fingerprint, theirs: Fingerprint) -> str:
    for name, own in mine.items():
        if theirs.get(name) != own:
            return f"has {name} {theirs.get(name)} where here it is {own}"
    return ""


# Calls that travel ------------------------------------------------------------------


class _Call:
    """Unpickles as what a call gives."""

    def __init__(self, *call: Any) -> None:
        self.call = call

    def __reduce__(self) -> tuple[Any, ...]:
        return self.call[0], self.call[1:]


def packed_call(function: Callable[..., Any], *arguments: Any) -> bytes:
    """Return a call as bytes, of which `pickle.loads` makes what it gives: whoever passes it on needs no ccsim."""
    return pickle.dumps(_Call(function, *arguments), pickle.HIGHEST_PROTOCOL)


def guarded_call(function: Callable[..., Any], *arguments: Any) -> bytes:
    """Return a packed call that is refused by a process whose figures rest on something else than those of this one."""
    return packed_call(called, fingerprint(), packed_call(function, *arguments))


def called(mine: Fingerprint, packed: bytes) -> Any:
    """Return what a packed call gives, here.

    Raises
    ------
    ClusterError
        If this process is not what `mine` says.
    """
    if words := _words(mine, fingerprint()):
        raise ClusterError(f"cluster: a worker {words}. {ALIKE}")
    return pickle.loads(packed)
