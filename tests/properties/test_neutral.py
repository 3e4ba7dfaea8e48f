"""A mechanism at its neutral values is the mechanism left out, to the last bit."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.same import same
from tests.properties.conftest import LONG, QUICK
from tests.properties.worlds import play, worlds

NO_FRUSTRATION = {
    "start": 0.15,
    "failed_turn": 0,
    "repeats_himself": 0,
    "per_minute": 0,
    "returns": 0,
    "effects": {"patience": 0, "talk_time": 0, "resolution": 0},
}
NO_EFFECTS = {"talk_time": 0, "spread": 0, "resolution": 0}
NO_FATIGUE = {
    "build_per_hour": 0,
    "recovery_per_hour": {"available": 0, "break": 0, "off": 0},
    "mistreatment_weight": 0,
    "effects": NO_EFFECTS,
}
NEUTRAL = {
    # what is switched on; what it may write into the records all the same
    "frustration": ({"frustration": NO_FRUSTRATION}, set()),
    "frustration that affects nothing": (
        {"frustration": {"effects": NO_FRUSTRATION["effects"]}},
        {"frustration", "frustration_end"},
    ),
    "mistreatment": ({"mistreatment": {"intercept": -1e6, "slope": 0}}, set()),
    "mistreatment that affects nothing": ({"mistreatment": {}}, {"mistreated"}),
    "fatigue": ({"fatigue": NO_FATIGUE}, set()),
    "fatigue that affects nothing": ({"fatigue": {"effects": NO_EFFECTS}}, {"fatigue", "fatigue_left", "rate"}),
    "pace that is never reached": ({"pace": {"target": "9000h", "push": 1, "resolution_slope": 2}}, set()),
    "pace that nobody follows": ({"pace": {"target": "1s", "push": 0}}, set()),
    "a bot for nobody": ({"bot": {}}, set()),
    "agents who do not differ": ({"workforce": {"speed_sd": 0, "learning": {"start": 0}}}, set()),
    "a round that affects nobody": (
        {"workforce": {"speed_sd": 0, "learning": {"start": 0}, "redundancy": {"share": 0}}},
        set(),
    ),
    "a round without effect": (
        {"workforce": {"speed_sd": 0, "learning": {"start": 0}, "redundancy": {"handle_time": 0, "resolution": 0}}},
        set(),
    ),
    "an assistant that nobody uses": ({"assistant": {"adoption": 0, "summary": {}, "cleanup": {}}}, set()),
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
    "expectations that nobody has": ({"expectations": {"patience": 1, "start": 0}}, set()),
    "one system": ({"screens": {"systems": 1}}, set()),
}


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


NO_BOT = {
    "opt_out": 0.3,
    "false_containment": 0,
    "context_kept": 1,
    "session": {"distribution": "constant", "value": "0s"},
}


def check_bot(engine, world):
    """Sessions of no length that resolve nothing and lose nothing, without frustration: only the column bot knows."""
    world = {key: block for key, block in world.items() if key not in ("bot", "frustration")}
    plain = {n: {k: v for k, v in i.items() if k != "bot"} for n, i in world["intents"].items()}
    served = {n: i | {"bot": {"resolves": 0}} for n, i in plain.items()}
    without = play(world | {"intents": plain}, engine)
    same(without.records, play(world | {"intents": served, "bot": NO_BOT}, engine).records, {"bot"})


@settings(QUICK, max_examples=50)
@given(world=worlds())
def test_a_bot_that_does_nothing_in_no_time_is_no_bot(engine, world):
    check_bot(engine, world)


@pytest.mark.long
@settings(LONG, max_examples=1_000)
@given(world=worlds())
def test_a_bot_that_does_nothing_is_no_bot_in_many_worlds(engine, world):
    check_bot(engine, world)
