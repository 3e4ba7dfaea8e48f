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
    length = length or next((length for length in WINDOWS if days - length >= min(length, 4 * WEEK)), WINDOWS[-1])
    windows = [Window(place, place + length, place + length + WEEK) for place in range(0, days - length - WEEK + 1, WEEK)]
    if 0 < most < len(windows):
        windows = [windows[round(place * (len(windows) - 1) / (most - 1))] for place in range(most)] if most > 1 else windows[-1:]
    return windows
