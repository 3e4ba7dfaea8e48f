"""The command line, called in this process."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

import pytest

from sim.cli.main import main


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


def run_cli(*arguments: str) -> Outcome:
    """Call a verb with its arguments; no traceback ever stands on stderr."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as left:
        main(list(arguments))
    assert "Traceback" not in err.getvalue()
    return Outcome(left.value.code or 0, out.getvalue(), err.getvalue())
