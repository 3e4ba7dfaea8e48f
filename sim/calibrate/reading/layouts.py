"""Which column of an export is what: layouts that are known, names that are usual, and `--map ours=theirs`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from sim.calibrate.reading.import_log import refused
from sim.calibrate.reading.text import Shape

Kind = Literal["intervals", "calls"]
INTERVAL_FIELDS: dict[str, str] = {
    "start": "date and time at which the interval begins",
    "date": "its date, where the time stands apart",
    "time": "its time of day",
    "queue": "name of the queue",
    "channel": "voice, chat, ...; only voice is used",
    "offered": "contacts that joined the queue",
    "overflow_in": "contacts that came from another queue",
    "overflow_out": "contacts that went on to another queue",
    "answered": "contacts answered",
    "abandoned": "contacts that gave up",
    "short_abandoned": "of these, the ones that count as short",
    "asa": "mean wait of the answered",
    "wait_answered": "waits of the answered, added up",
    "time_to_abandon": "mean wait of those who gave up",
    "wait_abandoned": "waits of those who gave up, added up",
    "aht": "mean handle time, wrap-up included",
    "talk": "talk and hold, added up",
    "mean_talk": "mean talk and hold",
    "wrap_up": "wrap-up, added up",
    "mean_wrap_up": "mean wrap-up",
    "agents": "agents on the queue, on average",
    "length": "length of the interval",
}
CALL_FIELDS: dict[str, str] = {
    "arrival": "date and time of arrival",
    "date": "its date, where the time stands apart",
    "time": "its time of day",
    "before_queue": "time in the voice-response unit before joining the queue",
    "type": "what the contact is about, or its queue",
    "priority": "class that is served with a head start (--head-start)",
    "wait": "time in the queue",
    "service": "talk and hold",
    "wrap_up": "after-call work",
    "outcome": "answered, abandoned, or neither",
    "agent": "who answered",
    "customer": "who called",
    "queued": "whether the contact had to wait",
    "contact": "identity of the contact, where one can have several rows",
}
FIELDS: dict[Kind, dict[str, str]] = {"intervals": INTERVAL_FIELDS, "calls": CALL_FIELDS}
TIMES = {
    "intervals": {"asa", "wait_answered", "time_to_abandon", "wait_abandoned", "aht", "talk", "mean_talk", "wrap_up"}
    | {"mean_wrap_up"},
    "calls": {"before_queue", "wait", "service", "wrap_up"},
}
INTERVALS_S = (300.0, 600.0, 900.0, 1200.0, 1800.0, 3600.0)
"""Lengths that an interval may have."""
TICKETS = re.compile(
    r"resol|solved|solve.?(time|duration)|\bttr\b|lead.?time|ticket|closed|time.to.(clos|solv)|l(ö|oe)sung", re.I
)

USUAL: dict[Kind, dict[str, tuple[str, ...]]] = {
    "intervals": {
        "start": ("start", "interval_start", "timestamp", "date_time", "datetime", "interval"),
        "date": ("date", "day"),
        "time": ("time", "interval_time", "start_time", "interval"),
        "queue": ("queue", "queue_name", "skill", "split", "contact_type"),
        "channel": ("channel", "channeltype", "media_type"),
        "offered": ("offered", "contacts_offered", "calls_offered", "contacts", "volume", "calls", "incoming_contacts"),
        "overflow_in": ("overflow_in", "flow_in"),
        "overflow_out": ("overflow_out", "flow_out"),
        "answered": ("answered", "handled", "calls_answered", "contacts_handled", "calls_handled", "acd_calls"),
        "abandoned": ("abandoned", "calls_abandoned", "contacts_abandoned", "aband_calls", "abandons"),
        "short_abandoned": ("short_abandoned", "short_abandons"),
        "asa": ("asa", "average_speed_of_answer", "avg_speed_answer", "mean_wait"),
        "wait_answered": ("wait_answered", "queue_time_answered", "answer_time"),
        "time_to_abandon": (
            *("time_to_abandon", "avg_abandon_time", "average_time_to_abandon", "avg_aband_time", "avg_aban_time"),
            *("average_abandon_time", "avg_time_to_abandon"),
        ),
        "wait_abandoned": ("wait_abandoned", "queue_time_abandoned", "abandon_time"),
        "aht": ("aht", "average_handle_time", "avg_handle_time", "handle_time_avg"),
        "talk": ("talk", "talk_time_total", "total_talk_time", "acd_time"),
        "mean_talk": ("mean_talk", "average_talk_time", "avg_talk_time", "att"),
        "wrap_up": ("wrap_up", "total_wrap_up", "acw_time", "after_call_work_total"),
        "mean_wrap_up": ("mean_wrap_up", "acw", "average_acw", "avg_acw_time"),
        "agents": ("agents", "staffed", "agents_staffed", "avg_agents", "positions"),
        "length": ("length", "interval_length", "intervalduration", "interval_minutes"),
    },
    "calls": {
        "arrival": ("arrival", "arrival_time", "start_time", "call_start", "timestamp", "datetime", "arrived"),
        "before_queue": ("before_queue", "ivr", "ivr_time", "vru", "vru_time"),
        "type": ("type", "queue", "skill", "intent", "call_type", "reason"),
        "priority": ("priority",),
        "wait": ("wait", "wait_time", "queue_time", "time_in_queue", "q_time"),
        "service": ("service", "service_time", "talk", "talk_time", "ser_time"),
        "wrap_up": ("wrap_up", "acw", "wrap_up_time", "wrap_time", "wrap", "acw_time", "after_call_work"),
        "outcome": ("outcome", "result", "disposition", "status"),
        "agent": ("agent", "agent_id", "agent_no", "server"),
        "customer": ("customer", "customer_id", "customer_no", "customer_number", "caller", "caller_id"),
        "queued": ("queued",),
        "contact": ("contact", "contact_id"),
    },
}

TELEOPTI = (
    "interval",
    "date",
    "time",
    "queue",
    "queue_name",
    "offd_direct_call_cnt",
    "overflow_in_call_cnt",
    "aband_call_cnt",
    "overflow_out_call_cnt",
    "answ_call_cnt",
    "queued_and_answ_call_dur",
    "queued_and_aband_call_dur",
    "talking_call_dur",
    "wrap_up_dur",
    "queued_answ_longest_que_dur",
    "queued_aband_longest_que_dur",
    "avg_avail_member_cnt",
    "ans_servicelevel_cnt",
    "wait_dur",
    "aband_short_call_cnt",
    "aband_within_sl_cnt",
)


@dataclass(frozen=True)
class Layout:
    """A kind of export whose columns are known.

    Attributes
    ----------
    columns : all of them in order, where the file has no header.
    marks : names in the header by which the file is recognised.
    fields : ours to theirs.
    unit : of bare numbers that are durations.
    head_starts : head start (s) by value of `priority`.
    credit : whom to acknowledge in anything that uses the data.
    """

    name: str
    kind: Kind
    about: str
    fields: Mapping[str, str]
    columns: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    unit: str = ""
    head_starts: Mapping[str, float] = field(default_factory=dict)
    credit: str = ""


LAYOUTS = (
    Layout(
        "teleopti",
        "intervals",
        "Teleopti / Calabrio queue file, 21 fields without a header",
        {
            "date": "date",
            "time": "time",
            "queue": "queue_name",
            "offered": "offd_direct_call_cnt",
            "overflow_in": "overflow_in_call_cnt",
            "overflow_out": "overflow_out_call_cnt",
            "answered": "answ_call_cnt",
            "abandoned": "aband_call_cnt",
            "short_abandoned": "aband_short_call_cnt",
            "wait_answered": "queued_and_answ_call_dur",
            "wait_abandoned": "queued_and_aband_call_dur",
            "talk": "talking_call_dur",
            "wrap_up": "wrap_up_dur",
            "agents": "avg_avail_member_cnt",
        },
        columns=TELEOPTI,
        unit="seconds",
    ),
    Layout(
        "amazon_connect",
        "intervals",
        "Amazon Connect forecast file",
        {
            "start": "TimeStamp",
            "queue": "QueueName",
            "channel": "ChannelType",
            "length": "IntervalDuration",
            "offered": "IncomingContactVolume",
            "answered": "ContactsHandled",
            "aht": "AverageHandleTime",
        },
        marks=("QueueName", "TimeStamp", "IncomingContactVolume", "AverageHandleTime", "ContactsHandled"),
        unit="seconds",
    ),
    Layout(
        "anonymous_bank",
        "calls",
        "call log of the Technion's Anonymous Bank",
        {
            "arrival": "arrival",
            "before_queue": "vru_s",
            "type": "type",
            "priority": "priority",
            "wait": "wait_s",
            "service": "service_s",
            "outcome": "outcome",
            "agent": "agent",
            "customer": "customer",
            "queued": "queued",
        },
        marks=("vru_line", "vru_s", "wait_s", "service_s", "service_start", "outcome"),
        unit="seconds",
        head_starts={"2": 90.0},
        credit='Data: the "Anonymous Bank" of the Technion (Avishai Mandelbaum, Anat Sakov, Sergey Zeltyn)',
    ),
)


@dataclass(frozen=True)
class Columns:
    """What each column of a file is.

    Attributes
    ----------
    layout : the one recognised, or None.
    names : of all columns of the file, in order.
    fields : ours to theirs.
    headless : whether the first line is a row.
    unit : of bare numbers that are durations; empty where it is not known.
    units : of fields whose own name says their unit.
    """

    kind: Kind
    layout: Layout | None
    names: tuple[str, ...]
    fields: Mapping[str, str]
    headless: bool
    unit: str
    units: Mapping[str, str]

    def unit_of(self, field_name: str) -> str:
        """The unit of a field; empty where it is not known."""
        return self.units.get(field_name, self.unit)

    @property
    def unread(self) -> tuple[str, ...]:
        """The columns that are not read."""
        used = set(self.fields.values())
        return tuple(name for name in self.names if name not in used)


def refuse_missing(shape: Shape, columns: Columns, missing: list[str]) -> None:
    """Refuse a file without the columns that are needed."""
    if missing:
        fix = f"Say --map {missing[0]}=COLUMN; the file has {', '.join(columns.names)}"
        raise refused(shape.path, f"has no column for {', '.join(missing)}", fix, 1)


def columns_of(shape: Shape, mapped: Mapping[str, str], unit: str = "") -> Columns:
    """Find out what each column is.

    Parameters
    ----------
    shape : of the file.
    mapped : ours to theirs, as the caller says.
    unit : of durations, as the caller says.

    Raises
    ------
    ExportError
        Where a column is missing, a map names none, or a time is the life of a ticket.
    """
    layout = _recognised(shape)
    headless = layout is not None and bool(layout.columns)
    names = layout.columns if layout is not None and layout.columns else shape.header
    names = names[:-1] if names[-1:] == ("",) else names
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise refused(shape.path, "has two columns of the same name", "Rename one of them", 1, twice)
    kind = layout.kind if layout is not None else _kind(shape, names, mapped)
    fields = dict(layout.fields) if layout is not None else _usual(kind, names, mapped)
    fields |= _checked(shape, kind, names, mapped)
    _refuse_tickets(shape, fields)
    units = {
        ours: own_unit for ours, theirs in fields.items() if (own_unit := _unit_in(theirs)) and ours in TIMES[kind]
    }
    return Columns(
        kind, layout, names, fields, headless, unit or (layout.unit if layout else ""), {} if unit else units
    )


def _recognised(shape: Shape) -> Layout | None:
    for layout in LAYOUTS:
        if layout.marks and set(layout.marks) <= set(shape.header):
            return layout
        if layout.columns and set(layout.columns) <= set(shape.header):
            return replace(layout, columns=())
        cells = shape.header[:-1] if shape.header[-1:] == ("",) else shape.header
        if layout.columns and len(cells) == len(layout.columns) and cells[0].isdigit():
            return layout
    return None


def _plain(name: str) -> str:
    """A column's name without its unit, in small letters and with underscores."""
    words = re.sub(r"[^a-z0-9]+", "_", re.sub(r"\((s|sec|seconds|min|minutes)\)", "", name.strip().lower())).strip("_")
    return re.sub(r"_(s|sec|secs|seconds|min|mins|minutes)$", "", words)


