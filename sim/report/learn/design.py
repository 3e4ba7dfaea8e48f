"""The report of a pilot that is yet to be run."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from sim import __version__
from sim.learning.design import Foreseen
from sim.learning.pilot_worth import SampleWorth
from sim.report import Document, Paragraph, Report, ReportSection, ShortLines, Table, counted, row, table, table_section
from sim.report.learn.tables import NOTHING, figure_of
from sim.report.numbers import records, round_percent
from sim.scenario.model import Scenario

SCHEMA_VERSION = 1
LIMITS = (
    "Randomise by customer, not by contact: who comes back meets the same arm, and returns count for it.",
    "Arms that share a queue spill over: waits, abandonment and fatigue are those of both.",
    "A pilot that exposes few says nothing of congestion: what the queue does with all customers behind the bot.",
    "Widths are at best: days and agents that differ widen them. Half the customers in each arm tell most.",
)


@dataclass(frozen=True)
class PilotDesign:
    """A pilot before it is run.

    Attributes
    ----------
    foreseen : by share of customers exposed, how well each number would be known.
    worths : by the same share, what the pilot is worth; empty where bad service has no price, or was not asked for.
    waiting : what a week of waiting costs; nan where that is not known.
    """

    scenario: Scenario
    weeks: tuple[float, ...]
    foreseen: Mapping[float, Sequence[Foreseen]]
    worths: Mapping[float, Sequence[SampleWorth]]
    waiting: float = math.nan

    @property
    def table(self) -> pd.DataFrame:
        """Tidy: exposed, key, weeks, value, half_width, prior_low, prior_high, needs."""
        rows = [
            (share, n.key, weeks, n.value, half, n.prior.low, n.prior.high, n.needs)
            for share, numbers in self.foreseen.items()
            for n in numbers
            for weeks, half in n.half_widths.items()
        ]
        columns = ["exposed", "key", "weeks", "value", "half_width", "prior_low", "prior_high", "needs"]
        return pd.DataFrame(rows, columns=columns)

    @property
    def money(self) -> pd.DataFrame:
        """Tidy: exposed, key, weeks, worth of the sample, of perfect knowledge, what waiting costs."""
        rows = [
            (share, one.key, weeks, worth, one.perfect.worth.mean, self.waiting * weeks)
            for share, worths in self.worths.items()
            for one in worths
            for weeks, worth in one.by_weeks.items()
        ]
        return pd.DataFrame(rows, columns=["exposed", "key", "weeks", "worth", "perfect", "waiting"])


def design_report(design: PilotDesign) -> Report:
    """Return the report of a pilot that is yet to be run."""
    return Report(
        title=f"A pilot for {design.scenario.name}",
        line="What a pilot with a randomised control arm would tell, by weeks and share of customers exposed.",
        sections=tuple(_sections(design)),
        footer=(f"ccsim {__version__}. Every width: widths.csv.",),
        scenarios={design.scenario.name: design.scenario},
        seed=1,
        replications=0,
        document=lambda: _document(design),
        make_tables=lambda: {"widths": design.table, "worth": design.money},
    )


def _sections(design: PilotDesign) -> Iterator[ReportSection]:
    told = Paragraph("", tuple(_answer(design)))
    yield ReportSection("What comes of it", lambda: [told], headed=True, on_terminal=1, answers=True)
    if len(design.money):
        yield ReportSection("Money", lambda: [_money_table(design)], "whole", on_terminal=2, answers=True)
    for share in design.foreseen:
        yield table_section(_widths(design, share), 3)
    lines = ShortLines(LIMITS)
    yield ReportSection("What a pilot cannot tell", lambda: [lines], headed=True, on_terminal=4)


def _answer(design: PilotDesign) -> Iterator[str]:
    for share, numbers in design.foreseen.items():
        hard = [n for n in numbers if n.prior.high > n.prior.low]
        soon = [n for n in hard if n.weeks_until() <= max(design.weeks)]
        yield (
            f"With {round_percent(share)} of customers exposed, {len(soon)} of {len(hard)} numbers are known to a "
            f"quarter of what is believed within {max(design.weeks):g} weeks."
        )
    if len(design.money):
        best = _net(design).sort_values("net", ascending=False).iloc[0]
        currency = design.scenario.costs.currency if design.scenario.costs is not None else ""
        what = f"{best['key']}, {best['weeks']:g} weeks with {round_percent(best['exposed'])} exposed"
        if best["net"] > 0.0:
            yield f"Most is gained by measuring {what}: {best['net']:,.0f} {currency} a year, waiting taken off."
        else:
            yield "No number is worth waiting for: what waiting costs is more than what any of them would save."
    elif design.scenario.costs is None or not design.worths:
        yield "What it is worth in money needs targets and prices of bad service (costs), and --draws."


def _net(design: PilotDesign) -> pd.DataFrame:
    money = design.money
    return money.assign(net=money["worth"] - money["waiting"].fillna(0.0))


def _money_table(design: PilotDesign) -> Table:
    currency = design.scenario.costs.currency if design.scenario.costs is not None else ""
    rows = [
        row(
            str(one["key"]),
            round_percent(one["exposed"]),
            f"{one['weeks']:g}",
            f"{one['worth']:,.0f}",
            f"{one['perfect']:,.0f}",
            f"{one['net']:,.0f}",
        )
        for one in _net(design).sort_values("net", ascending=False).head(12).to_dict("records")
    ]
    notes = [
        f"{currency or 'Money'} a year, each number by itself. A week of waiting costs {design.waiting:,.0f}: the "
        "file's own plan is kept meanwhile, where the plan of least expected cost could be had."
    ]
    columns = ("number", "exposed", "weeks", "worth of the pilot", "worth of knowing it exactly", "less waiting")
    return table("What measuring is worth", columns, rows, notes, 1)


def _widths(design: PilotDesign, share: float) -> Table:
    rows = []
    for number in design.foreseen[share]:
        until = number.weeks_until()
        rows.append(
            row(
                number.key,
                figure_of(number.key, number.value),
                *(f"± {figure_of(number.key, half)}" for half in number.half_widths.values()),
                f"{until:.1f}" if math.isfinite(until) else NOTHING,
                number.needs,
            )
        )
    spans = [counted(int(weeks), "week") if weeks == int(weeks) else f"{weeks:g} weeks" for weeks in design.weeks]
    columns = ("number", "as believed", *spans, "weeks to a quarter", "needs a column")
    notes = ["Half-widths of 95 % intervals, at best. A quarter: of the range that is believed now."]
    return table(f"Known after some weeks, {round_percent(share)} of customers exposed", columns, rows, notes, 1)


def _document(design: PilotDesign) -> Document:
    return {
        "schema_version": SCHEMA_VERSION,
        "scenario": design.scenario.name,
        "widths": records(design.table),
        "worth": records(design.money),
        "waiting_a_week": design.waiting if math.isfinite(design.waiting) else None,
        "limits": list(LIMITS),
        "answer": list(_answer(design)),
    }
