"""Centres of one to five agents, nights, quiet ones: whole agents come out, and what cannot be known is asked for."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.calibrate.export import Calibration, Options
from sim.calibrate.fits.heads import CHANGE, _steadiest
from sim.calibrate.reading.import_log import ExportError, ReadOptions
from tests.calibrate.command import run_cli
from tests.calibrate.exports import contact_log

GIVEN = Path(__file__).parent / "exports_given"
START = dt.date(2026, 1, 5)
DAY = "[1,1,1,1,1,1,1,6,6,6,6,6,6,6,6,6,6,6,1,1,1,1,1,1]"
NIGHTS = "[1,1,1,1,1,1,1,3,3,3,3,3,3,3,3,3,3,3,1,1,1,1,1,1]"


def centre(staff: object, per_day: float, hours: str = "09:00-17:00", patience: str = "2m", profile: str = "1") -> str:
    return f"""
schema_version: 1
name: truth
calendar: {{start: 2026-01-05, days: 14, hours: "{hours}", interval: 60m}}
arrivals: {{per_day: {per_day}, profile: {profile}}}
intents:
  calls: {{talk_time: {{distribution: lognormal, mean: 5m, cv: 0.9}}, wrap_up: 30s, patience: {patience}}}
agents: {{all: {{skills: [calls], staff: {staff}}}}}
run: {{warm_up: 0d, follow_up: 0d}}
"""


def contacts_of(text: str, seed: int = 1) -> pd.DataFrame:
    contacts = sim.run(sim.loads(text), replications=1, seed=seed, contacts=True).contacts
    return contacts[contacts["joined_s"].notna()]


def counts(text: str, path: Path, *columns: str, seed: int = 1, agents: float = 0.0) -> Path:
    """An export by the hour of a simulated centre: offered, answered, abandoned, AHT, and the waits asked for."""
    contacts = contacts_of(text, seed)
    answered = contacts["group"] != ""
    wait = contacts["left_s"] - contacts["joined_s"]
    hour = (contacts["joined_s"] // 3600).astype(int)
    sums = {
        "offered": answered | True,
        "answered": answered,
        "abandoned": ~answered,
        "asa": wait.where(answered, 0.0),
        "time_to_abandon": wait.where(~answered, 0.0),
        "aht": (contacts["talk_s"] + contacts["wrap_s"]).where(answered, 0.0),
    }
    table = pd.DataFrame({name: values.groupby(hour).sum() for name, values in sums.items()}).astype(float)
    for name, of in (("asa", "answered"), ("time_to_abandon", "abandoned"), ("aht", "answered")):
        table[name] = (table[name] / table[of].clip(lower=1)).round(1)
    table.insert(0, "start", pd.Timestamp(START) + pd.to_timedelta(table.index.to_numpy() * 3600, unit="s"))
    kept = ["start", "offered", "answered", "abandoned", "aht", *columns]
    table = table[kept].assign(**({"agents": agents} if agents else {}))
    table.to_csv(path, index=False)
    return path


def fitted(path: Path, **options: object) -> Calibration:
    return sim.from_export(path, ReadOptions(unit="seconds"), Options(back_test=False, **options))  # type: ignore[arg-type]


def heads(found: Calibration) -> set[int]:
    """The numbers of agents that the written staffing has."""
    staffed = [group["staff"]["file"]["counts"] for group in found.document["agents"].values()]
    return {count for dates in staffed for row in dates.values() for count in row}


# Whole agents -------------------------------------------------------------------------------------------------------


def test_the_desk_of_two_comes_out_as_two():
    found = fitted(GIVEN / "02-two-agents.csv")
    assert heads(found) == {2}
    assert found.closed.met
    assert found.closed.abandonment == pytest.approx(0.055, abs=0.005)
    assert any("whole ones, 2 at all times, by its abandonment and Erlang A" in note for note in found.notes)


@pytest.mark.parametrize(("staff", "per_day"), [(1, 30), (2, 60), (3, 110), (5, 260)])
@pytest.mark.parametrize("told", [("asa", "time_to_abandon"), ("asa",)], ids=["all waits", "ASA alone"])
def test_counts_of_a_small_centre_give_its_agents(staff, per_day, told, tmp_path):
    found = fitted(counts(centre(staff, per_day), tmp_path / "x.csv", *told))
    assert heads(found) == {staff}
    assert found.closed.met
    assert found.closed.asa_s == pytest.approx(found.fits.seen.asa_s, rel=0.25)


@pytest.mark.parametrize(("staff", "per_day"), [(1, 30), (3, 100)])
def test_waits_alone_give_the_agents_where_nobody_gives_up(staff, per_day, tmp_path):
    text = centre(staff, per_day, patience="infinite")
    found = fitted(counts(text, tmp_path / "x.csv", "asa", "time_to_abandon"))
    assert heads(found) == {staff}
    assert any("nobody gave up: patience cannot be known; it is at least" in note for note in found.notes)
    assert "patience" not in found.document["intents"]["q_contacts"]


def test_nights_with_one_agent(tmp_path):
    text = centre(NIGHTS, 200, "00:00-24:00", profile=DAY)
    found = fitted(counts(text, tmp_path / "x.csv", "asa", "time_to_abandon", seed=3))
    assert heads(found) == {1, 3}
    rows = np.array(list(found.document["agents"]["agents"]["staff"]["file"]["counts"].values()))
    truth = np.array(json.loads(NIGHTS))
    assert (rows == truth).mean() > 0.9
    assert any("1 to 3 by the time of day" in note for note in found.notes)


def test_a_quiet_desk_gets_no_more_agents_than_its_figures_call_for(tmp_path):
    found = fitted(counts(centre(2, 12), tmp_path / "x.csv", "asa", "time_to_abandon", seed=3))
    assert heads(found) <= {1, 2}
    assert any("patience rests on 1 who gave up" in note for note in found.notes)


def test_agents_of_the_export_stay_whole(tmp_path):
    """Chance moves abandonment; two agents do not become one and two in turn because of it."""
    found = fitted(counts(centre(2, 60), tmp_path / "x.csv", "asa", "time_to_abandon", agents=2, seed=3))
    assert heads(found) == {2}


def test_a_log_of_a_small_desk_keeps_its_agents(tmp_path):
    path = contact_log(contacts_of(centre(2, 60)), START, tmp_path / "x.csv")
    assert heads(sim.from_export(path, options=Options(back_test=False))) == {2}
    table = pd.read_csv(path)
    table.loc[table["outcome"] == "abandoned", "wait_s"] = 0.0
    table.to_csv(path, index=False)
    found = sim.from_export(path, options=Options(back_test=False))
    assert heads(found) == {2}
    assert any("65 of 65 who gave up have no wait: taken to have waited like" in note for note in found.notes)
    assert found.fits.patience["calls"].exponential_mean.value == pytest.approx(120, rel=0.5)


def test_a_day_that_ended_early_for_one_of_two_keeps_both():
    """On the Sunday of this log the second agent's last contact came early: nothing shows that the agent had left."""
    path = GIVEN / "06-log-abandons-without-wait.csv"
    fields = ReadOptions(mapped={"outcome": "answered", "wait": "speed_of_answer_s"})
    found = sim.from_export(path, fields, Options(back_test=False))
    assert heads(found) == {2}
    assert found.closed.met
    assert found.closed.abandonment == pytest.approx(found.fits.seen.abandonment, abs=0.04)


