"""The staffing by interval: what was simulated, and what Erlang C and Erlang A say of the same arrivals."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.measures.definitions import MEASURES
from sim.scenario.model import Scenario
from sim.scenario.targets import MeasureTarget
from sim.study.estimates import ratio_estimate
from sim.study.replicate import ScenarioRun
from sim.study.staffing.erlang import Prediction, Queue, least_agents, predict
from sim.study.staffing.erlang_start import Callers, callers_of
from sim.study.staffing.plan import Ints, StaffingProblem

Floats = npt.NDArray[np.float64]
SIMULATED = ("offered", "aht_s", "occupancy", "abandonment_rate")
TOLD = ("service_level", "abandonment_rate", "occupancy")


def by_interval(
    ground: StaffingProblem, counts: Ints, study: ScenarioRun, goals: Mapping[str, MeasureTarget], own: Floats
) -> pd.DataFrame:
    """One row an interval; all groups together, as if each agent could serve everybody.

    Columns: date, time, required, own (the file's staffing), offered (contacts, returns included), aht_s, load
    (erlangs), the simulated service_level, abandonment_rate and occupancy; then, for X in erlang_c and erlang_a, X (the
    fewest agents by the formula; nan where no number will do) and X_service_level, X_abandonment_rate, X_occupancy
    (what it says of the agents required).
    """
    level = study.scenario.targets.service_level.definition
    total = counts.sum(axis=0)[ground.block_of]
    found = {m: _means(study, m) for m in (level, *SIMULATED)}
    labels = [ground.label(c) for c in range(len(ground.cells))]
    rows = []
    callers = callers_of(study.scenario)
    for c, (date, time) in enumerate(labels):
        aht = float(found["aht_s"][c])
        aht = callers.aht if math.isnan(aht) else aht
        offered = float(found["offered"][c])
        row = {"date": date, "time": time, "required": int(total[c]), "own": float(own[:, c].sum())}
        row |= {"offered": offered, "aht_s": aht, "load": offered * aht / 3600.0 / float(ground.hours[c])}
        row |= {"service_level": float(found[level][c])}
        row |= {m: float(found[m][c]) for m in ("abandonment_rate", "occupancy")}
        rate = offered / 3600.0 / float(ground.hours[c])
        rows.append(row | _formulas(study.scenario, Callers(callers.patience, callers.balk, aht), rate, goals, row))
    return pd.DataFrame(rows)


def _means(study: ScenarioRun, measure: str) -> Floats:
    return ratio_estimate(study.ledger.counts("interval"), MEASURES[measure]).mean


def _formulas(
    scenario: Scenario, callers: Callers, rate: float, goals: Mapping[str, MeasureTarget], row: Mapping[str, object]
) -> dict[str, float]:
    level, found = scenario.targets.service_level, {}
    for name, patience, balk in (("erlang_c", math.inf, 0.0), ("erlang_a", callers.patience, callers.balk)):
        queue = Queue(rate, callers.aht, patience, balk, level.within)
        agents = least_agents(queue, goals)
        found[name] = math.nan if agents is None else float(agents)
        said: Prediction = predict(queue, int(str(row["required"])))
        values = (said.measure(level.definition), said.abandonment, said.occupancy)
        found |= {f"{name}_{what}": value for what, value in zip(TOLD, values, strict=True)}
    return found


def by_block(
    ground: StaffingProblem, beside: pd.DataFrame, scenario: Scenario, goals: Mapping[str, MeasureTarget]
) -> pd.DataFrame:
    """One row a block of time: required, load (erlangs), and erlang_c and erlang_a of its mean arrivals and AHT."""
    callers, rows = callers_of(scenario), []
    offered, aht = (beside[name].to_numpy(float) for name in ("offered", "aht_s"))
    for b in range(ground.blocks):
        cells = np.flatnonzero(ground.block_of == b)
        contacts, hours = float(offered[cells].sum()), float(ground.hours[cells].sum())
        mean = float(offered[cells] @ aht[cells]) / contacts if contacts else callers.aht
        row = {"required": int(beside["required"].iloc[cells[0]]), "load": contacts * mean / 3600.0 / hours}
        mine = Callers(callers.patience, callers.balk, mean)
        rows.append(row | _formulas(scenario, mine, contacts / 3600.0 / hours, goals, row))
    return pd.DataFrame(rows)


def wfm_table(
    ground: StaffingProblem, counts: Ints, load: Floats, beside: pd.DataFrame, scheduled: Floats | None
) -> pd.DataFrame:
    """What a workforce management suite imports: one row an interval and group.

    Columns: date, time, interval_minutes, group, required, scheduled (agents on the queue by the shifts, breaks taken
    off; without shifts as required), over, under, offered (the interval's contacts shared out over the groups by the
    work that they are offered), and the interval's aht_s, service_level and occupancy, all groups together.
    """
    whole = load.sum(axis=0)
    shares = np.divide(load, whole, out=np.full(load.shape, 1.0 / len(load)), where=whole > 0)
    rows = []
    for c in range(len(ground.cells)):
        told = beside.iloc[c]
        for g, group in enumerate(ground.groups):
            required = int(counts[g, ground.block_of[c]])
            there = required if scheduled is None else float(scheduled[g, c])
            rows.append(
                {
                    "date": told["date"],
                    "time": told["time"],
                    "interval_minutes": round(60.0 * float(ground.hours[c]), 2),
                    "group": group,
                    "required": required,
                    "scheduled": round(there, 2),
                    "over": round(max(there - required, 0.0), 2),
                    "under": round(max(required - there, 0.0), 2),
                    "offered": round(float(told["offered"]) * float(shares[g, c]), 2),
                    "aht_s": round(float(told["aht_s"]), 1),
                    "service_level": round(float(told["service_level"]), 4),
                    "occupancy": round(float(told["occupancy"]), 4),
                }
            )
    return pd.DataFrame(rows)
