"""Estimates as DataFrames."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.study.estimates import Estimate
from sim.study.replicate import ScenarioRun

Floats = npt.NDArray[np.float64]
COLUMNS = ["mean", "ci_low", "ci_high"]


def labels(study: ScenarioRun, name: str) -> pd.DataFrame:
    """What names the cells of a slice: the day, day and time, the intent or the group."""
    frame = study.frame
    if name == "day":
        return pd.DataFrame({"day": frame.dates})
    if name == "interval":
        return pd.DataFrame({"day": [frame.dates[d] for d in frame.day_of], "time": frame.times})
    return pd.DataFrame({name: frame.intents if name == "intent" else frame.groups})


def _columns(estimate: Estimate) -> dict[str, Floats]:
    return {"mean": estimate.mean, "ci_low": estimate.low, "ci_high": estimate.high}


def overall(estimates: dict[str, Estimate]) -> pd.DataFrame:
    """One row a measure: mean and 95 % confidence interval, indexed by `measure`."""
    parts = {name: {k: v[0] for k, v in _columns(e).items()} for name, e in estimates.items()}
    table = pd.DataFrame.from_dict(parts, orient="index", columns=COLUMNS)
    return table.rename_axis("measure")


def tidy(cells: pd.DataFrame, estimates: dict[str, Estimate]) -> pd.DataFrame:
    """One row a cell and measure: the cell's labels, measure, mean, ci_low, ci_high."""
    parts = [
        pd.concat([cells.assign(measure=name), pd.DataFrame(_columns(e))], axis=1) for name, e in estimates.items()
    ]
    empty = pd.DataFrame(columns=[*cells.columns, "measure", *COLUMNS])
    return pd.concat(parts, ignore_index=True) if parts else empty
