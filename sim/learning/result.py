"""What was learned: a row a number, with its interval and how it is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from sim.scenario.model import Scenario

Known = Literal["measured", "product_only", "not_identified"]
COLUMNS = ["key", "value", "low", "high", "se", "prior_low", "prior_high", "known", "clusters", "why"]


SECTIONS = ("intents.", "bot.", "customers.", "frustration.")
"""How keys of a scenario begin; what they call an intent may have spaces in it."""
BY_SELECTIVITY = " x bot.selectivity"


def is_product(key: str) -> bool:
    """Whether a number is the product of a weight and selectivity."""
    return key.endswith(BY_SELECTIVITY)


def in_seconds(key: str) -> bool:
    """Whether a number is a time."""
    return key.endswith((".delay", "_time")) and not key.endswith("effects.talk_time")


@dataclass(frozen=True)
class Learned:
    """One number.

    Attributes
    ----------
    key : of a scenario; of what is no number of a scenario, such as a product of two, in words with spaces.
    value, low, high : the estimate with its 95 % interval; where it is not measured, what is believed, and its range.
    se : standard error; nan where it is not measured.
    prior_low, prior_high : what is believed without the logs; nan where nothing is.
    known : measured; product_only, where the logs tell only its product with another number; not_identified.
    cv : of a delay, which is a distribution of which `value` is the mean (s); nan of all else.
    why : in words, how it was told or why it was not.
    clusters : days or agents behind it, whichever are fewer.
    """

    key: str
    value: float
    low: float
    high: float
    se: float
    known: Known
    why: str
    clusters: int = 0
    prior_low: float = float("nan")
    prior_high: float = float("nan")
    cv: float = float("nan")

    @property
    def measured(self) -> bool:
        """Whether the logs tell it."""
        return self.known == "measured"

    @property
    def is_product(self) -> bool:
        """Whether it is the product of a weight and selectivity."""
        return is_product(self.key)

    @property
    def in_seconds(self) -> bool:
        """Whether it is a time."""
        return in_seconds(self.key)

    @property
    def in_scenario(self) -> bool:
        """Whether it is a number of a scenario."""
        return self.key.startswith(SECTIONS) and not self.is_product


@dataclass(frozen=True)
class LearnResult:
    """What logs before and after a bot, or of a pilot with a control arm, tell.

    Attributes
    ----------
    numbers : what was looked for, in the order of the report.
    source : the words that stand behind each learned number, such as "your pilot, 12 October to 8 November 2026".
    control : what contacts that met the bot were set beside: arm, intents or none.
    shifts : one row an intent and way to an agent: contacts, change of talk time with its interval.
    checks : one row a check: what, statistic, p_value, passed, words.
    notes : what to know before trusting it.
    understood : lines of what was understood of the files.
    contacts : how many contacts were used, before and after.
    scenario : the scenario whose numbers are learned; None where none was given.
    """

    numbers: tuple[Learned, ...]
    source: str
    control: str
    shifts: pd.DataFrame
    checks: pd.DataFrame
    notes: tuple[str, ...]
    contacts: tuple[int, int]
    understood: tuple[str, ...] = ()
    scenario: Scenario | None = None

    @property
    def table(self) -> pd.DataFrame:
        """Tidy: one row a number."""
        rows = [[getattr(number, name) for name in COLUMNS] for number in self.numbers]
        return pd.DataFrame(rows, columns=COLUMNS)

    def of(self, key: str) -> Learned:
        """One number by its key."""
        return next(number for number in self.numbers if number.key == key)
