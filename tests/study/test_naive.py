"""The worked example of the naive plan: Erlang C's figures, and the simulated ones beside them."""

from pathlib import Path

import pytest

import sim
from sim.study.staffing.erlang import Queue, predict

NAIVE = Path(__file__).parents[2] / "scenarios" / "cases" / "naive"
QUEUES = {"before": (200, 360, 46), "after": (160, 405, 46), "by-volume": (160, 405, 38), "right": (160, 405, 42)}


def load(name, *settings):
    return sim.load(NAIVE / f"{name}.yaml", settings)


@pytest.mark.parametrize("name", QUEUES)
def test_the_simulation_agrees_with_erlang_c(name):
    contacts, aht, agents = QUEUES[name]
    said = predict(Queue(contacts / 1800, aht), agents)
    told = sim.run(load(name), replications=8).measures
    assert told.loc["offered", "mean"] == pytest.approx(contacts * 48 * 5, rel=0.01)
    for measure, value in {"aht_s": aht, "sl_offered": said.answered_within, "occupancy": said.occupancy}.items():
        row = told.loc[measure]
        assert abs(row["mean"] - value) < 1.6 * (row["ci_high"] - row["mean"]), measure


def test_thirty_eight_are_exposed():
    told = sim.run(load("by-volume"), replications=8).measures["mean"]
    assert told["aht_s"] == pytest.approx(405, abs=3)
    assert told["sl_offered"] == pytest.approx(0.41, abs=0.05)
    assert told["occupancy"] == pytest.approx(0.95, abs=0.01)


@pytest.mark.long
@pytest.mark.parametrize(("name", "agents"), [("before", 46), ("after", 42)])
def test_staff_finds_the_right_number(name, agents):
    result = sim.staff(load(name), by="whole", each="whole", how_sure=False)
    assert result.required.tolist() == [[agents]]


def test_the_readme_of_the_cases_says_what_the_formula_says():
    text = (NAIVE.parent / "README.md").read_text(encoding="utf-8")
    section = text[text.index("## `naive/`") :]
    said = [predict(Queue(contacts / 1800, aht), agents) for contacts, aht, agents in QUEUES.values()]
    for words, values in (
        ("service level (20 s), Erlang C", [p.answered_within for p in said]),
        ("occupancy, Erlang C", [p.occupancy for p in said]),
    ):
        assert f"| {words} | {' | '.join(f'{100 * v:.1f} %' for v in values)} |" in section
