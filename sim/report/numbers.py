"""Numbers in JSON documents: what is not a number is null."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sim.study.estimates import Estimate


def number(value: float) -> float | None:
    """A finite number, or None."""
    return float(value) if math.isfinite(value) else None


def interval(mean: float, low: float, high: float) -> dict[str, Any]:
    """A mean with its 95 % confidence interval; None where there is none."""
    ends = [number(low), number(high)]
    return {"mean": number(mean), "ci95": None if None in ends else ends}


def estimates_document(estimates: Mapping[str, Estimate]) -> dict[str, Any]:
    """The first cell of every estimate."""
    return {name: interval(e.mean[0], e.low[0], e.high[0]) for name, e in estimates.items()}
