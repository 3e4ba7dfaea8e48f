"""Exact cases: a scenario, what theory says of it, and how closely a budget of contacts must see it.

The engine is judged by confidence intervals over independent replications. All checks of all cases are one family, held
at 99 % by Holm's procedure; and every interval must be narrow enough to mean something.
"""

import json
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from scipy import stats

from sim import loads
from sim.engine import COMPILED, SIMPY, Prepared, prepare
from sim.measures import MEASURES, Frame, Measure, Tally, make_frame, tally
from sim.measures.counts import Count
from sim.measures.definitions import weighted
from sim.study.tallies import count_chunk
from sim.study.warm import warm_up
from tests.drawn import interval_of
from tests.exact.controls import Controls, intercept

FAMILY_ERROR = 0.01
FACTS = {fact["id"]: fact for fact in json.loads((Path(__file__).parent / "facts.json").read_text(encoding="utf-8"))}

SHARES = {
    "p_wait": "delay_rate",
    "p_abandon": "abandonment_rate",
    "sl_served_within_T_over_offered": "sl_offered",
    "sl_served_within_T_over_served": "sl_answered",
    "sl_over_offered_minus_ab_within_T": "sl_excl_abn_in_t",
    "sl_served_or_abandoned_within_T_over_offered": "sl_credit_abn_in_t",
    "occupancy": "occupancy",
}
TIMES = {
    "EW_all_s": "wait_all_s",
    "EW_s": "wait_all_s",
    "EW_served_s": "asa_s",
    "EW_abandoned_s": "wait_gone_s",
}
OWN = {
    "wait_gone_s": Measure(
        "wait_gone_s",
        "s",
        {Count.WAIT_ALL: 1e-6, Count.WAIT_ANSWERED: -1e-6},
        {Count.ABANDONED: 1.0, Count.BALKED: 1.0},
        frozenset(),
    )
}
HOUR_US = 3.6e9
Pair = tuple[float, float]
Extra = Callable[[Any, Any], dict[str, Pair]]


@dataclass(frozen=True)
class Tier:
    """How closely an engine is looked at: so many times its budget, and the half-widths (95 %) that say something.

    Attributes
    ----------
    engine : who simulates.
    times : how many times the replications of a case's budget.
    relative, absolute : half-widths allowed, relative to the value; for a probability, or else so much.
    """

    name: str
    engine: str
    times: int
    relative: float
    absolute: float


LUCK = ("luck of arrivals", "luck of work")
FULL, SHARP = Tier("full", COMPILED, 1, 0.02, 0.002), Tier("sharp", COMPILED, 4, 0.01, 0.001)
SMALL, LONG = Tier("small", SIMPY, 1, 0.25, 0.05), Tier("long", SIMPY, 9, 0.08, 0.02)


@dataclass(frozen=True)
class Check:
    """One figure of theory.

    Attributes
    ----------
    name : what is checked, for the report.
    expected : what theory says.
    measure : a measure of ccsim, one of the same kind made for the test, or the name of an extra of the case.
    share : whether it is a probability.
    place : the slice and its cell.
    rare : whether it happens too seldom for the reference engine's budgets, which then say nothing of it.
    """

    name: str
    expected: float
    measure: Measure | str
    share: bool = False
    place: tuple[str, int] = ("overall", 0)
    rare: bool = False

    def limit(self, tier: Tier) -> float:
        """Return the widest half-width that says something, in the units of `expected`; 0 for any."""
        if self.name in LUCK:
            return tier.relative
        return max(tier.relative * abs(self.expected), tier.absolute if self.share else 0.0)


@dataclass(frozen=True)
class Budget:
    """How much to simulate: independent replications, each of so many measured hours (or days)."""

    replications: int
    length: float


