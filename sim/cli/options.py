"""What several verbs share: their arguments and flags, notes, JSON."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.scenario.goals import MOST_SEED
from sim.scenario.model import Scenario

File = Annotated[Path, typer.Argument(metavar="FILE", help="Scenario file.", show_default=False)]
Files = Annotated[list[Path], typer.Argument(metavar="FILE", help="Scenario files.", show_default=False)]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY.PATH=VALUE", help="Change a key; may be repeated.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Seed = Annotated[int | None, typer.Option(min=0, max=MOST_SEED, help="Seed, in place of run.seed.", show_default=False)]
Replications = Annotated[
    int | None, typer.Option(min=1, help="Replications, in place of run.replications.", show_default=False)
]
Jobs = Annotated[int | None, typer.Option(min=1, help="Workers; default: one a core.", show_default=False)]
Out = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Write the results into this folder.", show_default=False)
]


@contextmanager
def leaving_with(code: int) -> Iterator[None]:
    """Leave with a code after telling, also when whoever read our output has gone."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        silence()
    except SystemExit as leaving:  # rich leaves by itself when the reader is gone
        if not isinstance(leaving.__context__, BrokenPipeError):
            raise
        silence()
    raise typer.Exit(code)


def silence() -> None:
    """Send what is still to be printed nowhere: nobody reads it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_json(document: Any) -> None:
    """Print one JSON document on stdout."""
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))


def print_notes(scenario: Scenario) -> None:
    """Print the notes of a scenario on stderr."""
    for note in scenario.notes:
        typer.echo(f"note: {scenario.name}: {note}", err=True)
