"""Every scalar parameter of the mechanisms, as one numeric row that both engines read."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.engine.distributions import Distributions
from sim.rng.scores import share_below, to_us
from sim.scenario.model import Distribution, Frustration, Scenario, Supervisor, Workforce

Floats = npt.NDArray[np.float64]
Shelve = Callable[[Distribution | None], int]
UNLIMITED = 2**62
NEVER = 2.0
"""A fatigue that nobody reaches."""

FRESH_FRUSTRATION = Frustration().start


class Parameters(NamedTuple):
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
    exposure: float
    converses: bool
    loops: bool
    turn: int
    fails_if_capable: float
    fails_if_not: float
    good_turns: int
    leaves: float
    offer_after: int
    straight: float
    trust_start: float
    trust_failed: float
    trust_unresolved: float
    trust_good: float
    trust_slope: float
    transferred: float
    sends_away: float
    sends_away_below: float
    break_at: float
    break_us: int
    recovery_us: int
    long_contact: float
    supervises: bool
    supervisor_group: int
    difficult_above: float
    consultation: int


def make_parameters(scenario: Scenario, shelf: Distributions, volume: Floats) -> Parameters:
    """Return the laws of a scenario; `volume` (days, intervals) are the arrivals that normalise profiles."""
    nothing = Distribution(kind="constant", value=0.0)

    def shelve(dist: Distribution | None) -> int:
        return shelf.put(dist or nothing, volume)

    people, redial, repeat = scenario.customers, scenario.customers.redial, scenario.customers.repeat
    bot, fru, mis = scenario.bot, scenario.frustration, scenario.mistreatment
    pace = scenario.pace
    false = repeat.falsely_contained if repeat else None
    return Parameters(
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
        transferred=fru.transferred if fru else 0.0,
        patience_effect=fru.effects.patience if fru else 0.0,
        talk_effect=fru.effects.talk_time if fru else 0.0,
        resolution_effect=fru.effects.resolution if fru else 0.0,
        mistreats=mis is not None,
        mistreatment_intercept=mis.intercept if mis else 0.0,
        mistreatment_slope=mis.slope if mis else 0.0,
        push=pace.push if pace else 0.0,
        pace_slope=pace.resolution_slope if pace else 0.0,
        sends_away=(pace.sends_away or 0.0) if pace else 0.0,
        sends_away_below=pace.sends_away_below if pace else 0.0,
        drains=scenario.calendar.at_close == "drain",
        **_fatigue(scenario),
        **_agents_laws(scenario, shelve),
        **_pauses(scenario),
        **_conversation(scenario, shelve),
        **_trust(scenario),
        **_supervision(scenario, shelve),
    )


def _fatigue(scenario: Scenario) -> dict[str, Any]:
    """How agents tire and recover, and what that does."""
    fat = scenario.fatigue
    return {
        "tires": fat is not None,
        "build_per_hour": fat.build_per_hour if fat else 0.0,
        "recover_available": fat.recovery_per_hour.available if fat else 0.0,
        "recover_break": fat.recovery_per_hour.break_time if fat else 0.0,
        "recover_off": fat.recovery_per_hour.off if fat else 0.0,
        "mistreatment_weight": fat.mistreatment_weight if fat else 0.0,
        "fatigue_talk": fat.effects.talk_time if fat else 0.0,
        "fatigue_spread": fat.effects.spread if fat else 0.0,
        "fatigue_resolution": fat.effects.resolution if fat else 0.0,
    }


def _agents_laws(scenario: Scenario, shelve: Shelve) -> dict[str, Any]:
    """What the mechanisms of the agents add to the laws."""
    force, assistant, screens = scenario.workforce, scenario.assistant, scenario.screens
    round_ = force.redundancy if force else None
    summary, cleanup = (assistant.summary, assistant.cleanup) if assistant else (None, None)
    tenure = (force or Workforce()).tenure if force or assistant or scenario.attrition else None
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


def _pauses(scenario: Scenario) -> dict[str, Any]:
    fat = scenario.fatigue
    return {
        "break_at": NEVER if fat is None or fat.break_at is None else fat.break_at,
        "break_us": to_us(fat.break_length) if fat else 0,
        "recovery_us": to_us(fat.recovery_time or 0.0) if fat else 0,
        "long_contact": fat.long_contact if fat else 0.0,
    }


def _conversation(scenario: Scenario, shelve: Shelve) -> dict[str, Any]:
    bot = scenario.bot
    talk = bot.conversation if bot else None
    return {
        "exposure": 1.0 if bot is None or bot.exposure is None else bot.exposure,
        "converses": talk is not None,
        "loops": talk is not None and talk.handoff == "never",
        "turn": shelve(talk.turn if talk else None),
        "fails_if_capable": talk.fails_if_capable if talk else 0.0,
        "fails_if_not": talk.fails_if_not if talk else 0.0,
        "good_turns": talk.good_turns if talk else 0,
        "leaves": talk.leaves if talk else 0.0,
        "offer_after": talk.offer_after if talk else 0,
    }


def _trust(scenario: Scenario) -> dict[str, Any]:
    trust = scenario.trust
    return {
        "straight": scenario.customers.straight_to_human,
        "trust_start": trust.start if trust else 0.0,
        "trust_failed": trust.failed_bot if trust else 0.0,
        "trust_unresolved": trust.unresolved if trust else 0.0,
        "trust_good": trust.good if trust else 0.0,
        "trust_slope": trust.opt_out if trust else 0.0,
    }


def _supervision(scenario: Scenario, shelve: Shelve) -> dict[str, Any]:
    boss = scenario.supervisor
    return {
        "supervises": boss is not None,
        "supervisor_group": list(scenario.agents).index(boss.group) if boss else -1,
        "difficult_above": boss.difficult_above if boss else 0.0,
        "consultation": shelve(boss.time if boss else None),
    }


def supervised_shares(boss: Supervisor | None, intent: str) -> tuple[float, float]:
    """The chance that an easy and that a difficult need of an intent takes a supervisor.

    Over all its needs the stated share does, before discretion; a difficult one `difficult_factor` times as often.
    """
    if boss is None:
        return 0.0, 0.0
    share = boss.share.get(intent, 0.0) if isinstance(boss.share, dict) else boss.share
    difficult = share_below(-boss.difficult_above)
    weight = (1.0 - difficult) + boss.difficult_factor * difficult
    easy = share * boss.discretion / weight if weight > 0.0 else 0.0
    return min(easy, 1.0), min(easy * boss.difficult_factor, 1.0)