def test_one_agent_who_is_away_at_times_is_said_to_be(tmp_path):
    """Half of the calls are given up at one desk: more than one agent always there would lose."""
    path = counts(centre(1, 30), tmp_path / "x.csv", "asa", "time_to_abandon")
    table = pd.read_csv(path)
    moved = (table["answered"] * 0.5).round()
    table["answered"], table["abandoned"] = table["answered"] - moved, table["abandoned"] + moved
    table["time_to_abandon"] = 60.0
    table.to_csv(path, index=False)
    found = fitted(path)
    assert heads(found) == {1}
    assert not found.closed.met
    assert any("with one agent at all times abandonment is" in note for note in found.notes)


def test_heads_change_where_the_gain_is_worth_it():
    score = np.zeros((6, 2))
    score[:3, 0], score[3:, 1] = CHANGE / 2, CHANGE / 2
    assert _steadiest(score).tolist() == [0, 0, 0, 1, 1, 1]
    assert _steadiest(score / 4).tolist() == [0] * 6
    assert _steadiest(np.zeros((4, 5))).tolist() == [0] * 4


# What cannot be known -----------------------------------------------------------------------------------------------


def test_abandonment_without_any_wait_is_asked_about(tmp_path):
    path, out = GIVEN / "01-abandons-no-waits.csv", tmp_path / "x.yaml"
    outcome = run_cli("calibrate", str(path), "--no-back-test", "--out", str(out))
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    assert "abandonment (6.1%) and no wait" in outcome.err
    for flag in ("--map asa=COLUMN", "--patience TIME", "--staff NUMBER", "--occupancy SHARE"):
        assert flag in outcome.err
    assert not out.exists()