def _unit_in(name: str) -> str:
    """The unit that a column's name says; empty for none."""
    if re.search(r"(_s|[_ (](sec|secs|seconds|s)\)?)$", name.strip().lower()):
        return "seconds"
    return "minutes" if re.search(r"[_ (](min|mins|minutes)\)?$", name.strip().lower()) else ""


def _usual(kind: Kind, names: tuple[str, ...], mapped: Mapping[str, str]) -> dict[str, str]:
    """Fields found by the names that columns usually have; none that a caller gave to another field."""
    taken, fields = set(mapped.values()), dict[str, str]()
    plain = {_plain(name): name for name in reversed(names) if name not in taken}
    for ours, theirs in USUAL[kind].items():
        name = next((plain[word] for word in (ours, *theirs) if word in plain), None)
        if name is not None and name not in fields.values() and ours not in mapped:
            fields[ours] = name
    _one_clock(fields, "start" if kind == "intervals" else "arrival", mapped)
    return fields


def _one_clock(fields: dict[str, str], whole: str, mapped: Mapping[str, str]) -> None:
    """Keep either the moment, or the date and the time."""
    if whole == "start" and "date" in fields and "time" not in fields and fields.get("start") != fields["date"]:
        fields["time"] = fields.pop("start", "") or fields.pop("time", "")
    parts = {"date", "time"} <= (fields.keys() | mapped.keys())
    for name in (whole,) if parts and whole not in mapped else ("date", "time"):
        fields.pop(name, None)


