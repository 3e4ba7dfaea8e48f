"""What handle time is made of: its causes in seconds, which add up to AHT, and what each rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.loading.explain import explain_scenario
from sim.mechanisms import parts_of_handle_time
from sim.mechanisms.declaration import Part
from sim.report import Cell, Table, table
from sim.report.basis import GIVEN, WORDS, worst_under
from sim.report.comparison.bot import deflects
from sim.report.comparison.decision import mark_notes, mark_of
from sim.report.comparison.findings import Findings
from sim.report.numbers import DASH, SECONDS, Value, exactly, round_percent

AHT, SUM = "aht_s", "average handle time, AHT: the sum"
WEAK = (WORDS["W"], WORDS["A"])
SHOWN_GRADES = (GIVEN, *WORDS.values())
PUBLISHED = (
    "Published shifts, for comparison and not a pass mark: UK centres (CCMA) from 8:18 to 9:13 in a year, +11 %, put "
    "down to complexity; ContactBabel: US service calls +38 % since 2012, UK calls +62 % from 2004 to 2019, of many "
    "causes at once."
)
ADDED_UP = "Seconds of a contact. The causes add up to AHT, but for rounding."
RESTS_ON = "Rests on: given in the file, or a default, by how well its number is known; the least known counts."


def causes() -> dict[str, Part]:
    """Return the parts of handle time by their measures, in the order of the report; they add up to AHT."""
    return {part.measure: part for part in parts_of_handle_time()}


def shown_causes(findings: Findings, names: Iterable[str]) -> list[Part]:
    """The causes of which something is left in any of these scenarios, as it is written."""
    return [cause for cause in causes().values() if any(counts(findings.value(name, cause.measure)) for name in names)]


def counts(value: Value) -> bool:
    """Whether something is left of a number of seconds, as it is written."""
    return value.known and not SECONDS.vanishes(value)


# What each rests on -------------------------------------------------------------


def rest_of(findings: Findings) -> dict[str, str]:
    """What every cause rests on over all scenarios, by its measure: a grade's word, `given`, or empty."""
    parameters = [p for scenario in findings.scenarios for p in explain_scenario(scenario)]
    return {measure: worst_under(parameters, cause.rests_on) for measure, cause in causes().items()}


def change_by_grade(findings: Findings, name: str) -> dict[str, float]:
    """Seconds of a scenario's change of AHT by what they rest on, from given to assumed."""
    seconds = dict.fromkeys(SHOWN_GRADES, 0.0)
    for measure, grade in rest_of(findings).items():
        change = findings.change(name, measure)
        if change.known and grade:
            seconds[grade] += change.mean
    return seconds


# The table ----------------------------------------------------------------------


def causes_table(findings: Findings, others: Sequence[str] | None = None, differences: bool = True) -> Table:
    """One row a cause, and AHT below; a column for the first scenario and one or two for each of the others.

    Parameters
    ----------
    others, differences : as for the decision table.
    """
    others = findings.others if others is None else list(others)
    columns = ["Cause", "rests on", findings.base]
    for name in others:
        columns += [name, "change"] if differences else [name]
    shown, rests = shown_causes(findings, [findings.base, *others]), rest_of(findings)
    rows = [_row(findings, c.label, rests[c.measure] or DASH, c.measure, others, differences) for c in shown]
    rows += [_row(findings, SUM, "", AHT, others, differences)] if shown else []
    return table("What handle time is made of (s)", columns, rows, _notes(findings, others, shown), labels=2)


def _row(
    findings: Findings, label: str, rests: str, measure: str, others: list[str], differences: bool
) -> tuple[Cell, ...]:
    cells = [Cell(label), Cell(rests), Cell(SECONDS.value(_tidy(findings.value(findings.base, measure))))]
    for name in others:
        change = _tidy(findings.change(name, measure))
        mark = mark_of(change, SECONDS)
        cells.append(Cell(SECONDS.value(_tidy(findings.value(name, measure))) + ("" if differences else mark)))
        if differences:
            cells.append(Cell(SECONDS.change(change) + mark, "" if mark else "quiet"))
    return tuple(cells)


def _tidy(value: Value) -> Value:
    """A value, without its interval where that too is written as nothing."""
    width = exactly(value.half_width) if value.judged else value
    return exactly(0.0) if value.known and SECONDS.vanishes(value) and SECONDS.vanishes(width) else value


def _notes(findings: Findings, others: list[str], shown: list[Part]) -> list[str]:
    shifts = [_shift_words(findings, name) for name in others if deflects(findings, name)]
    notes = [*shifts, *([PUBLISHED] if shifts else []), ADDED_UP, RESTS_ON, *mark_notes(findings, others)]
    return notes + [cause.note for cause in shown if cause.note]


def _shift_words(findings: Findings, name: str) -> str:
    """By how much AHT changes behind a bot, and how much of that rests on numbers that are weak or assumed."""
    rise, change = -findings.fall(name, AHT).mean, findings.change(name, AHT)
    if not change.known:
        return f"{name}: no AHT to compare."
    said = f"{name}: AHT {round_percent(abs(rise))} {'longer' if rise >= 0 else 'shorter'}, {SECONDS.change(change)} s"
    by_grade = change_by_grade(findings, name)
    if not any(by_grade.values()):
        return f"{said}."
    weak = {word: by_grade.pop(word) for word in WEAK}
    return f"{said}: {_summed(weak, 'weak or assumed numbers')}, {_summed(by_grade, 'others')}."


def _summed(seconds: dict[str, float], what: str) -> str:
    """A sum of seconds, and in brackets what it is made of."""
    values = {word: exactly(part) for word, part in seconds.items()}
    parts = [f"{word} {SECONDS.change(value)} s" for word, value in values.items() if not SECONDS.vanishes(value)]
    said = f"{SECONDS.change(exactly(sum(seconds.values())))} s on {what}"
    return f"{said} ({', '.join(parts)})" if parts else said
