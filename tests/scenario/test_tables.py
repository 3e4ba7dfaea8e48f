"""CSV files: counts, traces, staffing, samples; their errors name the file and the line."""

import datetime as dt

import pytest

from sim.demand.expected import contacts_asked, expected_counts
from sim.errors import ScenarioError
from sim.loading.load import loads

HOURS = ("08:00", "09:00")
DAYS = ("2026-11-23", "2026-11-24")
MONDAY, TUESDAY = dt.date(2026, 11, 23), dt.date(2026, 11, 24)
GRID = [(day, hour) for day in DAYS for hour in HOURS]


def centre(**more):
    return {
        "name": "x",
        "calendar": {"start": "2026-11-23", "days": 2, "hours": "08:00-10:00", "interval": "1h"},
        "intents": {"a": {"talk_time": "1m"}, "b": {"talk_time": "1m"}},
        "agents": {"all": {"skills": ["a", "b"], "staff": 3}},
    } | more


def counts(rows, header="date,time,a,b"):
    return "\n".join([header, *rows]) + "\n"


def good_rows():
    return [f"{day},{hour},{k},{10 * k}" for k, (day, hour) in enumerate(GRID, start=1)]


def read(tmp_path, text, **more):
    (tmp_path / "t.csv").write_text(text)
    return loads(centre(arrivals={"file": "t.csv"}) | more, base=tmp_path)


def refused(tmp_path, text, **more):
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, text, **more)
    return caught.value.problems


def test_counts_by_intent(tmp_path):
    scenario = read(tmp_path, counts(good_rows()))
    table, calendar = scenario.arrivals.file, scenario.calendar
    assert table.columns == ("a", "b")
    assert table.of(MONDAY, "a", calendar) == (1, 2)
    assert table.of(TUESDAY, "b", calendar) == (30, 40)
    assert table.of(MONDAY + dt.timedelta(days=7), "a", calendar) == (1, 2), "the same weekday stands for another week"
    assert table.of(MONDAY + dt.timedelta(days=2), "a", calendar) == (0, 0), "no Wednesday in the file"


def test_counts_of_all_contacts_are_shared_out(tmp_path):
    rows = [f"{day},{hour}:00,7" for day, hour in GRID]
    intents = {"a": {"talk_time": "1m", "share": 0.4}, "b": {"talk_time": "1m", "share": "60%"}}
    scenario = read(tmp_path, counts(rows, "date,time,contacts"), intents=intents)
    assert scenario.arrivals.file.columns == ("contacts",)
    with pytest.raises(ScenarioError, match=r"intents\.a\.share: is missing"):
        read(tmp_path, counts(rows, "date,time,contacts"))


def test_missing_intervals_count_nothing_and_are_noted(tmp_path):
    scenario = read(tmp_path, counts(good_rows()[:-1]))
    assert scenario.arrivals.file.of(TUESDAY, "a", scenario.calendar) == (3, 0)
    assert any("1 intervals have no row" in note and "2026-11-24 09:00" in note for note in scenario.notes)


def test_rows_of_zeros_outside_opening_hours_are_good(tmp_path):
    rows = [*good_rows(), "2026-11-23,07:00,0,0"]
    assert read(tmp_path, counts(rows)).arrivals.file.of(MONDAY, "a", read(tmp_path, counts(rows)).calendar) == (1, 2)


@pytest.mark.parametrize(
    ("rows", "header", "line", "words"),
    [
        ([*good_rows(), "2026-11-23,07:00,1,0"], None, 6, "has a count outside opening hours"),
        ([*good_rows(), "2026-11-23,08:00,1,0"], None, 6, "is a second row for the same date and time"),
        (["2026-11-23,08:15,1,0", *good_rows()], None, 2, "is not the start of an interval"),
        (["2026-11-31,08:00,1,0", *good_rows()], None, 2, "is a date that does not exist"),
        (["2026-11-25,8 o'clock,1,0", *good_rows()], None, 2, "is not a time of day"),
        ([*good_rows(), "2026-11-25,08:00,-1,0"], None, 6, "is negative"),
        ([*good_rows(), "2026-11-25,08:00,many,0"], None, 6, "is not a number"),
        ([*good_rows(), "2026-11-25,08:00,nan,0"], None, 6, "is not a finite number"),
        ([*good_rows(), "2026-11-25,08:00,1"], None, 6, "has 3 columns and the header 4"),
        ([*good_rows(), '"2026-11-25'], None, 6, "is not CSV"),
        (good_rows()[:2], None, None, "has no row for 2026-11-24"),
        (good_rows(), "day,time,a,b", 1, "has no column date"),
        (good_rows(), "date,time,a,a", 1, "two columns of the same name"),
        ([row.rsplit(",", 2)[0] for row in good_rows()], "date,time", 1, "has no column of counts"),
        ([], "", 1, "is an empty table"),
    ],
)
def test_a_bad_row_names_file_and_line(tmp_path, rows, header, line, words):
    problems = refused(tmp_path, counts(rows, "date,time,a,b" if header is None else header))
    assert len(problems) == 1
    assert problems[0].file == str(tmp_path / "t.csv")
    assert problems[0].line == line
    assert problems[0].path == "arrivals.file"
    assert words in str(problems[0])


