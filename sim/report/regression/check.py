"""What a regression check says: a table of what moved, a few sentences, and one JSON document."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from sim.report.forms import DASH
from sim.report.numbers import number
from sim.report.table import Table, row, table
from sim.report.terminal import stdout_console
from sim.study.baseline import Baseline
from sim.study.check import FALSE_ALARM, MOVED, POWER, Check

SCHEMA_VERSION = 1
COLUMNS = ("measure", "baseline", "now", "difference", "standard errors", "verdict")
WORDS = ("measure", "verdict")
HEADLINES = ("sl_offered", "abandonment_rate", "aht_s", "workload_hours")
MEANT = "If that is meant, make the baseline anew: ccsim check FILE --baseline FILE --refresh"
Document = dict[str, Any]


def print_check(check: Check, console: Console | None = None) -> None:
    """Print how the two were held together, what moved, and what did not."""
    console = console or stdout_console()
    for line in heading(check):
        console.print(Text(line))
    if len(check.moved):
        console.print()
        console.print(_rich(moved_table(check)))
    for line in summary(check):
        console.print(Text(line))


def _rich(told: Table) -> RichTable:
    shown = RichTable(title=told.title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in told.columns:
        shown.add_column(name, justify="left" if name in WORDS else "right", overflow="fold")
    for cells in told.rows:
        shown.add_row(*(Text(cell.text) for cell in cells))
    return shown


# Words ------------------------------------------------------------------------


def heading(check: Check) -> list[str]:
    """How the two were held together, and whether the scenario is still the same."""
    lines = [_same_luck(check) if check.same_seed else _other_luck(check)]
    if check.scenario_changed:
        where = ", ".join(check.changed_sections)
        words = f"The scenario has changed since the baseline was made ({where})"
        lines.append(f"{words}: a difference may come from it as well as from the program.")
    return lines


def _same_luck(check: Check) -> str:
    words = f"Same seed as the baseline ({check.now.seed}), {_replications(check.now)}: the same luck, so that every "
    return words + "difference beyond a measure's tolerance counts."


def _other_luck(check: Check) -> str:
    now, then = check.now, check.baseline
    words = f"Seed {now.seed}, {_replications(now)}, against the baseline's seed {then.seed}, {_replications(then)}: "
    words += "other luck. A measure has moved when luck does not explain the difference; "
    return words + f"at most 1 check in {1 / FALSE_ALARM:.0f} raises a false alarm."


def _replications(baseline: Baseline) -> str:
    count = baseline.replications
    return f"{count} replication{'s' if count > 1 else ''}"


def summary(check: Check) -> list[str]:
    """What did not move in a line, and with other luck what would have been noticed."""
    alike, every = len(check.table) - len(check.moved), len(check.table)
    lines = [f"{alike} of {every} measures did not move." if alike < every else f"None of {every} measures moved."]
    if not check.same_seed:
        lines.append(_reach(check))
    return [*lines, MEANT] if len(check.moved) else lines


def _reach(check: Check) -> str:
    rows = check.table[check.table.index.isin(HEADLINES) & check.table["noticeable"].notna()]
    parts = (f"{name} {_percent(*pair)}" for name, *pair in rows[["noticeable", "baseline"]].itertuples())
    return f"{POWER * 10:.0f} of 10 such checks notice a change by this share of the value: {', '.join(parts)}."


# The table --------------------------------------------------------------------


def moved_table(check: Check) -> Table:
    """The measures that moved, the largest difference first."""
    rows = [row(str(name), *_cells(moved)) for name, moved in check.moved.iterrows()]
    return table("What moved", COLUMNS, rows)


def _cells(moved: pd.Series[Any]) -> tuple[str, ...]:
    baseline, now, difference = moved["baseline"], moved["now"], moved["difference"]
    change = (
        f"{_rounded(difference, 3, '+')} ({_percent(difference, baseline, '+')})" if math.isfinite(difference) else DASH
    )
    errors = moved["standard_errors"]
    return _number(baseline), _number(now), change, f"{errors:+.1f}" if math.isfinite(errors) else DASH, _verdict(moved)


def _number(value: float) -> str:
    return f"{value:.6g}" if math.isfinite(value) else DASH


def _percent(part: float, whole: float, sign: str = "") -> str:
    return f"{_rounded(100 * part / abs(whole), 2, sign)} %" if whole else DASH


def _rounded(number: float, digits: int, sign: str) -> str:
    """So many digits at least, and never a power of ten for a large number."""
    whole = abs(number) >= 10.0**digits
    return f"{number:{sign},.0f}" if whole else f"{number:{sign}.{digits}g}"


def _verdict(moved: pd.Series[Any]) -> str:
    chance = moved["p"]
    return f"{moved['verdict']} (p {chance:.1g})" if moved["verdict"] == MOVED and chance > 0 else str(moved["verdict"])


# JSON -------------------------------------------------------------------------


def check_document(now: Baseline, path: Path, refreshed: bool, check: Check | None) -> Document:
    """The JSON document of a check, or of a refresh with nothing to compare (`mode` is null then)."""
    told: Document = {
        "schema_version": SCHEMA_VERSION,
        "scenario": now.scenario,
        "baseline": str(path),
        "refreshed": refreshed,
        "seed": now.seed,
        "replications": now.replications,
        "mode": None,
        "moved": [],
        "measures": {},
    }
    return told if check is None else told | _compared(check)


def _compared(check: Check) -> Document:
    return {
        "mode": "same_seed" if check.same_seed else "other_seed",
        "baseline_seed": check.baseline.seed,
        "baseline_replications": check.baseline.replications,
        "scenario_changed": check.scenario_changed,
        "changed_sections": check.changed_sections,
        "moved": [str(name) for name in check.moved.index],
        "measures": {str(name): _plain(entry) for name, entry in check.table.iterrows()},
    }


def _plain(entry: pd.Series[Any]) -> Document:
    return {str(key): _json_value(value) for key, value in entry.items()}


def _json_value(value: Any) -> Any:
    if isinstance(value, str):
        return value
    return number(value)
