"""``ccsim sweep``: many points of a few keys on the same customers; it goes on where it was interrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.echo import echo
from sim.cli.options import (
    Cluster,
    EngineChoice,
    EngineName,
    File,
    Jobs,
    Json,
    Out,
    Replications,
    Seed,
    check_flags,
    deliver,
    load_fitted,
    print_note,
    print_notes,
    progress,
)
from sim.cli.resume import saying_how_to_go_on
from sim.errors import CcsimError
from sim.scenario.model import Scenario
from sim.schema.faults import nearest

if TYPE_CHECKING:
    from sim.report import Report
    from sim.report.sweep.store import Store
    from sim.study.replicate import RunOptions
    from sim.study.sweep.points import SweepPlan
    from sim.study.sweep.simulation import Sweep

Keys = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY.PATH=VALUES",
        help="a:b:step for a grid with both ends, a,b,c for a list, a:b with --sample; one value holds for all points. "
        "May be repeated: several keys make a full grid.",
        show_default=False,
    ),
]
Sample = Annotated[
    int | None,
    typer.Option("--sample", min=1, metavar="N", help="Draw N points, a Latin hypercube.", show_default=False),
]
Measures = Annotated[
    list[str] | None,
    typer.Option("--measure", metavar="NAME", help="A measure to print and draw; may be repeated.", show_default=False),
]
Cliffs = Annotated[
    list[str] | None,
    typer.Option(
        "--find-cliff",
        metavar="MEASURE",
        help="Say where a measure crosses its target and where it bends, with intervals; may be repeated.",
        show_default=False,
    ),
]
MOST_NOTES = 10


def sweep(
    file: File,
    settings: Keys = None,
    sample: Sample = None,
    measures: Measures = None,
    find_cliff: Cliffs = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    cluster: Cluster = None,
    engine: EngineName = EngineChoice.COMPILED,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Simulate a scenario at many points, all on the same customers: a tidy table, a chart a measure, the cliff.

    With --out, finished points are kept beside DIR until it stands: the same command goes on after an interruption.
    """
    check_flags(out)
    from sim.study.replicate import RunOptions

    plan = _planned(file, settings or [], seed, sample, jobs)
    shown = _named(plan, measures or [], "--measure")
    cliffs = _named(plan, find_cliff or [], "--find-cliff")
    _check_cliffs(plan, cliffs)
    count = _replications(plan.base, replications)
    options = RunOptions(plan.base.run.seed if seed is None else seed, engine, jobs)
    store = _store(out, plan, options.seed, count)
    result = _simulated(plan, options, count, store)
    deliver(_report(result, shown, cliffs), out, as_json)
    if store is not None:
        store.remove()


# Before anything is simulated -------------------------------------------------


def _planned(file: Path, settings: Sequence[str], seed: int | None, sample: int | None, jobs: int | None) -> SweepPlan:
    """Every point, checked; its notes are printed."""
    from sim.loading.load import load
    from sim.study.sweep.points import make_plan, read_settings

    def written(texts: list[str]) -> Scenario:
        return load(file, texts)

    def made(texts: list[str]) -> Scenario:
        return load_fitted(file, texts, jobs)

    read = read_settings(settings, written, spans=sample is not None)
    plan = make_plan(read, made, seed, sample)
    print_notes(plan.base)
    _print_notes_of_points(plan)
    return plan


def _print_notes_of_points(plan: SweepPlan) -> None:
    """Print what is to be noted of points beyond what holds for all of them, each once."""
    noted: dict[str, list[int]] = {}
    for point in plan.points:
        for note in point.scenario.notes:
            if note not in plan.base.notes:
                noted.setdefault(note, []).append(point.number)
    for note, where in list(noted.items())[:MOST_NOTES]:
        more = f" and {len(where) - 1} more" if len(where) > 1 else ""
        print_note(f"point {where[0]} ({plan.words(plan.points[where[0] - 1])}){more}: {note}")
    if len(noted) > MOST_NOTES:
        print_note(f"{len(noted) - MOST_NOTES} more notes on points; ccsim validate shows those of any")


def _named(plan: SweepPlan, names: Iterable[str], flag: str) -> tuple[str, ...]:
    """Measures by their names; `service_level` stands for the one that the scenario names."""
    from sim.study.sweep.points import measures_at

    known = measures_at(plan)
    level = plan.base.targets.service_level.definition
    measures = tuple(dict.fromkeys(level if name == "service_level" else name for name in names))
    wrong = [name for name in measures if name not in known]
    if wrong:
        words = [f"{flag} {name}: is no measure that these points have. {nearest(name, known)}" for name in wrong]
        raise CcsimError("\n".join(words))
    return measures


def _check_cliffs(plan: SweepPlan, cliffs: Sequence[str]) -> None:
    if cliffs:
        from sim.study.sweep.cliff import check_cliff

        check_cliff(plan)


def _replications(base: Scenario, given: int | None) -> int:
    count = given or base.run.replications
    if given is None and base.run.precision is not None:
        print_note(f"run.precision is not used in a sweep: every point gets {count} replications (--replications)")
    return count


# Simulating, and what is there already ----------------------------------------


def _store(out: Path | None, plan: SweepPlan, seed: int, replications: int) -> Store | None:
    if out is None:
        return None
    from sim.report.sweep.store import Store

    return Store(out, plan, seed, replications)


def _simulated(plan: SweepPlan, options: RunOptions, replications: int, store: Store | None) -> Sweep:
    from sim.study.sweep.simulation import simulate

    known = store.known() if store else {}
    if known:
        echo(f"resuming: {len(known)} of {len(plan.points)} points are there", err=True)
    keep = store.keep if store else None
    with saying_how_to_go_on(_kept_words(store) if store else None), progress() as tell:
        return simulate(plan, options, replications, known=known, keep=keep, progress=tell)


def _kept_words(store: Store) -> Callable[[], str]:
    return lambda: f"{len(store.known())} of {len(store.plan.points)} points are kept in {store.place}"


def _report(result: Sweep, measures: Sequence[str], cliffs: Sequence[str]) -> Report:
    from sim.report.sweep import sweep_report
    from sim.report.sweep.narrative import default_measures
    from sim.study.sweep.cliff import find_cliff

    shown = tuple(measures) or tuple(dict.fromkeys((*default_measures(result), *cliffs)))
    return sweep_report(result, shown, [find_cliff(result, name) for name in cliffs])