def test_many_bad_rows_are_cut_short(tmp_path):
    problems = refused(tmp_path, counts([f"2026-11-23,0{h}:00,x,1" for h in range(10)] * 5))
    assert len(problems) == 21
    assert "has 30 more problems" in problems[-1].message or "has 30 more problems" in problems[0].message


def test_columns_that_are_no_intents(tmp_path):
    (problem,) = refused(tmp_path, counts(good_rows(), "date,time,a,bb"), intents={"a": {"talk_time": "1m"}})
    assert "has 'bb', which is not an intent" in problem.message
    problems = refused(tmp_path, counts(good_rows(), "date,time,a,contacts"))
    assert any("the column contacts beside intents" in problem.message for problem in problems)
    (problem,) = refused(tmp_path, counts([r.rsplit(",", 1)[0] for r in good_rows()], "date,time,a"))
    assert problem.path == "intents.b"
    assert "has no column" in problem.message


PLANNERS = (
    "\ufeffDate;Time;a;b\n23.11.2026;08:00;1,5;10\n"
    "23.11.2026;09:00;2,25;20\n24.11.2026;08:00;3;30\n24.11.2026;09:00;4;1.234,5\n",
    "date\ttime\ta\tb\n11/23/2026\t8:00 AM\t1.5\t10\n11/23/2026\t9:00 AM\t2.25\t20\n11/24/2026\t8:00 AM\t3\t30\n"
    "11/24/2026\t9:00 AM\t4\t1234.5\n",
    "Date,Interval,a,b\n20261123,08:00-09:00,1.5,10\n20261123,9-10,2.25,20\n"
    "20261124,08:00 to 09:00,3,30\n20261124,9-10,4,1234.5\n",
    "date|time|a|b\n23 Nov 2026|8|1.5|10\n23 Nov 2026|9|2.25|20\n24 Nov 2026|8|3|30\n24 Nov 2026|9|4|1234.5\n",
)


@pytest.mark.parametrize("text", PLANNERS)
def test_tables_as_planners_save_them(tmp_path, text):
    scenario = read(tmp_path, text)
    table, calendar = scenario.arrivals.file, scenario.calendar
    assert table.of(MONDAY, "a", calendar) == (1.5, 2.25)
    assert table.of(TUESDAY, "b", calendar) == (30, 1234.5)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("date,time,a,b\n11/12/2026,08:00,1,2\n", 2, "is a date of which the day or the month may come first"),
        ("date;time;a;b\n23.11.2026;08:00;1.234;2\n", 2, "has a point that can mean thousands or decimals"),
        ("date,time,a,b\n2026-11-23,08:00-10:00,1,2\n", 2, "is a range of 120 minutes, not one interval"),
        ("date,time,a,b\n2026-11-23,08:00-08:30,1,2\n", 2, "is a range of 30 minutes, not one interval"),
        ("weekday,time,a,b\nmon,08:00,1,2\nMontag,09:00,1,2\ntue,08:00,1,2\n", 3, "names no day of the week"),
    ],
)
def test_what_planners_tables_leave_open_is_asked(tmp_path, text, line, words):
    problem = refused(tmp_path, text)[0]
    assert (problem.line, problem.file) == (line, str(tmp_path / "t.csv"))
    assert words in problem.message


def test_a_trace_needs_dates(tmp_path):
    (problem,) = refused(tmp_path, "weekday,time\nmon,08:00\n", arrivals={"process": "trace", "file": "t.csv"})
    assert "names a weekday where a date is needed" in problem.message


TYPICAL = (
    "weekday,time,agents\nmon,08:00,1\nmon,09:00,2\ntue,08:00-10:00,3\n",
    "Day;Time;Agents\nMonday;08:00 - 09:00;1\nMonday;9-10;2\nTuesday;8 AM - 10 AM;3\n",
    "time,Mon,Tue\n08:00,1,3\n09:00,2,3\n",
    "Interval;Monday;Tue\n08:00-09:00;1;3\n09:00-10:00;2;3\n",
)


