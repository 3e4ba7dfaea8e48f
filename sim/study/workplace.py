"""Where the pieces of a study are worked on, if not on this machine; nothing here knows what they are."""

import pickle
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol, TypeVar

Key = TypeVar("Key")
Call = tuple[Callable[..., Any], tuple[Any, ...]]

AHEAD = 2
"""Pieces of work for each worker that are begun, or wait to be, before the first result is taken."""
FAST = 1
"""The level of compression: tables of counts are mostly noughts, and this one takes a millisecond a megabyte."""


class Workplace(Protocol):
    """Workers elsewhere that call functions of ccsim."""

    @property
    def workers(self) -> int:
        """How many work at the same time.

        Raises
        ------
        ClusterError
            If nobody does.
        """

    def results(self, calls: Iterable[tuple[Key, Call]]) -> Generator[tuple[Key, Any]]:
        """Return what every call gives, in their order; calls are taken a few ahead of what is handed over.

        Raises
        ------
        ClusterError
            If the workers, or whoever hands out the work, go away for good, or are of another version.
        """


_CURRENT: ContextVar[Workplace | None] = ContextVar("workplace", default=None)


def current_workplace() -> Workplace | None:
    """Return where the study that is set up now is to be worked on; None for this machine."""
    return _CURRENT.get()


@contextmanager
def working_at(workplace: Workplace) -> Iterator[None]:
    """Have the studies that are set up within worked on there."""
    token = _CURRENT.set(workplace)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def pack(content: Any) -> bytes:
    """Return anything as few bytes, to the last bit."""
    return zlib.compress(pickle.dumps(content, pickle.HIGHEST_PROTOCOL), FAST)


def unpack(packed: bytes) -> Any:
    """Return what was packed."""
    return pickle.loads(zlib.decompress(packed))
