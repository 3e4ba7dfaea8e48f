"""The numeric parameter table: a scenario as plain numbers and arrays, made once, read by both engines."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import expit, ndtri

from sim.engine.shelf import CODES, DIST, Shelf, log_moments
from sim.scenario.model import Distribution, Frustration, Intent, Scenario, Workforce
from sim.world.horizon import SECOND_US, Horizon
from sim.world.luck import name_hash
from sim.world.volumes import expected_table

Floats = npt.NDArray[np.float64]
UNLIMITED = 2**62
FRESH_FRUSTRATION = Frustration().start


class IntentRow(NamedTuple):
    """An intent as numbers. `talk`, `wrap` and `patience` index the distributions, `pace_mean` the running means."""

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
    pace_target_s: float
    pace_mean: int


INTENT = np.dtype([(name, CODES[kind]) for name, kind in IntentRow.__annotations__.items()])


class Laws(NamedTuple):
    """Every scalar parameter of the mechanisms; a mechanism that is off has its neutral values."""

    balk: float
    max_attempts: int
    redial: float
    redial_next_day: float
    redial_delay: int
    repeat: float
    repeat_delay: int
    false_return: float
    false_delay: int
    opt_out: float
    opt_out_after_failure: float
    selectivity: float
    session: int
    context_kept: float
    lost_context_s: float
    start: float
    spoiled: float
    failed_turn: float
    repeats_himself: float
    wait_grace_s: float
    per_minute: float
    returns: float
    patience_effect: float
    talk_effect: float
    resolution_effect: float
    mistreats: bool
    mistreatment_intercept: float
    mistreatment_slope: float
    tires: bool
    build_per_hour: float
    recover_available: float
    recover_break: float
    recover_off: float
    mistreatment_weight: float
    fatigue_talk: float
    fatigue_spread: float
    fatigue_resolution: float
    push: float
    pace_slope: float
    drains: bool
    tenure: int
    speed_sd: float
    learning_start: float
    learning_days: float
    affected: float
    redundancy_time: float
    redundancy_points: float
    redundancy_since_s: float
    half_life_s: float
    assists: bool
    adoption: float
    uplift: float
    uplift_decay_s: float
    reinvest: float
    reinvest_slope: float
    extra_s: float
    calms: float
    summary: float
    cleanup: float
    cleanup_time: int
    watched: float
    screens_s: float


@dataclass(frozen=True)
class Table:
    """A scenario as numbers.

    Attributes
    ----------
    laws : the mechanisms' scalars.
    intents : (intents,) dtype `INTENT`; `talk`, `wrap`, `patience` index `dists`; `pace_mean` the running mean it is
        counted in.
    dists : (distributions,) dtype `DIST`; `first` and `length` cut the points, `profile` is a row of `profiles` or -1.
    points : the tables of gamma and empirical distributions, one after the other.
    profiles : (rows, days, intervals) factors on the mean by the interval of the attempt's arrival.
    moments : (intents, MOMENT_POINTS) log E[T0^g], g = 1 + spread F, F from 0 to 1.
    pace_start : the stated mean AHT (s) at which each running mean starts.
    preference : (groups, skills) preference number, 0 where the group lacks the skill.
    speed : (groups, skills).
    longest_wait : (groups,) whether a freed agent takes the longest wait of any skill.
    return_profile : (intents, days, intervals + 1) cumulative expected contacts, for returns that pick a time of day.
    """

    laws: Laws
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


def make_table(scenario: Scenario, horizon: Horizon) -> Table:
    """Turn a scenario into numbers: quantile tables, resolution intercepts, moments, profiles."""
    expected = expected_table(scenario, horizon)
    shelf = Shelf(scenario, horizon)
    intents = _intent_rows(scenario, shelf, expected)
    laws = _laws(scenario, shelf, expected.sum(axis=0))
    groups, skills = scenario.agents.values(), skill_names(scenario)
    shape = expected.shape[1:]
    return Table(
        laws,
        intents,
        np.array(shelf.rows, DIST),
        np.array(shelf.points),
        np.array(shelf.profiles).reshape(-1, *shape),
        np.array([log_moments(i.talk_time, laws.fatigue_spread) for i in scenario.intents.values()]),
        _pace_start(scenario, intents, expected),
        np.array([[g.skills[s].preference if s in g.skills else 0 for s in skills] for g in groups]),
        np.array([[g.skills[s].speed if s in g.skills else 1.0 for s in skills] for g in groups]),
        np.array([g.picks == "longest_wait" for g in groups]),
        _return_profile(expected, horizon),
    )


def skill_names(scenario: Scenario) -> list[str]:
    """The skills in use, in order of first mention: the intents' queues, then what else the groups know."""
    names: Iterable[str] = [i.skill for i in scenario.intents.values()]
    return list(dict.fromkeys([*names, *(s for g in scenario.agents.values() for s in g.skills)]))


