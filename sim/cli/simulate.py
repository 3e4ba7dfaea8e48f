"""What `run` and `compare` share: their flags, loading, and handing over what was found."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.common import print_json, print_notes
from sim.errors import CcsimError, Problem, ScenarioError
from sim.report.folder import check_place
from sim.report.precision import unmet_words
from sim.scenario.load import load
from sim.scenario.model import Scenario

if TYPE_CHECKING:
    from sim.report.findings import Findings
    from sim.report.rankings import NullWorld


class Engine(StrEnum):
    """The engines that the contract names."""

    COMPILED = "compiled"
    SIMPY = "simpy"


EngineName = Annotated[
    Engine, typer.Option("--engine", help="compiled, or simpy: the one to read. The figures are the same.")
]
Contacts = Annotated[bool, typer.Option("--contacts", help="With --out: every contact, as contacts.parquet.")]


def check_flags(out: Path | None, contacts: bool) -> None:
    """See that the flags can be honoured, before anything is simulated."""
    if contacts and out is None:
        raise CcsimError("--contacts: needs a folder to write to. Add --out DIR")
    if out is not None:
        check_place(out)


def load_all(files: Sequence[Path], settings: Sequence[str]) -> list[Scenario]:
    """Load scenarios and print their notes; what is wrong in any of them is reported at once."""
    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    for file in files:
        try:
            scenarios.append(load(file, settings))
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


def hand_over(findings: Findings, out: Path | None, as_json: bool, null: NullWorld | None = None) -> None:
    """Write the folder, then print the document or the tables."""
    print_unmet(findings)
    from sim.report.document import document
    from sim.report.terminal import print_findings

    if out is not None:
        from sim.report.files import write_folder

        write_folder(findings, out, null)
        typer.echo(f"wrote {out}; the report is {out / 'report.html'}", err=True)
    if as_json:
        print_json(document(findings, null))
    else:
        print_findings(findings, null=null)
