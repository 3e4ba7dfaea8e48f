"""Redials, fatigue, and a bot that thins."""

from typing import Any

import numpy as np

from sim.engine.records import AgentState
from sim.measures import MEASURES
from sim.measures.counts import Count
from tests.exact.controls import Controls
from tests.exact.harness import (
    HOUR_US,
    Budget,
    Case,
    Check,
    expected,
    exponential,
    intent,
    measured,
    params,
    ratio,
    standard_checks,
    steady,
)


def redials(small: Budget, full: Budget) -> Case:
    """RETRIAL-1: who gives up tries again after an exponential delay, again and again."""
    name = "RETRIAL-1"
    given, exact = params(name), expected(name)
    redial = {
        "probability": given["redial_prob_after_each_abandonment"],
        "delay": exponential(given["mean_redial_delay_s"]),
        "next_day": 0,
    }
    patience = exponential(given["mean_patience_s"])

    def document(hours: float) -> dict[str, Any]:
        return steady(
            6,
            hours,
            {"call": intent(exponential(given["mean_service_s"]))},
            {"team": {"skills": ["call"], "staff": given["n_agents"]}},
            after_h=3,
            arrivals={"per_hour": given["arrival_rate_fresh_per_h"]},
            customers={"patience": patience, "redial": redial, "max_attempts": "unlimited"},
        )

    def of(fact: str, measure: Any, share: bool = True) -> Check:
        return Check(fact, exact[fact], measure, share)

    checks = (
        of("p_wait_all_attempts", MEASURES["delay_rate"]),
        of("p_wait_fresh", "p_wait_fresh"),
        of("p_wait_retrial_attempts", "p_wait_retrial_attempts"),
        of("p_abandon_per_attempt", MEASURES["abandonment_rate"]),
        of("EW_per_attempt_s", MEASURES["wait_all_s"], False),
        of("occupancy", MEASURES["occupancy"]),
        of("attempts_per_customer", MEASURES["attempts_per_need"], False),
        of("fraction_customers_eventually_served", MEASURES["resolution_rate"]),
        Check("mean_orbit", exact["mean_orbit"], "mean_orbit"),
    )
    return Case(name, document, checks, small, full, orbit)


def orbit(records: Any, frame: Any) -> dict[str, tuple[float, float]]:
    """Delays of fresh and of returning attempts, and the time-average number of customers about to redial."""
    contacts, start, end = records.contacts, frame.starts[0], frame.ends[-1]
    joined = measured(records, frame)
    fresh = joined["attempt"] == 1
    again = np.flatnonzero(contacts["attempt"] > 1)
    gone = np.maximum(contacts["left_us"][again - 1], start)
    away = np.maximum(np.minimum(contacts["arrival_us"][again], end) - gone, 0).sum()
    return {
        "p_wait_fresh": (float(joined["delayed"][fresh].sum()), float(fresh.sum())),
        "p_wait_retrial_attempts": (float(joined["delayed"][~fresh].sum()), float((~fresh).sum())),
        "mean_orbit": (float(away), float(end - start)),
    }


def tiring(name: str, mean_s: float, build_h: float, recover_h: float, effect: float) -> Any:
    """A single agent without a queue: whoever finds it busy leaves at once."""
    fatigue = {
        "build_per_hour": build_h,
        "recovery_per_hour": {"available": recover_h, "break": recover_h, "off": recover_h},
        "effects": {"talk_time": effect, "spread": 0, "resolution": 0},
        "strain_threshold": 0.5,
    }
    return lambda hours: steady(
        12,
        hours,
        {"call": intent(exponential(mean_s))},
        {"team": {"skills": ["call"], "staff": 1}},
        arrivals={"per_hour": 3600 / params(name)["mean_idle_s"]},
        customers={"patience": "infinite", "balk": 1},
        fatigue=fatigue,
    )


def per_hour(rate_per_s: float) -> float:
    return round(rate_per_s * 3600, 6)


def fatigue_alone(small: Budget, full: Budget) -> Case:
    """FATIGUE-1: fatigue that affects nothing."""
    name = "FATIGUE-1"
    given, exact = params(name), expected(name)
    moments = ("EF_given_busy", "EF_given_idle", "EF_at_call_start", "EF_at_call_end")
    checks = (
        Check("EF", exact["EF"], MEASURES["fatigue_mean"]),
        Check("P_F_gt_half", exact["P_F_gt_half"], MEASURES["strained_share"]),
        Check("p_busy", exact["p_busy"], MEASURES["occupancy"]),
        Check("varF", exact["varF"], "varF"),
        *(Check(fact, exact[fact], fact) for fact in moments),
    )
    build, recover = per_hour(given["a_per_s"]), per_hour(given["b_per_s"])
    document = tiring(name, given["mean_busy_s"], build, recover, 0.0)
    return Case(name, document, checks, small, full, tiredness)


