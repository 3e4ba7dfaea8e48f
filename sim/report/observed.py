"""Your figures, the model's, the gap: what every report of a fitted scenario shows below its answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from sim.calibrate.observed.contradictions import repeats_counted
from sim.report import Cell, Document, Paragraph, Report, ReportSection, Table, Tone, row
from sim.report.labels import label_of
from sim.report.numbers import PERCENT, Form, Value, duration, exactly, form_of, interval, listed, number
from sim.scenario.model import Scenario
from sim.scenario.observed import MEASURES, FitOutcome, Gap, Rescaling

TITLE = "Your figures, the model's, the gap"
NAME = "observed"
TONES: dict[str, Tone] = {"met": "good", "near": "unsure", "given up": "bad", "contradictory": "bad"}
SCALES = {
    "arrivals": "arrivals",
    "talk_time": "talk time",
    "patience": "patience",
    "balk": "the share that leaves at once",
    "resolution": "the odds of resolution",
    "staff": "staff",
}
COLUMNS = ["figure", "intent", "weekday", "yours", "model", "ci_low", "ci_high", "gap", "verdict"]
MET = "met: within the model's 95 % interval, or what your figure is rounded to"
NEAR = "near: within 10 % of a duration, 3 points of a share, 3 % of contacts"
GIVEN_UP = "given up: it gave way to figures that are surer"
SAME = 0.03
COUNTS_REPEATS = "What the file gave as first contacts is what the report counts with repeats and redials."
COUNTED = "Contacts a day: without the luck of how many first contacts these days brought."
OPEN = "Handle time of chats, as exports have it, is how long they are open; the agent's time of each is under AHT."
REPORTED = "As the switch reports it: who left a chat without a word counts as answered once an agent opens it."
SILENT = ("sl_reported", "abandonment_reported")


def outcome_of(scenario: Scenario) -> FitOutcome | None:
    """What a scenario was fitted to; None where it was not."""
    return scenario.observed.fitted if scenario.observed is not None else None


# The table --------------------------------------------------------------------


def observed_table(outcome: FitOutcome) -> Table:
    """A row a figure: as given, the model's, the gap, and whether it is met."""
    count = outcome.replications
    notes = (
        f"The model's: {count} replications, seed {outcome.seed}, ± half of the 95 % interval.",
        *([COUNTED] if any(gap.figure == "contacts" for gap in outcome.gaps) else []),
        *([OPEN] if any(gap.measure == "elapsed_s" for gap in outcome.gaps) else []),
        *([REPORTED] if any(gap.measure in SILENT for gap in outcome.gaps) else []),
        _verdicts(outcome),
    )
    return Table(TITLE, ("figure", "yours", "the model's", "gap", "verdict"), tuple(_rows(outcome)), notes)


def _rows(outcome: FitOutcome) -> Iterator[tuple[Cell, ...]]:
    for gap in outcome.gaps:
        model = Value(gap.model, gap.low, gap.high)
        form = form_of(_kind(gap), (model, exactly(gap.yours)))
        change = form.change(exactly(gap.model - gap.yours))
        yours = form.value(exactly(gap.yours))
        yield row(
            _figure(outcome, gap) + _unit(form), yours, form.value(model), change, Cell(gap.verdict, TONES[gap.verdict])
        )


def _kind(gap: Gap) -> str:
    """The kind of number that a figure is (`sim.report.numbers.form_of`)."""
    return {"aht": "s", "asa": "s", "contacts": "number"}.get(gap.figure, "share")


def _unit(form: Form) -> str:
    return "" if form is PERCENT or not form.unit else f" ({form.unit})"


def _figure(outcome: FitOutcome, gap: Gap) -> str:
    if gap.figure == "service_level":
        text = label_of(outcome.definition).text + f" within {outcome.within:g} s ({gap.measure or outcome.definition})"
    else:
        text = label_of(gap.measure or MEASURES[gap.figure]).text
    text += " a day" if gap.figure == "contacts" else ""
    return f"{text} of {gap.intent or gap.weekday}" if gap.intent or gap.weekday else text


def _verdicts(outcome: FitOutcome) -> str:
    found = {gap.verdict for gap in outcome.gaps}
    return "; ".join([MET, *([NEAR] * bool(found - {"met"})), *([GIVEN_UP] * ("given up" in found))]) + "."


# Words ------------------------------------------------------------------------


def sentences(outcome: FitOutcome, scenario: Scenario) -> tuple[str, ...]:
    """What was rescaled, and what cannot be met together."""
    scales = [_scale(rescaling) for rescaling in outcome.turns]
    first = f"Rescaled: {', '.join(scales)}." if scales else "Nothing was rescaled."
    ends = [_parameter(rescaling) for rescaling in outcome.turns if rescaling.at_bound]
    stopped = f"{_capital(listed(ends))} stopped at the end of the range, a tenth to ten times." if ends else ""
    builds = f"{scenario.name} builds on {outcome.document}, whose figures these are."
    parts = (first, _returns(outcome), stopped, *_together(outcome), builds * (scenario.name != outcome.document))
    return tuple(text for text in parts if text)


