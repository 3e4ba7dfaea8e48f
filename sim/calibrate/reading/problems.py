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

    def __reduce__(self) -> tuple[type[ExportError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


def refused(path: str, message: str, fix: str, line: int | None = None, value: str | None = None) -> ExportError:
    """One problem, ready to be raised."""
    return ExportError([Problem(path, line, None, "", value, message, fix)])


def several(path: str, rows: Iterable[tuple[int, str]], message: str, fix: str) -> ExportError:
    """The same problem in several rows, (line, value) each; the first few are told."""
    found = list(rows)
    told = [Problem(path, line, None, "", value, message, fix) for line, value in found[:MOST_TOLD]]
    if len(found) > MOST_TOLD:
        more = f"{message}: {len(found) - MOST_TOLD:,} more rows"
        told.append(Problem(path, found[MOST_TOLD][0], None, "", None, more, fix))
    return ExportError(told)
