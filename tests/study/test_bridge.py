"""The bars of a bridge: they add up to the change, and each is what its cause does."""

import math

import pytest
from scipy.special import ndtr, ndtri

import sim
from sim.errors import CcsimError
from sim.mechanisms import parts_of_handle_time
from sim.report.bridge.narrative import sentence
from tests.study.bridged import BOT, MEASURES, bars, end, plenty
from tests.study.small import small

RETAILER = ["calendar.days=1", "run={replications: 2, warm_up: 0d, follow_up: 1d}", "arrivals.per_day=600"]


def retailer(name):
    return sim.load(f"scenarios/retailer/{name}.yaml", RETAILER)


def no_bot(**changes):
    return small(bot="off", **changes)


PAIRS = {
    "the retailer": lambda: (retailer("before-bot"), retailer("after-bot")),
    "the retailer, staff cut": lambda: (retailer("before-bot"), retailer("after-bot-planned")),
    "the retailer, everything on": lambda: (retailer("before-bot-all"), retailer("after-bot-all")),
    "no bot": lambda: (no_bot(), no_bot(arrivals__per_day=70, agents__first__staff=3, pace="off", assistant={})),
    "a bot on both sides": lambda: (small(), small(intents__order__bot={"resolves": 0.5}, fatigue="off")),
    "conversation": lambda: (no_bot(frustration="off"), small(bot={"conversation": {}}, workforce={})),
    "other talk times": lambda: (no_bot(), small(intents__order__talk_time="5m", customers__patience="1m")),
}


@pytest.mark.parametrize("shapley", [False, True], ids=["one by one", "all orders"])
@pytest.mark.parametrize("pair", PAIRS)
def test_bars_add_up_to_the_change_between_two_runs(pair, shapley):
    before, after = PAIRS[pair]()
    found = sim.bridge(before, after, replications=2, shapley=shapley)
    runs = [sim.run(s, seed=before.run.seed, replications=2).measures["mean"] for s in (before, after)]
    for measure in MEASURES:
        change = end(found, "change", measure)
        assert math.fsum(bars(found, measure).values()) == pytest.approx(change, rel=1e-9, abs=1e-9)
        if measure != "fte":
            assert change == pytest.approx(runs[1][measure] - runs[0][measure], rel=1e-9, abs=1e-9)
    assert end(found, "before", "fte") == end(found, "before", "workload_hours") * found.rule.per_hour


def test_every_bar_between_a_scenario_and_itself_is_nothing():
    found = sim.bridge(small(), small())
    assert (found.bars[["mean", "ci_low", "ci_high"]] == 0.0).all(axis=None)
    assert set(found.bars["cause"]) == set(found.causes)


NEUTRAL = {
    "pace": {"pace": {"target": "1m", "push": 0.0}},
    "fatigue": {"fatigue.effects": {"talk_time": 0, "spread": 0, "resolution": 0}},
    "frustration": {"frustration.effects": {"talk_time": 0, "patience": 0, "resolution": 0}},
    "assistant": {"assistant": {"uplift": 0.0}},
}


@pytest.mark.parametrize("cause", NEUTRAL)
def test_a_neutral_mechanism_has_a_bar_of_nothing(cause):
    found = sim.bridge(plenty(), plenty(NEUTRAL[cause]))
    for measure in MEASURES:
        assert bars(found, measure)[cause] == 0.0


def test_a_mechanism_that_both_have_costs_what_it_costs_more():
    same = {"fatigue": {}}
    alone = bars(sim.bridge(plenty(), plenty(same)))["fatigue"]
    assert alone > 0.0
    assert bars(sim.bridge(plenty(same), plenty(same)))["fatigue"] == 0.0
    busier = bars(sim.bridge(plenty(same), plenty(same, arrivals__per_day=240)))["fatigue"]
    # Twice the contacts, each with agents about twice as tired: four times as much, of which once is there today.
    assert busier == pytest.approx(3 * alone, rel=0.4)


