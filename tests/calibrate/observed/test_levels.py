"""At which level figures are fitted: their own document; children, settings and changes go on top."""

import copy
import json
import pickle

import pytest

import sim
from sim.calibrate.observed import fit as fitting
from sim.errors import CcsimError
from sim.loading.explain import explain_scenario
from sim.loading.load import changed, load, loads
from tests.calibrate.observed.centre import line_of, pretended, pretended_settings, text, written

TALK = {"distribution": "lognormal", "mean": "300s", "cv": 1.0}
SETTINGS = {"intents.orders.talk_time": TALK, "customers.patience": "2m", "agents.desk.staff": 6}
CHILD = "name: Child\nextends: small.yaml\n"


@pytest.fixture
def child(tmp_path):
    written(tmp_path)
    return tmp_path / "child.yaml"


def test_a_child_inherits_what_was_fitted_to_its_base_and_overrides_it(child):
    child.write_text(CHILD + "bot: {}\nintents: {orders: {bot: {resolves: 50%}}, billing: {talk_time: 9m}}\n")
    fit = pretended(SETTINGS | {"intents.billing.talk_time": "7m"})
    scenario = fit(load(child))
    (document,) = fit.documents
    assert (document.name, document.bot) == ("Small", None), "the figures are those of the base, before the bot"
    assert scenario.intents["orders"].talk_time.mean == 300
    assert {intent.patience.mean for intent in scenario.intents.values()} == {120}
    assert scenario.agents["desk"].staff.week.week[0] == 6
    assert scenario.intents["billing"].talk_time.mean == 540
    assert scenario.observed.fitted.document == "Small"


def test_the_uppermost_file_that_writes_figures_is_the_document(child, tmp_path):
    child.write_text(CHILD + "customers: {balk: 5%}\nobserved: {asa: 40s}\n")
    top = tmp_path / "top.yaml"
    top.write_text("name: Top\nextends: child.yaml\ncustomers: {balk: 10%}\n")
    fit = pretended(SETTINGS)
    scenario = fit(load(top))
    (document,) = fit.documents
    assert (document.name, document.customers.balk) == ("Child", 0.05)
    assert (document.observed.asa.centre.value, document.observed.aht.centre.value) == (40, 385)
    assert scenario.customers.balk == 0.10


def test_a_child_may_do_what_its_bases_figures_would_not_allow(child):
    written(child.parent, "observed: {aht: {billing: 7m}, abandonment: 20%}\n")
    gone = "intents: {billing: off, orders: {share: 100%, wrap_up: 9m}}\ncustomers: {patience: infinite}\n"
    child.write_text(CHILD + gone)
    fit = pretended({})
    scenario = fit(load(child, ["customers.max_attempts=1"]))
    assert list(scenario.intents) == ["orders"]
    assert list(fit.documents[0].intents) == ["orders", "billing"]
    assert loads(scenario.resolved()) == scenario
    assert changed(scenario, {"customers.balk": 0.1}).observed == scenario.observed


def test_settings_go_on_top_and_are_not_in_the_document(child):
    child.write_text(CHILD)
    fit = pretended(SETTINGS)
    on_top = ["customers.patience=5m", "intents.orders.talk_time={distribution: gamma, mean: 2m, cv: 1}", "run.seed=9"]
    scenario = fit(load(child, on_top))
    (document,) = fit.documents
    assert (document.customers.patience.mean, document.run.seed) == (180, 1)
    talk = scenario.intents["orders"].talk_time
    assert (talk.kind, talk.mean) == ("gamma", 120)
    assert scenario.intents["orders"].patience.mean == 300


def test_figures_that_are_set_are_fitted(child):
    child.write_text(CHILD)
    fit = pretended(SETTINGS)
    assert fit(load(child, ["observed.asa=99s", "customers.balk=1%"])).observed.asa.centre.value == 99
    assert [d.observed.asa.centre.value for d in fit.documents] == [99]
    assert fit.documents[0].customers.balk == 0
    bare = pretended(SETTINGS)
    assert bare(loads(text(""), ["observed.asa=99s"])).observed.fitted is not None
    assert len(bare.documents) == 1


def test_off_leaves_all_as_it_is_written(child):
    child.write_text(CHILD + "observed: off\n")
    fit = pretended(SETTINGS)
    scenario = fit(load(child))
    assert fit.documents == []
    assert scenario == loads(text("", name="Child"))


def test_another_way_to_say_it_makes_room_for_what_was_fitted(tmp_path):
    data = text().replace("talk_time: 4m", "aht: 5m").replace("skill: all, talk", "skill: all, patience: 9m, talk")
    scenario = pretended(SETTINGS)(loads(data))
    assert scenario.intents["orders"].talk_time.mean == 300
    assert scenario.intents["billing"].patience.mean == 540, "a patience of its own is not that of all customers"


def test_explain_says_which_file_a_fitted_value_comes_from(child):
    child.write_text(CHILD + "intents: {billing: {talk_time: 9m}}\n")
    rows = {row.path: row for row in explain_scenario(pretended(SETTINGS)(load(child)))}
    base = child.parent / "small.yaml"
    place = ("fitted", f"small.yaml:{line_of(base, 'observed')}")
    for path in SETTINGS:
        assert (rows[path].how, rows[path].where) == place
    assert rows["intents.billing.talk_time"].how == "given"
    assert rows["customers.balk"].how == "default"


def test_what_was_fitted_is_read_back_without_a_fit_to_the_last_bit():
    fit = pretended(SETTINGS | {"intents.orders.resolution": 0.1 + 0.2})
    scenario = fit(loads(text()))
    again = fit(loads(json.loads(json.dumps(scenario.resolved()))))
    assert len(fit.documents) == 1
    assert again == scenario
    assert again.digest == scenario.digest
    assert again.intents["orders"].resolution == 0.1 + 0.2


