"""The output folder: made beside its place, then moved into it, so that it is there whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.errors import OutputError

MANIFEST = "manifest.json"
MARK = "ccsim_version"


def check_place(out: Path) -> None:
    """See that a folder can be written at a place without losing anybody's files.

    Raises
    ------
    OutputError
        When something is there that an earlier run did not write, or the place cannot be written to.
    """
    place = out.resolve()
    if place == Path.cwd():
        raise OutputError(f"{out}: is the folder you are in. Name another one, such as {out / 'results'}")
    if place.exists():
        _check_ours(out, place)
    near = next(folder for folder in place.parents if folder.exists())
    if not (near.is_dir() and os.access(near, os.W_OK | os.X_OK)):
        raise OutputError(f"{out}: cannot be written: no folder can be made in {near}")


def _check_ours(out: Path, place: Path) -> None:
    """An empty folder, or one that holds what its manifest lists and nothing else, may be replaced."""
    if not place.is_dir():
        raise OutputError(f"{out}: is a file. Name a folder")
    if not any(place.iterdir()):
        return
    if (listed := _listed(place)) is None:
        raise OutputError(f"{out}: holds files that ccsim did not write. Name a new or an empty folder")
    found = {str(p.relative_to(place)) for p in place.rglob("*") if not p.is_dir()}
    foreign = sorted(name for name in found - listed if not Path(name).name.startswith("."))
    if foreign:
        raise OutputError(f"{out}: holds {foreign[0]}, which ccsim did not write. Move it away, or name another folder")


def _listed(place: Path) -> set[str] | None:
    """The files that the folder's manifest lists, itself included; None where there is no manifest of ours."""
    try:
        manifest: Any = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    ours = isinstance(manifest, dict) and MARK in manifest and isinstance(manifest.get("files"), dict)
    return {MANIFEST, *manifest["files"]} if ours else None


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """Give an empty folder to write into; it takes its place when the block ends, and vanishes when the block fails.

    Raises
    ------
    OutputError
        As `check_place`, and when writing fails.
    """
    check_place(out)
    place = out.resolve()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".partial", dir=place.parent))
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror}") from None
    try:
        yield partial
        partial.chmod(0o777 & ~_umask())
        _move(partial, place)
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror or error}") from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _move(partial: Path, place: Path) -> None:
    """Put the new folder in its place; the old one goes only when the new one stands."""
    if not place.exists():
        partial.rename(place)
        return
    old = partial.with_suffix(".old")
    try:
        place.rename(old)
        partial.rename(place)
    except BaseException:
        if old.exists() and not place.exists():
            old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
