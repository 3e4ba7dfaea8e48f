"""The risk study: what is drawn, who meets whom, what luck is, what money and chances come to."""

import numpy as np
import pytest
from scipy import stats

import sim
from sim.errors import ArgumentError, CcsimError, LimitError, NoTargetsError, NotComparableError
from sim.loading.explain import explain_scenario
from sim.study import replicate
from sim.study.risk.draws import ScenariosOfDraws
from sim.study.risk.plans import BEFORE, LEVEL, OWN
from sim.study.risk.sample import SettingsOfDraws, make_sample
from sim.study.risk.study import carried_out, set_up

DAY = 86_400.0
CENTRE = {
    "name": "Small",
    "calendar": {"start": "2026-03-02", "days": 1, "hours": {"mon-fri": "08:00-12:00", "sat-sun": "closed"}},
    "arrivals": {"per_hour": 60},
    "intents": {"call": {"talk_time": "4m"}},
    "customers": {"patience": "3m"},
    "agents": {"desk": {"skills": ["call"], "staff": 6}},
    "targets": {"service_level": "80/20", "abandonment": "8%"},
    "costs": {"agent_hour": 30, "abandoned": 10, "missed_target": 100, "currency": "EUR"},
}
BELIEFS = {
    "others": "off",
    "customers.patience": ["2m", "4m"],
    "arrivals.per_hour": {"times": [0.85, 1.15]},
    "intents.call.talk_time": {"distribution": "normal", "mean": "4m", "sd": "15s"},
}
TWO_DAYS = 2 * DAY * 7 / 5


def centre(beliefs=BELIEFS, **changes):
    return sim.loads(CENTRE | {"beliefs": beliefs} | changes)


def studied(scenario, *plans, before=None, **changes):
    how = {"draws": 24, "period": TWO_DAYS, "jobs": 1} | changes
    return sim.risk(scenario, before, plans=plans, **how)


@pytest.fixture(scope="module")
def result():
    scenario = centre()
    return studied(scenario, sim.by_factor(scenario, 0.8), sim.by_factor(scenario, 1.2), before=centre(name="Earlier"))


# What is drawn --------------------------------------------------------------------


def test_another_belief_moves_no_column():
    few = make_sample([centre()], 50, seed=3)
    more = make_sample([centre({"customers.balk": [0, 0.1]} | BELIEFS)], 50, seed=3)
    assert set(more.keys) - set(few.keys) == {"customers.balk"}
    for place, key in enumerate(few.keys):
        assert (few.shares[:, place] == more.shares[:, more.keys.index(key)]).all()
    assert (few.shares != make_sample([centre()], 50, seed=4).shares).all()


def test_every_column_is_a_latin_hypercube():
    shares = make_sample([centre()], 50, seed=3).shares
    assert (np.sort(np.floor(shares * 50), axis=0) == np.arange(50.0)[:, None]).all()


@pytest.mark.parametrize("rho", [-0.6, 0.4])
def test_correlations_are_those_of_normal_scores(rho):
    pair = ["customers.patience", "arrivals.per_hour"]
    said = BELIEFS | {"correlation": [{"between": pair, "rho": rho}]}
    plain, sample = make_sample([centre()], 4000, 1), make_sample([centre(said)], 4000, 1)
    scores = stats.norm.ppf(sample.shares)
    found = np.corrcoef(scores.T)
    i, j = (sample.keys.index(key) for key in pair)
    assert found[i, j] == pytest.approx(rho, abs=0.04)
    other = sample.keys.index("intents.call.talk_time")
    assert np.abs(found[other, [i, j]]).max() < 0.05
    assert (sample.shares[:, other] == plain.shares[:, other]).all()
    assert stats.kstest(sample.shares[:, j], "uniform").pvalue > 0.01


def test_what_is_off_does_not_vary_and_all_else_that_is_weak_does():
    customers = CENTRE["customers"] | {"redial": {}, "repeat": {}}
    scenario = centre({"customers.redial.probability": "off"}, customers=customers)
    sample = make_sample([scenario], 20, 1)
    assert "customers.redial.probability" not in sample.keys
    weak = {row.path for row in explain_scenario(scenario) if row.grade in ("W", "A")}
    assert {"customers.redial.delay", "customers.repeat.probability"} <= set(sample.keys) & weak
    settings = SettingsOfDraws(sample, scenario, scenario.beliefs)
    drawn = [settings.of(draw) for draw in range(20)]
    repeats = [row["customers.repeat.probability"] for row in drawn]
    assert 0.4 < min(repeats) < 0.45
    assert 0.8 < max(repeats) < 0.85
    delays = [float(row["customers.redial.delay"]["mean"][:-1]) for row in drawn]
    assert 450 < min(delays) < 500
    assert 1300 < max(delays) < 1350


