"""The bank's scenario and the page that tells its back-test."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import sim

ROOT = Path(__file__).parents[2]
WEEK = ROOT / "scenarios" / "bank" / "week"
PAGE = (ROOT / "docs" / "calibration.md").read_text(encoding="utf-8")
MODELS = {"sim": "simulation", "erlang_a": "Erlang A", "erlang_c": "Erlang C", "replay": "replay, no forecast"}


def month_rows() -> list[str]:
    """The back-test by month as the page prints it."""
    return [
        f"| {m['month']} | {m['days']} | {m['offered']:,.0f} | {m['expected']:,.0f} | {m['offered_covered']:.1%} "
        f"| {m['abandonment_covered']:.1%} | {m['abandonment']:.1%} | {m['sim_abandonment']:.1%} | {m['wait_s']:.0f} "
        f"| {m['sim_wait_s']:.0f} |"
        for m in pd.read_csv(WEEK / "back_test_by_month.csv").to_dict("records")
    ]


def score_rows() -> list[str]:
    """Who was closer, as the page prints it."""
    rows = []
    for r in pd.read_csv(WEEK / "back_test_scores.csv").to_dict("records"):
        scale, unit = (1, "s") if r["figure"] == "wait_s" else (100, "pt")
        name = {"abandonment": "abandonment", "wait_s": "mean wait", "within": "answered in 20 s"}[r["figure"]]
        seen = f"{scale * r['observed']:.1f} | {scale * r['predicted']:.1f} | {scale * r['bias']:+.1f}"
        rows.append(
            f"| {name} ({unit}) | {MODELS[r['model']]} | {seen} | {scale * r['mae']:.1f} | {scale * r['rmse']:.1f} |"
        )
    return rows


@pytest.mark.parametrize("row", [*month_rows(), *score_rows()])
def test_the_page_tells_the_back_test_as_it_came_out(row):
    assert row in PAGE


def test_what_the_back_test_must_show():
    whole = pd.read_csv(WEEK / "back_test_by_month.csv").iloc[-1]
    assert 0.86 <= whole["offered_covered"] <= 0.94
    assert 0.86 <= whole["abandonment_covered"] <= 0.94
    table = pd.read_csv(WEEK / "back_test_scores.csv").set_index(["figure", "model"])["mae"]
    for figure in ("abandonment", "wait_s"):
        assert table[figure, "sim"] < table[figure, "erlang_a"]


def test_the_scenario_reproduces_the_log():
    seen = pd.read_csv(WEEK / "reproduced.csv").set_index("figure")["observed"]
    found = sim.run(sim.load(ROOT / "scenarios" / "bank" / "week.yaml"), replications=60, seed=3).measures
    low, high = found.loc["abandonment_rate", ["ci_low", "ci_high"]]
    assert low - 0.01 < seen["abandonment"] < high + 0.01
    assert found.loc["aht_s", "mean"] == pytest.approx(seen["aht_s"], rel=0.02)
    assert found.loc["wait_all_s", "mean"] == pytest.approx(seen["wait_all_s"], rel=0.12)


def test_nothing_of_the_log_itself_is_kept():
    for path in WEEK.rglob("*.csv"):
        header = path.read_text(encoding="utf-8").splitlines()[0]
        assert not {"customer", "agent", "call_id", "arrival"} & set(header.split(","))


def test_the_source_is_acknowledged():
    for text in (PAGE, (WEEK.parent / "README.md").read_text(), (WEEK.parent / "week.yaml").read_text()):
        assert "Anonymous Bank" in text
        assert "Mandelbaum" in text
