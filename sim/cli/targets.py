"""``ccsim targets``: staffing against handle-time targets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.beliefs import QuoteChance, QuotedDraws, check_chance, check_draws, quoted_chance
from sim.cli.levels import group_of, levels_of
from sim.cli.options import (
    Cluster,
    EngineChoice,
    EngineName,
    File,
    HowSure,
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
from sim.scenario.model import Scenario
from sim.schema.ranges import read_number, read_seconds, read_share, values_of

if TYPE_CHECKING:
    from sim.report import Chart
    from sim.study.targets import TargetsResult

NOTHING_WILL_DO = 1

Before = Annotated[
    Path | None, typer.Option(metavar="FILE", help="The centre as it was: its handle time is the old target.")
]
Staff = Annotated[
    list[str] | None,
    typer.Option(
        "--staff",
        metavar="[GROUP=]A:B:STEP",
        help="Staffing levels: multiples (70%:110%:5%) or agents at the peak (40:56:4), of all groups or of one.",
        show_default=False,
    ),
]
Aht = Annotated[
    str | None,
    typer.Option(
        "--aht",
        metavar="A:B:STEP",
        help="Handle-time targets: durations (5m:8m:30s), or shares of the natural handle time (70%:95%:5%).",
        show_default=False,
    ),
]
Recovery = Annotated[
    str | None,
    typer.Option(
        metavar="A:B:STEP", help="Pauses after hard contacts (0s:60s:15s) as a third axis.", show_default=False
    ),
]

Concurrency = Annotated[
    str | None,
    typer.Option(
        metavar="[GROUP=]A:B",
        help="Most chats in hand at once (1:4, or 2,3), of all groups that take chats or of one, as a further axis; "
        "without --aht the target stays as it was.",
        show_default=False,
    ),
]


def targets(
    file: File,
    before: Before = None,
    staff: Staff = None,
    aht: Aht = None,
    recovery: Recovery = None,
    concurrency: Concurrency = None,
    how_sure: HowSure = True,
    beliefs: QuoteChance = False,
    draws: QuotedDraws = None,
    settings: Settings = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    cluster: Cluster = None,
    engine: EngineName = EngineChoice.COMPILED,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Set staffing levels against handle-time targets: which meet all targets, what they cost, how sure that is."""
    check_flags(out)
    check_draws(beliefs, draws)
    scenario, *earlier = load_all([file, *([before] if before is not None else [])], settings or [], jobs)
    axes = _axes(scenario, staff or [], aht, recovery, concurrency)
    if beliefs:
        check_chance(scenario)
    from sim.report.targets import targets_report
    from sim.report.targets.narrative import cell_words
    from sim.study.targets import targets as search

    drawn: list[Chart] = []
    with progress() as tell:
        result = search(
            scenario,
            earlier[0] if earlier else None,
            **axes,
            seed=seed,
            replications=replications,
            jobs=jobs,
            engine=engine,
            how_sure=how_sure,
            progress=tell,
            meanwhile=None if out is None else _drawing(drawn),
        )
    chance = None
    if beliefs:
        plan = result.cells[result.told].scenario
        chance = quoted_chance(scenario, plan, cell_words(result, result.told), draws, seed, jobs, engine)
    deliver(targets_report(result, chance, drawn or None), out, as_json)
    if result.best is None:
        raise typer.Exit(NOTHING_WILL_DO)


def _drawing(charts: list[Chart]) -> Callable[[TargetsResult], None]:
    """What draws the maps of a grid while its assumptions are still simulated."""
    from sim.report.style import drawing_once, ready_to_draw
    from sim.report.targets import maps_of

    def draw(found: TargetsResult) -> None:
        with drawing_once():
            ready_to_draw()
            charts.extend(maps_of(found))

    return draw


def _axes(
    scenario: Scenario, staff: list[str], aht: str | None, recovery: str | None, concurrency: str | None
) -> dict[str, Any]:
    """The axes that were asked for; those that were not are left to their defaults."""
    axes: dict[str, Any] = {}
    if staff:
        axes["staffing"] = [level for text in staff for level in levels_of(scenario, "--staff", text)]
    if aht is not None:
        shares = "%" in aht
        values = values_of("--aht", aht, read_share if shares else read_seconds)
        if min(values) <= 0:
            raise CcsimError(
                f"--aht: {aht}: a handle time is more than nothing. Write a list, such as 80%,90%, or 6m,7m"
            )
        axes["shares" if shares else "paces"] = values
    if recovery is not None:
        axes["recovery"] = values_of("--recovery", recovery, read_seconds, "30s,60s")
    if concurrency is not None:
        axes["chat_groups"], numbers = group_of(scenario, "--concurrency", concurrency)
        axes["concurrency"] = _caps(numbers)
    return axes


def _caps(text: str) -> list[int]:
    """Numbers of chats: a list, or `a:b` for all from a to b."""
    values = values_of("--concurrency", text, read_number, "1,2,3", step="1")
    for value in values:
        if value != int(value):
            raise CcsimError(f"--concurrency: {value:g}: is no whole number of chats. Write 1:4, or a list such as 2,3")
    return [int(value) for value in values]
