"""The ranges of hours: the narrowest that, by hours predicted before, hold nine in ten."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.calibrate.backtest.hour_ranges import ENOUGH, TAILS, DrawnHours, quantile_line, quantiles_of, with_ranges

WEEKS, HOURS, DRAWS = 8, 150, 100
FIRST = 2


def weeks(flatter: float, seed: int = 4) -> list[DrawnHours]:
    """Hours that lose a mean share `true`, and draws that think the log odds of it so many times as far from 10 %."""
    random = np.random.default_rng(seed)
    made = []
    for _ in range(WEEKS):
        off = random.normal(0.0, 0.6, HOURS)
        true, said = (1.0 / (1.0 + 9.0 * np.exp(-times * off)) for times in (flatter, 1.0))
        came = random.beta(8.0 * true, 8.0 * (1.0 - true))
        draws = random.beta(8.0 * said, 8.0 * (1.0 - said), (DRAWS, HOURS))
        ends = [quantiles_of(share) for share in draws.T]
        low, high = np.quantile(draws, [0.05, 0.95], axis=0, method="weibull")
        table = pd.DataFrame({"abandonment": came, "low": low, "high": high})
        made.append(DrawnHours(table, np.array([end[0] for end in ends]), np.array([end[1] for end in ends])))
    return made


def walked(made: list[DrawnHours]) -> pd.DataFrame:
    """The weeks that have enough hours before them, each with its ranges by those."""
    return pd.concat([with_ranges(made[week], made[:week]) for week in range(FIRST, WEEKS)], ignore_index=True)


def with_tails(made: list[DrawnHours]) -> pd.DataFrame:
    table = pd.concat([hours.table for hours in made[FIRST:]], ignore_index=True)
    return table.assign(inside=table["abandonment"].between(table["low"], table["high"]))


@pytest.fixture(scope="module")
def exaggerated() -> tuple[pd.DataFrame, pd.DataFrame]:
    """With equal tails, and with ranges, of a simulation that makes busy hours too bad and quiet ones too good."""
    made = weeks(0.2)
    return with_tails(made), walked(made)


def test_ranges_hold_nine_in_ten(exaggerated):
    """900 hours: chance moves a share of nine in ten by two points."""
    plain, ranged = exaggerated
    assert plain["inside"].mean() < 0.875
    assert 0.875 <= ranged["inside"].mean() <= 0.925


def test_quiet_hours_are_covered_like_busy_ones(exaggerated):
    third = pd.qcut(exaggerated[0]["high"], 3, labels=False)
    before, after = (table["inside"].groupby(third).mean() for table in exaggerated)
    assert before.min() < 0.8
    assert after.min() > 0.86


def test_ranges_of_skewed_draws_are_narrower_where_the_simulation_is_right():
    made = weeks(1.0)
    plain, ranged = with_tails(made), walked(made)
    assert 0.875 <= ranged["inside"].mean() <= 0.925
    assert (ranged["high"] - ranged["low"]).mean() < 0.95 * (plain["high"] - plain["low"]).mean()


def test_what_came_in_a_week_does_not_move_its_own_ranges():
    made = weeks(0.5)
    other = DrawnHours(made[3].table.assign(abandonment=0.9), made[3].low, made[3].high)
    own, changed = (with_ranges(hours, made[:3]) for hours in (made[3], other))
    assert own[["low", "high"]].equals(changed[["low", "high"]])
    assert not changed["inside"].any()


def test_few_hours_before_leave_equal_tails():
    made = weeks(0.5)
    assert HOURS < ENOUGH <= 2 * HOURS
    assert with_ranges(made[1], made[:1])[["low", "high"]].equals(made[1].table[["low", "high"]])
    assert not with_ranges(made[2], made[:2])["high"].equals(made[2].table["high"])


def test_draws_that_lose_nobody_have_a_range_of_nothing():
    low, high = quantiles_of(np.zeros(60))
    assert (low == 0).all()
    assert (high == 0).all()
    low, high = quantiles_of(np.empty(0))
    assert (low == 0).all()
    assert (high == 1).all()
    assert TAILS[[0, -1]] == pytest.approx([0.0, 0.05])


@pytest.mark.parametrize("quantile", [0.05, 0.5, 0.95])
def test_the_line_of_a_quantile_is_that_of_a_known_law(quantile):
    """Errors that are normal, and spread with x: the quantile is a straight line too."""
    random = np.random.default_rng(9)
    x = random.uniform(1.0, 2.0, 20_000)
    level, slope = quantile_line(x, 0.3 + x * (1.0 + 0.5 * random.normal(size=x.size)), quantile)
    assert level + 1.5 * slope == pytest.approx(0.3 + 1.5 * (1.0 + 0.5 * stats.norm.ppf(quantile)), abs=0.03)
    assert slope == pytest.approx(1.0 + 0.5 * stats.norm.ppf(quantile), abs=0.12)
