"""A log of events, several rows a contact, to a log of contacts: Asterisk's queue_log, and others like it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sim.calibrate.reading.cell_kinds import EPOCH, fits, told
from sim.calibrate.reading.import_log import ImportLog, ReadOptions
from sim.calibrate.reading.known_layouts import Layout
from sim.calibrate.reading.layouts import Columns
from sim.calibrate.reading.moments import moments
from sim.calibrate.reading.names import understood
from sim.calibrate.reading.text import Shape, all_lines, read_columns
from sim.calibrate.reading.values import Column

EVENTS = {
    "enter": (
        "enterqueue enqueued queued queueenter enteredqueue entered offered arrived arrival received created "
        "taskcreated taskqueueentered callqueued callreceived callarrived joined joinedqueue calloffered "
        "contactqueued enqueue queueentered "
    ),
    "connect": (
        "connect connected answered accepted reservationaccepted agentconnected agentanswered bridged "
        "callanswered callconnected answer accept connectedtoagent contactanswered pickedup "
    ),
    "end": (
        "completecaller completeagent complete completed ended hangup disconnected finished taskwrapup "
        "transfer blindtransfer attendedtransfer callended callcompleted end disconnect hungup callcomplete "
        "wrapupstart contactended calldisconnected "
    ),
    "wrapped": ("taskcompleted wrapupend wrapupended acwend wrappedup wrapupcompleted wrapupcomplete wrapupdone "),
    "abandon": (
        "abandon abandoned taskcanceled taskcancelled gaveup callabandoned callerhungup contactabandoned reneged "
    ),
    "exit": (
        "exitwithtimeout exitwithkey exitempty timeout voicemail overflow exit exitongotozero timedout "
        "overflowed leftqueue "
    ),
}
"""Events by what they are in the story of a contact, in small letters without marks."""
STEPS: Mapping[str, str] = {word: step for step, words in EVENTS.items() for word in words.split()}
FIELDS = {
    "moment": "time, timestamp, event time, event timestamp, date, created at, at, event date",
    "event": "event, event type, event name, activity, action, verb, status change",
    "contact": "call id, contact id, conversation id, interaction id, task sid, unique id, case id, id, session id",
    "queue": "queue, queue name, queuename, skill, task queue name, csq, split",
    "agent": "agent, agent id, agent name, worker name, worker, user, resource",
    "customer": "caller id, customer id, ani, from, caller",
}
QUEUE_LOG = ("time", "callid", "queuename", "agent", "event", *(f"data{number}" for number in range(1, 13)))
OURS = (
    "arrival",
    "answered_at",
    "ended_at",
    "wrapped_at",
    "abandoned_at",
    "outcome",
    "type",
    "agent",
    "customer",
    "contact",
)


@dataclass(frozen=True)
class EventLog:
    """Where a log of events has what.

    Attributes
    ----------
    names : of its columns; `headless` where no line says them.
    fields : moment, event, contact, and perhaps queue, agent and customer, to columns.
    columns : of the log of contacts that it becomes.
    """

    names: tuple[str, ...]
    headless: bool
    fields: Mapping[str, str]
    columns: Columns


def step_of(event: str) -> str:
    """What an event is in the story of a contact: enter, connect, end, wrapped, abandon or exit; empty for none."""
    return STEPS.get(re.sub(r"[^a-z]", "", event.lower()), "")


def events_of(shape: Shape, mapped: Mapping[str, str]) -> EventLog | None:
    """The columns of a log of events; None for any other file, and where the caller maps columns."""
    if mapped:
        return None
    rows = (shape.header, *shape.sample)
    if len(shape.header) >= 5 and shape.delimiter == "|" and EPOCH.fullmatch(rows[-1][0]):
        if any(len(row) > 4 and step_of(row[4]) for row in rows):
            fields = {
                "moment": "time",
                "event": "event",
                "contact": "callid",
                "queue": "queuename",
                "agent": "agent",
                "customer": "data2",
            }
            return EventLog(QUEUE_LOG, True, fields, _columns("event log of Asterisk (queue_log), read as contacts"))
        return None
    fields = {name: column for name in FIELDS if (column := _column(shape, name))}
    if not {"moment", "event", "contact"} <= fields.keys() or not _tells_steps(
        shape.cells(shape.header.index(fields["event"]))
    ):
        return None
    return EventLog(shape.header, False, fields, _columns("event log, read as contacts"))


def _column(shape: Shape, name: str) -> str:
    for words in (understood(text.strip()).words for text in FIELDS[name].split(",")):
        for place, column in enumerate(shape.header):
            if understood(column).words == words and (name != "moment" or fits(shape.cells(place), "stamp")):
                return column
    return ""


def _tells_steps(cells: list[str]) -> bool:
    """Whether a column has events: most are steps of a contact, and some contact enters and some is connected."""
    steps = [step_of(cell) for cell in told(cells)]
    return {"enter", "connect"} <= set(steps)


def _columns(about: str) -> Columns:
    """The columns of the log of contacts that events become."""
    layout = Layout("events", "calls", about, {name: name for name in OURS})
    return Columns("calls", layout, OURS, layout.fields, False, "", {})


# From events to contacts ----------------------------------------------------------------------------------------------


@dataclass
class Visit:
    """One stay of a contact in a queue."""

    line: int
    cells: dict[str, str] = field(default_factory=dict)


def contacts_of_events(shape: Shape, log: EventLog, options: ReadOptions, import_log: ImportLog) -> pd.DataFrame:
    """Contacts as rows of a log, in the columns `OURS`; the index is the line on which each entered its queue.

    Raises
    ------
    ExportError
        Where moments cannot be read, or nobody enters a queue.
    """
    if log.headless:
        table = _ragged(shape, log.names)
    else:
        table = read_columns(shape, log.names, list(dict.fromkeys(log.fields.values())), log.headless)
    table = table[table[log.fields["moment"]].str.strip() != ""]
    column = Column(shape.path, log.fields["moment"], table[log.fields["moment"]])
    at = moments(column, None, options.dates).at
    if len(at) and at[0] > at[-1]:
        table, at = table.iloc[::-1], at[::-1]
    table = table.iloc[np.argsort(at, kind="stable")]
    visits = _visits(table, log.fields)
    if not visits:
        raise import_log.refused("is an event log in which nobody enters a queue", "Export the events of the queue too")
    lines = import_log.lines_of(np.array([visit.line for visit in visits]))
    still = np.array([not visit.cells.get("outcome") for visit in visits])
    import_log.drop(still, lines, "contacts that had not ended when the log did")
    import_log.facts["events"] = f"{len(table):,} events of {len(visits):,} contacts"
    cells = [[visit.cells.get(name, "") for name in OURS] for visit in visits]
    return pd.DataFrame(cells, columns=list(OURS), index=[visit.line for visit in visits])[~still]


def _ragged(shape: Shape, names: tuple[str, ...]) -> pd.DataFrame:
    """All rows of a log whose events have as many cells as they need; the index is the line."""
    rows = [(line, text.split(shape.delimiter)) for line, text in enumerate(all_lines(shape), 1) if text.strip()]
    cells = [(row + [""] * len(names))[: len(names)] for _, row in rows]
    return pd.DataFrame(cells, columns=list(names), index=[line for line, _ in rows], dtype=str)


def _visits(table: pd.DataFrame, fields: Mapping[str, str]) -> list[Visit]:
    """Go through the events in the order of time."""
    visits: list[Visit] = []
    current: dict[str, Visit] = {}
    places = {name: table.columns.get_loc(column) for name, column in fields.items()}
    for line, row in zip(table.index.tolist(), table.itertuples(index=False, name=None), strict=True):
        said = {name: str(row[place]).strip() for name, place in places.items()}
        step, contact = step_of(said["event"]), said["contact"]
        if step == "enter":
            visit = Visit(line, {"arrival": said["moment"], "contact": contact, "type": said.get("queue", "")})
            visit.cells["customer"] = said.get("customer", "")
            visits.append(visit)
            current[contact] = visit
        elif step and contact in current:
            _go_on(current[contact].cells, step, said)
    return visits


def _go_on(cells: dict[str, str], step: str, said: Mapping[str, str]) -> None:
    """Take one step of a visit that has not ended."""
    at = said["moment"]
    if step == "connect" and "outcome" not in cells:
        cells["answered_at"], cells["agent"] = at, said.get("agent", "")
    elif step == "end" and "answered_at" in cells and "ended_at" not in cells:
        cells["ended_at"], cells["outcome"] = at, "answered"
    elif step == "wrapped" and "answered_at" in cells:
        cells["wrapped_at"] = at
        cells.setdefault("ended_at", at)
        cells["outcome"] = "answered"
    elif step in ("abandon", "end") and "answered_at" not in cells and "outcome" not in cells:
        cells["abandoned_at"], cells["outcome"] = at, "abandoned"
    elif step == "exit" and "answered_at" not in cells and "outcome" not in cells:
        cells["abandoned_at"], cells["outcome"] = at, f"exit ({said['event']})"
