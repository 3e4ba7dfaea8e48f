"""The errors of ccsim.

::

    CcsimError                 anything a user can put right; the command line exits with 2
    ├── ScenarioError          a scenario file is wrong; carries every Problem found
    ├── LimitError             the simulation would need more memory than there is
    ├── ArgumentError          a function was given what it cannot take; a ValueError as well
    │   └── UnknownEngineError there is no such engine
    ├── NotComparableError     two things cannot be set beside each other
    ├── NotFittedError         a scenario has observed figures, and nothing was fitted to them
    ├── NoTargetsError         a scenario sets no targets, and the question needs some
    ├── ClusterError           the cluster that was asked for cannot be used
    ├── OutputError            a file or folder cannot be written where it is wanted
    ├── BaselineError          a baseline file is missing or wrong
    └── ExportError            an export cannot be read (sim.calibrate.reading.import_log)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_VALUE = 60


class CcsimError(Exception):
    """Base of every error that a user can put right."""


class LimitError(CcsimError):
    """The simulation would need more memory than the machine has."""


class ArgumentError(CcsimError, ValueError):
    """A function was given what it cannot take; the message names the argument."""


class UnknownEngineError(ArgumentError):
    """There is no engine of that name."""


class NotComparableError(CcsimError):
    """Two things cannot be set beside each other, such as scenarios of different days."""


class NotFittedError(CcsimError):
    """A scenario has observed figures, and nothing was fitted to them."""


class NoTargetsError(CcsimError):
    """A scenario sets no targets, and the question cannot be asked without any."""


class ClusterError(CcsimError):
    """The cluster that was asked for is not there, has no workers, or workers of another version."""


class OutputError(CcsimError):
    """A file or folder cannot be written where it is wanted."""


class BaselineError(CcsimError):
    """A baseline file is missing or wrong."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a scenario.

    Parameters
    ----------
    file
        The file (or ``--set KEY=VALUE``) in which the offending value is written.
    line, column
        Counted from 1; None where the value has no place in a file.
    path
        Dotted key path, such as ``agents.general.staff``; empty for the file as a whole.
    value
        The offending value as text, None where there is none.
    message
        What is wrong.
    fix
        What is allowed, or what to write instead.
    """

    file: str | None
    line: int | None
    column: int | None
    path: str
    value: str | None
    message: str
    fix: str | None = None

    def __str__(self) -> str:
        """Return one line: ``file:line:col: key.path: message (got VALUE). FIX``."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        text = ": ".join(part for part in (place, self.path, self.message) if part)
        if self.value is not None:
            text += f" (got {shorten(self.value)})"
        return f"{text}. {self.fix}" if self.fix else text


class ScenarioError(CcsimError):
    """A scenario is wrong.

    Attributes
    ----------
    problems : tuple of Problem
        Everything that was found, in the order of the file.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


def shorten(text: str, longest: int = LONGEST_VALUE) -> str:
    """Return `text` on one line of at most `longest` characters; control characters are written as escapes."""
    line = "".join(mark if mark.isprintable() else ascii(mark)[1:-1] for mark in " ".join(text.split()))
    return line if len(line) <= longest else line[: longest - 3] + "..."
