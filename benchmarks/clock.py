"""CPU time, and how to make sense of it on a noisy machine."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds of CPU, this process's and its threads', that some work takes; and what it returns."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result
