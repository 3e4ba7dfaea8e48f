"""Exports with gaps, repeats, clock changes, zeros that mean missing and calls counted twice."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.calibrate.reading.import_log import ExportError
from tests.calibrate.exports import connect, intervals, read, teleopti, write


def at(table: pd.DataFrame, when: str) -> int:
    """The row of an interval."""
    return int(table.index[table["start"] == pd.Timestamp(when)][0])


def calibrated(table: pd.DataFrame, tmp_path, **wishes):
    return read(write(table, tmp_path / "x.csv"), unit="seconds", **wishes)


def test_an_interval_without_a_row_is_missing_and_not_none(tmp_path):
    table = intervals()
    row = at(table, "2026-03-10 10:00")
    source, told = calibrated(table.drop(index=row), tmp_path)
    (note,) = told.notes
    assert note.startswith(f"{tmp_path}/x.csv:{row + 1}: 1 intervals have no row where contacts are usual")
    assert "2026-03-10 10:00" in note
    whole, _ = calibrated(table, tmp_path)
    mine, theirs = (s.fit(0, 26).arrivals.expected[1, 20].sum() for s in (source, whole))
    assert mine == pytest.approx(theirs, rel=0.15)
    assert not source.observed_counts(20).known[8, 20]


def test_an_interval_without_a_row_at_night_is_none(tmp_path):
    table = intervals()
    source, told = calibrated(table[(table["offered"] > 0)], tmp_path)
    assert told.notes == []
    assert source.fit(0, 26).arrivals.spans[0] == (16, 36)


def test_a_zero_where_many_are_usual_is_missing(tmp_path):
    table = intervals()
    row = at(table, "2026-03-10 10:00")
    table.loc[row, ["offered", "answered", "abandoned", "mean_talk"]] = 0
    source, told = calibrated(table, tmp_path)
    assert told.notes == [
        f"{tmp_path}/x.csv:{row + 2}: 1 intervals say 0 where many contacts are usual, the first 2026-03-10 10:00: "
        "taken as missing, not as 0"
    ]
    assert not source.observed_counts(20).known[8, 20]


def test_a_day_of_zeros_is_closed_or_missing(tmp_path):
    table = intervals()
    of_day = table["start"].dt.date == pd.Timestamp("2026-03-11").date()
    table.loc[of_day, ["offered", "answered", "abandoned"]] = 0
    source, told = calibrated(table, tmp_path)
    assert "1 days without a contact, taken as closed or missing: 2026-03-11" in told.notes
    assert source.fit(0, 26).arrivals.weeks[2] == 3


def test_the_same_row_twice_counts_once(tmp_path):
    table = intervals()
    row = at(table, "2026-03-10 10:00")
    source, told = calibrated(pd.concat([table, table.loc[[row]]]), tmp_path)
    assert told.dropped == [(1, "the same as an earlier row, cell by cell", len(table) + 2)]
    assert source.observed_counts(20).offered.sum() == table["offered"].sum()


def test_two_rows_that_contradict_each_other_are_refused_with_both_lines(tmp_path):
    table = intervals()
    row = at(table, "2026-03-10 10:00")
    other = table.loc[[row]].assign(offered=99)
    with pytest.raises(
        ExportError, match=rf"x\.csv:{row + 2}: .*\n.*x\.csv:{len(table) + 2}: .*other numbers.*offered 99"
    ):
        calibrated(pd.concat([table, other]), tmp_path)


def put_back(table: pd.DataFrame) -> pd.DataFrame:
    """A night on which the hour from 02:00 comes twice, with other numbers."""
    night = table["start"].between("2026-03-15 02:00", "2026-03-15 02:59")
    return pd.concat([table, table[night].assign(offered=3, answered=3)]).sort_values("start", kind="stable")


def test_an_hour_that_comes_twice_is_a_clock_change(tmp_path):
    source, told = calibrated(put_back(intervals()), tmp_path)
    (note,) = told.notes
    assert "the clock was changed on 2026-03-15: 4 rows of that hour are left out" in note
    assert f"{tmp_path}/x.csv:" in note
    assert source.observed_counts(20).offered.sum() == intervals()["offered"].sum()


def test_the_zone_says_when_the_clock_was_changed(tmp_path):
    table = intervals(56)
    table["offered"] = table["answered"] = table["offered"].where(table["offered"] > 0, 4)
    late = table[table["start"] >= "2026-03-28"]
    _, told = read(write(late, tmp_path / "x.csv"), unit="seconds", zone="Europe/Berlin")
    assert any("the clock was changed on 2026-03-29: 2 rows" in note for note in told.notes)
    _, told = read(write(late, tmp_path / "x.csv"), unit="seconds", zone="Australia/Brisbane")
    assert not any("clock" in note for note in told.notes)


def test_local_hours_stay_local_over_a_clock_change(tmp_path):
    table = intervals(42)
    source, _ = read(connect(table, tmp_path / "c.csv"), zone="Europe/Berlin")
    assert np.array_equal(
        source.observed_counts(20).offered[:40].sum(axis=0), source.observed_counts(20).offered.sum(axis=0)
    )
    assert (
        source.observed_counts(20).offered[28:33, 16:36].sum()
        == table["offered"][table["start"] >= "2026-03-30"][: 48 * 5].sum()
    )


def test_two_queues_with_the_same_contacts_are_refused(tmp_path):
    table = intervals()
    both = pd.concat([table, table.assign(queue="Sales 2")]).sort_values(["start", "queue"], kind="stable")
    with pytest.raises(ExportError, match=r"x\.csv:\d+: .*each is counted twice.*\n.*x\.csv:\d+:.*--queue 'Sales'"):
        calibrated(both, tmp_path)
    source, told = calibrated(both, tmp_path, queues=("Sales",))
    assert source.observed_counts(20).offered.sum() == table["offered"].sum()
    assert told.dropped[0][:2] == (len(table), "of queues not asked for")
    with pytest.raises(ExportError, match=r"--queue: .*no such queue \(got Other\).*Sales"):
        calibrated(both, tmp_path, queues=("Other",))


def test_a_queue_that_is_the_sum_of_the_others_is_dropped(tmp_path):
    one, two = intervals(seed=1), intervals(seed=2).assign(queue="Service")
    total = one.assign(queue="All", **{name: one[name] + two[name] for name in ("offered", "answered", "abandoned")})
    source, told = calibrated(pd.concat([one, two, total]).sort_values("start", kind="stable"), tmp_path)
    assert told.facts["queues"] == "Sales, Service"
    assert told.dropped[0][:2] == (len(one), "queue 'All' is the sum of Sales, Service")
    assert source.observed_counts(20).offered.sum() == one["offered"].sum() + two["offered"].sum()


def test_contacts_that_overflow_are_counted_where_they_were_first_offered(tmp_path):
    path = teleopti(intervals(), tmp_path / "t.txt")
    lines = path.read_text().splitlines()
    cells = lines[500].split(";")
    cells[6] = "12"
    lines[500] = ";".join(cells)
    path.write_text("\n".join(lines))
    source, told = read(path)
    assert any(
        note.startswith(f"{path}:501: 12 contacts came from another queue: each is counted once") for note in told.notes
    )
    assert source.observed_counts(20).offered.sum() == intervals()["offered"].sum()


def test_other_channels_are_left_out(tmp_path):
    path = connect(intervals(), tmp_path / "c.csv")
    path.write_text(path.read_text() + "Chats,id-2,CHAT,2026-03-02T09:00:00Z,30,50,900,50\n")
    source, told = read(path, zone="Europe/Berlin")
    assert told.dropped[0][:2] == (1, "another channel than voice (CHAT)")
    assert source.observed_counts(20).offered.sum() == intervals()["offered"].sum()


def test_the_interval_is_what_the_rows_say(tmp_path):
    for minutes in (15, 30, 60):
        _, told = read(write(intervals(7, minutes=minutes), tmp_path / "x.csv"), unit="seconds")
        assert told.facts["interval"] == f"{minutes} min"
    path = connect(intervals(7), tmp_path / "c.csv")
    path.write_text(path.read_text().replace(",30,", ",15,"))
    with pytest.raises(ExportError, match="says intervals of 15 min, but the rows are 30 min apart"):
        read(path, zone="Europe/Berlin")


def test_dates_can_be_chosen(tmp_path):
    source, told = calibrated(intervals(), tmp_path, first="2026-03-09", last="2026-03-15")
    assert told.facts["dates"] == "2026-03-09 to 2026-03-15"
    assert len(source.dates) == 7
    with pytest.raises(ExportError, match="no row in the dates asked for"):
        calibrated(intervals(), tmp_path, first="2027-01-01")
