"""What follows of heads without simulating: who leaves in a month, the Markov chain of heads, what learning does.

Everybody leaves a month with the same chance, independently, so that heads by month are sums of binomials: of those
there at the start, and of every class of hires. The loop of `ccsim plan` with feedback off is this chain.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import gammainc, hyp2f1, ndtr

from sim.mechanisms.attrition import Attrition
from sim.mechanisms.workforce import YEAR_S, Workforce
from sim.scenario.model import Scenario
from sim.scenario.planning import AttritionAhead, PlanningHorizon
from sim.schema.distribution import Distribution

Floats = npt.NDArray[np.float64]
MONTHS_A_YEAR = 12
MONTH_S = YEAR_S / MONTHS_A_YEAR
HAIR = 1e-9
SURELY = 700.0
"""Log of a factor on the hazard with which everybody leaves, and which a float still holds."""


def ahead_of(scenario: Scenario) -> PlanningHorizon:
    """Return the months ahead of a scenario; the defaults of the section where it has none."""
    return scenario.horizon or PlanningHorizon()


# Who leaves -----------------------------------------------------------------------


def monthly_chance(yearly: float) -> float:
    """Return the chance to leave in a month behind leavers of a year over mean heads: 1 - exp(-yearly / 12)."""
    return -math.expm1(-yearly / MONTHS_A_YEAR)


def yearly_hazard(monthly: float) -> float:
    """Return leavers of a year over mean heads behind a month's chance: `monthly_chance` turned round."""
    return -MONTHS_A_YEAR * math.log1p(-monthly) if monthly < 1.0 else math.inf


def share_gone(monthly: float, months: float) -> float:
    """Return the share of those there at the start who have left after some months: 1 - (1 - q)^n."""
    return float(1.0 - (1.0 - monthly) ** months)


def chance_of_staying(share: float, months: float) -> float:
    """Return the chance to leave in a month of which so large a share is still there after some months."""
    return float(1.0 - share ** (1.0 / months))


class LeavingLaw(NamedTuple):
    """The hazard of leaving, a year.

    Attributes
    ----------
    base : of who is not new, at neutral strain.
    new_factor, new_for_s, assisted : hazard of who is new x this, how long that is, and x this with an assistant.
    slope, sd, mistreatment_slope : log of the hazard + slope x (fatigue - reference) / sd + slope x (mistreated -
        reference).
    """

    base: float
    new_factor: float
    new_for_s: float
    assisted: float
    slope: float
    sd: float
    mistreatment_slope: float

    def strain_factor(self, fatigue: Floats, mistreated: Floats) -> Floats:
        """Return what strain makes of the hazard.

        Parameters
        ----------
        fatigue, mistreated : mean fatigue, and share of contacts mistreated, above their references.
        """
        with np.errstate(over="ignore"):
            power = self.slope * fatigue / self.sd + self.mistreatment_slope * mistreated
        return np.asarray(np.exp(np.minimum(power, SURELY)))

    def chances(self, tenure_s: Floats, uses: npt.NDArray[np.bool_], strain: Floats | float = 1.0) -> Floats:
        """Return the chance to leave in a month of each of some people.

        Parameters
        ----------
        tenure_s, uses : time in the job (s), and whether somebody has an assistant.
        strain : factor on the hazard.
        """
        new = self.new_factor * np.where(uses, self.assisted, 1.0)
        hazard = self.base * np.where(tenure_s < self.new_for_s, new, 1.0) * strain
        return -np.expm1(-hazard / MONTHS_A_YEAR)


def leaving_law(scenario: Scenario) -> LeavingLaw:
    """Return the hazard of leaving of a scenario's months, solved to its yearly figure at today's mix of tenures.

    A chance of a month that is given is everybody's: only a factor beside it makes new people leave more often.
    """
    ahead = ahead_of(scenario).attrition
    today = scenario.attrition or Attrition()
    assistant = scenario.assistant
    same = ahead.monthly is not None and ahead.new_factor is None
    new_factor, assisted = (1.0, 1.0) if same else (_given(ahead.new_factor, today.new_factor), today.assistant)
    new_for = _given(ahead.new_for, today.new_for)
    adoption = assistant.adoption if assistant is not None else 0.0
    share = share_below((scenario.workforce or Workforce()).tenure, new_for)
    mean = 1.0 + share * (new_factor * (1.0 + adoption * (assisted - 1.0)) - 1.0)
    base = _yearly(ahead, today) / mean if mean > 0.0 else 0.0
    slope, sd = _given(ahead.strain_slope, today.fatigue_slope), _given(ahead.sd, today.sd)
    return LeavingLaw(base, new_factor, new_for, assisted, slope, sd, ahead.mistreatment_slope)


