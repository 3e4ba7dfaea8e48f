"""Small worlds of every kind: a strategy over the whole scenario format, for any engine.

Times lie on a coarse grid often enough that things happen at the same microsecond. A world is the plain data of a
scenario file; `Played` holds what one replication of it left behind.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from sim import loads, simulate
from sim.engine.records import Records
from sim.scenario.model import Scenario
from sim.world import Horizon, make_horizon

MONDAY = date(2026, 11, 23)
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS = ("08:00-10:00", "08:00-09:50", "00:00-02:00", "22:00-24:00", "00:00-24:00", "12:00-13:00")
Document = dict[str, Any]


@dataclass(frozen=True)
class Played:
    """One replication of a world."""

    document: Document
    scenario: Scenario
    horizon: Horizon
    records: Records


def play(document: Document, seed: int = 1, replication: int = 0) -> Played:
    """Simulate a world with the reference engine."""
    scenario = loads(document)
    return Played(document, scenario, make_horizon(scenario), simulate(scenario, seed=seed, replication=replication))


def seconds(*values: float) -> st.SearchStrategy[str]:
    """One of some durations."""
    return st.sampled_from(values).map(lambda s: f"{s}s")


def maybe(strategy: st.SearchStrategy[Any], **key: None) -> st.SearchStrategy[Any]:
    """A value or nothing at all."""
    return st.none() | strategy


def without_nothing(**values: Any) -> Document:
    """A block whose keys without a value are left out."""
    return {key: value for key, value in values.items() if value is not None}


# Calendar -----------------------------------------------------------------------------


@st.composite
def calendars(draw: Any) -> Document:
    """Days that close, that never do, that are shut, that end at midnight and go on."""
    days = draw(st.integers(1, 3))
    kind = draw(st.sampled_from(["same", "by day", "through midnight"]))
    hours: Any = draw(st.sampled_from(HOURS))
    if kind == "by day":
        hours = {day: draw(st.sampled_from([*HOURS, "closed"])) for day in WEEK}
        hours["mon"] = draw(st.sampled_from(HOURS))
    if kind == "through midnight":
        hours = dict.fromkeys(WEEK, "00:00-24:00") | {"mon": "22:00-24:00", "wed": "00:00-02:00"}
    return {
        "start": MONDAY.isoformat(),
        "days": days,
        "hours": hours,
        "interval": draw(st.sampled_from(["30m", "60m", "25m"])),
        "at_close": draw(st.sampled_from(["drain", "clear"])),
    }


def opening(calendar: Document, day: date) -> tuple[int, int] | None:
    """Opening and closing of a date in minutes."""
    hours = calendar["hours"] if isinstance(calendar["hours"], str) else calendar["hours"][WEEK[day.weekday()]]
    if hours == "closed":
        return None
    start, end = (int(part[:2]) * 60 + int(part[3:]) for part in hours.split("-"))
    return start, end


def intervals(calendar: Document, weekday: int) -> int:
    """Number of intervals of a weekday, 0 when closed."""
    span = opening(calendar, MONDAY + timedelta(days=weekday))
    return -(-(span[1] - span[0]) // int(calendar["interval"][:-1])) if span else 0


@st.composite
def by_interval(draw: Any, calendar: Document, values: st.SearchStrategy[Any]) -> Any:
    """A number, or a map by weekday with a number or a short list repeated over the day."""
    if draw(st.booleans()):
        return draw(values)
    found = {}
    for weekday, name in enumerate(WEEK):
        pattern = draw(st.lists(values, min_size=1, max_size=4))
        count = intervals(calendar, weekday)
        found[name] = [pattern[k % len(pattern)] for k in range(count)] if count else 0
    return found


# Distributions --------------------------------------------------------------------------

SHORT = st.sampled_from([30.0, 60.0, 120.0, 600.0])


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
def profiled(draw: Any, calendar: Document) -> Document:
    """A distribution whose mean may change over the day."""
    found = draw(durations())
    if draw(st.integers(0, 3)) == 0:
        found["profile"] = draw(by_interval(calendar, st.sampled_from([0.5, 1.0, 2.0])))
        if isinstance(found["profile"], dict):
            found["profile"] = {day: value or 1.0 for day, value in found["profile"].items()}
    return found


PATIENCE = st.just("infinite") | durations(zero=True)
SHARES = st.sampled_from([0.0, 0.3, 0.5, 1.0])


# People ---------------------------------------------------------------------------------


@st.composite
def arrivals(draw: Any, calendar: Document, names: list[str]) -> Document:
    """Poisson, fixed counts, or a trace on a grid of minutes, so that several come at once."""
    process = draw(st.sampled_from(["poisson", "fixed_count", "trace"]))
    if process == "trace":
        return {"process": process, "file": {"path": "trace.csv", "rows": draw(trace(calendar, names))}}
    found: Document = {"process": process}
    if process == "poisson":
        found |= {"busyness_cv": draw(st.sampled_from([0, 0.3])), "interval_cv": draw(st.sampled_from([0, 0.5]))}
    if draw(st.booleans()):
        return found | {"per_hour": draw(by_interval(calendar, st.sampled_from([2, 6, 20])))}
    found["per_day"] = draw(st.sampled_from([3, 12, 40]))
    weights = draw(st.none() | by_interval(calendar, st.sampled_from([1, 3])))
    return found | without_nothing(profile=weights)


@st.composite
def trace(draw: Any, calendar: Document, names: list[str]) -> list[list[Any]]:
    """Arrivals on whole minutes of the days measured."""
    rows = []
    for offset in range(calendar["days"]):
        day = MONDAY + timedelta(days=offset)
        span = opening(calendar, day)
        if span is None:
            continue
        last = min(span[1] - span[0], 120) - 1
        minutes = draw(st.lists(st.integers(0, last), max_size=25))
        rows += [[day.isoformat(), 60.0 * (span[0] + m), draw(st.sampled_from(names))] for m in minutes]
    return rows


@st.composite
def intents(draw: Any, calendar: Document, common: bool) -> Document:
    """One to three kinds of need, with skills of their own or one that they share."""
    names = ["a", "b", "c"][: draw(st.integers(1, 3))]
    shared = draw(st.booleans())
    found = {}
    for name in names:
        found[name] = without_nothing(
            share=1 / len(names) if common else None,
            skill="all" if shared else None,
            talk_time=draw(profiled(calendar)),
            wrap_up=draw(st.none() | durations(st.sampled_from([30.0]), zero=True)),
            difficulty_weight=draw(st.sampled_from([0.0, 0.6, -1.0])),
            resolution=draw(SHARES),
            head_start=draw(st.none() | seconds(60, 600)),
            patience=draw(st.none() | PATIENCE),
            bot=draw(st.none() | BOT_OF_INTENT),
        )
    return found


BOT_OF_INTENT = st.sampled_from([{"resolves": 0.4}, {"resolves": 0.0}, {"containment": 0.4, "false_share": 0.5}])


@st.composite
def customers(draw: Any) -> Document:
    """Patience, balking, and every way of coming back; a return at once only where attempts are counted."""
    redial, repeat = draw(st.none() | returns(False)), draw(st.none() | returns(True))
    return without_nothing(
        patience=draw(PATIENCE),
        balk=draw(st.sampled_from([0, 0, 0.3, 1])),
        redial=redial,
        repeat=repeat,
        max_attempts=draw(st.integers(1, 4)),
    )


@st.composite
def returns(draw: Any, repeat: bool) -> Document:
    """How a customer comes back: at once, in minutes, or after hours and nights."""
    delay = durations(st.sampled_from([60.0, 900.0, 30_000.0]), zero=True)
    found = {"probability": draw(SHARES), "delay": draw(delay)}
    if repeat:
        return found | {"falsely_contained": {"probability": draw(SHARES), "delay": draw(delay)}}
    return found | {"next_day": draw(SHARES)}


# Agents ---------------------------------------------------------------------------------


@st.composite
def agents(draw: Any, calendar: Document, skills: list[str]) -> Document:
    """One to three groups; every skill is known to one of them at least."""
    found = {}
    for number in range(draw(st.integers(1, 3))):
        known = skills if number == 0 else draw(st.permutations(skills))[: draw(st.integers(1, len(skills)))]
        found[f"group{number}"] = draw(group(calendar, list(known)))
    return found


@st.composite
def group(draw: Any, calendar: Document, known: list[str]) -> Document:
    """Skills liked in order or equally, at any speed; counts that rise and fall, or shifts with breaks."""
    skills: Any = known
    if draw(st.booleans()):
        skills = {
            s: {"preference": draw(st.integers(1, 2)), "speed": draw(st.sampled_from([0.5, 1, 1.25]))} for s in known
        }
    found: Document = {
        "skills": skills,
        "picks": draw(st.sampled_from(["preference", "longest_wait"])),
        "shrinkage": draw(st.sampled_from([0, 0.3])),
        "absence": draw(st.sampled_from([0, 0, 0.3])),
    }
    if draw(st.booleans()):
        return found | {"staff": draw(by_interval(calendar, st.integers(0, 4)))}
    return found | {"shifts": draw(st.lists(shift(calendar), min_size=1, max_size=3))}


@st.composite
def shift(draw: Any, calendar: Document) -> Document:
    """A line of agents around the hours of Monday, with breaks that may collide."""
    span = opening(calendar, MONDAY) or (480, 600)
    start = max(0, min(span[0] + draw(st.sampled_from([-30, 0, 0, 30])), 23 * 60 + 30))
    length = draw(st.sampled_from([60, 120, 135, 600]))
    breaks = draw(st.lists(st.tuples(st.sampled_from([0, 30, 40, 45]), st.sampled_from([5, 15])), max_size=3))
    return {
        "count": draw(st.integers(0, 3)),
        "start": f"{start // 60:02d}:{start % 60:02d}",
        "length": f"{length}m",
        "breaks": [{"after": f"{after}m", "length": f"{lasts}m"} for after, lasts in breaks],
    }


# Mechanisms -----------------------------------------------------------------------------


@st.composite
def bots(draw: Any) -> Document:
    """The bot, its session often a constant."""
    return {
        "opt_out": draw(st.sampled_from([0.0, 0.3, 0.5])),
        "opt_out_after_failure": draw(SHARES),
        "selectivity": draw(st.sampled_from([0.0, 0.7, -0.5])),
        "session": draw(durations(zero=True)),
        "false_containment": draw(SHARES),
        "context_kept": draw(SHARES),
    }


FRUSTRATION = st.just({}) | st.fixed_dictionaries(
    {"start": SHARES, "returns": SHARES, "wait_grace": seconds(0, 60), "per_minute": SHARES}
)
MISTREATMENT = st.sampled_from([{}, {"intercept": 0, "slope": 3}])
FATIGUE = st.sampled_from(
    [
        {},
        {"build_per_hour": 3, "strain_threshold": 0.1},
        {"build_per_hour": 1, "recovery_per_hour": {"available": 0, "break": 6, "off": 0}},
    ]
)
PACE = st.sampled_from([{"target": "45s"}, {"target": "5m", "push": 1}, {"target": {"a": "30s"}, "push": 0.8}])


@st.composite
def mechanisms(draw: Any) -> Document:
    """Any of them, each on in half of the worlds."""
    kinds = {"bot": bots(), "frustration": FRUSTRATION, "mistreatment": MISTREATMENT, "fatigue": FATIGUE, "pace": PACE}
    return without_nothing(**{name: draw(st.none() | kind) for name, kind in kinds.items()})


# The whole ------------------------------------------------------------------------------


@st.composite
def worlds(draw: Any, with_mechanisms: bool = True) -> Document:
    """A world of any kind."""
    calendar = draw(calendars())
    kinds = draw(intents(calendar, common=True))
    flow = draw(arrivals(calendar, list(kinds)))
    if flow["process"] == "trace" or draw(st.booleans()):
        for kind in kinds.values():
            del kind["share"]
        if flow["process"] != "trace":
            for kind in kinds.values():
                kind["arrivals"] = draw(arrivals(calendar, ["a"]).filter(lambda f: f["process"] != "trace"))
            flow = None
    skills = list(dict.fromkeys(kind.get("skill", name) for name, kind in kinds.items()))
    margins = st.sampled_from(["0d", "0d", "1d", "2d"])
    return without_nothing(
        name="a small world",
        calendar=calendar,
        arrivals=flow,
        intents=kinds,
        customers=draw(customers()),
        agents=draw(agents(calendar, skills)),
        run={"warm_up": draw(margins), "follow_up": draw(margins)},
        **(draw(mechanisms()) if with_mechanisms else {}),
    )
