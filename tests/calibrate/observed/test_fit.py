"""Figures are reproduced on customers that nothing was fitted to; those that cannot be are said, with the nearest."""

import re

import pytest

import sim
from sim.calibrate.observed import fit
from sim.errors import ScenarioError
from tests.calibrate.observed.centre import line_of, measured, of_intent, text, within, written

ALL = "free: [talk_time, patience, resolution, staff]"


def verdicts(scenario):
    return {(gap.figure, gap.intent): gap.verdict for gap in scenario.observed.fitted.gaps}


def turns(scenario):
    return {(turn.dial, turn.intent): turn.factor for turn in scenario.observed.fitted.turns}


def test_figures_of_the_centre_are_reproduced():
    scenario = sim.fit_observed(sim.loads(text()))
    assert set(verdicts(scenario).values()) == {"met"}
    result = measured(scenario)
    assert result.measures.loc["aht_s", "ci_high"] - result.measures.loc["aht_s", "ci_low"] < 20
    assert within(result, "aht_s", 385, 1)
    assert within(result, "asa_s", 21.9, 0.1)
    assert within(result, "abandonment_rate", 0.214, 0.001)
    assert within(result, "fcr", 0.725, 0.001)
    assert turns(scenario)["talk_time", ""] == pytest.approx(1.10, abs=0.03)
    assert turns(scenario)["patience", ""] == pytest.approx(0.80, abs=0.06)
    assert scenario.intents["orders"].wrap_up.average == 30, "wrap-up is not rescaled"
    assert scenario.intents["orders"].patience == scenario.customers.patience
    assert not within(measured(sim.loads(text(""))), "aht_s", 385, 1), "it is not what the file says without a fit"


def test_patience_stays_that_of_all_customers_where_an_intent_has_none_of_its_own():
    figures = "observed: {abandonment: 21.4%}\n"
    child = sim.fit_observed(sim.loads(text(figures), ["customers.patience=5m"]))
    assert {intent.patience.mean for intent in child.intents.values()} == {300}
    own = text(figures).replace("talk_time: 6m", "patience: 3m, talk_time: 6m")
    scenario = sim.fit_observed(sim.loads(own))
    factor = turns(scenario)["patience", ""]
    assert factor != 1
    assert [intent.patience.mean for intent in scenario.intents.values()] == pytest.approx([180 * factor] * 2)
    assert (
        sim.fit_observed(sim.loads(own, ["customers.patience=5m"])).intents["billing"].patience
        == scenario.intents["billing"].patience
    )


def test_it_looks_with_few_replications_first_and_more_at_the_end(monkeypatch, tmp_path):
    monkeypatch.setattr(fit, "folder", lambda: tmp_path)
    counts = []
    simulated = fit.Fitting._simulated

    def counted(self, scenario, count):
        counts.append(count)
        return simulated(self, scenario, count)

    monkeypatch.setattr(fit.Fitting, "_simulated", counted)
    sim.fit_observed(sim.loads(text("observed: {aht: 6m25s}\n")))
    assert list(dict.fromkeys(counts)) == [30, 200, 40], "the last is what the file asks for"
    assert counts.count(40) == 1


def test_figures_by_intent_are_reproduced_by_dials_of_their_own():
    figures = "observed: {aht: {orders: 5m50s, billing: 7m30s}, fcr: {billing: 55%}, abandonment: {orders: 15%}}\n"
    scenario = sim.fit_observed(sim.loads(text(figures)))
    assert set(verdicts(scenario).values()) == {"met"}
    result = measured(scenario)
    orders, billing = (of_intent(result, name) for name in ("orders", "billing"))
    assert within(result, "aht_s", 350, 1, orders)
    assert within(result, "aht_s", 450, 1, billing)
    assert within(result, "fcr", 0.55, 0.01, billing)
    assert within(result, "abandonment_rate", 0.15, 0.01, orders)
    assert set(turns(scenario)) == {
        ("talk_time", "orders"),
        ("talk_time", "billing"),
        ("patience", "orders"),
        ("resolution", "billing"),
    }
    plain = sim.loads(text(""))
    assert scenario.intents["orders"].resolution == plain.intents["orders"].resolution
    assert scenario.intents["billing"].patience == plain.intents["billing"].patience


def test_staff_that_is_free_is_rescaled_in_whole_agents():
    scenario = sim.fit_observed(sim.loads(text(f"observed: {{aht: 6m24s, asa: 60s, occupancy: 88%, {ALL}}}\n")))
    assert set(verdicts(scenario).values()) == {"met"}
    result = measured(scenario)
    assert within(result, "occupancy", 0.88, 0.01)
    assert within(result, "asa_s", 60, 1)
    factor = turns(scenario)["staff", ""]
    counts = [c for day in scenario.calendar.dates() for c in scenario.agents["desk"].staff.of(day, scenario.calendar)]
    assert factor < 0.95
    assert sum(counts) / len(counts) == pytest.approx(5 * factor, abs=0.04)


