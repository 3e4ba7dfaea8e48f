"""Replay: each day once more, with the contacts that came and the agents who were seen, and nothing closed.

It is no forecast. What a replay misses is the model's own: how people queue, wait and give up. What the forecast misses
beyond it is the day's: contacts and agents that nobody knew.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.calibrate.document import DocumentOptions, Period, document_of, staff_of
from sim.calibrate.fits.centre import FittedCentre, ReadExport
from sim.loading.load import loads
from sim.study.replicate import RunOptions, ScenarioRun, make_run, replicate

REPLICATIONS = 20


def replay(
    source: ReadExport,
    fits: FittedCentre,
    choice: DocumentOptions,
    period: Period,
    within_s: float,
    options: RunOptions,
) -> ScenarioRun | None:
    """Simulate days as they were, redials among the contacts; None where the export shows no agents.

    Parameters
    ----------
    fits, choice : handle times and patience of the days before; the factor of the staffing is not used.
    period : consecutive dates, each weekday at most once.
    """
    first = (period.dates[0] - source.dates[0]).days
    agents = source.agents[:, first : first + len(period.dates)]
    if not fits.staff_seen or np.isnan(agents).any():
        return None
    came, expected = source.contacts(first, first + len(period.dates)), np.zeros_like(fits.arrivals.expected)
    expected[np.asarray(period.dates.day_of_week)] = came
    own = replace(fits, redial=None, arrivals=replace(fits.arrivals, expected=expected))
    plain, asked = replace(period, kinds={}, busier={}), replace(choice, staff_factor=1.0, heads=None)
    document = document_of("replay", own, plain, staff_of(own, plain, asked, agents), asked)
    document["arrivals"] |= {"process": "fixed_count", "busyness_cv": 0.0, "interval_cv": 0.0}
    document["targets"] = {"service_level": {"share": 0.8, "within": f"{within_s:g}s"}}
    run = make_run(loads(document))
    replicate([run], options, REPLICATIONS)
    return run
