"""Records as plain numbers: rows as dictionaries, spans of time, what follows from one row alone."""

from collections import defaultdict
from typing import Any

HOUR_US, DAY_US = 3.6e9, 86_400_000_000
Row = dict[str, Any]


def rows(table: Any) -> list[Row]:
    """Rows as dictionaries of plain numbers."""
    names = table.dtype.names
    return [dict(zip(names, row, strict=True)) for row in table.tolist()]


def by_agent(table: Any) -> dict[int, list[Row]]:
    """Rows of each named agent, by start."""
    found = defaultdict(list)
    for row in sorted(rows(table), key=lambda r: (r["start_us"], r["end_us"])):
        if row["agent"] >= 0:
            found[row["agent"]].append(row)
    return found


def by_need(table: Any) -> list[list[Row]]:
    """Contacts of each need, in their order."""
    found = defaultdict(list)
    for row in rows(table):
        found[row["need"]].append(row)
    return list(found.values())


def end_of(contact: Row) -> int:
    """When the customer hangs up."""
    if contact["left_us"] >= 0:
        return int(contact["left_us"] + contact["talk_us"] + contact["supervisor_us"])
    return int(contact["arrival_us"] + contact["bot_us"])


def left_at_once(contact: Row) -> bool:
    """Whether a customer came while only the bot was there, and wanted none."""
    return bool(contact["out_of_hours"]) and contact["bot_us"] == contact["failed_turns"] == 0


def through(contact: Row) -> int:
    """When the agent is through with an answered contact."""
    return end_of(contact) + int(contact["wrap_us"])


def asked_at(contact: Row) -> int:
    """When the agent of an answered contact turned to the supervisors, if it did."""
    return int(contact["left_us"] + contact["talk_us"])


def merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The union of spans, as spans that do not touch."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def covers(horizon: Any, moment: int) -> bool:
    """Whether the centre is open at a moment; at its very close no longer."""
    opens, closes = horizon.open_us, horizon.close_us
    return bool(((opens >= 0) & (opens <= moment) & (moment < closes)).any())
