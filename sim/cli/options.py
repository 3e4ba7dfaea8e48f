"""What verbs share: arguments and flags, loading, progress, handing over a report."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.echo import echo
from sim.errors import CcsimError, Problem, ScenarioError
from sim.scenario.goals import MOST_SEED
from sim.scenario.model import Scenario

if TYPE_CHECKING:
    from rich.console import Console

    from sim.report import Report
    from sim.report.comparison.findings import Findings
    from sim.report.comparison.rankings import NullWorld
    from sim.study.replicate import Progress

FITTING, SIMULATING = "fitting to observed figures", "simulating"
QUIET_S, LINES = 1.0, 10

# Arguments and flags ----------------------------------------------------------------

File = Annotated[Path, typer.Argument(metavar="FILE", help="Scenario file.", show_default=False)]
Files = Annotated[list[Path], typer.Argument(metavar="FILE", help="Scenario files.", show_default=False)]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY.PATH=VALUE", help="Change a key; may be repeated.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Seed = Annotated[int | None, typer.Option(min=0, max=MOST_SEED, help="Seed, in place of run.seed.", show_default=False)]
Replications = Annotated[
    int | None, typer.Option(min=1, help="Replications, in place of run.replications.", show_default=False)
]
Jobs = Annotated[int | None, typer.Option(min=1, help="Workers; default: one a core.", show_default=False)]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS",
        help="Workers elsewhere: tcp://HOST:PORT of a Dask scheduler, or local:4 for four processes of this machine.",
        show_default=False,
    ),
]
"""A verb that has it need do no more: what it simulates is worked on there (`working_at`)."""
Out = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Write the results into this folder.", show_default=False)
]


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


def check_flags(out: Path | None, contacts: bool = False) -> None:
    """See that the flags can be honoured, before anything is simulated."""
    if contacts and out is None:
        raise CcsimError("--contacts: needs a folder to write to. Add --out DIR")
    if out is not None:
        from sim.report.render.folder import check_place

        check_place(out)


def working_at(cluster: str, jobs: int | None) -> AbstractContextManager[object]:
    """Have everything within worked on by a cluster."""
    if jobs is not None:
        raise CcsimError(f"--jobs: {jobs}: counts workers of this machine. Leave it out with --cluster")
    from sim.study.cluster import cluster as at_cluster

    return at_cluster(cluster)


# Loading ----------------------------------------------------------------------------


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


def load_fitted(file: Path, settings: Sequence[str], jobs: int | None = None) -> Scenario:
    """Return the scenario of a file, fitted to its observed figures; say so unless that fit is known from before."""
    from sim.calibrate.observed import fit_observed
    from sim.loading.load import figures_document, load

    scenario = load(file, settings)
    document = figures_document(scenario)
    with ExitStack() as stack:
        begun: list[Progress] = []

        def tell(done: int, whole: int) -> None:
            if not begun and document is not None:
                echo(f"{FITTING} of {document.scenario.name} ...", err=True)
                begun.append(stack.enter_context(progress(FITTING)))
            begun[0](done, whole)

        return fit_observed(scenario, jobs=jobs, progress=tell)


def print_notes(scenario: Scenario) -> None:
    """Print the notes of a scenario on stderr."""
    for note in scenario.notes:
        print_note(f"{scenario.name}: {note}")


def print_note(text: str) -> None:
    """Print what a user may wonder at, on stderr."""
    echo(f"note: {text}", err=True)


# Progress ---------------------------------------------------------------------------


@contextmanager
def progress(what: str = SIMULATING) -> Iterator[Progress]:
    """Give a callable that takes (done, in all): a bar on a terminal, else a line now and then after a second."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield ProgressLines(console).report
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("left"))
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


class ProgressLines:
    """Progress as lines of text, at most one a tenth of the way."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.began = time.monotonic()
        self.tenths = 0

    def report(self, done: int, total: int) -> None:
        """Print a line when another tenth is done; the clock starts when nothing is."""
        if done == 0:
            self.began, self.tenths = time.monotonic(), 0
            return
        passed, tenth = time.monotonic() - self.began, LINES * done // total
        if passed < QUIET_S or tenth <= self.tenths or done == total:
            return
        self.tenths = tenth
        left = round(passed / done * (total - done))
        self.console.print(f"simulated {done} of {total}, about {left // 60}:{left % 60:02d} left", highlight=False)


# Handing over -----------------------------------------------------------------------


def deliver(report: Report, out: Path | None, as_json: bool) -> None:
    """Write the folder where one is named, then print the document or what the terminal shows."""
    if out is not None:
        from sim.report.render.folder import write_folder
        from sim.report.style import drawing_once

        with drawing_once():
            write_folder(report, out)
        echo(f"wrote {out}; the report is {out / 'report.html'}", err=True)
    show(report, as_json)


def deliver_findings(findings: Findings, out: Path | None, as_json: bool, null: NullWorld | None = None) -> None:
    """Deliver what `run` or `compare` found, and say on stderr which measures are less sure than the file asks for."""
    from sim.report.comparison import comparison_report
    from sim.report.comparison.decision import unmet_words
    from sim.report.render.terminal import stdout_console

    for name, result in findings.results.items():
        if result.unmet:
            print_note(f"{name}: {unmet_words(result)}")
    deliver(comparison_report(findings, null, stdout_console().width), out, as_json)


def show(report: Report, as_json: bool) -> None:
    """Print the document, or what the terminal shows."""
    if as_json:
        print_json(report.document())
    else:
        from sim.report.render.terminal import print_report

        print_report(report)


def print_json(document: Any) -> None:
    """Print one JSON document on stdout."""
    from sim.report.render.encoding import is_unicode
    from sim.report.render.json import json_text

    echo(json_text(document, escaped=not is_unicode(sys.stdout)), wrap=False)


@contextmanager
def leaving_with(code: int) -> Iterator[None]:
    """Leave with a code after telling, also when whoever read our output has gone."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        silence()
    except SystemExit as leaving:  # rich leaves by itself when the reader is gone
        if not isinstance(leaving.__context__, BrokenPipeError):
            raise
        silence()
    raise typer.Exit(code)


def silence() -> None:
    """Send what is still to be printed nowhere: nobody reads it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
