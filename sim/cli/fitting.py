"""Fitting to observed figures, for the verbs that simulate or explain: said on stderr where it takes time."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import typer

from sim.calibrate.observed import fit_observed
from sim.cli.progress import Report, progress
from sim.loading.load import figures_document, load
from sim.scenario.model import Scenario

FITTING = "fitting to observed figures"


def load_fitted(file: Path, settings: Sequence[str], jobs: int | None = None) -> Scenario:
    """Return the scenario of a file, fitted to its observed figures; say so unless that fit is known from before."""
    scenario = load(file, settings)
    document = figures_document(scenario)
    with ExitStack() as stack:
        reports: list[Report] = []

        def report(done: int, whole: int) -> None:
            if not reports and document is not None:
                typer.echo(f"{FITTING} of {document.scenario.name} ...", err=True)
                reports.append(stack.enter_context(progress(FITTING)))
            reports[0](done, whole)

        return fit_observed(scenario, jobs=jobs, progress=report)
