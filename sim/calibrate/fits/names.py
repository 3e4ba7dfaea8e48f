"""What an export calls its queues and types, as keys of a scenario."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 40
TAKEN = (
    "date",
    "time",
    "total",
    "contacts",
    "all",
    "off",
    "on",
    "yes",
    "no",
    "true",
    "false",
    "null",
    "none",
    "infinite",
)


def keys_of(labels: Iterable[str], taken: Iterable[str] = ()) -> tuple[str, ...]:
    """Short names in small letters, none twice, and none that means something else in a scenario or its tables.

    Parameters
    ----------
    labels : as the export has them.
    taken : further names that may not be used.
    """
    keys: list[str] = []
    used = {*TAKEN, *taken}
    for number, label in enumerate(labels, 1):
        plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
        name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST].strip("_") or f"queue_{number}"
        name = name if name[0].isalpha() and name not in used else f"q_{name}"
        while name in keys or name in used:
            name += "_2"
        keys.append(name)
    return tuple(keys)
