"""``ccsim init``: a commented scenario to start from, or a folder of scenarios that come with ccsim."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.echo import echo
from sim.display import counted
from sim.errors import ArgumentError, OutputError

PACKAGE = Path(__file__).parent.parent
STARTER = PACKAGE / "loading" / "starter.yaml"
FILE = Path("scenario.yaml")
SCHEMA = "ccsim.schema.json"
"""The JSON Schema beside a scenario, which the first line of the starter names; written anew each time."""
EXAMPLES = Path("scenarios")
"""Where examples are written unless a folder is named, so that what the README says can be typed as it stands."""
NAMED = re.compile(r"file: ([\w./-]+\.csv)")


def init(
    file: Annotated[
        Path, typer.Argument(metavar="[FILE]", help="File to write; with --example, the name of an example.")
    ] = FILE,
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="With --example: folder to write into; default: scenarios/NAME."),
    ] = None,
    example: Annotated[
        bool, typer.Option("--example", help="Write the scenarios of an example; without a name, list the examples.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files.")] = False,
) -> None:
    """Write a commented scenario to start from, or the scenarios of an example."""
    if not example:
        if folder is not None:
            raise ArgumentError(f"{folder}: is a second file. Name one, or add --example to have an example written")
        _write({file: STARTER.read_bytes()}, force)
        schema = file.parent / SCHEMA
        _write({schema: _schema_text().encode()}, force=True)
        echo(f"wrote {file}, and {schema} for editors; next: ccsim validate {file}")
    elif file == FILE:
        for name in examples():
            scenarios = list((examples_folder() / name).rglob("*.yaml"))
            echo(f"{name}: {counted(len(scenarios), 'scenario')}")
        echo("next: ccsim init --example NAME")
    else:
        _write_example(str(file), folder, force)


def _schema_text() -> str:
    from sim.loading.json_schema import json_schema

    return json.dumps(json_schema(), indent=2) + "\n"


def _write_example(name: str, folder: Path | None, force: bool) -> None:
    if name not in examples():
        raise ArgumentError(f"--example: there is none called {name}. Use {', '.join(examples())}")
    source, target = examples_folder() / name, folder or EXAMPLES / name
    files = {target / path.relative_to(source): path.read_bytes() for path in example_files(source)}
    _write(files, force)
    first = next(path for path in files if path.suffix == ".yaml")
    echo(f"wrote {len(files)} files into {target}; next: ccsim run {first}")


def examples_folder() -> Path:
    """Return where the examples are: in the package, or beside it where it is used from its source."""
    installed = PACKAGE / "examples"
    return installed if installed.exists() else PACKAGE.parent / "scenarios"


def examples() -> list[str]:
    """Return the names of the examples."""
    folder = examples_folder()
    return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.exists() else []


def example_files(folder: Path) -> Iterator[Path]:
    """Yield the scenario files below a folder, and the tables that they name."""
    for path in sorted(folder.rglob("*.yaml")):
        yield path
        yield from dict.fromkeys(path.parent / name for name in NAMED.findall(path.read_text(encoding="utf-8")))


def _write(files: dict[Path, bytes], force: bool) -> None:
    """Write files, all or none of them where one is there already."""
    there = next((path for path in files if path.exists()), None)
    if there is not None and not force:
        raise OutputError(f"{there}: is there already. Name another {_kind(files)}, or use --force to overwrite it")
    for path, content in files.items():
        try:
            if len(files) > 1:
                path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            raise OutputError(f"{path}: cannot be written: {error.strerror}") from None


def _kind(files: dict[Path, bytes]) -> str:
    return "file" if len(files) == 1 else "folder"
