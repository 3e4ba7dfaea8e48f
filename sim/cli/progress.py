"""How far a simulation is, on stderr."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Report = Callable[[int, int], None]
QUIET_S, LINES = 1.0, 10
SIMULATING = "simulating"


@contextmanager
def progress(what: str = SIMULATING) -> Iterator[Report]:
    """Give a callable that takes (done, in all): a bar on a terminal, else a line now and then after a second."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield ProgressLines(console).report
        return
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("left"))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


class ProgressLines:
    """Progress as lines of text, at most one a tenth of the way."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.began = time.monotonic()
        self.told = 0

    def report(self, done: int, total: int) -> None:
        """Print a line when another tenth is done; the clock starts when nothing is."""
        if done == 0:
            self.began, self.told = time.monotonic(), 0
            return
        passed, tenth = time.monotonic() - self.began, LINES * done // total
        if passed < QUIET_S or tenth <= self.told or done == total:
            return
        self.told = tenth
        left = round(passed / done * (total - done))
        self.console.print(f"simulated {done} of {total}, about {left // 60}:{left % 60:02d} left", highlight=False)
