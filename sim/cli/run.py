"""``ccsim run``: one scenario, with confidence intervals."""

from __future__ import annotations

from sim.cli.common import File, Jobs, Json, Out, Replications, Seed, Settings
from sim.cli.progress import progress
from sim.cli.simulate import Contacts, Engine, EngineName, check_flags, hand_over, load_all


def run(
    file: File,
    settings: Settings = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    engine: EngineName = Engine.COMPILED,
    out: Out = None,
    as_json: Json = False,
    contacts: Contacts = False,
) -> None:
    """Simulate a scenario: the decision table, days and intervals, the claimed beside the true."""
    check_flags(out, contacts)
    (scenario,) = load_all([file], settings or [])
    import sim
    from sim.report.findings import of_run

    with progress() as report:
        result = sim.run(
            scenario,
            seed=seed,
            replications=replications,
            jobs=jobs,
            contacts=contacts,
            engine=engine,
            progress=report,
        )
    hand_over(of_run(result), out, as_json)
