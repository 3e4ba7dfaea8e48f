"""How much of an answer rests on assumption: weak and assumed numbers put to the ends of their ranges, one at a time.

Luck and assumption are different things. More replications make luck's interval narrower and leave this one as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.scenario.model import Scenario
from sim.scenario.ranges import Doubt, doubts
from sim.study.cells import Cell, play
from sim.study.replicate import Orders, Progress

MOST_SHOWN, SCREENED = 5, 6
"""How many numbers are looked at closely; replications with which all are looked at first."""
COLUMNS = ["parameter", "measure", "expected", "low_value", "low", "high_value", "high", "swing"]


@dataclass(frozen=True)
class Assumptions:
    """What the most influential weak or assumed numbers do to an answer.

    Attributes
    ----------
    about : the measure by which influence is judged.
    base : what the scenario itself measures.
    table : one row a number and measure, the most influential first: parameter, measure, expected, low_value (the
        number's low end, in words), low (the measure there), high_value, high, swing (the larger of the two distances
        from expected). Paired on the same customers.
    doubts : the numbers in the table, in its order.
    considered : how many weak or assumed numbers are in force.
    """

    about: str
    base: Cell
    table: pd.DataFrame
    doubts: tuple[Doubt, ...]
    considered: int

    def span(self, measure: str) -> tuple[float, float, float]:
        """The lowest value found for a measure, the expected one and the highest."""
        rows = self.table[self.table["measure"] == measure]
        expected = self.base.mean(measure)
        ends = np.array([expected, *rows["low"], *rows["high"]], dtype=float)
        return float(np.nanmin(ends)), expected, float(np.nanmax(ends))


def assumptions(
    scenario: Scenario,
    about: str,
    measures: Sequence[str],
    orders: Orders,
    replications: int,
    *,
    most: int = MOST_SHOWN,
    progress: Progress | None = None,
) -> Assumptions:
    """Set each weak or assumed number of a scenario to both ends of its range, and see what that does.

    All are looked at with a few replications; those that move `about` most are then simulated in full.

    Parameters
    ----------
    scenario : whose answer it is.
    about : the measure by which influence is judged.
    measures : the measures in the table; `about` is one of them.
    orders, replications : how.
    most : how many numbers end in the table.
    progress : as in `play`.
    """
    found = doubts(scenario)
    screened = min(replications, SCREENED)
    ends = [end.scenario for doubt in found for end in doubt.ends]
    whole = (1 + len(ends)) * screened + (1 + 2 * min(most, len(found))) * replications
    first, *quick = play([scenario, *ends], orders, screened, progress=_of(progress, 0, whole))
    order = _by_influence(found, first, quick, about)[:most]
    again = [scenario, *(end.scenario for doubt in order for end in doubt.ends)]
    base, *closely = play(again, orders, replications, progress=_of(progress, (1 + len(ends)) * screened, whole))
    pairs = [(doubt, closely[2 * k : 2 * k + 2]) for k, doubt in enumerate(order)]
    pairs.sort(key=lambda pair: -_swing(base, pair[1], about))
    rows = [_row(doubt, measure, base, pair) for doubt, pair in pairs for measure in measures]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return Assumptions(about, base, table, tuple(doubt for doubt, _ in pairs), len(found))


def _of(progress: Progress | None, before: int, whole: int) -> Progress | None:
    return None if progress is None else lambda done, _: progress(before + done, whole)


def _by_influence(found: Sequence[Doubt], base: Cell, ends: Sequence[Cell], about: str) -> list[Doubt]:
    """Those that move the measure at all, the most influential first."""
    swings = [_swing(base, ends[2 * k : 2 * k + 2], about) for k in range(len(found))]
    order = sorted(range(len(found)), key=lambda k: -swings[k])
    return [found[k] for k in order if swings[k] > 0.0]


def _swing(base: Cell, ends: Sequence[Cell], measure: str) -> float:
    distances = [abs(end.mean(measure) - base.mean(measure)) for end in ends]
    return max((d for d in distances if not np.isnan(d)), default=0.0)


def _row(doubt: Doubt, measure: str, base: Cell, pair: Sequence[Cell]) -> tuple[object, ...]:
    low, high = (cell.mean(measure) for cell in pair)
    values = [end.words for end in doubt.ends]
    return doubt.key, measure, base.mean(measure), values[0], low, values[1], high, _swing(base, pair, measure)
