"""How results show themselves: a line in a console, the decision table in a notebook.

A result knows nothing of tables, which the report room makes of it. This is the one call against the order of the rooms
(docs/architecture.md), so it stands outside of them and imports nothing before a notebook asks.
"""

from __future__ import annotations

from typing import Any


class Displayed:
    """A result that says in a line what it is, and shows its decision table in a notebook."""

    def _line(self) -> str:
        """What it is about and how it was made."""
        made: Any = self
        days = made.scenario.calendar.days
        return f"{made.scenario.name!r}: {counted(days, 'day')}, {how_made(made)}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._line()}>"

    def _repr_html_(self) -> str:
        from sim.report.notebook import html

        return html(self)


def how_made(result: Any) -> str:
    """The replications and the seed of a result."""
    return f"{counted(result.replications, 'replication')}, seed {result.seed}"


def counted(number: int, noun: str) -> str:
    """A number of things."""
    return f"{number:,} {noun}{'s' * (number != 1)}"