FALSE = {"intents.order.bot.false_share": 0.4, "intents.fault.bot.false_share": 0.4}
SIGNS = {
    "volume": ({}, {"arrivals.per_day": 150}, 1),
    "containment": ({}, BOT, -1),
    "selection": (BOT, {**BOT, "bot.selectivity": 0.7}, 1),
    "false_containment": (BOT, {**BOT, **FALSE}, 1),
    "lost_context": (BOT, {**BOT, "bot.context_kept": 0.2}, 1),
    "frustration": ({}, {"frustration": {}}, 1),
    "fatigue": ({}, {"fatigue": {}}, 1),
    "pace": ({}, {"pace": {"target": "3m", "resolution_slope": 0.0}}, -1),
    "assistant": ({}, {"assistant": {}}, -1),
    "other": ({}, {"intents.order.talk_time": "6m"}, 1),
}


@pytest.mark.parametrize("cause", SIGNS)
def test_a_cause_that_is_added_alone_has_the_only_bar(cause):
    before, after, sign = SIGNS[cause]
    found = sim.bridge(plenty(before), plenty(after))
    for name, hours in bars(found).items():
        assert (hours * sign > 0.0) if name == cause else hours == 0.0, name
    assert bars(found)[cause] == pytest.approx(end(found, "change", "workload_hours"), rel=1e-12)


def test_handle_time_is_taken_apart_as_the_records_do():
    before, after = plenty(fatigue={}), plenty({**BOT, "bot": {}}, fatigue={}, assistant={"summary": {}}, workforce={})
    found = sim.bridge(before, after)
    here, there = (sim.run(s).measures["mean"] for s in (before, after))
    moved = bars(found, "aht_s")
    parts = [part for part in parts_of_handle_time() if part.name != "concurrency"]
    causes = {part.measure: part.bar or "other" for part in parts}
    for cause in set(causes.values()):
        change = sum(there[part] - here[part] for part, bar in causes.items() if bar == cause)
        assert moved[cause] == pytest.approx(change, abs=1e-9), cause
    assert moved["containment"] != 0.0
    assert {"volume", "false_containment"}.isdisjoint(moved)
    parts = found.aht_parts.set_index(["cause", "part"])["mean"]
    assert parts["assistant", "aht_summary_s"] < 0.0
    assert parts["other"].sum() == pytest.approx(moved["other"])


def test_containment_and_selection_follow_the_mix_shift_law():
    need = {"share": 1.0, "wrap_up": "0s", "talk_time": {"distribution": "lognormal", "mean": "4m", "cv": 0.8}}
    one = {"intents": {"order": need, "fault": "off"}, "customers.repeat": "off", "arrivals.per_day": 2000}
    one |= {"agents.desk.staff": 400}
    capable, opt_out, mean_h, replications = 0.35, 0.1, 240 / 3600, 8
    bot = {"bot": {"opt_out": opt_out, "selectivity": 0.7, "false_containment": 0.0, "context_kept": 1.0}}
    able = {"order": need | {"difficulty_weight": 0.6, "bot": {"resolves": capable}}}
    found = sim.bridge(
        plenty(one), plenty({**one, **bot, "intents": {**able, "fault": "off"}}), replications=replications
    )
    log_sd, z = math.sqrt(math.log1p(0.8**2)), ndtri(capable)
    needs = 2 * 2000
    wanted = {
        "containment": -needs * mean_h * (1 - opt_out) * capable,
        "selection": needs * mean_h * (1 - opt_out) * (ndtr(log_sd * 0.42 - z) - (1 - capable)),
    }
    rows = found.bars[found.bars["measure"] == "workload_hours"].set_index("cause")
    for cause, hours in wanted.items():
        half = (rows.loc[cause, "ci_high"] - rows.loc[cause, "ci_low"]) / 2
        assert half < 0.1 * abs(hours)
        assert rows.loc[cause, "mean"] == pytest.approx(hours, abs=1.5 * half), cause


# Volume and staffing --------------------------------------------------------------


def test_volume_comes_at_todays_work():
    found = sim.bridge(plenty(), plenty(arrivals__per_day=240))
    assert bars(found)["volume"] == pytest.approx(end(found, "before", "workload_hours"), rel=0.2)


def test_induced_demand_is_volume():
    found = sim.bridge(plenty(), plenty(induced_demand={"elasticity": 0.3}), replications=2)
    assert [cause for cause, hours in bars(found).items() if hours] == ["volume"]


