"""The numeric parameter table: a scenario as plain numbers and arrays, made once, read by both engines."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import expit, ndtri

from sim.demand.horizon import SECOND_US, Horizon
from sim.demand.volumes import bot_spans, expected_table
from sim.engine.distributions import DIST, Distributions, log_moments
from sim.engine.parameters import CODES, OF_INTENTS, make_parameters, nested, of_intent, own_parameters
from sim.engine.records import NEVER
from sim.engine.root import root_between
from sim.facts.bot_probabilities import bot_probabilities
from sim.mechanisms import built_in
from sim.rng.philox import name_hash
from sim.scenario.model import Intent, Scenario
from sim.scenario.people import CHANNELS

Floats = npt.NDArray[np.float64]


class IntentRow(NamedTuple):
    """An intent as numbers. `talk`, `wrap` and `patience` index the distributions."""

    name: int
    skill: int
    has_bot: bool
    talk: int
    wrap: int
    patience: int
    weight: float
    capable_below: float
    false_containment: float
    resolution_base: float
    resolution_slope: float
    head_start_us: int
    aht_s: float
    log_mean: float
    talk_s: float
    channel: int
    due_us: int
    age_us: int
    by_business: bool
    interruptible: bool


INTENT = np.dtype(
    [(name, CODES[kind]) for name, kind in IntentRow.__annotations__.items()] + nested(OF_INTENTS), align=True
)
"""An intent's own numbers, and those that mechanisms have for it, group by group."""


@dataclass(frozen=True)
class ParameterTable:
    """A scenario as numbers.

    Attributes
    ----------
    parameters : the mechanisms' scalars.
    intents : (intents,) dtype `INTENT`; `talk`, `wrap`, `patience` index `dists`; `pace_mean` the running mean it is
        counted in.
    dists : (distributions,) dtype `DIST`; `first` and `length` cut the points, `profile` is a row of `profiles` or -1.
    points : the tables of gamma and empirical distributions, one after the other.
    profiles : (rows, days, intervals) factors on the mean by the interval of the attempt's arrival.
    moments : (intents, MOMENT_POINTS) log E[T0^g], g = 1 + spread F, F from 0 to 1.
    pace_start : the stated mean AHT (s) at which each running mean starts.
    overflow_us : (groups, skills) how long a contact has waited before a group takes it.
    limit : (skills,) waiting places, `NEVER` where there is no end of them; keep_idle : (groups,) agents who stay idle.
    skill_start : (skills,) stated AHT (s), from which the running mean of the expected wait starts.
    preference : (groups, skills) preference number, 0 where the group lacks the skill.
    speed : (groups, skills).
    longest_wait : (groups,) whether a freed agent takes the longest wait of any skill.
    return_profile : (intents, days, intervals + 1) cumulative expected contacts, for returns that pick a time of day.
    bot_opens, bot_closes : (days,) when the bot answers (us).
    give_up : (failed turns,) chance of giving up on the bot at each; the last holds for all that follow.
    own : the parameters of users' own mechanisms, by name.
    """

    parameters: Any
    intents: npt.NDArray[Any]
    dists: npt.NDArray[Any]
    points: Floats
    profiles: Floats
    moments: Floats
    pace_start: Floats
    preference: npt.NDArray[np.int64]
    speed: Floats
    longest_wait: npt.NDArray[np.bool_]
    return_profile: Floats
    bot_opens: npt.NDArray[np.int64]
    bot_closes: npt.NDArray[np.int64]
    give_up: Floats
    own: dict[str, Any]
    overflow_us: npt.NDArray[np.int64]
    limit: npt.NDArray[np.int64]
    keep_idle: npt.NDArray[np.int64]
    skill_start: Floats


def make_parameter_table(scenario: Scenario, horizon: Horizon) -> ParameterTable:
    """Turn a scenario into numbers: quantile tables, resolution intercepts, moments, profiles."""
    expected = expected_table(scenario, horizon)
    distributions = Distributions(scenario, horizon)
    intents = _intent_rows(scenario, distributions, expected)
    volume = expected.sum(axis=0)
    parameters, own = make_parameters(scenario, distributions, volume), own_parameters(scenario, distributions, volume)
    groups, skills = scenario.agents.values(), skill_names(scenario)
    shape, spans = expected.shape[1:], bot_spans(scenario, horizon)
    return ParameterTable(
        parameters,
        intents,
        np.array(distributions.rows, DIST),
        np.array(distributions.points),
        np.array(distributions.profiles).reshape(-1, *shape),
        np.array([log_moments(i.talk_time, parameters.fatigue.spread) for i in scenario.intents.values()]),
        _pace_start(scenario, intents, expected),
        np.array([[g.skills[s].preference if s in g.skills else 0 for s in skills] for g in groups]),
        np.array([[g.skills[s].speed if s in g.skills else 1.0 for s in skills] for g in groups]),
        np.array([g.picks == "longest_wait" for g in groups]),
        _return_profile(expected, horizon),
        spans[:, 0],
        spans[:, 1],
        _give_up_chances(scenario),
        own,
        np.array([[_us(g.skills[s].overflow_after) if s in g.skills else 0 for s in skills] for g in groups], np.int64),
        np.array([scenario.queues[s].limit if s in scenario.queues else NEVER for s in skills], np.int64),
        np.array([g.keep_idle for g in groups], np.int64),
        _skill_start(scenario, intents, expected, skills),
    )


