"""Estimates as DataFrames."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.scenario.people import CHANNELS
from sim.scenario.targets import targets_of_some
from sim.study.estimates import Estimate, own_percentile, own_ratio
from sim.study.replicate import WAIT_P90, ScenarioRun

Floats = npt.NDArray[np.float64]
COLUMNS = ["mean", "ci_low", "ci_high"]


def labels(study: ScenarioRun, name: str) -> pd.DataFrame:
    """What names the cells of a slice: the day, day and time, the intent, the group or the channel."""
    frame = study.frame
    if name == "day":
        return pd.DataFrame({"day": frame.dates})
    if name == "interval":
        return pd.DataFrame({"day": [frame.dates[d] for d in frame.day_of], "time": frame.times})
    return pd.DataFrame({name: {"intent": frame.intents, "group": frame.groups, "channel": CHANNELS}[name]})


def _columns(estimate: Estimate) -> dict[str, Floats]:
    return {"mean": estimate.mean, "ci_low": estimate.low, "ci_high": estimate.high}


def overall(estimates: dict[str, Estimate]) -> pd.DataFrame:
    """One row a measure: mean and 95 % confidence interval, indexed by `measure`."""
    parts = {name: {k: v[0] for k, v in _columns(e).items()} for name, e in estimates.items()}
    table = pd.DataFrame.from_dict(parts, orient="index", columns=COLUMNS)
    return table.rename_axis("measure")


def tidy(cells: pd.DataFrame, estimates: dict[str, Estimate]) -> pd.DataFrame:
    """One row a cell and measure: the cell's labels, measure, mean, ci_low, ci_high."""
    if not estimates:
        return pd.DataFrame(columns=[*cells.columns, "measure", *COLUMNS])
    parts = [_columns(estimate) for estimate in estimates.values()]
    values = {name: np.concatenate([part[name] for part in parts]) for name in COLUMNS}
    return _stacked(cells, list(estimates)).assign(**values)


def _stacked(rows: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """The same rows once for each measure, with its name."""
    again = rows.take(np.tile(np.arange(len(rows)), len(names))).reset_index(drop=True)
    return again.assign(measure=np.repeat(np.array(names, object), len(rows)))


def own_values(study: ScenarioRun) -> dict[str, Floats]:
    """Every row's own ratio of a measure over all days, (rows,), by measure; nan where it has none."""
    counts = study.tallies.counts("overall")
    measures = study.measures
    whole = {m.name: own_ratio(counts, m)[:, 0] for m in measures.values() if "overall" in m.slices}
    some = {
        t.key: own_ratio(study.counts_of_some(t), measures[t.measure])[:, 0] for t in targets_of_some(study.scenario)
    }
    return whole | some


def by_replication(study: ScenarioRun, extra: dict[str, Floats]) -> pd.DataFrame:
    """One row a replication and measure, from that replication's own sums, or from those of several neighbours.

    Columns: replication (the first one, from 0), replications (how many are added up in the row), measure, value.
    """
    values = own_values(study)
    if (waits := study.tallies.waits("overall")) is not None:
        values[WAIT_P90] = own_percentile(waits, 0.9)[:, 0]
    first = study.tallies.width * np.arange(len(study.tallies.rows))
    rows = pd.DataFrame({"replication": first, "replications": np.diff(first, append=study.tallies.replications)})
    values |= extra
    return _stacked(rows, list(values)).assign(value=np.concatenate([*values.values()]))
