"""The door to the compiler: decorators for functions of numbers and arrays that other compiled functions call.

The compiled code is kept on disk. numba notices a change in a function's own file but not in the functions that it
calls, so the folder's name carries a hash of everything that is compiled here.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np

F = TypeVar("F", bound=Callable[..., Any])

_NO_WRAPPERS: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""Options that numba's annotations do not know."""

_CALLED: dict[str, Any] = {"forceinline": False}
"""Said aloud, since a function that is compiled because an inlined one calls it would be inlined itself."""

_ROOMS = ("world", "behaviour", "engine", "measures")


def source_hash() -> str:
    """Hash of this file and of all that may hold compiled functions (hexadecimal, 16 digits)."""
    digest = hashlib.blake2b(numba.__version__.encode(), digest_size=8)
    sources = [path for room in _ROOMS for path in sorted((Path(__file__).parent / room).rglob("*.py"))]
    for path in (Path(__file__), *sources):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _cache_folder() -> Path:
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ccsim"
    folder = base / source_hash()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.gettempdir()) / "ccsim" / source_hash()
        folder.mkdir(parents=True, exist_ok=True)
    return folder


if "NUMBA_CACHE_DIR" not in os.environ:
    numba.config.CACHE_DIR = str(_cache_folder())  # type: ignore[attr-defined]


def _marker() -> Path:
    return Path(str(numba.config.CACHE_DIR)) / "compiled"  # type: ignore[attr-defined]


def is_warm() -> bool:
    """Whether everything has been compiled on this machine before."""
    return _marker().exists()


def mark_warm() -> None:
    """Note that everything has been compiled."""
    _marker().touch()


def compiled(function: F) -> F:
    """Compile a scalar function with numba: IEEE arithmetic as written, no reordering."""
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy", **_CALLED)(function))


def inlined(function: F) -> F:
    """Compile like `compiled`, and copy the body into every compiled caller: for small helpers of hot loops."""
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy", forceinline=True)(function))


def borrowing(function: F) -> F:
    """Copy a helper into its compiled callers, and count no references to arrays, which costs more than the work.

    For functions that only look at arrays and write into them. One that makes an array, a view or a slice, or returns
    an array or a tuple that holds one, must not be compiled with this. For compiled callers only.
    """
    options: dict[str, Any] = {"_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast(F, numba.njit(nogil=True, error_model="numpy", forceinline=True, **options)(function))


def apart(function: F) -> F:
    """Compile like `borrowing`, but as a function of its own: for whole loops, which then share no registers."""
    options: dict[str, Any] = {"_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast(F, numba.njit(nogil=True, error_model="numpy", **options)(function))


def part(function: F) -> F:
    """Compile a part of a loop, for compiled callers only: it cannot be called from Python."""
    return cast(F, numba.njit(nogil=True, error_model="numpy", **_CALLED, **_NO_WRAPPERS)(function))


def small_part(function: F) -> F:
    """Compile like `part`, and copy the body into every caller."""
    return cast(F, numba.njit(nogil=True, error_model="numpy", forceinline=True, **_NO_WRAPPERS)(function))


def constant(value: int) -> int:
    """A number as an argument within compiled code: a plain one would have the callee compiled anew for its value."""
    return cast(int, np.int64(value))
