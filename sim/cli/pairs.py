"""Flags of the form LEFT=RIGHT, which may be repeated."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sim.errors import CcsimError


def pairs(flag: str, given: Sequence[str] | None, form: str) -> dict[str, str]:
    """The pairs of a flag, by their left side.

    Raises
    ------
    CcsimError
        With the text that is no pair, or a left side of which two things are said.
    """
    found: dict[str, str] = {}
    for text in given or []:
        left, equals, right = (part.strip() for part in text.partition("="))
        if not (left and equals and right):
            raise CcsimError(f"{flag}: {text}: is not of the form {form}")
        if found.setdefault(left, right) != right:
            raise CcsimError(f"{flag}: {text}: {left} is said to be {found[left]} too. Keep one of the two")
    return found


def meanings(flag: str, given: Sequence[str] | None, allowed: Collection[str]) -> dict[str, str]:
    """What a flag says of words, each one of what is allowed.

    Raises
    ------
    CcsimError
        With the word whose meaning is none of those.
    """
    *most, last = allowed
    found = pairs(flag, given, f"WORD={most[0]}")
    for word, meaning in found.items():
        if meaning not in allowed:
            raise CcsimError(f"{flag}: {word}={meaning}: is not allowed. Write {', '.join(most)} or {last}")
    return found