@dataclass(frozen=True)
class Case:
    """A case: `document(length)` is its scenario.

    Attributes
    ----------
    small, full : what the reference engine and the compiled one may spend on it.
    extra : (numerator, denominator) pairs of its own from one replication.
    controls : what is known of its luck, for a length.
    """

    id: str
    document: Callable[[float], dict[str, Any]]
    checks: tuple[Check, ...]
    small: Budget
    full: Budget
    extra: Extra | None = None
    controls: Callable[[float], Controls] | None = None

    def budget(self, tier: Tier) -> Budget:
        """Return what may be spent at a tier."""
        budget = self.full if tier.engine == COMPILED else self.small
        return Budget(budget.replications * tier.times, budget.length)


@dataclass(frozen=True)
class Finding:
    """What a budget of simulation says of a check; p is two-sided, by Student's t."""

    case: str
    check: Check
    mean: float
    half_width: float
    z: float
    p: float

    def __str__(self) -> str:
        return (
            f"{self.case} {self.check.name}: expected {self.check.expected:.6g}, "
            f"found {self.mean:.6g} +- {self.half_width:.3g} (95 %), z {self.z:+.2f}, p {self.p:.2g}"
        )


def standard_checks(name: str, rare: tuple[str, ...] = ()) -> tuple[Check, ...]:
    """Every figure of a fact that has a measure in ccsim; `rare` names some of them."""
    expected = FACTS[name]["expected"]
    return tuple(
        Check(fact, expected[fact], OWN.get(measure) or MEASURES[measure], share, rare=fact in rare)
        for names, share in ((SHARES, True), (TIMES, False))
        for fact, measure in names.items()
        if fact in expected
    )


@dataclass(frozen=True)
class Replication:
    """What one replication leaves behind."""

    tally: Tally
    extra: dict[str, Pair]
    controls: dict[str, float]


def findings(case: Case, tier: Tier) -> list[Finding]:
    """Simulate a case; judge each of its checks, and that the luck of its controls is fair."""
    results = _replicate(case, tier)
    luck = np.array([list(r.controls.values()) for r in results])
    names = list(results[0].controls)
    fair = [finding(case.id, Check(f"luck of {n}", 0.0, n), luck[:, i]) for i, n in enumerate(names)]
    checks = [check for check in case.checks if not (check.rare and tier.engine == SIMPY)]
    return [finding(case.id, check, _values(check, results), luck) for check in checks] + fair


PIECE = 20
"""Replications that a worker makes at a time."""


@dataclass(frozen=True)
class Work:
    """A case made ready for the workers."""

    prepared: Prepared
    frame: Frame
    seed: int
    engine: str
    extra: Extra | None
    controls: Controls | None

    def piece(self, first: int, size: int) -> list[Replication]:
        """Some replications; where their tallies are all that is asked for, their records are not kept."""
        if self.engine == COMPILED and not self.extra and not self.controls:
            counted = count_chunk(self.prepared.compiled, self.frame, self.seed, first, size)
            return [Replication(tally_, {}, {}) for tally_ in counted]
        return [self.one(n) for n in range(first, first + size)]

    def one(self, number: int) -> Replication:
        """One replication."""
        records = self.prepared.replicate(self.seed, number, self.engine)
        return Replication(
            tally(records, self.frame),
            self.extra(records, self.frame) if self.extra else {},
            self.controls.of(records, self.frame) if self.controls else {},
        )


def _replicate(case: Case, tier: Tier) -> list[Replication]:
    """Replications on every core: threads for the compiled engine, processes for the one in Python."""
    budget = case.budget(tier)
    scenario = loads(case.document(budget.length))
    controls = case.controls(budget.length) if case.controls else None
    seed = zlib.crc32(case.id.encode())
    work = Work(prepare(scenario), make_frame(scenario), seed, tier.engine, case.extra, controls)
    warm_up(tier.engine)
    size = PIECE if tier.engine == COMPILED else 1
    pieces = [(first, min(size, budget.replications - first)) for first in range(0, budget.replications, size)]
    backend = "threading" if tier.engine == COMPILED else "loky"
    found = joblib.Parallel(n_jobs=os.cpu_count(), backend=backend)(joblib.delayed(work.piece)(*p) for p in pieces)
    return [replication for piece in found for replication in piece]


