"""A customer's draws, by name."""

from sim.demand.horizon import DAY_US
from sim.engine.distributions import DIST
from sim.engine.memory import real, reals, row, whole
from sim.engine.parameter_table import INTENT
from sim.engine.rows import ModelRow, Person, StateRow
from sim.jit import constant, small_part
from sim.mechanisms.difficulty import correlated_score
from sim.rng.philox import uniform
from sim.rng.purposes import Purpose
from sim.rng.scores import certain_time, is_certain, quantile, score_of, time_of

_TALK = constant(Purpose.TALK)
_DAY_US = DAY_US


@small_part
def _place(state: StateRow, person: Person, slot: int) -> int:
    """Where a draw of the first attempt was written before (`sim.engine.predrawn`); -1 if it was not."""
    return slot * state.people_capacity + person.first if slot >= 0 and person.attempts <= 1 else -1


@small_part
def _made(model: ModelRow, state: StateRow, person: Person, purpose: int) -> int:
    """Where the score or the time that was made of it stands; -1 if none was."""
    return _place(state, person, whole(model.made, purpose))


@small_part
def named_uniform(model: ModelRow, state: StateRow, person: Person, purpose: int, attempt: int) -> float:
    """A number in (0, 1), of which no score and no time has been made."""
    place = _place(state, person, whole(model.slot, purpose))
    if place >= 0:
        return real(state.predrawn, place)
    return uniform(state.k0, state.k1, person.number, person.date, person.name, purpose, attempt)


@small_part
def a_uniform(model: ModelRow, state: StateRow, person: Person, purpose: int) -> float:
    """A number in (0, 1) for the attempt in progress."""
    return named_uniform(model, state, person, purpose, person.attempts)


@small_part
def a_score(model: ModelRow, state: StateRow, person: Person, purpose: int, attempt: int) -> float:
    """A standard normal score, of a purpose of which no time has been made."""
    place = _made(model, state, person, purpose)
    if place >= 0:
        return real(state.predrawn, place)
    return score_of(named_uniform(model, state, person, purpose, attempt))


@small_part
def a_chance(model: ModelRow, state: StateRow, person: Person, purpose: int, probability: float) -> bool:
    """Whether something of this probability happens in the attempt in progress."""
    if probability <= 0.0:
        return False
    return probability >= 1.0 or a_uniform(model, state, person, purpose) < probability


@small_part
def named_chance(model: ModelRow, state: StateRow, person: Person, purpose: int, name: int, probability: float) -> bool:
    """Whether something of this probability happens, by the name of its draw."""
    if probability <= 0.0:
        return False
    return probability >= 1.0 or named_uniform(model, state, person, purpose, name) < probability


@small_part
def named_time(model: ModelRow, state: StateRow, person: Person, purpose: int, name: int, d: int) -> float:
    """A time (s) from distribution d, before its profile, by the name of its draw."""
    dist = row(model.dists, d, DIST)
    if is_certain(dist.kind):
        return certain_time(dist.kind, dist.a)
    place = _made(model, state, person, purpose)
    if place >= 0:
        return real(state.predrawn, place)
    points = reals(model.points, dist.first, dist.length)
    return time_of(dist.kind, dist.a, dist.b, points, named_uniform(model, state, person, purpose, name))


@small_part
def unscaled_time(model: ModelRow, state: StateRow, person: Person, purpose: int, d: int) -> float:
    """A time (s) from distribution d for the attempt in progress, before its profile."""
    return named_time(model, state, person, purpose, person.attempts, d)


@small_part
def profile_factor(model: ModelRow, state: StateRow, person: Person, d: int) -> float:
    """A distribution's factor for the interval in which the attempt arrived; a transfer goes on with the one before."""
    profile = row(model.dists, d, DIST).profile
    if profile < 0:
        return 1.0
    day = person.placed_us // _DAY_US
    first = whole(model.edges, day * (model.n_intervals + 1))
    interval = (person.placed_us - first) // (whole(model.edges, day * (model.n_intervals + 1) + 1) - first)
    interval = min(max(interval, 0), whole(model.intervals, day) - 1)
    return real(model.profiles, (profile * model.n_days + day) * model.n_intervals + interval)


@small_part
def a_time(model: ModelRow, state: StateRow, person: Person, purpose: int, d: int) -> float:
    """A time (s) from distribution d, scaled by its profile."""
    return unscaled_time(model, state, person, purpose, d) * profile_factor(model, state, person, d)


@small_part
def base_talk(model: ModelRow, state: StateRow, person: Person) -> float:
    """T0 (s), before its profile: correlated with the need's difficulty."""
    intent, place = row(model.intents, person.intent, INTENT), _made(model, state, person, _TALK)
    if place >= 0:
        return real(state.predrawn, place)
    if intent.weight == 0.0:
        return unscaled_time(model, state, person, _TALK, intent.talk)
    dist = row(model.dists, intent.talk, DIST)
    score = correlated_score(intent.weight, person.difficulty, a_score(model, state, person, _TALK, person.attempts))
    return quantile(dist.kind, dist.a, dist.b, reals(model.points, dist.first, dist.length), score)
