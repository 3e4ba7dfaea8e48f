"""The report of `calibrate`: the answer, the gap, the fits, the back-test, what was understood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from sim import __version__
from sim.calibrate.backtest.walk_forward import BackTest, by_month, scores
from sim.calibrate.export import Calibration
from sim.calibrate.fitted_tables import fitted_numbers, reproduced
from sim.calibrate.scenario_files import files_of
from sim.errors import OutputError
from sim.report import Chart, Document, Paragraph, Pictures, Report, ReportSection, ShortLines
from sim.report.calibration.tables import (
    NAMES,
    centre_table,
    closer_table,
    coverage_table,
    figure,
    gap_table,
    intents_table,
    miss,
    share,
    tidy_tables,
)
from sim.report.numbers import listed
from sim.report.render.folder import check_place, write_folder, write_whole

SCHEMA_VERSION = 1
REPLICATIONS = 1
MARK = "# Fitted by ccsim calibrate"


def calibration_report(calibration: Calibration) -> Report:
    """Return the report of a calibration."""
    return Report(
        title=calibration.name,
        line=f"{heading(calibration)}.",
        sections=tuple(_sections(calibration)),
        footer=(
            f"ccsim {__version__}, seed {calibration.seed}. Every number with its interval: fits.csv; every half-hour, "
            "hour and day that was predicted: the CSV files beside this page.",
        ),
        scenarios={calibration.name: calibration.scenario},
        seed=calibration.seed,
        replications=REPLICATIONS,
        document=lambda: _document(calibration),
        make_tables=lambda: tidy_tables(calibration),
    )


def _sections(calibration: Calibration) -> Iterator[ReportSection]:
    test, notes, lines = calibration.back_test, notes_of(calibration), tuple(calibration.understood.lines())

    told = Paragraph("", tuple(answer(calibration)))
    yield ReportSection("What comes of it", lambda: [told], headed=True, on_terminal=1, answers=True)
    yield ReportSection("The gap", lambda: [gap_table(calibration)], "whole", on_terminal=1, answers=True)
    if test is not None:
        yield ReportSection("Who was closer", lambda: [closer_table(test)], "whole", on_terminal=2)
        yield ReportSection("Back-test by month", lambda: [coverage_table(test)], "whole", on_terminal=2)
    yield ReportSection("Charts", lambda: [Pictures(lambda: _charts(calibration))], "grid")
    yield ReportSection("The centre", lambda: [centre_table(calibration)], "whole", on_terminal=2)
    yield ReportSection("The intents", lambda: [intents_table(calibration)], "whole", on_terminal=2)
    yield ReportSection("What was understood", lambda: [ShortLines(lines)], headed=True, on_terminal=3)
    if notes:
        yield ReportSection("What to know before trusting it", lambda: [ShortLines(tuple(notes))], headed=True)


def _charts(calibration: Calibration) -> list[Chart]:
    from sim.report.calibration import charts

    return charts.draw(calibration)


# In its place -----------------------------------------------------------------------


def check_scenario_place(out: Path) -> None:
    """See that a scenario can be written without losing anybody's file.

    Raises
    ------
    OutputError
        When a file is there that was not fitted, or the folder beside it holds other things.
    """
    if out.is_dir():
        raise OutputError(f"{out}: is a folder. Name a file")
    if out.exists() and not out.read_text(encoding="utf-8", errors="replace").startswith(MARK):
        raise OutputError(f"{out}: is a file that ccsim calibrate did not write. Name another one")
    check_place(out.with_suffix(""))


def write_scenario(calibration: Calibration, report: Report, out: Path) -> None:
    """Write FILE.yaml, and beside it the folder FILE with its tables, the report and what is behind it.

    The folder is there whole or not at all; the scenario is written last.
    """
    check_scenario_place(out)
    files = files_of(calibration.document, calibration.fits, out.stem, heading(calibration), description(calibration))
    write_folder(replace(report, texts=files.tables), out.with_suffix(""))
    write_whole(files.scenario, out)


# Words ------------------------------------------------------------------------------


def answer(calibration: Calibration) -> list[str]:
    """What a meeting should take home."""
    seen, closed = calibration.fits.seen, calibration.closed
    words, items = [], calibration.fits.items
    if items is not None:
        words.append(
            f"The fitted scenario does {figure('done_per_day', closed.done_per_day)} items a day where "
            f"{figure('done_per_day', items.done_per_day)} were done, in {figure('turnaround_h', closed.turnaround_h)} "
            f"each where it was {figure('turnaround_h', items.turnaround_h)}."
        )
    if seen.abandonment == seen.abandonment:
        words.append(
            f"The fitted scenario has an abandonment of {share(closed.abandonment)} where {share(seen.abandonment)} "
            f"was seen{_wait(seen.wait_all_s, closed.wait_all_s)}."
        )
    if calibration.back_test is not None:
        words += prediction(calibration.back_test)
    return words


def _wait(seen: float, closed: float) -> str:
    if seen != seen:
        return ""
    return f", and a mean wait of {figure('wait_s', closed)} where it was {figure('wait_s', seen)}"


def prediction(test: BackTest) -> list[str]:
    """How well it would have predicted."""
    whole = by_month(test).iloc[-1]
    first, last = test.windows["predict_from"].min().date(), test.windows["predict_to"].max().date()
    days = int((test.windows["fit_to"] - test.windows["fit_from"]).dt.days.iloc[0]) + 1
    words = [
        f"{_weeks(test.weeks)} from {first} to {last} predicted from the {days} days before: "
        f"{share(whole['offered_covered'], 0)} of the intervals' contacts and "
        f"{share(whole['abandonment_covered'], 0)} of the hours' abandonment lay within their 90 % prediction "
        "intervals."
    ]
    records: dict[Any, Any] = {(r["figure"], r["model"]): r for r in scores(test).to_dict("records")}
    words += [_closer(records, name) for name in ("abandonment", "wait_s") if (name, "sim") in records]
    return words


def _weeks(count: int) -> str:
    return "One week" if count == 1 else f"{count} weeks, each"


def _closer(records: dict[Any, Any], name: str) -> str:
    own, formula, naive = (records[name, model] for model in ("sim", "erlang_a", "erlang_c"))
    verdict = _verdict(formula)
    return (
        f"{NAMES[name].capitalize()} of a day is missed by {miss(name, own['mae'])} by the simulation, by "
        f"{miss(name, formula['mae'])} by Erlang A and by {miss(name, naive['mae'])} by Erlang C; over all contacts "
        f"the simulation is off by {figure(name, own['bias'], signed=True)}, Erlang A by "
        f"{figure(name, formula['bias'], signed=True)}. {verdict}"
    )


def _verdict(formula: dict[str, Any]) -> str:
    """Whether the simulation is closer than Erlang A, as far as the days can tell."""
    if formula["mae_more_low"] > 0:
        return "The simulation is closer than Erlang A."
    if formula["mae_more_high"] < 0:
        return "Erlang A is closer than the simulation."
    better = "the simulation" if formula["mae_more"] > 0 else "Erlang A"
    return f"The difference is within chance; on these days {better} did better."


def notes_of(calibration: Calibration) -> list[str]:
    """What looked odd, and what the fits rest on."""
    return [*calibration.understood.notes, *calibration.notes]


def heading(calibration: Calibration) -> str:
    """Where the scenario comes from, in a line."""
    first, last = calibration.dates[0].date(), calibration.dates[-1].date()
    return f"Fitted by ccsim calibrate to {calibration.path.name}, {first} to {last}"


def description(calibration: Calibration) -> str:
    """A scenario's description of itself."""
    first, last = calibration.dates[0].date(), calibration.dates[-1].date()
    names = listed(list(calibration.fits.who.intents))
    credit = calibration.understood.facts.get("acknowledge", "")
    words = f"A typical week, fitted to {calibration.path.name} from {first} to {last}; intents: {names}."
    return f"{words} {credit}.".removesuffix(" .")


