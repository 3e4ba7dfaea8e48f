"""The bot in front of the queue, and its conversation turn by turn (docs/evidence.md, sections 1 and 2)."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from sim.jit import compiled
from sim.mechanisms.declaration import Declared, Factor, Mechanism, Numbers
from sim.schema.base import Section, param
from sim.schema.calendar import HoursOfWeek
from sim.schema.distribution import Delay, exponential
from sim.schema.faults import bad
from sim.schema.values import (
    LARGEST_NUMBER,
    SHARE_PATTERN,
    Correlation,
    NonNegative,
    PositiveSeconds,
    Seconds,
    Share,
    choice_reader,
    number_reader,
    whole_reader,
)

MOST_TURNS = 200
MOST_DIGITS = 400
Turns = Annotated[
    int,
    BeforeValidator(whole_reader(1, MOST_TURNS)),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST_TURNS}),
]
PART_FIX = "Write a share such as 0.35, or a percentage such as 35% or 150%"


def _read_part(value: object) -> float:
    """A share that may be above 1, written `0.35`, `35%` or `150%`."""
    if isinstance(value, str):
        match = SHARE_PATTERN.fullmatch(value.strip()) if len(value) < MOST_DIGITS else None
        if match is None:
            raise bad("is not a share", PART_FIX, value)
        value = float(Decimal(match[1]) / (100 if match[2] else 1))
    return number_reader(0, LARGEST_NUMBER)(value)


PART_SCHEMA = {
    "anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^\s*[0-9]*\.?[0-9]+\.?\s*%?\s*$"}],
    "description": "Share that may be above 1, or a percentage such as 35% or 150%",
}
Part = Annotated[float, BeforeValidator(_read_part), WithJsonSchema(PART_SCHEMA)]


def _read_chances(chances: tuple[float, ...]) -> tuple[float, ...]:
    if not chances:
        raise bad("is an empty list", "Write the chances of giving up by failed turn, such as [0.11, 0.60, 0.60, 1]")
    return chances


class Conversation(Section):
    """A session turn by turn: good and failed turns, giving up, the offer of a human."""

    turn: Delay = param(
        exponential(45.0), "Length of a turn", source="set to sessions of about 150 s (Parloa)", grade="W"
    )
    fails_if_capable: Share = param(
        0.15, "A turn fails where the bot is capable of the need", source="set to Parloa, n=1,001", grade="W"
    )
    fails_if_not: Share = param(
        0.70,
        "A turn fails where it is not",
        source="set to Parloa: 56 % of failing ask for a human in 3 min",
        grade="W",
    )
    good_turns: Turns = param(5, "Good turns that resolve a need", source="set to sessions of about 150 s", grade="W")
    give_up: Annotated[tuple[Share, ...], AfterValidator(_read_chances)] = param(
        (0.11, 0.60, 0.60, 1.0),
        "Chance of giving up at the n-th failed turn; the last holds for all that follow",
        source="Parloa: 11 % leave at the first repeat, 60 % tolerate one",
        grade="W",
    )
    leaves: Share = param(
        0.25,
        "Who gives up leaves; the others ask for a human",
        source="Salesforce help: 26 % to 8-9 % of sessions after a redesign",
        grade="W",
    )
    offer_after: Turns = param(2, "Failed turns after which the bot offers a human", source="design choice", grade="A")
    handoff: Annotated[Literal["offer", "never"], BeforeValidator(choice_reader("offer", "never"))] = param(
        "offer", "offer: to a human when asked, and after offer_after failed turns; never: asking loops"
    )


class Outage(Section):
    """Times at which the bot is down, and everybody goes to people: at most once on an open day."""

    per_day: Share = param(..., "Chance of one on an open day")
    length: PositiveSeconds = param(..., "How long it lasts; it begins at any time of the open hours")


def _whole_or_none(value: Any) -> int | None:
    return None if value is None else whole_reader(1, 10**9)(value)


class Bot(Section):
    """The bot in front of the queue (evidence 1 and 2)."""

    opt_out: Share = param(
        0.20,
        "Asks for a human at once",
        source="Gartner 2023: under half would use a bot again after a hard time",
        grade="A",
        span=".10-.40",
    )
    opt_out_after_failure: Share = param(
        0.55, "The same, on a return after a failed bot attempt", source="Gartner 2023", grade="A"
    )
    selectivity: Correlation = param(
        0.7,
        "How strongly the bot's chance falls with the need's difficulty",
        source="assumption (evidence 1)",
        grade="A",
    )
    session: Delay = param(
        exponential(150.0),
        "Length of a session",
        source="set to Parloa's turns: about 150 s a session",
        grade="W",
    )
    false_containment: Share = param(
        0.35,
        "Share of unresolved sessions that the bot closes as done",
        source="Ender Turing telco: 78 % reported, about 41 % real",
        grade="W",
        span=".10-.65",
    )
    context_kept: Share = param(
        0.40,
        "The hand-off passes the context on",
        source="Gartner 2023; Five9 2026: 83 % repeat themselves",
        grade="M",
        span=".15-.80",
    )
    lost_context_time: Seconds = param(
        90.0,
        "Extra talk where the context is lost",
        source="Gartner 2023: seamless transitions spend 27 % less time",
        grade="W",
        span="30s-240s",
    )
    exposure: Share | None = param(
        None, "Share of customers who meet the bot at all, such as a pilot on 0.10; drawn once a need", off=True
    )
    hours: HoursOfWeek | None = param(None, "When the bot answers; otherwise whenever the centre is open", off=True)
    out_of_hours: Part = param(
        0.0,
        "Contacts that come while only the bot is there, as a share of the same day's in opening hours",
        source="none unless given",
    )
    conversation: Conversation | None = param(None, "The session turn by turn, in place of session", off=True)
    max_sessions: Annotated[
        int | None, BeforeValidator(_whole_or_none), WithJsonSchema({"type": "integer", "minimum": 1})
    ] = param(None, "Most sessions at once; who comes beyond goes to people at once", off=True)
    day_sd: NonNegative = param(
        0.0,
        "How far the bot drifts from day to day: standard deviation of the log odds of its capability, such as 0.4",
        source="vendors: containment moves 5 to 20 points with a prompt or model change; off unless given",
        span="0-0.8",
    )
    outage: Outage | None = param(None, "Times at which the bot is down", off=True)
    claimed: Share | None = param(
        None,
        "Share of sessions that the bot resolves, as its vendor claims: in every report it stands beside what it "
        "resolves, never beside what it contains",
        off=True,
    )


MOST_ATTEMPTS = 1 << 16
UNLIMITED = 2**62


@compiled
def turn_name(attempt: int, turn: int) -> int:
    """The name under which a turn of an attempt draws its luck, apart from those of the attempt and its other turns."""
    return (turn + 1) * MOST_ATTEMPTS + attempt % MOST_ATTEMPTS


class BotParameters(NamedTuple):
    """Who meets the bot, how a session goes, and what is lost on the way to a human."""

    opt_out: float = 0.0
    opt_out_after_failure: float = 0.0
    selectivity: float = 0.0
    session: int = 0
    context_kept: float = 1.0
    lost_context_s: float = 0.0
    exposure: float = 1.0
    converses: bool = False
    loops: bool = False
    turn: int = 0
    fails_if_capable: float = 0.0
    fails_if_not: float = 0.0
    good_turns: int = 0
    leaves: float = 0.0
    offer_after: int = 0
    max_sessions: int = UNLIMITED
    drifts: bool = False
    down_days: int = 0


def _days_it_may_last(outage: Outage | None) -> int:
    """How many midnights an outage may see; none where there is none."""
    return math.ceil(outage.length / 86_400) if outage is not None and outage.per_day > 0.0 else 0


def law(section: Bot, numbers: Numbers) -> BotParameters:
    """Turn the section into numbers."""
    whole = BotParameters(
        section.opt_out,
        section.opt_out_after_failure,
        section.selectivity,
        numbers.distribution(section.session),
        section.context_kept,
        section.lost_context_time,
        1.0 if section.exposure is None else section.exposure,
        max_sessions=section.max_sessions or UNLIMITED,
        drifts=section.day_sd > 0.0,
        down_days=_days_it_may_last(section.outage),
    )
    talk = section.conversation
    if talk is None:
        return whole
    return whole._replace(
        converses=True,
        loops=talk.handoff == "never",
        turn=numbers.distribution(talk.turn),
        fails_if_capable=talk.fails_if_capable,
        fails_if_not=talk.fails_if_not,
        good_turns=talk.good_turns,
        leaves=talk.leaves,
        offer_after=talk.offer_after,
    )


MECHANISM = Mechanism(
    "bot",
    Bot,
    BotParameters,
    law,
    parts=(
        Factor(
            "context",
            "context that the bot lost",
            70,
            ("bot.lost_context_time", "bot.context_kept"),
            bar="lost_context",
            colour="purple",
        ),
    ),
    measures=(
        Declared("containment_in_hours", "bot.hours", "share", {"contained_in_hours": 1.0}, "bot_in_hours", "queue"),
    ),
    null={"bot.selectivity": 0.0},
    neutral={},
    tiny={"opt_out": 0.1, "conversation": {}},
)
