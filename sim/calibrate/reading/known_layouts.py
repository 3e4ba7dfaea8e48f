"""Layouts that are known: exports whose fields, units or codes no name of a column tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sim.calibrate.reading.names import Kind, understood
from sim.calibrate.reading.text import Shape

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
    fields : ours to theirs; columns that are not among them are found by their usual names if `open`.
    columns : all of them in order, where the file has no header.
    marks : names in the header by which the file is recognised, however they are written.
    unit : of bare numbers that are durations.
    outcomes : what codes of the outcome mean.
    open : whether other columns may be read by their usual names.
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
    outcomes: Mapping[str, str] = field(default_factory=dict)
    open: bool = False
    head_starts: Mapping[str, float] = field(default_factory=dict)
    credit: str = ""


ASTERISK_CDR = (
    *("accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "start"),
    *("answer", "end", "duration", "billsec", "disposition", "amaflags", "uniqueid", "userfield"),
)


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
    Layout(
        "genesys_cloud",
        "intervals",
        "Genesys Cloud queue performance, times in milliseconds",
        {},
        marks=("Interval Start", "Media Type", "Avg Handle", "Avg Talk"),
        unit="milliseconds",
        open=True,
    ),
    Layout(
        "amazon_connect_history",
        "intervals",
        "Amazon Connect historical metrics",
        {},
        marks=("StartInterval", "Contacts queued", "Average handle time"),
        unit="seconds",
        open=True,
    ),
    Layout(
        "avaya_cms_items",
        "intervals",
        "Avaya CMS database items",
        {
            "date": "ROW_DATE",
            "time": "STARTTIME",
            "queue": "SPLIT",
            "offered": "CALLSOFFERED",
            "answered": "ACDCALLS",
            "abandoned": "ABNCALLS",
            "wait_answered": "ANSTIME",
            "wait_abandoned": "ABNTIME",
            "talk": "ACDTIME",
            "hold": "HOLDTIME",
            "wrap_up": "ACWTIME",
            "length": "INTRVL",
        },
        marks=("ROW_DATE", "STARTTIME", "ACDCALLS", "ACDTIME"),
        unit="seconds",
    ),
    Layout(
        "avaya_cms_calls",
        "calls",
        "Avaya CMS call records",
        {
            "arrival": "SEGSTART",
            "contact": "CALLID",
            "type": "DISPSPLIT",
            "wait": "DISPTIME",
            "service": "TALKTIME",
            "hold": "ANSHOLDTIME",
            "wrap_up": "ACWTIME",
            "outcome": "DISPOSITION",
            "agent": "ANSLOGIN",
            "customer": "CALLING_PTY",
        },
        marks=("SEGSTART", "DISPSPLIT", "DISPTIME", "DISPOSITION", "TALKTIME"),
        unit="seconds",
        outcomes={"1": "dropped", "2": "answered", "3": "abandoned", **{str(code): "dropped" for code in range(4, 8)}},
    ),
    Layout(
        "uccx_contacts",
        "calls",
        "Cisco UCCX contact detail records",
        {"outcome": "contactDisposition", "direction": "contactType"},
        marks=("startDateTime", "contactDisposition", "queueTime", "talkTime"),
        unit="seconds",
        outcomes={"1": "abandoned", "2": "answered", **{str(code): "dropped" for code in (*range(3, 23), 98, 99)}},
        open=True,
    ),
    Layout(
        "amazon_connect_contacts",
        "calls",
        "Amazon Connect contact records",
        {},
        marks=("InitiationTimestamp", "AgentInteractionDuration"),
        unit="seconds",
        open=True,
    ),
    Layout(
        "amazon_connect_contacts",
        "calls",
        "Amazon Connect contact records",
        {},
        marks=("InitiationTimestamp", "Agent.AgentInteractionDuration"),
        unit="seconds",
        open=True,
    ),
    Layout(
        "cxone_contacts",
        "calls",
        "NICE CXone contact history",
        {"service": "Agent_Time", "wait": "InQueue"},
        marks=("contact_id", "InQueue", "Agent_Time", "Abandon_Time"),
        unit="seconds",
        open=True,
    ),
    Layout(
        "zendesk_calls",
        "calls",
        "Zendesk Talk calls",
        {},
        marks=("wait_time", "talk_time", "wrap_up_time", "completion_status"),
        unit="seconds",
        open=True,
    ),
    Layout(
        "aircall_calls",
        "calls",
        "Aircall calls",
        {"total": "duration (total)", "service": "duration (in call)"},
        marks=("duration (total)", "duration (in call)", "answered"),
        unit="seconds",
        open=True,
    ),
    Layout(
        "asterisk_cdr",
        "calls",
        "Asterisk call detail records",
        {
            "arrival": "start",
            "total": "duration",
            "service": "billsec",
            "outcome": "disposition",
            "agent": "dstchannel",
            "customer": "src",
            "contact": "uniqueid",
            "application": "lastapp",
        },
        columns=ASTERISK_CDR,
        marks=("dcontext", "lastapp", "duration", "billsec", "disposition"),
        unit="seconds",
        outcomes={
            "ANSWERED": "answered",
            "NO ANSWER": "abandoned",
            "BUSY": "dropped",
            "FAILED": "dropped",
            "CONGESTION": "dropped",
        },
    ),
)


def recognised(shape: Shape) -> Layout | None:
    """The layout of a file whose header, or first row, is that of one; its fields by the names in the file."""
    by_words = {understood(name).words: name for name in reversed(shape.header)}
    for layout in LAYOUTS:
        marks = [understood(name).words for name in layout.marks]
        if marks and all(words in by_words for words in marks):
            return replace(layout, fields=_as_written(layout, shape.header), columns=())
        if layout.columns and set(layout.columns) <= set(shape.header):
            return replace(layout, columns=())
        if layout.columns and _headless(layout, shape.header):
            return replace(layout, columns=layout.columns[: len(shape.header)])
    return None


def _as_written(layout: Layout, header: tuple[str, ...]) -> dict[str, str]:
    """Ours to the columns of a header, by what their names mean; those that it lacks are left out."""
    by_words = {understood(name).words: name for name in reversed(header)}
    names = {
        ours: theirs if theirs in header else by_words.get(understood(theirs).words, "")
        for ours, theirs in layout.fields.items()
    }
    if layout.name == "asterisk_cdr" and "calldate" in header:
        names["arrival"] = "calldate"
    return {ours: theirs for ours, theirs in names.items() if theirs}


def _full(header: tuple[str, ...]) -> tuple[str, ...]:
    return header[:-1] if header[-1:] == ("",) else header


def _headless(layout: Layout, header: tuple[str, ...]) -> bool:
    """Whether a first line is a row of a layout without a header."""
    cells = _full(header)
    if layout.name == "asterisk_cdr":
        known = len(cells) in (16, 17, 18) and cells[14] in layout.outcomes
        return known and cells[12].isdigit() and cells[13].isdigit()
    return len(cells) == len(layout.columns) and cells[0].isdigit()
