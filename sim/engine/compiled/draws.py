"""A customer's luck, by name."""

from typing import Any

from sim.behaviour.difficulty import correlated_score
from sim.engine.compiled.memory import real, reals, row, whole
from sim.engine.draws import draw_time
from sim.engine.records import CONTACT
from sim.engine.shelf import DIST
from sim.engine.table import INTENT
from sim.jit import constant, small_part
from sim.world.horizon import DAY_US
from sim.world.luck import Purpose, happens, uniform
from sim.world.scores import quantile, score_draw

_TALK = constant(Purpose.TALK)
_DAY_US = DAY_US


@small_part
def a_uniform(s: Any, p: Any, purpose: int) -> float:
    """A number in (0, 1) for the attempt in progress."""
    return uniform(s.k0, s.k1, p.number, p.date, p.name, purpose, p.attempts)


@small_part
def a_score(s: Any, p: Any, purpose: int, attempt: int) -> float:
    """A standard normal score."""
    return score_draw(s.k0, s.k1, p.number, p.date, p.name, purpose, attempt)


@small_part
def a_chance(s: Any, p: Any, purpose: int, probability: float) -> bool:
    """Whether something of this probability happens in the attempt in progress."""
    return happens(s.k0, s.k1, p.number, p.date, p.name, purpose, p.attempts, probability)


@small_part
def unscaled_time(m: Any, s: Any, p: Any, purpose: int, d: int) -> float:
    """A time (s) from distribution d, before its profile."""
    dist = row(m.dists, d, DIST)
    points = reals(m.points, dist.first, dist.length)
    return draw_time(
        s.k0, s.k1, p.number, p.date, p.name, purpose, p.attempts, dist.kind, dist.a, dist.b, points
    )  # fmt: skip


@small_part
def profile_factor(m: Any, s: Any, p: Any, d: int) -> float:
    """A distribution's factor for the interval in which the attempt arrived."""
    profile = row(m.dists, d, DIST).profile
    if profile < 0:
        return 1.0
    arrival = row(s.contacts, p.row, CONTACT).arrival_us
    day = arrival // _DAY_US
    first = whole(m.edges, day * (m.n_intervals + 1))
    interval = (arrival - first) // (whole(m.edges, day * (m.n_intervals + 1) + 1) - first)
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
    score = correlated_score(intent.weight, p.difficulty, a_score(s, p, _TALK, p.attempts))
    return quantile(dist.kind, dist.a, dist.b, reals(m.points, dist.first, dist.length), score)
