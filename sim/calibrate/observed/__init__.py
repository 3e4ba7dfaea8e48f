"""Figures of a report to the settings that reproduce them (docs/observed.md).

Nothing heavy is imported before there is something to fit.
"""

from __future__ import annotations

from collections.abc import Callable

from sim.arguments import checked
from sim.loading.load import figures_document, with_fitted
from sim.scenario.model import Scenario

__all__ = ["fit_observed"]


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
