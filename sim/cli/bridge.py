"""``ccsim bridge``: from today to tomorrow, cause by cause."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import (
    Cluster,
    EngineChoice,
    EngineName,
    Jobs,
    Json,
    Out,
    Replications,
    Seed,
    Settings,
    check_flags,
    deliver,
    load_all,
    progress,
)
from sim.errors import CcsimError
from sim.schema.faults import BadValueError
from sim.schema.values import parse_share

Before = Annotated[Path, typer.Argument(metavar="BEFORE", help="Scenario file of today.", show_default=False)]
After = Annotated[Path, typer.Argument(metavar="AFTER", help="Scenario file of tomorrow.", show_default=False)]
Shapley = Annotated[
    bool, typer.Option("--shapley", help="Average over all orders of at most six groups of causes. Takes longer.")
]
Occupancy = Annotated[
    str | None,
    typer.Option(
        metavar="SHARE",
        help="Occupancy to plan for, in place of AFTER's targets.occupancy; 85% without either.",
        show_default=False,
    ),
]


def bridge(
    before: Before,
    after: After,
    settings: Settings = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    cluster: Cluster = None,
    engine: EngineName = EngineChoice.COMPILED,
    out: Out = None,
    as_json: Json = False,
    shapley: Shapley = False,
    occupancy: Occupancy = None,
) -> None:
    """Say where the change in handle time, workload and FTE comes from, cause by cause, and what is really free."""
    check_flags(out)
    planned = _share(occupancy)
    today, tomorrow = load_all([before, after], settings or [], jobs)
    import sim
    from sim.report.bridge import bridge_report

    with progress() as tell:
        result = sim.bridge(
            today,
            tomorrow,
            seed=seed,
            replications=replications,
            jobs=jobs,
            engine=engine,
            occupancy=planned,
            shapley=shapley,
            progress=tell,
        )
    deliver(bridge_report(result), out, as_json)


def _share(text: str | None) -> float | None:
    """An occupancy as a file may say it."""
    if text is None:
        return None
    try:
        return parse_share(text)
    except BadValueError:
        raise CcsimError(f"--occupancy: {text}: is not a share. Write a share such as 0.85 or 85%") from None
