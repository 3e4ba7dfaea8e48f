"""Baselines as files, and the report of `check`: what moved away from them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError

from sim.arguments import checked
from sim.errors import OutputError
from sim.report import Document, Report, ReportSection, ShortLines, Table, counted, row
from sim.report.baseline_file import kept_text, refused
from sim.report.numbers import DASH, records
from sim.report.observed import with_observed
from sim.report.render.folder import write_whole
from sim.scenario.model import Scenario
from sim.study.baseline import Baseline
from sim.study.check import FALSE_ALARM, MOVED, POWER, Check

SCHEMA_VERSION = 1
COLUMNS = ("measure", "baseline", "now", "difference", "standard errors", "verdict")
HEADLINES = ("sl_offered", "abandonment_rate", "aht_s", "workload_hours")
MEANT = "If that is meant, make the baseline anew: ccsim check FILE --baseline FILE --refresh"
GIVEN_WHEN_SET = ("tolerance_other_seed",)


def check_report(scenario: Scenario, now: Baseline, path: Path, refreshed: bool, check: Check | None) -> Report:
    """Return the report of a check, or of a refresh, with `check` None where there is nothing to compare.

    Parameters
    ----------
    now : what the scenario measures.
    path : the baseline's file.
    """
    report = Report(
        title=f"Check: {now.scenario}",
        line=f"Held to {path}.",
        sections=tuple(_sections(check)) if check is not None else (),
        scenarios={scenario.name: scenario},
        seed=now.seed,
        replications=now.replications,
        document=lambda: _document(now, path, refreshed, check),
    )
    return with_observed(report)


def _sections(check: Check) -> Iterator[ReportSection]:
    above = (*heading(check), *([""] if len(check.moved) else []))
    yield ReportSection("How they were held together", lambda: [ShortLines(above)], on_terminal=1, answers=True)
    yield ReportSection("What moved", lambda: [moved_table(check)], on_terminal=2, answers=True)
    yield ReportSection("What did not", lambda: [ShortLines(tuple(summary(check)))], on_terminal=3, answers=True)


# Words ------------------------------------------------------------------------------


def heading(check: Check) -> list[str]:
    """How the two were held together, and whether the scenario is still the same."""
    lines = [_same_luck(check) if check.same_seed else _other_luck(check)]
    if check.scenario_changed:
        where = ", ".join(check.changed_sections)
        words = f"The scenario has changed since the baseline was made ({where})"
        lines.append(f"{words}: a difference may come from it as well as from the program.")
    return lines


def _same_luck(check: Check) -> str:
    return (
        f"Same seed as the baseline ({check.now.seed}), {counted(check.now.replications, 'replication')}: the same "
        "luck, so that every difference beyond a measure's tolerance counts."
    )


def _other_luck(check: Check) -> str:
    now, then = check.now, check.baseline
    return (
        f"Seed {now.seed}, {counted(now.replications, 'replication')}, against the baseline's seed {then.seed}, "
        f"{counted(then.replications, 'replication')}: other luck. A measure has moved when luck does not explain the "
        f"difference; at most 1 check in {1 / FALSE_ALARM:.0f} raises a false alarm."
    )


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
    return Table("What moved", COLUMNS, tuple(rows), verdict=True)


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


# JSON -------------------------------------------------------------------------------


def _document(now: Baseline, path: Path, refreshed: bool, check: Check | None) -> Document:
    """The JSON document of a check, or of a refresh with nothing to compare (`mode` is null then)."""
    document: Document = {
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
    return document if check is None else document | _compared(check)


def _compared(check: Check) -> Document:
    return {
        "mode": "same_seed" if check.same_seed else "other_seed",
        "baseline_seed": check.baseline.seed,
        "baseline_replications": check.baseline.replications,
        "scenario_changed": check.scenario_changed,
        "changed_sections": check.changed_sections,
        "moved": [str(name) for name in check.moved.index],
        "measures": dict(zip(map(str, check.table.index), records(check.table), strict=True)),
    }


# Files ------------------------------------------------------------------------------


@checked
def write_baseline(baseline: Baseline, path: str | Path) -> None:
    """Write a baseline: JSON with one measure a line, so that a diff shows what moved; there whole or as it was before.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    place = Path(path).resolve()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(baseline_text(baseline), place)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from None


def baseline_text(baseline: Baseline) -> str:
    """The file's text, with one section and one measure a line."""
    document = baseline.model_dump(mode="json")
    measures = {name: _without_unset(kept) for name, kept in document.pop("measures").items()}
    parts = [f'  "{key}": {_line(value)}' for key, value in document.items() if key != "sections"]
    parts += [
        f'  "{key}": {_block(part)}' for key, part in (("sections", document["sections"]), ("measures", measures))
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _without_unset(kept: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in kept.items() if value or key not in GIVEN_WHEN_SET}


def _block(entries: dict[str, Any]) -> str:
    lines = ",\n".join(f"    {_line(name)}: {_line(entry)}" for name, entry in entries.items())
    return "{\n" + lines + "\n  }"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


@checked
def read_baseline(path: str | Path) -> Baseline:
    """Read a baseline.

    Raises
    ------
    BaselineError
        One message with the file, the line where there is one, what is wrong and what to do.
    """
    path = Path(path)
    text = kept_text(path)
    try:
        json.loads(text, object_pairs_hook=_once)
        return Baseline.model_validate_json(text)
    except json.JSONDecodeError as error:
        raise refused(path, error.lineno, "", f"is not JSON: {error.msg}", column=error.colno) from None
    except ValidationError as error:
        raise refused(path, *_first(error, text)) from None
    except (ValueError, RecursionError) as error:
        raise refused(path, None, "", str(error)) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The entries of an object, unless one of its keys is there twice: what a careless merge leaves behind."""
    entries = dict(pairs)
    if len(entries) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"has {twice} twice in one place")
    return entries


def _first(error: ValidationError, text: str) -> tuple[int | None, str, str, str | None]:
    """The first fault: its line, its key, what is wrong and the value."""
    fault = error.errors()[0]
    keys = [str(key) for key in fault["loc"]]
    words = {"missing": "is missing", "extra_forbidden": "is not a key of a baseline"}.get(fault["type"])
    message = words or fault["msg"].removeprefix("Value error, ").replace("Input should", "should")
    value = fault["input"]
    shown = None if words or not keys or isinstance(value, dict) else json.dumps(value)
    written = keys[:-1] if fault["type"] == "missing" else keys
    return _line_of(text, written), ".".join(keys), message, shown


def _line_of(text: str, keys: list[str]) -> int | None:
    """The line in which the last of nested keys stands (an index has none of its own); None for the file as a whole."""
    place = 0
    for key in keys:
        match = re.compile(rf"{re.escape(json.dumps(key, ensure_ascii=False))}\s*:").search(text, place)
        if match is None:
            break
        place = match.end()
    return text.count("\n", 0, place) + 1 if place else None
