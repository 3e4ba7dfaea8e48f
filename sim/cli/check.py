"""``ccsim check``: has what a scenario measures moved since its baseline was made?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import File, Jobs, Json, Settings, leaving_with, print_json
from sim.cli.progress import progress
from sim.cli.simulate import EngineChoice, EngineName, load_all
from sim.scenario.goals import MOST_SEED
from sim.scenario.model import Scenario

if TYPE_CHECKING:
    from sim.study.baseline import Baseline
    from sim.study.check import Check

BaselineFile = Annotated[
    Path, typer.Option("--baseline", metavar="FILE", help="Baseline to hold it to.", show_default=False)
]
Refresh = Annotated[bool, typer.Option("--refresh", help="Make the baseline anew; its tolerances are kept.")]
Seed = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=MOST_SEED,
        help="Another seed than the baseline's: judged by luck, from 10 replications on.",
        show_default=False,
    ),
]
Replications = Annotated[
    int | None,
    typer.Option(min=1, help="With another seed or --refresh: replications, not the baseline's.", show_default=False),
]
MOVED = 1


def check(
    file: File,
    baseline: BaselineFile,
    settings: Settings = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    engine: EngineName = EngineChoice.COMPILED,
    refresh: Refresh = False,
    as_json: Json = False,
) -> None:
    """Hold a scenario to its baseline: exactly with the baseline's seed, by luck with another --seed.

    Leaves with 0 when nothing moved, 1 when something did.
    """
    from sim.report.regression.baseline_file import read_baseline
    from sim.study.check import check as check_now

    if refresh:
        _refresh(file, baseline, settings or [], seed, replications, jobs, engine, as_json)
        return
    kept = read_baseline(baseline)
    scenario = _load(file, [*kept.settings, *(settings or [])], jobs)
    with progress() as report:
        found = check_now(
            scenario, kept, seed=seed, replications=replications, jobs=jobs, engine=engine, progress=report
        )
    with leaving_with(MOVED if len(found.moved) else 0):
        _tell(scenario, found.now, baseline, False, found, as_json)


def _refresh(
    file: Path,
    path: Path,
    settings: list[str],
    seed: int | None,
    replications: int | None,
    jobs: int | None,
    engine: EngineName,
    as_json: bool,
) -> None:
    """Make the baseline with the flags given, or as it was made before, and say what moved."""
    from sim.report.regression.baseline_file import read_baseline, write_baseline
    from sim.study.baseline import make_baseline
    from sim.study.check import judge

    old = read_baseline(path) if path.exists() else None
    if old is not None:
        seed, replications = old.seed if seed is None else seed, replications or old.replications
        settings = _on_top(old.settings, settings)
    scenario = _load(file, settings, jobs)
    with progress() as report:
        new = make_baseline(
            scenario,
            seed=seed,
            replications=replications,
            jobs=jobs,
            engine=engine,
            settings=settings,
            tolerances=old,
            progress=report,
        )
    write_baseline(new, path)
    alike = old is not None and (old.seed, old.replications) == (new.seed, new.replications)
    _tell(scenario, new, path, True, judge(old, new) if old is not None and alike else None, as_json)


def _on_top(old: tuple[str, ...], given: list[str]) -> list[str]:
    """The settings of a baseline with others on top; a key that is given again stands once."""
    again = {text.partition("=")[0].strip() for text in given}
    return [*(text for text in old if text.partition("=")[0].strip() not in again), *given]


def _load(file: Path, settings: list[str], jobs: int | None) -> Scenario:
    if settings:
        typer.echo(f"note: with {' '.join(f'--set {text}' for text in settings)}", err=True)
    (scenario,) = load_all([file], settings, jobs)
    return scenario


def _tell(scenario: Scenario, now: Baseline, path: Path, refreshed: bool, found: Check | None, as_json: bool) -> None:
    from sim.report.calibration.observed import opened_document, print_opening
    from sim.report.regression.check import check_document, print_check

    if refreshed:
        typer.echo(f"wrote {path}: {len(now.measures)} measures", err=True)
    if as_json:
        print_json(opened_document(check_document(now, path, refreshed, found), scenario))
    elif found is not None:
        print_opening(scenario)
        print_check(found)
