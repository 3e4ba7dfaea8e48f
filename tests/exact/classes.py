"""Several classes of contacts: priority, skills, pooling."""

from typing import Any

from sim.engine.records import Outcome
from sim.measures import MEASURES
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
    standard_checks,
    steady,
)

PRIORITY_MEASURES = {
    "p_wait": ("delay_rate", True, ("overall", 0)),
    "occupancy": ("occupancy", True, ("overall", 0)),
    "EW_overall_s": ("asa_s", False, ("overall", 0)),
    "EW_class1_s": ("asa_s", False, ("intent", 0)),
    "EW_class2_s": ("asa_s", False, ("intent", 1)),
    "sl20_class1": ("sl_offered", True, ("intent", 0)),
    "sl20_class2": ("sl_offered", True, ("intent", 1)),
}


def priority_document(hours: float, by_preference: bool = False) -> dict[str, Any]:
    """Two classes, the first before the second: by a head start longer than any wait, or by preference of skills."""
    given = params("PRIO-1")
    talk, rates = exponential(given["mean_service_s"]), given["arrival_rate_per_h"]
    high = {} if by_preference else {"skill": "calls", "head_start": "500h"}
    low = {} if by_preference else {"skill": "calls"}
    return steady(
        6,
        hours,
        {
            "high": intent(talk, arrivals={"per_hour": rates["class1_high"]}, **high),
            "low": intent(talk, arrivals={"per_hour": rates["class2_low"]}, **low),
        },
        {"team": {"skills": ["high", "low"] if by_preference else ["calls"], "staff": given["n_agents"]}},
    )


def priority(small: Budget, full: Budget) -> Case:
    """PRIO-1."""
    name = "PRIO-1"
    given, exact = params(name), expected(name)

    def luck(hours: float) -> Controls:
        return Controls(sum(given["arrival_rate_per_h"].values()) * hours, given["mean_service_s"])

    checks = [Check(fact, exact[fact], MEASURES[m], share, at) for fact, (m, share, at) in PRIORITY_MEASURES.items()]
    checks += [Check(fact, exact[fact], fact, True) for fact in ("sl60_class2", "sl300_class2")]
    return Case(name, priority_document, tuple(checks), small, full, low_within, luck)


def low_within(records: Any, frame: Any) -> dict[str, tuple[float, float]]:
    """Shares of the low class who wait no longer than some limits."""
    joined = measured(records, frame)
    low = joined[joined["intent"] == 1]
    waited = (low["left_us"] - low["joined_us"]) / 1e6
    return {f"sl{limit}_class2": (float((waited <= limit).sum()), float(low.size)) for limit in (60, 300)}


def n_model(small: Budget, full: Budget) -> Case:
    """NMODEL-PRIO: the second pool prefers its own class and serves the first at .8 of the speed."""
    name = "NMODEL-PRIO"
    given, exact = params(name), expected(name)
    rates, patience = given["arrival_rate_per_h"], given["mean_patience_s"]
    talk = exponential(240)
    own = [
        intent(talk, arrivals={"per_hour": rates[c]}, patience=exponential(patience[c])) for c in ("class1", "class2")
    ]

    def document(hours: float) -> dict[str, Any]:
        second = {"two": {"preference": 1}, "one": {"preference": 2, "speed": 0.8}}
        return steady(
            1,
            hours,
            {"one": own[0], "two": own[1]},
            {
                "a": {"skills": ["one"], "staff": given["poolA"]["agents"]},
                "b": {"skills": second, "staff": given["poolB"]["agents"]},
            },
        )

    checks = [
        Check(fact.format(i + 1), exact[fact.format(i + 1)], MEASURES[measure], share, ("intent", i))
        for i in (0, 1)
        for fact, measure, share in (
            ("p_wait_class{}", "delay_rate", True),
            ("p_abandon_class{}", "abandonment_rate", True),
            ("EW_all_class{}_s", "wait_all_s", False),
        )
    ]
    for group, pool in enumerate("AB"):
        fact = f"occupancy_pool{pool}"
        checks.append(Check(fact, exact[fact], MEASURES["occupancy"], True, ("group", group)))
    for fact in ("class1_calls_served_by_A_per_h", "class1_calls_served_by_B_per_h", "class2_served_per_h"):
        checks.append(Check(fact, exact[fact], fact))
    return Case(name, document, tuple(checks), small, full, served_by_pool)


def served_by_pool(records: Any, frame: Any) -> dict[str, tuple[float, float]]:
    """Calls served an hour, by class and pool."""
    joined = measured(records, frame)
    answered = joined[joined["outcome"] == Outcome.ANSWERED]
    hours = float((frame.ends - frame.starts).sum()) / HOUR_US

    def an_hour(class_: int, group: int) -> tuple[float, float]:
        return float(((answered["intent"] == class_) & (answered["group"] == group)).sum()), hours

    return {
        "class1_calls_served_by_A_per_h": an_hour(0, 0),
        "class1_calls_served_by_B_per_h": an_hour(0, 1),
        "class2_served_per_h": an_hour(1, 1),
    }


def pooled(picks: str, small: Budget, full: Budget) -> Case:
    """INV-POOL: six classes, every agent has every skill; the figures are those of one class.

    By the longest wait of all, each class alone has them too; by preference only all classes together.
    """
    name = "INV-POOL"
    split = params(name)["arrival_split"]
    talk, names = exponential(240), [f"class{i + 1}" for i in range(len(split))]

    def document(hours: float) -> dict[str, Any]:
        return steady(
            1,
            hours,
            {n: intent(talk, share=s) for n, s in zip(names, split, strict=True)},
            {"team": {"skills": names, "staff": 100, "picks": picks}},
            arrivals={"per_hour": 1500},
            customers={"patience": exponential(240)},
        )

    def luck(hours: float) -> Controls:
        return Controls(1500 * hours, 240)

    checks = standard_checks(name)
    if picks == "longest_wait":
        each = [(i, c) for i in range(4) for c in checks if c.name in ("p_wait", "p_abandon")]
        checks += tuple(Check(f"{names[i]} {c.name}", c.expected, c.measure, True, ("intent", i)) for i, c in each)
    return Case(f"{name} {picks}", document, checks, small, full, controls=luck)
