"""The small exports of `exports_given/`: each stands for a kind that planners bring."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from sim.calibrate.reading.import_log import ExportError
from sim.schema.calendar import WEEKDAYS
from tests.calibrate.exports import read

GIVEN = Path(__file__).parent / "exports_given"
LOG = "22-log-date-and-time.csv"


def table_of(name: str, **wishes: object) -> tuple[pd.DataFrame, object]:
    source, told = read(GIVEN / name, **wishes)
    return (source.calls if hasattr(source, "calls") else source.intervals).table, told


def refusal(name: str, **wishes: object) -> str:
    with pytest.raises(ExportError) as caught:
        read(GIVEN / name, **wishes)
    return str(caught.value)


def test_chats_among_calls_are_left_out_and_counted():
    table, told = table_of("03-log-with-chats.csv")
    assert told.dropped == [(30, "another channel than voice (CHAT)", 5)]
    assert table["talk_s"].mean() == pytest.approx(262, abs=0.5)
    plain, _ = table_of(LOG)
    assert table["talk_s"].tolist() == pytest.approx(plain["talk_s"].tolist(), nan_ok=True)


def test_chats_can_be_asked_for():
    table, told = table_of("03-log-with-chats.csv", channels=("CHAT",))
    assert (len(table), told.facts["channel"]) == (30, "CHAT (channel)")
    assert "--channel" in refusal("03-log-with-chats.csv", channels=("fax",))


@pytest.mark.parametrize("mapped", [{}, {"outcome": "answered", "wait": "speed_of_answer_s"}])
def test_who_gave_up_without_a_wait_is_taken_to_have_waited_like_the_answered(mapped):
    table, told = table_of("06-log-abandons-without-wait.csv", mapped=mapped)
    waits = table.groupby("answered")["wait_s"].mean()
    assert waits[False] == pytest.approx(waits[True])
    assert (~table["answered"]).sum() == 25
    assert any("25 of 129 contacts have no wait: who gave up is taken" in note for note in told.notes)


def test_seconds_after_a_colon():
    table, _ = table_of("07-colon-seconds.csv")
    first = table.iloc[0]
    assert (first["wait_answered_s"], first["wait_abandoned_s"]) == (10 * 24, 23 * 2)
    assert first["talk_s"] == (4 * 60 + 58) * 24


def test_a_log_of_moments():
    table, told = table_of("09-log-of-moments.csv")
    plain, _ = table_of(LOG)
    for name in ("wait_s", "talk_s"):
        assert table[name].tolist() == pytest.approx(plain[name].tolist(), nan_ok=True)
    assert table["answered"].tolist() == plain["answered"].tolist()
    assert told.facts["talk"] == "ended_at less answered_at"


def test_dates_without_marks_are_asked_for_and_read():
    table, _ = table_of("11-date-without-marks.csv", dates="month-first")
    assert table["time"].iloc[0] == pd.Timestamp("2026-01-05 09:00")
    assert table["time"].iloc[-1] == pd.Timestamp("2026-01-11 12:00")
    assert "--dates day-first or --dates month-first" in refusal("11-date-without-marks.csv")


def test_telephony_is_voice():
    table, told = table_of("12-channel-telephony.csv")
    assert (len(table), told.dropped) == (28, [])
    assert told.facts["channel"] == "telephony (channelType)"


def test_an_event_log_is_read_as_contacts():
    assert "--time-zone" in refusal("15-queue_log.txt")
    table, told = table_of("15-queue_log.txt", zone="UTC")
    assert "event log of Asterisk" in told.facts["export"]
    plain, _ = table_of(LOG, last="2026-01-05")
    some = plain[: len(table)]
    assert table["time"].tolist() == some["time"].tolist()
    assert table["wait_s"].tolist() == some["wait_s"].tolist()
    assert table["talk_s"].tolist() == pytest.approx(some["talk_s"].tolist(), nan_ok=True)
    assert (table["customer"] == -1).all(), "anon is nobody"


@pytest.mark.parametrize("mapped", [{}, {"offered": "Incoming Calls"}])
def test_usual_names(mapped):
    table, told = table_of("16-usual-names.csv", mapped=mapped)
    first = table.iloc[0]
    assert first[["offered", "answered", "abandoned"]].tolist() == [26, 24, 2]
    assert (first["wait_answered_s"], first["talk_s"]) == (240, 298 * 24)
    assert told.facts["not read"] == "nothing"


def test_a_row_a_day_is_pointed_to_observed_with_the_lines():
    lines = refusal("19-daily-report.csv").splitlines()
    assert "has a row a day" in lines[0]
    assert "docs/observed.md" in lines[0]
    figures = pd.read_csv(GIVEN / "19-daily-report.csv")
    weight = figures["Answered"]
    asa = (pd.to_timedelta(figures["ASA"]).dt.total_seconds() * weight).sum() / weight.sum()
    aht = (pd.to_timedelta(figures["AHT"]).dt.total_seconds() * weight).sum() / weight.sum()
    assert f"  asa: {round(asa)}s" in lines
    assert f"  aht: {round(aht) // 60}m{round(aht) % 60:02d}s" in lines
    assert f"  abandonment: {figures['Abandoned'].sum() / figures['Offered'].sum():.1%}" in lines
    assert any(line.startswith("  service_level: 78.1/20") for line in lines)
    days = ", ".join(f"{day}: {count}" for day, count in zip(WEEKDAYS[:5], figures["Offered"], strict=True))
    assert f"  contacts: {{{days}}}" in lines
    assert lines[1] == "observed:"


def test_a_date_in_the_title_with_several_files_in_one_call(tmp_path):
    said = refusal("20-date-in-title.csv")
    assert "20-date-in-title.csv:1: " in said
    assert "--date 2026-11-23" in said
    table, told = table_of("20-date-in-title.csv", given_dates=("2026-01-05",))
    assert table["time"].iloc[-1] == pd.Timestamp("2026-01-05 12:00")
    assert told.facts["date"] == "2026-01-05, as --date says"
    text, paths = (GIVEN / "20-date-in-title.csv").read_text(), []
    for day in range(12):
        date = dt.date(2026, 1, 5) + dt.timedelta(days=day)
        paths.append(tmp_path / f"{day}.csv")
        paths[-1].write_text(text.replace("1/5/2026", f"{date:%-m/%-d/%Y}").replace("26,24", f"{26 + day},{24 + day}"))
    source, told = read(paths)
    table = source.intervals.table
    assert table["time"].dt.normalize().nunique() == 12
    assert table["offered"][table["time"].dt.hour == 9].tolist() == list(range(26, 38))
    assert told.lines()[0] == f"{paths[0]} and 11 more files: 48 rows"


def test_a_log_with_date_and_time():
    table, _ = table_of(LOG)
    assert len(table) == 129
    assert table["time"].iloc[0] == pd.Timestamp("2026-01-05 09:00:27")
    assert table.iloc[1][["wait_s", "talk_s", "agent"]].tolist() == [0, 95, 1]
