"""Figures of a report to the settings that reproduce them; and scenarios loaded with that done (docs/observed.md).

Nothing heavy is imported before there is something to fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.loading.fitting import Fit, FittedSettings
from sim.loading.load import Settings
from sim.loading.load import changed as change
from sim.loading.load import load as read_file
from sim.loading.load import loads as read_text
from sim.scenario.model import Scenario

__all__ = ["changed", "fitter", "load", "loads"]


def fitter(jobs: int | None = None, progress: Any = None) -> Fit:
    """Return what fits a document to its observed figures, or finds the fit of an earlier time.

    Parameters
    ----------
    jobs : workers; all cores by default. The result does not depend on it.
    progress : called with (replications done, replications in sight) where something is simulated.
    """

    def fit(document: Scenario) -> FittedSettings:
        from sim.calibrate.observed.fit import fitted

        return fitted(document, jobs, progress)

    return fit


def load(path: str | Path, settings: Settings = (), fit: Fit | None = None) -> Scenario:
    """Return the scenario of a file, fitted to the observed figures of the document that has them.

    Parameters
    ----------
    path : a scenario file (docs/scenario-reference.md).
    settings : changes on top of the file: texts ``key.path=value``, or a mapping from key path to value.
    fit : who fits; by default `fitter()`.

    Raises
    ------
    ScenarioError
        With every problem that was found, when there is one; observed figures that contradict each other are one.
    """
    return read_file(path, settings, fit or fitter())


def loads(
    data: str | Mapping[str, Any], settings: Settings = (), base: str | Path = ".", fit: Fit | None = None
) -> Scenario:
    """Return the scenario of a YAML text or of plain data, such as `Scenario.resolved` gives, fitted as by `load`.

    Parameters
    ----------
    data : what a file would say.
    settings, fit : as for `load`.
    base : folder to which the names of files in it are relative.

    Raises
    ------
    ScenarioError
        As for `load`.
    """
    return read_text(data, settings, base, fit or fitter())


def changed(scenario: Scenario, settings: Settings, fit: Fit | None = None) -> Scenario:
    """Return a scenario with some values changed, after the same checks as a file's.

    What it rests on stays known (`Scenario.origins`), and what was fitted stays fitted; where observed figures are
    themselves changed, the scenario as it now is, is fitted to them.

    Parameters
    ----------
    scenario : any scenario.
    settings, fit : as for `load`.

    Raises
    ------
    ScenarioError
        As for `load`.
    """
    return change(scenario, settings, fit or fitter())
