"""Findings made by hand: each scenario's measures as means, or as (mean, half-width), and the differences likewise."""

import math
from types import SimpleNamespace
from unittest import mock

import pandas as pd

from sim.loading.load import loads
from sim.report.comparison import comparison_report
from sim.report.comparison.findings import Findings
from sim.report.render.page import page
from tests.report.tiny import BEFORE


def page_of(told, drawn=(), null=None):
    """The page of findings, with charts that were drawn before."""
    with mock.patch("sim.report.comparison.charts.draw", return_value=list(drawn)):
        return page(comparison_report(told, null))


def scenario(name, **changes):
    return loads(BEFORE | {"name": name} | changes)


def estimates(measures):
    rows = {name: _row(value) for name, value in measures.items()}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "ci_low", "ci_high"])
    return table.rename_axis("measure")


def by_group(hours):
    """Paid hours by group."""
    rows = [{"group": group, "measure": "paid_hours", "mean": paid} for group, paid in hours.items()]
    return pd.DataFrame(rows, columns=["group", "measure", "mean"])


def result(of, measures, mix=None, replications=10, hours=None):
    return SimpleNamespace(
        unmet=(),
        contacts=None,
        scenario=of,
        measures=estimates(measures),
        replications=replications,
        seed=1,
        mix_shift=mix,
        by_group=by_group(hours or {}),
        by_day=pd.DataFrame({"day": ["2026-11-23"]}),
    )


def findings(*results, differences=None):
    """Differences by scenario, or none for a single result."""
    named = {r.scenario.name: r for r in results}
    if len(results) == 1:
        return Findings(named)
    parts = [estimates(told).reset_index().assign(scenario=name) for name, told in (differences or {}).items()]
    table = pd.concat(parts) if parts else pd.DataFrame(columns=["scenario", "measure", "mean", "ci_low", "ci_high"])
    return Findings(named, SimpleNamespace(differences=table))


def mix(between, within, half=0.0, stated=300.0):
    """A mix shift with its total alone."""
    at_agents = stated + between + within
    return pd.DataFrame(
        [
            {
                "intent": "total",
                "contacts_in": 100.0,
                "contacts_to_agents": 60.0,
                "t0_all_s": stated,
                "t0_agents_s": at_agents,
                "ci_low": at_agents - half,
                "ci_high": at_agents + half,
                "t0_formula_s": at_agents,
                "between_s": between,
                "within_s": within,
            }
        ]
    )


def _row(value):
    mean, half = value if isinstance(value, tuple) else (value, 0.0)
    return (mean, math.nan, math.nan) if half is None else (mean, mean - half, mean + half)