def test_a_change_keeps_what_was_fitted_unless_it_is_of_the_figures():
    fit = pretended(SETTINGS)
    scenario = fit(loads(text()))
    moved = fit(changed(scenario, {"customers.balk": 0.1}))
    assert len(fit.documents) == 1
    assert moved.observed.fitted == scenario.observed.fitted == scenario.model_copy().observed.fitted
    assert moved.origins["intents.orders.talk_time"].how == "fitted"
    again = fit(changed(moved, {"observed.asa": "99s", "customers.balk": 0.2}))
    assert [d.customers.balk for d in fit.documents] == [0, 0.1], "other changes go on top of the fit"
    assert again.customers.balk == 0.2
    assert again.origins["customers.patience"].how == "fitted"
    bare = fit(changed(loads(text("")), {"observed.asa": "99s"}))
    assert bare.origins["customers.patience"].how == "fitted"
    assert bare.origins["observed.asa"].how == "set"


def test_figures_that_nothing_was_fitted_to_are_not_simulated():
    refused = "Small: has observed figures, and nothing was fitted to them.*sim.fit_observed"
    for scenario in (loads(text()), changed(pretended(SETTINGS)(loads(text())), {"observed.asa": "99s"})):
        assert scenario.unfitted
        for simulate in (sim.run, sim.simulate, sim.compare, sim.staff, sim.targets):
            with pytest.raises(CcsimError, match=refused):
                simulate(*[scenario] * (1 + (simulate is sim.compare)))


def test_reading_and_changing_fit_nothing(child, monkeypatch):
    monkeypatch.setattr(fitting, "fitted", None)
    child.write_text(CHILD)
    assert sim.load(child).unfitted
    assert sim.loads(text()).unfitted
    assert sim.changed(sim.load(child), {"customers.balk": 0.1}).unfitted


@pytest.mark.parametrize(
    "settings",
    [
        {"customers.balk": 0.1, "intents.billing.talk_time": "9m"},
        {"observed.asa": "99s", "customers.patience": "5m"},
        {"agents.desk": {"skills": ["all"], "shifts": [{"count": 3, "start": "08:00", "length": "4h"}]}},
    ],
)
def test_changes_before_the_fit_are_settings_on_top_of_the_file(child, settings):
    child.write_text(CHILD + "customers: {balk: 5%}\n")
    fit, first = pretended(SETTINGS), next(iter(settings))
    at_once = fit(load(child, settings))
    before = load(child)
    for path, value in settings.items():
        before = changed(before, {path: value})
    after = fit(before)
    assert after == at_once
    assert after.origins == at_once.origins
    assert fit.documents[0] == fit.documents[1]
    assert after.origins[first].how == "set"
    kept = pickle.loads(pickle.dumps(before))
    assert fit(copy.deepcopy(kept)) == after, "what is remembered is carried along"


def test_a_copy_with_other_values_is_fitted_as_it_stands(child):
    child.write_text(CHILD)
    fit = pretended(SETTINGS)
    scenario = load(child)
    assert fit(scenario.model_copy(update={"name": "Copy"})).name == "Copy"
    assert [document.name for document in fit.documents] == ["Copy"]
    assert fit(scenario.model_copy()) == fit(scenario)


def test_a_scenario_without_figures_is_untouched(tmp_path, monkeypatch):
    monkeypatch.setattr(fitting, "fitted", None)
    assert sim.fit_observed(sim.loads(text(""))) == loads(text(""))
    assert "observed" not in sim.loads(text("")).resolved()
    fitted = pretended({})(loads(text()))
    plain, here = (sim.run(s, replications=3) for s in (loads(text("")), fitted))
    assert here.measures.equals(plain.measures), "figures alone change no record"


# The cache --------------------------------------------------------------------


def counted(monkeypatch):
    """Count the fits that are really made."""
    made = []

    def result(fit):
        made.append(fit.document.name)
        return pretended_settings(SETTINGS, fit.document)

    monkeypatch.setattr(fitting.Fitting, "result", result)
    return made


def test_a_fit_is_made_once_and_found_by_whatever_builds_on_it(child, tmp_path, monkeypatch):
    monkeypatch.setattr(fitting, "folder", lambda: tmp_path / "new" / "folder")
    child.write_text(CHILD)
    made = counted(monkeypatch)
    first = sim.fit_observed(sim.load(child.parent / "small.yaml"))
    assert sim.fit_observed(sim.load(child)).intents == first.intents
    assert sim.fit_observed(sim.load(child, ["customers.balk=3%"])).intents == first.intents
    assert made == ["Small"]
    sim.fit_observed(sim.load(child, ["observed.asa=99s"]))
    assert made == ["Small"] * 2, "other figures"
    assert len(list((tmp_path / "new" / "folder").iterdir())) == 2, "whole files alone"


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"settings": {}}', '{"settings": {}, "outcome": {"document": 1}}'])
def test_a_fit_that_cannot_be_read_is_made_again(tmp_path, monkeypatch, damage):
    monkeypatch.setattr(fitting, "folder", lambda: tmp_path)
    made = counted(monkeypatch)
    first = sim.fit_observed(sim.loads(text()))
    (file,) = tmp_path.iterdir()
    file.write_text(damage)
    assert sim.fit_observed(sim.loads(text())) == first
    assert len(made) == 2
    assert sim.fit_observed(sim.loads(text())) == first
    assert len(made) == 2


def test_a_folder_that_cannot_be_written_is_no_matter(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(fitting, "folder", lambda: tmp_path / "file" / "folder")
    made = counted(monkeypatch)
    assert sim.fit_observed(sim.loads(text())) == sim.fit_observed(sim.loads(text()))
    assert len(made) == 2
