"""What is wrong in an export, with the line."""

from __future__ import annotations

from collections.abc import Iterable

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
