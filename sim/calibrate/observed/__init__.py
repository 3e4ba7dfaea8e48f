"""Figures of a report to the settings that reproduce them (docs/observed.md).

Nothing heavy is imported before there is something to fit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sim.arguments import checked
from sim.errors import NotFittedError
from sim.loading.believed import believed
from sim.loading.explain import explain_scenario
from sim.loading.load import changed, changed_below, figures_document, with_fitted
from sim.scenario.model import Scenario

__all__ = ["fit_observed", "refit_observed"]


@checked
def fit_observed(
    scenario: Scenario, *, jobs: int | None = None, progress: Callable[[int, int], None] | None = None
) -> Scenario:
    """Return a scenario that reproduces its observed figures, as near as they can be met together.

    The document that has the figures is fitted to them; what builds on it (`extends`, settings) goes on top of the fit.
    A fit is kept on disk, and found where the same figures are fitted again.

    Parameters
    ----------
    scenario
        Any scenario; one without observed figures, or fitted before, comes back as it is.
    jobs
        Workers; all cores by default. The result does not depend on it.
    progress
        Called with (replications done, replications in sight) where something is simulated.

    Raises
    ------
    ScenarioError
        Where figures contradict each other, with the file and line of each, its value, and the nearest that can be met
        together; and where what builds on the document does not go with the fit.
    LimitError
        If the contacts of a replication would need more memory than this machine has.
    """
    document = figures_document(scenario)
    if document is None:
        return scenario
    from sim.calibrate.observed.fit import fitted

    return with_fitted(document, fitted(document.scenario, jobs, progress))


@checked
def refit_observed(scenario: Scenario, settings: Mapping[str, Any], *, jobs: int | None = None) -> Scenario:
    """Return a fitted scenario with other values, its document fitted to the figures again with them.

    Values of the document go into it before the fit, unless the fit rescales them; all others go on top. The fit is a
    quick one: half as many replications as the search of `fit_observed`, and none after it.

    Parameters
    ----------
    scenario
        As `fit_observed` returned it; one without observed figures is changed and nothing else.
    settings
        Key paths and values.
    jobs
        Workers; all cores by default. The result does not depend on it.

    Raises
    ------
    ScenarioError
        Where the report cannot be reproduced with these values.
    NotFittedError
        Where it is not known which files the scenario was fitted from.
    """
    from sim.calibrate.observed.fit import quickly_fitted

    if scenario.observed is None:
        return changed(scenario, settings)
    document = scenario._document
    if document is None:
        words = "was not fitted in this program, so that its figures cannot be solved again"
        raise NotFittedError(f"{scenario.name}: {words}. Load it from its files, without observed.fitted")
    known = explain_scenario(document.scenario)
    inside = {path: value for path, value in settings.items() if believed(path, known)}
    drawn = figures_document(changed_below(document, inside, {}))
    assert drawn is not None
    fit = quickly_fitted(drawn.scenario, jobs)
    above = {path: value for path, value in settings.items() if not _meets(path, fit.settings)}
    whole = figures_document(changed_below(document, inside, above))
    assert whole is not None
    return with_fitted(whole, fit)


def _meets(path: str, fitted: Mapping[str, Any]) -> bool:
    """Tell whether a value was rescaled, or is a part of what was, or holds it."""
    return any(f"{path}.".startswith(f"{key}.") or f"{key}.".startswith(f"{path}.") for key in fitted)