def test_a_new_intent_is_volume():
    new = {"share": 0.1, "skill": "all", "talk_time": "6m"}
    shares = {"intents.order.share": 0.5, "intents.fault.share": 0.4, "intents.change": new}
    found = sim.bridge(plenty(), plenty(shares))
    assert [cause for cause, hours in bars(found).items() if hours] == ["volume"]
    assert any("new in today" in note and "change" in note for note in found.notes)


def test_staffing_comes_first_and_the_rest_at_tomorrows():
    few = {"agents.desk.staff": 4, "customers.patience": "1m"}
    many = few | {"agents.desk.staff": 60}
    found = sim.bridge(plenty(many), plenty(few))
    assert bars(found)["staffing"] == pytest.approx(end(found, "change", "workload_hours"))
    assert bars(found)["staffing"] < 0.0
    assert any(note.startswith("Contacts that agents do not answer") for note in found.notes)
    assert not sim.bridge(plenty(few), plenty(many)).notes


def test_agents_who_cannot_serve_today_leave_it_its_own():
    other = {"agents.desk.skills": ["shop"], "intents.order.skill": "shop", "intents.fault.skill": "shop"}
    found = sim.bridge(plenty(), plenty(other, arrivals__per_day=140))
    (note,) = found.notes
    assert "tomorrow" not in note
    assert "cannot serve" in note
    assert bars(found)["staffing"] == 0.0
    assert bars(found)["volume"] > 0.0


def test_arrivals_that_do_not_fit_todays_hours_are_everything_else():
    shorter = {"calendar.hours": "08:00-10:00", "arrivals.profile": [1, 2, 2, 1], "arrivals.per_day": 200}
    found = sim.bridge(plenty(), plenty(shorter))
    (note,) = found.notes
    assert "arrivals do not fit today (arrivals.profile" in note
    assert bars(found)["volume"] == 0.0
    assert bars(found)["other"] == pytest.approx(end(found, "change", "workload_hours"))


# From workload to FTE ---------------------------------------------------------------


def test_fte_is_workload_over_the_hours_that_one_has():
    desks = {
        "desk": {"skills": ["all"], "staff": 6, "shrinkage": 0.25},
        "aid": {"skills": ["all"], "staff": 2, "shrinkage": 0.5, "absence": 0.2},
        "leads": {"skills": ["decisions"], "staff": 50, "shrinkage": 0.9},
    }
    costs = {"costs": {"agent_hour": 1, "fte_hours": "40h"}, "supervisor": {"group": "leads"}}
    found = sim.bridge(plenty({"agents": desks, **costs}), plenty({"agents": desks, **costs}))
    paid = {"desk": 6 * 4 * 2 / 0.75, "aid": 2 * 4 * 2 / 0.5}
    shrinkage = (0.25 * paid["desk"] + (1 - 0.5 * 0.8) * paid["aid"]) / sum(paid.values())
    assert found.rule.shrinkage == pytest.approx(shrinkage, rel=0.02)
    assert (found.rule.weekly_hours, found.rule.weeks) == (40.0, pytest.approx(2 / 7))
    hours = end(found, "before", "workload_hours")
    wanted = hours / (0.85 * (1 - found.rule.shrinkage) * 40 * 2 / 7)
    assert end(found, "before", "fte") == pytest.approx(wanted)


def test_occupancy_is_the_one_asked_for_else_the_target_else_the_default():
    target = {"targets.occupancy": 0.7}
    rules = [
        sim.bridge(plenty(), plenty(), replications=1).rule,
        sim.bridge(plenty(), plenty(target), replications=1).rule,
        sim.bridge(plenty(), plenty(target), replications=1, occupancy=0.5).rule,
    ]
    assert [(r.occupancy, r.occupancy_from) for r in rules] == [(0.85, "default"), (0.7, "targets"), (0.5, "option")]


def test_what_is_said_of_the_bot_stands_beside_what_it_does():
    before, after = plenty(), plenty({**BOT, "bot": {}})
    claim = sim.bridge(before, after).claim["mean"]
    result = [sim.run(s).measures["mean"] for s in (before, after)]
    assert math.isnan(claim["containment_before"])
    assert claim["containment_after"] == pytest.approx(result[1]["containment_rate"])
    assert claim["fte_claimed"] == pytest.approx(claim["containment_after"] * claim["fte_before"])
    gone = 1 - result[1]["workload_hours"] / result[0]["workload_hours"]
    assert claim["work_gone"] == pytest.approx(gone)
    assert claim["fte_free"] == pytest.approx(gone * claim["fte_before"])


