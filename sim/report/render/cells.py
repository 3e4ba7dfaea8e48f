"""Cells of a table as a spreadsheet holds them: the number that a text writes, its half-width, how both are shown."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sim.report import Table
from sim.report.numbers import DASH

DAY_S, MINUTE_S, HOUR_S = 86_400.0, 60.0, 3600.0
PLUS_MINUS = "±"
MOST_DIGITS = 12
WRITTEN = re.compile(
    r"(?P<sign>[-+−]?)(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\d+:\d\d)"
    r"(?P<unit> ?%| pt| points?| min| s| h)?(?: ± (?P<half>[\d,]+(?:\.\d+)?|\d+:\d\d))?"
    r"(?P<unit_after> ?%| pt| s)?(?P<mark> [*?]|\*)?"
)


@dataclass(frozen=True)
class Number:
    """A number as a spreadsheet holds it.

    Attributes
    ----------
    value : shares from 0 to 1, durations in days where they are shown as such, else as written.
    half : half of its interval in the same unit; None where none is written.
    form : the format of the value.
    half_form : that of the half-width.
    """

    value: float
    half: float | None
    form: str
    half_form: str


def number_of(text: str, hint: str = "") -> Number | None:
    """Return the number that a cell writes; None where it is words.

    Parameters
    ----------
    hint : the words beside it, which say whether 1:30 is of hours or of minutes.
    """
    found = WRITTEN.fullmatch(text.strip())
    if found is None:
        return None
    sign, written, half = found["sign"], found["number"], found["half"]
    unit, mark = (found["unit"] or found["unit_after"] or "").strip(), (found["mark"] or "").strip()
    if ":" in written:
        return _duration(sign, written, half, hint, mark)
    scale = 0.01 if unit in ("%", "pt") else 1.0
    value = _scaled(written, scale) * (-1 if sign in ("-", "−") else 1)
    digits = _digits(written) + ("%" if scale < 1 else f'" {unit}"' if unit else "")
    half_form = _digits(half or written) + ("%" if scale < 1 else "")
    return Number(value, None if half is None else _scaled(half, scale), _signed(digits, sign, mark), half_form)


def _duration(sign: str, written: str, half: str | None, hint: str, mark: str) -> Number | None:
    """A duration; with a sign in seconds, since a spreadsheet has no negative times."""
    hours = "h:mm" in hint and "m:ss" not in hint
    if not (hours or "m:ss" in hint) and written.startswith("0") and len(written) == 5:
        return None  # a time of day
    unit = HOUR_S if hours else MINUTE_S
    seconds, reach = _clock(written, unit), None if half is None else _clock(half, unit)
    if sign:
        form = _signed('#,##0" s"', sign, mark)
        return Number(-seconds if sign in ("-", "−") else seconds, reach, form, "#,##0")
    form = "[h]:mm" if hours else "[m]:ss"
    return Number(seconds / DAY_S, None if reach is None else reach / DAY_S, _signed(form, "", mark), form)


def _clock(text: str, unit: float) -> float:
    whole, part = text.split(":")
    return (int(whole) + int(part) / 60.0) * unit


def _scaled(text: str, scale: float) -> float:
    """A number in another unit, with the digits it was written with."""
    return round(float(text.replace(",", "")) * scale, MOST_DIGITS)


def _digits(text: str) -> str:
    decimals = len(text.partition(".")[2])
    return ("#,##0" if "," in text else "0") + ("." + "0" * decimals if decimals else "")


def _signed(form: str, sign: str, mark: str) -> str:
    """A format that keeps the plus of a difference, and the mark behind a number."""
    form += f'" {mark}"' if mark else ""
    return f"+{form};-{form};{form}" if sign else form


@dataclass(frozen=True)
class SheetColumn:
    """A column of a table in a spreadsheet: its header, and a text, a number with its format or nothing a row."""

    header: str
    cells: tuple[str | tuple[float, str] | None, ...]


def sheet_columns(table: Table) -> list[SheetColumn]:
    """Return a table as columns for a spreadsheet; a half-width has a column of its own, to the right of its number."""
    columns = []
    for place, header in enumerate(table.columns):
        texts = [cells[place].text for cells in table.rows]
        hints = [" ".join([header, *(cell.text for cell in cells[: table.labels])]) for cells in table.rows]
        numbers = [number_of(text, hint) for text, hint in zip(texts, hints, strict=True)]
        if place < table.labels and None in numbers:  # names, of which some may look like numbers
            columns.append(SheetColumn(header, tuple(texts)))
            continue
        columns.append(SheetColumn(header, tuple(map(_cell, texts, numbers))))
        if any(number is not None and number.half is not None for number in numbers):
            columns.append(SheetColumn(PLUS_MINUS, tuple(map(_half, numbers))))
    return columns


def _cell(text: str, number: Number | None) -> str | tuple[float, str] | None:
    if number is not None:
        return number.value, number.form
    return None if text in ("", DASH) else text


def _half(number: Number | None) -> tuple[float, str] | None:
    return None if number is None or number.half is None else (number.half, number.half_form)


# Tidy tables --------------------------------------------------------------------

FORMS = {"share": "0.0%", "s": "#,##0.0", "staff": "0.0", "points": "0.0", "number": "#,##0.0", "min": "#,##0.0"}
FORMS |= {"index": "0.000", "price": "#,##0.00"}


def form_of_kind(kind: str) -> str:
    """The format of a measure of a kind (`sim.report.labels.Label.kind`) in a table that keeps its own unit."""
    return FORMS.get(kind, "General")
