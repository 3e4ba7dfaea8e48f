"""What a mechanism is: one declaration in one file, from which every list of mechanisms is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol

from sim.schema.base import Section

Slices = Literal["queue", "answers", "whole", "overall and group"]


class Numbers(Protocol):
    """What a law may ask for while a scenario is turned into numbers."""

    @property
    def scenario(self) -> Any:
        """The scenario."""

    def distribution(self, dist: Any) -> int:
        """The row of a distribution among the engine's; of None that of nothing, always 0 s."""

    def us(self, seconds: float) -> int:
        """Seconds as whole microseconds."""


class Checked(Protocol):
    """A scenario under examination, as the checks of a mechanism see it."""

    scenario: Any
    reporter: Any

    def check_intents(self, by_intent: Any, path: Any) -> None:
        """Refuse a map by intent that names intents that there are not."""

    def never_on_duty(self, group: Any) -> bool:
        """Whether nobody of a group of agents ever works while the centre is open."""


@dataclass(frozen=True)
class Part:
    """A part of handle time: the measure `aht_NAME_s`, with its words and its piece of the chart.

    Attributes
    ----------
    name : of the part; seconds of it stand in the column `NAME_us` of a contact.
    label : what it is, in tables and legends.
    place : where it stands among the parts; the talk comes first, then what follows it, then wrap-up.
    rests_on : the keys that set its size; `*` stands for any name. What only drives it, such as volumes, is none.
    bar : the bar of a bridge that answers for it; empty for all else.
    colour, hatch : of its piece; a name of `sim.report.style.PALETTE`.
    note : what a reader may wonder at, said where the part is shown.
    short : a word or two for it within a sentence; the label where it is empty.
    recorded : whether a contact has a column of it; pace is what is left between two others.
    """

    name: str
    label: str
    place: int
    rests_on: tuple[str, ...] = ()
    bar: str = ""
    colour: str = "sky"
    hatch: str = ""
    note: str = ""
    short: str = ""
    recorded: bool = True

    @property
    def measure(self) -> str:
        """The measure that it is told as."""
        return f"aht_{self.name}_s"

    @property
    def words(self) -> str:
        """What it is called within a sentence."""
        return self.short or self.label


@dataclass(frozen=True)
class Factor(Part):
    """A part that comes about in the talk, one factor after the other.

    Attributes
    ----------
    place : the order of the factors, the lowest first; those of ccsim stand at 10, 20, ... 80.
    apply : of a mechanism of a user's own: (parameters, person, contact, agent, seconds of talk so far) to seconds.
        The first is a record of the fields of its law; the others are records of the engine. None for those of
        ccsim, which `sim.engine.rules.moments` calls by name.
    """

    apply: Callable[[Any, Any, Any, Any, float], float] | None = None


class Declared(NamedTuple):
    """A measure that comes with a mechanism: a ratio of sums of counts, by their names.

    Attributes
    ----------
    needs : the key without which it has no value.
    unit : as `sim.measures.definitions.Measure`.
    """

    name: str
    needs: str
    unit: str
    top: Mapping[str, float]
    bottom: str
    slices: Slices


@dataclass(frozen=True)
class Mechanism:
    """Everything there is to know about a mechanism.

    Attributes
    ----------
    name : its section in a file.
    section : the keys, with defaults, sources, grades and words.
    parameters : a NamedTuple of numbers that the engines read; its defaults are those of no such mechanism.
    law : from the section to the parameters.
    of_intents, intent_law : the same by intent, from the section, an intent and its number; None where nothing is.
    of_intent : from the section and an intent to the intent as it is then; None where it stays as it is.
    demand : what arrivals are multiplied by; None for 1.
    outcome : whether it only weighs what happened, and changes nothing in it.
    parts : what it adds to handle time.
    measures : what can be measured with it alone.
    null : keys that link a latent state to an outcome, with the value at which they link nothing; None is off.
    neutral : values of the section at which records are those without it, but for the columns `writes`.
    without : keys, from the top of a file, that do nothing without another.
    check : says what is wrong in a scenario that has it, or has no effect.
    bar : the bar of a bridge that it is switched on and off with; empty where it has none. What the bar rests on is
        its section, and `rests_on`.
    saving, saves : what it takes off agents besides a bot, in words, and whether it does so more than before: from the
        section then and the section now, of which either may be None.
    tiny : what the scenario that compiles everything says of it; empty for all defaults.
    patience : of a mechanism of a user's own: (parameters, person, contact, seconds of patience) to seconds, as a
        customer begins to wait.
    resolution : of a mechanism of a user's own: (parameters, person, contact, agent, log odds of resolving) to log
        odds, before those of hurry.
    """

    name: str
    section: type[Section]
    parameters: Any
    law: Callable[[Any, Numbers], Any]
    of_intents: Any = None
    intent_law: Callable[[Any, Any, int], Any] | None = None
    of_intent: Callable[[Any, Any], Any] | None = None
    demand: Callable[[Any], float] | None = None
    outcome: bool = False
    parts: tuple[Part, ...] = ()
    measures: tuple[Declared, ...] = ()
    null: Mapping[str, float | None] = field(default_factory=dict)
    neutral: Mapping[str, Any] | None = None
    writes: frozenset[str] = frozenset()
    without: Mapping[str, str] = field(default_factory=dict)
    check: Callable[[Any], None] | None = None
    bar: str = ""
    rests_on: tuple[str, ...] = ()
    saving: str = ""
    saves: Callable[[Any, Any], bool] = lambda before, now: before is None and now is not None
    tiny: Mapping[str, Any] | None = None
    patience: Callable[[Any, Any, Any, float], float] | None = None
    resolution: Callable[[Any, Any, Any, Any, float], float] | None = None

    @property
    def factors(self) -> tuple[Factor, ...]:
        """The parts that come about in the talk."""
        return tuple(part for part in self.parts if isinstance(part, Factor))