def _intent_rows(scenario: Scenario, shelf: Shelf, expected: Floats) -> npt.NDArray[Any]:
    skills = skill_names(scenario)
    rows = []
    for i, intent in enumerate(scenario.intents.values()):
        capable, false = bot_shares(scenario, intent)
        target, mean = _pace_target(scenario, intent, i)
        talk = intent.talk_time.average
        row = IntentRow(
            name=name_hash(intent.name),
            skill=skills.index(intent.skill),
            has_bot=scenario.bot is not None and intent.bot is not None,
            talk=shelf.put(intent.talk_time, expected[i]),
            wrap=shelf.put(intent.wrap_up, expected[i]),
            patience=shelf.put(_expected_patience(scenario, intent), expected[i]),
            weight=intent.difficulty_weight,
            capable_below=float(ndtri(capable)),
            false_containment=false,
            resolution_base=resolution_base(intent.resolution, intent.difficulty_slope),
            resolution_slope=intent.difficulty_slope,
            head_start_us=round(intent.head_start * SECOND_US),
            aht_s=talk + intent.wrap_up.average,
            talk_s=talk,
            log_mean=math.log(talk) if talk > 0 else 0.0,
            pace_target_s=target,
            pace_mean=mean,
        )
        rows.append(row)
    return np.array(rows, INTENT)


def _expected_patience(scenario: Scenario, intent: Intent) -> Distribution:
    """How long customers wait who expect more."""
    raised = scenario.expectations
    return intent.patience if raised is None else intent.patience.scaled(raised.patience)


def bot_shares(scenario: Scenario, intent: Intent) -> tuple[float, float]:
    """Capability and false containment of the bot for an intent; solved from what planners know where that is given.

    From containment c, false share q and opt-outs o: p = c (1 - q) / (1 - o), phi = c q / ((1 - o) (1 - p)).
    """
    bot, own = scenario.bot, intent.bot
    if bot is None or own is None:
        return 0.0, 0.0
    if own.containment is None:
        return own.resolves or 0.0, bot.false_containment
    share = own.false_share or 0.0
    stays = 1.0 - bot.opt_out
    capable = own.containment * (1.0 - share) / stays
    if capable >= 1.0:
        return 1.0, 0.0
    return capable, min(1.0, own.containment * share / (stays * (1.0 - capable)))


def _pace_target(scenario: Scenario, intent: Intent, index: int) -> tuple[float, int]:
    if scenario.pace is None:
        return 0.0, 0
    if isinstance(scenario.pace.target, dict):
        return scenario.pace.target.get(intent.name, 0.0), index
    return scenario.pace.target, 0


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
    return float(brentq(excess, -reach, reach, xtol=1e-13))


