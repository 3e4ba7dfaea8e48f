"""What a file may say of observed figures, what it may not, and what validate makes of it; nothing is simulated."""

import json

import pytest

from sim.errors import ScenarioError
from sim.loading.explain import explain_scenario
from sim.loading.load import load, loads
from sim.scenario.observed import Figure
from tests.calibrate.observed.centre import FIGURES, line_of, text, written


def observed(figures):
    return loads(text(f"observed: {figures}\n")).observed


@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        ("6%", 0.06, 0.01),
        ("6.0%", 0.06, 0.001),
        ("0.06", 0.06, 0.01),
        ("0.062", 0.062, 0.001),
        ("0.1", 0.1, 0.01),
        ("12.25 %", 0.1225, 0.0001),
    ],
)
def test_a_share_counts_to_its_last_digit_and_no_coarser_than_a_point(written, value, unit):
    figure = observed(f"{{occupancy: {written}}}").occupancy
    assert (figure.value, figure.unit) == (value, pytest.approx(unit))


@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        ("45s", 45, 1),
        ("45.0s", 45, 0.1),
        ("6m40s", 400, 1),
        ("6m", 360, 1),
        ("1.5m", 90, 1),
        ("00:06:40", 400, 1),
        ("00:06:40.5", 400.5, 0.1),
        ("500ms", 0.5, 0.001),
    ],
)
def test_a_duration_counts_to_its_last_digit_and_no_coarser_than_a_second(written, value, unit):
    figure = observed(f'{{asa: "{written}"}}').asa.centre
    assert (figure.value, figure.unit) == (value, pytest.approx(unit))


@pytest.mark.parametrize(
    ("written", "share", "within", "definition"),
    [
        ("78/20", 0.78, 20, None),
        ("78%", 0.78, None, None),
        ("0.78", 0.78, None, None),
        ("{share: 78%, within: 30s, definition: sl_answered}", 0.78, 30, "sl_answered"),
        ("{share: 78%}", 0.78, None, None),
    ],
)
def test_a_service_level_has_the_forms_of_a_target_and_may_be_a_bare_share(written, share, within, definition):
    level = observed(f"{{service_level: {written}}}").service_level
    assert (level.share.value, level.within, level.definition) == (share, within, definition)


def test_figures_by_intent_and_what_is_rescaled_for_which():
    found = observed("{aht: {billing: 8m, orders: 5m}, fcr: {billing: 60%}, free: [talk_time, staff]}")
    assert [(name, intent, figure.value) for name, intent, figure in found.figures()] == [
        ("aht", "billing", 480),
        ("aht", "orders", 300),
        ("fcr", "billing", 0.6),
    ]
    assert found.rescaled() == ("talk_time",), "resolution is not free, and no figure calls for staff"
    assert observed("{asa: 20s, free: [patience, staff]}").rescaled() == ("patience", "staff")
    assert observed("{occupancy: 80%}").rescaled() == ()


def test_what_it_resolves_to_reads_back_to_the_same():
    figures = "{aht: {billing: 8m}, asa: 9.50s, service_level: 78/20, abandonment: 6.0%, occupancy: 0.86, fcr: 70%}"
    scenario = loads(text(f"observed: {figures}\n"))
    again = loads(json.loads(json.dumps(scenario.resolved())))
    assert again == scenario
    assert again.observed.abandonment.centre == Figure(value=0.06, text="6.0%")


