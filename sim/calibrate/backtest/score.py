"""A back-test in a few figures: coverage, errors, bias, and who was closer."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.calibrate.backtest.walk_forward import BackTest
from sim.calibrate.fits.estimate import Z95, Floats

MODELS = ("sim", "erlang_a", "erlang_c")
FIGURES = ("abandonment", "wait_s", "within")


def by_month(test: BackTest) -> pd.DataFrame:
    """Coverage and means by month and over all.

    Columns: month, days, offered, expected, half_hours, offered_covered, hours, abandonment_covered, and observed and
    simulated abandonment, wait and share answered in time.
    """
    months = sorted(set(test.days["date"].dt.strftime("%Y-%m")))
    return pd.DataFrame([_month(test, month) for month in [*months, "all"]])


def _month(test: BackTest, month: str) -> dict[str, object]:
    cells, hours, days = (
        table if month == "all" else table[table["date"].dt.strftime("%Y-%m") == month]
        for table in (test.half_hours, test.hours, test.days)
    )
    return {
        "month": month,
        "days": len(days),
        "offered": float(days["offered"].sum()),
        "expected": float(days["sim_offered"].sum()),
        "half_hours": len(cells),
        "offered_covered": float(cells["inside"].mean()) if len(cells) else np.nan,
        "hours": len(hours),
        "abandonment_covered": float(hours["inside"].mean()) if len(hours) else np.nan,
    } | {f"{name}{figure}": _mean(days, f"{name}{figure}") for name in ("", "sim_") for figure in FIGURES}


def _mean(days: pd.DataFrame, column: str) -> float:
    """The mean over contacts; nan where a day does not tell."""
    if not len(days) or days[column].isna().all():
        return np.nan
    there = days[column].notna()
    return float(np.average(days[column][there], weights=days["offered"][there]))


def scores(test: BackTest) -> pd.DataFrame:
    """Errors over days: figure, model, observed, predicted, bias, mae, rmse, mae_more, sim_closer, days.

    `mae` and `rmse` are over days; `observed`, `predicted` and `bias` over contacts. `mae_more`, with its 95 %
    interval, is by how much more than the simulation a model misses a day; `sim_closer` the share of days on which it
    does.
    """
    rows = []
    for figure in FIGURES:
        if test.days[figure].isna().all():
            continue
        days = test.days[test.days[figure].notna()]
        rows += [_score(days, figure, model) for model in MODELS]
    return pd.DataFrame(rows, columns=None if rows else ["figure", "model"])


def _score(days: pd.DataFrame, figure: str, model: str) -> dict[str, object]:
    off = (days[f"{model}_{figure}"] - days[figure]).to_numpy()
    own = (days[f"sim_{figure}"] - days[figure]).abs().to_numpy()
    observed, predicted = _mean(days, figure), _mean(days, f"{model}_{figure}")
    worse = np.abs(off) - own
    error = Z95 * float(worse.std(ddof=1)) / np.sqrt(len(days)) if len(days) > 1 else np.nan
    return {
        "figure": figure,
        "model": model,
        "observed": observed,
        "predicted": predicted,
        "bias": predicted - observed,
        "mae": float(np.abs(off).mean()),
        "rmse": float(np.sqrt((off**2).mean())),
        "mae_more": float(worse.mean()),
        "mae_more_low": float(worse.mean() - error),
        "mae_more_high": float(worse.mean() + error),
        "sim_closer": _ahead(own, np.abs(off)) / len(days) if model != "sim" else np.nan,
        "days": len(days),
    }


def _ahead(own: Floats, other: Floats) -> float:
    """Days on which the simulation is closer; a tie is half a day."""
    return float((own < other).sum() + 0.5 * (own == other).sum())
