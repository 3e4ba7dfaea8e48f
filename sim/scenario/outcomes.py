"""What comes of it for customers and agents: satisfaction, and agents who leave (docs/evidence.md, section 9)."""

from __future__ import annotations

from sim.scenario.base import Section, param
from sim.scenario.values import DAY_S, AnyNumber, NonNegative, Positive, PositiveSeconds, Seconds, Share

_OWN = "assumption (evidence 9)"


class Csat(Section):
    """Satisfaction with a need, 0 to 100: points taken off for what happened on the way."""

    start: NonNegative = param(85.0, "Points of a need resolved at once, without a wait", source=_OWN, grade="A")
    contact: NonNegative = param(15.0, "Off for each contact beyond the first", source="SQM: -15", grade="M")
    unresolved: NonNegative = param(25.0, "Off if the need stays unresolved", source=_OWN, grade="A")
    transferred: NonNegative = param(12.0, "Off if the customer was sent to another agent", source=_OWN, grade="A")
    per_minute: NonNegative = param(1.5, "Off for each minute waited beyond wait_grace", source=_OWN, grade="A")
    wait_grace: Seconds = param(60.0, "Wait that costs nothing", source=_OWN, grade="A")
    most_for_waiting: NonNegative = param(12.0, "Off for waiting, at most", source=_OWN, grade="A")
    bot: NonNegative = param(
        8.0,
        "Off if a bot handled it, at an equal outcome",
        source="Castelo 2023: direction",
        grade="A",
    )
    frustration: NonNegative = param(15.0, "Off for each unit of frustration at the end", source=_OWN, grade="A")
    fatigue: NonNegative = param(6.0, "Off for each unit of the agent's fatigue", source=_OWN, grade="A")
    cuts: NonNegative = param(3.0, "Off after a round of redundancies", source=_OWN, grade="A")
    trust: NonNegative = param(10.0, "Off for each unit of trust lost", source=_OWN, grade="A")


class Attrition(Section):
    """Agents who quit: a weekly hazard that rises with fatigue."""

    weekly: Share = param(
        0.0060, "Share of agents who quit in a week", source="Metrigy 2024: 31 % of heads a year", grade="S"
    )
    fatigue_slope: AnyNumber = param(0.25, "Log of the hazard + k (fatigue - reference) / sd", source=_OWN, grade="A")
    reference: Share = param(0.20, "Mean fatigue at which the weekly share holds", source=_OWN, grade="A")
    sd: Positive = param(0.10, "Spread of mean fatigue between agents", source=_OWN, grade="A")
    new_factor: NonNegative = param(2.5, "Hazard of new agents x this", source=_OWN, grade="A")
    new_for: PositiveSeconds = param(90 * DAY_S, "How long an agent is new", source=_OWN, grade="A")
    assistant: NonNegative = param(
        0.8, "Hazard of new agents with an assistant x this", source="Brynjolfsson, Li & Raymond 2025", grade="W"
    )
