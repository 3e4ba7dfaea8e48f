"""``ccsim plan``: what a plan of heads does to the months ahead, and which plan meets the targets at least cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
    Settings,
    check_flags,
    deliver,
    load_fitted,
    print_notes,
    progress,
)
from sim.cli.resume import saying_how_to_go_on
from sim.errors import CcsimError
from sim.scenario.model import Scenario
from sim.schema.faults import nearest

if TYPE_CHECKING:
    from sim.report.kept import KeptParts

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
    cluster: Cluster = None,
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

    count = scenario.run.replications if replications is None else replications
    kept = _kept(scenario, seed, count, names, best, out)
    with saying_how_to_go_on(kept.words if kept else None), progress() as tell:
        answer = sim.plan(
            scenario,
            names,
            best,
            replications=count,
            seed=seed,
            engine=engine,
            jobs=jobs,
            known=kept.known() if kept else None,
            keep=kept.keep if kept else None,
            progress=tell,
            stage=lambda words: echo(f"{words} ...", err=True),
        )
    deliver(plan_report(answer), out, as_json)
    if kept is not None:
        kept.parts.remove()
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

    _check_hiring(hiring)
    name = json.dumps(str(hiring.resolve()), ensure_ascii=False)
    return [
        "horizon.let_go=[]",
        "horizon.hiring.rule=none",
        f"horizon.hiring.classes={{file: {name}}}",
    ]


def _check_hiring(hiring: Path) -> None:
    """Say of a table that is not there that the flag named it; what stands in it is judged with the scenario."""
    from sim.schema.csv_tables import file_path
    from sim.schema.faults import BadValueError

    try:
        file_path(str(hiring.resolve()))
    except BadValueError as error:
        raise CcsimError(f"--hiring: {hiring}: {error.faults[0].message}. {error.faults[0].fix}") from None


def _check_horizon(file: Path, scenario: Scenario) -> None:
    if scenario.horizon is None:
        raise CcsimError(
            f"{file}: horizon: is missing, and a plan needs the months ahead. Write horizon: {{}} for a year as it is, "
            "or --set horizon.months=12"
        )


# What is there already ------------------------------------------------------------


class KeptYears:
    """Finished years, by their numbers, beside the folder to come."""

    def __init__(self, parts: KeptParts) -> None:
        self.parts = parts

    def known(self) -> dict[int, Any]:
        """The outcomes of the years that are there, by number."""
        bodies = {number: self.parts.read(number) for number in self._numbers()}
        found = {number: body["outcome"] for number, body in bodies.items() if body is not None}
        if found:
            echo(f"resuming: {len(found)} years are there", err=True)
        return found

    def keep(self, number: int, outcome: Mapping[str, Any]) -> None:
        """Put a year there."""
        self.parts.keep(number, {"outcome": outcome})

    def words(self) -> str:
        """How many there are, and where."""
        return f"{len(self._numbers())} years are kept in {self.parts.place}"

    def _numbers(self) -> list[int]:
        return sorted(int(path.stem) for path in self.parts.place.glob("[0-9]*.json"))


def _kept(
    scenario: Scenario, seed: int | None, count: int, names: Sequence[str], best: bool, out: Path | None
) -> KeptYears | None:
    if out is None:
        return None
    from sim.report.kept import KeptParts

    about = {"scenario": scenario.digest, "seed": scenario.run.seed if seed is None else seed}
    about |= {"replications": count, "compare": list(names), "best": best}
    return KeptYears(KeptParts(out, "plan", about, "year"))
