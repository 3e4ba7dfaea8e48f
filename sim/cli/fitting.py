"""Fitting to observed figures, for the verbs that simulate or explain: said on stderr where it takes time."""

from __future__ import annotations

from contextlib import ExitStack

import typer

from sim.calibrate.observed import fitter
from sim.cli.progress import Report, progress
from sim.loading.fitting import Fit, FittedSettings
from sim.scenario.model import Scenario

FITTING = "fitting to observed figures"


def telling_fitter(jobs: int | None = None) -> Fit:
    """Return what fits documents and says so, unless the fit is known from an earlier time."""

    def fit(document: Scenario) -> FittedSettings:
        with ExitStack() as stack:
            reports: list[Report] = []

            def told(done: int, whole: int) -> None:
                if not reports:
                    typer.echo(f"{FITTING} of {document.name} ...", err=True)
                    reports.append(stack.enter_context(progress(FITTING)))
                reports[0](done, whole)

            return fitter(jobs, told)(document)

    return fit
