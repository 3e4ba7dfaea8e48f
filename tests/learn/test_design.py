"""A pilot before it is run: its widths are those that it then has, and what it is worth where that is known."""

import json
import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

import sim
from sim.cli.main import main
from sim.learning.design import Foreseen, foreseen
from sim.learning.narrower import assumed_and_measured, learned_scenario
from sim.learning.pilot_worth import sample_worths, waiting_cost
from sim.learning.priors import Prior
from sim.learning.result import LearnResult
from sim.learning.study import learn_from
from sim.study.risk.result import RiskResult
from sim.study.risk.worth import worth_of_knowing
from tests.learn.worlds import World, logs_of

WORLD = World(contacts=24_000, controls=0, arm=0.5, season=0.0, day_sd=0.0, learning=0.0, agent_sd=0.0)
WEEKS = WORLD.days / 14
"""In half of the days there is a pilot."""
SCENARIO = {
    "name": "pilot",
    "calendar": {"start": "2026-11-23", "days": 7, "hours": "08:00-20:00"},
    "arrivals": {"per_day": WORLD.contacts / WORLD.days},
    "intents": {
        "intent0": {"share": 0.5, "skill": "all", "difficulty_weight": 0.6, "bot": {"resolves": 0.4}},
        "intent1": {"share": 0.5, "skill": "all", "difficulty_weight": 0.4, "bot": {"resolves": 0.25}},
    },
    "agents": {"all": {"skills": ["all"], "staff": 8}},
    "bot": {"selectivity": 0.7, "opt_out": 0.2, "false_containment": 0.2, "context_kept": 1.0},
    "customers": {"repeat": {}},
    "targets": {"service_level": "80/20"},
}
for one, cv in zip(SCENARIO["intents"].values(), (0.8, 1.0), strict=True):  # type: ignore[attr-defined]
    one |= {"talk_time": {"distribution": "lognormal", "mean": "5m", "cv": cv}, "resolution": 0.8}


@pytest.fixture(scope="module")
def scenario() -> sim.Scenario:
    return sim.loads(SCENARIO)


@pytest.fixture(scope="module")
def numbers(scenario: sim.Scenario) -> dict[str, Foreseen]:
    return {number.key: number for number in foreseen(scenario, [WEEKS, 4 * WEEKS], 0.5)}


@pytest.fixture(scope="module")
def learned(scenario: sim.Scenario) -> LearnResult:
    logs = logs_of(WORLD, 1)
    return learn_from(logs.contacts.chosen(logs.contacts.after), logs.sessions, scenario=scenario)


@pytest.mark.parametrize(
    "key",
    [
        "intents.intent0.bot.containment",
        "bot.opt_out",
        "intents.intent0.difficulty_weight x bot.selectivity",
        "intents.intent1.difficulty_weight x bot.selectivity",
        "bot.selectivity",
        "intents.intent1.difficulty_weight",
    ],
)
def test_widths_foreseen_are_those_that_a_pilot_has(
    numbers: dict[str, Foreseen], learned: LearnResult, key: str
) -> None:
    found = learned.of(key)
    assert found.measured
    assert 1.96 * found.se == pytest.approx(numbers[key].half_widths[WEEKS], rel=0.35)


def test_four_times_the_weeks_halve_a_width(numbers: dict[str, Foreseen]) -> None:
    for number in numbers.values():
        one, four = number.half_widths.values()
        assert four == pytest.approx(one / 2, rel=0.01)
    selectivity = numbers["bot.selectivity"]
    until = selectivity.weeks_until()
    again = foreseen(sim.loads(SCENARIO), [until], 0.5)
    assert next(n for n in again if n.key == "bot.selectivity").half_widths[until] == pytest.approx(0.65 / 8, rel=0.02)


def test_no_contacts_tell_nothing() -> None:
    nobody = sim.loads({**SCENARIO, "arrivals": {"per_day": 0}})
    assert all(number.half_widths[4.0] == math.inf for number in foreseen(nobody, [4.0], 0.5))


def test_a_number_believed_to_be_at_its_end_is_not_known_by_itself() -> None:
    certain = sim.loads(SCENARIO, {"bot.selectivity": 1.0})
    width = next(one for one in foreseen(certain, [4.0], 0.5) if one.key == "bot.selectivity").half_widths[4.0]
    assert 0.005 < width < 0.5


def test_few_exposed_tell_containment_and_not_the_choosing(scenario: sim.Scenario) -> None:
    few = {number.key: number for number in foreseen(scenario, [4.0], 0.1)}
    assert few["intents.intent0.bot.containment"].half_widths[4.0] < 0.04
    assert few["intents.intent0.bot.false_share"].half_widths[4.0] < 0.06
    selectivity = few["bot.selectivity"]
    assert 2 * selectivity.half_widths[4.0] > 0.95 * (selectivity.prior.high - selectivity.prior.low)


def test_a_pilot_of_few_tells_containment_and_false_containment_and_says_what_it_cannot() -> None:
    logs = logs_of(replace(WORLD, arm=0.1), 1)
    result = learn_from(logs.contacts.chosen(logs.contacts.after), logs.sessions)
    contained, false = (result.of(f"intents.intent0.bot.{name}") for name in ("containment", "false_share"))
    assert contained.measured
    assert contained.low < 0.8 * 0.4 / 0.75 < contained.high
    assert false.measured
    assert false.low < 0.25 < false.high
    assert not result.of("bot.selectivity").measured
    assert any("10 % of contacts are of exposed customers says nothing of congestion" in note for note in result.notes)


# What it is worth ---------------------------------------------------------------------------------------------------