def test_an_assumed_number_of_which_one_intent_is_written_varies_for_the_others():
    intents = {name: {"talk_time": "4m", "share": 0.5, "skill": "call"} for name in ("call", "order")}
    scenario = centre({"intents.call.difficulty_weight": [0.1, 0.2]}, intents=intents)
    sample = make_sample([scenario], 20, 1)
    row = SettingsOfDraws(sample, scenario, scenario.beliefs).of(0)
    assert 0.1 <= row["intents.call.difficulty_weight"] <= 0.2
    assert 0.3 <= row["intents.order.difficulty_weight"] <= 0.9


def test_plans_keep_their_own_staff_and_take_what_was_drawn():
    scenario = centre(BELIEFS | {"agents.desk.shrinkage": ["20%", "40%"]}, agents={"desk": DESK | {"shrinkage": 0.3}})
    for case in (scenario, centre()):
        setup = set_up(case, plans=[sim.by_factor(case, 1.5)], draws=20)
        own, more = ScenariosOfDraws(setup.sample, setup.plans, case.beliefs).of(7)
        assert own.customers == more.customers != case.customers
        assert own.intents == more.intents != case.intents
        assert [group.staff.of(case.calendar.start, case.calendar)[0] for group in own.agents.values()] == [6]
        assert [group.staff.of(case.calendar.start, case.calendar)[0] for group in more.agents.values()] == [9]
        assert own.agents["desk"].shrinkage == more.agents["desk"].shrinkage


DESK = CENTRE["agents"]["desk"]

# Who meets whom -------------------------------------------------------------------


def test_workers_change_no_byte(result):
    scenario = centre()
    plans = sim.by_factor(scenario, 0.8), sim.by_factor(scenario, 1.2)
    again = studied(scenario, *plans, before=centre(name="Earlier"), jobs=3)
    assert again.outcomes == result.outcomes


def test_within_a_draw_all_plans_meet_the_same_customers_and_each_draw_its_own():
    said = {"others": "off", "customers.balk": [0.0, 1e-9]}
    scenario = centre(said)
    found = studied(scenario, before=centre(said, name="Earlier"))
    assert [plan.kind for plan in found.plans] == [OWN, *[LEVEL] * 6, BEFORE]
    waits = found.values("asa_s")
    assert (waits[:, 0] == waits[:, -1]).all()
    assert np.unique(waits[:, 0]).size == 24
    assert (np.diff(found.values("demand"), axis=1) == 0).all()


def test_each_draw_has_replications_of_its_own():
    said = {"others": "off", "customers.balk": [0.0, 1e-9]}
    found = sim.risk(centre(said), plans=[sim.by_factor(centre(), 1.0)], draws=20, period=TWO_DAYS, jobs=1)
    whole = sim.run(centre(said), replications=40).by_replication
    expected = whole[whole["measure"] == "demand"]["value"]
    assert np.array_equal(found.rows("demand", 0).ravel(), expected)


def test_a_draw_that_drowns_misses_every_target_and_the_next_go_on(monkeypatch, result):
    piece, seen = replicate._piece, []

    def drowning(prepared, frame, kept, first, size, options):
        seen.append(first)
        if first == 10 and seen.count(10) == 2:
            raise LimitError("too many")
        return piece(prepared, frame, kept, first, size, options)

    scenario = centre()
    monkeypatch.setattr(replicate, "_piece", drowning)
    plans = sim.by_factor(scenario, 0.8), sim.by_factor(scenario, 1.2)
    found = studied(scenario, *plans, before=centre(name="Earlier"))
    assert np.argwhere(found.drowned).tolist() == [[5, 1]]
    assert not found.met()[5, 1]
    others = [(d, p) for d in range(24) for p in range(4) if (d, p) != (5, 1)]
    assert all(found.outcomes[d].plans[p] == result.outcomes[d].plans[p] for d, p in others)
    assert found.costs[5, 1] == np.delete(found.costs[5], 1).max()


