"""What a pilot is worth before a decision: expected value of sample information, less what waiting for it costs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np

from sim.calibrate.fits.estimate import Z95
from sim.learning.contacts import Floats
from sim.learning.design import Foreseen
from sim.study.risk.polynomials import ranks
from sim.study.risk.result import RiskResult
from sim.study.risk.worth import Worth, worth_of_knowing

NOISES = 4


@dataclass(frozen=True)
class SampleWorth:
    """What it is worth to have measured one number by a pilot of some weeks, in money a year.

    Attributes
    ----------
    key : of the belief; `*` stands for every intent.
    perfect : worth of knowing it exactly. by_weeks : of knowing it as well as the pilot tells.
    """

    key: str
    perfect: Worth
    by_weeks: Mapping[float, float]


def sample_worths(result: RiskResult, numbers: Sequence[Foreseen]) -> list[SampleWorth]:
    """What a pilot is worth by each number that it tells, the largest first; none where bad service has no price.

    Parameters
    ----------
    result : of a risk study of the scenario for which the numbers are foreseen.

    Notes
    -----
    What a pilot would say is the number of the draw plus its error. The cheapest plan along that is fitted on half of
    the draws and judged on the other, as for `worth_of_knowing`, which this is with a blurred number.
    """
    worth, costs, prices = result.worth, result.costs, result.scenario.costs
    if worth is None or costs is None or prices is None:
        return []
    mine, found = costs[:, result.candidates], []
    for place, belief in enumerate(result.sample.beliefs):
        told = [n for n in numbers if fnmatchcase(n.key, belief.key) and n.prior.high > n.prior.low]
        if not told:
            continue
        by_weeks = {}
        for weeks in told[0].half_widths:
            blur = _blur(told, weeks)
            points = _blurred(result.inputs[:, place], blur, result.seed)
            each = worth_of_knowing(points, mine, life=prices.weeks_a_year, seed=result.seed + 1)
            by_weeks[weeks] = max(float(np.mean([one.worth.mean for one in each])), 0.0)
        found.append(SampleWorth(belief.key, worth[place], by_weeks))
    return sorted(found, key=lambda one: -one.perfect.worth.mean)


def _blur(told: Sequence[Foreseen], weeks: float) -> float:
    """Standard error as a part of what is believed; of one belief about several intents that of their mean."""
    parts = [number.half_widths[weeks] / Z95 / (number.prior.high - number.prior.low) for number in told]
    precision = sum(1.0 / part**2 for part in parts if 0.0 < part < math.inf)
    return 1.0 / math.sqrt(precision) if precision > 0.0 else math.inf


def _blurred(shares: Floats, blur: float, seed: int) -> Floats:
    """(draws, noises) what pilots would say, as ranks."""
    luck = np.random.Generator(np.random.Philox(seed))
    noise = luck.standard_normal((shares.size, NOISES))
    said = shares[:, None] + blur * noise if blur < math.inf else noise
    return ranks(said)


def waiting_cost(result: RiskResult) -> float:
    """What a week of waiting costs: the file's own plan, which is kept meanwhile, less the plan of least cost."""
    if result.costs is None or not result.candidates:
        return math.nan
    means = result.costs.mean(axis=0)
    return max(float(means[0] - means[result.candidates].min()), 0.0)
