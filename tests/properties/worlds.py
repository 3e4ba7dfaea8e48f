"""Worlds of every kind: a strategy over the whole scenario format, for any engine.

Times lie on a coarse grid often enough that things happen at the same microsecond. A world is the plain data of a
scenario file; `Played` holds what one replication of it left behind. Most worlds are small and some last for weeks;
only where `crowds` are asked for are there tens of agents, thousands of contacts, customers who never give up.
"""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from sim import loads, simulate
from sim.demand.horizon import Horizon, make_horizon
from sim.engine import COMPILED
from sim.engine.records import Records
from sim.facts.bot_probabilities import most_containment
from sim.mechanisms.bot import Bot
from sim.scenario.model import Scenario
from tests.properties.calendars import (
    BUSY,
    CROWD,
    INSISTENT,
    SMALL,
    WEEKS,
    Document,
    calendars,
    hours_beside,
    seconds,
    without_nothing,
)
from tests.properties.floors import agents, with_supervisors
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
    """The bot, its session often a constant, or turn by turn; for some customers and hours, or for all."""
    hours = draw(st.none() | hours_beside(calendar))
    return without_nothing(
        opt_out=draw(st.sampled_from([0.0, 0.3, 0.5])),
        opt_out_after_failure=draw(SHARES),
        selectivity=draw(st.sampled_from([0.0, 0.7, -0.5])),
        session=draw(profiled(calendar, zero=True)),
        false_containment=draw(SHARES),
        context_kept=draw(SHARES),
        lost_context_time=draw(st.none() | seconds(0, 60)),
        exposure=draw(st.sampled_from([None, None, 0.5, 0.5, 0.5, 1, 0])),
        hours=hours,
        out_of_hours=draw(st.sampled_from([None, 0, 0.5, 3])) if hours else None,
        claimed=draw(st.none() | SHARES),
        conversation=draw(st.none() | conversations(calendar)),
    )


@st.composite
def conversations(draw: Any, calendar: Document) -> Document:
    """A session turn by turn; with turns of no length, and customers who go on for ever."""
    return without_nothing(
        turn=draw(profiled(calendar, st.sampled_from([15.0, 30.0, 60.0]), zero=True)),
        fails_if_capable=draw(st.none() | SHARES),
        fails_if_not=draw(st.none() | SHARES),
        good_turns=draw(st.sampled_from([1, 1, 2, 5])),
        give_up=draw(st.sampled_from([None, None, [0.5, 1], [0.3, 0], [1], [0]])),
        leaves=draw(SHARES),
        offer_after=draw(st.sampled_from([None, 1, 2, 9])),
        handoff=draw(st.sampled_from([None, "offer", "never"])),
    )


def possible(kinds: Document, bot: Document) -> None:
    """Have intents state a containment that their bot can come to."""
    conversation = {key: value for key, value in bot.get("conversation", {}).items() if key != "turn"}
    told = Bot.model_validate({"opt_out": bot["opt_out"], "conversation": conversation})
    for kind in kinds.values():
        own = kind.get("bot", {})
        if "containment" in own:
            own["containment"] = min(own["containment"], most_containment(told, own["false_share"]))


SLOPES = st.sampled_from([0, 4, 50])
FRUSTRATION = st.just({}) | st.fixed_dictionaries(
    {
        "start": SHARES,
        "returns": SHARES,
        "transferred": SHARES,
        "wait_grace": seconds(0, 60),
        "per_minute": SHARES,
        "failed_turn": SHARES,
    },
    optional={"effects": st.sampled_from([{"patience": 2}, {"talk_time": 1, "resolution": 3}, {"resolution": 0}])},
)
MISTREATMENT = st.sampled_from([{}, {"intercept": 0, "slope": 3}])
TIRING = st.sampled_from(
    [
        {},
        {"build_per_hour": 3, "strain_threshold": 0.1},
        {"build_per_hour": 2, "effects": {"talk_time": 1, "spread": 0, "resolution": 2}},
        {"build_per_hour": 5, "mistreatment_weight": 3, "effects": {"talk_time": 0, "spread": 1.5}},
        {"build_per_hour": 1, "recovery_per_hour": {"available": 0, "break": 6, "off": 0}},
    ]
)
PAUSES = st.fixed_dictionaries(
    {},
    optional={
        "break_at": st.sampled_from([0, 0.05, 0.05, 0.35, 1]),
        "break_length": st.sampled_from(["1m", "5m", "15m", "12h", "0.0001ms"]),
        "recovery_time": st.sampled_from(["30s", "1m", "5m", "0.0001ms"]),
        "long_contact": st.sampled_from([0.5, 1, 1.5]),
    },
)
FATIGUE = st.builds(lambda tiring, pauses: tiring | pauses, TIRING, PAUSES)
TARGET = st.sampled_from(
    [{"target": "45s"}, {"target": "5m", "push": 1}, {"target": {"a": "30s"}, "push": 0.8, "resolution_slope": 0}]
)
SENDING = st.fixed_dictionaries(
    {"sends_away": st.sampled_from(["off", 0.3, 1, 1, 0])},
    optional={"sends_away_below": st.sampled_from([1, 1, 0.9, 0])},
)
PACE = st.builds(lambda target, sending: target | sending, TARGET, SENDING)
TRUST = st.just({}) | st.fixed_dictionaries(
    {}, optional={"start": SHARES, "failed_bot": SHARES, "unresolved": SHARES, "good": SHARES, "opt_out": SLOPES}
)
INDUCED = st.sampled_from([{}, {"elasticity": 0.5}, {"elasticity": 1, "ease": 0.3}])
CSAT = st.sampled_from(
    [{}, {"start": 40, "contact": 0}, {"start": 100, "per_minute": 60, "wait_grace": "0s", "trust": 50, "cuts": 20}]
)
ATTRITION = st.sampled_from([{}, {"weekly": 1, "new_for": "5d", "fatigue_slope": -3}, {"new_factor": 0, "sd": 0.01}])
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
        "trust": TRUST,
        "induced_demand": INDUCED,
        "csat": CSAT,
        "attrition": ATTRITION,
    }
    return without_nothing(**{name: draw(st.none() | kind) for name, kind in kinds.items()})


