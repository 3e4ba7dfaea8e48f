"""What would show that a change of talk times is not the bot's choosing: a break before it, and who was not chosen."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import chi2

from sim.learning.adjusted import ASKED, CHOSEN, LEAST_CONTACTS, Adjusted, adjusted
from sim.learning.contacts import Floats, LoggedContacts

DOUBTFUL = 0.01
LEAST_DAYS = 14
ASKED_AT_ONCE = "who asked for a human at once"


@dataclass(frozen=True)
class ShiftCheck:
    """One check.

    Attributes
    ----------
    what : its name in words.
    shift : mean change of log talk time that it looks at, which should be 0.
    p_value : the chance of so much by luck.
    """

    what: str
    shift: float
    p_value: float

    @property
    def passed(self) -> bool:
        """Whether luck explains it."""
        return self.p_value >= DOUBTFUL


def placebo(contacts: LoggedContacts, bot_intents: frozenset[int]) -> ShiftCheck | None:
    """Whether the bot's intents already moved apart from the others before it came; None where that cannot be told."""
    before = contacts.chosen(~contacts.after)
    days = np.unique(before.day)
    if days.size < LEAST_DAYS:
        return None
    second = before.day >= days[days.size // 2]
    pretended = replace(before, after=second, arm=np.full(len(before), -1), route=np.full(len(before), -1))
    data = adjusted(pretended, bot_intents)
    if data.control != "intents":
        return None
    return _jointly(data, "before the bot, second half against first", CHOSEN)


def asked_at_once(data: Adjusted) -> ShiftCheck | None:
    """Whether those who asked for a human at once, whom no bot has chosen, became longer too."""
    return _jointly(data, ASKED_AT_ONCE, ASKED)


def _jointly(data: Adjusted, what: str, way: str) -> ShiftCheck | None:
    places = [
        k
        for k, kind in enumerate(data.kinds)
        if kind.way == way and kind.rows.sum() >= LEAST_CONTACTS and math.isfinite(data.found.shifts[k])
    ]
    if not places:
        return None
    shifts, spread = data.found.shifts[places], data.variance(data.found.influence[:, places])
    return ShiftCheck(what, *wald(shifts, spread))


def wald(shifts: Floats, spread: Floats) -> tuple[float, float]:
    """The mean shift, by precision, and the chance that all are 0: of each alone with all looked at, or of the mean."""
    precision = 1.0 / np.diag(spread)
    weights = precision / precision.sum()
    mean = float(weights @ shifts)
    of_mean = float(chi2.sf(mean * mean / float(weights @ spread @ weights), 1))
    of_each = float(chi2.sf((shifts * shifts * precision).max(), 1)) * shifts.size
    return mean, min(1.0, 2.0 * min(of_mean, of_each))
