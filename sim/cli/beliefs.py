"""``--beliefs``: the chance that what a verb names holds, luck and what is not known together."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import EngineChoice, progress
from sim.errors import CcsimError
from sim.scenario.model import Scenario

if TYPE_CHECKING:
    from sim.study.risk.result import RiskResult

QuoteChance = Annotated[
    bool,
    typer.Option("--beliefs", help="Quote the chance that it holds for four weeks, weak numbers drawn too."),
]
QuotedDraws = Annotated[
    int | None,
    typer.Option(
        "--draws",
        min=20,
        max=100_000,
        metavar="N",
        help="With --beliefs: draws of what is believed; 100 unless given.",
        show_default=False,
    ),
]


def check_draws(beliefs: bool, draws: int | None) -> None:
    """Refuse draws of nothing."""
    if draws is not None and not beliefs:
        raise CcsimError(f"--draws: {draws}: says how often what is believed is drawn. Add --beliefs")


def check_chance(scenario: Scenario) -> None:
    """See that a chance can be quoted, before anything is simulated."""
    from sim.study.risk.study import set_up_plan

    set_up_plan(scenario, scenario, scenario.name)


def quoted_chance(
    scenario: Scenario,
    plan: Scenario,
    name: str,
    draws: int | None,
    seed: int | None,
    jobs: int | None,
    engine: EngineChoice,
) -> RiskResult:
    """The chance of a plan of a scenario, with its fit made again in every draw."""
    from sim.calibrate.observed import refit_observed
    from sim.study.risk.plan_chance import QUOTED_DRAWS, plan_chance

    with progress() as tell:
        return plan_chance(
            scenario,
            plan,
            name,
            draws=draws or QUOTED_DRAWS,
            seed=seed,
            engine=engine,
            jobs=jobs,
            refit=partial(refit_observed, jobs=jobs),
            progress=tell,
        )
