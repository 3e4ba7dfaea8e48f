"""Calls that are made at the same time, and whose results are taken in their order."""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from sim.study.workplace import AHEAD

T = TypeVar("T")
R = TypeVar("R")


def in_threads(jobs: Iterable[tuple[T, Callable[[], R]]], workers: int) -> Generator[tuple[T, R]]:
    """Do pieces of work, a few ahead of whoever takes what comes out; each with what it belongs to.

    When he leaves, none is begun any more and those that have begun are waited for: a thread in compiled code that
    outlives an interrupted program would end it with a crash.
    """
    pool = ThreadPoolExecutor(workers)
    begun: deque[tuple[T, Future[R]]] = deque()

    def first() -> tuple[T, R]:
        belongs, future = begun.popleft()
        return belongs, future.result()

    try:
        for belongs, call in jobs:
            begun.append((belongs, pool.submit(call)))
            if len(begun) >= AHEAD * workers:
                yield first()
        while begun:
            yield first()
    finally:
        pool.shutdown(cancel_futures=True)


def in_processes(jobs: Iterable[tuple[T, Callable[[], R]]], workers: int) -> Generator[tuple[T, R]]:
    """The same in processes: calls and results must be such as can be sent to one."""
    import joblib

    warnings.filterwarnings("ignore", r"\d+ tasks ", UserWarning, r"joblib\.")  # said when somebody interrupts
    begun: deque[T] = deque()

    def calls() -> Iterator[Any]:
        for belongs, call in jobs:
            begun.append(belongs)
            yield joblib.delayed(call)()

    for result in joblib.Parallel(n_jobs=workers, return_as="generator", backend="loky")(calls()):
        yield begun.popleft(), result
