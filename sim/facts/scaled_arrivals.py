"""First contacts times factors by intent and weekday, in the form in which the file gives them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.demand.expected import SHARED
from sim.scenario.arrivals import Arrivals, CountsFile
from sim.scenario.model import ByInterval, Scenario
from sim.schema.calendar import WEEKDAYS
from sim.schema.week import PerDay

Floats = npt.NDArray[np.float64]
DIGITS = 4
"""Decimals of contacts and shares that are written: finer than anything that answers to them."""
SAME_SHAPE = 1e-9


def arrival_settings(scenario: Scenario, factors: Mapping[str, Floats]) -> dict[str, Any]:
    """Return the settings that multiply the first contacts of every intent by its factors by weekday, (7,).

    The form of the file is kept: shares of common arrivals stay shares, as long as all intents have the same weekdays.
    """
    own = {name: intent.arrivals for name, intent in scenario.intents.items() if intent.arrivals is not None}
    settings: dict[str, Any] = {}
    for name, arrivals in own.items():
        columns = dict.fromkeys(arrivals.file.columns if arrivals.file else (), factors[name])
        settings |= _scaled(scenario, f"intents.{name}.arrivals", arrivals, factors[name], columns)
    sharing = [name for name in scenario.intents if name not in own]
    if sharing and scenario.arrivals is not None:
        settings |= _common(scenario, scenario.arrivals, sharing, factors)
    return settings


def _common(
    scenario: Scenario, arrivals: Arrivals, sharing: list[str], factors: Mapping[str, Floats]
) -> dict[str, Any]:
    columns = arrivals.file.columns if arrivals.file is not None else ()
    by_share = [name for name in sharing if name not in columns]
    shares = {name: scenario.intents[name].share or 0.0 for name in by_share}
    whole = _together(shares, factors)
    parts = {name: shares[name] * factors[name] for name in by_share}
    relative = {name: part / whole for name, part in parts.items()}
    if any(np.ptp(share) > SAME_SHAPE for share in relative.values()):
        return _own_blocks(scenario, arrivals, parts, columns, factors)
    by_column = {column: factors[column] if column in sharing else whole for column in columns}
    settings = _scaled(scenario, "arrivals", arrivals, whole, by_column)
    new = {name: float(share[0]) for name, share in relative.items()}
    moved = any(abs(new[name] - shares[name]) > SAME_SHAPE for name in by_share)
    return settings | ({f"intents.{name}.share": share for name, share in new.items()} if moved else {})


def _together(shares: Mapping[str, float], factors: Mapping[str, Floats]) -> Floats:
    """Return the factor of all that intents share, by weekday."""
    total = sum(shares.values())
    if total <= 0.0:
        return np.ones(len(WEEKDAYS))
    return np.asarray(sum(share * factors[name] for name, share in shares.items()) / total)


def _own_blocks(
    scenario: Scenario,
    arrivals: Arrivals,
    parts: Mapping[str, Floats],
    columns: Iterable[str],
    factors: Mapping[str, Floats],
) -> dict[str, Any]:
    """Return arrivals of its own for every intent that had a share: their weekdays are no longer the same."""
    settings: dict[str, Any] = {}
    blocks = {**parts, **{name: factors[name] for name in columns if name in scenario.intents}}
    for name, part in blocks.items():
        column = name if name in columns else SHARED
        path = f"intents.{name}.arrivals"
        keys = _scaled(scenario, path, _only(arrivals, column), part, {column: part})
        block = {key.removeprefix(f"{path}."): value for key, value in keys.items()}
        if arrivals.profile is not None:
            block["profile"] = arrivals.profile.in_file_form()
        settings[path] = block
    return settings


def _only(arrivals: Arrivals, column: str) -> Arrivals:
    """Return arrivals with one column of their file."""
    if arrivals.file is None:
        return arrivals
    counts = {key: row for key, row in arrivals.file.counts.items() if key[1] == column}
    return arrivals.model_copy(update={"file": CountsFile(path=arrivals.file.path, columns=(column,), counts=counts)})


def _scaled(
    scenario: Scenario, path: str, arrivals: Arrivals, factor: Floats, columns: Mapping[str, Floats]
) -> dict[str, Any]:
    """Return the setting of the one key that says how many contacts there are."""
    if arrivals.per_day is not None:
        return {f"{path}.per_day": _volume(scenario, arrivals.per_day, factor).in_file_form()}
    if arrivals.per_hour is not None:
        return {f"{path}.per_hour": _rates(arrivals.per_hour, factor).in_file_form()}
    if arrivals.file is not None:
        return {f"{path}.file": _counts(arrivals.file, columns).in_file_form()}
    return {}


def _volume(scenario: Scenario, per_day: PerDay, factor: Floats) -> PerDay:
    if per_day.by_day is not None:
        dates = scenario.calendar.dates()
        pairs = zip(per_day.by_day, dates, strict=True)
        return PerDay(by_day=tuple(_times(value, factor[day.weekday()]) for value, day in pairs))
    week = per_day.week or ()
    return PerDay(week=tuple(_times(value, factor[day]) for day, value in enumerate(week)))


def _rates(per_hour: ByInterval, factor: Floats) -> ByInterval:
    week = tuple(_entry(entry, factor[day]) for day, entry in enumerate(per_hour.week))
    return ByInterval.model_construct(week=week)


def _entry(entry: Any, factor: float) -> Any:
    return tuple(_times(value, factor) for value in entry) if isinstance(entry, tuple) else _times(entry, factor)


def _times(value: Any, factor: float) -> Any:
    return None if value is None else round(float(value * factor), DIGITS)


def _counts(file: CountsFile, columns: Mapping[str, Floats]) -> CountsFile:
    counts = {
        (date, column): tuple(_times(count, columns[column][dt.date.fromisoformat(date).weekday()]) for count in row)
        for (date, column), row in file.counts.items()
        if column in columns
    }
    return file.model_copy(update={"counts": counts})
