"""What a reader of one value says when the value cannot be used."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """One thing wrong inside a value.

    Parameters
    ----------
    message
        What is wrong.
    fix
        What to write instead; empty when the message says it all.
    at
        Keys and indexes from the value that is read down to the place of the fault.
    value
        The offending value; None when there is nothing to show.
    file, line
        Place in a table that the value names; None when the fault is in the scenario file itself.
    key
        True when the key is wrong and not what stands under it.
    """

    message: str
    fix: str = ""
    at: Path = ()
    value: Any = None
    file: str | None = None
    line: int | None = None
    key: bool = False

    def under(self, *above: str | int) -> Fault:
        """Return the same fault seen from further up."""
        return Fault(self.message, self.fix, above + self.at, self.value, self.file, self.line, self.key)


class BadValueError(ValueError):
    """A value that cannot be used, with everything that is wrong in it."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("; ".join(fault.message for fault in faults))


def bad(message: str, fix: str = "", value: Any = None, at: Path = ()) -> BadValueError:
    """Return the error for a single fault."""
    return BadValueError(Fault(message, fix, at, value))


def raise_any(faults: Iterable[Fault]) -> None:
    """Raise one `BadValueError` with all `faults`; do nothing when there are none."""
    found = tuple(faults)
    if found:
        raise BadValueError(*found)


def nearest(name: str, allowed: Iterable[str], cutoff: float = 0.6) -> str:
    """Return the hint for an unknown `name`: the nearest allowed one, where it is near enough, and all of them."""
    names = list(allowed)
    close = difflib.get_close_matches(name.lower(), names, n=1, cutoff=cutoff)
    listed = ", ".join(names) if names else "nothing"
    return f"Did you mean {close[0]}? Allowed: {listed}" if close else f"Allowed: {listed}"
