"""What is said of the bot beside what it does: containment, work gone, staff free."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from sim.study.bridge.fte import FteRule
from sim.study.estimates import Estimate
from sim.study.scenario_results import ScenarioResult
from sim.study.tables import overall

CONTAINMENT, WORKLOAD = "containment_rate", "workload_hours"


def claim_of(before: ScenarioResult, after: ScenarioResult, rule: FteRule) -> pd.DataFrame:
    """Return what is claimed and what is true, indexed by figure: mean, ci_low, ci_high.

    containment_before, containment_after (share of sessions; nan without a bot); contained_of_all (share of all
    contacts of AFTER, those without a session too); contacts_claimed (the fall in contacts that this promises: 1 - (1 -
    after) / (1 - before)) and fte_claimed (that share of BEFORE's FTE); work_gone (share of
    BEFORE's workload) and fte_free, below 0 where the work has grown; fte_before; unanswered_before, unanswered_after
    (share of the contacts offered to agents).
    """
    here, there = (_containment(result) for result in (before, after))
    work, left = (result.estimates[WORKLOAD] for result in (before, after))
    staff = scaled(work, rule.per_hour)
    passed, passed_before = _passed_on(after), _passed_on(before)
    promised = passed.relative_fall(passed_before)
    nan = Estimate(np.array([np.nan]), np.full_like(work.replicates, np.nan))
    bot = CONTAINMENT in after.estimates and after.scenario.bot is not None
    table = overall(
        {
            "containment_before": here if before.scenario.bot is not None else nan,
            "containment_after": there if bot else nan,
            "contained_of_all": Estimate(1.0 - passed.mean, -passed.replicates) if bot else nan,
            "contacts_claimed": promised if bot else nan,
            "fte_claimed": product(promised, staff) if bot else nan,
            "work_gone": left.relative_fall(work) if work.mean.any() else nan,
            "fte_free": scaled(work.minus(left), rule.per_hour),
            "fte_before": staff,
            "unanswered_before": unanswered(before),
            "unanswered_after": unanswered(after),
        }
    )
    return table.rename_axis("figure")


def unanswered(result: ScenarioResult) -> Estimate:
    """The share of the contacts offered to agents that nobody answers; nan where none are."""
    return result.estimates["answered"].relative_fall(result.estimates["offered"])


def _containment(result: ScenarioResult) -> Estimate:
    """The share of its sessions that a bot closes as done; nan where there are none."""
    return result.estimates[CONTAINMENT]


def _passed_on(result: ScenarioResult) -> Estimate:
    """The share of all contacts that no bot contains: every attempt ends in the bot or joins the human queue."""
    contained, left, offered = (result.estimates[m] for m in ("bot_contained", "bot_abandoned", "offered"))
    everyone = combined([(1.0, contained), (1.0, left), (1.0, offered)])
    return contained.relative_fall(everyone)


# Sums of estimates ----------------------------------------------------------------


def combined(terms: Iterable[tuple[float, Estimate]]) -> Estimate:
    """Return a weighted sum of estimates over the same replications; at least one term."""
    weights, estimates = zip(*terms, strict=True)
    pairs = list(zip(weights, estimates, strict=True))
    mean = np.sum([weight * e.mean for weight, e in pairs], axis=0)
    return Estimate(mean, np.sum([weight * e.replicates for weight, e in pairs], axis=0))


def scaled(estimate: Estimate, factor: float) -> Estimate:
    """Return an estimate in another unit."""
    return Estimate(estimate.mean * factor, estimate.replicates * factor)


def product(one: Estimate, other: Estimate) -> Estimate:
    """Return the product of two estimates over the same replications, to first order."""
    replicates = one.mean * other.replicates + other.mean * one.replicates
    return Estimate(one.mean * other.mean, replicates)