def test_a_better_bot_promises_what_it_contains_more():
    claim = sim.bridge(plenty(BOT), plenty({**BOT, "intents.order.bot.containment": 0.6})).claim["mean"]
    here, there = claim["containment_before"], claim["containment_after"]
    assert there > here
    assert claim["contacts_claimed"] == pytest.approx(1 - (1 - there) / (1 - here))


def test_where_there_was_no_work_none_can_be_gone():
    nobody = plenty({f"agents.{name}.staff": 0 for name in plenty().agents})
    found = sim.bridge(nobody, plenty(), replications=2)
    assert math.isnan(found.claim.loc["work_gone", "mean"])
    assert "agents had no work today" in sentence(found)


def test_a_bot_for_some_promises_only_what_it_contains_of_all():
    """One contact in three has a bot; what it contains of its sessions is no share of the others."""
    some = {"intents.order.bot": BOT["intents.order.bot"], "bot": {}}
    after = plenty(some)
    claim = sim.bridge(plenty(), after).claim["mean"]
    told = sim.run(after).measures["mean"]
    assert claim["contained_of_all"] == pytest.approx(told["bot_contained"] / (told["bot_contained"] + told["offered"]))
    assert claim["contained_of_all"] < 0.9 * claim["containment_after"]
    assert claim["fte_claimed"] == pytest.approx(claim["contained_of_all"] * claim["fte_before"])


# How it is simulated ------------------------------------------------------------------


def test_equal_steps_are_simulated_once():
    told = []
    sim.bridge(plenty(), plenty(), replications=2, progress=lambda done, whole: told.append((done, whole)))
    assert told[-1] == (2, 2)
    sim.bridge(plenty(), plenty(fatigue={}), replications=2, progress=lambda done, whole: told.append((done, whole)))
    assert told[-1] == (4, 4)


def test_seed_and_replications_are_the_first_ones_unless_given():
    before, after = plenty(run__seed=5, run__replications=2), plenty(run__seed=9, run__replications=4)
    found = sim.bridge(before, after)
    assert (found.seed, found.replications) == (5, 2)
    given = sim.bridge(before, after, seed=7, replications=3)
    assert (given.seed, given.replications) == (7, 3)
    assert end(given, "before", "aht_s") == sim.run(before, seed=7, replications=3).measures.loc["aht_s", "mean"]


def test_workers_do_not_matter():
    one, two = (sim.bridge(plenty(), plenty(BOT), jobs=jobs) for jobs in (1, 2))
    assert one.bars.equals(two.bars)


def test_a_wanted_precision_is_said_not_to_count():
    found = sim.bridge(plenty(run={"precision": {"aht_s": "50%"}}), plenty(), replications=None)
    assert found.replications == 30
    assert any("run.precision is not looked at" in note for note in found.notes)


@pytest.mark.parametrize(
    ("after", "occupancy", "words"),
    [
        ({"calendar.days": 3}, None, "--set calendar.start=2026-11-23 --set calendar.days=2"),
        ({"calendar.start": "2026-11-30"}, None, "today measures 2 days from 2026-11-23"),
        ({"targets.occupancy": 0.0}, None, "targets.occupancy is 0"),
        ({"agents.desk.shrinkage": 1.0}, None, "shrinkage"),
        ({}, 1.2, "occupancy: 1.2: must be above 0 and at most 1"),
        ({}, 0.0, "occupancy: 0: must be above 0"),
    ],
)
def test_what_cannot_be_answered_is_refused(after, occupancy, words):
    with pytest.raises(CcsimError, match=words.replace(".", r"\.")):
        sim.bridge(plenty(), plenty(after), replications=1, occupancy=occupancy)


def test_a_centre_without_customers_has_bars_of_nothing():
    found = sim.bridge(plenty(arrivals__per_day=0), plenty(arrivals__per_day=0, fatigue={}), replications=2)
    assert set(bars(found).values()) == {0.0}
    assert math.isnan(end(found, "change", "aht_s"))
