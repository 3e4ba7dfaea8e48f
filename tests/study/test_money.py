"""Money of a change, worked by hand: a week, the run-rate, the first year and the month of payback."""

import datetime as dt

import pytest

from sim.facts.money import (
    Moves,
    WeekVolumes,
    money_of_change,
    month_of_payback,
    prices_bad_service,
    week_cash,
    week_prices,
)
from sim.scenario.goals import Costs

COSTS = Costs(
    agent_hour=30.0,
    bot_session=0.5,
    bot_resolution=1.0,
    bot_month=2600.0,
    leaver=8000.0,
    hire=3000.0,
    severance=10_000.0,
    notice="28d",
    missed_target=500.0,
    unresolved_need=20.0,
    abandoned=2.0,
    currency="AUD",
)
START = dt.date(2027, 1, 4)
BEFORE = WeekVolumes(4000.0, leavers=1.0, missed=1, unresolved=300, abandoned=400)
AFTER = WeekVolumes(
    3800.0,
    bot_sessions=2000,
    bot_closed=700,
    has_bot=True,
    leavers=0.9,
    missed=3,
    unresolved=350,
    abandoned=350,
)
LATER = Moves(START, let_go=4, not_replaced=1, leave=START + dt.timedelta(weeks=8))


def by_name(lines):
    return {line.name: line[1:] for line in lines}


def changed(moves=LATER, before=BEFORE, after=AFTER, costs=COSTS):
    return money_of_change(costs, before, after, moves)


def test_a_week_in_cash():
    week = WeekVolumes(1000.0, overtime_hours=10, bot_sessions=200, bot_closed=80, has_bot=True, leavers=0.5)
    assert week_cash(COSTS, week) == pytest.approx(
        {"pay": 30 * (1000 + 0.5 * 10), "bot_sessions": 100, "bot_resolutions": 80, "licence": 600, "leavers": 4000}
    )


def test_the_vendor_bills_what_the_bot_closes_and_the_licence_whether_it_is_used_or_not():
    idle = week_cash(COSTS, WeekVolumes(0.0, has_bot=True))
    assert idle["licence"] == pytest.approx(2600 * 12 / 52)
    assert sum(idle.values()) == idle["licence"]
    assert week_cash(COSTS, WeekVolumes(0.0))["licence"] == 0


def test_bad_service_is_a_price_and_no_cash():
    assert week_prices(COSTS, AFTER) == {"missed_targets": 1500, "unresolved_needs": 7000, "abandoned": 700}
    assert by_name(changed().prices) == {
        "missed_targets": pytest.approx((1000 * 13, 1000 * 52, float("nan")), nan_ok=True),
        "unresolved_needs": pytest.approx((1000 * 13, 1000 * 52, float("nan")), nan_ok=True),
        "abandoned": pytest.approx((-100 * 13, -100 * 52, float("nan")), nan_ok=True),
    }
    assert prices_bad_service(COSTS)
    assert not prices_bad_service(Costs(agent_hour=30.0))


def test_run_rate_and_first_year_are_two_columns():
    found = changed()
    once = float("nan")
    assert by_name(found.lines) == {
        "pay": pytest.approx((-6000 * 13, -6000 * 52, -6000 * 44)),
        "bot_sessions": pytest.approx((13_000, 52_000, 52_000)),
        "bot_resolutions": pytest.approx((700 * 13, 700 * 52, 700 * 52)),
        "licence": pytest.approx((7800, 31_200, 31_200)),
        "leavers": pytest.approx((-800 * 13, -800 * 52, -800 * 52 - 8000)),
        "notice": pytest.approx((once, once, 4 * 40 * 30 * 4), nan_ok=True),
        "severance": pytest.approx((once, once, 40_000), nan_ok=True),
        "hiring": pytest.approx((once, once, 0), nan_ok=True),
    }
    assert found.total[1:] == pytest.approx((-4500 * 13, -4500 * 52, 99_200 - 4500 * 52))
    assert found.currency == "AUD"


def test_month_of_payback():
    """From week 12 on 99,200 - 4,500 t has been laid out: above zero after five months, below after six."""
    found = changed()
    assert found.payback == 6
    assert found.cumulative[0] == 0
    assert found.cumulative[5] == pytest.approx(99_200 - 4500 * 65 / 3)
    assert found.cumulative[12] == pytest.approx(found.total.first_year)


@pytest.mark.parametrize(
    ("cumulative", "month"),
    [([0, -1, -2], 1), ([0, 5, 3, 0, -1], 3), ([0, 5, -1, 2, -3], 4), ([0, 5, 4], None), ([0, -5, 4], None)],
)
def test_payback_is_for_good(cumulative, month):
    assert month_of_payback(cumulative) == month


def test_who_lays_out_nothing_has_nothing_to_get_back():
    assert changed(Moves(START), BEFORE, BEFORE).payback == 0
    assert changed(Moves(START), BEFORE, WeekVolumes(3900.0)).payback == 0


def test_a_change_that_only_costs_is_never_paid_back():
    found = changed(Moves(START, hired=5, join=START + dt.timedelta(weeks=12)), BEFORE, WeekVolumes(4200.0, leavers=1))
    lines = by_name(found.lines)
    assert lines["pay"] == pytest.approx((6000 * 13, 6000 * 52, 6000 * 40))
    assert lines["hiring"][2] == pytest.approx(15_000)
    assert found.payback is None


def test_who_replaces_a_leaver_is_not_hired_twice():
    """Replacing leavers costs `leaver` alone, which holds `hire`; who is not replaced saves one, if counted."""
    steady = by_name(changed(Moves(START), BEFORE, BEFORE).lines)
    assert steady["hiring"][2] == 0
    uncounted = WeekVolumes(4000.0), WeekVolumes(3960.0)
    assert by_name(changed(Moves(START, not_replaced=1), *uncounted).lines)["leavers"][2] == 0
    counted = WeekVolumes(4000.0, leavers=1), WeekVolumes(3960.0, leavers=1)
    assert by_name(changed(Moves(START, not_replaced=1), *counted).lines)["leavers"][2] == -8000


def test_some_go_while_others_come():
    moves = Moves(START, let_go=10, hired=5, hours_added=200.0, join=START + dt.timedelta(weeks=26))
    lines = by_name(changed(moves).lines)
    assert lines["pay"][1] == pytest.approx(-6000 * 52)
    assert lines["pay"][2] == pytest.approx(-12_000 * 52 + 6000 * 26)
    assert lines["notice"][2] == pytest.approx(400 * 30 * 4)
    assert lines["hiring"][2] == pytest.approx(15_000)


def test_what_falls_outside_the_first_year_is_not_in_it():
    late = Moves(START, let_go=5, leave=START + dt.timedelta(weeks=50), live=START - dt.timedelta(weeks=20))
    lines = by_name(changed(late).lines)
    assert lines["notice"][2] == pytest.approx(200 * 30 * 2)
    assert lines["licence"][2] == pytest.approx(31_200)
    assert by_name(changed(Moves(START, let_go=5, leave=START - dt.timedelta(weeks=1))).lines)["severance"][2] == 0


def test_overtime_that_falls_away_is_saved_from_the_bots_first_day():
    before, after = WeekVolumes(4000.0, overtime_hours=100), WeekVolumes(4000.0)
    lines = by_name(changed(Moves(START, live=START + dt.timedelta(weeks=26)), before, after).lines)
    assert lines["pay"] == pytest.approx((-1500 * 13, -1500 * 52, -1500 * 26))
