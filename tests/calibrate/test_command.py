"""``ccsim calibrate``: what is printed and written, and that the written scenario is the fitted one."""

from __future__ import annotations

import datetime as dt
import json
import re

import pandas as pd
import pytest

import sim
from sim.calibrate.export import Options
from sim.calibrate.reading.import_log import ExportError, ReadOptions
from sim.calibrate.scenario_files import files_of
from tests.calibrate.command import Outcome, run_cli
from tests.calibrate.exports import SMALL, connect, contact_log, intervals, teleopti, write

START = dt.date(2026, 1, 5)


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    contacts = sim.run(sim.loads(SMALL), replications=1, seed=4, contacts=True).contacts
    return contact_log(contacts, START, tmp_path_factory.mktemp("log") / "calls.csv")


@pytest.fixture(scope="module")
def written(log, tmp_path_factory) -> tuple[Outcome, object]:
    folder = tmp_path_factory.mktemp("out")
    return run_cli("calibrate", str(log), "--out", str(folder / "mine.yaml"), "--name", "Mine", "--weeks", "1"), folder


def test_it_says_what_comes_of_it_then_the_gap_the_back_test_the_fits_and_what_it_understood(written):
    outcome, folder = written
    assert outcome.code == 0
    parts = [
        "The fitted scenario has an abandonment of",
        "Your figures, the model's, the gap",
        "Who was closer",
        "Back-test by month",
        "What the centre is like",
        "What contacts are like",
        "a log of contacts",
        "time zone: not in the file",
        "unit: wait_s in seconds",
        "not read: name",
    ]
    places = [outcome.out.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)
    assert f"wrote {folder}/mine.yaml" in outcome.err
    assert "note: agents on the queue are inferred" in outcome.err


def test_nothing_personal_is_written(written):
    _, folder = written
    texts = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert len(texts) > 15
    assert not any(b"Jane" in text for text in texts)


def test_the_written_scenario_is_the_fitted_one(log, tmp_path):
    found = sim.from_export(log, options=Options(name="Mine", back_test=False))
    files = files_of(found.document, found.fits, "mine", "Fitted", "About.")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine.yaml").write_text(files.scenario)
    for name, text in files.tables.items():
        (tmp_path / "mine" / name).write_text(text)
    there = sim.load(tmp_path / "mine.yaml").resolved()
    mine = sim.loads({**found.document, "description": "About.", "run": {"seed": 1, "replications": 50}}).resolved()
    for tree in (there, mine):
        for section in (tree["arrivals"]["file"], *(g["staff"]["file"] for g in tree["agents"].values())):
            del section["path"]
    assert there == mine


def test_the_written_scenario_runs_and_reproduces_the_log(written):
    _, folder = written
    result = sim.run(sim.load(folder / "mine.yaml"), replications=100, seed=8)
    seen = pd.read_csv(folder / "mine" / "reproduced.csv").set_index("figure")["observed"]
    low, high = result.measures.loc["abandonment_rate", ["ci_low", "ci_high"]]
    assert low - 0.01 < seen["abandonment"] < high + 0.01
    assert result.measures.loc["aht_s", "mean"] == pytest.approx(seen["aht_s"], rel=0.02)


def test_the_json_says_the_same(log):
    outcome = run_cli("calibrate", str(log), "--json", "--no-back-test")
    document = json.loads(outcome.out)
    assert document["understood"]["rows"] > 10_000
    fits = {(row["what"], row["of"], row["figure"]): row for row in document["fits"]}
    talk = fits["talk", "calls", "mean_s"]
    assert talk["low"] < 300 < talk["high"]
    assert "back_test" not in document
    assert document["reproduced"][0]["figure"] == "abandonment"


def test_the_page_has_everything(written):
    _, folder = written
    page = (folder / "mine" / "report.html").read_text()
    for part in ("Who was closer", "Back-test by month", "What was understood", "What to know before trusting it"):
        assert part in page
    assert len(re.findall("<img", page)) == 6
    assert (folder / "mine" / "charts" / "back_test_week.png").stat().st_size > 10_000


def test_a_second_time_replaces_its_own_files_and_nobody_elses(log, tmp_path):
    out = tmp_path / "x.yaml"
    assert run_cli("calibrate", str(log), "--out", str(out), "--no-back-test").code == 0
    first = out.read_text()
    assert run_cli("calibrate", str(log), "--out", str(out), "--no-back-test").code == 0
    assert out.read_text() == first
    (tmp_path / "x" / "mine.txt").write_text("keep me")
    outcome = run_cli("calibrate", str(log), "--out", str(out), "--no-back-test")
    assert outcome.code == 2
    assert "holds mine.txt" in outcome.err
    other = tmp_path / "other.yaml"
    other.write_text("name: by hand\n")
    outcome = run_cli("calibrate", str(log), "--out", str(other), "--no-back-test")
    assert (outcome.code, other.read_text()) == (2, "name: by hand\n")


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--unit", "days"], "--unit: days: is not allowed"),
        (["--dates", "us"], "--dates: us: is not allowed"),
        (["--map", "wait"], "--map: wait: is not of the form OURS=THEIRS"),
        (["--map", "wait=a", "--map", "wait=b"], "--map: wait=b: wait is said to be a too. Keep one of the two"),
        (["--outcome", "x=y"], "--outcome: x=y: is not allowed"),
        (["--head-start", "2=90"], "--head-start: 90: "),
        (["--from", "1.2.26"], "--from: 1.2.26: "),
        (["--window", "10"], "--window: 10: is not a number of whole weeks"),
        (["--occupancy", "0"], "--occupancy: 0: is not a share above 0"),
        (["--out", "mine.csv"], "--out: mine.csv: is not the name of a scenario file"),
        (["--time-zone", "Mars"], "--time-zone: is no time zone (got Mars)"),
    ],
)
def test_wrong_flags(log, flags, words):
    outcome = run_cli("calibrate", str(log), *flags)
    assert outcome.code == 2
    assert words in outcome.err
    assert outcome.err.count("\n") == 1


