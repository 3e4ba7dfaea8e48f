"""Chats of a log or an export: cap, law and the length of a chat alone are found again, never the time it was open."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import sim
from sim.calibrate.export import Options
from sim.calibrate.fits.chat_pace import Ends, fit_law
from sim.calibrate.fits.chats import cap_of, level_of, pace_of
from sim.calibrate.fits.in_hand import in_hand, work_of
from sim.calibrate.fitted_tables import fitted_numbers
from sim.calibrate.reading.import_log import ExportError, ReadOptions
from sim.calibrate.scenario_files import files_of
from sim.mechanisms.chat import Chat, elapsed_factor
from tests.calibrate.channel_logs import chat_intervals, chat_log
from tests.calibrate.command import run_cli
from tests.calibrate.exports import intervals, read, write

QUICK = Options(back_test=False)
OWN_S, WRAP_S = 360.0, 30.0


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return chat_log(tmp_path_factory.mktemp("log") / "chats.csv")


@pytest.fixture(scope="module")
def found(log):
    return sim.from_export(log, options=QUICK)


@pytest.fixture(scope="module")
def by_interval(log, tmp_path_factory):
    return chat_intervals(log, tmp_path_factory.mktemp("intervals") / "intervals.csv")


# Levels -------------------------------------------------------------------------------------------------------------


def test_levels_and_work_by_hand():
    """One agent: a chat from 0 to 10, another from 4 to 8, whose talk ends at 7; a third of somebody else."""
    start, talked, end = np.array([0.0, 4.0, 5.0]), np.array([10.0, 7.0, 6.0]), np.array([10.0, 8.0, 6.0])
    held = in_hand(start, talked, end, np.array([0, 0, 1]))
    assert held.time_at().tolist() == [0, 7, 4]
    assert held.time_at(np.array([False, True])).tolist() == [0, 1]
    pace = np.array([1.0, 1.0, 0.5])
    assert work_of(held, pace, held.last).tolist() == [8, 2, 1]
    assert work_of(held, pace, held.talked).tolist() == [8, 1.5, 1]


def test_a_chat_that_begins_as_another_ends_is_beside_nobody():
    held = in_hand(np.array([0.0, 5.0]), np.array([5.0, 9.0]), np.array([5.0, 9.0]), np.zeros(2, np.int64))
    assert held.time_at().tolist() == [0, 9]


def test_a_chat_that_was_left_open_raises_no_cap():
    assert cap_of(np.array([0, 500.0, 400, 300, 4]))[0] == 3
    assert cap_of(np.array([0, 500.0, 400, 300, 8])) == (4, (500 / 1208, 400 / 1208, 300 / 1208, 8 / 1208))
    assert cap_of(np.array([0, 100.0]))[0] == 1


def test_the_level_of_an_elapsed_time_is_the_one_that_the_reader_turns_back():
    for at in (1.0, 1.4, 2.0, 2.9):
        assert level_of(Chat(), elapsed_factor(Chat(), at), 3) == pytest.approx(at)


# A log --------------------------------------------------------------------------------------------------------------


def test_cap_and_own_length_are_found_again(found):
    chats, talk = found.fits.chats, found.fits.talk["chats"]
    assert chats.caps == (3,)
    assert chats.default_law
    assert talk.mean.low < OWN_S < talk.mean.high
    assert talk.mean.high - talk.mean.low < 0.03 * OWN_S, "so that 2 % off would be seen"
    assert talk.cv.low < 0.6 < talk.cv.high
    assert found.fits.wrap_up_s["chats"].value == pytest.approx(WRAP_S, rel=0.02)
    assert chats.elapsed_s["chats"].value > 1.15 * (OWN_S + WRAP_S), "which is what must not be read as effort"
    assert chats.ratio.low < 0.5 < chats.ratio.high < 0.8


def test_the_simulated_week_has_the_figures_of_the_log(found):
    seen, closed = found.fits.seen, found.closed
    assert closed.met
    assert closed.abandonment == pytest.approx(seen.abandonment, rel=0.1)
    assert closed.aht_s == pytest.approx(seen.aht_s, rel=0.02)
    measures = sim.run(found.scenario, replications=30, seed=9).measures["mean"]
    assert measures["elapsed_s"] == pytest.approx(seen.aht_s, rel=0.02)
    assert measures["concurrency_mean"] == pytest.approx(found.fits.chats.mean, rel=0.03)
    assert measures["aht_s"] < 0.7 * seen.aht_s


def test_the_scenario_has_the_keys_of_chats(found):
    intent, group = found.scenario.intents["chats"], found.scenario.agents["agents"]
    assert (intent.channel, group.concurrency) == ("chat", 3)
    assert (intent.chat.agent_turn, intent.chat.customer_turn) == (30, 60)
    table = fitted_numbers(found.fits, found.closed)
    rows = table[table["what"] == "chats"].set_index("figure")["value"]
    assert rows["concurrency"] == 3
    assert rows["in_hand"] == pytest.approx(2.08, abs=0.05)


@pytest.mark.parametrize(
    ("law", "slower", "by_turns"),
    [
        ("{agent_turn: 45s, customer_turn: 30s}", None, True),
        ("{times: [6m, 6m, 12m]}", (1.0, 1.0, 2.0), False),
    ],
)
def test_another_pace_beside_others_is_told_by_when_chats_end(tmp_path, law, slower, by_turns):
    source, _ = read(chat_log(tmp_path / "chats.csv", law))
    fits = source.fit(0, len(source.dates))
    assert fits.talk["chats"].mean.value == pytest.approx(OWN_S, rel=0.02)
    assert not fits.chats.default_law
    if by_turns:
        assert fits.chats.law.times is None
        assert fits.chats.ratio.low < 1.5 < fits.chats.ratio.high
    else:
        assert np.array(fits.chats.law.times) / fits.chats.law.times[0] == pytest.approx(slower, rel=0.04)


@pytest.mark.parametrize("said", [{"staff": 3}, {"occupancy": 0.7}])
def test_agents_that_are_said_leave_the_cap_to_the_log(log, said):
    source, _ = read(log, Options(**said))
    fits = source.fit(0, len(source.dates))
    assert fits.chats.caps == (3,)
    cells = fits.presence[0, 0, 16:36]
    assert cells == pytest.approx(3.0 if "staff" in said else 500 / 20 * 390 * 1.27 / 3 / 1800 / 0.7, rel=0.15)


def test_a_wrap_up_that_is_said_raises_no_cap(log, tmp_path):
    """Wrap-up of a switch that does not record it reaches into the next chat, if it is taken as the mean of all."""
    path = write(pd.read_csv(log).drop(columns="wrapped_at"), tmp_path / "plain.csv")
    source, _ = read(path, Options(wrap_up_s=36.0))
    fits = source.fit(0, len(source.dates))
    assert fits.chats.caps == (3,)
    assert sum(fits.chats.shares) == pytest.approx(1.0)
    assert 20 < fits.wrap_up_s["chats"].value < 36
    assert fits.talk["chats"].mean.value == pytest.approx(OWN_S, rel=0.03)


def test_few_chats_tell_no_law():
    start = np.arange(50) * 100.0
    held = in_hand(start, start + 150, start + 150, np.zeros(50, np.int64))
    law, ratio = fit_law(Ends(held, np.zeros(50, np.int64)), 2)
    assert law == Chat()
    assert np.isnan(ratio.value)
    assert pace_of(Chat(), 4).tolist()[:2] == [1, 1]


def test_a_written_scenario_says_where_its_numbers_come_from(found, tmp_path):
    files = files_of(found.document, found.fits, "mine", "Fitted", "About.")
    assert "concurrency: 3" in files.scenario
    assert "alone. 9,506 chats, open 454 s at 2.08 in hand" in files.scenario
    (tmp_path / "mine").mkdir()
    for name, text in files.tables.items():
        (tmp_path / "mine" / name).write_text(text)
    (tmp_path / "mine.yaml").write_text(files.scenario)
    assert sim.load(tmp_path / "mine.yaml").agents["agents"].concurrency == 3


def test_a_back_test_of_chats_gives_the_formulas_as_many_servers_as_places(log):
    outcome = run_cli("calibrate", str(log), "--channel", "chat", "--weeks", "1", "--window", "14", "--json")
    assert outcome.code == 0
    document = json.loads(outcome.out)
    by_model = {(r["figure"], r["model"]): r for r in document["back_test"]["scores"]}
    said = by_model["abandonment", "erlang_a"]
    assert 0.02 < said["predicted"] < 0.12, "3 servers would lose most, 9 of a chat alone hardly anybody"
    assert 0.03 < said["observed"] < 0.09


# What contacts are ----------------------------------------------------------------------------------------------------


def unnamed(log, tmp_path, rows=1500):
    """The same log without its channel."""
    return write(pd.read_csv(log).drop(columns="channel").head(rows), tmp_path / "unnamed.csv")


def test_agents_with_several_contacts_at_once_are_asked_about(log, tmp_path):
    path = unnamed(log, tmp_path)
    with pytest.raises(ExportError, match=r"unnamed.csv:\d+: agents hold several contacts at once in .*--channel chat"):
        read(path)
    source, told = read(path, channels=("phone",))
    assert source.chats is None
    assert any("agents hold several contacts at once" in note for note in told.notes)
    source, told = read(path, channels=("chat",))
    assert source.chats.fit.caps == (3,)
    assert told.facts["channel"].startswith("chat, as said")


def test_a_word_for_all_rows_is_one_of_three(log, tmp_path):
    outcome = run_cli("calibrate", str(unnamed(log, tmp_path)), "--channel", "fax")
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    assert "--channel phone, chat or deferred" in outcome.err
    assert "(got fax)" in outcome.err


def test_channels_of_several_kinds_are_fitted_one_at_a_time(log, tmp_path):
    table = pd.read_csv(log).head(600)
    table["channel"] = np.where(np.arange(600) % 2, "webchat", "Voice")
    path = write(table, tmp_path / "both.csv")
    _, told = read(path)
    assert any("--channel chat fits the others" in note for note in told.notes)
    with pytest.raises(ExportError, match=r"asks for channels of several kinds, chat and phone"):
        read(path, channels=("webchat", "voice"))
    assert read(path, channels=("chat",))[0].calls.channel == "chat"
    assert read(path, channels=("Voice=chat",))[0].calls.channel == "chat"


# Intervals ------------------------------------------------------------------------------------------------------------


def test_an_export_of_chats_needs_the_cap(by_interval):
    outcome = run_cli("calibrate", str(by_interval), "--unit", "seconds")
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    assert "Say --concurrency NUMBER, the most at once, such as --concurrency 3" in outcome.err


def test_times_of_intervals_are_elapsed_at_a_level_that_is_found(by_interval):
    found = sim.from_export(by_interval, ReadOptions(unit="seconds"), Options(back_test=False, concurrency=3))
    intent = next(iter(found.scenario.intents.values()))
    seen = found.fits.seen
    assert seen.aht_s > 1.15 * (OWN_S + WRAP_S)
    assert intent.talk_time.average + intent.wrap_up.average == pytest.approx(OWN_S + WRAP_S, rel=0.02)
    assert found.closed.aht_s == pytest.approx(seen.aht_s, rel=0.005)
    assert found.closed.abandonment == pytest.approx(seen.abandonment, rel=0.1)
    written = next(iter(found.document["intents"].values()))["chat"]
    assert written["elapsed"]["mean"] == f"{seen.aht_s:.4g}s"
    assert 1.5 < written["at"] < 2.5


def test_a_level_that_is_said_is_taken(by_interval):
    source, _ = read(by_interval, Options(concurrency=3, at=2.0), unit="seconds")
    chats = source.fit(0, len(source.dates)).chats
    assert (chats.at, chats.at_open) == (2.0, False)


@pytest.mark.parametrize(
    ("chats", "flags", "words"),
    [
        (True, ["--concurrency", "3", "--at", "4"], "--at: is above the most at once"),
        (False, ["--concurrency", "3"], "--concurrency: is of chats, and"),
        (False, ["--at", "2"], "--at: is of chats, and"),
    ],
)
def test_what_does_not_belong_is_refused(by_interval, tmp_path, chats, flags, words):
    path = by_interval if chats else write(intervals(14), tmp_path / "calls.csv")
    outcome = run_cli("calibrate", str(path), "--unit", "seconds", *flags)
    assert outcome.code == 2
    assert words in outcome.err


def test_a_log_that_names_agents_tells_the_level(log):
    outcome = run_cli("calibrate", str(log), "--at", "2")
    assert outcome.code == 2
    assert "--at: " in outcome.err
    assert "has agents" in outcome.err


def test_a_log_without_agents_is_read_like_intervals(log, tmp_path):
    path = write(pd.read_csv(log).drop(columns="agent"), tmp_path / "nobody.csv")
    with pytest.raises(ExportError, match=r"--concurrency NUMBER"):
        read(path)
    source, _ = read(path, Options(concurrency=3))
    fits = source.fit(0, len(source.dates))
    assert fits.chats.at_open
    assert fits.talk["chats"].mean.value > 1.1 * OWN_S
