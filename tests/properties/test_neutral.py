"""A mechanism at its neutral values is the mechanism left out, to the last bit."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.mechanisms import built_in
from tests.engines.same import same
from tests.properties.calendars import WEEK
from tests.properties.conftest import LONG, QUICK
from tests.properties.worlds import play, worlds

EFFECTS = {"patience": 0, "talk_time": 0, "resolution": 0}
NO_EFFECTS = {"talk_time": 0, "spread": 0, "resolution": 0}
DECLARED = {
    mechanism.name: ({mechanism.name: dict(mechanism.neutral)}, set(mechanism.writes))
    for mechanism in built_in()
    if mechanism.neutral is not None
}
"""What each mechanism says of itself: neutral values, and the columns that it writes all the same."""

NEUTRAL = DECLARED | {
    # what is switched on; what it may write into the records all the same
    "frustration that affects nothing": ({"frustration": {"effects": EFFECTS}}, {"frustration", "frustration_end"}),
    "mistreatment that affects nothing": ({"mistreatment": {}}, {"mistreated"}),
    "fatigue that affects nothing": ({"fatigue": {"effects": NO_EFFECTS}}, {"fatigue", "fatigue_left", "rate"}),
    "pace that is never reached": ({"pace": {"target": "9000h", "push": 1, "resolution_slope": 2}}, set()),
    "a round that affects nobody": (
        {"workforce": {"speed_sd": 0, "learning": {"start": 0}, "redundancy": {"share": 0}}},
        set(),
    ),
    "a round without effect": (
        {"workforce": {"speed_sd": 0, "learning": {"start": 0}, "redundancy": {"handle_time": 0, "resolution": 0}}},
        set(),
    ),
    "an assistant without effect": (
        {
            "assistant": {
                "uplift": 0,
                "mistreatment": 0,
                "summary": {"wrap_up": 1},
                "cleanup": {"probability": 0},
                "monitoring": "coach",
            }
        },
        set(),
    ),
    "an assistant whose time is all reinvested for nothing": (
        {"assistant": {"reinvest": 1, "reinvest_slope": 0, "mistreatment": 0}},
        set(),
    ),
    "trust that nothing changes": (
        {"trust": {"failed_bot": 0, "unresolved": 0, "good": 0, "opt_out": 50}},
        {"trust_end"},
    ),
    "gains that nobody notices": ({"induced_demand": {"elasticity": 3, "ease": 0}}, set()),
    "agents who may decide everything": ({"supervisor": {"group": "group0", "share": 1, "discretion": 0}}, set()),
}


def test_every_mechanism_says_what_is_neutral():
    assert set(DECLARED) == {mechanism.name for mechanism in built_in()}


def check(engine, world, name):
    blocks, written = NEUTRAL[name]
    bare = {key: block for key, block in world.items() if key not in blocks}
    if "bot" in blocks:
        bare["intents"] = {n: {k: v for k, v in i.items() if k != "bot"} for n, i in bare["intents"].items()}
    if name == "mistreatment that affects nothing":
        bare.pop("fatigue", None)
    if name == "frustration that affects nothing":
        bare.pop("mistreatment", None)
    same(play(bare, engine).records, play(bare | blocks, engine).records, written)


@settings(QUICK)
@given(world=worlds(), name=st.sampled_from(sorted(NEUTRAL)))
def test_neutral_is_absent(engine, world, name):
    check(engine, world, name)


@pytest.mark.long
@settings(LONG, max_examples=1_500)
@given(world=worlds(), name=st.sampled_from(sorted(NEUTRAL)))
def test_neutral_is_absent_in_many_worlds(engine, world, name):
    check(engine, world, name)


# Keys of a section ----------------------------------------------------------------------

WHOLE = {"distribution": "constant", "value": "60s"}
HALVES = {
    "turn": {"distribution": "constant", "value": "30s"},
    "fails_if_capable": 0,
    "fails_if_not": 1,
    "good_turns": 2,
    "give_up": [0],
    "offer_after": 2,
}
KEYS = {
    # the section; keys that both worlds have or lack (None); keys that one of them has
    "everybody meets the bot": ("bot", {"exposure": None}, {"exposure": 1}),
    "a bot that is always there": (
        "bot",
        {"hours": None, "out_of_hours": None},
        {"hours": "00:00-24:00", "out_of_hours": 0},
    ),
    "what a vendor claims": ("bot", {"claimed": None}, {"claimed": 0.5}),
    "two turns of half a session": ("bot", {"session": WHOLE, "conversation": None}, {"conversation": HALVES}),
    "nobody goes straight to a human": ("customers", {"straight_to_human": None}, {"straight_to_human": 0}),
    "nobody is sent away": (
        "pace",
        {"target": "45s", "sends_away": None},
        {"sends_away": 0, "sends_away_below": 1},
    ),
    "a target that is never low enough": (
        "pace",
        {"target": "45s", "sends_away": None},
        {"sends_away": 1, "sends_away_below": 0},
    ),
    "whom nobody sends away": ("frustration", {"transferred": None}, {"transferred": 1}),
    "agents who never tire": (
        "fatigue",
        {"build_per_hour": 0, "recovery_time": None, "break_at": None},
        {"break_at": 0.001, "break_length": "1h"},
    ),
    "pauses that nobody takes": (
        "fatigue",
        {"break_at": None, "recovery_time": None},
        {"break_length": "1h", "long_contact": 0.001},
    ),
    "contacts that are never hard": (
        "fatigue",
        {"break_at": None, "recovery_time": None},
        {"recovery_time": "1h", "long_contact": 1e6},
    ),
}
WITHOUT = {"whom nobody sends away": "pace", "contacts that are never hard": "mistreatment"}
"""What must be off, for a key to be neutral."""


def check_key(engine, world, name):
    section, both, one = KEYS[name]
    world = {key: block for key, block in world.items() if key != WITHOUT.get(name)}
    kept = {key: value for key, value in world.get(section, {}).items() if key not in (*both, *one)}
    bare = kept | {key: value for key, value in both.items() if value is not None}
    same(play(world | {section: bare}, engine).records, play(world | {section: bare | one}, engine).records)


@settings(QUICK)
@given(world=worlds(), name=st.sampled_from(sorted(KEYS)))
def test_a_key_at_its_neutral_value_is_absent(engine, world, name):
    check_key(engine, world, name)


@pytest.mark.long
@settings(LONG, max_examples=1_500)
@given(world=worlds(), name=st.sampled_from(sorted(KEYS)))
def test_a_key_at_its_neutral_value_is_absent_in_many_worlds(engine, world, name):
    check_key(engine, world, name)


# No bot ---------------------------------------------------------------------------------

NO_BOT = {
    "opt_out": 0.3,
    "false_containment": 0,
    "context_kept": 1,
    "session": {"distribution": "constant", "value": "0s"},
}


NOBODY = {"nobody meets it": {"exposure": 0}, "it is never there": {"hours": dict.fromkeys(WEEK, "closed")}}


def check_absent_bot(engine, world, missing):
    """A bot that nobody meets is no bot, whatever else it could do."""
    bot = {key: value for key, value in world.get("bot", {}).items() if key not in ("hours", "out_of_hours")}
    without = {key: block for key, block in world.items() if key != "bot"}
    same(play(without, engine).records, play(world | {"bot": bot | NOBODY[missing]}, engine).records)


def check_bot(engine, world):
    """Sessions of no length that resolve nothing and lose nothing, without frustration: only their own columns know."""
    world = {key: block for key, block in world.items() if key not in ("bot", "frustration")}
    plain = {n: {k: v for k, v in i.items() if k != "bot"} for n, i in world["intents"].items()}
    served = {n: i | {"bot": {"resolves": 0}} for n, i in plain.items()}
    without = play(world | {"intents": plain}, engine)
    told = {"bot", "failed_turns", "trust_end"}
    same(without.records, play(world | {"intents": served, "bot": NO_BOT}, engine).records, told)


@settings(QUICK, max_examples=50)
@given(world=worlds())
def test_a_bot_that_does_nothing_in_no_time_is_no_bot(engine, world):
    check_bot(engine, world)


@settings(QUICK, max_examples=50)
@given(world=worlds(), missing=st.sampled_from(sorted(NOBODY)))
def test_a_bot_that_nobody_meets_is_no_bot(engine, world, missing):
    check_absent_bot(engine, world, missing)


@pytest.mark.long
@settings(LONG, max_examples=1_000)
@given(world=worlds(), missing=st.sampled_from(sorted(NOBODY)))
def test_a_bot_that_nobody_meets_is_no_bot_in_many_worlds(engine, world, missing):
    check_absent_bot(engine, world, missing)


@pytest.mark.long
@settings(LONG, max_examples=1_000)
@given(world=worlds())
def test_a_bot_that_does_nothing_is_no_bot_in_many_worlds(engine, world):
    check_bot(engine, world)
