"""The report of `risk`: sentences held to the result, tables and charts on the page, words without prices."""

import json

import pytest

import sim
from sim.report.render.folder import write_folder
from sim.report.render.page import page
from sim.report.risk import risk_report
from sim.report.risk.narrative import paragraphs
from sim.report.risk.tables import fit_words, percent
from sim.study.risk.indices import FirstOrder
from sim.study.risk.resampling import Estimated
from tests.study.test_risk import BELIEFS, CENTRE, TWO_DAYS

FACTORS = (1.3, 1.6, 1.9)
WIDE = BELIEFS | {"arrivals.per_hour": {"times": [0.5, 1.5]}}


def studied(**changes):
    scenario = sim.loads(CENTRE | {"beliefs": WIDE} | changes)
    levels = [sim.by_factor(scenario, factor) for factor in FACTORS]
    return sim.risk(scenario, plans=levels, draws=60, period=TWO_DAYS, jobs=1)


@pytest.fixture(scope="module")
def priced():
    return studied()


@pytest.fixture(scope="module")
def unpriced():
    return studied(costs={"agent_hour": 30})


def words(result):
    return {part.name: part.text for part in paragraphs(result)}


def test_it_opens_with_the_answer(priced):
    report = risk_report(priced)
    assert report.sections[0].answers
    said = words(priced)["The answer"]
    assert f"with a chance of {percent(priced.chance(0))}." in said
    name = priced.plans[priced.sufficient[0]].name
    assert f"{name} (" in said
    assert "the smallest that is 80 % sure" in said


def test_the_staff_is_that_of_the_curve(priced):
    staff = priced.curve.staff_for(0.8, seed=priced.seed + 1)
    assert f"To be 80 % sure takes {staff.mean:.1f} FTE" in words(priced)["Staff"]


def test_what_knowing_is_worth_is_said_to_be_a_ceiling(priced):
    best = max((one for one in priced.worth if one.shown), key=lambda one: one.worth.mean)
    said = words(priced)["What is worth knowing first"]
    assert f"is worth at most {best.worth.mean:,.0f} (" in said
    assert "a ceiling" in said


def test_without_prices_it_says_what_would_change_the_choice(unpriced):
    said = words(unpriced)
    assert "Bad service has no price" in said["Money"]
    assert "ceiling" not in said["What is worth knowing first"]
    clear = [one for one in unpriced.choices if one.clear]
    most = max(clear, key=lambda one: one.size)
    assert f"{percent(most.low)} in the third of the draws where it is lowest" in said["What is worth knowing first"]


def test_where_the_ranges_come_from(priced):
    assert "Of the ranges 3 come from the file." in words(priced)["How sure"]


def test_a_chance_that_rounding_hides_is_said(unpriced):
    short = type(unpriced)(**(vars_of(unpriced) | {"wanted": unpriced.chance(unpriced.best_chance).mean + 1e-4}))
    assert "falls short by less than the rounding" in words(short)["The answer"]


def vars_of(result):
    return {name: getattr(result, name) for name in type(result).__dataclass_fields__}


def test_charts_and_tables_are_on_the_page(priced, unpriced):
    names = [chart.name for chart in risk_report(priced).charts]
    assert names == ["chance", "targets", "money", "worth", "doubt"]
    assert [chart.name for chart in risk_report(unpriced).charts] == ["chance", "targets", "money", "doubt"]
    shown = page(risk_report(priced))
    for heading in (
        "Plans",
        "What carries the doubt about",
        "What is worth knowing first",
        "What would change the choice",
    ):
        assert heading in shown
    assert "nan" not in " ".join(chart.alt for chart in risk_report(priced).charts)


def test_the_folder_and_the_document_say_the_same(priced, tmp_path):
    report = risk_report(priced)
    write_folder(report, tmp_path / "out")
    kept = (tmp_path / "out" / "choices.csv").read_text().splitlines()
    assert kept[0].startswith("key,plan,low,low_ci_low")
    document = json.loads(json.dumps(report.document()))
    assert [one["key"] for one in document["choices"]] == [line.split(",")[0] for line in kept[1:]]
    assert document["choices"][0]["low"]["mean"] == pytest.approx(float(kept[1].split(",")[2]))
    assert document["choices"][0]["high"]["choice"] in {plan.name for plan in priced.plans} | {None}


def test_percent_shows_narrow_intervals_with_a_decimal():
    assert percent(Estimated(0.001, 0.0, 0.003)) == "0.1 % (0.0 to 0.3)"
    assert percent(Estimated(0.8, 0.73, 0.85)) == "80 % (73 to 85)"


def test_no_sentence_has_two_blanks(priced, unpriced):
    assert not any("  " in said for result in (priced, unpriced) for said in words(result).values())


def test_results_near_an_end_are_shares(unpriced, monkeypatch):
    beyond = FirstOrder(Estimated(0.3, 0.2, 0.4), -0.031, 1.2)
    monkeypatch.setattr("sim.study.risk.indices.first_order", lambda *_: [beyond])
    (found,) = unpriced.first_order("service_level", unpriced.chosen)
    assert (found.share, found.at_low, found.at_high) == (beyond.share, 0.0, 1.0)


def test_a_surrogate_that_is_worse_than_the_mean_predicts_nothing():
    assert fit_words(-0.1) == "predicts nothing that is new"
    assert fit_words(0.42) == "predicts 42 % of what it has not seen"
    assert fit_words(float("nan")) == "cannot be judged"
