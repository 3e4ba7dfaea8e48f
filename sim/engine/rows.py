"""What the rows of the engines' arrays hold, by name, for whoever reads a function that takes one.

The arrays are those of `sim.engine.state` and `sim.engine.records`; numba knows their types, these are for people.
"""

from typing import Any, Protocol


class ModelRow(Protocol):
    """The one row of a model (`sim.engine.model.MODEL`): parameters by mechanism, addresses of arrays, sizes."""

    def __getattr__(self, name: str) -> Any:
        """A group of parameters, an address, or a size."""

    def __setattr__(self, name: str, value: Any) -> None:
        """Nothing writes into a model."""


class StateRow(Protocol):
    """The one row of a state (`sim.engine.state.STATE`): numbers that change, addresses of arrays, capacities."""

    now: int
    k0: int
    k1: int
    full: int
    inbound: int
    waiting: int

    def __getattr__(self, name: str) -> Any:
        """Another number, or an address."""

    def __setattr__(self, name: str, value: Any) -> None:
        """Numbers change while a replication runs."""


class Person(Protocol):
    """A customer with one need, through all attempts (`sim.engine.state.PERSON`)."""

    first: int
    number: int
    name: int
    date: int
    difficulty: float
    frustration: float
    trust: float
    base_s: float
    scale: float
    attempts: int
    transfers: int
    rank_us: int
    gives_up_us: int
    placed_us: int
    row: int
    intent: int
    before: int
    after: int
    capable: int
    bot_failed: int
    waits: int
    cause: int


class Contact(Protocol):
    """One attempt (`sim.engine.records.CONTACT`); times in whole microseconds, -1 for never."""

    need: int
    attempt: int
    intent: int
    day: int
    cause: int
    bot: int
    context_lost: int
    outcome: int
    delayed: int
    mistreated: int
    resolved: int
    transferred: int
    out_of_hours: int
    failed_turns: int
    arrival_us: int
    bot_us: int
    joined_us: int
    left_us: int
    agent: int
    group: int
    stated_us: int
    base_us: int
    natural_talk_us: int
    talk_us: int
    wrap_us: int
    summary_us: int
    cleanup_us: int
    supervisor: int
    supervisor_us: int
    consultation_us: int
    frustration: float
    fatigue: float
    frustration_end: float
    trust_end: float


class Agent(Protocol):
    """An agent as the floor sees it (`sim.engine.state.AGENT`)."""

    since_us: int
    fatigue: float
    rate: float
    called_us: int
    spell_us: int
    duty_end_us: int
    break_until_us: int
    asked_us: int
    group: int
    before: int
    after: int
    breaks: int
    state: int
    leaving: int
    kept: int
    tired: int


class Traits(Protocol):
    """What an agent is like (`sim.engine.records.AGENT_TRAITS`)."""

    group: int
    uses: int
    tenure: float
    redundancy: float
    speed: float
    assistant: float
    extra_s: float
    logit: float
    points: float
    mistreatment: float
    summary: float
    build_up: float


class Hand(Protocol):
    """A contact in hand (`sim.engine.state.HAND`): its row, and when what is done with it now ends."""

    row: int
    ends_us: int


class Line(Protocol):
    """The ends of a linked list (`sim.engine.state.LINE`)."""

    first: int
    last: int
