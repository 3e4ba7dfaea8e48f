import re
from io import StringIO

import pytest
from rich.console import Console

from sim.report.comparison import comparison_report
from sim.report.comparison.rankings import RANKED, RankedPair, null_world_of, rankings, rankings_rows, rankings_table
from sim.report.numbers import Value
from sim.report.render.terminal import print_report
from tests.report.made import findings, page_of, result, scenario

TITLE = "Rankings that survive the null world"
UP, DOWN, UNSURE, NONE = Value(2.0, 1.0, 3.0), Value(-2.0, -3.0, -1.0), Value(2.0, -1.0, 5.0), Value(0.0, 0.0, 0.0)
ALONE = Value(2.0, float("nan"), float("nan"))


def world(means, *changes, replications=10, **same):
    """Findings of every scenario against those after it: means of the ASA, and differences by pair of places."""
    names = sorted(means)
    given = dict(changes)
    results = [result(scenario(name, **same), {"asa_s": means[name]}, replications=replications) for name in names]
    return [
        findings(
            *results[k:],
            differences={other: {"asa_s": given[names[k] + other]} for other in names[k + 1 :]},
        )
        for k in range(len(names) - 1)
    ]


def only(simulated, null):
    (ranking,) = rankings(simulated, null)
    return ranking


# Two scenarios ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("simulated", "null", "verdict"),
    [
        (UP, UP, "survives"),
        (DOWN, DOWN, "survives"),
        (UP, DOWN, "turns round"),
        (DOWN, UP, "turns round"),
        (UP, UNSURE, "only with the slopes"),
        (UP, NONE, "only with the slopes"),
        (UNSURE, UP, "only without them"),
        (UNSURE, UNSURE, "tied"),
        (NONE, NONE, "tied"),
        (ALONE, UP, "only without them"),
        (ALONE, ALONE, "tied"),
    ],
)
def test_an_order_counts_where_the_interval_excludes_zero(simulated, null, verdict):
    assert RankedPair("a", "b", simulated, null).verdict == verdict


def test_the_order_of_two_names_the_higher_first():
    here = world({"a": 10.0, "b": 15.0}, ("ab", (5.0, 1.0)))
    there = world({"a": 12.0, "b": 11.0}, ("ab", (-1.0, 3.0)))
    ranking = only(here, there)
    assert (ranking.measure, ranking.label) == ("asa_s", "Average wait of answered, ASA")
    assert (ranking.simulated, ranking.null, ranking.verdict) == ("b > a", "a ≈ b", "only with the slopes")
    assert (ranking.pairs[0].simulated.mean, ranking.pairs[0].null.mean) == (5.0, -1.0)


def test_equal_scenarios_keep_the_order_given():
    same = world({"a": 10.0, "b": 10.0}, ("ab", (0.0, 0.0)))
    assert only(same, same).simulated == "a ≈ b"


def test_a_tie_reads_alike_in_both_worlds_whichever_mean_is_higher():
    here = world({"a": 10.0, "b": 10.1}, ("ab", (0.1, 1.0)))
    there = world({"a": 10.1, "b": 10.0}, ("ab", (-0.1, 1.0)))
    ranking = only(here, there)
    assert (ranking.simulated, ranking.null, ranking.verdict) == ("a ≈ b", "a ≈ b", "tied")


# Three scenarios --------------------------------------------------------------


def test_every_two_scenarios_count():
    here = world({"a": 1.0, "b": 2.0, "c": 9.0}, ("ab", (1.0, 0.5)), ("ac", (8.0, 1.0)), ("bc", (7.0, 1.0)))
    there = world({"a": 1.0, "b": 1.1, "c": 0.5}, ("ab", (0.1, 0.5)), ("ac", (-0.5, 0.1)), ("bc", (-0.6, 0.1)))
    ranking = only(here, there)
    assert (ranking.simulated, ranking.null) == ("c > b > a", "a ≈ b > c")
    assert [pair.verdict for pair in ranking.pairs] == ["only with the slopes", "turns round", "turns round"]
    assert ranking.verdict == "turns round (2), only with the slopes (1)"
    assert ranking.tone == "bad"


def test_what_becomes_of_ties_is_not_told_where_there_are_orders():
    here = world({"a": 1.0, "b": 2.0, "c": 9.0}, ("ab", (1.0, 2.0)), ("ac", (8.0, 1.0)), ("bc", (7.0, 1.0)))
    assert only(here, here).verdict == "survives"
    assert only(here, here).tone == "good"


def test_pairs_that_the_chain_says_wrongly_stand_in_brackets():
    steps = world({"a": 3.0, "b": 2.0, "c": 1.0}, ("ab", (-1.0, 1.5)), ("bc", (-1.0, 1.5)), ("ac", (-2.0, 1.8)))
    assert only(steps, steps).simulated == "a ≈ b ≈ c (a > c)"
    noisy = world({"a": 3.0, "b": 2.0, "c": 1.0}, ("ab", (-1.0, 0.5)), ("bc", (-1.0, 1.5)), ("ac", (-2.0, 3.0)))
    assert only(noisy, noisy).simulated == "a > b ≈ c (a ≈ c)"


