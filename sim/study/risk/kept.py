"""Outcomes of draws as plain data, and back, to the same bits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.study.risk.draws import DrawOutcome, PlanOutcome
from sim.study.risk.sample import DrawnBelief
from sim.study.risk.study import RiskSetup


def about(setup: RiskSetup) -> dict[str, Any]:
    """What decides the outcomes of a study."""
    return {
        "seed": setup.seed,
        "replications": setup.replications,
        "draws": setup.draws,
        "beliefs": [_plain_belief(belief) for belief in setup.sample.beliefs],
        "correlation": (setup.scenario.resolved().get("beliefs") or {}).get("correlation", []),
        "targets": {name: [goal.share, goal.at_least] for name, goal in setup.goals.items()},
        "plans": [[plan.name, plan.scenario.digest, plan.base.digest] for plan in setup.plans],
    }


def _plain_belief(drawn: DrawnBelief) -> list[Any]:
    said = drawn.belief.in_file_form() if drawn.belief is not None else None
    return [drawn.key, drawn.rests_on, list(drawn.reach), said]


def plain_outcome(outcome: DrawOutcome) -> dict[str, Any]:
    """An outcome as plain data."""
    plans = [
        {"values": p.values, "rows": p.rows, "days_met": p.days_met, "days": p.days, "drowned": p.drowned}
        for p in outcome.plans
    ]
    return {"refused": outcome.refused, "plans": plans}


def outcome_from(number: int, plain: Mapping[str, Any]) -> DrawOutcome:
    """The outcome that `plain_outcome` made plain."""
    plans = tuple(PlanOutcome(p["values"], p["rows"], p["days_met"], p["days"], p["drowned"]) for p in plain["plans"])
    return DrawOutcome(number, plans, plain["refused"])
