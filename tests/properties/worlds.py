"""Worlds of every kind: a strategy over the whole scenario format, for any engine.

Times lie on a coarse grid often enough that things happen at the same microsecond. A world is the plain data of a
scenario file; `Played` holds what one replication of it left behind. Most worlds are small and some last for weeks;
only where `crowds` are asked for are there tens of agents, thousands of contacts, customers who never give up.
"""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from sim import loads, simulate
from sim.engine import COMPILED
from sim.engine.records import Records
from sim.scenario.model import Scenario
from sim.world import Horizon, make_horizon
from tests.properties.calendars import (
    BUSY,
    CROWD,
    INSISTENT,
    SMALL,
    WEEKS,
    Document,
    calendars,
    seconds,
    without_nothing,
)
from tests.properties.floors import agents
from tests.properties.people import SHARES, arrivals, customers, intents, profiled

SCALES = (*[SMALL] * 7, WEEKS)
ALL_SCALES = (*[SMALL] * 4, *[BUSY] * 6, *[WEEKS] * 2, *[CROWD] * 2, *[INSISTENT] * 2)


@dataclass(frozen=True)
class Played:
    """One replication of a world."""

    document: Document
    scenario: Scenario
    horizon: Horizon
    records: Records


def play(document: Document, engine: str = COMPILED, seed: int = 1, replication: int = 0) -> Played:
    """Simulate a world."""
    scenario = loads(document)
    records = simulate(scenario, seed=seed, replication=replication, engine=engine)
    return Played(document, scenario, make_horizon(scenario), records)


# Mechanisms -----------------------------------------------------------------------------


@st.composite
def bots(draw: Any, calendar: Document) -> Document:
    """The bot, its session often a constant."""
    return without_nothing(
        opt_out=draw(st.sampled_from([0.0, 0.3, 0.5])),
        opt_out_after_failure=draw(SHARES),
        selectivity=draw(st.sampled_from([0.0, 0.7, -0.5])),
        session=draw(profiled(calendar, zero=True)),
        false_containment=draw(SHARES),
        context_kept=draw(SHARES),
        lost_context_time=draw(st.none() | seconds(0, 60)),
    )


FRUSTRATION = st.just({}) | st.fixed_dictionaries(
    {"start": SHARES, "returns": SHARES, "wait_grace": seconds(0, 60), "per_minute": SHARES, "failed_turn": SHARES},
    optional={"effects": st.sampled_from([{"patience": 2}, {"talk_time": 1, "resolution": 3}, {"resolution": 0}])},
)
MISTREATMENT = st.sampled_from([{}, {"intercept": 0, "slope": 3}])
FATIGUE = st.sampled_from(
    [
        {},
        {"build_per_hour": 3, "strain_threshold": 0.1},
        {"build_per_hour": 2, "effects": {"talk_time": 1, "spread": 0, "resolution": 2}},
        {"build_per_hour": 5, "mistreatment_weight": 3, "effects": {"talk_time": 0, "spread": 1.5}},
        {"build_per_hour": 1, "recovery_per_hour": {"available": 0, "break": 6, "off": 0}},
    ]
)
PACE = st.sampled_from(
    [{"target": "45s"}, {"target": "5m", "push": 1}, {"target": {"a": "30s"}, "push": 0.8, "resolution_slope": 0}]
)
TENURES = st.sampled_from(["30d", "700d", {"distribution": "constant", "value": "0s"}, ["0s", "10d", "400d"], "0.001s"])
REDUNDANCY = st.sampled_from([{}, {"share": 1, "handle_time": 2, "resolution": 0.5, "half_life": "1d", "since": "1d"}])
WORKFORCE = st.fixed_dictionaries(
    {}, optional={"speed_sd": st.sampled_from([0, 1.5]), "tenure": TENURES, "redundancy": REDUNDANCY}
)
EXPECTATIONS = st.sampled_from([{}, {"patience": 0.01, "start": 1}, {"patience": 0.5, "start": 0}])
SCREENS = st.sampled_from([{}, {"systems": 1}, {"systems": 3, "switches": 5, "seconds": "4s"}])


@st.composite
def assistants(draw: Any, calendar: Document) -> Document:
    """The assistant and all that it may do; who uses it, and what that changes."""
    cleanup = st.fixed_dictionaries({"probability": SHARES}, optional={"time": profiled(calendar, zero=True)})
    return without_nothing(
        uplift=draw(st.sampled_from([None, 0, 3])),
        adoption=draw(SHARES),
        reinvest=draw(SHARES),
        extra_time=draw(st.none() | seconds(0, 60)),
        mistreatment=draw(st.sampled_from([None, 2])),
        summary=draw(st.sampled_from([None, {}, {"wrap_up": 0}, {"wrap_up": 1}])),
        cleanup=draw(st.none() | cleanup),
        monitoring=draw(st.sampled_from([None, "coach", "cop"])),
    )


@st.composite
def mechanisms(draw: Any, calendar: Document) -> Document:
    """Any of them, each on in half of the worlds."""
    kinds = {
        "bot": bots(calendar),
        "frustration": FRUSTRATION,
        "mistreatment": MISTREATMENT,
        "fatigue": FATIGUE,
        "pace": PACE,
        "workforce": WORKFORCE,
        "assistant": assistants(calendar),
        "screens": SCREENS,
        "expectations": EXPECTATIONS,
    }
    return without_nothing(**{name: draw(st.none() | kind) for name, kind in kinds.items()})


# The whole ------------------------------------------------------------------------------


@st.composite
def worlds(draw: Any, with_mechanisms: bool = True, crowds: bool = False) -> Document:
    """A world of any kind."""
    scale = draw(st.sampled_from(ALL_SCALES if crowds else SCALES))
    calendar = draw(calendars(scale))
    kinds = draw(intents(calendar, common=True))
    flow = draw(arrivals(calendar, list(kinds), scale))
    if flow["process"] == "trace" or draw(st.booleans()):
        for kind in kinds.values():
            del kind["share"]
        if flow["process"] != "trace":
            own = arrivals(calendar, ["a"], scale).filter(lambda f: f["process"] != "trace")
            for kind in kinds.values():
                kind["arrivals"] = draw(own)
            flow = None
    skills = list(dict.fromkeys(kind.get("skill", name) for name, kind in kinds.items()))
    margins = st.sampled_from(scale.margins)
    return without_nothing(
        name="a small world",
        calendar=calendar,
        arrivals=flow,
        intents=kinds,
        customers=draw(customers(calendar, scale)),
        agents=draw(agents(calendar, skills, scale)),
        run={"warm_up": draw(margins), "follow_up": draw(margins)},
        **(draw(mechanisms(calendar)) if with_mechanisms else {}),
    )
