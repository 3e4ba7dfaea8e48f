"""The text of a baseline's file: read before anything heavy is loaded."""

from __future__ import annotations

from pathlib import Path

from sim.errors import BaselineError, Problem

AGAIN = "Put it right, or delete the file and make it again with --refresh"


def kept_text(path: Path) -> str:
    """Read it.

    Raises
    ------
    BaselineError
        If it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BaselineError(f"{path}: is a baseline that does not exist. Make it with --refresh") from None
    except UnicodeDecodeError:
        raise refused(path, None, "", "is not UTF-8 text") from None
    except OSError as error:
        raise BaselineError(f"{path}: cannot be read: {error.strerror}. Name a baseline file") from None


def refused(
    path: Path, line: int | None, key: str, message: str, value: str | None = None, column: int | None = None
) -> BaselineError:
    """Say what is wrong with a baseline, and where."""
    return BaselineError(str(Problem(str(path), line, column, key, value, message, AGAIN)))
