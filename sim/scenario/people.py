"""Customers and what they need; agents and when they work."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from sim.mechanisms.callback import Callback
from sim.mechanisms.chat import Chat, Concurrency
from sim.mechanisms.deferred import Clock, Due, OpeningBacklog
from sim.scenario.arrivals import Arrivals
from sim.scenario.shrinkage import SHRINKAGE_SCHEMA, taken_apart
from sim.scenario.staffing import StaffingOfGroup
from sim.schema.base import Section, param
from sim.schema.calendar import DAYS_PATTERN, parse_weekdays, weekdays_text
from sim.schema.distribution import (
    Delay,
    Distribution,
    HandleTime,
    Patience,
    constant,
    exponential,
    lognormal,
)
from sim.schema.faults import Fault, bad, raise_any
from sim.schema.values import (
    SHARE_SCHEMA,
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
    parse_text,
    whole_reader,
)
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


LEAST_RELIEF = 900.0


def _at_least_a_quarter(seconds: float) -> float:
    if seconds < LEAST_RELIEF:
        raise bad("is less than 15 minutes", "Write at least 15m", duration_text(seconds))
    return seconds


Relief = Annotated[PositiveSeconds, AfterValidator(_at_least_a_quarter)]


def _some_contract(share: float) -> float:
    if share <= 0.0:
        raise bad("must be more than 0", "Write the share of an FTE's hours in a contract, such as 0.8", share)
    return share


ContractShare = Annotated[Share, AfterValidator(_some_contract)]


class Group(Section):
    """Agents with the same skills; exactly one of `staff` and `shifts` is not None."""

    name: str = param(..., hidden=True)
    skills: Annotated[dict[Text, Skill], BeforeValidator(_read_skills)] = param(
        ..., "Skills in order of preference; or a map {billing: {preference: 1, speed: 0.9}}"
    )
    picks: Annotated[
        Literal["preference", "longest_wait"], BeforeValidator(choice_reader("preference", "longest_wait"))
    ] = param("preference", "What a freed agent takes first", source="contract")
    staff: StaffingOfGroup | None = param(
        None,
        "Agents on the queue: a number, a list or a map by weekday, {file: staffing.csv}, or 88% of an inherited plan",
        off=True,
    )
    shifts: tuple[Shift, ...] | None = param(None, "A roster of named individuals, in place of staff", off=True)
    relief: Relief | None = param(
        None, "With staff: the longest on the queue; then somebody rested takes over. At least 15m", off=True
    )
    shrinkage: Annotated[Share, WithJsonSchema({"anyOf": [*SHARE_SCHEMA["anyOf"], SHRINKAGE_SCHEMA]})] = param(
        0.0,
        "Planned time off the phones: raises paid hours only; or {total: 31%, of_which_absence: 6%}",
        source="off unless given",
    )
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
    contract_share: ContractShare = param(
        1.0, "Hours of a head's contract as a share of an FTE's: turns FTE into heads", source="full time unless given"
    )

    @model_validator(mode="before")
    @classmethod
    def _with_a_total(cls, value: Any) -> Any:
        """Take a total shrinkage apart into what is planned and what is absence."""
        return taken_apart(value) if isinstance(value, dict) else value

    @property
    def off_the_phones(self) -> float:
        """Return shrinkage as the trade quotes it, planned and absence: 1 - (1 - planned) (1 - absence)."""
        return 1.0 - (1.0 - self.shrinkage) * (1.0 - self.absence)

    @property
    def highest_concurrency(self) -> int:
        """Return the most chats that anybody of the group has in hand."""
        return self.concurrency if isinstance(self.concurrency, int) else max(self.concurrency.values())
