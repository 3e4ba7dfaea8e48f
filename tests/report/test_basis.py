"""What the results rest on: the parameters counted, and the last line of a report."""

import io
import re

import pytest
from rich.console import Console

import sim
from sim.loading.explain import explain_scenario
from sim.report.basis import basis_line, basis_meaning, basis_of, basis_words, worst_of
from sim.report.comparison import comparison_report
from sim.report.comparison.findings import of_run
from sim.report.render.terminal import print_report
from tests.report.made import findings, page_of, result, scenario
from tests.report.test_page import Parts
from tests.report.tiny import AFTER, BEFORE

LINE = re.compile(
    r"Parameters in force: (\d+), of them (\d+) given; (\d+) strong, (\d+) moderate, (\d+) weak, (\d+) assumed, "
    r"the rest conventions or switched off\."
)


def printed(told, width=500):
    out = io.StringIO()
    print_report(comparison_report(told, width=width), Console(file=out, width=width, highlight=False))
    return out.getvalue()


def counted(of):
    """What a reader of `explain` would count."""
    parameters = explain_scenario(of)
    defaults = [p.grade for p in parameters if p.how == "default"]
    return [len(parameters), len(parameters) - len(defaults), *map(defaults.count, "SMWA")]


@pytest.fixture(scope="module")
def alone_again():
    return of_run(sim.run(sim.loads(AFTER), replications=2))


def test_the_last_line_counts_what_explain_lists(alone_again):
    match = LINE.fullmatch(basis_line(alone_again.named))
    assert match
    assert [int(number) for number in match.groups()] == counted(alone_again.first.scenario)


def test_what_is_set_or_inherited_counts_as_given():
    told = findings(result(sim.loads(AFTER, {"bot.selectivity": 0.5, "bot.opt_out": 0.1}), {}))
    given = basis_of(told.first.scenario)["given"]
    assert given == basis_of(sim.loads(AFTER))["given"] + 2


@pytest.mark.parametrize("width", [60, 200])
def test_it_is_the_last_line_on_the_terminal_whatever_its_width(alone_again, width):
    text = printed(alone_again, width)
    assert " ".join(text.split()).endswith(f" {basis_line(alone_again.named)}")
    assert max(map(len, text.split("\n"))) <= width


def test_of_several_scenarios_the_last_line_counts_the_one_with_most_and_says_which(found):
    lines = printed(found).splitlines()
    widest = max(found.scenarios, key=lambda s: len(explain_scenario(s)))
    assert widest.name == "Tiny cut"
    assert [int(number) for number in LINE.fullmatch(lines[-1]).groups()] == counted(widest)
    assert lines[-2].endswith("Counted for Tiny cut, which has most of them:")


def test_it_ends_the_page(found, alone_again):
    for told in (found, alone_again):
        assert Parts(page_of(told)).text.endswith(basis_line(told.named))


def test_each_of_several_scenarios_is_counted_and_one_alone_is_left_to_the_last_line(found, alone_again):
    assert [line.split(":")[0] for line in basis_words(found.named)[:-1]] == found.names
    cut = counted(found.scenario("Tiny cut"))
    assert basis_words(found.named)[2].startswith(f"Tiny cut: {cut[0]}, of them {cut[1]} given; {cut[2]} strong, ")
    (only,) = basis_words(alone_again.named)
    weak, assumed = counted(alone_again.first.scenario)[-2:]
    assert only.startswith(f"The results rest on up to {weak + assumed} defaults whose numbers are weak or assumed")
    assert basis_meaning(alone_again.named) == only


def test_the_least_known_default_wins_and_what_is_given_is_known():
    parameters = {p.path: p for p in explain_scenario(scenario("a", bot={}, screens={"systems": 3}))}
    weak, moderate = parameters["bot.lost_context_time"], parameters["bot.context_kept"]
    given, convention = parameters["screens.systems"], parameters["intents.orders.head_start"]
    assert worst_of([moderate, weak, given]) == "weak"
    assert worst_of([moderate, given]) == "moderate"
    assert worst_of([parameters["bot.selectivity"], weak]) == "assumed"
    assert worst_of([given, convention]) == "given"
    assert worst_of([convention]) == worst_of([]) == ""


def test_without_weak_defaults_that_is_said(monkeypatch):
    told = findings(result(scenario("a"), {}))
    found = {"given": 3, "strong": 1, "moderate": 2, "weak": 0, "assumption": 0, "plain": 4}
    monkeypatch.setattr("sim.report.basis.basis_of", lambda of: found)
    assert basis_meaning(told.named) == "No default in force is weak or assumed: the results rest on what was given."
    assert basis_line(told.named) == (
        "Parameters in force: 10, of them 3 given; 1 strong, 2 moderate, 0 weak, 0 assumed, "
        "the rest conventions or switched off."
    )


def test_a_plain_scenario_has_its_line_too():
    assert LINE.fullmatch(basis_line(findings(result(sim.loads(BEFORE), {})).named))