@pytest.mark.parametrize("text", TYPICAL)
def test_a_typical_week_of_staffing(tmp_path, text):
    scenario = staffed(tmp_path, text)
    staff, calendar = scenario.agents["all"].staff, scenario.calendar
    assert staff.of(MONDAY, calendar) == (1, 2)
    assert staff.of(TUESDAY + dt.timedelta(days=7), calendar) == (3, 3)
    assert staff.of(MONDAY + dt.timedelta(days=2), calendar) == (0, 0)


def test_a_typical_week_passes_over_holidays_and_must_cover_each_open_day(tmp_path):
    (tmp_path / "s.csv").write_text("weekday,time,agents\nmon-tue,08:00-10:00,3\n")
    agents = {"all": {"skills": ["a"], "staff": {"file": "s.csv"}}}
    calendar = centre()["calendar"] | {"days": 9, "hours": {"mon-tue": "08:00-10:00"}, "holidays": ["2026-11-24"]}
    more = {"arrivals": {"per_day": 10}, "intents": {"a": {"talk_time": "1m"}}, "agents": agents}
    scenario = loads(centre(calendar=calendar, **more), base=tmp_path)
    staff = scenario.agents["all"].staff
    assert staff.of(TUESDAY, scenario.calendar) == ()
    assert staff.of(TUESDAY + dt.timedelta(days=7), scenario.calendar) == (3, 3)
    (tmp_path / "s.csv").write_text("weekday,time,agents\nmon,08:00-10:00,3\ntue,08:00,3\n")
    with pytest.raises(ScenarioError, match="has no row for 2026-12-01 09:00"):
        loads(centre(calendar=calendar, **more), base=tmp_path)


def test_a_trace(tmp_path):
    text = "date,time,intent\n2026-11-24,09:00,b\n2026-11-23,08:00:00.25,a\n2026-11-23,08:00,b\n"
    scenario = read(tmp_path, text, arrivals={"process": "trace", "file": "t.csv"})
    trace = scenario.arrivals.trace
    assert scenario.arrivals.file is None
    assert trace.of(MONDAY, scenario.calendar) == (("2026-11-23", 28800, "b"), ("2026-11-23", 28800.25, "a"))
    assert trace.of(TUESDAY + dt.timedelta(days=7), scenario.calendar) == (("2026-11-24", 32400, "b"),)
    assert trace.of(TUESDAY + dt.timedelta(days=1), scenario.calendar) == ()


@pytest.mark.parametrize(
    ("row", "line", "words"),
    [
        ("2026-11-23,10:00,a", 2, "is an arrival outside opening hours"),
        ("2026-11-23,08:61,a", 2, "is not a time of day"),
        ("tomorrow,08:00,a", 2, "is not a date"),
    ],
)
def test_a_bad_trace_names_file_and_line(tmp_path, row, line, words):
    (problem,) = refused(tmp_path, f"date,time,intent\n{row}\n", arrivals={"process": "trace", "file": "t.csv"})
    assert (problem.file, problem.line, problem.path) == (str(tmp_path / "t.csv"), line, "arrivals.file")
    assert words in problem.message


def test_a_trace_of_unknown_intents_and_without_a_file(tmp_path):
    arrivals = {"process": "trace", "file": "t.csv"}
    (problem,) = refused(tmp_path, "date,time,intent\n2026-11-23,08:00,z\n", arrivals=arrivals)
    assert "has 'z', which is not an intent" in problem.message
    (problem,) = refused(tmp_path, "", arrivals={"process": "trace"})
    assert "has no file" in problem.message


def staffed(tmp_path, text, name="all"):
    (tmp_path / "s.csv").write_text(text)
    agents = {name: {"skills": ["a", "b"], "staff": {"file": "s.csv"}}}
    return loads(centre(arrivals={"per_day": 10}, intents={"a": {"talk_time": "1m"}}, agents=agents), base=tmp_path)


@pytest.mark.parametrize("column", ["all", "agents"])
def test_staffing_from_a_file(tmp_path, column):
    text = f"date,time,{column}\n" + "".join(f"{day},{hour},{k}\n" for k, (day, hour) in enumerate(GRID))
    staff = staffed(tmp_path, text).agents["all"].staff
    calendar = staffed(tmp_path, text).calendar
    assert staff.of(MONDAY, calendar) == (0, 1)
    assert staff.of(TUESDAY + dt.timedelta(days=7), calendar) == (2, 3)
    assert staff.of(TUESDAY + dt.timedelta(days=1), calendar) == (0, 0)
    assert all(isinstance(count, int) for count in staff.of(MONDAY, calendar))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("date,time,agents\n2026-11-23,08:00,1.5\n", 2, "is not a whole number"),
        ("date,time,other\n2026-11-23,08:00,1\n", None, "has no column all or agents"),
        (
            "date,time,agents\n2026-11-23,08:00,1\n2026-11-24,08:00,1\n",
            None,
            "has no row for 2026-11-23 09:00 and 1 more",
        ),
    ],
)
def test_bad_staffing(tmp_path, text, line, words):
    with pytest.raises(ScenarioError) as caught:
        staffed(tmp_path, text)
    (problem,) = caught.value.problems
    assert problem.line == line
    assert problem.path == "agents.all.staff.file"
    assert words in problem.message