def _values(check: Check, results: list[Replication]) -> np.ndarray:
    """The ratio of sums, linearised: one value a replication, with the ratio as their mean (the delta method)."""
    top, bottom = _sums(check, results)
    mean = top.sum() / bottom.sum()
    return np.asarray(mean + (top - mean * bottom) / bottom.mean())


def finding(name: str, check: Check, values: np.ndarray, luck: np.ndarray | None = None) -> Finding:
    """Judge a check by one value a replication, helped by controls with mean zero."""
    luck = np.empty((values.size, 0)) if luck is None else luck
    mean, error, freedom = intercept(values, luck)
    exact = abs(mean - check.expected) <= 1e-9 * abs(check.expected)
    z = 0.0 if exact else (mean - check.expected) / error
    half_width = float(stats.t.ppf(0.975, freedom) * error)
    return Finding(name, check, mean, half_width, float(z), float(2 * stats.t.sf(abs(z), freedom)))


def _sums(check: Check, results: list[Replication]) -> tuple[np.ndarray, np.ndarray]:
    if isinstance(check.measure, str):
        pairs = np.array([r.extra[check.measure] for r in results])
        return pairs[:, 0], pairs[:, 1]
    name, cell = check.place
    counts = np.stack([r.tally.counts[name][cell] for r in results])
    return weighted(counts, check.measure.top), weighted(counts, check.measure.bottom)


def ratio(top: dict[Count, float], *bottom: Count) -> Measure:
    """A measure of the test's own."""
    return Measure("own", "level", top, dict.fromkeys(bottom, 1.0), frozenset())


def measured(records: Any, frame: Any) -> Any:
    """Contacts that joined the human queue in the days measured."""
    joined = records.contacts[records.contacts["joined_us"] >= 0]
    return joined[interval_of(frame, joined["joined_us"]) >= 0]


def params(name: str) -> dict[str, Any]:
    """What a fact supposes."""
    return FACTS[name]["params"]


def expected(name: str) -> dict[str, Any]:
    """What a fact says."""
    return FACTS[name]["expected"]


def holm(found: list[Finding], error: float = FAMILY_ERROR) -> list[Finding]:
    """The findings that disagree with theory when all of them are held at one error (Holm 1979)."""
    ordered = sorted(found, key=lambda f: f.p)
    rejected = []
    for rank, finding in enumerate(ordered):
        if finding.p > error / (len(ordered) - rank):
            break
        rejected.append(finding)
    return rejected


# Building scenarios ------------------------------------------------------------

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat")


def exponential(mean_s: float) -> dict[str, Any]:
    """An exponential distribution, mean in seconds."""
    return {"distribution": "exponential", "mean": f"{mean_s}s"}


def constant(value_s: float) -> dict[str, Any]:
    """A constant, in seconds."""
    return {"distribution": "constant", "value": f"{value_s}s"}


def intent(talk: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An intent that every contact resolves, whatever its difficulty."""
    return {"talk_time": talk, "resolution": 1.0, "difficulty_weight": 0, **more}


def steady(
    warm_h: int, measured_h: float, intents: dict[str, Any], agents: dict[str, Any], after_h: int = 0, **blocks: Any
) -> dict[str, Any]:
    """A centre that never closes: some hours to warm up, then those measured, then perhaps some more to follow."""
    whole, rest = divmod(round(measured_h), 24)
    days = whole + (rest > 0)
    hours: dict[str, str] = dict.fromkeys((*WEEK, "sun"), "closed")
    hours["sun"] = f"{24 - warm_h:02d}:00-24:00"
    for day in WEEK[:days]:
        hours[day] = "00:00-24:00"
    if rest:
        hours[WEEK[whole]] = f"00:00-{rest:02d}:00"
    if after_h:
        hours[WEEK[days]] = f"00:00-{after_h:02d}:00"
    return {
        "name": "steady state",
        "calendar": {"start": "2026-11-23", "days": days, "hours": hours, "interval": "60m"},
        "customers": {"patience": "infinite"},
        "intents": intents,
        "agents": agents,
        "run": {"warm_up": "1d", "follow_up": "1d" if after_h else "0d"},
        **blocks,
    }
