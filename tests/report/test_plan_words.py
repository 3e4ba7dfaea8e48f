"""Every sentence of a plan is that of its figures: other figures, other words."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from sim.report.plan import QUESTIONS, hiring_frame, plan_report, sentences_of
from sim.report.plan.figures import YearFigures, above, half_width_of_chance, month_short, month_words
from sim.report.plan.words import ENOUGH_WEEKS, Told, _moves
from sim.scenario.planning import Transfer
from sim.study.estimates import Estimate
from sim.study.plan.result import PlansResult, YearPlan
from sim.study.plan.spiral import Spiral, TurningBack
from tests.report.years import answer, classes, let_go, year


def said(made, section):
    return " ".join(sentences_of(Told(made))[section])


def test_months_in_words():
    assert (month_words("2027-03"), month_short("2027-12")) == ("March 2027", "Dec 27")


def test_the_page_opens_with_whom_to_hire_then_chances_the_cut_and_money():
    lines = sentences_of(Told(answer()))["in_short"]
    assert lines == (
        "Hire 3 people (2 in January 2027, 1 in February 2027) and let nobody go: the plan at least cost that was "
        "found.",
        "As the file plans it, a typical week misses a target with a chance of 58 % (8 to 100); 100 % (51 to 100) in "
        "March 2027, the worst month.",
        "With the plan at least cost, a typical week misses a target with a chance of 8 % (0 to 35); 25 % (5 to 70) in "
        "February 2027, the worst month.",
        "4 simulated years are few: go by the average over the months, and by no single month; --replications 30 tells "
        "more.",
        "If 2 people were cut now, a typical week would miss a target with a chance of 100 %; with the plan of the "
        "file it is 58 %.",
        "The 3 months cost EUR 312,000 in cash, EUR 42,000 more than the plan of the file.",
    )


def test_without_a_search_the_plan_of_the_file_is_told():
    lines = sentences_of(Told(answer(best=False, cut=False)))["in_short"]
    assert lines[0] == "The plan of the file: hire nobody and let nobody go."
    assert lines[-1] == "The 3 months cost EUR 270,000 in cash."
    assert len(lines) == 4


def test_years_are_few_until_they_tell_a_month_to_some_17_points():
    many = answer(best=False, cut=False, weeks_a_month=4)
    assert "4 simulated years are few" in said(many, "in_short")
    assert half_width_of_chance(ENOUGH_WEEKS) == pytest.approx(0.1685, abs=5e-5)
    assert "known to 35 points either way in a single month" in said(answer(), "chance")
    assert "known to 22 points either way in a single month, from so many weeks" in said(many, "chance")


def test_who_could_not_go_is_said_at_once():
    made = answer(best=False, cut=False)
    plan = YearPlan("file", let_go=let_go((1, "claims", 50)))
    gone = year(made.scenario, plan, let_go=((9, 0), (0, 0), (0, 0)))
    made = replace(made, plans=PlansResult(made.scenario, (gone,), 1))
    words = "Of 50 people whom the plan of the file lets go only 9 are there to go, on average."
    assert words in said(made, "in_short")
    assert "are there to go" not in said(answer(), "in_short")


def test_hiring_that_takes_time_is_to_be_decided_on_before():
    words = "Decide on each class 4 weeks before its month begins: so long hiring takes."
    assert words in said(answer(hiring={"lead_time": "28d"}), "hire")
    assert "Decide" not in said(answer(), "hire")


def test_hiring_is_told_by_group_and_month_with_what_is_short():
    text = said(answer(), "hire")
    assert "By group: 2 for claims and 1 for policies." in text
    assert "after 6 weeks of training; 85 % of a class do." in text
    assert "With it 4 leave by themselves in the 3 months; of 20 people in January 2027 the centre comes to 21" in text
    assert (
        "The plan of the file is short of what the targets need in 2 of 3 months, most in March 2027: 5 too few."
        in text
    )
    assert (
        "The plan at least cost is short of what the targets need in 1 of 3 months, most in March 2027: 1 too" in text
    )
    assert "short" not in said(answer(needed=False), "hire")


def moves(*entries):
    return tuple(Transfer.model_validate({"month": m, "from": a, "to": b, "count": n}) for m, a, b, n in entries)


def with_lead(plan, **figures):
    """The answer with another plan at least cost."""
    made = answer()
    years = (made.file, year(made.scenario, plan, **figures))
    return replace(made, plans=PlansResult(made.scenario, years, 1))


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (YearPlan("best"), "Hire nobody and let nobody go"),
        (YearPlan("best", classes((3, "claims", 1))), "Hire 1 person in March 2027 and let nobody go"),
        (YearPlan("best", let_go=let_go((1, "claims", 4))), "Hire nobody and let 4 people in January 2027 go"),
        (
            YearPlan("best", classes((1, "claims", 1), (1, "policies", 2)), let_go((2, "claims", 1))),
            "Hire 3 people in January 2027 and let 1 person in February 2027 go",
        ),
        (
            YearPlan("best", transfers=moves((1, "policies", "claims", 2), (3, "policies", "claims", 1))),
            "Hire nobody, let nobody go and move 3 people (2 in January 2027, 1 in March 2027) from policies to claims",
        ),
    ],
)
def test_who_comes_and_who_goes(plan, words):
    assert said(with_lead(plan), "in_short").startswith(f"{words}: the plan at least cost")


@pytest.mark.parametrize(
    ("most", "words"),
    [
        (2, "(first and most, 2, in January 2027)"),
        (4, "(first 2 in January 2027; most, 4, in February 2027)"),
    ],
)
def test_many_months_of_hiring_are_told_by_the_first_and_the_largest(most, words):
    hires = classes(*((month, "claims", most if month == 2 else 2) for month in range(1, 6)))
    made = with_lead(YearPlan("best", hires))
    figures = replace(made.file, labels=tuple(f"2027-0{month}" for month in range(1, 6)))
    made = replace(made, plans=PlansResult(made.scenario, (figures, made.lead), 1))
    assert _moves(Told(made), made.lead.plan).startswith(f"hire {8 + most} people in 5 of 5 months {words}")


def test_hires_by_rule_are_told_by_their_mean():
    made = with_lead(YearPlan("best"), hired=((1, 0), (0, 1), (0, 0)))
    assert said(made, "in_short").startswith("Hire by rule 2 on average and let nobody go")


def test_who_moves_is_to_be_written_into_the_file():
    words = "Who moves stands in no hiring.csv: write it under horizon.transfers to play the plan again."
    made = with_lead(YearPlan("best", transfers=moves((1, "policies", "claims", 2))))
    assert words in said(made, "hire")
    assert words not in said(answer(), "hire")


def test_a_chance_is_that_of_a_typical_week_and_a_peak_stands_beside_it():
    text = said(answer(peak="120%"), "chance")
    assert "By target, on average over the months: service level 58 %." in text
    assert "A peak week, with 120 % of a typical week's contacts, misses with a chance of 100 % (51 to 100)" in text
    assert "A chance here is that of a typical week: of 4 simulated years" in text
    assert "peak" not in said(answer(), "chance")


def test_targets_that_no_week_can_be_judged_by_are_told_as_such():
    made = answer(best=False, cut=False)
    unknown = {name: np.full_like(met, np.nan) for name, met in made.file.week.met.items()}
    week = replace(made.file.week, met=unknown)
    made = replace(made, plans=PlansResult(made.scenario, (replace(made.file, week=week),), 1))
    assert said(made, "chance") == "No week can be judged by the file's targets, so nothing can be missed."
    assert sentences_of(Told(made))["in_short"][1] == "The 3 months cost EUR 270,000 in cash."


def test_as_much_cash_is_told_as_no_more():
    made = with_lead(YearPlan("best"))
    assert said(made, "in_short").endswith("in cash, no more than the plan of the file.")
    assert "That is no more than the plan of the file." in said(made, "money")


def test_no_miss_is_told_as_none_that_was_seen():
    made = with_lead(YearPlan("best"), misses=(0, 0, 0))
    assert "With the plan at least cost, no typical week of any month misses a target, in 4 years." in said(
        made, "chance"
    )


def test_plans_are_compared_by_misses_and_by_cash():
    text = said(answer(), "cut")
    assert "Of those who stay 6 leave by themselves, 2 more than with the plan of the file." in text
    assert "It costs EUR 27,000 less in cash over the months than the plan of the file." in text
    assert "misses least with the plan at least cost (8 %) and most with cutting now (100 %)" in text
    assert "The least cash takes cutting now: EUR 243,000; a typical week misses there with a chance of 100 %." in text


def test_a_plan_that_is_cheaper_and_misses_no_oftener_than_the_advised_one_is_named():
    words = "costs EUR 12,000 less than the plan at least cost and misses no oftener in these years"
    made = answer()
    rule = year(made.scenario, YearPlan("up_to"), misses=(0, 1, 0), pay=(100_000.0,) * 3)
    text = said(replace(made, plans=PlansResult(made.scenario, (made.file, made.lead, rule), 1)), "cut")
    assert f"Hiring up to the need {words}: look again with more --replications, or take it." in text
    assert words not in said(made, "cut")


def test_money_is_told_by_what_changing_costs():
    text = said(answer(), "money")
    assert "The plan at least cost takes EUR 312,000 in cash over the 3 months" in text
    assert "That is EUR 42,000 more than the plan of the file." in text
    assert "The dearest month is March 2027: EUR 106,000." in text
    assert "budget" not in text
    assert "The budget of EUR 312,000 is exceeded in 50 % of the simulated years." in said(
        answer(budget=312_000), "money"
    )


def test_customers_from_the_first_month_to_the_last():
    text = said(answer(), "service")
    assert "85.0 % answered in time, 60.0 % at the end; 3.0 % give up, 9.0 % at the end" in text
    assert "80.0 % busy, 90.0 % at the end; 1.0 % strained, 5.0 % at the end" in text
    assert "Who is answered waits 10 s at the start, 40 s at the end." in text


def test_what_it_rests_on_names_what_is_assumed():
    text = said(answer(), "rests")
    turnover = 4 / (20 + 19 + 17) * 12
    assert f"leavers of a year are {100 * turnover:.0f} % of mean heads" in text
    assert "Emadi and Staats" in text
    assert "before-and-after" not in text  # there is no bot


def spiral(month, threshold, back=None, grows=1.0):
    """A spiral of ten people, whose gap in heads grows from the second month to the third."""
    gap = Estimate(np.array([0.9, grows]), np.array([[-0.1, -0.01], [0.1, 0.01]] * 2))
    made = answer()
    expected, there = np.array([1.0, 1.5, 2.0]), np.array([20.0, 19.0, 17.0])
    return Spiral(made.scenario, made.file.plan, month, expected, there, gap, 10, threshold, back, 1, 4)


def of_spiral(found, section="spiral"):
    return said(replace(answer(), spiral=found), section)


def test_a_spiral_is_told_with_its_month_threshold_and_the_way_back():
    text = of_spiral(spiral(2, 1.25, TurningBack(3, 7, 35_000.0, 12_000.0, 2, 1), grows=1.2))
    assert text.startswith(
        "From February 2027 on leaving feeds itself with the plan of the file: three months in a row"
    )
    assert "though fewer are there: those who stay are more strained." in text
    assert "With 13 people at the start, 125 % of today's 10, it does not begin." in text
    assert "A gap in heads is sure to grow by leaving alone, from February 2027 to the month after." in text
    assert "takes 7 hires from March 2027 on; hiring takes EUR 35,000, training EUR 12,000." in text
    assert "2 months of 3 then miss a target in more than half of the years; with" in text
    assert "with keeping everybody, 1 month does." in text
    assert "From February 2027 on leaving feeds itself" in of_spiral(spiral(2, None), "in_short")


def test_no_spiral_is_told_with_where_it_would_begin():
    text = of_spiral(spiral(None, 0.8))
    assert text.startswith("With the plan of the file leaving does not feed itself")
    assert "It would with fewer than 8 people at the start, 80 % of today's 10." in text
    assert "It would with a single person fewer at the start (today 10)." in of_spiral(spiral(None, 0.95))
    assert "One who is missing makes fewer than one more leave, as far as is sure" in text
    assert "feeds itself" not in of_spiral(spiral(None, 0.8), "in_short")
    assert "No other number of people at the start that was tried changes that (today 10)." in of_spiral(
        spiral(2, None)
    )
    assert "too late" in of_spiral(spiral(2, None))
    assert said(answer(), "spiral").startswith("Strain moves nobody here")


def test_what_the_search_aims_at_and_how_good_it_is():
    small, wanted = SimpleNamespace(gap=0.004, plans=1234), SimpleNamespace(beyond_staff=("resolution_rate",))
    found = SimpleNamespace(sure=0.8, gap=0.003, small=small, requirement=wanted)
    made = replace(answer(), optimised=found, assumed=("reinvest: the time is there",))
    text = said(made, "rests")
    assert "meets the targets in 80 % of the years." in text
    assert "no plan is cheaper by more than 0.3 %" in text
    assert "on a small case it is 0.4 % above the best of all 1,234 plans." in text
    assert "Assumed of reinvest: the time is there." in text
    assert "No number of people meets needs resolved: what is needed leaves that aside." in said(made, "in_short")


def test_a_file_that_lets_people_go_is_set_beside_keeping_everybody():
    made = answer(cut=False)
    keep = year(made.scenario, YearPlan("keep"), misses=(0, 0, 0), pay=(100_000.0,) * 3)
    cut = year(made.scenario, YearPlan("file", let_go=let_go((1, "claims", 2))))
    made = replace(made, plans=PlansResult(made.scenario, (cut, made.lead, keep), 1))
    text = said(made, "cut")
    assert text.startswith(
        "The plan of the file lets 2 people go: a typical week misses a target with a chance of 58 %; with keeping "
        "everybody it is 0 %. It costs EUR 30,000 less in cash than keeping everybody."
    )


def test_classes_that_begin_too_late_are_told():
    made = with_lead(YearPlan("best", classes((1, "claims", 2), (3, "claims", 4))), hired=((2, 0), (0, 0), (4, 0)))
    assert "Of those hired 4 begin too late to take contacts in these months" in said(made, "hire")
    assert "too late" not in said(answer(), "hire")


def test_figures_are_those_of_the_years():
    told = Told(answer())
    lead, file = told.lead, told.file
    assert lead.cash_above(file).mean == pytest.approx(42_000.0)
    assert lead.cash_above(file).half_width == pytest.approx(0.0, abs=1e-6)  # the same luck
    assert above(lead, file, "available", 2).mean == pytest.approx(4.0)
    assert file.over("service_level").mean == pytest.approx(np.mean([0.85, 0.75, 0.60]))
    assert file.miss_over("abandonment_rate").mean == 0.0
    assert isinstance(file, YearFigures)
    assert file.worst == 2


def test_the_hiring_plan_is_written_as_it_is_read():
    frame = hiring_frame(Told(answer()))
    assert list(frame.columns) == ["month", "begins", "group", "count", "let_go"]
    assert frame[frame["count"] > 0].to_numpy().tolist() == [
        [1, "2027-01", "claims", 2, 0],
        [2, "2027-02", "policies", 1, 0],
    ]
    assert len(frame) == 6


def test_every_question_is_answered_and_the_document_says_the_same():
    made = replace(answer(peak="120%"), spiral=spiral(2, 1.25))
    report = plan_report(made)
    document = report.document()
    assert document["sections"] == {k: list(v) for k, v in sentences_of(Told(made)).items()}
    assert set(document["sections"]) == set(QUESTIONS)
    assert document["plans"]["cut"]["miss_on_average"]["mean"] == 1.0
    assert [chart.name for chart in report.charts] == [
        "plan_hire",
        "plan_cut",
        "plan_chance",
        "plan_service",
        "plan_money",
        "plan_spiral",
    ]
    assert made.holds
    assert not answer(best=False).holds


def test_a_notebook_shows_what_is_decided_by():
    made = answer()
    shown = made._repr_html_()
    assert "Plans beside each other" in shown
    assert "Who begins, and who is let go" in shown
    assert "The plan of the file, month by month" in made.file._repr_html_()
    assert "Plans beside each other" in made.plans._repr_html_()
    assert "a gap, a month later (times)" in spiral(2, None)._repr_html_()
