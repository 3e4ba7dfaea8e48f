"""Fits kept on disk beside the compiled code, so that the same figures are fitted once."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from functools import cache
from pathlib import Path

from pydantic import ValidationError

import sim
from sim.calibrate.observed.scale_parameters import own_patience
from sim.jit import source_hash
from sim.loading.fitting import FittedSettings
from sim.scenario.model import Scenario
from sim.scenario.observed import FitOutcome

ROOMS = ("schema", "scenario", "loading", "facts", "study", "calibrate")
"""What a fit depends on beside the compiled rooms."""


def folder() -> Path:
    """Return where fits are kept: in the folder in which compiled code is kept, whatever its version."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ccsim" / "observed"


def name_of(document: Scenario) -> str:
    """Return the name of a document's fit: a hash of all that it says, and of the program.

    Whether an intent writes a patience of its own, or has that of all customers, makes other settings.
    """
    said = f"{document.digest} {own_patience(document)} {_program()}"
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


@cache
def _program() -> str:
    digest = hashlib.blake2b(f"{sim.__version__} {source_hash()}".encode())
    for room in ROOMS:
        for path in sorted((Path(__file__).parents[2] / room).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def known(name: str) -> FittedSettings | None:
    """Return a fit of an earlier time; None where there is none that can be read."""
    try:
        kept = json.loads((folder() / f"{name}.json").read_text(encoding="utf-8"))
        return FittedSettings(dict(kept["settings"]), FitOutcome.model_validate(kept["outcome"]))
    except (OSError, ValueError, KeyError, TypeError, ValidationError):
        return None


def keep(name: str, fitted: FittedSettings) -> None:
    """Keep a fit, whole or not at all; where nothing can be written, it is fitted again next time."""
    kept = {"settings": fitted.settings, "outcome": fitted.outcome.model_dump(mode="json")}
    try:
        folder().mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(prefix=f".{name}.", dir=folder())
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(kept, file)
        Path(partial).replace(folder() / f"{name}.json")
    except OSError:
        return
