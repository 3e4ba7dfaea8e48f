from types import SimpleNamespace

import pandas as pd
import pytest

from sim.report.comparison import bars, days_table, intervals_table
from sim.report.comparison.findings import by_time

CELLS = [("mon", "08:00"), ("mon", "08:30"), ("tue", "08:00"), ("tue", "08:30")]


def result(**measures):
    """A result by interval; values are means with a half-width of 0.1."""
    rows = [
        (day, time, name, mean, mean - 0.1, mean + 0.1)
        for name, means in measures.items()
        for (day, time), mean in zip(CELLS, means, strict=True)
    ]
    return SimpleNamespace(
        by_interval=pd.DataFrame(rows, columns=["day", "time", "measure", "mean", "ci_low", "ci_high"])
    )


def test_ratios_are_pooled_by_their_own_denominators():
    told = by_time(result(offered=[10, 5, 30, 5], sl_offered=[1.0, 0.5, 0.6, 0.7]), "sl_offered")
    assert list(told.index) == ["08:00", "08:30"]
    assert told["mean"].tolist() == pytest.approx([(10 * 1.0 + 30 * 0.6) / 40, 0.6])


def test_the_interval_of_the_pooled_ratio_takes_days_as_independent():
    told = by_time(result(offered=[10, 5, 30, 5], sl_offered=[1.0, 0.5, 0.6, 0.7]), "sl_offered")
    half = 0.1 * (0.25**2 + 0.75**2) ** 0.5
    assert told["ci_high"].iloc[0] - told["mean"].iloc[0] == pytest.approx(half)


def test_a_level_without_early_abandoners_is_pooled_by_its_own_denominator():
    # 8 of 10 offered in time, 2 of them abandoned early: 8 of 8; then 15 of 30, 10 early: 15 of 20.
    told = by_time(
        result(offered=[10, 5, 30, 5], sl_offered=[0.8, 0, 0.5, 0], sl_excl_abn_in_t=[1.0, 0, 0.75, 0]),
        "sl_excl_abn_in_t",
    )
    assert told["mean"].tolist() == pytest.approx([(8 + 15) / (8 + 20), 0.0])


def test_counts_are_averaged_over_days_and_gaps_do_not_count():
    told = by_time(result(offered=[10, 5, 30, float("nan")]), "offered")
    assert told["mean"].tolist() == pytest.approx([20.0, 5.0])


def test_an_interval_without_contacts_is_left_out():
    told = by_time(result(answered=[0, 5, 10, 5], asa_s=[float("nan"), 20.0, 30.0, 40.0]), "asa_s")
    assert told["mean"].tolist() == pytest.approx([30.0, 30.0])


def test_bars_rise_with_the_level_and_neighbours_are_averaged():
    assert bars(pd.Series([0.0, 0.5, 1.0, float("nan")])) == "▁▅█ "
    assert bars(pd.Series([0.0, 1.0] * 32)) == "▅" * 32


def test_a_day_has_its_level_its_verdict_and_its_worst_interval(alone, result):
    days = [[cell.text for cell in cells] for cells in days_table(alone).rows]
    assert [day[0] for day in days] == ["Mon 2026-11-23", "Tue 2026-11-24"]
    table = result.by_day.set_index(["day", "measure"])
    level = table.loc[("2026-11-24", "sl_offered")]
    half = 50 * (level["ci_high"] - level["ci_low"])
    assert days[1][1] == f"{100 * level['mean']:.1f} % ± {half:.1f}"
    assert days[1][2] in {"met", "missed", "too close to call"}
    intervals = [[cell.text for cell in cells] for cells in intervals_table(alone).rows]
    assert all(len(line[2]) == 4 for line in intervals)
    cells = result.by_interval
    worst = cells[(cells["day"] == "2026-11-24") & (cells["measure"] == "sl_offered")].set_index("time")["mean"]
    assert intervals[1][3].startswith(worst.idxmin())
