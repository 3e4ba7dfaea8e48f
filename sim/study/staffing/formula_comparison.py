"""The staffing by interval: what was simulated, and what Erlang C and Erlang A say of the same arrivals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.measures.definitions import MEASURES
from sim.scenario.model import Scenario
from sim.scenario.targets import MeasureTarget, within_of
from sim.study.estimates import ratio_estimate
from sim.study.replicate import ScenarioRun
from sim.study.staffing.by_group import GroupFigures
from sim.study.staffing.erlang import least_agents, predict
from sim.study.staffing.erlang_start import Callers, callers_of, formula_targets
from sim.study.staffing.plan import Ints, StaffingProblem

Floats = npt.NDArray[np.float64]
DIGITS = {"aht_s": 1, "service_level": 4, "occupancy": 4}
"""Decimals that a workforce management suite is given."""
SIMULATED = ("offered", "aht_s", "occupancy", "abandonment_rate")


def by_interval(
    problem: StaffingProblem, counts: Ints, run: ScenarioRun, targets: Mapping[str, MeasureTarget], own: Floats
) -> pd.DataFrame:
    """One row an interval; all groups together, as if each agent could serve everybody.

    Columns: date, time, required, own (the file's staffing), offered (contacts, returns included), aht_s, load
    (erlangs), the simulated service_level, abandonment_rate and occupancy; then, for X in erlang_c and erlang_a, X (the
    fewest agents by the formula; nan where no number will do) and X_service_level, X_abandonment_rate, X_occupancy
    (what it says of the agents required).
    """
    scenario, callers = run.scenario, callers_of(run.scenario)
    targets = formula_targets(scenario, targets, problem.groups)
    level = scenario.targets.service_level.definition
    required = counts.sum(axis=0)[problem.block_of].tolist()
    means = {m: _means(run, m).tolist() for m in dict.fromkeys((level, *SIMULATED))}
    rows = []
    for cell, hours in enumerate(problem.hours.tolist()):
        date, time = problem.label(cell)
        offered, aht = means["offered"][cell], means["aht_s"][cell]
        aht = callers.aht if math.isnan(aht) else aht
        row = {"date": date, "time": time, "required": required[cell], "own": float(own[:, cell].sum())}
        row |= {"offered": offered, "aht_s": aht, "load": offered * aht / 3600.0 / hours}
        row |= {"service_level": means[level][cell]}
        row |= {m: means[m][cell] for m in ("abandonment_rate", "occupancy")}
        of_cell = replace(callers, aht=aht)
        rows.append(row | _formulas(scenario, of_cell, offered / 3600.0 / hours, targets, required[cell]))
    return pd.DataFrame(rows)


def _means(run: ScenarioRun, measure: str) -> Floats:
    return ratio_estimate(run.tallies.counts("interval"), MEASURES[measure]).mean


def _formulas(
    scenario: Scenario, callers: Callers, rate: float, targets: Mapping[str, MeasureTarget], required: int
) -> dict[str, float]:
    level = scenario.targets.service_level
    values: dict[str, float] = {}
    for name, customers in (("erlang_c", replace(callers, patience=math.inf, balk=0.0)), ("erlang_a", callers)):
        queue = customers.queue(rate, level.within)
        agents, prediction = least_agents(queue, targets), predict(queue, required)
        values |= {
            name: math.nan if agents is None else float(agents),
            f"{name}_service_level": prediction.measure(level.definition),
            f"{name}_abandonment_rate": prediction.abandonment,
            f"{name}_occupancy": prediction.occupancy,
        }
    return values


def by_block(
    problem: StaffingProblem, comparison: pd.DataFrame, scenario: Scenario, targets: Mapping[str, MeasureTarget]
) -> pd.DataFrame:
    """One row a block of time: required, load (erlangs), and erlang_c and erlang_a of its mean arrivals and AHT."""
    callers, rows = callers_of(scenario), []
    targets = formula_targets(scenario, targets, problem.groups)
    offered, aht = (comparison[name].to_numpy(float) for name in ("offered", "aht_s"))
    for cells in problem.cells_of_blocks:
        contacts, hours = float(offered[cells].sum()), float(problem.hours[cells].sum())
        mean = float(offered[cells] @ aht[cells]) / contacts if contacts else callers.aht
        required = int(comparison["required"].iloc[cells[0]])
        row = {"required": required, "load": contacts * mean / 3600.0 / hours}
        of_block = replace(callers, aht=mean)
        rows.append(row | _formulas(scenario, of_block, contacts / 3600.0 / hours, targets, required))
    return pd.DataFrame(rows)


def wfm_table(
    problem: StaffingProblem, counts: Ints, figures: GroupFigures, comparison: pd.DataFrame, scheduled: Floats | None
) -> pd.DataFrame:
    """What a workforce management suite imports, and `staff: {file: wfm.csv}` reads: one row an interval and group.

    Columns: date, time, interval_minutes, group, required, scheduled (agents on the queue by the shifts, breaks taken
    off; without shifts as required), over, under, offered (the group's own contacts, that add up to the interval's),
    and the group's own aht_s, service_level and occupancy (`sim.study.staffing.by_group`).
    """
    rows, scenario = [], problem.scenario
    whole = scenario.targets.service_level.within
    one_time = all(within_of(scenario, name) == whole for name in scenario.intents)
    for cell, of_cell in enumerate(comparison.to_dict("records")):
        for number, group in enumerate(problem.groups):
            required = int(counts[number, problem.block_of[cell]])
            there = required if scheduled is None else float(scheduled[number, cell])
            row = {"date": of_cell["date"], "time": of_cell["time"]}
            row |= {"interval_minutes": round(60.0 * float(problem.hours[cell]), 2), "group": group}
            row |= {"required": required, "scheduled": round(there, 2)}
            row |= {"over": round(max(there - required, 0.0), 2), "under": round(max(required - there, 0.0), 2)}
            row |= {"offered": round(of_cell["offered"] * float(figures.share[number, cell]), 2)}
            own = of_cell if len(problem.groups) == 1 and one_time else figures.of(number, cell)
            row |= {name: round(own[name], digits) for name, digits in DIGITS.items()}
            rows.append(row)
    return pd.DataFrame(rows)
