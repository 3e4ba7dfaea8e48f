"""What would change the choice: a plan's chance, and the plan that is sure enough, where a number is low or high."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from sim.study.risk.chance import chance_of
from sim.study.risk.resampling import CONFIDENCE, Estimated

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

PARTS = 3
"""A number is low in its lowest third, high in its highest."""


@dataclass(frozen=True)
class ChoiceByNumber:
    """What one number does to the chances of plans, and to the choice.

    Attributes
    ----------
    plan : the plan whose chance it moves most.
    low, high : that chance in the draws in which the number is in its lowest and in its highest third.
    clear : whether the two differ by more than luck gives, all numbers and plans looked at together.
    choices : the plan with the smallest staff that is sure enough where it is low, and high; None where none is.
    """

    plan: int
    low: Estimated
    high: Estimated
    clear: bool
    choices: tuple[int | None, int | None]

    @property
    def size(self) -> float:
        """By how much the chances differ."""
        return abs(self.high.mean - self.low.mean)


def choice_by_number(points: Floats, met: Bools, order: Sequence[int], wanted: float) -> list[ChoiceByNumber]:
    """What each number does to the chances of plans, and to the choice.

    Parameters
    ----------
    points : (draws, numbers) where in its distribution each number was drawn, from 0 to 1.
    met : (draws, plans) whether each draw meets with each plan.
    order : the plans that can be chosen, the smallest staff first.
    wanted : the chance that is asked for.
    """
    looks = max(points.shape[1] * len(order), 1)
    least = float(ndtri(1.0 - (1.0 - CONFIDENCE) / 2 / looks))
    return [_of_number(along, met, order, wanted, least) for along in points.T]


def _of_number(points: Floats, met: Bools, order: Sequence[int], wanted: float, least: float) -> ChoiceByNumber:
    low, high = met[points < 1.0 / PARTS], met[points > 1.0 - 1.0 / PARTS]
    apart = {plan: _apart(low[:, plan], high[:, plan]) for plan in order}
    plan = max(order, key=lambda plan: apart[plan])
    return ChoiceByNumber(
        plan=plan,
        low=chance_of(low[:, plan]),
        high=chance_of(high[:, plan]),
        clear=apart[plan] > least,
        choices=(_smallest(low, order, wanted), _smallest(high, order, wanted)),
    )


def _apart(one: Bools, other: Bools) -> float:
    """The difference of two shares in standard errors, one draw of either kind added to each (Agresti and Caffo)."""
    if not one.size or not other.size:
        return 0.0
    shares = [((part.sum() + 1.0) / (part.size + 2.0), part.size + 2.0) for part in (one, other)]
    error = math.sqrt(sum(share * (1.0 - share) / size for share, size in shares))
    return float(abs(shares[0][0] - shares[1][0]) / error)


def _smallest(met: Bools, order: Sequence[int], wanted: float) -> int | None:
    if not met.shape[0]:
        return None
    return next((plan for plan in order if met[:, plan].mean() >= wanted), None)
