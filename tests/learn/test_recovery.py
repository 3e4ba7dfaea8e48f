"""What was true is recovered, with intervals that cover it and are hardly wider than they must be."""

import math
from dataclasses import replace

import numpy as np
import pytest

from sim.learning.contacts import Route
from sim.learning.result import Learned, LearnResult
from sim.learning.study import learn_from
from tests.learn.bound import least_errors
from tests.learn.worlds import World, logs_of, without_ways

PRODUCT = "intents.intent{}.difficulty_weight x bot.selectivity"
WEIGHT = "intents.intent{}.difficulty_weight"
WORLD = World(contacts=12_000)


def learned(world: World, seed: int = 1) -> LearnResult:
    logs = logs_of(world, seed)
    return learn_from(logs.contacts, logs.sessions)


@pytest.fixture(scope="module")
def plain() -> LearnResult:
    return learned(replace(WORLD, contacts=30_000))


def within(result: LearnResult, key: str, truth: float, errors: float = 3.5) -> None:
    """Measured, and no further from the truth than luck takes it."""
    number = result.of(key)
    assert number.measured, key
    assert abs(number.value - truth) < errors * number.se, (key, number)


def test_what_is_true_is_found(plain: LearnResult) -> None:
    within(plain, "intents.intent0.bot.containment", 0.8 * 0.4 / 0.75)
    within(plain, "intents.intent1.bot.containment", 0.8 * 0.25 / 0.75)
    within(plain, "intents.intent0.bot.false_share", 0.25)
    within(plain, "bot.opt_out", 0.2)
    within(plain, PRODUCT.format(0), 0.42)
    within(plain, PRODUCT.format(1), 0.28)
    within(plain, "bot.selectivity", 0.7)
    assert plain.control == "intents"


def test_a_bot_that_does_not_choose_gives_an_interval_that_holds_zero() -> None:
    result = learned(replace(WORLD, selectivity=0.0))
    for key in (PRODUCT.format(0), PRODUCT.format(1)):
        assert result.of(key).low < 0.0 < result.of(key).high
    assert result.of(PRODUCT.format(0)).se < 0.1


def test_handle_time_that_rises_everywhere_is_not_mix() -> None:
    plain, longer = learned(WORLD), learned(replace(WORLD, common=0.2))
    for k in (0, 1):
        assert longer.of(PRODUCT.format(k)).value == pytest.approx(plain.of(PRODUCT.format(k)).value, abs=1e-3)


@pytest.mark.parametrize("spread", [0.85, 1.15])
def test_talk_that_is_spread_otherwise_everywhere_is_not_mix(spread: float) -> None:
    """As where the bot takes work off agents who tire: talk of tired agents is spread more widely in all intents."""
    logs = logs_of(WORLD, 1)
    contacts, talk = logs.contacts, np.log(logs.contacts.talk_s)
    mean = (np.bincount(contacts.intent, talk) / np.bincount(contacts.intent))[contacts.intent]
    spread_talk = np.exp(np.where(contacts.after, mean + spread * (talk - mean), talk))
    plain, other = (learn_from(rows, logs.sessions) for rows in (contacts, replace(contacts, talk_s=spread_talk)))
    for k in (0, 1):
        assert other.of(PRODUCT.format(k)).value == pytest.approx(plain.of(PRODUCT.format(k)).value, abs=0.015)


def test_a_change_of_the_bots_intents_alone_is_not_separable_without_a_control() -> None:
    result = learned(replace(WORLD, own=0.2))
    for key in (PRODUCT.format(0), "bot.selectivity", WEIGHT.format(0)):
        number = result.of(key)
        assert number.known == "not_identified"
    assert "changed for another reason" in result.of(PRODUCT.format(0)).why
    assert not result.checks.set_index("what").loc["who asked for a human at once", "passed"]


def test_a_control_arm_tells_a_change_of_the_bots_intents_from_mix() -> None:
    result = learned(replace(WORLD, own=0.2, arm=0.5, controls=0, contacts=16_000))
    assert result.control == "arm"
    within(result, PRODUCT.format(0), 0.42)
    assert result.of(PRODUCT.format(0)).value < 0.6
    assert any("says nothing of congestion" in note for note in result.notes)


def test_without_any_control_nothing_of_the_choosing_is_told() -> None:
    result = learned(replace(WORLD, controls=0))
    assert result.control == "none"
    assert result.of(PRODUCT.format(0)).known == "not_identified"
    selectivity = result.of("bot.selectivity")
    assert (selectivity.low, selectivity.high) == (selectivity.prior_low, selectivity.prior_high) == (0.35, 1.0)


def test_without_resolution_only_the_product_is_told() -> None:
    logs = logs_of(WORLD, 1)
    contacts = replace(logs.contacts, resolved=np.full(len(logs.contacts), math.nan))
    result = learn_from(contacts, logs.sessions)
    assert result.of(PRODUCT.format(0)).measured
    for key, ends in (("bot.selectivity", (0.35, 1.0)), (WEIGHT.format(0), (0.3, 0.9))):
        number = result.of(key)
        assert (number.known, (number.low, number.high)) == ("product_only", pytest.approx(ends))


def test_ways_that_are_not_known_widen_the_product_and_do_not_move_it() -> None:
    logs = logs_of(WORLD, 1)
    known, unknown = (learn_from(rows, logs.sessions) for rows in (logs.contacts, without_ways(logs.contacts)))
    within(unknown, PRODUCT.format(0), 0.42)
    assert unknown.of(PRODUCT.format(0)).se > known.of(PRODUCT.format(0)).se


