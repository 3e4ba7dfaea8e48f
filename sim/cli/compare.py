"""``ccsim compare``: several scenarios on the same customers."""

from __future__ import annotations

import typer

from sim.cli.common import Files, Jobs, Json, Out, Replications, Seed, Settings
from sim.cli.progress import progress
from sim.cli.simulate import Contacts, Engine, EngineName, check_flags, hand_over, load_all
from sim.errors import CcsimError
from sim.scenario.model import Scenario


def compare(
    files: Files,
    settings: Settings = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    engine: EngineName = Engine.COMPILED,
    out: Out = None,
    as_json: Json = False,
    contacts: Contacts = False,
) -> None:
    """Put the same customers through several scenarios, and each beside the first: paired differences, plain words."""
    if len(files) < 2:
        raise CcsimError("compare needs at least two files. Add another one, or use run for one")
    check_flags(out, contacts)
    scenarios = load_all(files, settings or [])
    _note_spans(scenarios)
    import sim
    from sim.report.findings import of_comparison

    with progress() as report:
        comparison = sim.compare(
            *scenarios,
            seed=seed,
            replications=replications,
            jobs=jobs,
            contacts=contacts,
            engine=engine,
            progress=report,
        )
    hand_over(of_comparison(comparison), out, as_json)


def _note_spans(scenarios: list[Scenario]) -> None:
    """Say which scenarios measure other open hours than the first: their totals are no like for like."""
    first, *others = scenarios
    for other in others:
        if _open_hours(other) != _open_hours(first):
            typer.echo(
                f"note: {other.name}: measures other days or hours than {first.name}. "
                "Compare shares and means; totals such as contacts, hours and cost are of different spans",
                err=True,
            )


def _open_hours(scenario: Scenario) -> list[tuple[float, float] | None]:
    return [scenario.calendar.open_hours(day) for day in scenario.calendar.dates()]
