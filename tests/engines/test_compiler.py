"""What the optimiser is told of functions that only compiled code calls."""

import re

from numba.core.caching import NullCache

from sim import compiler, jit


@jit.part
def _called_twice(number: int) -> int:
    return number * 5 + 1


@jit.apart
def _stays(number: int) -> int:
    return number * 3


@jit.compiled
def _both(number: int) -> int:
    return _called_twice(number) + _called_twice(number + 1) + _stays(number)


def test_what_nobody_else_calls_is_closed_and_a_whole_loop_stays_a_function():
    made = compiler.whole(_both.py_func, **jit._COMMON)
    made._cache = NullCache()
    assert made(2) == 11 + 16 + 6
    (result,) = made.overloads.values()
    heads = re.findall(r"^define .*$", result.library.get_llvm_str(), re.MULTILINE)
    assert not [head for head in heads if "_called_twice" in head]
    (stays,) = [head for head in heads if "_stays" in head]
    assert "internal" in stays
