"""The shipped cases tell the stories that scenarios/cases/README.md tells: on the same customers, beyond luck."""

from pathlib import Path

import pytest

import sim

CASES = Path(__file__).parents[1] / "scenarios" / "cases"
REPLICATIONS = 6
SHORT = ["calendar.days=3", "run.warm_up=2d", "run.follow_up=3d"]


def load(name):
    return sim.load(str(CASES / f"{name}.yaml"), SHORT)


# case: the first scenario, another, and what is higher (+) or lower (-) there
STORIES = {
    "the claim is worth little": ("cuts/before", "cuts/claim-holds", {"offered": -1, "aht_s": +1, "csat": -1}),
    "45 are too many even so": (
        "cuts/before",
        "cuts/claim-holds-45-cut",
        {"sl_offered": -1, "abandonment_rate": +1, "resolution_rate": -1, "strained_share": +1},
    ),
    "half true is worse": (
        "cuts/claim-holds-45-cut",
        "cuts/half-true-45-cut",
        {"offered": +1, "abandonment_rate": +1, "bot_resolution_rate": -1},
    ),
    "a squeeze": (
        "squeeze/unhurried",
        "squeeze/squeezed",
        {"aht_s": -1, "fcr_human": -1, "repeat_rate": +1, "csat": -1},
    ),
    "a squeeze on people": (
        "squeeze/squeezed",
        "squeeze/squeezed-people",
        {"workload_per_resolution_s": +1, "natural_aht_s": +1, "resolution_rate": -1},
    ),
    "a mix shock": (
        "mix-shock/normal",
        "mix-shock/shock",
        {"supervisor_rate": +1, "aht_s": +1, "asa_s": +1, "csat": -1},
    ),
    "time given back": ("copilot/without", "copilot/reinvested", {"aht_s": -1, "resolution_rate": +1, "csat": +1}),
    "time cashed in": ("copilot/without", "copilot/cashed-in", {"aht_s": -1, "csat": -1, "cost_per_resolution": -1}),
    "the truth": (
        "claim/claimed",
        "claim/real",
        {"bot_resolution_rate": -1, "resolution_rate": -1, "repeat_rate": +1, "csat": -1},
    ),
    "summaries": ("cleanup/without", "cleanup/summaries", {"acw_s": -1, "sl_offered": +1}),
    "corrections": ("cleanup/summaries", "cleanup/corrected", {"acw_s": +1, "sl_offered": -1}),
    "twenty minutes": (
        "cleanup/corrected",
        "cleanup/stress",
        {"acw_s": +1, "abandonment_rate": +1},
    ),
    "AI first": ("redesign/today", "redesign/ai-first", {"aht_s": +1, "sl_offered": -1}),
    "redesign first": ("redesign/today", "redesign/redesign-first", {"aht_s": -1, "sl_offered": +1, "csat": +1}),
    "then AI": ("redesign/redesign-first", "redesign/redesign-then-ai", {"aht_s": -1, "sl_offered": +1}),
    "the wrong intents": (
        "intents/suited",
        "intents/unsuited",
        {"bot_resolved": -1, "resolution_rate": -1, "repeat_rate": +1, "csat": -1, "workload_hours": -1},
    ),
    "the loop": (
        "loop/way-out",
        "loop/no-way-out",
        {
            "containment_rate": +1,
            "bot_abandonment_rate": +1,
            "resolution_rate": -1,
            "attempts_per_need": +1,
            "csat": -1,
        },
    ),
    "a cop": ("monitoring/coach", "monitoring/cop", {"fatigue_mean": +1, "leavers_expected": +1}),
}


@pytest.mark.parametrize("story", STORIES)
def test_a_case_tells_its_story(story):
    first, other, moves = STORIES[story]
    pair = [load(name) for name in (first, other)]
    found = sim.compare(*pair, replications=REPLICATIONS).differences.set_index("measure")
    for measure, sign in moves.items():
        low, high = found.loc[measure, ["ci_low", "ci_high"]]
        assert min(sign * low, sign * high) > 0, (measure, low, high)


