"""How a long command that keeps finished parts goes on after it was broken off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sim.cli.echo import echo
from sim.errors import ClusterError


@contextmanager
def saying_how_to_go_on(kept: Callable[[], str] | None) -> Iterator[None]:
    """Say what is kept, and where, when what happens within is broken off.

    Parameters
    ----------
    kept : what is there then, such as "12 of 40 points are kept in PLACE"; None where nothing is kept.
    """
    try:
        yield
    except (KeyboardInterrupt, ClusterError):
        if kept is not None:
            echo(f"{kept()}; the same command goes on from there", err=True)
        raise
