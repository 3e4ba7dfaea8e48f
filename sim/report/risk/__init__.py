"""The report of `risk`: the answer, the plans, the chance by staff, what carries the doubt, what to learn first."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sim import __version__
from sim.report import Chart, Document, Pictures, Report, ReportSection, table_section
from sim.report.basis import basis_line, basis_sections
from sim.report.numbers import interval, number, records
from sim.report.observed import with_observed
from sim.report.risk.narrative import paragraphs
from sim.report.risk.tables import drawn_table, period_words, shares_words, tables_of
from sim.scenario.model import Scenario
from sim.study.risk.plans import BEFORE, LEVEL
from sim.study.risk.resampling import Estimated
from sim.study.risk.result import ALL, RiskResult

SCHEMA_VERSION = 1
ASK = "Luck and what is not known, together: how likely is it that a plan holds?"


def risk_report(result: RiskResult) -> Report:
    """Return the report of `risk`."""
    scenarios = scenarios_of(result)
    before = result.plans[result.before].name if result.before is not None else ""
    report = Report(
        title=f"Risk: {result.scenario.name}",
        against=before,
        line=f"{ASK} {len(result.plans)} plans, {len(result.outcomes)} draws, {period_words(result)} each.",
        sections=(*_sections(result), *basis_sections(scenarios, "What it rests on")),
        footer=(
            f"ccsim {__version__}, seed {result.seed}, {len(result.outcomes)} draws of {result.replications} "
            "replications. Every draw: draws.csv and beliefs.csv.",
            basis_line(scenarios),
        ),
        scenarios=scenarios,
        seed=result.seed,
        replications=result.replications,
        document=lambda: _document(result),
        make_tables=lambda: _tidy(result),
    )
    return with_observed(report)


def scenarios_of(result: RiskResult) -> dict[str, Scenario]:
    """What was asked about, by name: levels are the file's own."""
    own = {result.scenario.name: result.scenario}
    return own | {plan.name: plan.scenario for plan in result.plans[1:] if plan.kind != LEVEL}


def _sections(result: RiskResult) -> Iterator[ReportSection]:
    yield ReportSection("The answer", lambda: paragraphs(result), headed=True, on_terminal=1, answers=True)
    yield ReportSection("Charts", lambda: [Pictures(lambda: _charts(result))], "grid")
    for made in tables_of(result):
        yield table_section(made)
    yield table_section(drawn_table(result), on_terminal=0)


def _charts(result: RiskResult) -> list[Chart]:
    from sim.report.risk import charts

    return charts.draw(result)


# Data -----------------------------------------------------------------------------


def _tidy(result: RiskResult) -> dict[str, pd.DataFrame]:
    tables = {"chances": result.chances, "draws": result.draws, "beliefs": beliefs_frame(result)}
    tables |= {"doubt": doubt_frame(result), "choices": choices_frame(result)}
    if result.costs is not None:
        tables["money"] = money_frame(result)
    return tables


def beliefs_frame(result: RiskResult) -> pd.DataFrame:
    """One row a draw and belief: draw, key, share (how far through its distribution it is)."""
    rows = [
        (draw, key, share)
        for draw, shares in enumerate(result.sample.shares)
        for key, share in zip(result.sample.keys, shares, strict=True)
    ]
    return pd.DataFrame(rows, columns=["draw", "key", "share"])


def doubt_frame(result: RiskResult) -> pd.DataFrame:
    """One row a target and belief, luck first: target, key, share, ci_low, ci_high, at_low, at_high."""
    rows: list[tuple[object, ...]] = []
    for name in result.goals:
        rows.append((name, "luck", *result.luck(name, result.chosen), None, None))
        found = zip(result.sample.keys, result.first_order(name, result.chosen), strict=True)
        rows += [(name, key, *one.share, one.at_low, one.at_high) for key, one in found]
    return pd.DataFrame(rows, columns=["target", "key", "share", "ci_low", "ci_high", "at_low", "at_high"])


def choices_frame(result: RiskResult) -> pd.DataFrame:
    """One row a belief: key, plan, its chance where that is low and high, the smallest plan sure enough there."""
    columns = ["key", "plan", "low", "low_ci_low", "low_ci_high", "high", "high_ci_low", "high_ci_high", "clear"]
    rows = [
        (
            key,
            result.name_of(one.plan),
            *one.low,
            *one.high,
            one.clear,
            *map(result.name_of, one.choices),
        )
        for key, one in zip(result.sample.keys, result.choices, strict=True)
    ]
    return pd.DataFrame(rows, columns=[*columns, "low_choice", "high_choice"])


def money_frame(result: RiskResult) -> pd.DataFrame:
    """One row a plan: plan, cost, ci_low, ci_high (a week), regret, regret_95."""
    rows = [
        (plan.name, *result.cost(k), result.expected_regret(k).mean, result.high_regret(k))
        for k, plan in enumerate(result.plans)
    ]
    return pd.DataFrame(rows, columns=["plan", "cost", "ci_low", "ci_high", "regret", "regret_95"])


def _estimate(found: Estimated) -> Document:
    return interval(found.mean, found.low, found.high)


def _document(result: RiskResult) -> Document:
    """Return the JSON document."""
    curve = result.curve
    return {
        "schema_version": SCHEMA_VERSION,
        "scenario": result.scenario.name,
        "seed": result.seed,
        "replications": result.replications,
        "weeks": number(result.weeks),
        "draws": len(result.outcomes),
        "refused": len(result.refused),
        "wanted": result.wanted,
        "targets": shares_words(result),
        "feasible": bool(result.sufficient),
        "best_chance": result.name_of(result.best_chance),
        "smallest_sufficient": result.name_of(result.sufficient[0]) if result.sufficient else None,
        "least_cost": result.name_of(result.least_cost),
        "least_regret": result.name_of(result.least_regret),
        "staff_for_wanted": None if curve is None else _estimate(curve.staff_for(result.wanted, seed=result.seed + 1)),
        "plans": [_plan(result, place) for place in range(len(result.plans))],
        "luck": {name: _estimate(result.luck(name, result.chosen)) for name in result.goals},
        "doubt": records(doubt_frame(result)),
        "worth": _worth(result),
        "choices": _choices(result),
        "beliefs": records(result.sample.table),
    }


def _plan(result: RiskResult, place: int) -> Document:
    plan = result.plans[place]
    return {
        "name": plan.name,
        "kind": plan.kind,
        "fte": number(plan.fte),
        "chance": {name: _estimate(result.chance(place, name)) for name in (ALL, *result.goals)},
        "chance_of_a_day": _estimate(result.chance_of_a_day(place)),
        "cost_a_week": _estimate(result.cost(place)),
        "expected_regret": _estimate(result.expected_regret(place)),
        "can_be_chosen": plan.kind != BEFORE,
    }


def _choices(result: RiskResult) -> list[Document]:
    return [
        {
            "key": key,
            "plan": result.name_of(one.plan),
            "low": _estimate(one.low) | {"choice": result.name_of(one.choices[0])},
            "high": _estimate(one.high) | {"choice": result.name_of(one.choices[1])},
            "clear": bool(one.clear),
        }
        for key, one in zip(result.sample.keys, result.choices, strict=True)
    ]


def _worth(result: RiskResult) -> list[Document] | None:
    if result.worth is None:
        return None
    return [
        {"key": key, "worth_a_year": _estimate(one.worth), "by_chance": number(one.by_chance), "shown": bool(one.shown)}
        for key, one in zip(result.sample.keys, result.worth, strict=True)
    ]