def _us(seconds: float) -> int:
    return round(seconds * SECOND_US)


def _skill_start(scenario: Scenario, intents: Any, expected: Floats, skills: list[str]) -> Floats:
    """The stated AHT (s) of each skill, over what is expected of its intents."""
    volume, start = expected.sum(axis=(1, 2)), np.zeros(len(skills))
    for k, skill in enumerate(skills):
        mine = np.array([intent.skill == skill for intent in scenario.intents.values()])
        weights = volume * mine if (volume * mine).sum() > 0.0 else mine.astype(np.float64)
        if weights.sum() > 0.0:
            start[k] = float((intents["aht_s"] * weights).sum() / weights.sum())
    return start


def skill_names(scenario: Scenario) -> list[str]:
    """The skills in use, in order of first mention: the intents' queues, then what else the groups know."""
    names: Iterable[str] = [i.skill for i in scenario.intents.values()]
    return list(dict.fromkeys([*names, *(s for g in scenario.agents.values() for s in g.skills)]))


def _intent_rows(scenario: Scenario, distributions: Distributions, expected: Floats) -> npt.NDArray[Any]:
    skills = skill_names(scenario)
    rows = []
    for i, intent in enumerate(scenario.intents.values()):
        capable, false = bot_shares(scenario, intent)
        talk = intent.talk_time.average
        row = IntentRow(
            name=name_hash(intent.name),
            skill=skills.index(intent.skill),
            has_bot=scenario.bot is not None and intent.bot is not None,
            talk=distributions.put(intent.talk_time, expected[i]),
            wrap=distributions.put(intent.wrap_up, expected[i]),
            patience=distributions.put(_as_it_is(scenario, intent).patience, expected[i]),
            weight=intent.difficulty_weight,
            capable_below=float(ndtri(capable)),
            false_containment=false,
            resolution_base=resolution_base(intent.resolution, intent.difficulty_slope),
            resolution_slope=intent.difficulty_slope,
            head_start_us=_us(intent.head_start),
            aht_s=talk + intent.wrap_up.average,
            talk_s=talk,
            log_mean=math.log(talk) if talk > 0 else 0.0,
            channel=CHANNELS.index(intent.channel),
            due_us=-1 if intent.due is None else _us(intent.due),
            age_us=_us(intent.opening_backlog.age) if intent.opening_backlog else 0,
            by_business=intent.clock != "elapsed",
            interruptible=bool(intent.interruptible),
        )
        rows.append((*row, *of_intent(scenario, intent, i)))
    return np.array(rows, INTENT)


def bot_shares(scenario: Scenario, intent: Intent) -> tuple[float, float]:
    """Capability and false containment of the bot for an intent; nothing where there is none."""
    if scenario.bot is None or intent.bot is None:
        return 0.0, 0.0
    return bot_probabilities(scenario.bot, intent.bot)


def _give_up_chances(scenario: Scenario) -> Floats:
    talk = scenario.bot.conversation if scenario.bot else None
    return np.array(talk.give_up if talk else (0.0,))


def _as_it_is(scenario: Scenario, intent: Intent) -> Intent:
    """An intent after what mechanisms make of it."""
    for mechanism in built_in():
        section = getattr(scenario, mechanism.name)
        if mechanism.of_intent is not None and section is not None:
            intent = mechanism.of_intent(section, intent)
    return intent


def _pace_start(scenario: Scenario, intents: npt.NDArray[Any], expected: Floats) -> Floats:
    volume = expected.sum(axis=(1, 2))
    stated: Floats = intents["aht_s"].astype(np.float64)
    if scenario.pace is not None and isinstance(scenario.pace.target, dict):
        return stated
    mean = float((stated * volume).sum() / volume.sum()) if volume.sum() else float(stated.mean())
    return np.full(len(stated), mean)


def resolution_base(share: float, slope: float) -> float:
    """The intercept b0 with E[expit(b0 - slope Z)] = share over the whole population, Z standard normal."""
    if share <= 0.0 or share >= 1.0:
        return math.copysign(math.inf, share - 0.5)
    if slope == 0.0:
        return math.log(share / (1.0 - share))
    z = np.linspace(-10.0, 10.0, 2001)
    weight = np.exp(-0.5 * z * z)
    weight /= weight.sum()

    def excess(base: float) -> float:
        return float((weight * expit(base - slope * z)).sum()) - share

    reach = 60.0 + 12.0 * abs(slope)
    return root_between(excess, -reach, reach, 1e-13)


def _return_profile(expected: Floats, horizon: Horizon) -> Floats:
    """Cumulative expected contacts by intent, day and interval edge; evenly spread where nothing is expected."""
    intents, days, intervals = expected.shape
    profile = np.zeros((intents, days, intervals + 1))
    for d, edges in enumerate(horizon.edges):
        lengths = np.diff(edges)
        for i in range(intents):
            weights = expected[i, d, : lengths.size]
            profile[i, d, 1 : lengths.size + 1] = np.cumsum(weights if weights.sum() > 0 else lengths)
    return profile