def _laws(scenario: Scenario, shelf: Shelf, volume: Floats) -> Laws:
    nothing = Distribution(kind="constant", value=0.0)

    def shelve(dist: Distribution | None) -> int:
        return shelf.put(dist or nothing, volume)

    people, redial, repeat = scenario.customers, scenario.customers.redial, scenario.customers.repeat
    bot, fru, mis = scenario.bot, scenario.frustration, scenario.mistreatment
    fat, pace = scenario.fatigue, scenario.pace
    false = repeat.falsely_contained if repeat else None
    return Laws(
        balk=people.balk,
        max_attempts=people.max_attempts or UNLIMITED,
        redial=redial.probability if redial else 0.0,
        redial_next_day=redial.next_day if redial else 0.0,
        redial_delay=shelve(redial.delay if redial else None),
        repeat=repeat.probability if repeat else 0.0,
        repeat_delay=shelve(repeat.delay if repeat else None),
        false_return=false.probability if false else 0.0,
        false_delay=shelve(false.delay if false else None),
        opt_out=bot.opt_out if bot else 0.0,
        opt_out_after_failure=bot.opt_out_after_failure if bot else 0.0,
        selectivity=bot.selectivity if bot else 0.0,
        session=shelve(bot.session if bot else None),
        context_kept=bot.context_kept if bot else 1.0,
        lost_context_s=bot.lost_context_time if bot else 0.0,
        start=fru.start if fru else FRESH_FRUSTRATION,
        spoiled=scenario.expectations.start if scenario.expectations else 0.0,
        failed_turn=fru.failed_turn if fru else 0.0,
        repeats_himself=fru.repeats_himself if fru else 0.0,
        wait_grace_s=fru.wait_grace if fru else 0.0,
        per_minute=fru.per_minute if fru else 0.0,
        returns=fru.returns if fru else 0.0,
        patience_effect=fru.effects.patience if fru else 0.0,
        talk_effect=fru.effects.talk_time if fru else 0.0,
        resolution_effect=fru.effects.resolution if fru else 0.0,
        mistreats=mis is not None,
        mistreatment_intercept=mis.intercept if mis else 0.0,
        mistreatment_slope=mis.slope if mis else 0.0,
        tires=fat is not None,
        build_per_hour=fat.build_per_hour if fat else 0.0,
        recover_available=fat.recovery_per_hour.available if fat else 0.0,
        recover_break=fat.recovery_per_hour.break_time if fat else 0.0,
        recover_off=fat.recovery_per_hour.off if fat else 0.0,
        mistreatment_weight=fat.mistreatment_weight if fat else 0.0,
        fatigue_talk=fat.effects.talk_time if fat else 0.0,
        fatigue_spread=fat.effects.spread if fat else 0.0,
        fatigue_resolution=fat.effects.resolution if fat else 0.0,
        push=pace.push if pace else 0.0,
        pace_slope=pace.resolution_slope if pace else 0.0,
        drains=scenario.calendar.at_close == "drain",
        **_agents_laws(scenario, shelve),
    )


def _agents_laws(scenario: Scenario, shelve: Callable[[Distribution | None], int]) -> dict[str, Any]:
    """What the mechanisms of the agents add to the laws."""
    force, assistant, screens = scenario.workforce, scenario.assistant, scenario.screens
    round_ = force.redundancy if force else None
    summary, cleanup = (assistant.summary, assistant.cleanup) if assistant else (None, None)
    tenure = (force or Workforce()).tenure if force or assistant else None
    return {
        "tenure": shelve(tenure),
        "speed_sd": force.speed_sd if force else 0.0,
        "learning_start": force.learning.start if force else 0.0,
        "learning_days": force.learning.days if force else 1.0,
        "affected": round_.share if round_ else 0.0,
        "redundancy_time": round_.handle_time if round_ else 0.0,
        "redundancy_points": round_.resolution if round_ else 0.0,
        "redundancy_since_s": round_.since if round_ else 0.0,
        "half_life_s": round_.half_life if round_ else 1.0,
        "assists": assistant is not None,
        "adoption": assistant.adoption if assistant else 0.0,
        "uplift": assistant.uplift if assistant else 0.0,
        "uplift_decay_s": assistant.decay if assistant else 1.0,
        "reinvest": assistant.reinvest if assistant else 0.0,
        "reinvest_slope": assistant.reinvest_slope if assistant else 0.0,
        "extra_s": assistant.extra_time if assistant else 0.0,
        "calms": assistant.mistreatment if assistant else 0.0,
        "summary": summary.wrap_up if summary else 1.0,
        "cleanup": cleanup.probability if cleanup else 0.0,
        "cleanup_time": shelve(cleanup.time if cleanup else None),
        "watched": assistant.cop_build_up if assistant and assistant.monitoring == "cop" else 1.0,
        "screens_s": (screens.systems - 1) * screens.switches * screens.seconds if screens else 0.0,
    }


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
