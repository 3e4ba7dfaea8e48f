"""``ccsim plan``: what a plan of heads does to the months ahead, and which plan meets the targets at least cost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from sim.errors import CcsimError
from sim.scenario.model import Scenario
from sim.schema.faults import nearest

if TYPE_CHECKING:
    from sim.report.plan.store import YearStore

TARGETS_ARE_MISSED = 1
NOTHING = ("none", "off")

Hiring = Annotated[
    Path | None,
    typer.Option(
        "--hiring",
        metavar="FILE",
        help="A hiring plan to play in place of the file's: plan.xlsx or hiring.csv of an earlier --out, edited.",
        show_default=False,
    ),
]
Compare = Annotated[
    str | None,
    typer.Option(
        "--compare",
        metavar="LIST",
        help="Plans to set beside the file's: keep,cut,attrition,reinvest,redesign, which is the default; or none.",
        show_default=False,
    ),
]
Best = Annotated[bool, typer.Option("--best/--no-best", help="Look for the plan that meets the targets at least cost.")]


def plan(
    file: File,
    hiring: Hiring = None,
    compare: Compare = None,
    best: Best = True,
    settings: Settings = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    engine: EngineName = EngineChoice.COMPILED,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Play the months ahead: whom to hire and when, what a cut does, the chance to miss a target, and the money.

    With --out, finished years are kept beside DIR until it stands: the same command goes on after an interruption.
    """
    check_flags(out)
    names = _compared(compare)
    scenario = load_fitted(file, [*(settings or []), *_hiring(hiring)], jobs)
    print_notes(scenario)
    _check_horizon(file, scenario)
    import sim
    from sim.report.plan import plan_report

    store = _store(scenario, seed, out)
    with _saying_how_to_go_on(store), progress() as tell:
        answer = sim.plan(
            scenario,
            compare=names,
            best=best and bool(scenario.costs),
            replications=replications,
            seed=seed,
            engine=engine,
            jobs=jobs,
            store=store,
            progress=tell,
            stage=lambda words: echo(f"{words} ...", err=True),
        )
    deliver(plan_report(answer), out, as_json)
    if store is not None:
        store.remove()
    if not answer.holds:
        raise typer.Exit(TARGETS_ARE_MISSED)


# What was asked -------------------------------------------------------------------


def _compared(text: str | None) -> tuple[str, ...]:
    from sim.study.plan.rules import COMPARED

    if text is None:
        return COMPARED
    names = [name.strip() for name in text.split(",")]
    if len(names) == 1 and names[0] in NOTHING:
        return ()
    for name in names:
        if name not in COMPARED:
            raise CcsimError(f"--compare: {name}: is no plan. {nearest(name, COMPARED)}")
    return tuple(names)


def _hiring(hiring: Path | None) -> list[str]:
    """Settings that put a hiring plan in the place of all that the file says of who is hired and let go."""
    if hiring is None:
        return []
    import json

    name = json.dumps(str(hiring.resolve()), ensure_ascii=False)
    return [
        "horizon.let_go=[]",
        "horizon.hiring.rule=none",
        f"horizon.hiring.classes={{file: {name}}}",
    ]


def _check_horizon(file: Path, scenario: Scenario) -> None:
    if scenario.horizon is None:
        raise CcsimError(
            f"{file}: horizon: is missing, and a plan needs the months ahead. Write horizon: {{}} for a year as it is, "
            "or --set horizon.months=12"
        )


# What is there already --------------------------------------------------------------


def _store(scenario: Scenario, seed: int | None, out: Path | None) -> YearStore | None:
    if out is None:
        return None
    from sim.report.plan.store import YearStore

    store = YearStore(out, scenario, scenario.run.seed if seed is None else seed)
    there = store.count()
    if there:
        echo(f"resuming: {there} years are there", err=True)
    return store


@contextmanager
def _saying_how_to_go_on(store: YearStore | None) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        if store is not None:
            echo(f"{store.count()} years are kept in {store.place}; the same command goes on from there", err=True)
        raise
