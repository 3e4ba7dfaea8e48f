"""A customer's luck, by name."""

from sim.behaviour.difficulty import correlated_score
from sim.engine.compiled.model import Model
from sim.engine.compiled.state import State
from sim.engine.draws import draw_time, value_at
from sim.jit import woven
from sim.world.horizon import DAY_US
from sim.world.luck import Purpose, happens, uniform
from sim.world.scores import score_draw

_TALK = int(Purpose.TALK)
_DAY_US = DAY_US


@woven
def a_uniform(s: State, n: int, purpose: int) -> float:
    """A number in (0, 1) for the attempt in progress."""
    p, v = s.people[n], s.v[0]
    return uniform(v.k0, v.k1, p.number, p.date, p.name, purpose, p.attempts)


@woven
def a_score(s: State, n: int, purpose: int, attempt: int) -> float:
    """A standard normal score."""
    p, v = s.people[n], s.v[0]
    return score_draw(v.k0, v.k1, p.number, p.date, p.name, purpose, attempt)


@woven
def a_chance(s: State, n: int, purpose: int, probability: float) -> bool:
    """Whether something of this probability happens in the attempt in progress."""
    p, v = s.people[n], s.v[0]
    return happens(v.k0, v.k1, p.number, p.date, p.name, purpose, p.attempts, probability)


@woven
def unscaled_time(m: Model, s: State, n: int, purpose: int, d: int) -> float:
    """A time (s) from distribution d, before its profile."""
    p, v = s.people[n], s.v[0]
    return draw_time(v.k0, v.k1, p.number, p.date, p.name, purpose, p.attempts, m.dists, m.points, d)


@woven
def profile_factor(m: Model, s: State, n: int, d: int) -> float:
    """A distribution's factor for the interval in which the attempt arrived."""
    profile = m.dists[d].profile
    if profile < 0:
        return 1.0
    arrival = s.contacts[s.people[n].row].arrival_us
    day = arrival // _DAY_US
    first = m.volumes.edges[day, 0]
    return float(m.profiles[profile, day, (arrival - first) // (m.volumes.edges[day, 1] - first)])


@woven
def a_time(m: Model, s: State, n: int, purpose: int, d: int) -> float:
    """A time (s) from distribution d, scaled by its profile."""
    return unscaled_time(m, s, n, purpose, d) * profile_factor(m, s, n, d)


@woven
def base_talk(m: Model, s: State, n: int) -> float:
    """T0 (s), before its profile: correlated with the need's difficulty."""
    p = s.people[n]
    intent = m.intents[p.intent]
    if intent.weight == 0.0:
        return unscaled_time(m, s, n, _TALK, intent.talk)
    noise = a_score(s, n, _TALK, p.attempts)
    return value_at(m.dists, m.points, intent.talk, correlated_score(intent.weight, p.difficulty, noise))