def fatigue_fed_back(small: Budget, full: Budget) -> Case:
    """FATIGUE-FB-start: a tired agent takes longer, and tires longer."""
    name = "FATIGUE-FB-start"
    given, exact = params(name), expected(name)
    checks = (
        Check("EF_time_avg", exact["EF_time_avg"], MEASURES["fatigue_mean"]),
        Check("p_busy", exact["p_busy"], MEASURES["occupancy"]),
        Check("p_block", exact["p_block"], MEASURES["abandonment_rate"]),
        Check("mean_service_s", exact["mean_service_s"], MEASURES["aht_s"]),
        *(Check(fact, exact[fact], fact) for fact in ("EF_at_call_start", "EF_at_call_end", "varF_at_call_start")),
    )
    build, recover = per_hour(given["a_per_s"]), per_hour(given["b_per_s"])
    document = tiring(name, given["m0_s"], build, recover, given["k"])
    return Case(name, document, checks, small, full, tiredness)


def tiredness(records: Any, frame: Any) -> dict[str, tuple[float, float]]:
    """Moments of fatigue, integrated numerically (Simpson's rule on each spell) from the agents' segments."""
    spells = records.segments
    spells = spells[(spells["start_us"] >= frame.starts[0]) & (spells["end_us"] <= frame.ends[-1])]
    busy = spells["state"] == AgentState.HANDLING
    hours = (spells["end_us"] - spells["start_us"]) / HOUR_US
    weights = np.array([1, 4, 2, 4, 2, 4, 2, 4, 1]) / 24.0
    decay = np.exp(-spells["rate"][:, None] * hours[:, None] * np.linspace(0.0, 1.0, weights.size))
    begun = spells["fatigue"][:, None]
    level = np.where(busy[:, None], 1 - (1 - begun) * decay, begun * decay)
    at_start, at_end = level[busy, 0], level[busy, -1]

    def over_time(values: Any, chosen: Any) -> tuple[float, float]:
        return float(((values * weights).sum(axis=1) * hours)[chosen].sum()), float(hours[chosen].sum())

    everywhere = np.ones(spells.size, bool)
    return {
        "EF_given_busy": over_time(level, busy),
        "EF_given_idle": over_time(level, ~busy),
        "varF": over_time((level - expected("FATIGUE-1")["EF"]) ** 2, everywhere),
        "EF_at_call_start": (float(at_start.sum()), float(at_start.size)),
        "EF_at_call_end": (float(at_end.sum()), float(at_end.size)),
        "varF_at_call_start": (
            float(((at_start - expected("FATIGUE-FB-start")["EF_at_call_start"]) ** 2).sum()),
            float(at_start.size),
        ),
    }


def bot_as_thinning(small: Budget, full: Budget) -> Case:
    """BOT-1: a bot that resolves at random thins a Poisson stream, whatever its sessions last."""
    name = "BOT-1"
    given, exact = params(name), expected(name)
    bot = {
        "opt_out": 0,
        "false_containment": 0,
        "context_kept": 1,
        "session": {"distribution": "lognormal", "mean": "90s", "cv": 1},
    }

    def document(hours: float) -> dict[str, Any]:
        return steady(
            1,
            hours,
            {"call": intent(exponential(given["mean_service_s"]), bot={"resolves": given["containment_prob"]})},
            {"team": {"skills": ["call"], "staff": given["n_agents"]}},
            arrivals={"per_hour": given["arrival_rate_per_h"]},
            customers={"patience": exponential(given["mean_patience_s"])},
            bot=bot,
        )

    def luck(hours: float) -> Controls:
        return Controls(exact["agent_queue_arrivals_per_h"] * hours, given["mean_service_s"])

    in_bot = exact["mean_in_bot"]
    checks = (
        *standard_checks(name),
        Check("mean_in_bot", in_bot, ratio({Count.BOT_TIME: 1.0}, Count.OPEN)),
    )
    return Case(name, document, checks, small, full, controls=luck)
