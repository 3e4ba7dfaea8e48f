"""A calibration in sentences."""

from __future__ import annotations

from typing import Any

from sim.calibrate.backtest.walk_forward import BackTest, by_month, scores
from sim.calibrate.export import Calibration
from sim.report.calibration.figures import NAMES, figure, miss, share
from sim.report.forms import listed


def answer(calibration: Calibration) -> list[str]:
    """What a meeting should take home."""
    seen, closed = calibration.fits.seen, calibration.closed
    told = []
    if seen.abandonment == seen.abandonment:
        told.append(
            f"The fitted scenario has an abandonment of {share(closed.abandonment)} where {share(seen.abandonment)} "
            f"was seen{_wait(seen.wait_all_s, closed.wait_all_s)}."
        )
    if calibration.back_test is not None:
        told += prediction(calibration.back_test)
    return told


def _wait(seen: float, closed: float) -> str:
    if seen != seen:
        return ""
    return f", and a mean wait of {figure('wait_s', closed)} where it was {figure('wait_s', seen)}"


def prediction(test: BackTest) -> list[str]:
    """How well it would have predicted."""
    whole = by_month(test).iloc[-1]
    first, last = test.windows["predict_from"].min().date(), test.windows["predict_to"].max().date()
    days = int((test.windows["fit_to"] - test.windows["fit_from"]).dt.days.iloc[0]) + 1
    told = [
        f"{_weeks(test.weeks)} from {first} to {last} predicted from the {days} days before: "
        f"{share(whole['offered_covered'], 0)} of the intervals' contacts and "
        f"{share(whole['abandonment_covered'], 0)} of the hours' abandonment lay within their 90 % prediction "
        "intervals."
    ]
    records: dict[Any, Any] = {(r["figure"], r["model"]): r for r in scores(test).to_dict("records")}
    told += [_closer(records, name) for name in ("abandonment", "wait_s") if (name, "sim") in records]
    return told


def _weeks(count: int) -> str:
    return "One week" if count == 1 else f"{count} weeks, each"


def _closer(records: dict[Any, Any], name: str) -> str:
    own, formula, naive = (records[name, model] for model in ("sim", "erlang_a", "erlang_c"))
    verdict = _verdict(formula)
    return (
        f"{NAMES[name].capitalize()} of a day is missed by {miss(name, own['mae'])} by the simulation, by "
        f"{miss(name, formula['mae'])} by Erlang A and by {miss(name, naive['mae'])} by Erlang C; over all contacts "
        f"the simulation is off by {figure(name, own['bias'], signed=True)}, Erlang A by "
        f"{figure(name, formula['bias'], signed=True)}. {verdict}"
    )


def _verdict(formula: dict[str, Any]) -> str:
    """Whether the simulation is closer than Erlang A, as far as the days can tell."""
    if formula["mae_more_low"] > 0:
        return "The simulation is closer than Erlang A."
    if formula["mae_more_high"] < 0:
        return "Erlang A is closer than the simulation."
    better = "the simulation" if formula["mae_more"] > 0 else "Erlang A"
    return f"The difference is within chance; on these days {better} did better."


def notes_of(calibration: Calibration) -> list[str]:
    """What looked odd, and what the fits rest on."""
    return [*calibration.understood.notes, *calibration.notes]


def heading(calibration: Calibration) -> str:
    """Where the scenario comes from, in a line."""
    first, last = calibration.dates[0].date(), calibration.dates[-1].date()
    return f"Fitted by ccsim calibrate to {calibration.path.name}, {first} to {last}"


def description(calibration: Calibration) -> str:
    """A scenario's description of itself."""
    first, last = calibration.dates[0].date(), calibration.dates[-1].date()
    names = listed(list(calibration.fits.who.intents))
    credit = calibration.understood.facts.get("acknowledge", "")
    told = f"A typical week, fitted to {calibration.path.name} from {first} to {last}; intents: {names}."
    return f"{told} {credit}.".removesuffix(" .")
