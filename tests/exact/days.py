"""Days that change: shifts that end, counts by the hour, busy days and quiet ones."""

from typing import Any

from sim.measures import MEASURES
from sim.measures.counts import Count
from tests.exact.controls import Controls
from tests.exact.harness import Budget, Case, Check, expected, exponential, intent, params, ratio

MEASURED = {
    "p_delay": ("delay_rate", True),
    "p_abandon_cohort": ("abandonment_rate", True),
    "EW_cohort_s": ("wait_all_s", False),
    "sl20_served_over_offered": ("sl_offered", True),
}
BUSY = ratio({Count.HANDLING: 1.0}, Count.OPEN)


def a_day(hours: str, interval: str, days: float, **blocks: Any) -> dict[str, Any]:
    return {
        "name": "a day that changes",
        "calendar": {"start": "2026-11-23", "days": round(days), "hours": hours, "interval": interval},
        "run": {"warm_up": "0d", "follow_up": "0d"},
        **blocks,
    }


def shifts_that_end(small: Budget, full: Budget) -> Case:
    """Mt-8h-shifts. Routing by longest idle is symmetric between agents once all of them have been busy at the same
    moment, which with exponential service forgets their order at the start; that happens in the first half hour of
    every day, long before the first shift ends.
    """
    name = "Mt-8h-shifts"
    given, day = params(name), expected(name)["day"]
    lines = [
        {"count": s["agents"], "start": "08:00", "length": f"{s['end_h'] - s['start_h']}h"} for s in given["shifts"]
    ]

    def document(days: float) -> dict[str, Any]:
        return a_day(
            "08:00-16:00",
            "30m",
            days,
            arrivals={"per_hour": given["arrival_rate_per_h_by_slot"]},
            customers={"patience": exponential(given["mean_patience_s"])},
            intents={"call": intent(exponential(given["mean_service_s"]))},
            agents={"team": {"skills": ["call"], "shifts": lines}},
        )

    checks = [Check(f"day {fact}", day[fact], MEASURES[m], share) for fact, (m, share) in MEASURED.items()]
    for slot in range(len(given["agents_by_slot"])):
        checks += _slot(slot, expected(name)["per_slot"])
    return Case(name, document, tuple(checks), small, full)


def _slot(slot: int, figures: dict[str, list[float]]) -> list[Check]:
    """The checks of one half hour, which has few of a day's contacts."""
    place = ("interval", slot)
    found = [
        Check(f"slot {slot} {fact}", figures[fact][slot], MEASURES[m], share, place, rare=True)
        for fact, (m, share) in MEASURED.items()
    ]
    return [*found, Check(f"slot {slot} busy_time_avg", figures["busy_time_avg"][slot], BUSY, place=place)]


def busy_days(small: Budget, full: Budget) -> Case:
    """PUB-SSJ-400: staffing by the hour, balking, and a factor common to the day; all ratios divide by 1660."""
    name = "PUB-SSJ-400"
    given, exact = params(name), expected(name)["exact"]
    contacts = exact["mean_arrivals"]

    def document(days: float) -> dict[str, Any]:
        return a_day(
            "08:00-21:00",
            "60m",
            days,
            arrivals={"per_hour": given["base_arrival_rate_per_h"], "busyness_cv": 400**-0.5},
            customers={"patience": exponential(1000), "balk": 0.1},
            intents={"call": intent(exponential(100))},
            agents={"team": {"skills": ["call"], "staff": given["agents_by_period"]}},
        )

    def luck(days: float) -> Controls:
        return Controls(contacts * days, 100, steady=False)

    def over_1660(fact: str, scale: float, *counts: Count, share: bool = True, **more: Any) -> Check:
        measure = ratio(dict.fromkeys(counts, scale / contacts), Count.REPLICATIONS)
        return Check(fact, exact[fact], measure, share, **more)

    checks = (
        over_1660("sum_wait_over_1660_s", 1e-6, Count.WAIT_ALL, share=False),
        over_1660("good_over_1660", 1.0, Count.ANSWERED_WITHIN, Count.ABANDONED_WITHIN),
        over_1660("abandon_over_1660", 1.0, Count.ABANDONED, Count.BALKED),
        over_1660("p_delay", 1.0, Count.DELAYED, Count.BALKED),
    )
    return Case(name, document, checks, small, full, controls=luck)
