"""Returns at once and for ever are refused, by whatever way; what ends is not."""

import pytest

from sim.errors import ScenarioError
from sim.loading.load import loads
from sim.loading.termination import least_resolution

NOW = {"probability": 1, "delay": "0s"}
CLOSES = {"resolution": 0, "bot": {"resolves": 1}}
FAILS = {"resolution": 0, "bot": {"resolves": 0}}
USUAL = {"resolution": 0.7, "talk_time": "5m"}
NEVER_ASKS = {"opt_out": 0, "opt_out_after_failure": 0, "false_containment": 1, "context_kept": 1}
ALL_ASK = {"turn": "0s", "give_up": [1], "leaves": 0}
VEXED = {"start": 0, "returns": 0.5, "effects": {"resolution": 1e9}}


def centre(intent, repeat=NOW, **more):
    """A morning with one intent, whose unresolved needs come back at once."""
    more = {
        "calendar": {"start": "2026-01-05", "days": 1, "hours": "08:00-10:00"},
        "customers": {"repeat": repeat} | more.pop("customers", {}),
    } | more
    return {
        "name": "morning",
        "arrivals": {"per_day": 10},
        "intents": {"a": {"talk_time": "0s"} | intent},
        "agents": {"g": {"skills": ["a"], "staff": 2}},
        **more,
    }


def refusal(document):
    with pytest.raises(ScenarioError) as caught:
        loads(document)
    (problem,) = caught.value.problems
    assert "brings a back at once and for ever, never resolved" in problem.message
    assert "customers.max_attempts" in problem.fix
    return problem.path


@pytest.mark.parametrize(
    ("intent", "more"),
    [
        # some never meet the bot that would resolve it
        (CLOSES, {"bot": {"exposure": 0.5}}),
        (CLOSES, {"bot": {"exposure": 0}}),
        (CLOSES, {"bot": {"hours": {"sun": "00:00-24:00"}}}),
        (CLOSES, {"bot": {"hours": "08:00-09:00"}}),
        (CLOSES, {"bot": {"hours": "08:30-10:00"}}),
        (CLOSES, {"bot": {"opt_out": 0.5}, "customers": {"straight_to_human": 1}}),
        (CLOSES, {"bot": {"opt_out": 0.5}, "trust": {"opt_out": 1e9, "unresolved": 0.5}}),
        # a session that goes to a human, time and again
        (FAILS, {"bot": NEVER_ASKS | {"conversation": ALL_ASK}}),
        (FAILS, {"bot": {"opt_out": 0.5, "opt_out_after_failure": 1}}),
        (FAILS, {"bot": NEVER_ASKS | {"false_containment": 0}}),
        # what agents usually resolve, and here do not
        (USUAL, {"workforce": {"redundancy": {"share": 1, "resolution": 1}}}),
        (USUAL, {"frustration": VEXED}),
        (USUAL, {"fatigue": {"effects": {"resolution": 1e9}}}),
        (USUAL, {"pace": {"target": "1s", "push": 1, "resolution_slope": 1e9}}),
        (USUAL, {"customers": {"difficulty_slope": 1e9}}),
    ],
)
def test_agents_never_resolve_it(intent, more):
    assert refusal(centre(intent, **more)) == "customers.repeat"
    capped = more | {"customers": more.get("customers", {}) | {"max_attempts": 9}}
    assert loads(centre(intent, **capped)).customers.max_attempts == 9
    assert loads(centre(intent, NOW | {"probability": 0.99}, **more))
    assert loads(centre(intent, NOW | {"delay": "5m"}, **more))


def test_agents_who_do_not_resolve_count_where_the_bot_closes_falsely_and_slowly():
    slowly = NOW | {"falsely_contained": {"probability": 1, "delay": "4d"}}
    assert refusal(centre(FAILS, slowly, bot=NEVER_ASKS | {"exposure": 0})) == "customers.repeat"
    assert refusal(centre(FAILS, slowly, bot=NEVER_ASKS | {"exposure": 0.5})) == "customers.repeat"
    assert loads(centre(FAILS, slowly, bot=NEVER_ASKS))


