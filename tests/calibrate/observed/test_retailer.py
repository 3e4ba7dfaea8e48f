"""On the retailer: the figures of a floor that differs are reproduced, and reach the scenario with the bot."""

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
    """What the other floor's report shows, rounded as reports are."""
    before = sim.load(RETAILER / "before-bot.yaml", SHORT)
    measures = sim.run(other_floor(before), seed=21, replications=16).measures["mean"]
    return {name: round(measures[name], digits) for name, digits in DIGITS.items()}


def test_figures_of_another_floor_are_reproduced_and_reach_the_bot(report, tmp_path, monkeypatch):
    monkeypatch.setattr(fit, "MANY", (600_000, 8, 300))
    today = tmp_path / "today.yaml"
    today.write_text(f"""\
name: Today
extends: {RETAILER / "before-bot.yaml"}
run: {{warm_up: 1d, follow_up: 1d}}
observed:
  aht: {report["aht_s"]:.0f}s
  asa: {report["asa_s"]}s
  service_level: {100 * report["sl_offered"]:.1f}/20
  abandonment: {100 * report["abandonment_rate"]:.1f}%
  fcr: {100 * report["fcr"]:.1f}%
""")
    fitted = sim.fit_observed(sim.load(today))
    assert {gap.verdict for gap in fitted.observed.fitted.gaps} == {"met"}
    turned = {turn.dial: turn for turn in fitted.observed.fitted.turns}
    assert turned["talk_time"].factor == pytest.approx(1.1, abs=0.02)
    assert turned["patience"].factor == pytest.approx(0.8, abs=0.06)
    assert turned["resolution"].after == pytest.approx(turned["resolution"].before - 0.05, abs=0.01)
    fresh = sim.run(fitted, seed=77, replications=8)
    for measure, yours in report.items():
        assert within(fresh, measure, yours, 10.0 ** -DIGITS[measure]), measure
    assert fresh.measures.loc["aht_s", "ci_high"] - fresh.measures.loc["aht_s", "ci_low"] < 8
    assert not within(
        sim.run(sim.load(RETAILER / "before-bot.yaml", SHORT), seed=77, replications=8), "aht_s", report["aht_s"]
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
