"""The sentences and tables of `staff --no-worse`: what they say is what was found."""

from dataclasses import replace

import pytest

import sim
from sim.report.staffing.no_worse import no_worse_report, tables_of
from sim.report.staffing.no_worse_words import fte_words, no_worse_paragraphs
from sim.study.staffing import Freed, no_worse_plans
from tests.study.test_no_worse import BOT, before


@pytest.fixture(scope="module")
def hurried():
    """A bot that leaves some unresolved, and a handle-time target after it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(no_worse_plans, "LOOKED_AT", 20_000.0)
        after = sim.changed(before(), BOT | {"intents.all.resolution": 0.9, "pace": {"target": "4m"}})
        return sim.no_worse(after, before(), replications=3)


def words_of(result):
    return {paragraph.name: paragraph.text for paragraph in no_worse_paragraphs(result)}


def test_the_answer_is_said_as_planners_say_it(hurried):
    plan = replace(hurried.as_given, freed_by_bot=Freed(4.1, 2.6, 3, 2.2, 5.9))
    said = "best estimate 4.1 FTE; safe to release (95 %) 2.6 FTE = 3 heads at a contract share of 0.8"
    assert fte_words(plan) == said
    nobody = replace(hurried.as_given, freed_by_bot=Freed(0.3, -0.2, 0, -0.4, 1.0))
    assert fte_words(nobody) == "best estimate 0.3 FTE; safe to release (95 %): nobody"


def test_what_staff_does_not_make_good_comes_first(hurried):
    (beyond,) = hurried.as_given.beyond_staff
    words = words_of(hurried)
    points = f"{-100 * beyond.difference:.1f} points"
    assert words["The answer"].startswith(
        f"Nobody can go at equal service: the share of needs resolved falls by {points} even if nobody goes, "
        "where 0.5 points are allowed."
    )
    assert f"With that left out: {fte_words(hurried.as_given)}." in words["The answer"]
    assert f"with that left out, {fte_words(hurried.unhurried)}." in words["Unhurried"]


def test_what_is_not_the_bots_is_said_apart(hurried):
    plan = hurried.as_given
    assert f"The margins alone are worth {plan.freed_by_margins:,.1f} FTE" in words_of(hurried)["Not the bot's"]


def test_where_more_are_needed_it_says_how_many(hurried):
    plan = hurried.as_given
    short = replace(plan, freed_by_bot=Freed(-3.2, -4.0, -5, -4.4, -2.0), beyond_staff=())
    words = words_of(replace(hurried, with_target=short))
    assert words["The answer"].startswith("Nobody can go at equal service: with the bot, 3.2 FTE more are needed")
    assert short.shortfall == 3.2


def test_tables_and_notebook_hold_every_plan_of_both_worlds(hurried):
    tables = {table.title: table for table in tables_of(hurried)}
    for world, plan in (("with the handle-time target", hurried.with_target), ("unhurried", hurried.unhurried)):
        steps = tables[f"How many agents, {world}"]
        assert [row[-1].text for row in steps.rows] == [f"{staff.fte:,.1f}" for staff in plan.all]
        verdicts = [row[-1].text for row in tables[f"Service, {world}"].rows]
        assert verdicts == ["no worse" if each else "worse" for each in plan.measures["no_worse"]]
    assert "How many agents, unhurried" in hurried._repr_html_()
    document = no_worse_report(hurried).document()
    assert document["as_given"] == document["with_target"] != document["unhurried"]
    assert document["as_given"]["fte"]["before"] == hurried.before.fte