def _returns(outcome: FitOutcome) -> str:
    """First contacts beside what reaches agents, where contacts were given."""
    contacts = [gap for gap in outcome.gaps if gap.figure == "contacts"]
    if not contacts or not outcome.first_contacts:
        return ""
    words = f"Of {outcome.first_contacts:,.0f} first contacts a day, with returns {outcome.offered:,.0f} reach agents."
    return words + (f" {COUNTS_REPEATS}" if _counts_repeats(outcome) else "")


def _counts_repeats(outcome: FitOutcome) -> bool:
    """Whether the file gives as first contacts about what the report counts as contacts."""
    given = {(gap.intent, gap.weekday): gap.yours for gap in outcome.gaps if gap.figure == "contacts"}
    turned = [turn for turn in outcome.turns if turn.dial == "arrivals" and (turn.intent, turn.weekday) in given]
    same = [abs(turn.before / given[turn.intent, turn.weekday] - 1.0) < SAME for turn in turned]
    return bool(same) and all(same) and all(turn.factor < 1.0 - SAME for turn in turned)


def _together(outcome: FitOutcome) -> list[str]:
    """Which figures are not met, which of them was given up, and by how much each is off."""
    missed = [gap for gap in outcome.gaps if gap.verdict != "met"]
    if not missed:
        return ["All figures are met."]
    rest = len(outcome.gaps) > len(missed)
    beside = " with the other figures" if rest else ""
    names = [_figure(outcome, gap) for gap in missed]
    words = "the model's figures above are the nearest that can be met together"
    first = f"{_capital(listed(names))} cannot be met{' together' * (len(outcome.gaps) > 1)}{beside}: {words}."
    held = sorted({_figure(outcome, gap) for gap in outcome.gaps if gap.held and gap.verdict == "met"})
    kept = f"Held, and met: {listed(held)}." if held else ""
    return [text for text in (first, *(_off(outcome, gap) for gap in missed), kept, *_asked(outcome)) if text]


def _off(outcome: FitOutcome, gap: Gap) -> str:
    form = form_of(_kind(gap), (exactly(gap.model), exactly(gap.yours)))
    unit = f" {form.unit}" if _unit(form) else ""
    ends = f"{form.value(exactly(gap.model))}{unit} where yours is {form.value(exactly(gap.yours))}{unit}"
    change = form.change(exactly(gap.model - gap.yours))
    what = "was given up" if gap.verdict == "given up" else "is held and not reached" if gap.held else "is off"
    return f"{_capital(_figure(outcome, gap))} {what}: {ends} ({change})."


def _asked(outcome: FitOutcome) -> list[str]:
    return [f"{words}." for words in repeats_counted(outcome)]


def _scale(rescaling: Rescaling) -> str:
    ends = [_level(rescaling, value) for value in (rescaling.before, rescaling.after)]
    if rescaling.dial == "balk":
        return f"{_parameter(rescaling)} {' to '.join(ends)}"
    return f"{_parameter(rescaling)} x {rescaling.factor:.2f} ({' to '.join(ends)})"


def _parameter(rescaling: Rescaling) -> str:
    of = rescaling.intent or rescaling.weekday
    return f"{SCALES[rescaling.dial]} of {of}" if of else SCALES[rescaling.dial]


def _level(rescaling: Rescaling, value: float) -> str:
    if rescaling.dial in ("resolution", "balk"):
        return PERCENT.value(exactly(value))
    if rescaling.dial == "arrivals":
        return f"{value:,.0f}" + " first contacts a day" * (value == rescaling.after)
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
    """Tidy: figure, intent and weekday (empty for the centre), yours, model, ci_low, ci_high, gap, verdict."""
    rows = [
        (g.figure, g.intent, g.weekday, g.yours, g.model, g.low, g.high, g.model - g.yours, g.verdict)
        for g in outcome.gaps
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _documented(document: Document, outcome: FitOutcome, scenario: Scenario) -> Document:
    """A JSON document with the key `observed` near its top."""
    observed = {
        "document": outcome.document,
        "seed": outcome.seed,
        "replications": outcome.replications,
        "first_contacts": outcome.first_contacts,
        "offered": outcome.offered,
        "given_up": list(outcome.given_up),
        "figures": [_figure_document(gap) for gap in outcome.gaps],
        "rescaled": [rescaling.model_dump(mode="json") for rescaling in outcome.turns],
        "sentences": list(sentences(outcome, scenario)),
    }
    top = {key: value for key, value in document.items() if key in ("schema_version", "scenario")}
    return {**top, NAME: observed, **{key: value for key, value in document.items() if key not in top}}


def _figure_document(gap: Gap) -> Document:
    model = interval(gap.model, gap.low, gap.high)
    names = {"figure": gap.figure, "intent": gap.intent or None, "weekday": gap.weekday or None}
    return {**names, "yours": gap.yours, "model": model, "gap": number(gap.model - gap.yours), "verdict": gap.verdict}