# Channels ---------------------------------------------------------------------------------

CHATS = st.sampled_from(
    [
        None,
        {"agent_turn": "10s", "customer_turn": "50s"},
        {"agent_turn": "45s", "customer_turn": "45s"},
        {"times": ["60s", "60s", "60s"]},
        {"times": ["60s", "90s", "150s"]},
    ]
)
CONCURRENCY = st.sampled_from([1, 2, 3, 3, {"0d": 1, "30d": 3}, {"0s": 3, "10d": 2, "400d": 1}])


TIMES = st.sampled_from(["0s", "30s", "1m", "2m", "10m"])
CALLBACK = st.fixed_dictionaries(
    {"offer_above": st.sampled_from(["0s", "0s", "30s", "2m"]), "accepts": st.sampled_from([0.5, 1, 1])},
    optional={
        "keeps_place": st.booleans(),
        "answers": st.sampled_from([0, 0.5, 1]),
        "attempts": st.integers(1, 3),
        "ring": TIMES,
        "between": TIMES,
        "expires": st.sampled_from(["1m", "10m", "1h", "20h"]),
    },
)
ITEMS = st.fixed_dictionaries(
    {},
    optional={
        "due": st.sampled_from(["1m", "30m", "2h", "20h"]),
        "clock": st.sampled_from(["business", "elapsed"]),
        "interruptible": st.booleans(),
        "opening_backlog": st.sampled_from([{"count": 3}, {"count": 5, "age": "1h"}, {"count": 2, "age": "2d"}]),
    },
)


@st.composite
def with_channels(draw: Any, kinds: Document, groups: Document, people: Document) -> Document:
    """Some intents by chat or deferred, agents who have several at once; call-backs, overflow and limits."""
    for kind in kinds.values():
        channel = draw(st.sampled_from(["phone", "chat", "chat", "deferred"]))
        kind["channel"] = channel
        if channel == "chat":
            kind |= without_nothing(chat=draw(CHATS))
        if channel == "deferred":
            kind |= draw(ITEMS)
            kind.pop("patience", None)
    for group in groups.values():
        group |= without_nothing(
            concurrency=draw(CONCURRENCY),
            attention=draw(st.sampled_from([None, "slot_use", "writing_share"])),
            keep_idle=draw(st.sampled_from([None, None, 1, 2])),
        )
        if draw(st.booleans()):
            group["skills"] = {skill: draw(later(liking)) for skill, liking in preferred(group["skills"]).items()}
    if draw(st.booleans()) and any(kind["channel"] == "phone" for kind in kinds.values()):
        people["callback"] = draw(CALLBACK)
    if draw(st.booleans()):
        people |= {
            "silent_leave": draw(st.sampled_from([0.3, 1])),
            "silent_timeout": draw(st.sampled_from(["1s", "1m"])),
        }
    skills = list(dict.fromkeys(kind.get("skill", name) for name, kind in kinds.items()))
    return {skill: {"limit": draw(st.integers(0, 4))} for skill in skills if draw(st.integers(0, 3)) == 0}


def preferred(skills: Any) -> Document:
    """The skills of a group as a map."""
    return skills if isinstance(skills, dict) else {s: {"preference": k + 1} for k, s in enumerate(skills)}


def later(liking: Document) -> st.SearchStrategy[Document]:
    """The same, perhaps only for those who have waited for some time."""
    return st.sampled_from([liking, liking, liking | {"overflow_after": "30s"}, liking | {"overflow_after": "5m"}])


BOT_DAYS = st.fixed_dictionaries(
    {},
    optional={
        "max_sessions": st.sampled_from([1, 1, 3]),
        "day_sd": st.sampled_from([0.4, 3]),
        "outage": st.sampled_from([{"per_day": 1, "length": "30m"}, {"per_day": 0.5, "length": "26h"}]),
    },
)


# The whole ------------------------------------------------------------------------------


@st.composite
def worlds(draw: Any, with_mechanisms: bool = True, crowds: bool = False, channels: bool = False) -> Document:
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
    groups, blocks = draw(agents(calendar, skills, scale)), draw(mechanisms(calendar)) if with_mechanisms else {}
    if with_mechanisms and draw(st.booleans()):
        groups, blocks["supervisor"] = draw(with_supervisors(calendar, groups, scale))
    people, queues = draw(customers(calendar, scale)), None
    if channels:
        queues = draw(with_channels(kinds, groups, people)) or None
        if "bot" in blocks:
            blocks["bot"] |= draw(BOT_DAYS)
    if "conversation" in blocks.get("bot", {}):
        possible(kinds, blocks["bot"])
    margins = st.sampled_from(scale.margins)
    return without_nothing(
        name="a small world",
        calendar=calendar,
        arrivals=flow,
        intents=kinds,
        customers=people,
        queues=queues,
        agents=groups,
        run={"warm_up": draw(margins), "follow_up": draw(margins)},
        **blocks,
    )
