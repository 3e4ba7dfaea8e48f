"""Whether a target is met, missed, or too close to call."""

from __future__ import annotations

import math

from sim.scenario.targets import MeasureTarget

MET, CLOSE, MISSED = "met", "too close to call", "missed"


def judge(interval: tuple[float, float, float], target: MeasureTarget) -> str:
    """Hold an estimate to a target: by its whole interval, so that luck decides nothing.

    Parameters
    ----------
    interval : the mean and both ends of its 95 % confidence interval. Without ends, as after one replication, the mean
        alone is judged; a mean that is not a number misses every target.

    Returns
    -------
    str
        `MET`, `CLOSE` (the target lies within the interval) or `MISSED`.
    """
    mean, *ends = interval
    met = [target.met(end) for end in (ends if not any(map(math.isnan, ends)) else [mean])]
    return MET if all(met) else CLOSE if any(met) else MISSED
