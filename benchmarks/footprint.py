"""Memory, and the time until something happens: each in processes of their own."""

import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from subprocess import DEVNULL, PIPE, run

from benchmarks.budget import Budget
from benchmarks.days import ROOT, day_text
from benchmarks.table import Table, verdict

MOST_MB = 1_000.0
MOST_GROWTH = 1.1
LARGE, AGENTS = 1_000_000, 5_000
SMALL_RUN = ["run", "small.yaml", "--replications", "10"]
MOST_CPU, MOST_RATIO = 1.5, 2.6
LIBRARIES = "import numba, pandas"
CCSIM = "from sim.cli.main import main; main()"
Spent = tuple[float, float]
"""Seconds of time and of CPU."""


def memory(contacts: int, agents: int, replications: int) -> tuple[float, float]:
    """Peak resident memory (MB) of a process before and after it simulates."""
    told = _process(["-m", "benchmarks.child", str(contacts), str(agents), str(replications)], ROOT)
    peaks = json.loads(told)
    return peaks["before"], peaks["after"]


def _process(arguments: list[str], folder: Path, cache: str | None = None, home: Path = ROOT) -> str:
    surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join([str(home), os.environ.get("PYTHONPATH", "")])}
    if cache is not None:
        surroundings.pop("NUMBA_CACHE_DIR", None)
        surroundings["XDG_CACHE_HOME"] = cache
    command = [sys.executable, *arguments]
    return run(command, cwd=folder, env=surroundings, text=True, check=True, stdout=PIPE, stderr=DEVNULL).stdout


def start(arguments: Sequence[str], cache: str | None = None, home: Path = ROOT) -> Spent:
    """What a `ccsim` command takes."""
    return _spend(["-c", CCSIM, *arguments], cache, home)


def libraries() -> Spent:
    """The same for the two libraries that a run cannot do without."""
    return _spend(["-c", LIBRARIES])


def _spend(command: list[str], cache: str | None = None, home: Path = ROOT) -> Spent:
    """What Python takes for a command, with the ccsim of a folder, where there is a file of a small day."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "small.yaml").write_text(day_text(1_000, 5, 208), encoding="utf-8")
        before, begin = os.times(), time.perf_counter()
        _process(command, Path(folder), cache, home)
        after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - begin, cpu


def table_of_memory(budget: Budget, large: int = LARGE) -> Table:
    """One large replication; few and many replications of the Erlang-A day."""
    before, peak = memory(large, large // 200, 1)
    few, many = (memory(7_200, 52, n)[1] for n in (budget.few, budget.many))
    flat = f"{many / few:.2f} times; target flat: {verdict(many <= MOST_GROWTH * few)}"
    rows = [
        ("before any simulation", f"{before:,.0f}", ""),
        (f"one replication of {large:,} contacts", f"{peak:,.0f}", f"target below 1 GB: {verdict(peak < MOST_MB)}"),
        (f"{budget.few:,} replications of 7,200 contacts", f"{few:,.0f}", ""),
        (f"{budget.many:,} replications of 7,200 contacts", f"{many:,.0f}", flat),
    ]
    note = "Peak resident memory of a process of its own, Python and all libraries included; compiled before."
    return Table("Memory", ("one worker", "MB at the peak", ""), rows, [note])


def table_of_starts(budget: Budget) -> Table:
    """Help, what every run loads, a small run, and the same with nothing compiled yet; the first three take turns."""
    turns = [(start(["--help"]), libraries(), start(SMALL_RUN)) for _ in range(budget.starts)]
    names = ("ccsim --help", f'python -c "{LIBRARIES}"', f"ccsim {' '.join(SMALL_RUN)}")
    rows = [_row(name, list(starts)) for name, starts in zip(names, zip(*turns, strict=True), strict=True)]
    if budget.cold:
        with tempfile.TemporaryDirectory() as cache:
            rows.append(_row("the same, nothing compiled yet", [start(SMALL_RUN, cache)]))
    note = f"Least of {budget.starts} starts; with nothing compiled, one. small.yaml has one day of 1,000 contacts. "
    return Table("Starts", ("command", "seconds", "of CPU"), rows, [note + _ratio(turns)])


def _ratio(turns: Sequence[tuple[Spent, ...]]) -> str:
    least, ours = (min(turn[place][1] for turn in turns) for place in (1, 2))
    told = f"{verdict(ours <= MOST_CPU)}, {verdict(ours <= MOST_RATIO * least)}"
    return (
        f"The run takes {ours / least:.2f} times the CPU of the imports; targets {MOST_CPU} s and {MOST_RATIO}: {told}."
    )


def _row(name: str, starts: list[Spent]) -> tuple[str, ...]:
    return (name, *(f"{min(column):.2f}" for column in zip(*starts, strict=True)))
