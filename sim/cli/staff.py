"""``ccsim staff``: the fewest agents that meet the targets."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.common import File, Jobs, Json, Out, Replications, Seed, Settings, print_json
from sim.cli.progress import progress
from sim.cli.simulate import Engine, EngineName, check_flags, load_all, write_out

if TYPE_CHECKING:
    from sim.study.staffing import StaffResult

NO_NUMBER_WILL_DO = 1


class Per(StrEnum):
    """Spans of time."""

    INTERVAL = "interval"
    DAY = "day"
    WHOLE = "whole"


By = Annotated[Per, typer.Option("--by", help="When staff may change.")]
Each = Annotated[Per, typer.Option("--each", help="Over what each target must hold.")]
HowSure = Annotated[
    bool, typer.Option("--how-sure/--luck-only", help="Set weak and assumed numbers to the ends of their ranges too.")
]


def staff(
    file: File,
    by: By = Per.INTERVAL,
    each: Each = Per.INTERVAL,
    how_sure: HowSure = True,
    settings: Settings = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    engine: EngineName = Engine.COMPILED,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Find the fewest agents by interval and group that meet the targets, beside Erlang C and Erlang A."""
    check_flags(out, contacts=False)
    (scenario,) = load_all([file], settings or [])
    from sim.study.staffing import staff as search

    with progress() as report:
        result = search(
            scenario,
            by=by.value,
            each=each.value,
            seed=seed,
            replications=replications,
            jobs=jobs,
            engine=engine,
            how_sure=how_sure,
            progress=report,
        )
    for note in result.notes:
        typer.echo(f"note: {scenario.name}: {note}", err=True)
    _hand_over(result, out, as_json)


def _hand_over(result: StaffResult, out: Path | None, as_json: bool) -> None:
    """Write the folder, print the document or the tables; leave with 1 where no number of agents will do."""
    from sim.report.staffing.bundle import bundle_of
    from sim.report.staffing.document import document
    from sim.report.staffing.screen import print_result

    if out is not None:
        write_out(bundle_of(result), out)
    if as_json:
        print_json(document(result))
    else:
        print_result(result)
    if not result.feasible:
        raise typer.Exit(NO_NUMBER_WILL_DO)
