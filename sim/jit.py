"""The door to the compiler: decorators for functions of numbers and arrays that other compiled functions call.

A decorated function is compiled when it is first called, or first called by another that is; until then numba is not
even imported, so that a file may hold a law beside the keys that steer it. The compiled code is kept on disk, in a
folder of ccsim's own. numba notices a change in a function's own file but not in the functions that it calls, so the
folder's name carries a hash of everything that is compiled here. A wheel may bring that code (`LIBRARY`): it is used
where it was made for this very source, numba, Python and kind of machine, and nothing is compiled then.
"""

from __future__ import annotations

import functools
import hashlib
import os
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

_COMMON = {"nogil": True, "error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}

_OWN = (Path(__file__), Path(__file__).with_name("compiler.py"))
_ROOMS = ("rng", "mechanisms", "demand", "engine", "measures")

LIBRARY = Path(__file__).with_name("library")
"""Where a wheel brings compiled code, if it does; `MADE_FOR` in it says for what."""
MADE_FOR = "made_for.txt"


@functools.cache
def source_hash(*others: str) -> str:
    """Hash of this file, of all that may hold compiled functions, and of other rooms (hexadecimal, 16 digits)."""
    digest = hashlib.blake2b(version("numba").encode(), digest_size=8)
    sources = [path for room in (*_ROOMS, *others) for path in sorted((Path(__file__).parent / room).rglob("*.py"))]
    for path in (*_OWN, *sources):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@functools.cache
def cache_folder() -> Path:
    """Return where compiled code is kept: NUMBA_CACHE_DIR where that is set, else a folder of this very version."""
    if given := os.environ.get("NUMBA_CACHE_DIR"):
        return Path(given)
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ccsim"
    folder = base / source_hash()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.gettempdir()) / "ccsim" / source_hash()
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def kind() -> str:
    """What compiled code depends on, in words: source and numba by hash, Python, system and processor."""
    return f"{source_hash()} {sys.implementation.cache_tag} {sysconfig.get_platform()}"


@functools.cache
def brought() -> Path | None:
    """Return the compiled code that came with ccsim; None where there is none, or it is for something else."""
    return LIBRARY if brought_for() == kind() and _compiler().runs_here() else None


def brought_for() -> str | None:
    """Return what the compiled code that came with ccsim was made for; None where there is none."""
    try:
        return (LIBRARY / MADE_FOR).read_text(encoding="utf-8").strip()
    except OSError:
        return None


def _mark(engine: str) -> Path:
    return cache_folder() / f"{engine}-{source_hash()}"


def is_warm(engine: str) -> bool:
    """Whether everything that an engine needs has been compiled before: on this machine, or for it."""
    return brought() is not None or _mark(engine).exists()


def mark_warm(engine: str) -> None:
    """Note that everything that an engine needs has been compiled."""
    _mark(engine).touch()


class Deferred:
    """A function that numba compiles when it is first needed.

    Attributes
    ----------
    py_func : the function as it is written.
    callable : whether Python may call it.
    """

    def __init__(
        self, function: Callable[..., Any], called: bool, inline: bool | None, options: dict[str, Any]
    ) -> None:
        functools.update_wrapper(self, function)
        self.py_func, self.callable, self._inline, self._options = function, called, inline, options

    @functools.cached_property
    def part(self) -> Any:
        """What numba makes of it for compiled callers."""
        return _compiler().part(self.py_func, self._inline, **_COMMON, **self._options)

    @functools.cached_property
    def whole(self) -> Any:
        """What numba makes of it for Python, kept on disk; the attribute is there once it has been called."""
        if not self.callable:
            raise TypeError(f"{self.py_func.__qualname__} is for compiled callers only")
        return _compiler().whole(self.py_func, **_COMMON, **self._options)

    def __call__(self, *arguments: Any) -> Any:
        """Call the compiled function."""
        return self.whole(*arguments)


@functools.cache
def _compiler() -> Any:
    from sim import compiler

    return compiler


def _deferred(function: F, called: bool = False, inline: bool | None = None, **options: Any) -> F:
    """Have a function compiled when it is needed; `inline` says whether it is copied into callers, if it matters."""
    return cast(F, Deferred(function, called, inline, options))


def compiled(function: F) -> F:
    """Compile a scalar function with numba: IEEE arithmetic as written, no reordering."""
    return _deferred(function, called=True)


def inlined(function: F) -> F:
    """Compile like `compiled`, and copy the body into every compiled caller: for small helpers of hot loops."""
    return _deferred(function, called=True, inline=True)


def borrowing(function: F) -> F:
    """Copy a helper into its compiled callers, and count no references to arrays, which costs more than the work.

    For functions that only look at arrays and write into them. One that makes an array, a view or a slice, or returns
    an array or a tuple that holds one, must not be compiled with this. For compiled callers only.
    """
    return _deferred(function, inline=True, _nrt=False)


def apart(function: F) -> F:
    """Compile like `borrowing`, but as a function of its own: for whole loops, which then share no registers."""
    return _deferred(function, inline=False, _nrt=False)


def whole_loop(function: F) -> F:
    """Compile like `compiled`, and leave it a function of its own in compiled callers too."""
    return _deferred(function, called=True, inline=False)


def part(function: F) -> F:
    """Compile a part of a loop, for compiled callers only: it cannot be called from Python."""
    return _deferred(function)


def small_part(function: F) -> F:
    """Compile like `part`, and copy the body into every caller."""
    return _deferred(function, inline=True)


def constant(value: int) -> int:
    """A number as an argument within compiled code: a plain one would have the callee compiled anew for its value."""
    import numpy as np

    return cast(int, np.int64(value))