@pytest.mark.parametrize(
    ("figures", "path", "words"),
    [
        ("{}", "observed", "has no figure. Write at least one of contacts, aht"),
        ("{free: [staff]}", "observed", "has no figure"),
        ("{ath: 5m}", "observed.ath", "is not a key. Did you mean aht?"),
        ("{aht: 300}", "observed.aht", "is a bare number, and a duration needs a unit"),
        ("{asa: 0s}", "observed.asa", "must be longer than 0s"),
        ("{fcr: 70}", "observed.fcr", "Did you mean 70%?"),
        ("{aht: {biling: 5m}}", "observed.aht.biling", "is not an intent (got biling). Did you mean billing?"),
        ("{aht: {billing: 5}}", "observed.aht.billing", "is a bare number"),
        ("{occupancy: {billing: 80%}}", "observed.occupancy", "is a figure of the whole centre"),
        ("{service_level: 80 in 20}", "observed.service_level", "Write 78/20, a share such as 78%"),
        ("{aht: 5m, free: [talk_tim]}", "observed.free.0", "Did you mean talk_time?"),
        ("{aht: 5m, free: [staff, staff]}", "observed.free.1", "is named twice"),
        ("{aht: 5m, free: staff}", "observed.free", "is not a list"),
        ("{aht: 5m, fitted: {gaps: 1}}", "observed.fitted", "is not what ccsim wrote"),
        ("{aht: 29s}", "observed.aht", "is not longer than the wrap-up of 30s"),
        ("{aht: {billing: 59s}}", "observed.aht.billing", "is not longer than the wrap-up of 1m"),
        ("{fcr: 100%}", "observed.fcr", "Write what the report shows to a digit"),
        ("{asa: 30s, service_level: 100/20}", "observed.asa", "within which service_level has all answered"),
        (
            "{asa: 3s, service_level: {share: 70%, definition: sl_answered}}",
            "observed.asa",
            "is too short: service_level has 30% wait longer than 20s (got 3s). Then it is at least 5.9s",
        ),
        ("{abandonment: 30%, service_level: 75/20}", "observed.abandonment", "leaves no room for service_level: 75%"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(tmp_path, figures, path, words):
    file = written(tmp_path, f"observed: {figures}\n")
    with pytest.raises(ScenarioError) as refused:
        load(file)
    (problem,) = refused.value.problems
    assert (problem.file, problem.line, problem.path) == (str(file), line_of(file, "observed"), path)
    assert words in str(problem)


@pytest.mark.parametrize(
    "figures",
    [
        "{asa: 19.6s, service_level: 100/20}",
        "{asa: 6s, service_level: {share: 70%, definition: sl_answered}}",
        "{asa: 3s, service_level: {share: 70%, definition: sl_offered}}",
        "{abandonment: 26%, service_level: 75/20}",
        "{aht: 31s}",
    ],
)
def test_what_can_just_be_is_taken(figures):
    assert observed(figures) is not None


def test_abandonment_without_patience_is_refused_unless_some_balk():
    endless = text("observed: {abandonment: 6%}\n").replace("patience: 3m", "patience: infinite")
    with pytest.raises(ScenarioError, match=r"observed.abandonment: contradicts patience, which never ends \(got 6%\)"):
        loads(endless)
    assert loads(endless.replace("patience: infinite", "patience: infinite, balk: 1%")).observed is not None


def test_off_removes_figures_one_by_one_or_all(tmp_path):
    written(tmp_path)
    child = tmp_path / "child.yaml"
    child.write_text("name: Child\nextends: small.yaml\nobserved: {asa: off, fcr: {billing: 60%}, aht: {orders: 5m}}\n")
    assert [figure[:2] for figure in load(child).observed.figures()] == [
        ("aht", "orders"),
        ("abandonment", ""),
        ("fcr", "billing"),
    ]
    assert load(child, ["observed=off"]).observed is None
    grandchild = tmp_path / "grandchild.yaml"
    grandchild.write_text("name: Grandchild\nextends: child.yaml\nobserved: {aht: {orders: off, billing: 7m}}\n")
    assert list(load(grandchild).observed.aht.by_intent) == ["billing"]


def test_a_document_with_figures_must_be_whole_without_its_children(tmp_path):
    (tmp_path / "base.yaml").write_text(text().replace("agents:", "# agents:"))
    child = tmp_path / "child.yaml"
    child.write_text("name: Child\nextends: base.yaml\nagents: {desk: {skills: [all], staff: 5}}\n")
    with pytest.raises(ScenarioError, match="agents: is missing"):
        load(child)


def test_validate_says_what_will_be_fitted_and_simulates_nothing(tmp_path, ccsim, monkeypatch):
    monkeypatch.setattr("sim.calibrate.observed.fit.fitted", None)
    code, told, _ = ccsim("validate", written(tmp_path))
    assert code == 0
    fits = "talk time, patience, resolution will be fitted before it is simulated"
    assert f"aht, asa, abandonment, fcr: {fits}" in told
    assert "observed" not in ccsim("validate", written(tmp_path, ""))[1]
    facts = json.loads(ccsim("validate", "--json", written(tmp_path))[1])["files"][0]
    assert facts["observed"]["fits"] == ["talk_time", "patience", "resolution"]


def test_explain_lists_the_figures_as_given(tmp_path):
    rows = {row.path: row for row in explain_scenario(load(written(tmp_path)))}
    assert (rows["observed.aht"].words, rows["observed.aht"].how) == ("6m25s", "given")
    assert rows["observed.free"].how == "default"
    assert "observed.fitted" not in rows
    given = [path for path, row in rows.items() if path.startswith("observed.") and row.how == "given"]
    assert len(given) == FIGURES.count(":") - 1