# JSON -------------------------------------------------------------------------------


def _document(calibration: Calibration) -> Document:
    """Return the JSON document of a calibration; what is not a number is null."""
    understood, test = calibration.understood, calibration.back_test
    dropped = [{"rows": rows, "why": why, "line": line} for rows, why, line in understood.dropped]
    document: Document = {
        "schema_version": SCHEMA_VERSION,
        "export": calibration.path.name,
        "scenario": calibration.name,
        "seed": calibration.seed,
        "understood": {"rows": understood.rows, **understood.facts},
        "dropped": dropped,
        "notes": notes_of(calibration),
        "reproduced": _records(reproduced(calibration.fits, calibration.closed)),
        "staff_factor": calibration.closed.choice.staff_factor,
        "fits": _records(fitted_numbers(calibration.fits, calibration.closed)),
        "answer": answer(calibration),
    }
    if test is not None:
        document["back_test"] = {
            "weeks": test.weeks,
            "within_s": test.within_s,
            "contacts_outside_hours": test.outside,
            "by_month": _records(by_month(test)),
            "scores": _records(scores(test)),
        }
    return document


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): _plain(value) for key, value in record.items()} for record in table.to_dict("records")]


def _plain(value: Any) -> Any:
    """A value that JSON knows: no numpy number, and null for what is not a number."""
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not abs(value) < float("inf") else value
