"""Two cores draw: half of what a verb draws is drawn by a copy of the process.

Drawing is Python from end to end, so that threads would only take turns. A copy knows all that is to be drawn, and
what was imported, and gives back no more than the finished files. It is made only where that is safe: by a verb, on
Linux, while no other thread runs. Anywhere else, and where the copy fails, one process draws everything, to the same
bytes.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NoReturn, TypeVar

Made = TypeVar("Made")
_ALLOWED: ContextVar[bool] = ContextVar("copies of the process may be made", default=False)


@contextmanager
def copies_allowed() -> Iterator[None]:
    """Let `side_by_side` make copies of this process: nothing else than a verb runs in it."""
    before = _ALLOWED.set(True)
    try:
        yield
    finally:
        _ALLOWED.reset(before)


def side_by_side(tasks: Sequence[Callable[[], Made]]) -> list[Made]:
    """Do all tasks, every second one in a copy of this process where one may be made.

    Returns
    -------
    What each returns, in their order; it must be possible to pickle it.
    """
    if len(tasks) < 2 or not _may_copy():
        return [task() for task in tasks]
    reading, writing = os.pipe()
    child = _copied()
    if child == 0:
        _answer(tasks[1::2], writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as answers:
        try:
            mine = [task() for task in tasks[::2]]
            said = answers.read()
        except BaseException:
            os.kill(child, signal.SIGKILL)
            raise
        finally:
            os.waitpid(child, 0)
    theirs: list[Made] = pickle.loads(said) if said else [task() for task in tasks[1::2]]
    both = iter(mine), iter(theirs)
    return [next(both[place % 2]) for place in range(len(tasks))]


def _may_copy() -> bool:
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    return _ALLOWED.get() and cores > 1 and threading.active_count() == 1


def _copied() -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads of libraries, which are idle
        return os.fork()


def _answer(tasks: Sequence[Callable[[], Made]], writing: int) -> NoReturn:
    """Be the copy: do tasks, hand over what they return, and end without a word, whatever happens."""
    try:
        said = pickle.dumps([task() for task in tasks])
        with os.fdopen(writing, "wb") as answers:
            answers.write(said)
        os._exit(0)
    except BaseException:
        os._exit(1)
