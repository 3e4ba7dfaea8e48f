"""Tables of months: growth by intent, and the plan of hiring that `ccsim plan` writes, each from a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.schema.csv_tables import few, read_table
from sim.schema.faults import BadValueError, Fault, bad, raise_any
from sim.schema.hiring_tables import MOST_MONTHS, read_hiring
from sim.schema.values import finite

MONTHS = 12
"""How far a plan looks unless it says so."""
GROWTH_COLUMNS = ("month", "intent", "factor")
HIRING, CLASSES, LET_GO, FILE = "hiring", "classes", "let_go", "file"
GrowthRow = tuple[int, str, float]


def growth_rows(name: Any) -> tuple[GrowthRow, ...]:
    """Return (month, intent, factor against today) of a table; each month and intent at most once."""
    table = read_table(name, GROWTH_COLUMNS, GROWTH_COLUMNS[-1])
    found: dict[tuple[int, str], float] = {}
    faults: list[Fault] = []
    for line, row in table.rows:
        try:
            month, intent, factor = _month(row["month"]), row["intent"], _number(row["factor"])
        except BadValueError as error:
            faults += [Fault(f.message, f.fix, value=f.value, file=table.path, line=line) for f in error.faults]
            continue
        if (month, intent) in found:
            words, fix = f"names month {month} of {intent} again", "Name each month of an intent once"
            faults.append(Fault(words, fix, file=table.path, line=line))
        found[month, intent] = factor
    raise_any(few(faults))
    return tuple((month, intent, factor) for (month, intent), factor in found.items())


def _month(text: str) -> int:
    number = _number(text)
    if not number.is_integer() or not 1 <= number <= MOST_MONTHS:
        raise bad("is not a month of the plan", f"Count months from 1, at most {MOST_MONTHS}", text)
    return int(number)


def _number(text: str) -> float:
    try:
        number = finite(float(text))
    except ValueError:
        raise bad("is not a number", "", text) from None
    if number < 0.0:
        raise bad("is negative", "", text)
    return number


def with_table(value: dict[str, Any], groups: Sequence[str]) -> dict[str, Any]:
    """Return what the section says with the rows of a table of hiring in its place: classes, and who is let go.

    Parameters
    ----------
    value : the section as it is written.
    groups : of agents; any will do where there are none.

    Raises
    ------
    BadValueError
        Where the table cannot be read.
    """
    hiring, months = value.get(HIRING), value.get("months", MONTHS)
    written = hiring.get(CLASSES) if isinstance(hiring, dict) else None
    if not isinstance(hiring, dict) or not isinstance(written, dict) or set(written) != {FILE}:
        return value
    try:
        rows = read_hiring(written[FILE], groups, months if type(months) is int else MOST_MONTHS)
    except BadValueError as error:
        raise BadValueError(*(fault.under(HIRING, CLASSES, FILE) for fault in error.faults)) from None
    classes = [{"month": row.month, "group": row.group, "count": row.count} for row in rows if row.count]
    gone = [{"month": row.month, "group": row.group, "count": row.let_go} for row in rows if row.let_go]
    return value | {HIRING: hiring | {CLASSES: classes}, LET_GO: [*value.get(LET_GO, ()), *gone]}