# Measures ---------------------------------------------------------------------


def compared(one, other, **levels):
    """Two scenarios with the same clear difference of every measure of theirs."""
    names = ("a", "b")
    made = [result(scenario(name, **levels.get(name, {})), m) for name, m in zip(names, (one, other), strict=True)]
    shared = dict.fromkeys(set(one) & set(other), (1.0, 0.5))
    return [findings(*made, differences={"b": shared})]


def measures(world):
    return [ranking.measure for ranking in rankings(world, world)]


def test_measures_without_a_value_have_no_ranking():
    every = dict.fromkeys(["sl_offered", *RANKED], 1.0)
    on = {"a": {"fatigue": {}}, "b": {"fatigue": {}}}
    assert measures(compared(every, every, **on)) == ["sl_offered", *RANKED]
    nothing = every | {"asa_s": float("nan")}
    assert "asa_s" not in measures(compared(every, nothing, **on))
    del nothing["csat"]
    assert "csat" not in measures(compared(every, nothing, **on))


def test_strain_is_ranked_only_where_agents_tire():
    values = {"occupancy": 0.8, "strained_share": 0.0}
    assert measures(compared(values, values)) == ["occupancy"]
    assert measures(compared(values, values, b={"fatigue": {}})) == ["strained_share", "occupancy"]


def test_the_planners_service_level_is_ranked_where_all_mean_the_same():
    values = {"sl_answered": 0.9, "sl_offered": 0.8, "asa_s": 10.0}
    mine = {"targets": {"service_level": {"share": 0.8, "within": "30s", "definition": "sl_answered"}}}
    assert measures(compared(values, values, a=mine, b=mine)) == ["sl_answered", "asa_s"]
    unlike = compared(values, values, a=mine)
    assert measures(unlike) == ["asa_s"]
    assert any("service level is left out" in note for note in rankings_table(null_world_of(unlike, unlike)).notes)


# Tables -----------------------------------------------------------------------


def test_the_table_has_a_row_a_measure_and_says_how_to_read_it():
    here = world({"a": 10.0, "b": 15.0}, ("ab", (5.0, 1.0)))
    there = world({"a": 10.0, "b": 9.0}, ("ab", (-1.0, 0.5)))
    told = rankings_table(null_world_of(here, there))
    assert told.title == TITLE
    (cells,) = told.rows
    assert [cell.text for cell in cells] == ["Average wait of answered, ASA", "b > a", "a > b", "turns round"]
    assert told.rows[0][-1].tone == "bad"
    assert len(told.notes) == 2
    assert "excludes zero" in told.notes[0]
    assert "every slope is zero" in told.notes[1]


def test_notes_tell_of_pairs_and_of_a_single_replication():
    three = world({"a": 1.0, "b": 2.0, "c": 9.0}, ("ab", (1.0, None)), ("ac", (8.0, None)), ("bc", (7.0, None)))
    notes = rankings_table(null_world_of(three, three)).notes
    assert any("Every two scenarios count" in note for note in notes)
    assert not any("One replication" in note for note in notes)
    alone = world({"a": 1.0, "b": 2.0}, ("ab", (1.0, None)), replications=1)
    assert any("One replication" in note for note in rankings_table(null_world_of(alone, alone)).notes)


def test_rows_are_tidy_one_a_pair():
    here = world({"a": 10.0, "b": 15.0}, ("ab", (5.0, 1.0)))
    there = world({"a": 10.0, "b": 9.0}, ("ab", (-1.0, 3.0)))
    (row,) = rankings_rows(null_world_of(here, there)).to_dict("records")
    assert row == {
        "measure": "asa_s",
        "scenario": "b",
        "against": "a",
        "mean": 5.0,
        "ci_low": 4.0,
        "ci_high": 6.0,
        "null_mean": -1.0,
        "null_ci_low": -4.0,
        "null_ci_high": 2.0,
        "verdict": "only with the slopes",
    }


# Where they are shown ---------------------------------------------------------


@pytest.fixture(scope="module")
def null():
    """A null world made by hand, in which the order of the ASA turns round."""
    here = world({"a": 10.0, "b": 15.0}, ("ab", (5.0, 1.0)))
    return null_world_of(here, world({"a": 10.0, "b": 9.0}, ("ab", (-1.0, 0.5))))


def printed(findings, null=None):
    console = Console(width=200, record=True, file=StringIO())
    print_report(comparison_report(findings, null, console.width), console)
    return console.export_text()


def test_the_terminal_shows_them_below_the_decision(found, null):
    told, without = printed(found, null), printed(found)
    start, end = told.index(TITLE), told.index("Customers and agents")
    assert told[:start] + told[end:] == without
    assert told.index("The decision") < start
    assert "turns round" in told[start:end]


def test_the_page_shows_them_after_the_decision(found, null):
    told, without = page_of(found, null=null), page_of(found)
    places = [told.index(words) for words in ("The decision", TITLE, "turns round", "Claimed and true")]
    assert places == sorted(places)
    assert "a &gt; b" in told
    assert TITLE not in without
    assert len(re.findall("<table", told)) == len(re.findall("<table", without)) + 1
