"""Years made by hand: every measure as a mean by month and group, with a spread between years that cancels."""

import numpy as np

from sim.loading.load import loads
from sim.scenario.planning import LetGo, TrainingClass
from sim.scenario.targets import targets_of_scenario
from sim.study.plan.answer import PlanAnswer
from sim.study.plan.result import MonthlySums, PlansResult, YearPlan, YearResult

GROUPS = ("claims", "policies")
LABELS = ("2027-01", "2027-02", "2027-03")
YEARS = 4
SPREAD = np.array([-1.0, 1.0, -1.0, 1.0])
HORIZON = {"start": "2027-01", "months": 3, "attrition": {"yearly": "31%"}}


def centre(**horizon):
    """A centre of two groups with money and two targets."""
    return loads(
        {
            "name": "A made centre",
            "calendar": {"start": "2027-01-04", "days": 5, "hours": "08:00-16:00", "interval": "30m"},
            "arrivals": {"per_day": 400},
            "intents": {
                "claims": {"share": 0.5, "talk_time": "5m"},
                "policies": {"share": 0.5, "talk_time": "5m"},
            },
            "fatigue": {},
            "attrition": {},
            "agents": {
                "claims": {"skills": ["claims"], "staff": 6},
                "policies": {"skills": ["policies"], "staff": 6},
            },
            "targets": {"service_level": "80/20", "abandonment": "5%"},
            "costs": {"agent_hour": 30, "hire": 5000, "severance": 9000, "currency": "EUR"},
            "horizon": HORIZON | horizon,
        }
    )


def sums(means, met=None):
    """Sums of measures given as (months, groups) means; people are averages, so that all together is their sum."""
    tops, bottoms = {}, {}
    for name, (by_group, spread) in means.items():
        values = np.asarray(by_group, float)
        added = name in ("heads", "available", "in_training", "hired", "left", "let_go", "mean_heads")
        whole = values.sum(axis=1) if added else values.mean(axis=1)
        cells = np.column_stack([values, whole])
        tops[name] = cells[None] + spread * SPREAD[:, None, None] * np.array([1, 1, 2.0 if added else 1.0])
        bottoms[name] = np.ones_like(tops[name])
    return MonthlySums(tops, bottoms, {k: np.asarray(v, float) for k, v in (met or {}).items()})


def year(
    scenario,
    plan,
    *,
    available=((10, 10), (9, 10), (8, 9)),
    hired=((0, 0),) * 3,
    left=((1, 0), (1, 1), (0, 1)),
    let_go=((0, 0),) * 3,
    misses=(1, 2, 4),
    peak_misses=None,
    pay=(100_000.0, 90_000.0, 80_000.0),
    once=0.0,
):
    """A year; `misses` are years of four that miss the service level, by month."""
    heads = np.asarray(available)
    people = {
        "heads": (heads, 0.0),
        "available": (heads, 0.5),
        "in_training": (np.zeros((3, 2)), 0.0),
        "hired": (hired, 0.0),
        "left": (left, 0.25),
        "let_go": (let_go, 0.0),
        "mean_heads": (heads, 0.0),
    }
    week = {
        "service_level": ([[0.9, 0.8], [0.8, 0.7], [0.7, 0.5]], 0.02),
        "abandonment_rate": ([[0.02, 0.04], [0.04, 0.06], [0.08, 0.10]], 0.01),
        "resolution": ([[0.8, 0.8], [0.8, 0.8], [0.7, 0.7]], 0.01),
        "occupancy": ([[0.8, 0.8], [0.85, 0.85], [0.9, 0.9]], 0.01),
        "strained_share": ([[0.01, 0.01], [0.02, 0.02], [0.05, 0.05]], 0.001),
        "asa_s": ([[10, 10], [20, 20], [40, 40]], 1.0),
    }
    return YearResult(
        scenario, plan, GROUPS, LABELS, sums(people), sums(week, _met(misses)),
        sums(week, _met(peak_misses)) if peak_misses is not None else None,
        {"pay": np.tile(pay, (YEARS, 1)) + 1000.0 * SPREAD[:, None], "severance": np.full((YEARS, 3), once / 3.0)},
        dict(targets_of_scenario(scenario)), 1,
    )  # fmt: skip


def _met(misses):
    """The first years miss the service level; abandonment is never missed."""
    level = np.ones((YEARS, 3))
    for month, number in enumerate(misses):
        level[:number, month] = 0.0
    return {"sl_offered": level, "abandonment_rate": np.ones((YEARS, 3))}


def classes(*entries):
    return tuple(TrainingClass(month=m, group=g, count=n) for m, g, n in entries)


def let_go(*entries):
    return tuple(LetGo(month=m, group=g, count=n) for m, g, n in entries)


def answer(best=True, cut=True, needed=True, **horizon):
    """The file's plan hires nobody; the best hires three; the cut lets two go."""
    scenario = centre(**horizon)
    peaks = (3, 4, 4) if "peak" in horizon else None
    years = [year(scenario, YearPlan("file"), peak_misses=peaks)]
    if best:
        plan = YearPlan("best", classes((1, "claims", 2), (2, "policies", 1)))
        years.append(
            year(scenario, plan, available=((10, 10), (11, 10), (10, 11)), hired=((2, 0), (0, 1), (0, 0)),
                 misses=(0, 1, 0), pay=(102_000.0, 104_000.0, 106_000.0))
        )  # fmt: skip
    if cut:
        plan = YearPlan("cut", let_go=let_go((1, "claims", 2)))
        years.append(
            year(scenario, plan, available=((8, 10), (7, 10), (6, 9)), let_go=((2, 0), (0, 0), (0, 0)),
                 left=((1, 1), (1, 1), (1, 1)), misses=(4, 4, 4), pay=(80_000.0, 75_000.0, 70_000.0), once=18_000.0)
        )  # fmt: skip
    wanted = np.array([[10.0, 10.0, 10.0], [10.0, 11.0, 12.0]]) if needed else None
    return PlanAnswer(scenario, PlansResult(scenario, tuple(years), 1), best="best" if best else "", needed=wanted)
