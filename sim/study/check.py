"""The regression check: has what a scenario measures moved away from its baseline?

With the baseline's own seed the same customers have the same luck, so whatever differs was changed. With another seed
luck differs too, and a difference counts when luck explains it with less than 1 %, over all measures together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import stdtr, stdtrit

from sim.arguments import checked
from sim.display import Displayed, how_made
from sim.engine import COMPILED
from sim.errors import NotComparableError
from sim.scenario.model import Scenario
from sim.study.baseline import ROUNDING, Baseline, make_baseline
from sim.study.replicate import Progress

Floats = npt.NDArray[np.float64]
FALSE_ALARM = 0.01
POWER = 0.9
LEAST = 10
SAME, MOVED, NEW, GONE = "same", "moved", "new", "gone"
"""Verdicts: it agrees; it does not; the baseline did not have it; only the baseline had it."""


@dataclass(frozen=True, repr=False)
class Check(Displayed):
    """A baseline beside what the scenario measures now.

    Attributes
    ----------
    baseline, now : what was measured then and now.
    table : indexed by measure: baseline, now, difference (now - baseline), standard_errors (the difference in standard
        errors of a difference between independent luck), p (chance of it by luck, Holm's correction included;
        nan with the same seed), noticeable (difference that nine in ten such checks notice; nan with the same seed),
        verdict (same, moved, new, gone).
    """

    baseline: Baseline
    now: Baseline
    table: pd.DataFrame

    def _line(self) -> str:
        moved = f"{len(self.moved)} of {len(self.table)} measures moved"
        return f"{self.now.scenario!r}: {moved}, {how_made(self.now)}"

    @property
    def same_seed(self) -> bool:
        """Whether both had the same luck."""
        return self.now.seed == self.baseline.seed

    @property
    def moved(self) -> pd.DataFrame:
        """The rows of the table that do not agree, the largest differences first."""
        rows = self.table[self.table["verdict"] != SAME]
        return rows.sort_values("standard_errors", key=abs, ascending=False, na_position="first", kind="stable")

    @property
    def scenario_changed(self) -> bool:
        """Whether the scenario says something else than when the baseline was made."""
        return self.now.digest != self.baseline.digest

    @property
    def changed_sections(self) -> list[str]:
        """The sections of the scenario, its intents and groups that were changed, added or removed."""
        return sorted({key for key, _ in self.now.sections.items() ^ self.baseline.sections.items()})


@checked
def check(
    scenario: Scenario,
    baseline: Baseline,
    *,
    seed: int | None = None,
    replications: int | None = None,
    jobs: int | None = None,
    engine: str = COMPILED,
    progress: Progress | None = None,
) -> Check:
    """Simulate a scenario again and hold it to its baseline.

    Parameters
    ----------
    scenario : loaded with the baseline's settings.
    baseline : what it measured before.
    seed, replications : the baseline's own unless given. With another seed the check is statistical.
    jobs, engine, progress : as in `run`.

    Raises
    ------
    NotComparableError
        When the two cannot be compared: the same seed with other replications, or too few replications to judge luck.
    """
    seed = baseline.seed if seed is None else seed
    replications = replications or baseline.replications
    require_comparable(baseline, seed, replications)
    now = make_baseline(
        scenario,
        seed=seed,
        replications=replications,
        jobs=jobs,
        engine=engine,
        settings=baseline.settings,
        progress=progress,
    )
    return judge(baseline, now)


def require_comparable(baseline: Baseline, seed: int, replications: int) -> None:
    """See that a simulation with this seed and as many replications can be held to a baseline.

    Raises
    ------
    NotComparableError
        When it cannot.
    """
    count = baseline.replications
    if seed == baseline.seed and replications != count:
        fix = "Leave replications out, or give another seed as well"
        raise NotComparableError(
            f"{replications} replications: the baseline has {count} with the same seed {seed}. {fix}"
        )
    if seed != baseline.seed and count < LEAST:
        fix = f"Make one with more (--replications 30 --refresh), or leave the seed at {baseline.seed}"
        words = f"seed {seed}: other luck is judged from {LEAST} replications, and the baseline has {count}"
        raise NotComparableError(f"{words}. {fix}")
    if seed != baseline.seed and replications < LEAST:
        raise NotComparableError(f"{replications} replications: other luck is judged from {LEAST}. Ask for more")


def judge(baseline: Baseline, now: Baseline) -> Check:
    """Compare what two simulations measured, by their seeds: exactly, or by luck."""
    require_comparable(baseline, now.seed, now.replications)
    names = sorted({*baseline.measures, *now.measures})
    before, after = (b.table.reindex(names) for b in (baseline, now))
    pair = MeasuredPair(before, after)
    agrees, p, noticeable = _exactly(pair) if now.seed == baseline.seed else _by_luck(pair)
    agrees |= (before["mean"].isna() & after["mean"].isna()).to_numpy()
    missing = [side["n"].isna().to_numpy() for side in (before, after)]
    verdict = np.select([*missing, agrees], [NEW, GONE, SAME], default=MOVED)
    columns = {
        "baseline": before["mean"],
        "now": after["mean"],
        "difference": pair.difference,
        "standard_errors": pair.in_errors(pair.difference),
        "p": p,
        "noticeable": noticeable,
        "verdict": verdict,
    }
    return Check(baseline, now, pd.DataFrame(columns))


class MeasuredPair:
    """All measures of two simulations, as arrays; nan where one of them has nothing."""

    def __init__(self, before: pd.DataFrame, after: pd.DataFrame) -> None:
        self.before, self.after = before, after
        self.difference: Floats = (after["mean"] - before["mean"]).to_numpy()
        self.errors: Floats = np.stack([before["se"].to_numpy(), after["se"].to_numpy()])
        self.freedoms: Floats = np.stack([before["n"].to_numpy(float), after["n"].to_numpy(float)]) - 1.0
        self.error: Floats = np.hypot(*self.errors)

    def margin(self, tolerance: str, least: float = 0.0) -> Floats:
        """The largest difference that a tolerance lets pass."""
        return (self.before[tolerance].clip(lower=least) * self.before["mean"].abs()).to_numpy()

    def in_errors(self, amount: Floats) -> Floats:
        """An amount in standard errors of a difference."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return amount / self.error

    @property
    def too_rare(self) -> npt.NDArray[np.bool_]:
        """Whether one side has no value, and the other so little of it that luck explains that.

        From k events a ratio is known to about 1 / sqrt(k), and none at all has a chance of exp(-k): 2 % from four.
        """
        one = np.stack([side["mean"].to_numpy(float) for side in (self.before, self.after)])
        vague = ~(self.errors <= np.abs(one) / 2.0)
        missing = np.isnan(one)
        return np.asarray(missing.any(axis=0) & (vague | missing).all(axis=0))

    @property
    def freedom(self) -> Floats:
        """Degrees of freedom of a difference (Welch and Satterthwaite)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(1.0 / ((self.errors / self.error) ** 4 / self.freedoms).sum(axis=0))


Judged = tuple[npt.NDArray[np.bool_], Floats, Floats]


def _exactly(pair: MeasuredPair) -> Judged:
    """The same luck: whether it agrees within the tolerance; no p, and nothing too small to notice."""
    nothing = np.full(pair.difference.shape, np.nan)
    return np.abs(pair.difference) <= pair.margin("tolerance"), nothing, nothing


def _by_luck(pair: MeasuredPair) -> Judged:
    """Other luck: whether it agrees; Holm's p of what exceeds the tolerance (Welch's test); what would be noticed.

    That one of the two has no value is luck only where the other knows its own no better than to a half.
    """
    margin = pair.margin("tolerance_other_seed", least=ROUNDING)
    excess = np.maximum(np.abs(pair.difference) - margin, 0.0)
    certain, fixed = excess == 0.0, pair.error == 0.0
    p = holm(np.select([certain, fixed], [1.0, 0.0], 2.0 * stdtr(pair.freedom, -pair.in_errors(excess))))
    strictest = FALSE_ALARM / 2 / max(np.isfinite(p).sum(), 1)
    reach = stdtrit(pair.freedom, 1.0 - strictest) + stdtrit(pair.freedom, POWER)
    return (p > FALSE_ALARM) | pair.too_rare, p, margin + np.where(fixed, 0.0, reach * pair.error)


def holm(p: Floats) -> Floats:
    """Holm's corrected p: at most alpha with a chance of at most alpha when nothing moved; nan stays out."""
    order = np.argsort(p)
    tests = np.isfinite(p).sum()
    steps = np.maximum(tests - np.arange(p.size), 1)
    corrected = np.empty_like(p)
    corrected[order] = np.minimum(np.maximum.accumulate(p[order] * steps), 1.0)
    return corrected
