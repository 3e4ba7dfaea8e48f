"""Two cores draw: what a verb draws is drawn by it and a copy of its process, and figures are written meanwhile.

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
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import partial
from io import RawIOBase
from typing import Any, NoReturn, TypeVar

Made = TypeVar("Made")
NUMBER = "H"
"""How a task is numbered in a pipe, of which two processes read: two bytes, which are read whole."""
_ALLOWED: ContextVar[bool] = ContextVar("copies of the process may be made", default=False)


@contextmanager
def copies_allowed() -> Iterator[None]:
    """Let `side_by_side` make copies of this process: nothing else than a verb runs in it."""
    before = _ALLOWED.set(True)
    try:
        yield
    finally:
        _ALLOWED.reset(before)


def are_copies_allowed() -> bool:
    """Tell whether nothing else than a verb runs in this process."""
    return _ALLOWED.get()


@contextmanager
def meanwhile(task: Callable[[], object]) -> Iterator[None]:
    """Do a task in a copy of this process while the block runs; after it, where none may be made or the copy fails.

    Parameters
    ----------
    task : writes files: whatever else it does is lost with the copy.
    """
    if not _may_copy():
        yield
        task()
        return
    reading, writing = os.pipe()
    child = _copied()
    if child == 0:
        _be_the_copy(lambda: {0: task()}, reading, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer, _waited_for(child):
        yield
        done = _told(answer.read())
    if not done:
        task()


def side_by_side(tasks: Sequence[Callable[[], Made]]) -> list[Made]:
    """Do all tasks, with a copy of this process where one may be made: each of the two takes the next that is left.

    Returns
    -------
    What each returns, in their order; it must be possible to pickle it.
    """
    if len(tasks) < 2 or not _may_copy():
        return [task() for task in tasks]
    left, (reading, writing) = _queue(len(tasks)), os.pipe()
    child = _copied()
    if child == 0:
        _be_the_copy(partial(_taken_from, left, tasks), reading, writing)
    os.close(writing)
    with os.fdopen(left, "rb", buffering=0) as numbers, os.fdopen(reading, "rb") as answers, _waited_for(child):
        done = _taken(tasks, numbers) | _told(answers.read())
    return [done[place] if place in done else task() for place, task in enumerate(tasks)]


def _queue(count: int) -> int:
    """The end of a pipe from which processes take the numbers of tasks in turn, until there are none left."""
    left, filling = os.pipe()
    with os.fdopen(filling, "wb") as numbers:
        numbers.write(array(NUMBER, range(count)).tobytes())
    return left


def _taken(tasks: Sequence[Callable[[], Made]], numbers: RawIOBase) -> dict[int, Made]:
    """What the tasks return that this process came to take."""
    done: dict[int, Made] = {}
    while said := numbers.read(array(NUMBER).itemsize):
        place = array(NUMBER, said)[0]
        done[place] = tasks[place]()
    return done


def _may_copy() -> bool:
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    return _ALLOWED.get() and cores > 1 and threading.active_count() == 1


def _copied() -> int | None:
    """Which process the copy is; 0 in the copy itself, None where the system makes none."""
    with warnings.catch_warnings(), suppress(OSError):
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads of libraries, which are idle
        return os.fork()
    return None


@contextmanager
def _waited_for(child: int | None) -> Iterator[None]:
    """Leave no copy behind: wait until it has ended, and end it where this process has no more use for it.

    Who started this process may have had the system forget those that end.
    """
    try:
        yield
    except BaseException:
        if child is not None:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        raise
    finally:
        if child is not None:
            with suppress(ChildProcessError):
                os.waitpid(child, 0)


def _told(said: bytes) -> dict[int, Any]:
    """What the tasks return that the copy came to take; nothing if it ended before it had said all."""
    try:
        done: dict[int, Any] = pickle.loads(said)
    except (EOFError, pickle.UnpicklingError):
        return {}
    return done


def _taken_from(left: int, tasks: Sequence[Callable[[], Made]]) -> dict[int, Made]:
    with os.fdopen(left, "rb", buffering=0) as numbers:
        return _taken(tasks, numbers)


def _be_the_copy(work: Callable[[], dict[int, Any]], reading: int, writing: int) -> NoReturn:
    """Work, hand over what was done, and end without a word, whatever happens."""
    try:
        os.close(reading)  # else it would wait for itself to read, if the other process has gone
        said = pickle.dumps(work())
        with os.fdopen(writing, "wb") as answers:
            answers.write(said)
        os._exit(0)
    except BaseException:
        os._exit(1)
