"""A customer's luck, by name."""

from typing import Any

from sim.demand.horizon import DAY_US
from sim.engine.compiled.memory import real, reals, row, whole
from sim.engine.distributions import DIST
from sim.engine.parameter_table import INTENT
from sim.jit import constant, small_part
from sim.mechanisms.difficulty import correlated_score
from sim.rng.philox import uniform
from sim.rng.purposes import Purpose
from sim.rng.scores import certain_time, is_certain, quantile, score_of, time_of

_TALK = constant(Purpose.TALK)
_DAY_US = DAY_US


@small_part
def named_uniform(m: Any, s: Any, p: Any, purpose: int, attempt: int) -> float:
    """A number in (0, 1), from those drawn before if it belongs to the first attempt."""
    slot = whole(m.slot, purpose)
    if slot >= 0 and p.attempts <= 1:
        return real(s.luck, slot * s.people_room + p.first)
    return uniform(s.k0, s.k1, p.number, p.date, p.name, purpose, attempt)


@small_part
def a_uniform(m: Any, s: Any, p: Any, purpose: int) -> float:
    """A number in (0, 1) for the attempt in progress."""
    return named_uniform(m, s, p, purpose, p.attempts)


@small_part
def a_score(m: Any, s: Any, p: Any, purpose: int, attempt: int) -> float:
    """A standard normal score."""
    return score_of(named_uniform(m, s, p, purpose, attempt))


@small_part
def a_chance(m: Any, s: Any, p: Any, purpose: int, probability: float) -> bool:
    """Whether something of this probability happens in the attempt in progress."""
    if probability <= 0.0:
        return False
    return probability >= 1.0 or a_uniform(m, s, p, purpose) < probability


@small_part
def named_chance(m: Any, s: Any, p: Any, purpose: int, name: int, probability: float) -> bool:
    """Whether something of this probability happens, by the name of its draw."""
    if probability <= 0.0:
        return False
    return probability >= 1.0 or named_uniform(m, s, p, purpose, name) < probability


@small_part
def named_time(m: Any, s: Any, p: Any, purpose: int, name: int, d: int) -> float:
    """A time (s) from distribution d, before its profile, by the name of its draw."""
    dist = row(m.dists, d, DIST)
    if is_certain(dist.kind):
        return certain_time(dist.kind, dist.a)
    points = reals(m.points, dist.first, dist.length)
    return time_of(dist.kind, dist.a, dist.b, points, named_uniform(m, s, p, purpose, name))


@small_part
def unscaled_time(m: Any, s: Any, p: Any, purpose: int, d: int) -> float:
    """A time (s) from distribution d for the attempt in progress, before its profile."""
    return named_time(m, s, p, purpose, p.attempts, d)


@small_part
def profile_factor(m: Any, s: Any, p: Any, d: int) -> float:
    """A distribution's factor for the interval in which the attempt arrived; a transfer goes on with the one before."""
    profile = row(m.dists, d, DIST).profile
    if profile < 0:
        return 1.0
    day = p.placed_us // _DAY_US
    first = whole(m.edges, day * (m.n_intervals + 1))
    interval = (p.placed_us - first) // (whole(m.edges, day * (m.n_intervals + 1) + 1) - first)
    interval = min(max(interval, 0), whole(m.intervals, day) - 1)
    return real(m.profiles, (profile * m.n_days + day) * m.n_intervals + interval)


@small_part
def a_time(m: Any, s: Any, p: Any, purpose: int, d: int) -> float:
    """A time (s) from distribution d, scaled by its profile."""
    return unscaled_time(m, s, p, purpose, d) * profile_factor(m, s, p, d)


@small_part
def base_talk(m: Any, s: Any, p: Any) -> float:
    """T0 (s), before its profile: correlated with the need's difficulty."""
    intent = row(m.intents, p.intent, INTENT)
    if intent.weight == 0.0:
        return unscaled_time(m, s, p, _TALK, intent.talk)
    dist = row(m.dists, intent.talk, DIST)
    score = correlated_score(intent.weight, p.difficulty, a_score(m, s, p, _TALK, p.attempts))
    return quantile(dist.kind, dist.a, dist.b, reals(m.points, dist.first, dist.length), score)
