"""Which stretches are fitted, and which are predicted."""

from __future__ import annotations

from typing import NamedTuple

WEEK = 7
WINDOWS = (28, 21, 14)


class Window(NamedTuple):
    """Days counted from the first of the export: fitted from `first`, predicted from `last` to before `end`."""

    first: int
    last: int
    end: int


def windows_of(days: int, length: int = 0, most: int = 0) -> list[Window]:
    """Walk forward by weeks.

    Parameters
    ----------
    days : of the export.
    length : days that are fitted; where 0 the longest of four, three and two weeks that leaves as long to predict,
        up to four weeks.
    most : weeks that are predicted, evenly spread; all where 0.
    """
    length = length or next((w for w in WINDOWS if days - w >= min(w, 4 * WEEK)), WINDOWS[-1])
    found = [Window(k, k + length, k + length + WEEK) for k in range(0, days - length - WEEK + 1, WEEK)]
    if 0 < most < len(found):
        found = [found[round(k * (len(found) - 1) / (most - 1))] for k in range(most)] if most > 1 else found[-1:]
    return found
