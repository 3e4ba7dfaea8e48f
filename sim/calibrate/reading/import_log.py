"""What was asked of an export, what was understood of it, and why it is refused, with the line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sim.errors import CcsimError, Problem

MOST_TOLD = 5


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


@dataclass
class ImportLog:
    """What was understood of an export.

    Attributes
    ----------
    facts : what to what, such as unit to seconds; in the order in which they are told.
    dropped : (rows, why, line of the first) of what was left out.
    notes : what looked odd, with the line.
    """

    path: str
    rows: int = 0
    facts: dict[str, str] = field(default_factory=dict)
    dropped: list[tuple[int, str, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def drop(self, rows: npt.NDArray[np.bool_], lines: npt.NDArray[np.int64], why: str) -> None:
        """Note that some rows are left out."""
        if rows.any():
            self.dropped.append((int(rows.sum()), why, int(lines[np.argmax(rows)])))

    def note(self, words: str, line: int | None = None) -> None:
        """Note something odd."""
        self.notes.append(words if line is None else f"{self.path}:{line}: {words}")

    def lines(self) -> list[str]:
        """All of it, a line each."""
        lines = [f"{self.path}: {self.rows:,} rows"]
        lines += [f"  {name}: {value}" for name, value in self.facts.items()]
        lines += [f"  dropped: {count:,} rows, {why}; the first in line {line}" for count, why, line in self.dropped]
        return lines
