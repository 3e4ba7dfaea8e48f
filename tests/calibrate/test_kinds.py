"""Ways of writing an export: sheets, moments, durations, flags, rows that belong together; values chosen so that a
wrong reading shows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from sim.calibrate.reading.import_log import ExportError
from tests.calibrate.exports import read
from tests.calibrate.vendors import Call, Slot, calls, slots

SLOTS, CALLS = slots(), calls()
HOUR = dt.timedelta(hours=1)


def file_of(tmp_path: Path, header: str, rows: list, sep: str = ",") -> Path:
    path = tmp_path / "x.csv"
    body = [sep.join(str(cell) for cell in row) for row in rows]
    path.write_text("\n".join([header, *body]) + "\n")
    return path


def intervals_of(tmp_path: Path, when: str, moment, **wishes: object) -> pd.DataFrame:
    """The table of an export whose moments are written in some way."""
    rows = [(*moment(slot), slot.offered, slot.answered, slot.abandoned, slot.asa, slot.aht) for slot in SLOTS]
    path = file_of(tmp_path, f"{when},Offered,Answered,Abandoned,ASA (s),AHT (s)", rows)
    return read(path, **wishes)[0].intervals.table


def log_of(tmp_path: Path, header: str, row, **wishes: object):
    source, told = read(file_of(tmp_path, header, [row(call) for call in CALLS]), **wishes)
    return source.calls.table, told


def right(table: pd.DataFrame) -> bool:
    """Whether the table has the times and counts that were written."""
    times = table["time"].tolist() == [pd.Timestamp(slot.start) for slot in SLOTS]
    return times and table["offered"].tolist() == [slot.offered for slot in SLOTS]


# Moments ------------------------------------------------------------------------------------------------------------

WRITTEN = {
    "a range": ("Date,Time", lambda s: (f"{s.start:%Y-%m-%d}", f"{s.start:%H:%M}-{s.start + HOUR:%H:%M}")),
    "a range in words": ("Date,Time", lambda s: (f"{s.start:%Y-%m-%d}", f"{s.start:%H:%M} to {s.start + HOUR:%H:%M}")),
    "a short range": ("Date,Hour", lambda s: (f"{s.start:%Y-%m-%d}", f"{s.start.hour}-{s.start.hour + 1}:00")),
    "half a day once": ("Date,Time", lambda s: (f"{s.start:%d %b %Y}", f"{s.start:%-I:%M}-{s.start + HOUR:%-I:%M %p}")),
    "a range with its date": ("Interval", lambda s: (f"{s.start:%Y-%m-%d %H:%M}-{s.start + HOUR:%H:%M}",)),
    "two moments": ("Interval", lambda s: (f"{s.start:%Y-%m-%dT%H:%M:%S}/{s.start + HOUR:%Y-%m-%dT%H:%M:%S}",)),
    "an hour": ("Day,Hour", lambda s: (f"{s.start:%Y%m%d}", s.start.hour)),
    "four figures": ("Day,Time", lambda s: (f"{s.start:%d.%m.%Y}", f"{s.start:%H%M}")),
    "a day's number": ("Start", lambda s: ((s.start - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1),)),
    "weekday and month": ("Start", lambda s: (f"{s.start:%a %d %b %Y %I:%M:%S %p}",)),
}


@pytest.mark.parametrize("way", WRITTEN)
def test_moments_in_every_writing(tmp_path, way):
    assert right(intervals_of(tmp_path, *WRITTEN[way]))


@pytest.mark.parametrize("order", ["%m%d%Y", "%d%m%Y"])
def test_eight_figures_with_the_year_last(tmp_path, order):
    said = "month-first" if order.startswith("%m") else "day-first"
    assert right(
        intervals_of(tmp_path, "Date,Time", lambda s: (s.start.strftime(order), f"{s.start:%H:%M}"), dates=said)
    )


@pytest.mark.parametrize("scale", [1, 1000])
def test_seconds_and_milliseconds_since_1970(tmp_path, scale):
    def moment(slot: Slot) -> tuple[int]:
        return (int(slot.start.replace(tzinfo=dt.UTC).timestamp()) * scale,)

    assert right(intervals_of(tmp_path, "Start", moment, zone="UTC"))
    with pytest.raises(ExportError, match="--time-zone"):
        intervals_of(tmp_path, "Start", moment)


def test_an_offset_is_no_range(tmp_path):
    def moment(slot: Slot) -> tuple[str]:
        return (f"{slot.start:%Y-%m-%d %H:%M}-05:00",)

    with pytest.raises(ExportError, match="--time-zone"):
        intervals_of(tmp_path, "Start", moment)
    table = intervals_of(tmp_path, "Start", moment, zone="America/Bogota")
    assert right(table)


def test_ranges_must_agree_with_the_rows(tmp_path):
    with pytest.raises(ExportError, match="says intervals of 30 min, but the rows are 60 min apart"):
        intervals_of(tmp_path, "Date,Time", lambda s: (f"{s.start:%Y-%m-%d}", f"{s.start:%H}:00-{s.start:%H}:30"))


def test_a_column_in_utc_says_so(tmp_path):
    with pytest.raises(ExportError, match="--time-zone"):
        intervals_of(tmp_path, "Start (UTC)", lambda s: (f"{s.start:%Y-%m-%d %H:%M}",))


def test_a_date_above_the_rows_of_its_day(tmp_path):
    table = intervals_of(
        tmp_path, "Date,Time", lambda s: (f"{s.start:%Y-%m-%d}" if s.start.hour == 9 else "", f"{s.start:%H:%M}")
    )
    assert right(table)


# Files --------------------------------------------------------------------------------------------------------------


def test_a_workbook_with_titles_totals_and_a_cover(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Report", "of", "March"])
    sheet = book.create_sheet("Data")
    sheet.append(["Queue performance"])
    sheet.append([])
    sheet.append(["Date", "Interval", "Calls Offered", "Calls Answered", "Abandoned", "ASA", "AHT"])
    for s in SLOTS:
        times = (dt.time(0, 0, s.asa), dt.timedelta(seconds=s.aht))
        sheet.append([s.start, f"{s.start:%H:%M}-{s.start + HOUR:%H:%M}", s.offered, s.answered, s.abandoned, *times])
    sheet.append(["Total", None, 900, 800, 100])
    book.save(tmp_path / "x.xlsx")
    source, told = read(tmp_path / "x.xlsx")
    table = source.intervals.table
    assert right(table)
    assert table["talk_s"].tolist() == [slot.aht * slot.answered for slot in SLOTS]
    assert (told.facts["sheet"], [why for _, why, _ in told.dropped]) == ("Data", ["adds the others up"])
    with pytest.raises(ExportError, match=r"--sheet: .* has no such sheet \(got Other\).*'Data'"):
        read(tmp_path / "x.xlsx", sheet="Other")


def test_the_order_of_dates_is_that_of_all_files(tmp_path):
    paths = []
    for day in range(8, 15):
        paths.append(tmp_path / f"{day}.csv")
        rows = [f"{hour}:00,10,9,1,15,200" for hour in range(9, 13)]
        paths[-1].write_text(f"Date: {day}/5/2026\nTime,Offered,Answered,Abandoned,ASA (s),AHT (s)\n" + "\n".join(rows))
    table = read(paths)[0].intervals.table
    assert table["time"].dt.strftime("%m-%d").unique().tolist() == [f"05-{day:02d}" for day in range(8, 15)]
    with pytest.raises(ExportError, match=r"8\.csv:1: whether the day or the month"):
        read(paths[:2])


def test_a_problem_in_a_later_file_names_it(tmp_path):
    text = "Date,Time,Offered,Answered,Abandoned,ASA (s),AHT (s)\n"
    for name, cell in (("a", "9"), ("b", "nine")):
        rows = [f"2026-03-0{2 if name == 'a' else 3},{hour}:00,10,{cell},1,15,200" for hour in range(9, 13)]
        (tmp_path / f"{name}.csv").write_text(text + "\n".join(rows[:2] + [row.replace(cell, "9") for row in rows[2:]]))
    with pytest.raises(ExportError, match=r"b\.csv:2: Answered is not a number \(got nine\)"):
        read([tmp_path / "a.csv", tmp_path / "b.csv"])
    (tmp_path / "b.csv").write_text("arrival,wait_s,service_s,agent\n2026-03-02 09:01:07,3,100,A\n")
    with pytest.raises(ExportError, match=r"b\.csv: is another kind of export"):
        read([tmp_path / "a.csv", tmp_path / "b.csv"])


@pytest.mark.parametrize("name", ["Agent Group", "Skill"])
def test_parts_of_an_interval_are_added_up_when_asked(tmp_path, name):
    rows = [
        (
            f"{s.start:%d.%m.%Y}",
            f"{s.start:%H:%M}",
            part,
            s.offered + part,
            s.answered + part,
            s.abandoned,
            s.asa,
            s.aht,
        )
        for s in SLOTS
        for part in (0, 1)
    ]
    path = file_of(tmp_path, f"Date;Time;{name};Offered;Answered;Abandoned;ASA (s);AHT (s)", rows, ";")
    if name == "Agent Group":
        with pytest.raises(ExportError, match="--add-up"):
            read(path)
    else:
        assert read(path)[0].intervals.table["queue"].nunique() == 2
    source, told = read(path, add_up=True)
    table = source.intervals.table
    assert table["offered"].tolist() == [2 * slot.offered + 1 for slot in SLOTS]
    assert table["talk_s"].tolist() == [slot.aht * (2 * slot.answered + 1) for slot in SLOTS]
    assert told.facts["added up"].startswith(f"{len(rows)} rows to {len(SLOTS)} intervals")


def test_all_that_is_missing_is_told_at_once_with_what_was_not_read(tmp_path):
    def row(call: Call) -> tuple[object, ...]:
        return (f"{call.at:%Y-%m-%d}", f"{call.at:%H:%M:%S}", call.agent, "x", 3)

    with pytest.raises(ExportError) as caught:
        log_of(tmp_path, "Date,Time,Agent,Notes,Foo", row)
    said = str(caught.value)
    assert "--map wait=COLUMN --map service=COLUMN" in said
    assert said.endswith("not read: Notes, Foo")


def test_rows_of_a_public_set_without_dates_are_days(tmp_path):
    header = "Index,Incoming Calls,Answered Calls,Answer Rate,Abandoned Calls,Answer Speed (AVG),Talk Duration (AVG)"
    rows = [(k, 217, 204, "94.01%", 13, "0:00:17", "0:02:14") for k in range(30)]
    with pytest.raises(ExportError) as caught:
        read(file_of(tmp_path, header, rows))
    assert str(caught.value).splitlines()[1:] == [
        "observed:",
        "  contacts: 217",
        "  aht: 2m14s",
        "  asa: 17s",
        "  abandonment: 6.0%",
    ]


# Times that something took ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"), [("Talk Time (s)", "total"), ("Talk Time (s)", "mean"), ("talk_s", "total")]
)
def test_a_total_is_told_from_a_mean_by_its_rows(tmp_path, name, value):
    table = [(s.start, s.answered + 3 * place % 31, s.abandoned) for place, s in enumerate(SLOTS)]
    rows = [
        (f"{at:%Y-%m-%d %H:%M}", many, lost, (200 + many % 5) * (many if value == "total" else 1))
        for at, many, lost in table
    ]
    found = read(file_of(tmp_path, f"Start,Answered,Abandoned,{name}", rows))[0].intervals.table
    assert found["talk_s"].tolist() == [(200 + many % 5) * many for _, many, _ in table]


@pytest.mark.parametrize("total", [True, False])
def test_where_both_are_plausible_the_rows_tell_by_going_along_with_contacts(tmp_path, total):
    rows = []
    for place, s in enumerate(SLOTS):
        many = 2 + place % 7
        mean = 380 + 11 * place % 41
        rows.append((f"{s.start:%Y-%m-%d %H:%M}", many, 1, mean * many if total else mean))
    found, told = read(file_of(tmp_path, "Start,Answered,Abandoned,Handle Time (s)", rows))
    works = [value if total else value * many for _, many, _, value in rows]
    assert found.intervals.table["talk_s"].tolist() == works
    assert told.facts["Handle Time (s)"] == ("added up over the contacts of each row" if total else "a mean")


def test_a_mean_that_could_be_a_total_is_asked(tmp_path):
    rows = [(f"{s.start:%Y-%m-%d %H:%M}", 10, 2, 500) for s in SLOTS]
    path = file_of(tmp_path, "Start,Answered,Abandoned,Talk Time (s)", rows)
    with pytest.raises(
        ExportError, match=r"can be a mean \(500 s\).*--map mean_talk='Talk Time \(s\)', or --map talk="
    ):
        read(path)


def test_a_bare_duration_is_what_those_who_gave_up_show(tmp_path):
    def row(extra: bool):
        return lambda c: (f"{c.at:%Y-%m-%d %H:%M:%S}", c.wait, c.talk + c.hold + extra * c.wait, c.agent)

    header, talk = "Start,Wait (s),Duration (s),Agent", [c.talk + c.hold for c in CALLS if c.answered]
    for extra in (True, False):
        table, told = log_of(tmp_path, header, row(extra))
        assert table["talk_s"][table["answered"]].tolist() == talk
        assert ("less the wait" in told.facts["talk"]) is extra
    only = [row(True)(c) for c in CALLS if c.answered]
    with pytest.raises(ExportError, match=r"--map service='Duration \(s\)', or --map total="):
        read(file_of(tmp_path, header, only))


@pytest.mark.parametrize("way", ["%-M:%S", "%-Mm %Ss", "PT%-MM%SS", "0:%M:%S", "00:%M:%S.000"])
def test_durations_in_every_writing(tmp_path, way):
    table, _ = log_of(
        tmp_path,
        "Start,Wait (sec),Talk,Agent",
        lambda c: (f"{c.at}", c.wait, (dt.datetime(2026, 1, 1) + dt.timedelta(seconds=c.talk)).strftime(way), c.agent),
    )
    assert table["talk_s"][table["answered"]].tolist() == [c.talk for c in CALLS if c.answered]


# Logs ---------------------------------------------------------------------------------------------------------------


def test_moments_as_times_of_day_beside_a_date(tmp_path):
    def row(c: Call) -> tuple[object, ...]:
        wrapped = c.end + dt.timedelta(seconds=c.wrap)
        times = (c.at, c.answer if c.answered else None, c.end, wrapped if c.answered else None)
        return (f"{c.at:%d.%m.%Y}", *(f"{at:%H:%M:%S}" if at else "" for at in times), c.agent)

    table, _ = log_of(tmp_path, "Date,Received,Answered,Ended,Wrapped up,Agent", row)
    assert table["time"].tolist() == [pd.Timestamp(c.at) for c in CALLS]
    assert table["wait_s"].tolist() == [c.wait for c in CALLS]
    assert table["wrap_s"][table["answered"]].tolist() == [c.wrap for c in CALLS if c.answered]


def test_a_time_of_day_after_midnight_belongs_to_the_next_day(tmp_path):
    late = dt.datetime(2026, 3, 2, 23, 59, 50)
    rows = [
        (f"{late:%d.%m.%Y}", "23:59:50", "00:00:05", "00:04:05", "A"),
        ("03.03.2026", "09:00:07", "09:00:09", "09:03:09", "A"),
    ]
    table = read(file_of(tmp_path, "Date,Received,Answered,Ended,Agent", rows))[0].calls.table
    assert table["wait_s"].tolist() == [15, 2]
    assert table["talk_s"].tolist() == [240, 180]


def test_an_answer_before_the_arrival_is_refused_with_its_line(tmp_path):
    with pytest.raises(ExportError, match=r"x\.csv:2: answered_at: .* rows have less than received"):
        log_of(
            tmp_path,
            "received,answered_at,ended_at,agent",
            lambda c: (c.at, c.at - dt.timedelta(seconds=60), c.end, c.agent),
        )


@pytest.mark.parametrize(
    ("header", "yes"), [("abandoned", "No"), ("is_answered", "Yes"), ("Answered (Y/N)", "Y"), ("missed", "0")]
)
def test_a_flag_is_read_with_its_columns_name(tmp_path, header, yes):
    no = {"No": "Yes", "Yes": "No", "Y": "N", "0": "1"}[yes]
    table, _ = log_of(
        tmp_path,
        f"arrived_at,{header},wait_s,talk_s,agent",
        lambda c: (c.at, yes if c.answered else no, c.wait, c.talk, "x"),
    )
    assert table["answered"].tolist() == [c.answered for c in CALLS]


def test_directions_are_left_out_with_counts_and_unknown_words_shown(tmp_path):
    words = ("Inbound", "Outbound", "Internal", "Callback", "Transfer", "incoming")

    def row(c: Call) -> tuple[object, ...]:
        return (c.at, words[c.number % 6], "Telephony", c.wait, c.talk, c.agent or "x", "Yes" if c.answered else "No")

    header = "Start,Direction,Channel,Wait (s),Talk (s),Agent,Answered"
    table, told = log_of(tmp_path, header, row)
    assert len(table) == len(CALLS) // 3
    assert sorted(count for count, _, _ in told.dropped) == [len(CALLS) // 6] * 4
    table, _ = log_of(tmp_path, header, row, directions=("in", "callback"))
    assert len(table) == len(CALLS) // 2
    words = ("Inbound", "Blue", "Inbound", "Blue", "Inbound", "Green")
    with pytest.raises(
        ExportError, match=r"x\.csv:3: Direction: .*Inbound 105, Blue 70, Green 35 \(got Blue\).*--direction"
    ):
        log_of(tmp_path, header, row)
    table, told = log_of(tmp_path, header, row, directions=("Blue",))
    assert len(table) == len(CALLS) // 3


@pytest.mark.parametrize("newest_first", [False, True])
def test_any_event_log_is_read_as_contacts(tmp_path, newest_first):
    rows = []
    for c in CALLS:
        steps = [(c.at, "queued", "")]
        steps += (
            [(c.answer, "answered", c.agent), (c.end, "ended", c.agent)]
            if c.answered
            else [(c.answer, "abandoned", "")]
        )
        rows += [(at, f"id{c.number}", event, "Support", agent) for at, event, agent in steps]
    rows.append((CALLS[-1].end, "late", "queued", "Support", ""))
    path = file_of(tmp_path, "timestamp,call_id,event,queue,agent", rows[::-1] if newest_first else rows)
    source, told = read(path)
    table = source.calls.table
    assert table["wait_s"].tolist() == [c.wait for c in CALLS]
    assert table["talk_s"][table["answered"]].tolist() == [c.talk + c.hold for c in CALLS if c.answered]
    assert [why for _, why, _ in told.dropped] == ["contacts that had not ended when the log did"]