def risk_of(draws: int = 2000) -> RiskResult:
    """Two plans whose costs cross where a number is in the middle of what is believed."""
    shares = (np.arange(draws) + 0.5) / draws
    luck = np.random.default_rng(1).normal(0, 5, (draws, 2))
    costs = np.stack([np.zeros(draws), 100 * (shares - 0.5)], axis=1) + luck
    stub = SimpleNamespace(
        costs=costs,
        candidates=[0, 1],
        inputs=shares[:, None],
        seed=1,
        worth=worth_of_knowing(shares[:, None], costs, life=52, seed=2),
        scenario=SimpleNamespace(costs=SimpleNamespace(weeks_a_year=52)),
        sample=SimpleNamespace(beliefs=[SimpleNamespace(key="bot.selectivity")]),
    )
    return cast(RiskResult, stub)


def number(*half_widths: float) -> Foreseen:
    return Foreseen("bot.selectivity", 0.7, Prior(0.7, 0.35, 1.0), dict(enumerate(half_widths, 1)), "")


def test_a_sample_is_worth_what_theory_says() -> None:
    """The plan is changed where what is said is in the lower half: a correlation of said and true with the cost."""
    exact, blurred = 1e-4, 0.65 * 1.96
    found = sample_worths(risk_of(), [number(exact, 0.65 / 4, blurred)])[0]
    assert found.by_weeks[1] == pytest.approx(52 * 100 / 8, rel=0.03)
    assert found.by_weeks[1] == pytest.approx(found.perfect.worth.mean, rel=0.03)
    luck = np.random.default_rng(3)
    truth = luck.random(400_000)
    said = truth + luck.standard_normal(truth.size)
    best = truth < 0.5  # by symmetry what is said is cut in the middle too
    worth = 52 * 100 * float(np.mean(np.where(said < np.median(said), 0.5 - truth, 0.0)))
    assert best.mean() == pytest.approx(0.5, abs=0.01)
    assert found.by_weeks[3] == pytest.approx(worth, rel=0.15)
    assert found.by_weeks[1] > found.by_weeks[2] > found.by_weeks[3]


def test_waiting_costs_what_the_own_plan_costs_more_than_the_cheapest() -> None:
    result = risk_of()
    result.costs[:, 0] += 30.0  # type: ignore[index]
    assert waiting_cost(result) == pytest.approx(30.0, abs=1.0)


# What was learned, and the plan --------------------------------------------------------------------------------------


def test_measured_numbers_are_counted_among_those_assumed(learned: LearnResult, scenario: sim.Scenario) -> None:
    assumed, measured = assumed_and_measured(learned)
    told = {n.key for n in learned.numbers if n.measured and n.in_scenario}
    assert {"bot.selectivity", "intents.intent0.difficulty_weight", "bot.opt_out"} <= told
    assert 5 <= measured <= len(told)
    assert assumed > measured
    changed = learned_scenario(learned, scenario)
    assert changed.bot is not None
    assert changed.bot.selectivity == pytest.approx(learned.of("bot.selectivity").value, abs=1e-3)
    assert changed.beliefs is not None
    belief = changed.beliefs.of["bot.selectivity"]
    assert belief.ends[1] - belief.ends[0] < 0.65


def left_with(*flags: str) -> int:
    with pytest.raises(SystemExit) as leaving:
        main(["learn", *flags])
    return int(leaving.value.code or 0)


def test_the_command_says_widths_columns_and_limits(
    tmp_path: Path, scenario: sim.Scenario, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "pilot.yaml"
    place.write_text(json.dumps(SCENARIO), encoding="utf-8")
    assert left_with("--design", str(place), "--weeks", "2,8", "--exposed", "10%,50%", "--json") == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    rows = [row for row in document["widths"] if row["key"] == "bot.selectivity"]
    assert [(row["exposed"], row["weeks"]) for row in rows] == [(0.1, 2), (0.1, 8), (0.5, 2), (0.5, 8)]
    assert "contacts: resolved" in rows[0]["needs"]
    assert any("Randomise by customer" in limit for limit in document["limits"])
    assert any("says nothing of congestion" in limit for limit in document["limits"])
    assert left_with("--design", str(place)) == 0
    assert "weeks to a quarter" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--weeks", "soon"), "--weeks: soon: is no list of weeks"),
        (("--exposed", "100%"), "leave a control arm"),
        (("--draws", "3"), "is too few"),
        (("--cluster", "local:2"), "--cluster: local:2: nothing is simulated without --draws. Add --draws N"),
        (("--out", "x.yaml"), "--out: is about logs, and --design reads none"),
        (("--after", "pilot.csv"), "--after: is about logs, and --design reads none"),
        (("--map", "arm=x"), "--map: is about logs, and --design reads none"),
        (("--time-zone", "Europe/Berlin"), "--time-zone: is about logs, and --design reads none"),
        (("--weeks", ""), "is no list of weeks"),
        (("--set", "bot=off"), "has no bot to try out"),
    ],
)
def test_bad_designs_get_one_message(
    tmp_path: Path, flags: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "pilot.yaml"
    place.write_text(json.dumps(SCENARIO), encoding="utf-8")
    assert left_with("--design", str(place), *flags) == 2
    assert words in capsys.readouterr().err


def test_nothing_is_worth_measuring_where_bad_service_has_no_price() -> None:
    assert math.isnan(waiting_cost(cast(RiskResult, SimpleNamespace(costs=None, candidates=[0]))))
    stub = SimpleNamespace(worth=None, costs=None, scenario=SimpleNamespace(costs=None))
    assert sample_worths(cast(RiskResult, stub), []) == []