def test_draws_that_contradict_the_file_are_dropped_and_counted():
    bot = {"call": {"talk_time": "4m", "bot": {"containment": 0.5, "false_share": 0.3}}}
    said = {"others": "off", "bot.opt_out": [0.1, 0.5], "intents.call.bot.containment": [0.3, 0.75]}
    scenario = centre(said, intents=bot, bot={"opt_out": 0.15})
    found = studied(scenario, sim.by_factor(scenario, 1.1))
    assert 0 < len(found.refused) < 12
    assert "containment" in found.refused[0].refused
    assert len(found.counted) + len(found.refused) == 24
    assert found.values("asa_s").shape == (len(found.counted), 2)
    containment = found.sample.shares[[outcome.number for outcome in found.refused], 1]
    assert containment.min() > 0.4


# What is counted ------------------------------------------------------------------


@pytest.mark.long
def test_the_share_of_luck_in_poisson_demand_is_known():
    """Demand of a day is Poisson; its mean is believed uniform from 0.8 to 1.2 times 240."""
    scenario = centre({"others": "off", "arrivals.per_hour": {"times": [0.8, 1.2]}})
    found = sim.risk(scenario, plans=[sim.by_factor(scenario, 1.0)], draws=240, period=TWO_DAYS, jobs=1)
    luck, known = found.luck("demand", 0), (240 / 2) / (240 / 2 + 240**2 * 0.4**2 / 12)
    assert luck.low < known < luck.high
    assert luck.high - luck.low < 0.15
    assert found.first_order("demand", 0)[0].share.mean == pytest.approx(1.0 - known, abs=0.04)
    assert found.noise("demand", 0) == pytest.approx(120.0, rel=0.25)


def test_chances_are_shares_of_draws(result):
    level = result.values("sl_offered")
    met = (level >= 0.8) & (result.values("abandonment_rate") <= 0.08)
    assert result.met().tolist() == met.tolist()
    chances = [result.chance(plan).mean for plan in range(4)]
    assert chances == pytest.approx(met.mean(axis=0))
    assert chances[1] < chances[0] < chances[2]
    assert chances[0] == chances[3]
    table = result.chances.set_index(["plan", "target"])["chance"]
    assert table["120 %", "all"] == chances[2]
    assert 0.0 < table["Small", "day"] < 1.0


def test_days_are_judged_one_by_one():
    scenario = centre()
    found = studied(scenario, sim.by_factor(scenario, 1.2), period=DAY * 7 / 5)
    assert found.replications == 1
    assert [o.plans[0].days for o in found.outcomes] == [1] * 24
    assert [o.plans[0].days_met == 1 for o in found.outcomes] == found.met()[:, 0].tolist()
    assert np.isnan(found.luck("sl_offered", 0).mean)


def test_the_smallest_plan_that_is_sure_enough_is_chosen(result):
    assert result.sufficient == [2]
    assert result.plans[result.chosen].name == "120 %"
    assert result.curve.staff_for(0.8).mean < result.plans[2].fte
    assert result.before == 3
    assert result.candidates == [0, 1, 2]


def test_a_week_costs_what_its_hours_and_its_bad_service_cost(result):
    outcome = result.outcomes[3].plans[1]
    hours = outcome.values["paid_hours"] + outcome.values["overtime_hours"] * 0.5
    gone = outcome.values["abandoned"] + outcome.values["balked"]
    missed = (outcome.values["sl_offered"] < 0.8) + (outcome.values["abandonment_rate"] > 0.08)
    week = 5 * (30 * hours + 10 * gone) + 100 * missed
    assert result.costs[3, 1] == pytest.approx(week)
    assert result.regret[:, :3].min(axis=1).tolist() == [0.0] * 24
    assert result.cost(result.least_cost).mean == result.costs[:, :3].mean(axis=0).min()


def test_without_a_price_of_bad_service_nothing_is_said_of_regret():
    scenario = centre(costs={"agent_hour": 30})
    found = studied(scenario, sim.by_factor(scenario, 0.8), sim.by_factor(scenario, 1.2))
    assert (found.regret, found.worth, found.least_regret) == (None, None, None)
    assert found.plans[found.least_cost].name == "120 %"
    assert studied(centre(costs="off"), sim.by_factor(scenario, 0.8)).costs is None


