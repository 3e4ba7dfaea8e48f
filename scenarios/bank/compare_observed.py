"""Print the bank's weeks as simulated beside what was observed: ``python scenarios/bank/compare_observed.py``."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

import sim

HERE = Path(__file__).parent
WEEKS = {"week": "week", "next-week": "next-week", "next-week-known-volume": "next-week"}
"""Scenario, and the folder of the week that it is compared with."""

COLUMNS = {"offered": "{:.0f}", "abandonment": "{:.1%}", "mean_wait_s": "{:.1f}", "occupancy": "{:.1%}"}
"""What is compared, and how it is printed."""


def main() -> None:
    """Run each scenario and print its tables."""
    parser = argparse.ArgumentParser(description="Print the bank's weeks as simulated beside what was observed.")
    parser.add_argument("--replications", type=int, default=None, help="default: what the scenario says")
    options = parser.parse_args()
    for name, folder in WEEKS.items():
        scenario = sim.load(HERE / f"{name}.yaml")
        result = sim.run(scenario, replications=options.replications)
        print(f"\n{scenario.name}: {result.replications} replications")
        seen, made = observed(folder), simulated(result)
        for key in ("time", "date"):
            print(as_text(side_by_side(seen, made, key)))
        print(misses(seen, made))


def observed(folder: str) -> pd.DataFrame:
    """Return what was observed, by date and clock hour, in sums that can be added up."""
    table = pd.read_csv(HERE / folder / "observed_by_hour.csv")
    return pd.DataFrame(
        {
            "date": table["date"],
            "time": table["time"].str[:2] + ":00",
            "offered": table["offered"],
            "answered": table["answered"],
            "lost": table["abandoned"],
            "waited": table["mean_wait_answered_s"] * table["answered"],
            "agents": table["agents"] * hours(table["time"]),
            "busy": table["occupancy"] * table["agents"] * hours(table["time"]),
        }
    )


def simulated(result: sim.RunResult) -> pd.DataFrame:
    """Return the means over replications, by date and half-hour, in sums that can be added up."""
    table = result.by_interval.pivot_table(index=["day", "time"], columns="measure", values="mean")
    table = table.reset_index().fillna({"asa_s": 0.0, "occupancy": 0.0})
    return pd.DataFrame(
        {
            "date": table["day"],
            "time": table["time"].str[:2] + ":00",
            "offered": table["offered"],
            "answered": table["answered"],
            "lost": table["abandoned"] + table["balked"] + table["disconnected"],
            "waited": table["asa_s"] * table["answered"],
            "agents": table["agents_on_queue"] / 2,
            "busy": table["occupancy"] * table["agents_on_queue"] / 2,
        }
    )


def hours(starts: pd.Series) -> np.ndarray:
    """Return the length in hours of each row of the observed table: half an hour where it starts at half past."""
    return np.where(starts.str.endswith(":30"), 0.5, 1.0)


def rates(sums: pd.DataFrame, key: str | None) -> pd.DataFrame:
    """Return offered, abandonment, mean wait of the answered and occupancy by `key`, or of the whole week."""
    groups = sums.groupby(key) if key else sums.groupby(lambda _: "week")
    total = groups[["offered", "answered", "lost", "waited", "agents", "busy"]].sum()
    return pd.DataFrame(
        {
            "offered": total["offered"],
            "abandonment": total["lost"] / total["offered"],
            "mean_wait_s": total["waited"] / total["answered"],
            "occupancy": total["busy"] / total["agents"],
        }
    )


def side_by_side(seen: pd.DataFrame, made: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return observed and simulated rates by `key`, with the whole week at the end."""
    tables = {label: pd.concat([rates(sums, key), rates(sums, None)]) for label, sums in (("obs", seen), ("sim", made))}
    wide = pd.concat(tables, axis=1).swaplevel(axis=1)
    return wide[[(column, label) for column in COLUMNS for label in ("obs", "sim")]]


def as_text(wide: pd.DataFrame) -> str:
    """Return the table of `side_by_side` as lines of text."""
    return wide.to_string(formatters={place: COLUMNS[place[0]].format for place in wide.columns})


def misses(seen: pd.DataFrame, made: pd.DataFrame) -> str:
    """Return one line: how far a clock hour is off on average, weighted by its calls."""
    real, model = rates(seen, "time"), rates(made, "time")
    far = {column: float(np.average((model - real)[column].abs(), weights=real["offered"])) for column in COLUMNS}
    return (
        f"Mean miss of a clock hour: {far['offered']:.0f} calls, {100 * far['abandonment']:.1f} points of abandonment, "
        f"{far['mean_wait_s']:.0f} s of wait, {100 * far['occupancy']:.1f} points of occupancy."
    )


if __name__ == "__main__":
    main()
