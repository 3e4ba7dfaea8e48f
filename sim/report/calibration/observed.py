"""Your figures, the model's, the gap: how every report of a scenario opens that was fitted to observed figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
from rich.console import Console

from sim.report.forms import PERCENT, Form, duration, form_of, listed
from sim.report.labels import label_of
from sim.report.numbers import interval, number
from sim.report.page_model import Paragraph, Report, ReportSection
from sim.report.table import Cell, Table, Tone, row
from sim.report.terminal import print_paragraphs, print_tables, stdout_console
from sim.report.value import Value, exactly
from sim.scenario.model import Scenario
from sim.scenario.observed import FitOutcome, Gap, Rescaling

TITLE = "Your figures, the model's, the gap"
NAME = "observed"
MEASURES = {"aht": "aht_s", "asa": "asa_s", "abandonment": "abandonment_rate", "occupancy": "occupancy", "fcr": "fcr"}
TONES: dict[str, Tone] = {"met": "good", "near": "unsure", "contradictory": "bad"}
DIALS = {"talk_time": "talk time", "patience": "patience", "resolution": "the odds of resolution", "staff": "staff"}
COLUMNS = ["figure", "intent", "yours", "model", "ci_low", "ci_high", "gap", "verdict"]
MET = "met: within the model's 95 % interval, or what your figure is rounded to"
NEAR = "near: within 10 % of a duration, 3 points of a share"


def outcome_of(scenario: Scenario) -> FitOutcome | None:
    """What a scenario was fitted to; None where it was not."""
    return scenario.observed.fitted if scenario.observed is not None else None


# The table --------------------------------------------------------------------


def observed_table(outcome: FitOutcome) -> Table:
    """A row a figure: as given, the model's, the gap, and whether it is met."""
    count = outcome.replications
    notes = (
        f"The model's: {count} replications, seed {outcome.seed}, ± half of the 95 % interval.",
        _verdicts(outcome),
    )
    return Table(TITLE, ("figure", "yours", "the model's", "gap", "verdict"), tuple(_rows(outcome)), notes)


def _rows(outcome: FitOutcome) -> Iterator[tuple[Cell, ...]]:
    for gap in outcome.gaps:
        model = Value(gap.model, gap.low, gap.high)
        form = form_of("share" if _is_share(gap) else "s", (model, exactly(gap.yours)))
        change = form.change(exactly(gap.model - gap.yours))
        yours = form.value(exactly(gap.yours))
        yield row(
            _figure(outcome, gap) + _unit(form), yours, form.value(model), change, Cell(gap.verdict, TONES[gap.verdict])
        )


def _is_share(gap: Gap) -> bool:
    return gap.figure not in ("aht", "asa")


def _unit(form: Form) -> str:
    return "" if form is PERCENT else f" ({form.unit})"


def _figure(outcome: FitOutcome, gap: Gap) -> str:
    text = label_of(MEASURES.get(gap.figure, outcome.definition)).text
    text += f" within {outcome.within:g} s ({outcome.definition})" if gap.figure == "service_level" else ""
    return f"{text} of {gap.intent}" if gap.intent else text


def _verdicts(outcome: FitOutcome) -> str:
    return "; ".join([MET, *([NEAR] if any(gap.verdict != "met" for gap in outcome.gaps) else [])]) + "."


# Words ------------------------------------------------------------------------


def sentences(outcome: FitOutcome, scenario: Scenario) -> tuple[str, ...]:
    """What was rescaled, and what cannot be met together."""
    turned = [_turned(turn) for turn in outcome.turns]
    first = f"Rescaled: {', '.join(turned)}." if turned else "Nothing was rescaled."
    ends = [_dial(turn) for turn in outcome.turns if turn.at_bound]
    stopped = f"{_capital(listed(ends))} stopped at the end of the range, a tenth to ten times." if ends else ""
    builds = f"{scenario.name} builds on {outcome.document}, whose figures these are."
    return tuple(
        text for text in (first, stopped, _together(outcome), builds * (scenario.name != outcome.document)) if text
    )


def _together(outcome: FitOutcome) -> str:
    missed = [_figure(outcome, gap) for gap in outcome.gaps if gap.verdict != "met"]
    if not missed:
        return "All figures are met."
    rest = len(outcome.gaps) > len(missed)
    beside = " with the other figures" if rest else ""
    words = "the model's figures above are the nearest that can be met together"
    return f"{_capital(listed(missed))} cannot be met{' together' * (len(outcome.gaps) > 1)}{beside}: {words}."


def _turned(turn: Rescaling) -> str:
    ends = [_level(turn, value) for value in (turn.before, turn.after)]
    return f"{_dial(turn)} x {turn.factor:.2f} ({' to '.join(ends)})"


def _dial(turn: Rescaling) -> str:
    return f"{DIALS[turn.dial]} of {turn.intent}" if turn.intent else DIALS[turn.dial]


def _level(turn: Rescaling, value: float) -> str:
    if turn.dial == "resolution":
        return PERCENT.value(exactly(value))
    return f"{value:.1f} agents" if turn.dial == "staff" else duration(value)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# Where it stands --------------------------------------------------------------


def print_opening(scenario: Scenario, console: Console | None = None) -> None:
    """Print the table and its sentences; nothing for a scenario that was not fitted."""
    outcome = outcome_of(scenario)
    if outcome is not None:
        console = console or stdout_console()
        print_tables(console, [observed_table(outcome)])
        print_paragraphs(console, [Paragraph("", sentences(outcome, scenario))])


def opened(bundle: Report) -> Report:
    """Return a report that opens with the observed figures of its first scenario; as it is where that has none."""
    first = next(iter(bundle.scenarios.values()), None)
    outcome = outcome_of(first) if first is not None else None
    if first is None or outcome is None:
        return bundle
    items = (observed_table(outcome), Paragraph("", sentences(outcome, first)))
    paper = replace(bundle.paper, sections=(ReportSection(TITLE, items), *bundle.paper.sections))
    return replace(bundle, paper=paper, tables={NAME: frame_of(outcome), **bundle.tables})


def frame_of(outcome: FitOutcome) -> pd.DataFrame:
    """Tidy: figure, intent (empty for the centre), yours, model, ci_low, ci_high, gap, verdict."""
    rows = [(g.figure, g.intent, g.yours, g.model, g.low, g.high, g.model - g.yours, g.verdict) for g in outcome.gaps]
    return pd.DataFrame(rows, columns=COLUMNS)


def opened_document(document: dict[str, Any], scenario: Scenario) -> dict[str, Any]:
    """Return a JSON document with the key `observed` near its top; as it is for a scenario that was not fitted."""
    outcome = outcome_of(scenario)
    if outcome is None:
        return document
    told = {
        "document": outcome.document,
        "seed": outcome.seed,
        "replications": outcome.replications,
        "figures": [_figure_document(gap) for gap in outcome.gaps],
        "rescaled": [turn.model_dump(mode="json") for turn in outcome.turns],
        "sentences": list(sentences(outcome, scenario)),
    }
    top = {key: document[key] for key in _before(list(document))}
    return {**top, NAME: told, **{key: value for key, value in document.items() if key not in top}}


def _before(keys: Sequence[str]) -> list[str]:
    return [key for key in keys if key in ("schema_version", "scenario")]


def _figure_document(gap: Gap) -> dict[str, Any]:
    model = interval(gap.model, gap.low, gap.high)
    names = {"figure": gap.figure, "intent": gap.intent or None}
    return {**names, "yours": gap.yours, "model": model, "gap": number(gap.model - gap.yours), "verdict": gap.verdict}