def test_a_service_level_counts_by_its_own_time_and_definition():
    figures = "observed: {service_level: {share: 60%, within: 10s, definition: sl_answered}}\n"
    scenario = sim.fit_observed(sim.loads(text(figures)))
    here = sim.changed(scenario, ["targets.service_level={share: 60%, within: 10s, definition: sl_answered}"])
    assert scenario.targets.service_level.within == 20
    assert within(measured(here), "sl_answered", 0.60, 0.01)


def test_figures_that_contradict_each_other_end_with_their_place_and_the_nearest(tmp_path, ccsim):
    free = "[talk_time, patience, resolution]"
    file = written(tmp_path, f"observed:\n  asa: 300s\n  occupancy: 60%\n  free: {free}\n")
    code, told, errors = ccsim("run", file)
    assert (code, told) == (2, "")
    for key, value in (("asa", "300s"), ("occupancy", "60%")):
        place = f"{file}:{line_of(file, key + ':')}: observed.{key}: contradicts the other figures"
        assert f"{place}: the model comes to" in errors
        assert f"(got {value})" in errors
    assert re.search(r"The nearest that can be met together: ASA \S+, occupancy \d+\.\d %", errors)
    assert "or let staff be rescaled too (observed.free)" in errors
    assert "resolution be rescaled" not in errors, "no figure calls for it"


def test_a_contradiction_blames_the_least_sure_figure_alone_where_the_others_hold_without_it(tmp_path, ccsim):
    free = "[talk_time, patience, resolution, staff]"
    file = written(tmp_path, f"observed:\n  asa: 300s\n  occupancy: 60%\n  free: {free}\n")
    code, told, errors = ccsim("run", file)
    assert (code, told) == (2, "")
    place = (
        f"{file}:{line_of(file, 'occupancy:')}: observed.occupancy: contradicts the other figures: the model comes to"
    )
    assert re.search(re.escape(place) + r" \d+\.\d %, \d+\.\d points higher\. It is the least sure of those", errors)
    assert "observed.asa: contradicts" not in errors
    assert "Correct the figure that is least sure (of these occupancy)" in errors
    assert "rescaled too" not in errors


def test_a_contradiction_is_remembered_like_any_fit(tmp_path, monkeypatch):
    data = text("observed: {asa: 300s, occupancy: 60%}\n")
    with pytest.raises(ScenarioError) as first:
        sim.fit_observed(sim.loads(data))
    monkeypatch.setattr("sim.calibrate.observed.fit.Fitting", None)
    with pytest.raises(ScenarioError) as second:
        sim.fit_observed(sim.loads(data))
    assert str(first.value) == str(second.value)


def test_a_gap_that_a_planner_would_take_is_said_and_the_run_goes_on():
    scenario = sim.fit_observed(sim.loads(text("observed: {asa: 27s, occupancy: 70.0%, free: [patience]}\n")))
    assert verdicts(scenario)["occupancy", ""] == "near"


def test_nothing_free_only_compares():
    scenario = sim.fit_observed(sim.loads(text("observed: {aht: 5m51s, free: []}\n")))
    assert scenario.observed.fitted.turns == ()
    assert verdicts(scenario) == {("aht", ""): "met"}
    assert scenario.intents == sim.loads(text("")).intents


def test_a_figure_that_the_model_cannot_measure_is_refused():
    data = text("observed: {aht: {billing: 7m}}\n").replace("orders: {share: 60%", "orders: {share: 100%")
    with pytest.raises(ScenarioError, match=r"observed\.aht\.billing: has nothing to be compared with"):
        sim.fit_observed(sim.loads(data.replace("billing: {share: 40%", "billing: {share: 0%")))


def test_the_models_figures_are_those_of_a_run_of_the_document():
    scenario = sim.fit_observed(sim.loads(text()))
    run = sim.run(scenario).measures
    for gap, measure in zip(scenario.observed.fitted.gaps, ("aht_s", "asa_s", "abandonment_rate", "fcr"), strict=True):
        assert tuple(run.loc[measure]) == (gap.model, gap.low, gap.high)


def test_both_engines_get_the_same_scenario():
    scenario = sim.fit_observed(sim.loads(text()))
    compiled, simpy = (sim.run(scenario, replications=2, engine=engine).measures for engine in ("compiled", "simpy"))
    assert compiled.equals(simpy)


def test_the_number_of_workers_does_not_matter(monkeypatch, tmp_path):
    data = text("observed: {aht: 6m24s}\n")
    found = []
    for jobs in (1, 2):
        monkeypatch.setattr(fit, "folder", lambda jobs=jobs: tmp_path / str(jobs))
        found.append(sim.fit_observed(sim.loads(data), jobs=jobs))
    assert found[0] == found[1]


def test_progress_is_told_only_where_something_is_simulated(tmp_path, monkeypatch, ccsim):
    monkeypatch.setattr(fit, "folder", lambda: tmp_path / "fits")
    file = written(tmp_path, "observed: {aht: 6m24s}\n")
    assert "fitting to observed figures of Small ..." in ccsim("explain", file)[2]
    assert "fitting" not in ccsim("explain", file)[2]
