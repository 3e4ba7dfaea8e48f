"""Your figures, the model's, the gap: what every report of a fitted scenario shows below its answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from sim.report import Cell, Document, Paragraph, Report, ReportSection, Table, Tone, row
from sim.report.labels import label_of
from sim.report.numbers import PERCENT, Form, Value, duration, exactly, form_of, interval, listed, number
from sim.scenario.model import Scenario
from sim.scenario.observed import FitOutcome, Gap, Rescaling

TITLE = "Your figures, the model's, the gap"
NAME = "observed"
MEASURES = {"aht": "aht_s", "asa": "asa_s", "abandonment": "abandonment_rate", "occupancy": "occupancy", "fcr": "fcr"}
TONES: dict[str, Tone] = {"met": "good", "near": "unsure", "contradictory": "bad"}
SCALES = {"talk_time": "talk time", "patience": "patience", "resolution": "the odds of resolution", "staff": "staff"}
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
    scales = [_scale(rescaling) for rescaling in outcome.turns]
    first = f"Rescaled: {', '.join(scales)}." if scales else "Nothing was rescaled."
    ends = [_parameter(rescaling) for rescaling in outcome.turns if rescaling.at_bound]
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


def _scale(rescaling: Rescaling) -> str:
    ends = [_level(rescaling, value) for value in (rescaling.before, rescaling.after)]
    return f"{_parameter(rescaling)} x {rescaling.factor:.2f} ({' to '.join(ends)})"


def _parameter(rescaling: Rescaling) -> str:
    return f"{SCALES[rescaling.dial]} of {rescaling.intent}" if rescaling.intent else SCALES[rescaling.dial]


def _level(rescaling: Rescaling, value: float) -> str:
    if rescaling.dial == "resolution":
        return PERCENT.value(exactly(value))
    return f"{value:.1f} agents" if rescaling.dial == "staff" else duration(value)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# Where it stands --------------------------------------------------------------


def with_observed(report: Report) -> Report:
    """Return a report that shows the observed figures of its first scenario below its answer; as it is without any."""
    scenario = next(iter(report.scenarios.values()), None)
    outcome = outcome_of(scenario) if scenario is not None else None
    if scenario is None or outcome is None:
        return report

    def figures() -> tuple[Table, Paragraph]:
        return observed_table(outcome), Paragraph("", sentences(outcome, scenario))

    answers = [number for number, section in enumerate(report.sections, start=1) if section.answers]
    below = max(answers, default=0)
    order = max((report.sections[number - 1].on_terminal for number in answers), default=1)
    section = ReportSection(TITLE, figures, on_terminal=order)
    return replace(
        report,
        sections=(*report.sections[:below], section, *report.sections[below:]),
        make_tables=lambda: {**report.tables, NAME: frame_of(outcome)},
        document=lambda: _documented(report.document(), outcome, scenario),
    )


def frame_of(outcome: FitOutcome) -> pd.DataFrame:
    """Tidy: figure, intent (empty for the centre), yours, model, ci_low, ci_high, gap, verdict."""
    rows = [(g.figure, g.intent, g.yours, g.model, g.low, g.high, g.model - g.yours, g.verdict) for g in outcome.gaps]
    return pd.DataFrame(rows, columns=COLUMNS)


def _documented(document: Document, outcome: FitOutcome, scenario: Scenario) -> Document:
    """A JSON document with the key `observed` near its top."""
    observed = {
        "document": outcome.document,
        "seed": outcome.seed,
        "replications": outcome.replications,
        "figures": [_figure_document(gap) for gap in outcome.gaps],
        "rescaled": [rescaling.model_dump(mode="json") for rescaling in outcome.turns],
        "sentences": list(sentences(outcome, scenario)),
    }
    top = {key: value for key, value in document.items() if key in ("schema_version", "scenario")}
    return {**top, NAME: observed, **{key: value for key, value in document.items() if key not in top}}


def _figure_document(gap: Gap) -> Document:
    model = interval(gap.model, gap.low, gap.high)
    names = {"figure": gap.figure, "intent": gap.intent or None}
    return {**names, "yours": gap.yours, "model": model, "gap": number(gap.model - gap.yours), "verdict": gap.verdict}
