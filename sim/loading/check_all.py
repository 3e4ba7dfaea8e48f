"""All checks across the parts of a scenario, in order."""

from __future__ import annotations

from sim.loading.checks import check_arrivals, check_calendar, checker
from sim.loading.checks_mechanisms import check_mechanisms
from sim.loading.checks_observed import check_observed
from sim.loading.checks_people import (
    check_agents,
    check_customers,
    check_distributions,
    check_goals,
    check_intents,
    check_name,
)
from sim.loading.coverage import check_coverage
from sim.loading.parts import Parts
from sim.loading.problems import Reporter
from sim.loading.size import check_size

CHECKS = (
    check_name,
    check_calendar,
    check_arrivals,
    check_intents,
    check_customers,
    check_distributions,
    check_agents,
    check_mechanisms,
    check_goals,
    check_size,
    check_coverage,
)


def check(parts: Parts, reporter: Reporter, figures: bool) -> None:
    """Report what does not fit together, and note what has no effect.

    `figures` tells whether observed figures are checked too: they are those of their own document, not of what builds
    on it.
    """
    look = checker(parts, reporter)
    for one in (check_observed, *CHECKS) if figures else CHECKS:
        one(look)