def _given(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value


def _yearly(ahead: AttritionAhead, today: Attrition) -> float:
    if ahead.monthly is not None:
        return yearly_hazard(ahead.monthly)
    return today.weekly * 52.0 if ahead.yearly is None else ahead.yearly


def share_below(dist: Distribution, seconds: float) -> float:
    """Return the share of a distribution that lies below a time (s)."""
    mean, kind = dist.average, dist.kind
    if kind == "exponential":
        return -math.expm1(-seconds / mean) if mean > 0.0 else 1.0
    if kind == "empirical":
        return float(np.mean(np.asarray(dist.points) < seconds))
    if kind == "uniform":
        low, high = dist.low or 0.0, dist.high or 0.0
        return float(np.clip((seconds - low) / (high - low), 0.0, 1.0)) if high > low else float(low < seconds)
    if kind == "constant" or seconds <= 0.0 or not (dist.cv or dist.shape):
        return float(mean < seconds and kind != "infinite")
    if kind == "gamma":
        shape = (dist.cv or 1.0) ** -2
        return float(gammainc(shape, seconds * shape / mean))
    if kind == "weibull":
        shape = dist.shape or 1.0
        return -math.expm1(-((seconds * math.gamma(1.0 + 1.0 / shape) / mean) ** shape))
    variance = math.log1p((dist.cv or 0.0) ** 2)
    return float(ndtr((math.log(seconds / mean) + variance / 2.0) / math.sqrt(variance)))


# The Markov chain -----------------------------------------------------------------


class HeadsLaw(NamedTuple):
    """Heads by month: (months,) mean and variance of those on the queue, and those in training."""

    mean: Floats
    variance: Floats
    in_training: Floats


def heads_by_month(
    start: int, hires: Sequence[float], monthly: float | Sequence[float], *, training: int = 0, graduates: float = 1.0
) -> HeadsLaw:
    """Return the Markov chain of heads, as they are in the week of each month.

    Parameters
    ----------
    start : heads on the queue before the first month.
    hires : (months,) people of the class that begins in each month.
    monthly : chance to leave at the end of a month; or one for each month that somebody has been on the queue, of which
        the last holds on, also for those there at the start.
    training : whole months from the start of a class to its first one on the queue.
    graduates : share of a class that comes to the queue.
    """
    months, given = len(hires), np.atleast_1d(np.asarray(monthly, np.float64))
    settled = (1.0 - given[-1]) ** np.arange(months)
    chances = given[np.minimum(np.arange(months), given.size - 1)]
    stays = np.concatenate([[1.0], np.cumprod(1.0 - chances)])[:months]
    mean, variance, learning = (
        np.array(row, np.float64) for row in (start * settled, start * settled * (1.0 - settled), 0 * settled)
    )
    for begun, count in enumerate(hires):
        first = begun + training
        share = graduates * stays[: max(months - first, 0)]
        mean[first:] += count * share
        variance[first:] += count * share * (1.0 - share)
        learning[begun:first] += count
    return HeadsLaw(mean, variance, learning)


class Holding(NamedTuple):
    """What it takes to hold a level: hires a month, and heads in training."""

    hires: float
    in_training: float


def hires_that_hold(heads: float, monthly: float, *, training: float = 0.0, graduates: float = 1.0) -> Holding:
    """Return the hires a month that replace those who leave; `training` in months.

    Raises
    ------
    ValueError
        Where nobody graduates.
    """
    if graduates <= 0.0:
        raise ValueError("nobody graduates, so that no hiring holds any level")
    hires = heads * monthly / graduates
    return Holding(hires, hires * training)


def limit_of_hiring(hires: float, monthly: float, *, graduates: float = 1.0) -> tuple[float, float]:
    """Return mean and standard deviation of heads on the queue after very long, of so many hires a month.

    Every class is a binomial, so that the variance is the sum of n p (1 - p) over p = graduates x (1 - q)^k. How long
    training takes moves neither.
    """
    mean = hires * graduates / monthly
    return mean, math.sqrt(mean - hires * graduates**2 / (1.0 - (1.0 - monthly) ** 2))


# Learning -------------------------------------------------------------------------


def mean_learning_factor(start: float, days: float, mean_tenure_days: float) -> float:
    """Return the mean factor on handle time over agents whose tenure is exponential: 1 + start / (1 + mean / days)."""
    return 1.0 + start / (1.0 + mean_tenure_days / days)


def mean_speed(start: float, days: float, mean_tenure_days: float) -> float:
    """Return the mean of 1 / factor over the same agents: what a head is worth beside one who has learned all.

    FTE uses this one. Agents who are always busy handle contacts in proportion to their speed, so that a group's
    capacity is the sum of speeds; the mean of the factors themselves, one agent one vote, is larger than 1 / this.
    """
    power = mean_tenure_days / days
    return float(hyp2f1(1.0, 1.0 / power, 1.0 + 1.0 / power, -start)) if power > 0.0 else 1.0 / (1.0 + start)


# From durations to months ---------------------------------------------------------


def months_of(seconds: float) -> float:
    """Return a duration in months of 365/12 days."""
    return seconds / MONTH_S


def first_month_after(begun: int, seconds: float) -> int:
    """Return the first month whose middle is not before the end of what begins with month `begun` and lasts so long."""
    return max(begun, begun + math.ceil(months_of(seconds) - 0.5 - HAIR))


def first_start_after(month: int, seconds: float) -> int:
    """Return the first month, from 1, whose start is not before so long after the start of a month."""
    return month + math.ceil(months_of(seconds) - HAIR)
