"""What handle time is made of: its causes in seconds, which add up to AHT, and what each rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sim.loading.explain import explain_scenario
from sim.report import Cell, Table, table
from sim.report.basis import GIVEN, WORDS, worst_under
from sim.report.comparison.bot import deflects
from sim.report.comparison.decision import mark_notes, mark_of
from sim.report.comparison.findings import Findings
from sim.report.numbers import DASH, SECONDS, Value, exactly, round_percent
from sim.report.style import BLUE, GREEN, ORANGE, PURPLE, VERMILION

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
UNTOLD = (
    "{names}: no mechanism is on, so handle time is not taken apart. To see it, add screens: {{systems: 1}}, which "
    "changes nothing."
)


@dataclass(frozen=True)
class AhtCause:
    """A part of handle time.

    Attributes
    ----------
    measure : its seconds.
    label : what it is called.
    keys : what sets its size; `*` stands for any name. What only drives it, such as volumes, does not count.
    colour, hatch : how it is drawn.
    note : what a reader may wonder at; said where the cause is shown.
    short : a word or two for it within a sentence; the label where it is empty.
    """

    measure: str
    label: str
    keys: tuple[str, ...]
    colour: str
    hatch: str = ""
    note: str = ""
    short: str = ""

    @property
    def words(self) -> str:
        """What it is called within a sentence."""
        return self.short or self.label


LIGHT, MIDDLE, SKY, YELLOW = "#d9d9d9", "#a6a6a6", "#56B4E9", "#F0E442"
_ALL = (
    AhtCause(
        "aht_stated_s",
        "stated talk time of what reaches agents",
        ("intents.*.talk_time", "intents.*.bot.resolves", "intents.*.bot.containment"),
        LIGHT,
    ),
    AhtCause(
        "aht_difficulty_s",
        "harder needs",
        ("intents.*.difficulty_weight", "bot.selectivity"),
        BLUE,
        note="Harder needs: below 0, easier than all are. They come back more often, so agents meet more without a bot "
        "too.",
    ),
    AhtCause("aht_frustration_s", "frustrated customers", ("frustration.effects.talk_time",), VERMILION),
    # The rates of fatigue are assumed, but set together with the effect so that the whole is what was measured.
    AhtCause("aht_fatigue_s", "tired agents", ("fatigue.effects.talk_time", "fatigue.effects.spread"), ORANGE),
    AhtCause(
        "aht_tenure_s",
        "new agents, who still learn",
        ("workforce.learning", "workforce.tenure"),
        GREEN,
        short="new agents",
    ),
    AhtCause(
        "aht_redundancy_s",
        "a redundancy round",
        tuple(f"workforce.redundancy.{key}" for key in ("share", "handle_time", "half_life", "since")),
        GREEN,
        "....",
    ),
    AhtCause(
        "aht_speed_s",
        "agents' own speed",
        ("workforce.speed_sd", "agents.*.skills"),
        "white",
        "....",
        note="Agents' own speed is below 0 where faster agents take more contacts.",
    ),
    AhtCause(
        "aht_assistant_s",
        "the assistant",
        (
            *(f"assistant.{key}" for key in ("uplift", "decay", "adoption", "reinvest", "extra_time")),
            "workforce.tenure",
        ),
        SKY,
        "////",
    ),
    AhtCause("aht_context_s", "context that the bot lost", ("bot.lost_context_time", "bot.context_kept"), PURPLE),
    AhtCause("aht_screens_s", "switching between systems", ("screens",), YELLOW),
    AhtCause(
        "aht_supervisor_s",
        "a supervisor's decision and the wait for it",
        tuple(f"supervisor.{key}" for key in ("share", "difficult_factor", "difficult_above", "time")),
        SKY,
        short="supervisors",
    ),
    AhtCause("aht_pace_s", "hurry to meet the handle-time target", ("pace.target", "pace.push"), "white", "////"),
    AhtCause("aht_wrap_up_s", "wrap-up, as stated", ("intents.*.wrap_up",), MIDDLE),
    AhtCause("aht_summary_s", "the assistant's summary", ("assistant.summary.wrap_up",), MIDDLE, "////"),
    AhtCause("aht_cleanup_s", "correcting what the assistant logged", ("assistant.cleanup",), MIDDLE, "xxxx"),
)
CAUSES = {cause.measure: cause for cause in _ALL}
"""The parts of handle time by their measures, in the order of the report; they add up to AHT."""


def shown_causes(findings: Findings, names: Iterable[str]) -> list[AhtCause]:
    """The causes of which something is left in any of these scenarios, as it is written."""
    return [cause for cause in CAUSES.values() if any(counts(findings.value(name, cause.measure)) for name in names)]


def counts(value: Value) -> bool:
    """Whether something is left of a number of seconds, as it is written."""
    return value.known and not SECONDS.vanishes(value)


def taken_apart(findings: Findings, name: str) -> bool:
    """Whether a scenario's handle time is known by cause: without a mechanism it is not."""
    return findings.value(name, "aht_stated_s").known


# What each rests on -------------------------------------------------------------


def rest_of(findings: Findings) -> dict[str, str]:
    """What every cause rests on over all scenarios, by its measure: a grade's word, `given`, or empty."""
    parameters = [p for scenario in findings.scenarios for p in explain_scenario(scenario)]
    return {measure: worst_under(parameters, cause.keys) for measure, cause in CAUSES.items()}


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


def _notes(findings: Findings, others: list[str], shown: list[AhtCause]) -> list[str]:
    names = [name for name in (findings.base, *others) if findings.value(name, AHT).known]
    untold = [name for name in names if not taken_apart(findings, name)]
    shifts = [_shift_words(findings, name) for name in others if deflects(findings, name)]
    notes = [*shifts, *([PUBLISHED] if shifts else []), ADDED_UP, RESTS_ON, *mark_notes(findings, others)]
    notes += [cause.note for cause in shown if cause.note]
    return [*notes, *([UNTOLD.format(names=", ".join(untold))] if untold else [])]


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
