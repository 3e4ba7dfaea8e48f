"""The section `horizon`: what it reads, what it refuses, and that nobody else sees it."""

import pytest

from sim.errors import ScenarioError
from sim.loading.load import loads
from sim.scenario.planning import PlanningHorizon

from .texts import GOOD

FULL = """
horizon:
  start: 2027-01
  months: 6
  weeks_a_month: 2
  growth: 1%
  seasonality: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 120%]
  bot: {ramp: [0%, 40%, 80%, 100%], drift_cv: 0.1}
  heads: {general: 40}
  hiring:
    classes: [{month: 3, group: general, count: 6}]
    rule: {up_to: {general: 42}}
    lead_time: 14d
    training: 42d
    graduates: 85%
    cost: 4000
  let_go: [{month: 2, group: general, count: 3}]
  transfers: [{month: 4, from: general, to: roster, count: 2, training: 14d}]
  attrition: {yearly: 31%, new_factor: 2, new_for: 60d, strain_slope: 0.2, reference: 0.2, sd: 0.1, feedback: off}
  supervisors: {agents_each: 10, cost_month: 6000}
  budget: 400000
  peak: 120%
"""


def ahead(text: str) -> PlanningHorizon:
    found = loads(f"{GOOD}\nhorizon: {text}").horizon
    assert found is not None
    return found


def problem(text: str):
    with pytest.raises(ScenarioError) as refused:
        loads(f"{GOOD}\nhorizon: {text}")
    (found,) = refused.value.problems
    return found


def test_a_whole_section_reads_back_to_the_same():
    scenario = loads(GOOD + FULL)
    assert loads(scenario.resolved()) == scenario
    assert scenario.horizon.seasonality[-1] == 1.2
    assert scenario.horizon.attrition.feedback is False


def test_nothing_else_of_a_scenario_is_touched():
    with_it, without = loads(GOOD + FULL), loads(GOOD)
    assert with_it.model_copy(update={"horizon": None}) == without
    assert "horizon" not in without.resolved()
    assert any("ccsim plan alone" in note for note in with_it.notes)


@pytest.mark.parametrize(
    ("growth", "third"),
    [("2%", 1.02**2), ("-2%", 0.98**2), ("0.02", 1.02**2), ("[1, 1.1]", 1.1), ("[100%, 90%, 80%]", 0.8)],
)
def test_growth_of_the_third_month(growth, third):
    assert ahead(f"{{growth: {growth}}}").growth.factor(3, "billing") == pytest.approx(third)


def test_a_table_of_growth_holds_until_the_next_row(tmp_path):
    (tmp_path / "growth.csv").write_text("month,intent,factor\n2,billing,1.1\n5,billing,1.3\n")
    scenario = loads(f"{GOOD}\nhorizon: {{growth: {{file: growth.csv}}}}", base=tmp_path)
    factor = scenario.horizon.growth.factor
    assert [factor(month, "billing") for month in (1, 2, 4, 5, 9)] == [1.0, 1.1, 1.1, 1.3, 1.3]
    assert factor(9, "order_status") == 1.0
    assert loads(scenario.resolved()) == scenario


@pytest.mark.parametrize("name", ["hiring.csv", "hiring.xlsx"])
def test_a_plan_of_hiring_is_read_back_from_its_table(tmp_path, name):
    rows = [("month", "label", "group", "count", "let_go"), (3, "2027-03", "general", 6, 0), (4, "x", "general", 0, 2)]
    if name.endswith("csv"):
        (tmp_path / name).write_text("\n".join(",".join(map(str, row)) for row in rows))
    else:
        from openpyxl import Workbook

        book = Workbook()
        sheet = book.active
        sheet.title = "hiring"
        for row in rows:
            sheet.append(row)
        book.save(tmp_path / name)
    scenario = loads(f"{GOOD}\nhorizon: {{hiring: {{classes: {{file: {name}}}}}}}", base=tmp_path)
    ahead = scenario.horizon
    assert [(c.month, c.group, c.count) for c in ahead.hiring.classes] == [(3, "general", 6)]
    assert [(g.month, g.group, g.count) for g in ahead.let_go] == [(4, "general", 2)]
    assert loads(scenario.resolved()) == scenario


