"""``ccsim check``: has what a scenario measures moved since its baseline was made?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.echo import echo
from sim.cli.options import (
    EngineChoice,
    EngineName,
    File,
    Jobs,
    Json,
    Settings,
    leaving_with,
    load_all,
    print_note,
    progress,
    show,
)
from sim.loading.files import text_of
from sim.report.baseline_file import kept_text
from sim.scenario.goals import MOST_SEED
from sim.scenario.model import Scenario

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
    if not refresh:
        kept_text(baseline)
    text_of(file)
    from sim.report.regression import check_report, read_baseline
    from sim.study.check import check as check_now

    if refresh:
        _refresh(file, baseline, settings or [], seed, replications, jobs, engine, as_json)
        return
    kept = read_baseline(baseline)
    scenario = _load(file, [*kept.settings, *(settings or [])], jobs)
    with progress() as tell:
        result = check_now(
            scenario, kept, seed=seed, replications=replications, jobs=jobs, engine=engine, progress=tell
        )
    with leaving_with(MOVED if len(result.moved) else 0):
        show(check_report(scenario, result.now, baseline, False, result), as_json)


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
    from sim.report.regression import check_report, read_baseline, write_baseline
    from sim.study.baseline import make_baseline
    from sim.study.check import judge

    old = read_baseline(path) if path.exists() else None
    if old is not None:
        seed, replications = old.seed if seed is None else seed, replications or old.replications
        settings = _on_top(old.settings, settings)
    scenario = _load(file, settings, jobs)
    with progress() as tell:
        new = make_baseline(
            scenario,
            seed=seed,
            replications=replications,
            jobs=jobs,
            engine=engine,
            settings=settings,
            tolerances=old,
            progress=tell,
        )
    write_baseline(new, path)
    alike = old is not None and (old.seed, old.replications) == (new.seed, new.replications)
    echo(f"wrote {path}: {len(new.measures)} measures", err=True)
    result = judge(old, new) if old is not None and alike else None
    if as_json or result is not None:
        show(check_report(scenario, new, path, True, result), as_json)


def _on_top(old: tuple[str, ...], given: list[str]) -> list[str]:
    """The settings of a baseline with others on top; a key that is given again stands once."""
    again = {text.partition("=")[0].strip() for text in given}
    return [*(text for text in old if text.partition("=")[0].strip() not in again), *given]


def _load(file: Path, settings: list[str], jobs: int | None) -> Scenario:
    if settings:
        print_note(f"with {' '.join(f'--set {text}' for text in settings)}")
    (scenario,) = load_all([file], settings, jobs)
    return scenario
