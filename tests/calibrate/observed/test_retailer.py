"""On the retailer: the figures of a floor that differs are reproduced, and reach the scenario with the bot."""

import math
from pathlib import Path

import pytest

import sim
from sim.calibrate.observed import fit
from tests.calibrate.observed.centre import within

RETAILER = Path(__file__).parents[3] / "scenarios" / "retailer"
SHORT = ["run.warm_up=1d", "run.follow_up=1d"]
DIGITS = {"aht_s": 0, "asa_s": 1, "sl_offered": 3, "abandonment_rate": 3, "fcr": 3}


def other_floor(before):
    """The same centre with longer talk, shorter patience and less resolution."""
    settings = {}
    for name, intent in before.intents.items():
        settings[f"intents.{name}.talk_time"] = intent.talk_time.scaled(1.1).in_file_form()
        settings[f"intents.{name}.patience"] = intent.patience.scaled(0.8).in_file_form()
        settings[f"intents.{name}.resolution"] = intent.resolution - 0.05
    return sim.changed(before, settings)


@pytest.fixture(scope="module")
def report():
    """What the other floor's report shows, rounded as reports are; and half its own 95 % interval: it is luck too."""
    before = sim.load(RETAILER / "before-bot.yaml", SHORT)
    measures = sim.run(other_floor(before), seed=21, replications=48).measures
    half = (measures["ci_high"] - measures["ci_low"]) / 2
    return {name: (round(measures.loc[name, "mean"], digits), half[name]) for name, digits in DIGITS.items()}


def no_worse_than_luck(result, measure, yours, half):
    """Whether a figure and a run of other customers differ by no more than both their intervals allow."""
    row = result.measures.loc[measure]
    allowed = math.hypot(half, (row["ci_high"] - row["ci_low"]) / 2) + 10.0 ** -DIGITS[measure] / 2
    return abs(row["mean"] - yours) <= allowed


def test_figures_of_another_floor_are_reproduced_and_reach_the_bot(report, tmp_path, monkeypatch):
    figures = {name: value for name, (value, _) in report.items()}
    monkeypatch.setattr(fit, "MANY", (600_000, 8, 300))
    today = tmp_path / "today.yaml"
    today.write_text(f"""\
name: Today
extends: {RETAILER / "before-bot.yaml"}
run: {{warm_up: 1d, follow_up: 1d}}
observed:
  aht: {figures["aht_s"]:.0f}s
  asa: {figures["asa_s"]}s
  service_level: {100 * figures["sl_offered"]:.1f}/20
  abandonment: {100 * figures["abandonment_rate"]:.1f}%
  fcr: {100 * figures["fcr"]:.1f}%
""")
    fitted = sim.fit_observed(sim.load(today))
    assert {gap.verdict for gap in fitted.observed.fitted.gaps} == {"met"}
    turned = {turn.dial: turn for turn in fitted.observed.fitted.turns}
    assert turned["talk_time"].factor == pytest.approx(1.1, abs=0.02)
    assert turned["patience"].factor == pytest.approx(0.8, abs=0.06)
    assert turned["resolution"].after == pytest.approx(turned["resolution"].before - 0.05, abs=0.01)
    fresh = sim.run(fitted, seed=77, replications=24)
    for measure, (yours, half) in report.items():
        assert no_worse_than_luck(fresh, measure, yours, half), measure
    assert fresh.measures.loc["aht_s", "ci_high"] - fresh.measures.loc["aht_s", "ci_low"] < 8
    assert not within(
        sim.run(sim.load(RETAILER / "before-bot.yaml", SHORT), seed=77, replications=8), "aht_s", figures["aht_s"]
    )

    child = tmp_path / "child.yaml"
    child.write_text("name: Bot\nextends: today.yaml\nbot: {}\nintents: {returns: {bot: {resolves: 30%}}}\n")
    with_bot = sim.fit_observed(sim.load(child))
    assert with_bot.bot is not None
    for name, intent in fitted.intents.items():
        found = with_bot.intents[name]
        assert (found.talk_time, found.patience, found.resolution) == (
            intent.talk_time,
            intent.patience,
            intent.resolution,
        )
