"""How much of an answer rests on assumption: weak and assumed numbers put to the ends of their ranges, one at a time.

Luck and assumption are different things. More replications make luck's interval narrower and leave this one as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.scenario.model import Scenario
from sim.study.replicate import Progress, RunOptions
from sim.study.scenario_results import ScenarioResult, simulate_all
from sim.study.uncertain_parameters import UncertainParameter, uncertain_parameters

MOST_SHOWN, SCREENED = 5, 6
"""How many numbers are looked at closely; replications with which all are looked at first."""
COLUMNS = ["parameter", "measure", "expected", "low_value", "low", "high_value", "high", "swing"]


@dataclass(frozen=True)
class Sensitivity:
    """What a number does to a measure.

    Attributes
    ----------
    doubt : the number.
    measure, expected : the measure, and its value in the scenario itself.
    low, high : the measure with the number at its low and at its high end; paired on the same customers.
    """

    doubt: UncertainParameter
    measure: str
    expected: float
    low: float
    high: float

    @property
    def swing(self) -> float:
        """The larger of the two distances from expected."""
        return float(np.nanmax([abs(self.low - self.expected), abs(self.high - self.expected), 0.0]))


@dataclass(frozen=True)
class SensitivityTable:
    """What the most influential weak or assumed numbers do to an answer.

    Attributes
    ----------
    about : the measure by which influence is judged.
    base : what the scenario itself measures.
    effects : one a number and measure, the most influential numbers first.
    considered : how many weak or assumed numbers are in force.
    """

    about: str
    base: ScenarioResult
    effects: tuple[Sensitivity, ...]
    considered: int

    def of(self, measure: str) -> list[Sensitivity]:
        """What every number does to a measure."""
        return [effect for effect in self.effects if effect.measure == measure]

    @property
    def measures(self) -> list[str]:
        """The measures that were looked at."""
        return list(dict.fromkeys(effect.measure for effect in self.effects))

    @property
    def doubts(self) -> list[UncertainParameter]:
        """The numbers that matter most, the most influential first."""
        return [effect.doubt for effect in self.of(self.about)]

    @property
    def table(self) -> pd.DataFrame:
        """Tidy: parameter, measure, expected, low_value (the number's low end), low, high_value, high, swing."""
        rows = [
            (e.doubt.key, e.measure, e.expected, e.doubt.ends[0].words, e.low, e.doubt.ends[1].words, e.high, e.swing)
            for e in self.effects
        ]
        return pd.DataFrame(rows, columns=COLUMNS)

    def span(self, measure: str) -> tuple[float, float, float]:
        """The lowest value found for a measure, the expected one and the highest."""
        expected = self.base.mean(measure)
        ends = [expected, *(end for effect in self.of(measure) for end in (effect.low, effect.high))]
        return float(np.nanmin(ends)), expected, float(np.nanmax(ends))


def assumptions(
    scenario: Scenario,
    about: str,
    measures: Sequence[str],
    orders: RunOptions,
    replications: int,
    *,
    most: int = MOST_SHOWN,
    progress: Progress | None = None,
) -> SensitivityTable:
    """Set each weak or assumed number of a scenario to both ends of its range, and see what that does.

    All are looked at with a few replications; those that move `about` most are then simulated in full.

    Parameters
    ----------
    scenario : whose answer it is.
    about : the measure by which influence is judged.
    measures : the measures in the table; `about` is one of them.
    orders, replications : how.
    most : how many numbers end in the table.
    progress : as in `simulate_all`.
    """
    found = uncertain_parameters(scenario)
    screened = min(replications, SCREENED)
    ends = [end.scenario for doubt in found for end in doubt.ends]
    whole = (1 + len(ends)) * screened + (1 + 2 * min(most, len(found))) * replications
    first, *quick = simulate_all([scenario, *ends], orders, screened, progress=_of(progress, 0, whole))
    order = _by_influence(found, first, quick, about)[:most]
    again = [scenario, *(end.scenario for doubt in order for end in doubt.ends)]
    base, *closely = simulate_all(
        again, orders, replications, progress=_of(progress, (1 + len(ends)) * screened, whole)
    )
    found_effects = [
        Sensitivity(doubt, m, base.mean(m), closely[2 * k].mean(m), closely[2 * k + 1].mean(m))
        for k, doubt in enumerate(order)
        for m in measures
    ]
    swings = {effect.doubt.key: effect.swing for effect in found_effects if effect.measure == about}
    found_effects.sort(key=lambda effect: -swings[effect.doubt.key])
    return SensitivityTable(about, base, tuple(found_effects), len(found))


def _of(progress: Progress | None, before: int, whole: int) -> Progress | None:
    return None if progress is None else lambda done, _: progress(before + done, whole)


def _by_influence(
    found: Sequence[UncertainParameter], base: ScenarioResult, ends: Sequence[ScenarioResult], about: str
) -> list[UncertainParameter]:
    """Those that move the measure at all, the most influential first."""
    swings = [_swing(base, ends[2 * k : 2 * k + 2], about) for k in range(len(found))]
    order = sorted(range(len(found)), key=lambda k: -swings[k])
    return [found[k] for k in order if swings[k] > 0.0]


def _swing(base: ScenarioResult, ends: Sequence[ScenarioResult], measure: str) -> float:
    distances = [abs(end.mean(measure) - base.mean(measure)) for end in ends]
    return max((d for d in distances if not np.isnan(d)), default=0.0)
