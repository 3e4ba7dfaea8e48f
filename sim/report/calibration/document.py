"""A calibration as one JSON document (docs/calibration.md)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim.calibrate.backtest.walk_forward import by_month, scores
from sim.calibrate.export import Calibration, fitted_numbers, reproduced
from sim.report.calibration.narrative import answer, notes_of

SCHEMA_VERSION = 1


def document(calibration: Calibration) -> dict[str, Any]:
    """Return the JSON document of a calibration; what is not a number is null."""
    understood, test = calibration.understood, calibration.back_test
    dropped = [{"rows": rows, "why": why, "line": line} for rows, why, line in understood.dropped]
    found: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "export": calibration.path.name,
        "scenario": calibration.name,
        "seed": calibration.seed,
        "understood": {"rows": understood.rows, **understood.facts},
        "dropped": dropped,
        "notes": notes_of(calibration),
        "reproduced": _records(reproduced(calibration.fits, calibration.closed)),
        "staff_factor": calibration.closed.choice.staff_factor,
        "fits": _records(fitted_numbers(calibration.fits, calibration.closed)),
        "answer": answer(calibration),
    }
    if test is not None:
        found["back_test"] = {
            "weeks": test.weeks,
            "within_s": test.within_s,
            "contacts_outside_hours": test.outside,
            "by_month": _records(by_month(test)),
            "scores": _records(scores(test)),
        }
    return found


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): _plain(value) for key, value in record.items()} for record in table.to_dict("records")]


def _plain(value: Any) -> Any:
    """A value that JSON knows: no numpy number, and null for what is not a number."""
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not abs(value) < float("inf") else value