def test_staff_is_asked_for_where_nothing_tells_it(tmp_path):
    path = connect(intervals(14), tmp_path / "c.csv")
    with pytest.raises(ExportError, match=r"how many agents there are cannot be known.*--staff NUMBER, or --occupancy"):
        sim.from_export(path, ReadOptions(zone="Europe/Berlin"))
    found = sim.from_export(path, ReadOptions(zone="Europe/Berlin"), Options(occupancy=0.5, back_test=False))
    measured = sim.run(found.scenario, replications=20).measures.loc["occupancy", "mean"]
    assert measured == pytest.approx(0.5, abs=0.06)


def test_a_week_is_too_little_for_a_back_test_and_less_for_a_fit(tmp_path):
    path = write(intervals(7), tmp_path / "x.csv")
    found = sim.from_export(path, ReadOptions(unit="seconds"))
    assert found.back_test is None
    assert any("too few to fit two weeks and predict a third" in note for note in found.notes)
    with pytest.raises(ExportError, match=r"has 3 days.*a week at least"):
        sim.from_export(path, ReadOptions(unit="seconds", last="2026-03-04"))


@pytest.mark.parametrize("layout", ["own", pytest.param("teleopti", marks=pytest.mark.long)])
def test_an_interval_export_is_back_tested_too(tmp_path, layout):
    table = intervals(35, ("Sales", "Service"))
    table.loc[table["queue"] == "Service", ["time_to_abandon", "asa"]] = [120.0, 60.0]
    path = write(table, tmp_path / "x.csv") if layout == "own" else teleopti(table, tmp_path / "x.txt")
    flags = ["--unit", "seconds"] if layout == "own" else []
    outcome = run_cli("calibrate", str(path), *flags, "--out", str(tmp_path / "mine.yaml"))
    assert outcome.code == 0
    assert "Who was closer" in outcome.out
    days = pd.read_csv(tmp_path / "mine" / "back_test_days.csv")
    first = table[table["start"].dt.strftime("%Y-%m-%d") == days["date"][0]]
    assert days["offered"][0] == first["offered"].sum()
    assert days["abandonment"][0] == pytest.approx(first["abandoned"].sum() / first["offered"].sum())
    waits = (first["asa"] * first["answered"] + first["time_to_abandon"] * first["abandoned"]).sum()
    assert days["wait_s"][0] == pytest.approx(waits / first["offered"].sum(), rel=1e-3)
    assert len(days) == 15
    fits = pd.read_csv(tmp_path / "mine" / "fits.csv").set_index(["what", "of", "figure"])["value"]
    by_hand = {
        queue: (
            (rows["asa"] * rows["answered"] + rows["time_to_abandon"] * rows["abandoned"]).sum()
            / rows["abandoned"].sum()
        )
        for queue, rows in table.groupby("queue")
    }
    assert fits["patience", "sales", "exponential_mean_s"] == pytest.approx(by_hand["Sales"], rel=0.01)
    assert fits["patience", "service", "exponential_mean_s"] == pytest.approx(by_hand["Service"], rel=0.01)
    sim.load(tmp_path / "mine.yaml")


@pytest.mark.parametrize(
    "name", ["Total", "date", "true", "ключ", "x" * 200, 'a "b": {c}', "Line\nbreak", "other", "123"]
)
def test_any_name_of_a_queue_makes_a_scenario_that_loads(tmp_path, name):
    path = write(intervals(14, (name, "Sales")), tmp_path / "x.csv")
    found = sim.from_export(path, ReadOptions(unit="seconds"), Options(back_test=False))
    assert len(found.scenario.intents) == 2
    files = files_of(found.document, found.fits, "mine", "Fitted", "About.")
    (tmp_path / "mine").mkdir()
    for file, text in files.tables.items():
        (tmp_path / "mine" / file).write_text(text)
    (tmp_path / "mine.yaml").write_text(files.scenario)
    assert set(sim.load(tmp_path / "mine.yaml").intents) == set(found.scenario.intents)


def test_a_log_without_agents_is_fitted_from_the_work(log, tmp_path):
    table = pd.read_csv(log).drop(columns=["agent"])
    found = sim.from_export(write(table, tmp_path / "x.csv"), options=Options(back_test=False))
    assert found.closed.met
    assert any("no agents are in the export" in note for note in found.notes)
    given = sim.from_export(tmp_path / "x.csv", options=Options(back_test=False, staff=5))
    assert sim.run(given.scenario, replications=4).measures.loc["agents_on_queue", "mean"] == pytest.approx(5, abs=0.2)