@pytest.mark.parametrize("said", [["--staff", "3"], ["--occupancy", "75%"], ["--patience", "90s"]])
def test_each_answer_to_it_reproduces_the_abandonment(said, tmp_path):
    path, out = GIVEN / "01-abandons-no-waits.csv", tmp_path / "x.yaml"
    outcome = run_cli("calibrate", str(path), "--no-back-test", "--out", str(out), *said)
    assert outcome.code == 0, outcome.err
    measured = sim.run(sim.load(out), replications=60, seed=3).measures["mean"]
    assert measured["abandonment_rate"] == pytest.approx(0.061, abs=0.025)
    assert measured["asa_s"] < 120
    assert measured["occupancy"] < 0.95


def test_patience_is_chosen_where_the_agents_are_in_the_export(tmp_path):
    found = fitted(counts(centre(2, 60), tmp_path / "x.csv", agents=2))
    assert found.closed.met
    assert found.fits.patience["q_contacts"].exponential_mean.value == pytest.approx(120, rel=0.4)
    assert any("how long customers wait is not in the export: a mean patience of" in note for note in found.notes)


def test_patience_that_no_agents_leave_room_for_is_refused(tmp_path):
    path = counts(centre(2, 60), tmp_path / "x.csv")
    with pytest.raises(ExportError, match=r"no patience reproduces the export: with 9\.0 agents"):
        fitted(path, staff=9.0)


def test_staff_that_cannot_do_the_work_is_refused(tmp_path):
    path = counts(centre(5, 260), tmp_path / "x.csv", "asa", "time_to_abandon")
    with pytest.raises(ExportError, match=r"the work of 2\.\d agents, and the agents that you say are 2\.0.*--staff 4"):
        fitted(path, staff=2.0)
    seen = counts(centre(5, 260), tmp_path / "x.csv", agents=2)
    with pytest.raises(ExportError, match=r"no patience reproduces|the agents of the export are 2\.0"):
        fitted(seen)


def test_agents_whose_queue_would_grow_are_refused(tmp_path):
    table = pd.read_csv(counts(centre(3, 100, patience="infinite"), tmp_path / "x.csv"))
    table.drop(columns=["abandoned"]).to_csv(tmp_path / "x.csv", index=False)
    with pytest.raises(ExportError, match=r"the queue would grow to an ASA of .* min.*Say a higher --staff"):
        fitted(tmp_path / "x.csv", occupancy=0.995)


def test_nobody_waited_and_nobody_gave_up(tmp_path):
    """Everybody answered at once: how many agents there were, nothing shows."""
    path = counts(centre(9, 40), tmp_path / "x.csv", "asa", "time_to_abandon")
    with pytest.raises(ExportError, match=r"has no agents, and nobody waited or gave up.*--staff NUMBER"):
        fitted(path)
    found = fitted(counts(centre(9, 40), tmp_path / "x.csv", "asa", "time_to_abandon", agents=9))
    assert heads(found) == {9}
    assert any("no wait and no abandonment tells whether the agents seen were enough" in note for note in found.notes)
    log = contact_log(contacts_of(centre(9, 40)), START, tmp_path / "log.csv")
    with pytest.raises(ExportError, match=r"nobody waited and nobody gave up: there are more agents than"):
        sim.from_export(log, options=Options(back_test=False))


@pytest.mark.parametrize(
    ("flag", "value", "words"),
    [("--patience", "0s", "is shorter than 1 s"), ("--patience", "soon", "--patience: soon"), ("--wrap-up", "x", "x")],
)
def test_wrong_times(flag, value, words):
    outcome = run_cli("calibrate", str(GIVEN / "02-two-agents.csv"), flag, value)
    assert outcome.code == 2
    assert words in outcome.err
    assert outcome.err.count("\n") == 1
