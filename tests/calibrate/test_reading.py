"""Text to tables: what is understood, what is asked for, what is refused."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.calibrate.export import Options
from sim.calibrate.reading.import_log import ExportError
from sim.calibrate.reading.moments import moments
from sim.calibrate.reading.text import shape_of
from sim.calibrate.reading.values import Column, durations, numbers
from tests.calibrate.exports import connect, intervals, read, teleopti, write

ARRIVAL, LATER = "2026-03-02 09:00:00", "2026-03-02 09:01:00"


def column(*cells: str) -> Column:
    return Column("file.csv", "talk", pd.Series(cells, index=range(2, 2 + len(cells))))


# Cells --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("1", "2.5", ""), [1, 2.5, np.nan]),
        (("1,5", "2"), [1.5, 2]),
        (("1.234,5", "2"), [1234.5, 2]),
        (("1,234.5", "2"), [1234.5, 2]),
        (("1,234,567",), [1234567]),
        (("n/a", "-", "3"), [np.nan, np.nan, 3]),
    ],
)
def test_numbers_in_every_writing(cells, expected):
    assert numbers(column(*cells)) == pytest.approx(expected, nan_ok=True)


def test_a_comma_that_can_mean_two_things_is_asked_for():
    with pytest.raises(ExportError, match=r"file\.csv:3: talk has a comma .*got 1,234.*--decimal"):
        numbers(column("7", "1,234"))
    assert numbers(column("7", "1,234"), ",").tolist() == [7, 1.234]
    assert numbers(column("7", "1,234"), ".").tolist() == [7, 1234]


@pytest.mark.parametrize("cell", ["abc", "-3", "inf"])
def test_what_is_no_number_is_refused_with_its_line(cell):
    with pytest.raises(ExportError, match=rf"file\.csv:3: talk is not .*\(got {cell}\)"):
        numbers(column("1", cell))


def test_durations_as_clocks_or_in_a_unit():
    assert durations(column("0:04:10", "1:00:00", ""), "seconds") == pytest.approx([250, 3600, np.nan], nan_ok=True)
    assert durations(column("1.5", "2"), "minutes").tolist() == [90, 120]
    with pytest.raises(ExportError, match=r"file\.csv:3: .*4:10 can mean minutes or hours"):
        durations(column("0:04:10", "4:10"), "seconds")


@pytest.mark.parametrize(
    ("date", "time"),
    [
        ("2026-03-09", "14:30"),
        ("20260309", "14:30:00"),
        ("09.03.2026", "14:30"),
        ("9/3/2026", "2:30 PM"),
        ("09-03-26", "14:30"),
    ],
)
def test_dates_in_every_writing(date, time):
    order = "" if date.startswith("2026") else "day-first"
    expected = [np.datetime64("2026-03-09T14:30:00")]
    assert moments(column(date), column(time), order).at.tolist() == pd.to_datetime(expected).to_pydatetime().tolist()
    assert moments(column(f"{date} {time}"), None, order).at.tolist() == [pd.Timestamp(expected[0]).to_pydatetime()]


def test_the_order_of_day_and_month_is_read_off_the_file_or_asked_for():
    clock = column("08:00", "08:00")
    assert moments(column("03/04/2026", "13/04/2026"), clock).at[0] == np.datetime64("2026-04-03T08:00")
    assert moments(column("03/04/2026", "03/14/2026"), clock).at[0] == np.datetime64("2026-03-04T08:00")
    with pytest.raises(ExportError, match=r"file\.csv:2: .*--dates day-first"):
        moments(column("03/04/2026", "05/06/2026"), clock)


# Files --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sep", [",", ";", "\t", "|"])
@pytest.mark.parametrize("bom", [False, True])
def test_delimiters_decimal_commas_and_byte_order_marks(tmp_path, sep, bom):
    decimal = "." if sep == "," else ","
    source, _ = read(write(intervals(), tmp_path / "x.csv", sep, decimal, bom), unit="seconds")
    plain, _ = read(write(intervals(), tmp_path / "y.csv"), unit="seconds")
    for mine, other in zip(
        vars(source.observed_counts(20)).values(), vars(plain.observed_counts(20)).values(), strict=True
    ):
        assert np.array_equal(mine, other, equal_nan=mine.dtype.kind == "f")


def test_packed_files_and_other_encodings(tmp_path):
    text = intervals(7).rename(columns={"queue": "Queue"}).assign(Queue="Büro").to_csv(index=False)
    for name, data in {
        "a.csv.gz": gzip.compress(text.encode()),
        "b.csv": text.encode("cp1252"),
        "c.csv": text.encode("utf-16"),
    }.items():
        (tmp_path / name).write_bytes(data)
        source, told = read(tmp_path / name, unit="seconds")
        assert told.facts["queues"] == "Büro"
        assert source.observed_counts(20).offered.sum() == intervals(7)["offered"].sum()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.xlsx", b"PK", "cannot be read as a spreadsheet.*CSV"),
        ("a.xls", b"PK", "is a spreadsheet of a kind that is not read.*xlsx"),
        ("a.csv", b"", "has no rows"),
        ("a.csv", b"start,offered\n", "has no rows"),
        ("a.csv", b"a,a\n1,2\n", "two columns of the same name"),
        ("a.csv", b"foo,bar\n1,2\n", "no export that is known.*--map"),
    ],
)
def test_files_that_are_no_exports(tmp_path, name, data, words):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ExportError, match=words):
        read(tmp_path / name)


def test_a_row_with_too_many_cells_is_named(tmp_path):
    lines = intervals(7).to_csv(index=False).splitlines()
    lines[200] += ",1,2,3"
    (tmp_path / "x.csv").write_text("\n".join(lines))
    with pytest.raises(ExportError, match=r"x\.csv:201: has more cells than the header"):
        read(tmp_path / "x.csv", unit="seconds")


def test_layouts_are_recognised_and_agree(tmp_path):
    table = intervals()
    mine, _ = read(write(table, tmp_path / "x.csv"), unit="seconds")
    tele, told = read(teleopti(table, tmp_path / "tele.txt"))
    assert told.facts["export"].startswith("contacts by interval, Teleopti")
    assert told.facts["unit"] == "times in seconds"
    assert np.array_equal(tele.observed_counts(20).offered, mine.observed_counts(20).offered)
    assert tele.fit(0, 26).seen.abandonment == mine.fit(0, 26).seen.abandonment
    assert tele.fit(0, 26).seen.aht_s == pytest.approx(mine.fit(0, 26).seen.aht_s, rel=1e-3)
    there, told = read(connect(table, tmp_path / "connect.csv"), Options(staff=9), zone="Europe/Berlin")
    assert told.facts["time zone"] == "times with an offset, converted to Europe/Berlin"
    assert np.array_equal(there.observed_counts(20).offered, mine.observed_counts(20).offered[:26])


def test_a_zone_is_asked_for_where_times_have_an_offset(tmp_path):
    path = connect(intervals(7), tmp_path / "connect.csv")
    with pytest.raises(ExportError, match=r"connect\.csv.*own zone cannot be known\. Say --time-zone"):
        read(path)
    with pytest.raises(ExportError, match="--time-zone: is no time zone"):
        read(path, zone="Mars/Base")


def test_the_unit_is_asked_for(tmp_path):
    path = write(intervals(7), tmp_path / "x.csv")
    with pytest.raises(ExportError, match=r"x\.csv:2: asa: the unit of these numbers is not in the file.*--unit"):
        read(path)


def test_implausible_handle_times_are_refused(tmp_path):
    path = write(intervals(7), tmp_path / "x.csv")
    with pytest.raises(ExportError, match="too long for contacts"):
        read(path, unit="hours")
    with pytest.raises(ExportError, match="too short for contacts"):
        read(path, unit="milliseconds")


@pytest.mark.parametrize("name", ["Resolution Time (s)", "time_to_resolve", "ticket duration", "closed_at"])
def test_the_life_of_a_ticket_is_no_handle_time(tmp_path, name):
    path = write(intervals(7).rename(columns={"mean_talk": name}), tmp_path / "x.csv")
    with pytest.raises(ExportError, match="time to resolve a ticket is not handle time"):
        read(path, mapped={"mean_talk": name}, unit="seconds")


def test_other_names_are_mapped_and_wrong_maps_refused(tmp_path):
    names = {"start": "Beginn", "offered": "Angeboten", "mean_talk": "Gespräch"}
    path = write(intervals(7).rename(columns=names), tmp_path / "x.csv")
    source, _ = read(path, mapped=names, unit="seconds")
    assert source.observed_counts(20).offered.sum() == intervals(7)["offered"].sum()
    with pytest.raises(ExportError, match=r"--map: is no field \(got sold\)"):
        read(path, mapped={"sold": "Angeboten"})
    with pytest.raises(ExportError, match=r"--map: offered: .* has no such column \(got Foo\).*Angeboten"):
        read(path, mapped=names | {"offered": "Foo"})


# Logs ---------------------------------------------------------------------------------------------------------------


def log(tmp_path: Path, *rows: str, header: str = "arrival,type,wait_s,service_s,outcome,agent,customer,phone") -> Path:
    path = tmp_path / "log.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def test_outcomes_repeats_and_people(tmp_path):
    path = log(
        tmp_path,
        f"{ARRIVAL},a,10,300,served,Ann,c1,0400",
        f"{ARRIVAL},a,10,300,served,Ann,c1,0400",
        f"{LATER},a,30,0,abandoned_queue,,c2,0401",
        f"{LATER},b,0,0,abandoned_vru,,c3,0402",
        f"{LATER},b,0,0,phantom,,,0403",
        f"{LATER},b,0,200,AGENT,Bob,,0404",
    )
    source, told = read(path)
    assert [(count, line) for count, _, line in told.dropped] == [(1, 5), (1, 6), (1, 3)]
    assert told.facts["not read"] == "phone"
    table = source.calls.table  # type: ignore[attr-defined]
    assert table["answered"].tolist() == [True, False, True]
    assert table["agent"].tolist() == [0, -1, 2]
    assert (table["customer"] >= 0).tolist() == [True, True, False]
    assert not any("Ann" in str(value) for value in table.to_numpy().ravel())


def test_what_an_outcome_means_is_asked_for(tmp_path):
    path = log(tmp_path, f"{ARRIVAL},a,10,300,DONE,Ann,,", f"{LATER},a,10,0,GONE,,,")
    with pytest.raises(ExportError, match=r"log\.csv:2: outcome: what this outcome means .*DONE.*--outcome"):
        read(path)
    source, _ = read(path, outcomes={"DONE": "answered", "GONE": "abandoned"})
    assert source.calls.table["answered"].tolist() == [True, False]  # type: ignore[attr-defined]


def test_short_abandons_are_left_out_when_asked(tmp_path):
    rows = [f"{ARRIVAL},a,{wait},0,abandoned,,," for wait in (2, 5, 6)] + [f"{ARRIVAL},a,0,300,served,A,,"]
    source, told = read(log(tmp_path, *rows), short=5.0)
    assert source.observed_counts(20).abandoned.sum() == 1
    assert told.facts["short abandons"] == "no contact: gave up within 5 s"
    everything, told = read(log(tmp_path, *rows))
    assert everything.observed_counts(20).abandoned.sum() == 3
    assert "counted as abandoned" in told.facts["short abandons"]


def test_time_before_the_queue_moves_the_contact(tmp_path):
    header = "arrival,type,ivr_s,wait_s,service_s,outcome"
    source, _ = read(log(tmp_path, "2026-03-02 09:29:50,a,20,5,100,served", header=header))
    assert np.flatnonzero(source.observed_counts(20).offered[0]).tolist() == [19]


def test_a_head_start_is_given_in_proportion_where_it_is_recorded_of_waiting_contacts_only(tmp_path):
    header = "arrival,type,priority,wait_s,service_s,outcome"
    rows = [f"{ARRIVAL},a,{1 + (k % 4 == 0)},10,100,served" for k in range(40)]
    rows += [f"{ARRIVAL},a,0,0,100,served" for _ in range(40)]
    source, told = read(log(tmp_path, *rows, header=header), head_starts={"2": 90.0})
    found = dict(zip(source.intents.names, np.bincount(source.intents.codes), strict=True))  # type: ignore[attr-defined]
    assert found == {"a": 60, "a_ahead": 20}
    assert any("had to wait only" in note for note in told.notes)
    plain, told = read(log(tmp_path, *rows, header=header))
    assert plain.intents.names == ("a",)  # type: ignore[attr-defined]
    assert any("--head-start" in note for note in told.notes)


def test_the_shape_of_a_file_is_found_where_text_has_commas(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text('start;name;offered\n2026-03-02 08:00;"a, b";3\n2026-03-02 08:30;"c, d, e";4\n')
    assert shape_of(path).header == ("start", "name", "offered")


def test_a_day_on_which_the_clock_was_changed_is_noted(tmp_path):
    rows = [f"2026-03-{day} 09:00:00,a,10,300,served,A,," for day in (27, 29, 30)]
    _, told = read(log(tmp_path, *rows), zone="Europe/Berlin")
    assert any(note.startswith(f"{tmp_path}/log.csv:3: the clock was changed on 2026-03-29") for note in told.notes)
    _, told = read(log(tmp_path, *rows), zone="Australia/Brisbane")
    assert not any("clock" in note for note in told.notes)