def test_handle_time_targets_are_plans():
    scenario = centre()
    setup = set_up(scenario, plans=[sim.by_factor(scenario, 1.1)], paces=[220.0], draws=20)
    names = [plan.name for plan in setup.plans]
    assert names == ["Small", "110 %", "target 3m40s", "110 %, target 3m40s"]
    assert [plan.scenario.pace is not None for plan in setup.plans] == [False, False, True, True]


# What is refused ------------------------------------------------------------------


def test_what_cannot_be_asked_is_refused():
    scenario = centre()
    with pytest.raises(ArgumentError, match="draws"):
        sim.risk(scenario, draws=3)
    with pytest.raises(ArgumentError, match="chance"):
        sim.risk(scenario, chance=1.0)
    with pytest.raises(ArgumentError, match="is the name of two"):
        set_up(scenario, centre())
    with pytest.raises(CcsimError, match="nothing varies"):
        sim.risk(centre({"others": "off"}))
    with pytest.raises(NoTargetsError):
        sim.risk(centre(targets={}))


@pytest.mark.parametrize("other", [{"days": 3}, {"hours": "08:00-09:00"}, {"start": "2026-06-01"}])
def test_plans_of_other_days_or_hours_are_refused(other):
    scenario = centre()
    away = centre(name="away", calendar=CENTRE["calendar"] | other)
    with pytest.raises(NotComparableError, match=r"^--before: .*away are open at different times"):
        set_up(scenario, away)
    with pytest.raises(NotComparableError, match=r"^--plans: "):
        set_up(scenario, plans=[away])


def test_known_draws_are_not_simulated_again(result):
    scenario = centre()
    plans = [sim.by_factor(scenario, 0.8), sim.by_factor(scenario, 1.2)]
    setup = set_up(scenario, centre(name="Earlier"), plans=plans, draws=24, period=TWO_DAYS)
    known = {outcome.number: outcome for outcome in result.outcomes if outcome.number % 2}
    kept = []
    again = carried_out(setup, jobs=2, known=known, keep=kept.append)
    assert [outcome.number for outcome in kept] == list(range(0, 24, 2))
    assert again.outcomes == result.outcomes


# Observed figures -----------------------------------------------------------------

REPORT = CENTRE | {
    "name": "Reported",
    "customers": {"patience": "3m", "redial": {}, "repeat": {"delay": "2h"}},
    "agents": {"desk": {"skills": ["call"], "staff": 7}},
    "observed": {"contacts": 320, "aht": "4m20s", "abandonment": "8%"},
    "run": {"warm_up": "0d", "follow_up": "0d", "replications": 10},
    "beliefs": {"others": "off", "customers.repeat.probability": ["30%", "80%"]},
}


def test_with_observed_figures_every_draw_reproduces_the_report():
    scenario = sim.fit_observed(sim.loads(REPORT))
    setup = set_up(scenario, plans=[sim.by_factor(scenario, 0.9)], draws=20)
    low, high = (int(np.argmin(sign * setup.sample.shares[:, 0])) for sign in (1, -1))
    solved = ScenariosOfDraws(setup.sample, setup.plans, scenario.beliefs, sim.refit_observed)
    plain = ScenariosOfDraws(setup.sample, setup.plans, scenario.beliefs)
    offered = {}
    for draw in (low, high):
        for name, scenarios in (("solved", solved.of(draw)), ("plain", plain.of(draw))):
            own, fewer = scenarios
            assert own.arrivals == fewer.arrivals
            assert own.agents != fewer.agents
            measured = sim.run(own, replications=220).measures.loc["offered"]
            offered[draw, name] = measured["mean"]
            assert name == "plain" or measured["ci_high"] - measured["ci_low"] < 0.02 * 320
    assert [offered[draw, "solved"] for draw in (low, high)] == pytest.approx([320, 320], rel=0.02)
    assert offered[high, "plain"] / offered[low, "plain"] > 1.08
    assert solved.of(low)[0].customers.repeat.probability < 0.33


def test_a_draw_that_cannot_reproduce_the_report_is_dropped():
    def refit(scenario, settings):
        if settings["customers.repeat.probability"] > 0.7:
            sim.loads("name: [")
        return sim.changed(scenario, settings)

    scenario = sim.fit_observed(sim.loads(REPORT))
    found = sim.risk(scenario, plans=[sim.by_factor(scenario, 0.9)], draws=20, period=DAY, jobs=1, refit=refit)
    assert [outcome.number for outcome in found.refused] == np.flatnonzero(found.sample.shares[:, 0] > 0.8).tolist()
    assert len(found.counted) == 16
