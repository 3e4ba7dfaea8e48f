"""The report of `learn`: what was learned, how sure it is, and what logs cannot tell."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim import __version__
from sim.errors import OutputError
from sim.learning.narrower import Chances, assumed_and_measured
from sim.learning.result import LearnResult
from sim.learning.scenario_text import scenario_text
from sim.loading.measured import LEARNED
from sim.report import Document, Paragraph, Report, ReportSection, ShortLines
from sim.report.learn.answer import answer
from sim.report.learn.tables import centre_table, checks_table, intents_table, shifts_table
from sim.report.numbers import interval, number, records
from sim.report.render.folder import check_place, write_folder, write_whole

SCHEMA_VERSION = 1


def learn_report(result: LearnResult, chances: Chances | None = None) -> Report:
    """Return the report of what was learned, and of what that does to the chance of the file's own plan."""
    return Report(
        title="What the logs tell",
        line=f"Learned from {result.source}: {result.contacts[0]:,} contacts before, {result.contacts[1]:,} after.",
        sections=tuple(_sections(result, chances)),
        footer=(f"ccsim {__version__}. Intervals are of 95 %, over days and agents. Every number: numbers.csv.",),
        scenarios={} if result.scenario is None else {result.scenario.name: result.scenario},
        seed=1,
        replications=0,
        document=lambda: _document(result, chances),
        make_tables=lambda: {"numbers": result.table, "shifts": result.shifts, "checks": result.checks},
    )


def _sections(result: LearnResult, chances: Chances | None) -> Iterator[ReportSection]:
    told = [Paragraph(lead, tuple(sentences)) for lead, sentences in answer(result, chances).items()]
    yield ReportSection("What comes of it", lambda: list(told), headed=True, on_terminal=1, answers=True)
    for made in (intents_table(result), centre_table(result)):
        if made.rows:
            yield ReportSection(made.title, lambda made=made: [made], "whole", on_terminal=1, answers=True)  # type: ignore[misc]
    if len(result.shifts):
        yield ReportSection("Talk times", lambda: [shifts_table(result)], "whole", on_terminal=2)
    if len(result.checks):
        yield ReportSection("Checks", lambda: [checks_table(result)], "whole", on_terminal=2)
    if result.notes:
        yield ReportSection("What to know before trusting it", lambda: [ShortLines(result.notes)], headed=True)
    if result.understood:
        yield ReportSection("What was understood", lambda: [ShortLines(result.understood)], headed=True, on_terminal=3)


def check_scenario_place(out: Path) -> None:
    """See that a scenario can be written without losing anybody's file.

    Raises
    ------
    OutputError
        When a file is there that was not learned, or the folder beside it holds other things.
    """
    if out.is_dir():
        raise OutputError(f"{out}: is a folder. Name a file")
    if out.exists() and not out.read_text(encoding="utf-8", errors="replace").startswith(LEARNED):
        raise OutputError(f"{out}: is a file that ccsim learn did not write. Name another one")
    check_place(out.with_suffix(""))


def write_learned(result: LearnResult, report: Report, base: Path, out: Path) -> None:
    """Write FILE.yaml, which extends the scenario `base`, and beside it the folder FILE with the report."""
    check_scenario_place(out)
    place = os.path.relpath(base.resolve(), out.resolve().parent)
    name = base.stem if result.scenario is None else result.scenario.name
    text = scenario_text(result, Path(place).as_posix(), f"{name}, as learned")
    write_folder(replace(report, texts={}), out.with_suffix(""))
    write_whole(text, out)


def _document(result: LearnResult, chances: Chances | None) -> Document:
    """Return the JSON document; what is not a number is null."""
    numbers: list[dict[str, Any]] = records(result.table)
    return {
        "schema_version": SCHEMA_VERSION,
        "source": result.source,
        "control": result.control,
        "contacts": {"before": result.contacts[0], "after": result.contacts[1]},
        "numbers": numbers,
        "shifts": records(result.shifts),
        "checks": records(result.checks),
        "notes": list(result.notes),
        "assumed": dict(zip(("numbers", "measured"), assumed_and_measured(result), strict=True)),
        "chances": _chances(chances),
        "answer": [sentence for sentences in answer(result, chances).values() for sentence in sentences],
    }


def _chances(chances: Chances | None) -> dict[str, Any] | None:
    if chances is None:
        return None
    found = {"before": chances.before, "after": chances.after}
    spans = {
        name: {when: [number(end) for end in span] for when, span in zip(("before", "after"), both, strict=True)}
        for name, both in chances.spans.items()
    }
    return {name: interval(one.mean, one.low, one.high) for name, one in found.items()} | {"spans": spans}
