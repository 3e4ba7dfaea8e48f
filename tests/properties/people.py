"""Customers: when they come, what they need, how long they wait, and how they come back."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from tests.properties.calendars import (
    MONDAY,
    SMALL,
    TUESDAY,
    Document,
    Scale,
    by_interval,
    opening,
    seconds,
    without_nothing,
)

SHARES = st.sampled_from([0.0, 0.3, 0.5, 1.0])
SHORT = st.sampled_from([30.0, 60.0, 120.0, 600.0])


# Distributions --------------------------------------------------------------------------


@st.composite
def durations(draw: Any, mean: st.SearchStrategy[float] = SHORT, zero: bool = False) -> Document:
    """Any family, often a constant on the grid."""
    seconds_ = draw(mean)
    kinds = ["constant", "constant", "exponential", "lognormal", "gamma", "weibull", "uniform", "empirical"]
    kind = draw(st.sampled_from(kinds))
    if kind == "constant":
        return {"distribution": kind, "value": f"{0.0 if zero and draw(st.booleans()) else seconds_}s"}
    if kind == "uniform":
        return {"distribution": kind, "low": "0s", "high": f"{2 * seconds_}s"}
    if kind == "empirical":
        return {"distribution": kind, "points": [0.5 * seconds_, seconds_, seconds_, 2 * seconds_]}
    more = {"lognormal": {"cv": 0.8}, "gamma": {"cv": 0.5}, "weibull": {"shape": 1.5}}.get(kind, {})
    return {"distribution": kind, "mean": f"{seconds_}s", **more}


@st.composite
def profiled(draw: Any, calendar: Document, mean: st.SearchStrategy[float] = SHORT, zero: bool = False) -> Document:
    """A distribution whose mean may change over the day."""
    found = draw(durations(mean, zero))
    if draw(st.integers(0, 3)) == 0:
        found["profile"] = draw(by_interval(calendar, st.sampled_from([0.5, 1.0, 2.0])))
        if isinstance(found["profile"], dict):
            found["profile"] = {day: value or 1.0 for day, value in found["profile"].items()}
    return found


def patience(calendar: Document) -> st.SearchStrategy[Any]:
    """None, some, or without end."""
    return st.just("infinite") | profiled(calendar, zero=True)


# Arrivals -------------------------------------------------------------------------------


@st.composite
def arrivals(draw: Any, calendar: Document, names: list[str], scale: Scale = SMALL) -> Document:
    """Poisson, fixed counts, or a trace on a grid of minutes, so that several come at once."""
    process = draw(st.sampled_from(["poisson", "fixed_count", "trace"]))
    if process == "trace":
        return {"process": process, "file": {"path": "trace.csv", "rows": draw(trace(calendar, names))}}
    found: Document = {"process": process}
    if process == "poisson":
        found |= {"busyness_cv": draw(st.sampled_from([0, 0.3])), "interval_cv": draw(st.sampled_from([0, 0.5]))}
    if draw(st.booleans()):
        return found | {"per_hour": draw(by_interval(calendar, st.sampled_from(scale.per_hour)))}
    found["per_day"] = draw(st.sampled_from(scale.per_day))
    weights = draw(st.none() | by_interval(calendar, st.sampled_from([1, 3])))
    return found | without_nothing(profile=weights)


@st.composite
def trace(draw: Any, calendar: Document, names: list[str]) -> list[list[Any]]:
    """Arrivals on whole minutes of the days measured."""
    rows = []
    for offset in range(min(calendar["days"], 3)):
        day = (MONDAY + timedelta(days=offset)).isoformat()
        span = opening(calendar, offset % 7)
        if span is None or (day == TUESDAY and calendar["holidays"]):
            continue
        last = min(span[1] - span[0], 120) - 1
        minutes = draw(st.lists(st.integers(0, last), max_size=40))
        rows += [[day, 60.0 * (span[0] + m), draw(st.sampled_from(names))] for m in minutes]
    return rows


# Needs ----------------------------------------------------------------------------------


@st.composite
def intents(draw: Any, calendar: Document, common: bool) -> Document:
    """One to five kinds of need: with skills of their own, one that they share, or two; with head starts or not."""
    names = list("abcde")[: draw(st.sampled_from([1, 2, 2, 3, 3, 5]))]
    skills = draw(st.sampled_from([[None], [None], ["all"], ["all", "other"]]))
    found = {}
    for name in names:
        found[name] = without_nothing(
            share=1 / len(names) if common else None,
            skill=draw(st.sampled_from(skills)),
            talk_time=draw(profiled(calendar)),
            wrap_up=draw(st.none() | profiled(calendar, st.sampled_from([30.0]), zero=True)),
            difficulty_weight=draw(st.sampled_from([0.0, 0.6, -1.0])),
            difficulty_slope=draw(st.sampled_from([None, None, 0.0])),
            resolution=draw(SHARES),
            head_start=draw(st.none() | seconds(60, 120, 600)),
            patience=draw(st.none() | patience(calendar)),
            bot=draw(BOT_OF_INTENT) if draw(st.integers(0, 2)) else None,
        )
    return found


BOT_OF_INTENT = st.sampled_from([{"resolves": 0.4}, {"resolves": 0.0}, {"containment": 0.4, "false_share": 0.5}])


@st.composite
def customers(draw: Any, calendar: Document, scale: Scale = SMALL) -> Document:
    """Patience, balking, and every way of coming back; a return at once only where attempts are counted."""
    redial, repeat = draw(st.none() | returns(calendar, False)), draw(st.none() | returns(calendar, True))
    return without_nothing(
        patience=draw(patience(calendar)),
        balk=draw(st.sampled_from([0, 0, 0.3, 1])),
        redial=redial,
        repeat=repeat,
        straight_to_human=draw(st.sampled_from([None, None, 0.5, 1, 0])),
        max_attempts=draw(st.sampled_from(scale.most_attempts)),
    )


@st.composite
def returns(draw: Any, calendar: Document, repeat: bool) -> Document:
    """How a customer comes back: at once, in minutes, or after hours and nights."""
    delay = profiled(calendar, st.sampled_from([60.0, 900.0, 30_000.0]), zero=True)
    found = {"probability": draw(SHARES), "delay": draw(delay)}
    if repeat:
        return found | {"falsely_contained": {"probability": draw(SHARES), "delay": draw(delay)}}
    return found | {"next_day": draw(SHARES)}
