"""Customers and what they need; agents and when they work."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_serializer
from pydantic_core.core_schema import ValidationInfo

from sim.mechanisms.callback import Callback
from sim.mechanisms.chat import MOST_CHATS, Chat
from sim.mechanisms.deferred import Clock, Due, OpeningBacklog
from sim.scenario.arrivals import FILE_SCHEMA, Arrivals, inline_numbers
from sim.schema.base import Section, param
from sim.schema.calendar import DAYS_PATTERN, Calendar, parse_weekdays, weekdays_text
from sim.schema.csv_tables import read_grid, read_table, same_weekday
from sim.schema.distribution import (
    Delay,
    Distribution,
    HandleTime,
    Patience,
    constant,
    exponential,
    lognormal,
)
from sim.schema.faults import BadValueError, Fault, bad, raise_any
from sim.schema.values import (
    AnyNumber,
    Correlation,
    Positive,
    PositiveSeconds,
    Seconds,
    Share,
    Text,
    TimeOfDay,
    choice_reader,
    duration_text,
    parse_duration,
    parse_text,
    whole_reader,
)
from sim.schema.week import COUNT_SCHEMA, ByInterval, by_interval_reader
from sim.schema.yes_no import YesNo

DAY_S = 86_400.0
MOST_AGENTS = 1_000_000
UNLIMITED = "unlimited"


# Intents ----------------------------------------------------------------------


class IntentBot(Section):
    """What the bot can do for an intent: a capability, or a containment from which it is solved."""

    resolves: Share | None = param(None, "Share of this intent's needs that the bot can resolve", off=True)
    containment: Share | None = param(None, "Share of this intent's sessions that the bot closes as done", off=True)
    false_share: Share | None = param(
        None,
        "Share of the contained that is not resolved; with containment only, default 0.25",
        off=True,
        source="assumption (evidence 1)",
        grade="A",
        span=".05-.50",
    )


CHANNELS = ("phone", "chat", "deferred")
"""How a contact reaches agents."""


class Intent(Section):
    """One kind of need; times in seconds."""

    name: str = param(..., hidden=True)
    share: Share | None = param(None, "Share of the arrivals", off=True)
    arrivals: Arrivals | None = param(None, "Its own arrivals, in place of a share", off=True)
    skill: Text = param("", "The queue it joins", source="the intent's name")
    talk_time: HandleTime = param(..., "Talk and hold; or aht in its place, from which wrap_up is subtracted")
    wrap_up: Delay = param(constant(0.0), "After-call work, part of AHT", source="none unless given")
    difficulty_weight: Correlation = param(
        0.6,
        "Correlation of talk time with the need's difficulty",
        source="assumption (evidence 1)",
        grade="A",
    )
    resolution: Share = param(
        0.70,
        "Share resolved by a rested agent, a fresh customer, an unhurried pace, before any bot",
        source="SQM: all sectors .70; retail .78, insurance .76, financial .71, tech .65, telco .61",
        grade="S",
    )
    difficulty_slope: AnyNumber = param(
        0.9, "Fall of the log odds of resolution with difficulty", source="customers.difficulty_slope"
    )
    head_start: Seconds = param(0.0, "Credit added to the time waited when the queue is ranked")
    patience: Patience = param(Distribution(kind="infinite"), "How long it waits", source="customers.patience")
    bot: IntentBot | None = param(None, "What the bot can do for it; absent or off: no bot", off=True)
    channel: Annotated[Literal["phone", "chat", "deferred"], BeforeValidator(choice_reader(*CHANNELS))] = param(
        "phone",
        "How it reaches agents: phone, one at a time; chat, beside others; deferred, in a backlog (e-mail, tickets)",
        source="contract",
    )
    chat: Chat | None = param(
        None, "With channel chat: how long a chat takes beside others", off=True, source="chat, with its defaults"
    )

    due: Due | None = param(None, "Deferred: time within which it is to be done", off=True)
    clock: Clock | None = param(
        None, "Deferred: whether due and age count business hours, or elapsed time", source="business hours", off=True
    )
    interruptible: YesNo = param(
        False, "Deferred: whether it is put aside for a live contact, and resumed", source="finished first"
    )
    opening_backlog: OpeningBacklog | None = param(
        None, "Deferred: what is there before the first simulated day", off=True
    )

    @property
    def chats(self) -> Chat | None:
        """What a chat of it takes beside others; None of an intent that is no chat."""
        return (self.chat or Chat()) if self.channel == "chat" else None


# Customers --------------------------------------------------------------------


class Redial(Section):
    """Coming back after giving up in the queue or the bot."""

    probability: Share = param(0.5, "Redials after giving up", source="Aguir 2004; Ding 2013", grade="A", span=".3-.85")
    delay: Delay = param(exponential(900.0), "Delay of a redial on the same day", source="Aguir 2004", grade="A")
    next_day: Share = param(0.30, "Share of redials that come on a later day", source="Aguir 2004", grade="A")


class FalselyContained(Section):
    """Coming back after the bot closed a session that resolved nothing."""

    probability: Share = param(
        0.80,
        "Comes back",
        source="fitted to Ender Turing: 31 % in 7 d, 14 % phone within 48 h",
        grade="W",
        span=".5-.9",
    )
    delay: Delay = param(exponential(4.3 * DAY_S), "Delay of the return", source="same fit", grade="W")


class Repeat(Section):
    """Coming back after a human left the need unresolved."""

    probability: Share = param(
        0.65,
        "Comes back after an unresolved contact",
        source="SQM one-contact resolution 59 %",
        grade="W",
        span=".4-.85",
    )
    delay: Delay = param(
        lognormal(2.83 * DAY_S, 1.0),
        "Delay of the return; median 2 d",
        source="SQM one-contact resolution",
        grade="W",
    )
    falsely_contained: FalselyContained = param(FalselyContained(), "After a session closed as done that was not")


def _read_attempts(value: Any) -> int | None:
    if value == UNLIMITED or value is None:
        return None
    if isinstance(value, str):
        raise bad("is not a number of attempts", f"Write a whole number, or {UNLIMITED}", value)
    return whole_reader(1, 1_000_000)(value)


class Customers(Section):
    """What all customers have in common."""

    patience: Patience = param(
        Distribution(kind="infinite"),
        "How long they wait; infinite never gives up",
        source="off unless given",
    )
    balk: Share = param(0.0, "Leaves at once if it would have to wait", source="off unless given")
    redial: Redial | None = param(None, "After giving up in the queue or the bot", off=True)
    repeat: Repeat | None = param(None, "After an unresolved contact", off=True)
    max_attempts: Annotated[
        int | None,
        BeforeValidator(_read_attempts),
        WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"const": UNLIMITED}]}),
    ] = param(
        None, "Attempts of a need, the first included; or unlimited", source="no limit unless given", none=UNLIMITED
    )
    straight_to_human: Share = param(
        0.0,
        "Share of those who come back after an agent who go straight to an agent, past the bot",
        source="off unless given",
    )
    difficulty_slope: AnyNumber = param(
        0.9,
        "Fall of the log odds of resolution with difficulty",
        source="assumption (evidence 7)",
        grade="A",
        span="0-1.5",
    )
    callback: Callback | None = param(None, "An offer to be called back; phone only", off=True)
    silent_leave: Share | None = param(
        None, "Share of those who give up on a chat without a word, such as 0.30, and hold a place later on", off=True
    )
    silent_timeout: PositiveSeconds = param(
        180.0, "Time until an agent finds out that nobody is there", source="practice", grade="A"
    )


# Agents -----------------------------------------------------------------------


class QueueLimit(Section):
    """Waiting places of a skill."""

    limit: Annotated[
        int, BeforeValidator(whole_reader(0, 10**9)), WithJsonSchema({"type": "integer", "minimum": 0})
    ] = param(..., "Waiting places; who comes when all are taken is blocked (busy tone)")


class Skill(Section):
    """How a group serves one skill."""

    preference: Annotated[
        int, BeforeValidator(whole_reader(1, 1000)), WithJsonSchema({"type": "integer", "minimum": 1})
    ]
    speed: Positive = param(1.0, "Divides talk time; wrap-up stands apart")
    overflow_after: Seconds = param(
        0.0, "Time in the queue after which this group takes it too", source="at once unless given"
    )


class Break(Section):
    """A paid break of a shift; seconds."""

    after: Seconds = param(..., "Time from the start of the shift")
    length: PositiveSeconds = param(..., "Length")


def _read_shift_days(value: Any) -> tuple[int, ...]:
    return value if isinstance(value, tuple) else parse_weekdays(value)


class Shift(Section):
    """A line of a roster: so many agents, the same hours on each of its days."""

    count: Annotated[
        int, BeforeValidator(whole_reader(0, MOST_AGENTS)), WithJsonSchema({"type": "integer", "minimum": 0})
    ] = param(..., "Agents")
    days: Annotated[
        tuple[int, ...],
        BeforeValidator(_read_shift_days),
        PlainSerializer(weekdays_text, when_used="json"),
        WithJsonSchema({"type": "string", "pattern": DAYS_PATTERN}),
    ] = param((0, 1, 2, 3, 4, 5, 6), "Weekdays, such as mon-fri", source="every day that is open")
    start: TimeOfDay = param(..., "Start")
    length: PositiveSeconds = param(..., "Length, breaks included")
    breaks: tuple[Break, ...] = param((), "Paid breaks")


class Staffing(Section):
    """Agents on the queue by interval.

    Attributes
    ----------
    week
        Counts by weekday; None when they come from a file.
    path, counts
        The CSV file as the scenario names it, and one count an opening interval for every ISO date in it.
    """

    week: ByInterval | None = None
    path: str | None = None
    counts: dict[str, tuple[int, ...]] | None = Field(None, repr=False)

    def of(self, day: dt.date, calendar: Calendar) -> tuple[int, ...]:
        """Return one count an opening interval of a date.

        A date that the file lacks takes the first date of the same weekday in it, else zeros.
        """
        if self.week is not None:
            return tuple(int(count) for count in self.week.of(day, calendar))
        counts, intervals = self.counts or {}, calendar.intervals(day)
        date = same_weekday(day, list(counts))
        values = counts[date] if date else ()
        return values if len(values) == intervals else (0,) * intervals

    @model_serializer(mode="plain", when_used="json")
    def in_file_form(self) -> Any:
        """Return what a file would say."""
        if self.week is not None:
            return self.week.in_file_form()
        return {
            "file": {
                "path": self.path,
                "counts": {date: list(row) for date, row in (self.counts or {}).items()},
            }
        }


def _read_staffing(value: Any, info: ValidationInfo) -> Staffing:
    if isinstance(value, Staffing):
        return value
    if isinstance(value, dict) and "file" in value:
        if len(value) > 1:
            raise bad("has other keys beside file", "Write {file: staffing.csv}", sorted(map(str, value)))
        try:
            return _staffing_file(value["file"], info.context or {})
        except BadValueError as error:
            raise BadValueError(*(fault.under("file") for fault in error.faults)) from None
    return Staffing(week=by_interval_reader(whole=True)(value))


def _staffing_file(name: Any, context: dict[str, Any]) -> Staffing:
    if isinstance(name, dict):
        counts = name.get("counts")
        if set(name) != {"path", "counts"} or not isinstance(counts, dict):
            raise bad("is not a table of staff", "Write the name of a CSV file", sorted(map(str, name)))
        rows = {date: inline_numbers(row, ("counts", date)) for date, row in counts.items()}
        whole = {date: tuple(int(count) for count in row) for date, row in rows.items()}
        return Staffing(path=str(name["path"]), counts=whole)
    columns = read_table(name, ("date", "time")).columns
    column = next((c for c in (context.get("group"), "agents") if c in columns), None)
    if column is None:
        raise bad(
            f"has no column {context.get('group')} or agents",
            "Name a column after the group, or agents",
            name,
        )
    calendar: Calendar | None = context.get("calendar")
    if calendar is None:
        return Staffing(path=str(name), counts={})
    grid = read_grid(name, calendar, (column,), whole=True)
    if gaps := grid.gaps():
        message = f"has no row for {gaps[0]}" + (f" and {len(gaps) - 1} more intervals" if len(gaps) > 1 else "")
        raise BadValueError(Fault(message, "Every opening interval needs a row", file=grid.table.path))
    counts = {date: tuple(int(count) for count in row) for (date, _), row in grid.filled().items()}
    return Staffing(path=str(name), counts=counts)


def _read_skills(value: Any) -> Any:
    if isinstance(value, str):
        raise bad("is not a list of skills", f"Write [{value}]", value)
    if not value:
        raise bad("names no skill", "Write at least one skill", value)
    if not isinstance(value, list | tuple):
        return value
    faults = [
        Fault("is not the name of a skill", "", (k,), name) for k, name in enumerate(value) if not isinstance(name, str)
    ]
    faults += [Fault("is named twice", "", (k,), name) for k, name in enumerate(value) if name in value[:k]]
    raise_any(faults)
    return {parse_text(name): {"preference": k} for k, name in enumerate(value, start=1)}


def _read_concurrency(value: Any) -> Any:
    read = whole_reader(1, MOST_CHATS)
    if not isinstance(value, dict):
        return read(value)
    found: dict[float, int] = {}
    faults = [] if value else [Fault("is an empty map", "Write a number, or a map by tenure: {0d: 1, 90d: 3}")]
    for tenure, cap in value.items():
        try:
            found[tenure if isinstance(tenure, float) else parse_duration(tenure)] = read(cap)
        except BadValueError as error:
            faults += [fault.under(tenure) for fault in error.faults]
    raise_any(faults)
    if 0.0 not in found:
        raise bad("says nothing of new agents", "Begin with 0d: {0d: 1, 90d: 3}", sorted(map(str, value)))
    return dict(sorted(found.items()))


def _concurrency_text(cap: int | dict[float, int]) -> Any:
    return {duration_text(tenure): most for tenure, most in cap.items()} if isinstance(cap, dict) else cap


Concurrency = Annotated[
    int | dict[float, int],
    BeforeValidator(_read_concurrency),
    PlainSerializer(_concurrency_text, when_used="json"),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": MOST_CHATS},
                {
                    "type": "object",
                    "additionalProperties": {"type": "integer", "minimum": 1, "maximum": MOST_CHATS},
                    "minProperties": 1,
                },
            ]
        }
    ),
]

LEAST_RELIEF = 900.0


def _at_least_a_quarter(seconds: float) -> float:
    if seconds < LEAST_RELIEF:
        raise bad("is less than 15 minutes", "Write at least 15m", duration_text(seconds))
    return seconds


Relief = Annotated[PositiveSeconds, AfterValidator(_at_least_a_quarter)]


class Group(Section):
    """Agents with the same skills; exactly one of `staff` and `shifts` is not None."""

    name: str = param(..., hidden=True)
    skills: Annotated[dict[Text, Skill], BeforeValidator(_read_skills)] = param(
        ..., "Skills in order of preference; or a map {billing: {preference: 1, speed: 0.9}}"
    )
    picks: Annotated[
        Literal["preference", "longest_wait"], BeforeValidator(choice_reader("preference", "longest_wait"))
    ] = param("preference", "What a freed agent takes first", source="contract")
    staff: (
        Annotated[
            Staffing,
            BeforeValidator(_read_staffing),
            WithJsonSchema(
                {
                    "anyOf": [
                        *COUNT_SCHEMA["anyOf"],
                        {
                            "type": "object",
                            "properties": {"file": FILE_SCHEMA},
                            "required": ["file"],
                            "additionalProperties": False,
                        },
                    ]
                }
            ),
        ]
        | None
    ) = param(
        None, "Agents on the queue: a number, a list by interval, a map by weekday, or {file: staffing.csv}", off=True
    )
    shifts: tuple[Shift, ...] | None = param(None, "A roster of named individuals, in place of staff", off=True)
    relief: Relief | None = param(
        None, "With staff: the longest on the queue; then somebody rested takes over. At least 15m", off=True
    )
    shrinkage: Share = param(0.0, "Planned time off the phones: raises paid hours only", source="off unless given")
    absence: Share = param(0.0, "Random absence of each agent and day", source="off unless given")
    keep_idle: Annotated[
        int, BeforeValidator(whole_reader(0, MOST_AGENTS)), WithJsonSchema({"type": "integer", "minimum": 0})
    ] = param(0, "Deferred work is begun only while so many of the group stay idle", source="none unless given")
    concurrency: Concurrency = param(
        1, "Most chats in hand at once; or a map by tenure, {0d: 1, 90d: 3}", source="one contact at a time"
    )
    attention: Annotated[
        Literal["writing_share", "slot_use"], BeforeValidator(choice_reader("writing_share", "slot_use"))
    ] = param("writing_share", "What tires an agent with chats in hand, and what occupancy means", source="contract")

    def most_chats(self, tenure_s: float) -> int:
        """Return the most chats that an agent with so much time in the job (s) has in hand."""
        if isinstance(self.concurrency, int):
            return self.concurrency
        return [cap for tenure, cap in self.concurrency.items() if tenure <= tenure_s][-1]

    @property
    def highest_concurrency(self) -> int:
        """Return the most chats that anybody of the group has in hand."""
        return self.concurrency if isinstance(self.concurrency, int) else max(self.concurrency.values())
