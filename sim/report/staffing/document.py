"""The answer of `staff` as one JSON document."""

from __future__ import annotations

from typing import Any

from sim.report.numbers import estimates_document, number
from sim.study.staffing import StaffResult

SCHEMA_VERSION = 1
SIDE_NAMES = ("own", "required", "shifts")


def document(result: StaffResult) -> dict[str, Any]:
    """Return the JSON document: the goals, the agents, their proof, the formulas beside, what fails."""
    return {
        "schema_version": SCHEMA_VERSION,
        "scenario": result.scenario.name,
        "seed": result.seed,
        "replications": result.replications,
        "by": result.by,
        "each": result.each,
        "goals": {m: {"at_least" if g.at_least else "at_most": g.share} for m, g in result.goals.items()},
        "feasible": result.feasible,
        "misses": [
            {"measure": m.measure, "best": number(m.best), "date": m.where[0], "time": m.where[1], "share": m.share}
            for m in result.misses
        ],
        "agent_hours": number(result.agent_hours),
        "own_agent_hours": number(result.own_hours),
        "required": _records(result.table),
        "intervals": _records(result.beside),
        "proof": {
            "seed": result.proof.seed,
            "replications": result.proof.replications,
            "cells": _records(result.verification),
        },
        "shifts": _shifts(result),
        "measures": {
            name: estimates_document(cell.estimates) for name, cell in zip(SIDE_NAMES, result.sides, strict=False)
        },
        "assumptions": _sure(result),
        "notes": list(result.notes),
    }


def _shifts(result: StaffResult) -> dict[str, Any] | None:
    roster, proof = result.roster, result.covered
    if roster is None or proof is None:
        return None
    return {
        "agents": {name: {"shifts": [line.as_file() for line in roster.of(name)]} for name in result.ground.groups},
        "paid_hours": {name: number(hours) for name, hours in roster.paid_hours.items()},
        "fte": number(roster.fte),
        "meets_targets": {v.constraint.measure: bool(v.accepted.all()) for v in proof.verdicts},
        "misses_targets": {v.constraint.measure: bool(v.rejected.any()) for v in proof.verdicts},
    }


def _records(table: Any) -> list[dict[str, Any]]:
    rows = table.to_dict("records")
    return [{str(k): v if isinstance(v, str | bool) else number(v) for k, v in row.items()} for row in rows]


def _sure(result: StaffResult) -> dict[str, Any] | None:
    found = result.sure
    if found is None:
        return None
    low, high = (number(result.agent_hours * x) for x in found.span)
    rows = [{"parameter": s.parameter.key, "low": number(s.low), "high": number(s.high)} for s in found.sensitivities]
    return {"considered": found.considered, "agent_hours": {"low": low, "high": high}, "multiples": rows}
