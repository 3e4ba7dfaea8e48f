"""About how many contacts reach agents for the first contacts of a file: returns, told without simulating."""

from __future__ import annotations

from sim.scenario.model import Intent, Scenario
from sim.scenario.observed import FitOutcome

FOR_EVER = 0.99
"""Chances of coming back are told up to here: beyond, no number of contacts means anything."""


def reaching_agents(scenario: Scenario, first: dict[str, float], to_agents: dict[str, float]) -> float:
    """Return about how many contacts reach agents.

    Who gives up is known from the report or the target alone; mechanisms are left out.

    Parameters
    ----------
    first : first contacts by intent.
    to_agents : the share of them that goes on to agents, by intent.
    """
    outcome = fitted_outcome(scenario)
    if outcome is not None and outcome.first_contacts:
        return sum(first.values()) * outcome.offered / outcome.first_contacts
    return sum(
        count * to_agents[name] * attempts(scenario, scenario.intents[name], gives_up(scenario))
        for name, count in first.items()
    )


def fitted_outcome(scenario: Scenario) -> FitOutcome | None:
    """Return what a scenario's own figures came to, where it has nothing on top of what they were fitted to."""
    outcome = scenario.observed.fitted if scenario.observed is not None else None
    return outcome if outcome is not None and outcome.document == scenario.name else None


def gives_up(scenario: Scenario) -> float:
    """Return the share that gives up waiting: as the report has it, else as the target allows, else none."""
    given = scenario.observed.abandonment if scenario.observed is not None else None
    if given is not None and given.centre is not None:
        return given.centre.value
    return scenario.targets.abandonment or 0.0


def attempts(scenario: Scenario, intent: Intent, gone: float) -> float:
    """Return the contacts of a need with agents, on average: a geometric series up to the attempts allowed."""
    people = scenario.customers
    redials = people.redial.probability if people.redial is not None else 0.0
    repeats = people.repeat.probability if people.repeat is not None else 0.0
    back = min(gone * redials + (1.0 - gone) * (1.0 - intent.resolution) * repeats, FOR_EVER)
    if people.max_attempts is None:
        return 1.0 / (1.0 - back)
    return float((1.0 - back**people.max_attempts) / (1.0 - back))
