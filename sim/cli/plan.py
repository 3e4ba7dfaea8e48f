"""``ccsim plan``: what a plan of heads does to the months ahead, and which plan meets the targets at least cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.echo import echo
from sim.cli.options import (
    EngineChoice,
    EngineName,
    File,
    Jobs,
    Json,
    Out,
    Replications,
    Seed,
    Settings,
    check_flags,
    deliver,
    load_fitted,
    print_notes,
    progress,
)

if TYPE_CHECKING:
    from sim.report.kept import KeptParts
