"""``ccsim risk``: how likely it is that a plan holds, luck and what is not known together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.echo import echo
from sim.cli.levels import levels_of
from sim.cli.options import (
    Cluster,
    EngineChoice,
    EngineName,
    File,
    Jobs,
    Json,
    Out,
    Seed,
    Settings,
    check_flags,
    deliver,
    load_all,
    progress,
)
from sim.cli.resume import saying_how_to_go_on
from sim.errors import CcsimError
from sim.scenario.model import Scenario
from sim.schema.faults import BadValueError
from sim.schema.ranges import read_seconds, values_of
from sim.schema.values import parse_duration, parse_share

if TYPE_CHECKING:
    from sim.report.kept import KeptParts
    from sim.study.levels import Level
    from sim.study.risk.draws import DrawOutcome
    from sim.study.risk.study import RiskSetup

NO_PLAN_IS_SURE = 1
FILES = (".yaml", ".yml")

Before = Annotated[
    Path | None, typer.Option(metavar="FILE", help="The centre as it was: a plan that cannot be chosen.")
]
Plans = Annotated[
    list[str] | None,
    typer.Option(
        "--plans",
        metavar="LIST",
        help="Staffing levels as in targets --staff (80%,90% or 80%:110%:5% or front=40:56:4), and scenario files; may "
        "be repeated. Without it 80% to 110%.",
        show_default=False,
    ),
]
Aht = Annotated[
    str | None,
    typer.Option(
        "--aht", metavar="LIST", help="Handle-time targets (6m,7m), each with every level too.", show_default=False
    ),
]
Draws = Annotated[int, typer.Option("--draws", min=20, max=100_000, help="Draws of what is believed.")]
Period = Annotated[str, typer.Option("--period", metavar="TIME", help="Over which the targets must be met.")]
Chance = Annotated[str, typer.Option("--chance", metavar="SHARE", help="The chance that is asked for.")]


def risk(
    file: File,
    before: Before = None,
    plans: Plans = None,
    aht: Aht = None,
    draws: Draws = 200,
    period: Period = "28d",
    chance: Chance = "80%",
    settings: Settings = None,
    seed: Seed = None,
    jobs: Jobs = None,
    cluster: Cluster = None,
    engine: EngineName = EngineChoice.COMPILED,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Draw what is believed of weak numbers, simulate every plan in every draw, and say how likely it is that it holds.

    With --out, finished draws are kept beside DIR until it stands: the same command goes on after an interruption.
    """
    check_flags(out)
    seconds, wanted = _period(period), _chance(chance)
    levels, files = _split(plans or [])
    earlier = [before] if before is not None else []
    scenario, *others = load_all([file, *earlier, *files], settings or [], jobs)
    chosen: list[Scenario | Level] = [level for text in levels for level in levels_of(scenario, "--plans", text)]
    from sim.study.risk.study import set_up

    setup = set_up(
        scenario,
        others[0] if earlier else None,
        plans=[*chosen, *others[len(earlier) :]],
        paces=() if aht is None else values_of("--aht", aht, read_seconds),
        draws=draws,
        period=seconds,
        chance=wanted,
        seed=seed,
    )
    _answer(setup, engine, jobs, out, as_json)


def _answer(setup: RiskSetup, engine: EngineChoice, jobs: int | None, out: Path | None, as_json: bool) -> None:
    from sim.calibrate.observed import refit_observed
    from sim.report.risk import risk_report
    from sim.study.risk.kept import plain_outcome
    from sim.study.risk.study import carried_out

    store = _store(setup, out)
    known = _known(setup, store)

    def keep(outcome: DrawOutcome) -> None:
        if store is not None:
            store.keep(outcome.number, plain_outcome(outcome))

    refit = partial(refit_observed, jobs=jobs)
    with saying_how_to_go_on(_kept_words(setup, store) if store else None), progress() as tell:
        result = carried_out(setup, engine=engine, jobs=jobs, refit=refit, known=known, keep=keep, progress=tell)
    deliver(risk_report(result), out, as_json)
    if store is not None:
        store.remove()
    if not result.sufficient:
        raise typer.Exit(NO_PLAN_IS_SURE)


# What was asked -----------------------------------------------------------------


def _period(text: str) -> float:
    try:
        seconds = parse_duration(text)
    except BadValueError:
        seconds = 0.0
    if seconds <= 0.0:
        raise CcsimError(f"--period: {text}: is not a time. Write one such as 28d")
    return seconds


def _chance(text: str) -> float:
    try:
        share = parse_share(text)
    except BadValueError:
        share = 0.0
    if not 0.0 < share < 1.0:
        raise CcsimError(f"--chance: {text}: is not a share between 0 and 1. Write one such as 80%")
    return share


def _split(plans: Sequence[str]) -> tuple[list[str], list[Path]]:
    """Texts of levels, and files; a list may hold both."""
    levels, files = [], []
    for text in plans:
        parts = [part.strip() for part in text.split(",")]
        files += [Path(part) for part in parts if part.endswith(FILES)]
        rest = [part for part in parts if not part.endswith(FILES)]
        levels += [",".join(rest)] if rest else []
    return levels, files


# What is there already ------------------------------------------------------------


def _store(setup: RiskSetup, out: Path | None) -> KeptParts | None:
    if out is None:
        return None
    from sim.report.kept import KeptParts
    from sim.study.risk.kept import about

    return KeptParts(out, "risk", about(setup), "draw")


def _known(setup: RiskSetup, store: KeptParts | None) -> dict[int, DrawOutcome]:
    """The draws that are there, by number."""
    from sim.study.risk.kept import outcome_from

    bodies = {number: store.read(number) for number in range(setup.draws)} if store is not None else {}
    known = {number: outcome_from(number, body) for number, body in bodies.items() if body is not None}
    if known:
        echo(f"resuming: {len(known)} of {setup.draws} draws are there", err=True)
    return known


def _kept_words(setup: RiskSetup, store: KeptParts) -> Callable[[], str]:
    def words() -> str:
        there = sum(store.read(number) is not None for number in range(setup.draws))
        return f"{there} of {setup.draws} draws are kept in {store.place}"

    return words
