"""``ccsim init``: a commented scenario to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.errors import OutputError

STARTER = Path(__file__).parent.parent / "loading" / "starter.yaml"


def init(
    file: Annotated[Path, typer.Argument(metavar="[FILE]", help="File to write.")] = Path("scenario.yaml"),
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Write a commented scenario to start from."""
    text = STARTER.read_text(encoding="utf-8")
    try:
        with file.open("w" if force else "x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        raise OutputError(f"{file}: is there already. Name another file, or use --force to overwrite it") from None
    except OSError as error:
        raise OutputError(f"{file}: cannot be written: {error.strerror}") from None
    typer.echo(f"wrote {file}; next: ccsim validate {file}")