def test_what_nobody_checked_widens_the_product() -> None:
    logs = logs_of(WORLD, 1)
    sessions = replace(logs.sessions, resolved=np.full(len(logs.sessions), math.nan))
    checked, unchecked = (learn_from(logs.contacts, rows) for rows in (logs.sessions, sessions))
    assert unchecked.of("intents.intent0.bot.false_share").known == "not_identified"
    assert unchecked.of(PRODUCT.format(0)).se > checked.of(PRODUCT.format(0)).se


def test_containment_is_told_by_volume_where_there_are_no_sessions() -> None:
    logs = logs_of(WORLD, 1)
    result = learn_from(logs.contacts, None, ("intent0", "intent1"))
    within(result, "intents.intent0.bot.containment", 0.8 * 0.4 / 0.75)


def test_intents_that_were_already_moving_apart_are_said() -> None:
    logs = logs_of(WORLD, 1)
    contacts = logs.contacts
    drift = np.where(np.isin(contacts.intent, (0, 1)) & (contacts.day >= WORLD.days // 4), 1.2, 1.0)
    result = learn_from(replace(contacts, talk_s=contacts.talk_s * drift), logs.sessions)
    assert not result.checks["passed"].iloc[0]
    assert any("before the bot" in note for note in result.notes)


def test_intervals_narrow_with_days() -> None:
    errors = [
        learned(replace(WORLD, contacts=n, days=d)).of(PRODUCT.format(0)).se for n, d in ((8000, 28), (32000, 112))
    ]
    assert errors[1] < 0.65 * errors[0]


def test_more_contacts_of_the_same_days_narrow_no_interval_where_days_differ() -> None:
    """Four times the contacts, of as many days of which each has its own luck, against four times the days."""
    errors = []
    for contacts, days in ((8000, 28), (32_000, 28), (32_000, 112)):
        logs, luck = logs_of(replace(WORLD, contacts=contacts, days=days), 1), np.random.default_rng(1)
        rows = logs.contacts
        own = luck.normal(0, 0.3, days)[rows.day] * np.isin(rows.intent, (0, 1)) * (rows.route != Route.OPTED_OUT)
        shaken = learn_from(replace(rows, talk_s=rows.talk_s * np.exp(own)), logs.sessions)
        errors.append(shaken.shifts["high"].iloc[0] - shaken.shifts["low"].iloc[0])
    assert errors[1] > 0.75 * errors[0]
    assert errors[2] < 0.65 * errors[0]


def test_what_no_log_tells_does_not_narrow_with_more_of_them() -> None:
    """Without any control, and without resolution, four times the contacts tell as little of the choosing."""
    for contacts in (8000, 32_000):
        logs = logs_of(replace(WORLD, contacts=contacts), 1)
        silent = learn_from(replace(logs.contacts, resolved=np.full(len(logs.contacts), math.nan)), logs.sessions)
        number = silent.of("bot.selectivity")
        assert (number.low, number.high) == (0.35, 1.0)
        assert silent.of(PRODUCT.format(0)).measured


def test_days_bind_where_days_differ_and_agents_where_agents_do() -> None:
    """What all contacts of a day share does not narrow with more contacts a day."""
    logs = logs_of(WORLD, 1)
    contacts = logs.contacts
    luck = np.random.default_rng(1)
    for clusters, count in ((contacts.day, WORLD.days), (contacts.agent, WORLD.agents)):
        own = luck.normal(0, 0.3, count)[clusters] * np.isin(contacts.intent, (0, 1)) * contacts.after
        shaken = learn_from(replace(contacts, talk_s=contacts.talk_s * np.exp(own)), logs.sessions)
        assert shaken.shifts["high"].iloc[0] - shaken.shifts["low"].iloc[0] > 0.12


def side(number: Learned, truth: float) -> float:
    """How many standard errors an estimate is off, by the side of its interval on which the truth lies."""
    if not number.measured:
        return math.nan
    half = number.high - number.value if truth > number.value else number.value - number.low
    return (number.value - truth) / (half / 1.96)


@pytest.mark.long
@pytest.mark.parametrize(("contacts", "count"), [(20_000, 200), (60_000, 60)])
def test_intervals_cover_and_are_hardly_wider_than_they_must_be(contacts: int, count: int) -> None:
    world, rows = replace(WORLD, contacts=contacts), []
    truth = {PRODUCT.format(k): 0.7 * world.weights[k] for k in (0, 1)} | {"bot.selectivity": 0.7}
    truth |= {WEIGHT.format(k): world.weights[k] for k in (0, 1)}
    for seed in range(count):
        result = learned(world, seed)
        rows.append([(n.low <= t <= n.high, side(n, t), n.se) for key, t in truth.items() if (n := result.of(key))])
    covered, z, errors = np.moveaxis(np.array(rows, float), 2, 0)
    bound = [least_errors(logs_of(world, seed)) for seed in range(5)]
    names = ("product0", "product1", "selectivity", "weight0", "weight1")
    least = np.array([np.mean([one[name] for one in bound]) for name in names])
    assert (np.nanmean(covered, axis=0) >= 0.91).all()
    assert (np.abs(np.nanmean(z, axis=0)) <= 0.4).all()
    assert (np.nanmean(errors, axis=0) <= 1.3 * least).all()
