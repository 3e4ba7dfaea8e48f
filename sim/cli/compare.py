"""``ccsim compare``: several scenarios on the same customers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.options import (
    Cluster,
    Contacts,
    EngineChoice,
    EngineName,
    Files,
    Jobs,
    Json,
    Out,
    Replications,
    Seed,
    Settings,
    check_flags,
    deliver_findings,
    load_all,
    print_note,
    progress,
)
from sim.errors import CcsimError
from sim.scenario.model import Scenario

if TYPE_CHECKING:
    from sim.report.comparison.findings import Findings
    from sim.report.comparison.rankings import NullWorld

NullWorldToo = Annotated[
    bool,
    typer.Option("--null-world", help="Compare with every slope at zero as well, and say which rankings survive that."),
]


def compare(
    files: Files,
    settings: Settings = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    cluster: Cluster = None,
    engine: EngineName = EngineChoice.COMPILED,
    out: Out = None,
    as_json: Json = False,
    contacts: Contacts = False,
    null_world: NullWorldToo = False,
) -> None:
    """Put the same customers through several scenarios, and each beside the first: paired differences, plain words."""
    if len(files) < 2:
        raise CcsimError("compare needs at least two files. Add another one, or use run for one")
    check_flags(out, contacts)
    scenarios = load_all(files, settings or [], jobs)
    _note_spans(scenarios)
    how = {"jobs": jobs, "engine": engine}
    findings = _compared(scenarios, seed=seed, replications=replications, contacts=contacts, **how)
    deliver_findings(findings, out, as_json, _in_null_world(findings, **how) if null_world else None)


def _compared(scenarios: list[Scenario], **options: Any) -> Findings:
    import sim
    from sim.report.comparison.findings import of_comparison

    with progress() as tell:
        return of_comparison(sim.compare(*scenarios, progress=tell, **options))


def _in_null_world(findings: Findings, **how: Any) -> NullWorld:
    """The same customers and replications in the null world, and in both worlds every two scenarios side by side."""
    from sim.facts.null_world import null_world
    from sim.report.comparison.rankings import null_world_of

    same = {"seed": findings.first.seed, "replications": findings.first.replications, **how}
    named = [findings.scenario(name).model_copy(update={"name": name}) for name in findings.names]
    flat = [null_world(scenario) for scenario in named]
    later = range(1, len(named) - 1)
    here = [findings, *(_compared(named[k:], **same) for k in later)]
    return null_world_of(here, [_compared(flat, **same), *(_compared(flat[k:], **same) for k in later)])


def _note_spans(scenarios: list[Scenario]) -> None:
    """Say which scenarios measure other open hours than the first: their totals are no like for like."""
    first, *others = scenarios
    for other in others:
        if _open_hours(other) != _open_hours(first):
            print_note(
                f"{other.name}: measures other days or hours than {first.name}. "
                "Compare shares and means; totals such as contacts, hours and cost are of different spans"
            )


def _open_hours(scenario: Scenario) -> list[tuple[float, float] | None]:
    return [scenario.calendar.open_hours(day) for day in scenario.calendar.dates()]
