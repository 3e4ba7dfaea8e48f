"""How the figures of a calibration are written."""

from __future__ import annotations

import math

from sim.calibrate.fits.estimate import FittedNumber

NOTHING = "–"
NAMES = {
    "abandonment": "abandonment",
    "wait_s": "mean wait of all",
    "wait_all_s": "mean wait of all",
    "asa_s": "ASA",
    "aht_s": "AHT",
    "within": "answered in time",
}


def share(value: float, digits: int = 1) -> str:
    """A share in percent."""
    return NOTHING if math.isnan(value) else f"{100 * value:.{digits}f} %"


def seconds(value: float) -> str:
    """Seconds, with a decimal where they are few."""
    if math.isnan(value):
        return NOTHING
    return f"{value:,.1f} s" if abs(value) < 100 else f"{value:,.0f} s"


def figure(name: str, value: float, signed: bool = False) -> str:
    """A figure by its name: a time in seconds, else a share in percent; differences of shares in points."""
    if math.isnan(value):
        return NOTHING
    sign = "+" if signed and value > 0 else ""
    if name.endswith("_s"):
        return f"{sign}{seconds(value)}"
    return f"{sign}{100 * value:.1f} pt" if signed else share(value)


def miss(name: str, value: float) -> str:
    """By how much a figure is missed."""
    return seconds(value) if name.endswith("_s") else f"{100 * value:.1f} pt"


def span(fitted: FittedNumber, form: str = ".3g") -> str:
    """A value and its interval; the value alone where that is not known."""
    if math.isnan(fitted.value):
        return NOTHING
    if math.isnan(fitted.low):
        return f"{fitted.value:{form}}"
    return f"{fitted.value:{form}} ({fitted.low:{form}} to {fitted.high:{form}})"
