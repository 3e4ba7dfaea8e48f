"""What was asked of an export, what was understood of it, and why it is refused, with the line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sim.errors import CcsimError, Problem

MOST_TOLD = 5
FILE_LINES = 10**9
"""Lines of the second file are counted from here on, of the third from twice as much, so that a line names its file."""


class ExportError(CcsimError):
    """An export cannot be read as it is.

    Attributes
    ----------
    problems : the first few that were found.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[ExportError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


def refused(path: str, message: str, fix: str, line: int | None = None, value: str | None = None) -> ExportError:
    """One problem, ready to be raised."""
    return ExportError([Problem(path, line, None, "", value, message, fix)])


def several(path: str, rows: Iterable[tuple[int, str]], message: str, fix: str) -> ExportError:
    """The same problem in several rows, (line, value) each; the first few are told."""
    all_rows = list(rows)
    problems = [Problem(path, line, None, "", value, message, fix) for line, value in all_rows[:MOST_TOLD]]
    if len(all_rows) > MOST_TOLD:
        more = f"{message}: {len(all_rows) - MOST_TOLD:,} more rows"
        problems.append(Problem(path, all_rows[MOST_TOLD][0], None, "", None, more, fix))
    return ExportError(problems)


@dataclass(frozen=True)
class ReadOptions:
    """What a caller knows of an export that it does not say itself.

    Attributes
    ----------
    mapped : fields of ours to columns of theirs.
    unit : of bare durations: seconds, minutes, hours or milliseconds; empty where the file must tell.
    zone : the centre's time zone, such as Europe/Berlin; times with an offset are converted to it.
    dates : day-first or month-first; empty where the file must tell.
    decimal : the decimal mark; empty where the file must tell.
    interval : seconds of an interval that fits are made by; 0 for that of the file, of a log half an hour.
    short : who gives up within so many seconds is no contact.
    outcomes : words of the log's outcome to answered, abandoned or dropped.
    head_starts : head start (s) by value of `priority`.
    queues : the queues to use; all when empty.
    first, last : ISO dates; empty for all.
    channels, directions : words of the export's channel and direction to use; the usual ones when empty.
    given_dates : ISO dates of files without any, in their order.
    add_up : whether the rows of an interval are parts of it, to be added up.
    sheet : of a workbook; empty for the one that looks like an export.
    """

    mapped: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    zone: str = ""
    dates: str = ""
    decimal: str = ""
    interval: float = 0.0
    short: float = 0.0
    outcomes: Mapping[str, str] = field(default_factory=dict)
    head_starts: Mapping[str, float] = field(default_factory=dict)
    queues: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    channels: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    given_dates: tuple[str, ...] = ()
    add_up: bool = False
    sheet: str = ""


@dataclass
class ImportLog:
    """What was understood of an export, of one file or several.

    Attributes
    ----------
    path : of the export; of the first of several files.
    facts : what to what, such as unit to seconds; in the order in which they are told.
    dropped : (rows, why, line of the first) of what was left out.
    notes : what looked odd, with the line.
    files : all of them, where there are several.
    file : the number of the one that is read.
    """

    path: str
    rows: int = 0
    facts: dict[str, str] = field(default_factory=dict)
    dropped: list[tuple[int, str, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    files: tuple[str, ...] = ()
    file: int = 0

    def lines_of(self, lines: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Lines of the file that is read, so that they name it too."""
        return np.asarray(lines, np.int64) + self.file * FILE_LINES

    def place(self, line: int) -> tuple[str, int]:
        """The file and the line in it."""
        return (self.files[line // FILE_LINES] if self.files else self.path), line % FILE_LINES

    def drop(self, rows: npt.NDArray[np.bool_], lines: npt.NDArray[np.int64], why: str) -> None:
        """Note that some rows are left out."""
        if rows.any():
            self.dropped.append((int(rows.sum()), why, int(lines[np.argmax(rows)])))

    def note(self, words: str, line: int | None = None) -> None:
        """Note something odd."""
        if line is not None:
            path, line = self.place(line)
            words = f"{path}:{line}: {words}"
        if words not in self.notes:
            self.notes.append(words)

    def refused(self, message: str, fix: str, line: int | None = None, value: str | None = None) -> ExportError:
        """One problem, ready to be raised."""
        path, at = (self.path, None) if line is None else self.place(line)
        return refused(path, message, fix, at, value)

    def several(self, rows: Iterable[tuple[int, str]], message: str, fix: str) -> ExportError:
        """The same problem in several rows, (line, value) each."""
        placed = [(*self.place(line), value) for line, value in rows]
        return ExportError(
            problem
            for path in dict.fromkeys(path for path, _, _ in placed)
            for problem in several(path, [row[1:] for row in placed if row[0] == path], message, fix).problems
        )

    def lines(self) -> list[str]:
        """All of it, a line each."""
        others = len(self.files) - 1
        more = f" and {others} more file{'s' if others > 1 else ''}" if others > 0 else ""
        lines = [f"{self.path}{more}: {self.rows:,} rows"]
        lines += [f"  {name}: {value}" for name, value in self.facts.items()]
        for count, why, line in self.dropped:
            path, at = self.place(line)
            where = f"{path}:{at}" if len(self.files) > 1 else f"line {at}"
            lines.append(f"  dropped: {count:,} rows, {why}; the first in {where}")
        return lines
