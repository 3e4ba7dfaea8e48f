"""What the proof of no worse measured: over all days, by intent, and by bands of hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.study.estimates import Estimate, ratio_estimate
from sim.study.replicate import ScenarioRun
from sim.study.staffing.evaluator import NEAR, SURE
from sim.study.staffing.no_worse_qualities import PER_INTENT, PER_TIME, Quality
from sim.study.staffing.no_worse_search import FreshProof, service_of
from sim.study.staffing.plan import StaffingProblem

Row = dict[str, object]
BAND_H = 2
"""Hours of a band."""


@dataclass(frozen=True)
class Band:
    """Hours of the day, over all days measured, and how service level differs there from BEFORE re-planned.

    Attributes
    ----------
    start, end : HH:MM.
    before, after : service level.
    difference, low, high : its difference and 95 % interval.
    """

    start: str
    end: str
    before: float
    after: float
    difference: float
    low: float
    high: float


def measured(qualities: Sequence[Quality], proof: FreshProof) -> pd.DataFrame:
    """A row a quality: before, replanned, after, difference, its limit and margin, and so on."""
    rows = []
    for quality in qualities:
        before, counted, replanned = (quality.of(run) for run in (proof.before, proof.counted, proof.replanned))
        gave = service_of(quality, before, counted)
        own: Row = {"measure": quality.name, "before": float(gave.mean[0])}
        rows += _rows(quality, replanned, quality.of(proof.after), [own])
    return pd.DataFrame(rows)


def by_intent(qualities: Sequence[Quality], proof: FreshProof) -> pd.DataFrame:
    """Tidy: intent, measure, replanned, after, difference and so on, for the intents that both files have."""
    rows = []
    names = [name for name in proof.replanned.frame.intents if name in proof.after.frame.intents]
    for quality in (q for q in qualities if q.name in PER_INTENT):
        held, after = (_of_intents(run, quality, names) for run in (proof.replanned, proof.after))
        rows += _rows(quality, held, after, [{"intent": name, "measure": quality.name} for name in names])
    return pd.DataFrame(rows)


def _of_intents(run: ScenarioRun, quality: Quality, names: list[str]) -> Estimate:
    places = [run.frame.intents.index(name) for name in names]
    return ratio_estimate(run.tallies.counts("intent")[:, places], quality.measure)


def bands(
    problem: StaffingProblem, qualities: Sequence[Quality], proof: FreshProof
) -> tuple[pd.DataFrame, Band | None]:
    """Tidy: start, end, measure, replanned, after and so on; and the band in which service falls most."""
    hour = np.array([int(problem.label(cell)[1][:2]) // BAND_H for cell in range(len(problem.cells))])
    found = sorted(set(hour.tolist()))
    labels: list[Row] = [{"start": f"{BAND_H * k:02}:00", "end": f"{BAND_H * (k + 1):02}:00"} for k in found]
    rows, worst = [], None
    for quality in (q for q in qualities if q.name in PER_TIME):
        held, after = (_of_bands(run, quality, hour, found) for run in (proof.replanned, proof.after))
        mine = _rows(quality, held, after, [label | {"measure": quality.name} for label in labels])
        worst = _worst(mine) if quality.name == "service_level" else worst
        rows += mine
    return pd.DataFrame(rows), worst


def _of_bands(run: ScenarioRun, quality: Quality, hour: np.ndarray, found: list[int]) -> Estimate:
    counts = run.tallies.counts("interval")
    summed = np.stack([counts[:, hour == band].sum(axis=1) for band in found], axis=1)
    return ratio_estimate(summed, quality.measure)


def _worst(rows: list[Row]) -> Band | None:
    known = [row for row in rows if not np.isnan(float(str(row["difference"])))]
    if not known:
        return None
    row = min(known, key=lambda each: float(str(each["difference"])))
    names = ("replanned", "after", "difference", "ci_low", "ci_high")
    return Band(str(row["start"]), str(row["end"]), *(float(str(row[name])) for name in names))


def _rows(quality: Quality, held: Estimate, after: Estimate, labels: list[Row]) -> list[Row]:
    """The differences, cell by cell."""
    difference = after.minus(held)
    limit, slack = quality.limit(difference, SURE), quality.slack(difference, SURE)
    return [
        label
        | {
            "replanned": float(held.mean[k]),
            "after": float(after.mean[k]),
            "difference": float(difference.mean[k]),
            "ci_low": float(difference.low[k]),
            "ci_high": float(difference.high[k]),
            "limit": float(limit[k]),
            "margin": quality.margin,
            "no_worse": bool(slack[k] >= -NEAR),
        }
        for k, label in enumerate(labels)
    ]
