"""One queue, one group, a constant rate."""

from typing import Any

from sim.measures.counts import Count
from tests.exact.controls import Controls
from tests.exact.harness import (
    Budget,
    Case,
    Check,
    constant,
    expected,
    exponential,
    intent,
    measured,
    params,
    ratio,
    standard_checks,
    steady,
)

ON_QUEUE = (Count.HANDLING, Count.AVAILABLE)


def one_queue(
    name: str,
    talk: dict[str, Any],
    warm_h: int,
    *budgets: Budget,
    checks: tuple[Check, ...] = (),
    extra: Any = None,
    rare: tuple[str, ...] = (),
    helped: bool = True,
    wrap_up: float = 0.0,
    **customers: Any,
) -> Case:
    """A steady queue and its standard checks; the mean handle time is the fact's, or talk of 180 s and wrap-up.

    Not `helped`: without controls, which cost more than they save where hardly anybody waits.
    """
    given = {"n_agents": 1} | params(name)
    call = intent(talk, wrap_up=exponential(wrap_up)) if wrap_up else intent(talk)

    def document(hours: float) -> dict[str, Any]:
        return steady(
            warm_h,
            hours,
            {"call": call},
            {"team": {"skills": ["call"], "staff": given["n_agents"]}},
            arrivals={"per_hour": given["arrival_rate_per_h"]},
            customers={"patience": "infinite"} | customers,
        )

    def luck(hours: float) -> Controls:
        return Controls(given["arrival_rate_per_h"] * hours, given.get("mean_service_s", 180 + wrap_up))

    return Case(name, document, standard_checks(name, rare) + checks, *budgets, extra, luck if helped else None)


def erlang(name: str, warm_h: int, *budgets: Budget, rare: tuple[str, ...] = (), helped: bool = True) -> Case:
    """M/M/n or M/M/n+M."""
    given = params(name)
    patience = exponential(given["mean_patience_s"]) if given["mean_patience_s"] else "infinite"
    talk = exponential(given["mean_service_s"])
    return one_queue(name, talk, warm_h, *budgets, patience=patience, rare=rare, helped=helped)


def deterministic_patience(small: Budget, full: Budget) -> Case:
    """MMnG-det."""
    given = params("MMnG-det")
    talk = exponential(given["mean_service_s"])
    return one_queue("MMnG-det", talk, 1, small, full, patience=constant(given["patience_s"]))


def balking(small: Budget, full: Budget) -> Case:
    """MMnG-balk."""
    given = params("MMnG-balk")
    patience = exponential(given["mean_patience_s"])
    talk = exponential(given["mean_service_s"])
    return one_queue("MMnG-balk", talk, 1, small, full, patience=patience, balk=given["p_balk"])


def lognormal_service(small: Budget, full: Budget) -> Case:
    """MG1-LN-a, with points of the distribution of waits."""
    name = "MG1-LN-a"
    given = params(name)
    talk = {"distribution": "lognormal", "mean": f"{given['mean_service_s']}s", "cv": given["cv_service"]}
    points = tuple(Check(n, expected(name)[n], n, True) for n in ("P_W_le_20s", "P_W_le_120s", "P_W_le_600s"))
    return one_queue(name, talk, 8, small, full, checks=points, extra=within_limits)


def within_limits(records: Any, frame: Any) -> dict[str, tuple[float, float]]:
    """Shares of the offered who wait no longer than some limits."""
    joined = measured(records, frame)
    waited = (joined["left_us"] - joined["joined_us"]) / 1e6
    return {f"P_W_le_{limit}s": (float((waited <= limit).sum()), float(joined.size)) for limit in (20, 120, 600)}


def constant_service(small: Budget, full: Budget) -> Case:
    """MDc-1."""
    return one_queue("MDc-1", constant(params("MDc-1")["mean_service_s"]), 4, small, full)


def erlang_two_service(small: Budget, full: Budget) -> Case:
    """ME2cM-1: an Erlang-2 is a gamma with a squared coefficient of variation of a half."""
    given = params("ME2cM-1")
    talk = {"distribution": "gamma", "mean": f"{given['mean_service_s']}s", "cv": given["cv2"] ** 0.5}
    return one_queue("ME2cM-1", talk, 1, small, full, patience=exponential(given["mean_patience_s"]))


def after_call_work(small: Budget, full: Budget) -> Case:
    """ACW-1: the agent is busy with wrap-up after the customer has gone."""
    name = "ACW-1"
    shares = expected(name)
    checks = (
        Check("frac_time_talking", shares["frac_time_talking"], ratio({Count.TALK: 1.0}, *ON_QUEUE), True),
        Check("frac_time_acw", shares["frac_time_acw"], ratio({Count.WRAP_UP: 1.0}, *ON_QUEUE), True),
    )
    patience = exponential(params(name)["mean_patience_s"])
    return one_queue(name, exponential(180), 2, small, full, patience=patience, wrap_up=60, checks=checks)
