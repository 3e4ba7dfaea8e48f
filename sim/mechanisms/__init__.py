"""The mechanisms: one file each, with its keys, its law and what is said of it. Each is off when absent.

Every list of mechanisms, of parts of handle time, of slopes, of what warms the compiler up is made from `registered`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from sim.mechanisms.declaration import Factor, Mechanism, Part

BUILT_IN = (
    "bot",
    "frustration",
    "mistreatment",
    "fatigue",
    "pace",
    "workforce",
    "assistant",
    "screens",
    "supervisor",
    "expectations",
    "trust",
    "induced_demand",
    "csat",
    "attrition",
)
"""The files of this room that declare a mechanism, in the order in which they are told."""

CONTACT_PARTS = (
    Part(
        "stated",
        "stated talk time of what reaches agents",
        0,
        ("intents.*.talk_time", "intents.*.bot.resolves", "intents.*.bot.containment"),
        bar="containment",
        colour="light",
    ),
    Part(
        "difficulty",
        "harder needs",
        1,
        ("intents.*.difficulty_weight", "bot.selectivity"),
        bar="selection",
        colour="blue",
        note="Harder needs: below 0, easier than all are. They come back more often, so agents meet more without a bot "
        "too.",
    ),
    Part(
        "concurrency",
        "several chats at once",
        110,
        ("agents.*.concurrency", "intents.*.chat"),
        bar="concurrency",
        colour="sky",
        hatch="xxxx",
        note="Several chats at once: below 0, since an agent's time is shared among the chats in hand.",
        recorded=False,
    ),
    Part("wrap_up", "wrap-up, as stated", 200, ("intents.*.wrap_up",), bar="containment", colour="middle"),
)
"""The parts of handle time that every contact has."""

_OWN: dict[str, Mechanism] = {}


@cache
def built_in() -> tuple[Mechanism, ...]:
    """Return ccsim's own mechanisms and outcomes."""
    return tuple(import_module(f"sim.mechanisms.{name}").MECHANISM for name in BUILT_IN)


def registered() -> tuple[Mechanism, ...]:
    """Return every mechanism and outcome, ccsim's own first, then those that users have registered."""
    return (*built_in(), *_OWN.values())


def own() -> tuple[Mechanism, ...]:
    """Return the mechanisms that users have registered."""
    return tuple(_OWN.values())


def own_names() -> tuple[str, ...]:
    """Return their names."""
    return tuple(_OWN)


def add(mechanism: Mechanism) -> None:
    """Add a user's mechanism to the registered ones (`sim.register` checks it first)."""
    _OWN[mechanism.name] = mechanism


def remove(name: str) -> None:
    """Take a user's mechanism out."""
    _OWN.pop(name, None)


def mechanism_names() -> tuple[str, ...]:
    """Return the names of all mechanisms; outcomes, which change nothing that happens, are none."""
    return tuple(mechanism.name for mechanism in registered() if not mechanism.outcome)


def parts_of_handle_time() -> tuple[Part, ...]:
    """Return what handle time is made of, in order: a contact's own parts and those of all mechanisms."""
    parts = [*CONTACT_PARTS, *(part for mechanism in registered() for part in mechanism.parts)]
    return tuple(sorted(parts, key=lambda part: part.place))


def counted_parts() -> tuple[Part, ...]:
    """Return ccsim's own parts that stand in a contact in a column of their own: factors, then what follows talk."""
    later = [part for m in built_in() for part in m.parts if not isinstance(part, Factor) and part.recorded]
    return (*talk_factors(), *later)


def talk_factors() -> tuple[Factor, ...]:
    """Return ccsim's own factors on talk, in the order in which they apply."""
    factors = [factor for mechanism in built_in() for factor in mechanism.factors]
    return tuple(sorted(factors, key=lambda factor: factor.place))
