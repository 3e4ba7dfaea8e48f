"""The door to the compiler: decorators for functions of numbers and arrays that other compiled functions call.

A decorated function is compiled when it is first called, or first called by another that is; until then numba is not
even imported, so that a file may hold a law beside the keys that steer it. The compiled code is kept on disk, in a
folder of ccsim's own. numba notices a change in a function's own file but not in the functions that it calls, so the
folder's name carries a hash of everything that is compiled here.
"""

from __future__ import annotations

import functools
import hashlib
import os
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

_COMMON: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
_NO_WRAPPERS: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_CALLED: dict[str, Any] = {"forceinline": False}
"""Said aloud, since a function that is compiled because an inlined one calls it would be inlined itself."""

_ROOMS = ("rng", "mechanisms", "demand", "engine", "measures")


def source_hash(*others: str) -> str:
    """Hash of this file, of all that may hold compiled functions, and of other rooms (hexadecimal, 16 digits)."""
    digest = hashlib.blake2b(version("numba").encode(), digest_size=8)
    sources = [path for room in (*_ROOMS, *others) for path in sorted((Path(__file__).parent / room).rglob("*.py"))]
    for path in (Path(__file__), *sources):
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


def is_warm() -> bool:
    """Whether everything has been compiled on this machine before."""
    return (cache_folder() / "compiled").exists()


def mark_warm() -> None:
    """Note that everything has been compiled."""
    (cache_folder() / "compiled").touch()


class Deferred:
    """A function that numba compiles when it is first needed.

    Attributes
    ----------
    py_func : the function as it is written.
    """

    def __init__(self, function: Callable[..., Any], cached: bool, options: dict[str, Any]) -> None:
        functools.update_wrapper(self, function)
        self.py_func, self._cached, self._options = function, cached, options

    @functools.cached_property
    def dispatcher(self) -> Any:
        """What numba makes of it."""
        made = _numba().njit(**_COMMON, **self._options)(self.py_func)
        if self._cached:
            made._cache = _cache_class()(self.py_func)
        return made

    def __call__(self, *arguments: Any) -> Any:
        """Call the compiled function."""
        return self.dispatcher(*arguments)


@functools.cache
def _numba() -> Any:
    """The compiler, which is told what a `Deferred` is: the function that it stands for."""
    import numba
    from numba.extending import typeof_impl

    def typeof(value: Deferred, _context: Any) -> Any:
        return numba.types.Dispatcher(value.dispatcher)

    typeof_impl.register(Deferred)(typeof)
    return numba


@functools.cache
def _cache_class() -> Any:
    """Numba's cache on disk, in our folder whatever the process has set for others."""
    from numba.core import caching

    class Locator(caching.UserProvidedCacheLocator):
        def __init__(self, function: Any, file: str) -> None:
            self._py_file, self._lineno = file, function.__code__.co_firstlineno
            self._cache_path = str(cache_folder() / cast(Any, self).get_suitable_cache_subpath(file))

        @classmethod
        def from_function(cls, function: Any, file: str) -> Any:
            found: Any = cls(function, file)
            found.ensure_cache_path()
            return found

    class Results(caching.CompileResultCacheImpl):
        _locator_classes = [Locator]  # noqa: RUF012

    class OwnCache(caching.FunctionCache):
        _impl_class = Results

    return OwnCache


def _deferred(function: F, cached: bool = False, **options: Any) -> F:
    return cast(F, Deferred(function, cached, options))


def compiled(function: F) -> F:
    """Compile a scalar function with numba: IEEE arithmetic as written, no reordering."""
    return _deferred(function, cached=True, **_CALLED)


def inlined(function: F) -> F:
    """Compile like `compiled`, and copy the body into every compiled caller: for small helpers of hot loops."""
    return _deferred(function, cached=True, forceinline=True)


def borrowing(function: F) -> F:
    """Copy a helper into its compiled callers, and count no references to arrays, which costs more than the work.

    For functions that only look at arrays and write into them. One that makes an array, a view or a slice, or returns
    an array or a tuple that holds one, must not be compiled with this. For compiled callers only.
    """
    return _deferred(function, forceinline=True, _nrt=False, **_NO_WRAPPERS)


def apart(function: F) -> F:
    """Compile like `borrowing`, but as a function of its own: for whole loops, which then share no registers."""
    return _deferred(function, _nrt=False, **_NO_WRAPPERS)


def part(function: F) -> F:
    """Compile a part of a loop, for compiled callers only: it cannot be called from Python."""
    return _deferred(function, **_CALLED, **_NO_WRAPPERS)


def small_part(function: F) -> F:
    """Compile like `part`, and copy the body into every caller."""
    return _deferred(function, forceinline=True, **_NO_WRAPPERS)


def constant(value: int) -> int:
    """A number as an argument within compiled code: a plain one would have the callee compiled anew for its value."""
    import numpy as np

    return cast(int, np.int64(value))