@pytest.mark.parametrize(
    ("text", "path", "words", "fix"),
    [
        ("{months: 0}", "horizon.months", "must be at least 1", ""),
        ("{months: 61}", "horizon.months", "at most 60", ""),
        ("{start: 2027-13}", "horizon.start", "is not a month", "such as 2027-01"),
        ("{start: 2027-01-01}", "horizon.start", "is not a month", "such as 2027-01"),
        ("{growth: fast}", "horizon.growth", "is not a number", ""),
        ("{growth: 30}", "horizon.growth", "is not between", "such as 1%"),
        ("{growth: [1, -1]}", "horizon.growth.1", "must be more than 0", "120%"),
        ("{growth: {csv: x}}", "horizon.growth", "is not growth", "{file: growth.csv}"),
        ("{growth: {file: none.csv}}", "horizon.growth.file", "does not exist", "Looked for"),
        ("{seasonality: [1, 2]}", "horizon.seasonality", "has 2 factors", "twelve"),
        ("{bot: {ramp: [0%, 140%]}}", "horizon.bot.ramp.1", "is outside 0 to 1", "share"),
        ("{bot: {ramp: 40%}}", "horizon.bot.ramp", "is not a list of shares", "[0%, 40%"),
        ("{heads: {genral: 4}}", "horizon.heads.genral", "is not a group", "Did you mean general?"),
        ("{heads: {general: -4}}", "horizon.heads.general", "must be at least 0", ""),
        ("{hiring: {rule: all}}", "horizon.hiring.rule", "is not a rule of hiring", "up_to: 40"),
        ("{hiring: {rule: {up_to: {roter: 4}}}}", "horizon.hiring.rule.up_to.roter", "is not a group", "roster"),
        ("{hiring: {rule: {up_to: many}}}", "horizon.hiring.rule.up_to", "is not a whole number", ""),
        ("{hiring: {graduates: 850}}", "horizon.hiring.graduates", "is outside 0 to 1", ""),
        ("{hiring: {graduates: 0.9%}}", "horizon.hiring.graduates", "hardly anybody end the training", "at least 1%"),
        ("{hiring: {training: 6}}", "horizon.hiring.training", "needs a unit", "6s or 6m"),
        (
            "{hiring: {classes: [{month: 3, group: general, count: 0}]}}",
            "horizon.hiring.classes.0.count",
            "must be at least 1",
            "",
        ),
        ("{hiring: {classes: [{month: 3, group: general}]}}", "horizon.hiring.classes.0.count", "is missing", ""),
        ("{hiring: {classes: [{group: x, month: 1, count: 1}]}}", "horizon.hiring.classes.0.group", "is not a", ""),
        ("{hiring: {classes: {months: 3}}}", "horizon.hiring.classes", "is not a list of classes", "hiring.csv"),
        ("{let_go: [{month: 13, group: general, count: 1}]}", "horizon.let_go.0.month", "after the last", "months"),
        (
            "{heads: {general: 4}, let_go: [{month: 2, group: general, count: 5}]}",
            "horizon.let_go.0.count",
            "is 1 more than general has in month 2",
            "horizon.heads",
        ),
        (
            "{transfers: [{month: 2, from: general, to: general, count: 5}]}",
            "horizon.transfers.0.to",
            "is the group that they leave",
            "another",
        ),
        ("{attrition: {yearly: 31}}", "horizon.attrition.yearly", "is 3100 %", "Did you mean 31%?"),
        ("{attrition: {yearly: 31%, monthly: 2%}}", "horizon.attrition.monthly", "stands beside yearly", "one of"),
        ("{attrition: {feedback: maybe}}", "horizon.attrition.feedback", "is neither on nor off", "on or off"),
        ("{attrition: {reference: low}}", "horizon.attrition.reference", "is not a share", ""),
        ("{peak: 0}", "horizon.peak", "must be more than 0", "120%"),
        ("{monts: 3}", "horizon.monts", "is not a key", "Did you mean months?"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text, path, words, fix):
    found = problem(text)
    assert found.path == path
    assert words in found.message
    assert fix in (found.fix or "")
    assert found.line == GOOD.count("\n") + 2


def test_what_is_wrong_in_a_table_is_said_with_its_own_line(tmp_path):
    (tmp_path / "growth.csv").write_text("month,intent,factor\n2,billing,1.1\n2,billing,much\n0,billing,1\n")
    with pytest.raises(ScenarioError) as refused:
        loads(f"{GOOD}\nhorizon: {{growth: {{file: growth.csv}}}}", base=tmp_path)
    assert [(found.line, found.message) for found in refused.value.problems] == [
        (3, "is not a number"),
        (4, "is not a month of the plan"),
    ]


def test_a_child_writes_the_other_of_yearly_and_monthly(tmp_path):
    (tmp_path / "base.yaml").write_text(GOOD + FULL)
    (tmp_path / "child.yaml").write_text("extends: base.yaml\nhorizon: {attrition: {monthly: 2.55%}}\n")
    from sim.loading.load import load

    attrition = load(tmp_path / "child.yaml").horizon.attrition
    assert (attrition.yearly, attrition.monthly) == (None, 0.0255)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{attrition: {}}", "horizon.attrition.feedback has no effect: fatigue is off"),
        ("{attrition: {mistreatment_slope: 1}}", "mistreatment_slope has no effect: mistreatment is off"),
        (
            "{hiring: {lead_time: 14d, classes: [{month: 1, group: general, count: 1}]}}",
            "horizon.hiring.lead_time moves no class of the file",
        ),
    ],
)
def test_what_has_no_effect_is_noted(text, words):
    assert any(words in note for note in loads(f"{GOOD}\nhorizon: {text}", ["fatigue=off", "mistreatment=off"]).notes)


def test_a_trace_of_arrivals_is_not_multiplied(tmp_path):
    (tmp_path / "calls.csv").write_text("date,time\n2026-11-23,08:05\n")
    text = """
calendar: {start: 2026-11-23, days: 1, hours: "08:00-09:00"}
arrivals: {process: trace, file: calls.csv}
intents: {call: {talk_time: 5m}}
agents: {desk: {skills: [call], staff: 2}}
horizon: {growth: 1%, peak: 120%}
"""
    with pytest.raises(ScenarioError) as refused:
        loads(text, base=tmp_path)
    assert [found.path for found in refused.value.problems] == ["horizon.growth", "horizon.peak"]
    assert loads(text.replace("growth: 1%, peak: 120%", "months: 3"), base=tmp_path).horizon.months == 3