@pytest.mark.parametrize("falsely", ["0s", "4d"])
@pytest.mark.parametrize("handoff", ["offer", "never"])
def test_who_asks_before_the_bot_can_close_it_is_not_closed(falsely, handoff):
    """Whoever gives up at the first failed turn asks, and is heard or not; only then could the bot close a session."""
    back = NOW | {"falsely_contained": {"probability": 1, "delay": falsely}}
    bot = NEVER_ASKS | {"conversation": {"give_up": [1], "leaves": 0, "fails_if_not": 1, "handoff": handoff}}
    if handoff == "offer":
        assert refusal(centre(FAILS, back, bot=bot)) == "customers.repeat"
    elif falsely == "0s":
        assert refusal(centre(FAILS, back, bot=bot)) == "customers.repeat.falsely_contained"
    else:
        assert loads(centre(FAILS, back, bot=bot))


def test_a_bot_that_closes_all_again_and_again():
    back = {"probability": 0.5, "falsely_contained": NOW}
    for exposure in ("off", 0.5):
        path = refusal(centre(FAILS, back, bot=NEVER_ASKS | {"exposure": exposure}))
        assert path == "customers.repeat.falsely_contained"
    assert loads(centre(FAILS, back, bot=NEVER_ASKS | {"exposure": 0}))
    assert loads(centre(FAILS, back, bot=NEVER_ASKS | {"opt_out_after_failure": 0.1}))
    lost = {"opt_out": 1e9, "failed_bot": 0.5}
    assert loads(centre(FAILS, back, bot=NEVER_ASKS | {"opt_out_after_failure": 0.0001}, trust=lost))


def test_agents_and_bot_between_them():
    """Half of the returns each way: neither path alone is for ever."""
    bot = NEVER_ASKS | {"opt_out_after_failure": 0.5}
    both = NOW | {"falsely_contained": NOW}
    assert refusal(centre(FAILS, both, bot=bot)) == "customers.repeat"
    assert loads(centre(FAILS | {"resolution": 0.7}, both, bot=bot))
    assert loads(centre(FAILS, NOW, bot=bot)), "falsely contained ones take days"


@pytest.mark.parametrize(
    ("intent", "more"),
    [
        (CLOSES, {"bot": {}}),
        (CLOSES, {"bot": {"hours": "07:00-24:00"}}),
        (CLOSES, {"bot": {"exposure": 1, "opt_out": 0.99}}),
        (CLOSES, {"bot": {"opt_out": 0.5}, "trust": {}, "customers": {"straight_to_human": 0.5}}),
        (CLOSES, {"bot": {"opt_out": 0}, "customers": {"straight_to_human": 1}}),
        (USUAL, {}),
        (USUAL, {"bot": {"exposure": 0.1}}),
        (USUAL | {"resolution": 0.3}, {}),
        (USUAL | {"resolution": 1}, {"workforce": {"redundancy": {}}, "frustration": VEXED}),
        (USUAL, {"workforce": {"redundancy": {"resolution": 1, "half_life": "30d", "since": "90d"}}}),
        (USUAL, {"workforce": {"redundancy": {"resolution": 1, "share": 0}}}),
        (USUAL, {"pace": {"target": {"a": "5m"}, "resolution_slope": 1e9}}),
        (
            USUAL,
            {
                "bot": {},
                "trust": {},
                "fatigue": {},
                "frustration": {},
                "workforce": {"redundancy": {}},
                "pace": {"target": "3m"},
            },
        ),
    ],
)
def test_what_ends_is_good(intent, more):
    assert loads(centre(intent, **more))


def test_the_least_that_agents_resolve():
    """Without a slope the stated share; a slope takes it down to that of a hard need; all effects add up."""
    flat = {"customers": {"difficulty_slope": 0}}

    def least(**more):
        scenario = loads(centre(USUAL, {"probability": 0.5}, **more))
        return least_resolution(scenario, scenario.intents["a"])

    assert least(**flat) == pytest.approx(0.7)
    assert 0.1 < least() < 0.2
    assert least(**flat, fatigue={}, frustration={}) == pytest.approx(1 / (1 + 3 / 7 * 2.718281828 ** (0.6 + 0.34)))
    assert least(**flat, workforce={"redundancy": {}}) == pytest.approx(0.68)
    pressed = {"target": "2m30s", "push": 1, "resolution_slope": 1}
    assert least(**flat, pace=pressed) == pytest.approx(7 / 13)