@pytest.mark.parametrize("text", ["seconds\n30\n10\n20.5\n", "30\n10\n20.5\n", "\n30\n\n10\n20.5"])
def test_a_sample_of_durations(tmp_path, text):
    (tmp_path / "d.csv").write_text(text)
    intent = {"talk_time": {"distribution": "empirical", "file": "d.csv"}}
    scenario = loads(centre(arrivals={"per_day": 1}, intents={"a": intent}), base=tmp_path)
    talk = scenario.intents["a"].talk_time
    assert talk.points == (10, 20.5, 30)
    assert talk.average == pytest.approx(20.1666667)
    assert loads(scenario.resolved()) == scenario


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("seconds\n30\nfast\n", 3, "is not a number"),
        ("30\n-1\n", 2, "is negative"),
        ("1,2\n3,4\n", 1, "is not a number"),
        ("0\n0\n", 1, "has no duration longer than 0 s"),
        ("", 1, "has no duration longer than 0 s"),
    ],
)
def test_a_bad_sample(tmp_path, text, line, words):
    (tmp_path / "d.csv").write_text(text)
    intent = {"talk_time": {"distribution": "empirical", "file": "d.csv"}}
    with pytest.raises(ScenarioError) as caught:
        loads(centre(arrivals={"per_day": 1}, intents={"a": intent}), base=tmp_path)
    assert caught.value.problems[0].line == line
    assert words in caught.value.problems[0].message


def test_files_that_cannot_be_read(tmp_path):
    (tmp_path / "latin.csv").write_bytes(b"date,time,caf\xe9\n")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "pipe.csv").symlink_to("/dev/zero")
    for name, words in (
        ("pipe.csv", "is not a plain file"),
        ("latin.csv", "not UTF-8"),
        ("folder.csv", "is a folder"),
        ("none.csv", "Looked for"),
    ):
        with pytest.raises(ScenarioError, match=words):
            loads(centre(arrivals={"file": name}), base=tmp_path)
    with pytest.raises(ScenarioError, match="is not the name of a file"):
        loads(centre(arrivals={"file": 5}), base=tmp_path)


def test_tables_in_a_resolved_scenario_need_no_file(tmp_path):
    scenario = read(tmp_path, counts(good_rows()))
    again = loads(scenario.resolved(), base="/")
    assert again == scenario
    assert again.arrivals.file.of(TUESDAY, "b", again.calendar) == (30, 40)
    broken = scenario.resolved()
    broken["arrivals"]["file"]["counts"]["2026-11-23"]["a"] = [1]
    with pytest.raises(ScenarioError, match="has 1 values for 2026-11-23, which has 2 intervals"):
        loads(broken)


def test_a_trace_without_intents_is_shared_out(tmp_path):
    text = "date,time,intent\n2026-11-23,08:00,\n2026-11-24,09:00,b\n"
    arrivals = {"process": "trace", "file": "t.csv"}
    with pytest.raises(ScenarioError, match=r"intents\.a\.share: is missing"):
        read(tmp_path, text, arrivals=arrivals)
    intents = {"a": {"talk_time": "1m", "share": 0.5}, "b": {"talk_time": "1m", "share": 0.5}}
    scenario = read(tmp_path, text, arrivals=arrivals, intents=intents)
    assert [row[2] for row in scenario.arrivals.trace.rows] == [None, "b"]
    assert loads(scenario.resolved()) == scenario
    assert contacts_asked(scenario) == 2
    assert expected_counts(scenario, scenario.intents["b"], MONDAY) == (0.5, 0)
    assert expected_counts(scenario, scenario.intents["b"], TUESDAY) == (0, 1)


def test_contacts_asked_count_every_source(tmp_path):
    assert contacts_asked(read(tmp_path, counts(good_rows()))) == 110
    own = {
        "a": {"talk_time": "1m", "arrivals": {"per_hour": [6, 8]}},
        "b": {"talk_time": "1m", "arrivals": {"per_day": 5}},
    }
    assert contacts_asked(loads(centre(intents=own))) == 2 * (14 + 5)
    half = centre(intents=own, calendar=centre()["calendar"] | {"hours": "08:00-09:30"})
    assert contacts_asked(loads(half)) == 2 * (6 + 4 + 5), "the last interval is half as long"
