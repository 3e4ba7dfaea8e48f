"""Logs of deferred work: opened and closed are its life, never its work; agents are those who do what was done."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sim
from sim.calibrate.export import Options
from sim.calibrate.fitted_tables import fitted_numbers, reproduced
from sim.calibrate.reading.import_log import ExportError
from tests.calibrate.channel_logs import ticket_log
from tests.calibrate.command import run_cli
from tests.calibrate.exports import contact_log, intervals, read, write

WORK_S = 420.0


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return ticket_log(tmp_path_factory.mktemp("log") / "tickets.csv")


@pytest.fixture(scope="module")
def found(log):
    return sim.from_export(log)


def test_backlog_due_and_work_are_found_again(found):
    items, intents = found.fits.items, found.scenario.intents
    assert items.backlog == {"claim": 150, "q_other": 0}
    assert found.document["calendar"]["hours"]["mon"] == "08:00-18:00"
    claim = intents["claim"]
    assert (claim.channel, claim.due, claim.clock) == ("deferred", 8 * 3600, "business")
    assert (claim.opening_backlog.count, claim.opening_backlog.age) == (150, 4 * 3600)
    assert intents["q_other"].opening_backlog is None
    talk = found.fits.talk["claim"]
    assert talk.mean.low < WORK_S < talk.mean.high
    assert talk.mean.value == pytest.approx(WORK_S, rel=0.02)


def test_agents_are_those_with_whom_items_take_as_long(found):
    assert found.closed.met
    assert found.closed.agents == pytest.approx(3.0, rel=0.03)
    table = reproduced(found.fits, found.closed).set_index("figure")
    assert table["simulated"]["done_per_day"] == pytest.approx(table["observed"]["done_per_day"], rel=0.02)
    assert table["simulated"]["turnaround_h"] == pytest.approx(table["observed"]["turnaround_h"], rel=0.1)
    assert any("not back-tested" in note for note in found.notes)


def test_arrivals_are_by_when_items_came(log, found):
    created = pd.to_datetime(pd.read_csv(log)["Created at"])
    new = (created >= "2026-01-05").sum()
    assert found.fits.arrivals.expected.sum() * 4 == pytest.approx(new, rel=0.01)
    rows = fitted_numbers(found.fits, found.closed)
    backlog = rows[(rows["what"] == "deferred") & (rows["figure"] == "opening_backlog")]
    assert backlog["value"].sum() == 150


def test_items_that_come_at_night_count_from_the_opening(tmp_path):
    table = pd.read_csv(ticket_log(tmp_path / "t.csv", days=14))
    created = pd.to_datetime(table["Created at"])
    night = (created.dt.hour == 8) & (created >= "2026-01-06")
    assert night.sum() > 50
    table.loc[night, "Created at"] = (created[night] - pd.Timedelta(hours=4)).dt.strftime("%Y-%m-%d %H:%M:%S")
    source, _ = read(write(table, tmp_path / "night.csv"))
    fits = source.fit()
    assert fits.arrivals.spans[0] == (16, 36)
    assert fits.arrivals.expected[1, 16].sum() > 2 * fits.arrivals.expected[1, 20].sum()
    assert any("came out of hours" in note for note in fits.notes)


@pytest.mark.parametrize(("rare", "names"), [(["Fax"], ["fax"]), (["Fax", "Letter"], ["other"])])
def test_rare_types_are_together_and_one_alone_stays_itself(log, tmp_path, rare, names):
    table = pd.read_csv(log)
    for number, name in enumerate(rare):
        table.loc[table.index % 100 == number, "Category"] = name
    source, _ = read(write(table, tmp_path / "rare.csv"))
    assert [*source.intents[0]][2:] == names
    assert np.bincount(source.intents[2])[2] == pytest.approx(len(rare) * len(table) / 100, abs=len(rare))


def test_moments_in_whole_minutes_open_no_interval_too_early(log, tmp_path):
    table = pd.read_csv(log)
    for name in ("Created at", "Solved at", "Due at"):
        table[name] = table[name].str[:16]
    source, _ = read(write(table, tmp_path / "minutes.csv"))
    assert source.spans[0] == (16, 36)


def test_opening_hours_by_hand(log):
    source, _ = read(log)
    moments = np.array(["2026-01-05T08:00", "2026-01-05T17:30", "2026-01-05T20:00", "2026-01-06T08:30"], "M8[us]")
    passed = source.business_s(moments) - source.business_s(moments[:1])
    assert passed.tolist() == [0, 9.5 * 3600, 10 * 3600, 10.5 * 3600]


def test_later_days_begin_with_their_own_backlog(log):
    table = pd.read_csv(log, parse_dates=["Created at", "Solved at"])
    source, told = read(log, first="2026-01-12", last="2026-01-23")
    open_then = (table["Created at"] < "2026-01-12") & ~(table["Solved at"] < "2026-01-12")
    assert sum(source.fit().items.backlog.values()) == open_then.sum()
    assert "closed before the first day" in str(told.dropped)
    assert source.items.table["closed"].max() < pd.Timestamp("2026-01-24")


def test_handle_time_is_asked_for_and_never_taken_from_the_life_of_a_ticket(tmp_path):
    path = ticket_log(tmp_path / "t.csv", days=14, work=False)
    outcome = run_cli("calibrate", str(path))
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    assert "Say --handle-time TIME, such as 7m, or --map work=COLUMN" in outcome.err
    source, _ = read(path, Options(handle_s=420, due_s=3600))
    fits = source.fit()
    assert fits.talk["claim"].mean.value == 420
    assert fits.arrivals.spans[0] == (16, 36)
    assert (fits.items.due_s, fits.items.clock) == (3600, "business")
    whole = pd.read_csv(path).assign(**{"Resolution time (h)": 30})
    with pytest.raises(ExportError, match="time to resolve a ticket is not handle time"):
        read(write(whole, tmp_path / "life.csv"), mapped={"work": "Resolution time (h)"})


def test_agents_that_are_said_must_be_able_to_do_what_was_done(tmp_path):
    path = ticket_log(tmp_path / "t.csv", days=14)
    with pytest.raises(ExportError, match=r"the agents said do \d+ items a day where 2\d\d were done.*--staff [34]"):
        sim.from_export(path, options=Options(staff=2))
    assert sim.from_export(path, options=Options(staff=4)).closed.agents == pytest.approx(4)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"Solved at": "2025-12-24 08:00:00"}, "t.csv:2: is closed before it was opened (got 2025-12-24 08:00:00)"),
        ({"Created at": "yesterday"}, "t.csv:2: Created at is not a date and time (got yesterday)"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_line(tmp_path, change, words):
    table = pd.read_csv(ticket_log(tmp_path / "t.csv", days=14))
    for name, value in change.items():
        table.loc[0, name] = value
    outcome = run_cli("calibrate", str(write(table, tmp_path / "t.csv")))
    assert outcome.code == 2
    assert words in outcome.err


@pytest.mark.parametrize(
    ("flag", "value"),
    [("--patience", "90s"), ("--wrap-up", "90s"), ("--short-abandon", "5s"), ("--concurrency", "3"), ("--at", "2")],
)
def test_what_deferred_work_has_nothing_of_is_refused(log, flag, value):
    outcome = run_cli("calibrate", str(log), flag, value)
    assert outcome.code == 2
    assert f"{flag}: says nothing of deferred work" in outcome.err


def test_a_type_can_be_chosen(log):
    source, _ = read(log, queues=("Claim",))
    assert source.intents[0] == ("claim",)
    with pytest.raises(ExportError, match=r"--queue: .* has no such type \(got Mail\). It has Claim, Other"):
        read(log, queues=("Mail",))


@pytest.mark.parametrize(("flag", "value"), [("--handle-time", "7m"), ("--due", "8h")])
def test_what_calls_have_nothing_of_is_refused(tmp_path, flag, value):
    path = write(intervals(14), tmp_path / "calls.csv")
    outcome = run_cli("calibrate", str(path), "--unit", "seconds", flag, value)
    assert outcome.code == 2
    assert f"{flag}: is of deferred work, and" in outcome.err


def test_a_log_of_contacts_is_none_of_items(tmp_path):
    contacts = sim.run(sim.loads(CENTRE), replications=1, contacts=True).contacts
    source, _ = read(contact_log(contacts, pd.Timestamp("2026-01-05").date(), tmp_path / "calls.csv"))
    assert hasattr(source, "calls")
    with pytest.raises(ExportError, match=r"opened .*closed|closed \("):
        read(tmp_path / "calls.csv", channels=("deferred",))


CENTRE = """
name: calls
calendar: {start: 2026-01-05, days: 7, hours: {mon-fri: "08:00-12:00", sat: closed, sun: closed}}
arrivals: {per_day: 60}
intents: {orders: {talk_time: 4m, patience: 3m}}
agents: {all: {skills: [orders], staff: 4}}
"""


def test_a_written_scenario_of_tickets_runs(log, tmp_path):
    outcome = run_cli("calibrate", str(log), "--out", str(tmp_path / "mine.yaml"))
    assert outcome.code == 0
    assert "items a day where" in outcome.out
    assert "channel: deferred" in (tmp_path / "mine.yaml").read_text()
    result = sim.run(sim.load(tmp_path / "mine.yaml"), replications=4)
    assert result.measures["mean"]["items_done"] > 1000
