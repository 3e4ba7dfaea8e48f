"""Whole commands of an older version beside the present one, in turns: a small run, files and charts, a grid."""

from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.before import BEFORE, older
from benchmarks.budget import Budget
from benchmarks.days import RETAILER, ROOT
from benchmarks.footprint import SMALL_RUN, Spent, start
from benchmarks.table import Table

COLUMNS = ("command", "seconds, then", "now", "of CPU, then", "now", "times less CPU", "cores busy, then", "now")
GRID = ("--staff", "80%:110%:10%", "--aht", "75%:95%:10%")


@dataclass(frozen=True)
class Asked:
    """A command in an empty folder, how often, and what it costs less of, if only the difference is asked for."""

    name: str
    turns: int
    words: tuple[str, ...]
    less: tuple[str, ...] = ()


def commands(budget: Budget) -> list[Asked]:
    """What is asked of both versions."""
    week = ("run", str(RETAILER))
    files = (*week, "--out", "out")
    grid = ("targets", str(RETAILER), *GRID, "--replications", str(budget.grid), "--out", "out")
    return [
        Asked("run of a day of 1,000 contacts", budget.starts, tuple(SMALL_RUN)),
        Asked("run of the retailer, without files", budget.starts, week),
        Asked("its files: charts, page, spreadsheet", budget.starts, files, week),
        Asked(f"targets of the retailer, {budget.grid} replications", 1, grid),
    ]


def table_of_verbs(budget: Budget, commit: str = BEFORE) -> Table:
    """Old beside new."""
    title = f"Commands beside commit {commit}"
    with older(commit) as folder:
        if folder is None:
            return Table(title, COLUMNS, [], [f"Skipped: git does not have commit {commit} here."])
        homes = (folder, ROOT)
        for home in homes:
            start(SMALL_RUN, home=home)
        rows = [_row(asked, *_turns(asked, homes)) for asked in commands(budget)]
    note = (
        f"Each in a process of its own on all cores, compiled before; both versions in turns, {budget.starts} times, "
        "the grid once: the least of each, and the median of the ratios. Files are a run with them less a run without."
    )
    return Table(title, COLUMNS, rows, [note])


def _turns(asked: Asked, homes: tuple[Path, Path]) -> tuple[list[Spent], list[Spent]]:
    spent: tuple[list[Spent], list[Spent]] = ([], [])
    for turn in range(asked.turns):
        for which in (0, 1) if turn % 2 == 0 else (1, 0):
            spent[which].append(_cost(homes[which], asked))
    return spent


def _cost(home: Path, asked: Asked) -> Spent:
    whole = start(asked.words, home=home)
    if not asked.less:
        return whole
    part = start(asked.less, home=home)
    return whole[0] - part[0], whole[1] - part[1]


def _row(asked: Asked, then: list[Spent], now: list[Spent]) -> tuple[str, ...]:
    seconds = [f"{min(spent[0] for spent in own):.2f}" for own in (then, now)]
    cpu = [f"{min(spent[1] for spent in own):.2f}" for own in (then, now)]
    busy = ["" if asked.less else f"{max(spent[1] / spent[0] for spent in own):.2f}" for own in (then, now)]
    ratio = median(old[1] / new[1] for old, new in zip(then, now, strict=True))
    return (asked.name, *seconds, *cpu, f"{ratio:.2f}", *busy)
