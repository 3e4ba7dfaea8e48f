"""``ccsim decide``: one page on how many can go, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.echo import echo
from sim.cli.options import (
    Cluster,
    EngineChoice,
    EngineName,
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
from sim.schema.faults import BadValueError
from sim.schema.values import parse_share

if TYPE_CHECKING:
    from sim.report import Report
    from sim.study.decide import Decision

MORE_ARE_NEEDED = 1

Before = Annotated[Path, typer.Argument(metavar="BEFORE", help="Scenario file of today.", show_default=False)]
After = Annotated[Path, typer.Argument(metavar="AFTER", help="Scenario file of tomorrow.", show_default=False)]
RootCauses = Annotated[
    str, typer.Option(metavar="SHARE", help="Contacts that work on root causes is assumed to take away.")
]
Coaching = Annotated[str, typer.Option(metavar="SHARE", help="Needs that coaching is assumed to resolve more.")]
RehireWeeks = Annotated[float, typer.Option(min=0, help="Weeks that hiring again is assumed to take.")]
Draws = Annotated[
    int, typer.Option("--risk", min=0, help="Draws of what is not known, for the chance that plans hold; 0 for none.")
]
Pages = Annotated[bool, typer.Option("--pages/--no-pages", help="With --out: the pages of bridge and release too.")]


def decide(
    before: Before,
    after: After,
    how_sure: HowSure = True,
    root_causes: RootCauses = "5%",
    coaching: Coaching = "2%",
    rehire_weeks: RehireWeeks = 12.0,
    draws: Draws = 0,
    pages: Pages = True,
    settings: Settings = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    cluster: Cluster = None,
    engine: EngineName = EngineChoice.COMPILED,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Say on one page how many can go, what comes of it for customers, agents and money, and how sure that is."""
    check_flags(out)
    fewer, better = _share("--root-causes", root_causes), _share("--coaching", coaching)
    today, tomorrow = load_all([before, after], settings or [], jobs)
    import sim
    from sim.report.decide import decide_report

    how: dict[str, Any] = {"seed": seed, "jobs": jobs, "engine": engine}
    with progress() as tell:
        decision = sim.decide(
            today,
            tomorrow,
            root_causes=fewer,
            coaching=better,
            rehire_weeks=rehire_weeks,
            how_sure=how_sure,
            draws=draws,
            refit=sim.refit_observed if draws else None,
            replications=replications,
            progress=tell,
            stage=lambda words: echo(f"{words} ...", err=True),
            **how,
        )
        further = dict(_further(decision, how, tell)) if pages and out is not None else {}
    deliver(decide_report(decision, (str(before), str(after)), further), out, as_json)
    if not decision.feasible:
        raise typer.Exit(MORE_ARE_NEEDED)


def _further(decision: Decision, how: dict[str, Any], tell: Any) -> Iterator[tuple[str, Report]]:
    """The pages behind the page."""
    import sim
    from sim.report.bridge import bridge_report
    from sim.report.staffing.release import release_report

    count = min(decision.replications, 10)
    echo("the bridge behind it ...", err=True)
    yield "bridge", bridge_report(sim.bridge(decision.before, decision.after, replications=count, progress=tell, **how))
    if decision.trigger is not None:
        echo("what must be resolved for the targets ...", err=True)
        freed = decision.trigger.fte
        found = sim.release(
            decision.after, freed, decision.before, replications=count, how_sure=False, progress=tell, **how
        )
        yield "release", release_report(found)


def _share(flag: str, text: str) -> float:
    try:
        share = parse_share(text)
    except BadValueError:
        share = 1.0
    if share >= 1.0:
        raise CcsimError(f"{flag}: {text}: is not a share from 0 to below 100%. Write one such as 0.05 or 5%")
    return share
