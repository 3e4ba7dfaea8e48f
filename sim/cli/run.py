"""``ccsim run``: one scenario, with confidence intervals."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.options import (
    Cluster,
    Contacts,
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
    deliver_findings,
    load_all,
    print_note,
    progress,
)
from sim.facts.null_world import null_world as in_null_world
from sim.facts.null_world import slope_words
from sim.scenario.model import Scenario

NullWorld = Annotated[
    bool,
    typer.Option(
        "--null-world",
        help="Put every slope at zero: no latent state, such as difficulty or fatigue, changes an outcome.",
    ),
]


def run(
    file: File,
    settings: Settings = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    cluster: Cluster = None,
    engine: EngineName = EngineChoice.COMPILED,
    out: Out = None,
    as_json: Json = False,
    contacts: Contacts = False,
    null_world: NullWorld = False,
) -> None:
    """Simulate a scenario: the decision table, days and intervals, the claimed beside the true."""
    check_flags(out, contacts)
    (scenario,) = load_all([file], settings or [], jobs)
    scenario = _without_slopes(scenario) if null_world else scenario
    import sim
    from sim.report.comparison.findings import of_run

    with progress() as tell:
        result = sim.run(
            scenario,
            seed=seed,
            replications=replications,
            jobs=jobs,
            contacts=contacts,
            engine=engine,
            progress=tell,
        )
    deliver_findings(of_run(result), out, as_json)


def _without_slopes(scenario: Scenario) -> Scenario:
    """The null world of a scenario, under a name that says so; a note tells which keys it changes."""
    world = in_null_world(scenario).model_copy(update={"name": f"{scenario.name} (null world)"})
    print_note(f"{world.name}: slopes at their neutral values: {slope_words(scenario)}")
    return world