def _kind(shape: Shape, names: tuple[str, ...], mapped: Mapping[str, str]) -> Kind:
    only = {"offered", "asa", "aht", "answered", "abandoned"}
    if mapped.keys() & only:
        return "intervals"
    if mapped.keys() & {"arrival", "wait", "service", "outcome"}:
        return "calls"
    matches: dict[Kind, int] = {kind: len(_usual(kind, names, mapped).keys() & need) for kind, need in NEED.items()}
    if max(matches.values()) < 2:
        fix = f"Say which column is what, for example --map offered={names[-1]!r}; fields: {', '.join(INTERVAL_FIELDS)}"
        fix += f"; of a call log: {', '.join(CALL_FIELDS)}"
        raise refused(shape.path, "is no export that is known", fix, 1, shape.delimiter.join(names))
    return "intervals" if matches["intervals"] >= matches["calls"] else "calls"


NEED: dict[Kind, set[str]] = {
    "intervals": {"start", "date", "time", "offered", "answered", "abandoned", "asa", "aht", "talk", "mean_talk"},
    "calls": {"arrival", "wait", "service", "outcome", "agent"},
}


def _checked(shape: Shape, kind: Kind, names: tuple[str, ...], mapped: Mapping[str, str]) -> dict[str, str]:
    """The caller's map, with every name known."""
    for ours, theirs in mapped.items():
        if ours not in FIELDS[kind]:
            export = "an interval export" if kind == "intervals" else "a call log"
            raise refused("--map", "is no field", f"Fields of {export}: {', '.join(FIELDS[kind])}", None, ours)
        if theirs not in names:
            words = f"{ours}: {shape.path} has no such column"
            raise refused("--map", words, f"It has {', '.join(names)}", None, theirs)
    return dict(mapped)


def _refuse_tickets(shape: Shape, fields: Mapping[str, str]) -> None:
    """Refuse the life of a ticket as the time that an agent worked on it."""
    for ours in ("aht", "talk", "mean_talk", "service"):
        if ours in fields and TICKETS.search(fields[ours]):
            words = f"{ours}: the time to resolve a ticket is not handle time: it runs while nobody works on it"
            fix = "Take talk and wrap-up from the telephone system or the agents' desktop; ticket exports have neither"
            raise refused(shape.path, words, fix, 1, fields[ours])
