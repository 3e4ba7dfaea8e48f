"""The moments at which mechanisms act, and ccsim's own mechanisms called there by name.

A talk takes one step after another: each factor of a mechanism that is on takes the seconds so far and gives seconds.
Steps are numbered by their place in `sim.engine.records.FACTORS`; a model lists those that are on, in order. numba
cannot keep on disk what is chosen while it runs, so each is called by name, behind its number.
"""

from collections.abc import Iterable
from typing import Any

from sim.engine.memory import address, put_whole, real, reals, row, whole
from sim.engine.parameter_table import INTENT
from sim.engine.records import CONTACT, FACTORS, MOST_OWN
from sim.engine.rows import Agent, Contact, ModelRow, Person, StateRow, Traits
from sim.engine.rules.own import call_own
from sim.jit import compiled, constant, part, small_part
from sim.mechanisms import built_in, talk_factors
from sim.mechanisms import fatigue as tired
from sim.mechanisms import frustration as upset
from sim.mechanisms.screens import with_switching
from sim.rng.scores import to_us

_FRUSTRATION, _FATIGUE = constant(FACTORS.index("frustration")), constant(FACTORS.index("fatigue"))
_TENURE, _REDUNDANCY = constant(FACTORS.index("tenure")), constant(FACTORS.index("redundancy"))
_SPEED, _ASSISTANT = constant(FACTORS.index("speed")), constant(FACTORS.index("assistant"))
_CONTEXT = constant(FACTORS.index("context"))
_BUILT_IN, _MOST_OWN = constant(len(FACTORS)), constant(MOST_OWN)
_COLUMNS: dict[str, tuple[Any, int]] = {name: field[:2] for name, field in CONTACT.fields.items()}  # type: ignore[union-attr]
FIRST_FACTOR = constant(_COLUMNS[f"{FACTORS[0]}_us"][1])
"""Where the columns of the factors begin in a contact; they stand side by side."""
_spread_talk_time, _tired_factor, _upset_factor = tired.spread_talk_time, tired.talk_factor, upset.talk_factor


def steps_of(scenario: Any, own: Iterable[tuple[int, int]] = ()) -> list[int]:
    """The steps of a scenario's talks, in order: those of its mechanisms, and agents' speed, which always counts.

    Parameters
    ----------
    own : place and code of those of users' own mechanisms; at the same place they come after ccsim's.
    """
    on = {"speed"}
    for mechanism in built_in():
        if getattr(scenario, mechanism.name) is not None:
            on |= {factor.name for factor in mechanism.factors}
    places = [(factor.place, code) for code, factor in enumerate(talk_factors()) if factor.name in on]
    return [code for _, code in sorted([*places, *own])]


@small_part
def needed_talk(
    model: ModelRow, state: StateRow, person: Person, contact: Contact, agent: Agent, traits: Traits
) -> float:
    """T_need (s): what the contact needs from this agent, unhurried. Wrap-up stands apart.

    What each factor adds is written into its column: with T0 rounded to microseconds they add up to T_need rounded.
    """
    seconds, before_us = person.base_s * person.scale, contact.base_us
    for k in range(model.n_steps):
        code = whole(model.steps, k)
        seconds = _step(model, person, contact, agent, traits, code, seconds)
        if model.parted:
            after_us = to_us(seconds)
            if code < _BUILT_IN:
                put_whole(address(contact) + FIRST_FACTOR, code, after_us - before_us)
            else:
                put_whole(state.own_us, person.row * _MOST_OWN + code - _BUILT_IN, after_us - before_us)
            before_us = after_us
    return float(seconds)


@part
def _step(
    model: ModelRow, person: Person, contact: Contact, agent: Agent, traits: Traits, code: int, seconds: float
) -> float:
    """One factor on a talk."""
    if code >= _BUILT_IN:
        return call_own(model.own_talk, code - _BUILT_IN, person, contact, address(traits), seconds)
    if code == _FRUSTRATION:
        return float(seconds * _frustrated(model, person))
    if code == _FATIGUE:
        return _tired(model, person, agent, seconds)
    if code == _TENURE:
        return float(seconds * traits.tenure)
    if code == _REDUNDANCY:
        return float(seconds * traits.redundancy)
    if code == _SPEED:
        skill = row(model.intents, person.intent, INTENT).skill
        return float(seconds * traits.speed / real(model.speed, agent.group * model.n_skills + skill))
    if code == _ASSISTANT:
        return float(seconds * traits.assistant + traits.extra_s)
    if code == _CONTEXT:
        return float(seconds + (model.bot.lost_context_s if contact.context_lost else 0.0))
    return float(with_switching(seconds, model.screens.added_s))


@small_part
def _frustrated(model: ModelRow, person: Person) -> float:
    return _upset_factor(person.frustration - model.frustration.start, model.frustration.talk)


@small_part
def _tired(model: ModelRow, person: Person, agent: Agent, seconds: float) -> float:
    """A tired agent's talk: longer, and more widely spread, in which case it is made anew from T0."""
    factor = _tired_factor(agent.fatigue, model.fatigue.talk)
    if model.fatigue.spread == 0.0:
        return float(seconds * factor)
    intent = row(model.intents, person.intent, INTENT)
    log_moments = reals(model.moments, person.intent * model.n_moments, model.n_moments)
    spread_s = _spread_talk_time(person.base_s, agent.fatigue, model.fatigue.spread, intent.log_mean, log_moments)
    return float(spread_s * person.scale * _frustrated(model, person) * factor)


@compiled
def shortened_wrap_up(wrap_us: int, left: float) -> int:
    """Wrap-up (us) of which the assistant leaves a share."""
    if left == 1.0:
        return wrap_us
    return to_us(wrap_us / 1e6 * left)
