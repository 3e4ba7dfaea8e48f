"""What is said of the bot beside what it does: containment, work gone, staff free."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.study.bridge.fte import FteRule
from sim.study.bridge.linear import combined, product, scaled
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
    here, there = (_containment(cell) for cell in (before, after))
    work, left = (cell.estimates[WORKLOAD] for cell in (before, after))
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


def unanswered(cell: ScenarioResult) -> Estimate:
    """The share of the contacts offered to agents that nobody answers; nan where none are."""
    return cell.estimates["answered"].relative_fall(cell.estimates["offered"])


def _containment(cell: ScenarioResult) -> Estimate:
    """The share of its sessions that a bot closes as done; nan where there are none."""
    return cell.estimates[CONTAINMENT]


def _passed_on(cell: ScenarioResult) -> Estimate:
    """The share of all contacts that no bot contains: every attempt ends in the bot or joins the human queue."""
    contained, left, offered = (cell.estimates[m] for m in ("bot_contained", "bot_abandoned", "offered"))
    everyone = combined([(1.0, contained), (1.0, left), (1.0, offered)])
    return contained.relative_fall(everyone)
