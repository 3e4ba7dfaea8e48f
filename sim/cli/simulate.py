"""What `run` and `compare` share: their flags, loading, and handing over what was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.fitting import load_fitted
from sim.cli.options import print_json, print_notes
from sim.errors import CcsimError, Problem, ScenarioError
from sim.report.comparison.precision import unmet_words
from sim.report.folder import check_place
from sim.scenario.model import Scenario

if TYPE_CHECKING:
    from sim.report.comparison.findings import Findings
    from sim.report.comparison.rankings import NullWorld
    from sim.report.page_model import Report


class EngineChoice(StrEnum):
    """The engines that the contract names."""

    COMPILED = "compiled"
    SIMPY = "simpy"


EngineName = Annotated[
    EngineChoice, typer.Option("--engine", help="compiled, or simpy: the one to read. The figures are the same.")
]
HowSure = Annotated[
    bool, typer.Option("--how-sure/--luck-only", help="Set weak and assumed numbers to the ends of their ranges too.")
]
Contacts = Annotated[bool, typer.Option("--contacts", help="With --out: every contact, as contacts.parquet.")]


def check_flags(out: Path | None, contacts: bool) -> None:
    """See that the flags can be honoured, before anything is simulated."""
    if contacts and out is None:
        raise CcsimError("--contacts: needs a folder to write to. Add --out DIR")
    if out is not None:
        check_place(out)


def load_all(files: Sequence[Path], settings: Sequence[str], jobs: int | None = None) -> list[Scenario]:
    """Load scenarios, fitted to their observed figures, and print their notes; report all that is wrong at once."""
    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    for file in files:
        try:
            scenarios.append(load_fitted(file, settings, jobs))
        except ScenarioError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    if problems:
        raise ScenarioError(problems)
    for scenario in scenarios:
        print_notes(scenario)
    return scenarios


def print_unmet(findings: Findings) -> None:
    """Say on stderr which measures are less sure than the file asks for."""
    for name, result in findings.results.items():
        if result.unmet:
            typer.echo(f"note: {name}: {unmet_words(result)}", err=True)


def write_out(bundle: Report, out: Path) -> None:
    """Write the folder of an answer, and say where the report is."""
    from sim.report.files import write_folder

    write_folder(bundle, out)
    typer.echo(f"wrote {out}; the report is {out / 'report.html'}", err=True)


def deliver(
    about: Scenario, out: Path | None, as_json: bool, bundle: Callable[[], Report], document: Callable[[], Any]
) -> bool:
    """Write the folder, and print the document where that is wanted; whether the tables are still to be printed.

    Each opens with the observed figures to which the scenario that it is about was fitted.
    """
    from sim.report.calibration.observed import opened_document, print_opening

    if out is not None:
        write_out(bundle(), out)
    if as_json:
        print_json(opened_document(document(), about))
    else:
        print_opening(about)
    return not as_json


def hand_over(findings: Findings, out: Path | None, as_json: bool, null: NullWorld | None = None) -> None:
    """Write the folder, then print the document or the tables."""
    print_unmet(findings)
    from sim.report.comparison.bundle import bundle_of
    from sim.report.comparison.document import document
    from sim.report.comparison.screen import print_findings

    about = findings.first.scenario
    if deliver(about, out, as_json, lambda: bundle_of(findings, null), lambda: document(findings, null)):
        print_findings(findings, null=null)
