"""Open hours in which contacts are expected and nobody is on the queue for them are noted."""

import pytest

from sim.loading.load import loads

from .texts import GOOD

BASE = {
    "calendar": {"start": "2026-11-23", "days": 7, "hours": {"mon-fri": "08:00-14:00", "sat": "09:00-12:00"}},
    "arrivals": {"per_day": 100},
    "intents": {
        "orders": {"share": 0.6, "talk_time": "3m"},
        "billing": {"share": 0.4, "talk_time": "5m", "skill": "money"},
    },
    "agents": {
        "desk": {"skills": ["orders"], "staff": 5},
        "office": {"skills": ["money"], "shifts": [{"count": 3, "start": "08:00", "length": "6h"}]},
    },
}


def told(settings=(), **group):
    """What is said of hours without anybody, with these settings, and these keys of the group with shifts."""
    changes = {f"agents.office.{key}": value for key, value in group.items()} | dict(settings)
    return [note for note in loads(BASE, changes).notes if "nobody is on the queue" in note]


def shift(**changes):
    return {"count": 3, "start": "08:00", "length": "6h"} | changes


@pytest.mark.parametrize(
    ("shifts", "when"),
    [
        ([shift(start="09:00")], "mon-fri 08:00-09:00"),
        ([shift(days="mon-wed")], "thu-fri 08:00-14:00, sat 09:00-12:00"),
        ([shift(count=0)], "mon-fri 08:00-14:00, sat 09:00-12:00"),
        ([shift(breaks=[{"after": "2h", "length": "30m"}])], "mon-sat 10:00-10:30"),
        (
            [shift(breaks=[{"after": "2h", "length": "30m"}]), shift(breaks=[{"after": "2h15m", "length": "30m"}])],
            "mon-sat 10:15-10:30",
        ),
        ([shift(length="2h"), shift(start="10:30", length="1h"), shift(start="12:00", length="1h")], None),
        ([shift(length="5h30m"), shift(start="20:00", days="thu")], "mon-fri 13:30-14:00"),
        ([shift(start="22:00", length="16h", days="mon-sat")], "mon 08:00-14:00"),
    ],
)
def test_the_time_without_anybody_is_named_by_weekday(shifts, when):
    if when is None:
        when = "mon-fri 10:00-10:30 and 11:30-12:00 and 13:00-14:00, sat 10:00-10:30 and 11:30-12:00"
    (note,) = told(shifts=shifts)
    assert note.startswith(f"agents: nobody is on the queue for money on {when}, when contacts are expected")


@pytest.mark.parametrize(
    "shifts",
    [
        [shift(breaks=[{"after": "2h", "length": "30m"}]), shift(breaks=[{"after": "2h30m", "length": "30m"}])],
        [shift(breaks=[{"after": "2h", "length": "30s"}])],
        [shift(breaks=[{"after": "5h30m", "length": "30m"}]), shift(start="13:00", length="1h")],
        [shift(length="3h"), shift(start="11:00", length="3h")],
    ],
)
def test_breaks_and_shifts_that_relieve_each_other_leave_nobody_out(shifts):
    assert told(shifts=shifts) == []


def test_counts_of_nobody_and_agents_who_are_all_absent():
    counts = {"agents.desk.staff": {"mon-fri": [1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0], "sat": 1}}
    (note,) = told(counts)
    assert "for orders on mon-fri 08:30-09:30 and 13:30-14:00, when" in note
    (note,) = told(absence=1)
    assert "for money on mon-fri 08:00-14:00, sat 09:00-12:00, when" in note
    assert told(absence=0.9) == []


def test_a_table_of_counts_is_looked_at_day_by_day(tmp_path, monkeypatch):
    days = [day for day in range(9, 28) if day % 7 != 1]  # from Monday the 9th, without Sundays
    hours = {day: range(9, 12) if day % 7 == 0 else range(8, 14) for day in days}
    moments = [(day, hour, half) for day in days for hour in hours[day] for half in ("00", "30")]
    rows = [f"2026-11-{day:02d},{hour:02d}:{half},{int((day, hour) != (26, 9))}" for day, hour, half in moments]
    (tmp_path / "staff.csv").write_text("\n".join(["date,time,desk", *rows]))
    monkeypatch.chdir(tmp_path)
    table = {"agents.desk.staff": {"file": "staff.csv"}, "calendar.start": "2026-11-09"}
    (note,) = told(table | {"calendar.days": 19})
    assert "for orders on thu 09:00-10:00, when" in note
    assert told(table | {"calendar.days": 12}) == []


def test_another_group_with_the_skill_is_somebody():
    late = [shift(start="10:00", length="4h")]
    assert len(told(shifts=late)) == 1
    assert told({"agents.desk.skills": ["orders", "money"]}, shifts=late) == []


def test_skills_alike_share_a_note_and_many_spans_are_counted():
    half = {"mon-fri": [0, 1] * 6, "sat": 1}
    (note,) = told({"agents.desk": {"skills": ["orders", "money"], "staff": half}, "agents.office": "off"})
    assert "for orders, money on mon-fri 08:00-08:30 and 09:00-09:30 and 10:00-10:30 and 3 more, when" in note


def test_where_no_contact_is_expected_nobody_is_missed():
    late = [shift(start="09:00", length="5h")]
    assert told({"arrivals.profile": {"mon-fri": [0, 0, *[1] * 10], "sat": 1}}, shifts=late) == []
    assert len(told({"arrivals.profile": {"mon-fri": [0, *[1] * 11], "sat": 1}}, shifts=late)) == 1
    bot = {"intents.billing.bot": {"resolves": 1}, "bot": {"opt_out": 0}}
    assert told(bot, shifts=late) == []
    assert len(told(bot | {"bot": {"opt_out": 0.1}}, shifts=late)) == 1


def test_the_good_text_has_somebody_at_all_times():
    assert not any("nobody" in note for note in loads(GOOD).notes)