def test_forty_five_roles_are_what_was_cut():
    before, after = (load(f"cuts/{name}") for name in ("before", "claim-holds-45-cut"))
    heads = [sum(shift.count for shift in scenario.agents["front"].shifts) for scenario in (before, after)]
    assert heads[0] - heads[1] == 45


def test_the_reports_of_the_claim_cannot_be_told_apart():
    """Containment and service level agree to a few points; resolution by the bot is half."""
    claimed, real = (
        sim.run(sim.load(str(CASES / "claim" / f"{name}.yaml")), replications=4).measures["mean"]
        for name in ("claimed", "real")
    )
    for measure in ("containment_rate", "sl_offered", "abandonment_rate"):
        assert abs(claimed[measure] - real[measure]) < 0.05, measure
    assert 0.75 < real["containment_rate"] < 0.81
    assert real["bot_resolution_rate"] == pytest.approx(0.41, abs=0.02)


def test_the_squeeze_buys_nothing():
    """Handle time over the share resolved at the first contact: 49.2 minutes unhurried, 50.0 and more squeezed."""
    slow, fast = (
        sim.run(load(f"squeeze/{name}"), replications=REPLICATIONS).measures["mean"]
        for name in ("unhurried", "squeezed")
    )
    cost = [m["aht_s"] / 60 / m["fcr_human"] for m in (slow, fast)]
    assert cost[0] == pytest.approx(49.2, rel=0.02)
    assert cost[1] > cost[0]
    assert (fast["aht_s"] / 60, fast["fcr_human"]) == pytest.approx((22.5, 0.44), rel=0.03)


# Years ahead ----------------------------------------------------------------------

AHEAD = {
    "insurer-year/year": {"months": 12, "let_go": 0, "hired": 0, "rule": "none"},
    "bank-reversal/cut-and-reverse": {"months": 9, "let_go": 45, "hired": 53, "rule": "none"},
    "growth-and-drift/year": {"months": 12, "let_go": 0, "hired": 0, "rule": "replace"},
    "spiral/short": {"months": 12, "let_go": 8, "hired": 0, "rule": "none"},
}


@pytest.mark.parametrize(("name", "said"), AHEAD.items())
def test_years_ahead_are_what_their_page_says(name, said):
    ahead = sim.load(str(CASES / f"{name}.yaml")).horizon
    assert ahead.months == said["months"]
    assert sum(gone.count for gone in ahead.let_go) == said["let_go"]
    assert sum(entry.count for entry in ahead.hiring.classes) == said["hired"]
    assert ahead.hiring.rule.kind == said["rule"]
    assert "made up" in (CASES / f"{name}.yaml").read_text()


def test_the_growth_is_sixteen_percent_a_year_and_the_reversal_trains_enough_for_forty_five():
    growth = sim.load(str(CASES / "growth-and-drift" / "year.yaml")).horizon
    assert growth.growth.factor(13, "simple") == pytest.approx(1.16, rel=1e-4)
    assert growth.bot.drift_cv == 0.1
    bank = sim.load(str(CASES / "bank-reversal" / "cut-and-reverse.yaml")).horizon
    (back,) = bank.hiring.classes
    assert round(back.count * bank.hiring.graduates) == 45


@pytest.mark.long
def test_the_years_tell_their_stories():
    """A cut misses more than keeping everybody; a bot that drifts leaves replacing too few; strain feeds itself."""
    growth, spiral = (sim.load(str(CASES / f"{name}.yaml")) for name in ("growth-and-drift/year", "spiral/short"))
    kept = sim.plan(growth, ("keep", "cut"), best=False, spiral=False)
    missed = {plan.plan.name: _missed(plan) for plan in kept.plans.plans}
    assert missed["cut"] > missed["keep"] > 0.2
    fed = sim.plan(spiral, ("keep",), best=False)
    assert fed.spiral.month is not None
    assert _missed(fed.file) > 0.8 > _missed(fed.plans["keep"])


def _missed(year):
    whole = year.chance[year.chance["target"] == "all"]
    return 1.0 - whole["chance"].mean()
