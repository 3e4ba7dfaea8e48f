"""``ccsim learn``: what logs before and after a bot, or of a pilot with a control arm, tell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.echo import echo
from sim.cli.options import Json, load_all, print_note, show
from sim.cli.pairs import meanings, pairs
from sim.errors import CcsimError

if TYPE_CHECKING:
    from sim.learning.read import LearnOptions
    from sim.learning.result import LearnResult

Texts = list[str] | None
ENDS = ("contained", "handed_over", "opted_out", "left")


def _option(name: str, metavar: str, about: str) -> Any:
    return typer.Option(name, metavar=metavar, help=about, show_default=False)


Before = Annotated[list[Path] | None, _option("--before", "EXPORT", "Log of contacts before the bot; may be repeated.")]
After = Annotated[
    list[Path] | None,
    _option("--after", "EXPORT", "Log of contacts with the bot, or of a pilot with a control arm; may be repeated."),
]
Bot = Annotated[list[Path] | None, _option("--bot", "EXPORT", "Log of the bot's sessions; may be repeated.")]
Base = Annotated[
    Path | None, _option("--scenario", "FILE", "Scenario whose numbers are learned, and what it believes of them.")
]
Learned = Annotated[
    Path | None, _option("--out", "FILE.yaml", "Write the scenario with what was learned, and its report, here.")
]


def learn(
    before: Before = None,
    after: After = None,
    bot: Bot = None,
    scenario: Base = None,
    out: Learned = None,
    mapped: Annotated[Texts, _option("--map", "OURS=THEIRS", "Which column of contacts is what; repeatable.")] = None,
    mapped_bot: Annotated[Texts, _option("--map-bot", "OURS=THEIRS", "The same for the bot's sessions.")] = None,
    arm: Annotated[Texts, _option("--arm", "WORD=MEANING", "A word of the arm: control or pilot.")] = None,
    bot_outcome: Annotated[
        Texts, _option("--bot-outcome", "WORD=MEANING", "contained, handed_over, opted_out or left.")
    ] = None,
    outcome: Annotated[Texts, _option("--outcome", "WORD=MEANING", "answered, abandoned or dropped.")] = None,
    channel: Annotated[Texts, _option("--channel", "WORD", "Use this channel; voice by default; repeatable.")] = None,
    time_zone: Annotated[str, _option("--time-zone", "ZONE", "The centre's, such as Europe/Berlin.")] = "",
    unit: Annotated[str, _option("--unit", "UNIT", "Of bare times: seconds, minutes, hours, milliseconds.")] = "",
    dates: Annotated[str, _option("--dates", "ORDER", "day-first or month-first.")] = "",
    decimal: Annotated[str, _option("--decimal", "MARK", "Decimal mark: , or .")] = "",
    as_json: Json = False,
) -> None:
    """Learn from logs what a bot takes and how it chooses, with intervals, and write a scenario that has it."""
    if not after:
        raise CcsimError(
            "--after: names no log. Say --before EXPORT --after EXPORT, or --after of a pilot with control"
        )
    _check(out, scenario, (("--unit", unit, UNITS), ("--dates", dates, ORDERS), ("--decimal", decimal, MARKS)))
    options = _options((mapped, mapped_bot, arm, bot_outcome, outcome), channel, (time_zone, unit, dates, decimal))
    base = load_all([scenario], [])[0] if scenario is not None else None
    import sim

    _deliver(sim.learn(after, before, bot, base, options), scenario, out, as_json)


UNITS, ORDERS = ("seconds", "minutes", "hours", "milliseconds"), ("day-first", "month-first")
MARKS = (",", ".")


def _check(out: Path | None, scenario: Path | None, flags: tuple[tuple[str, str, tuple[str, ...]], ...]) -> None:
    """See that the flags can be honoured, before anything is read."""
    for flag, value, allowed in flags:
        if value and value not in allowed:
            raise CcsimError(f"{flag}: {value}: is not allowed. Write {' or '.join(allowed)}")
    if out is None:
        return
    if scenario is None:
        raise CcsimError(f"--out: {out}: needs the scenario that it goes into. Add --scenario FILE")
    if out.suffix not in (".yaml", ".yml"):
        raise CcsimError(f"--out: {out}: is not the name of a scenario file. Write a name such as {out}.yaml")
    from sim.report.learn import check_scenario_place

    check_scenario_place(out)


def _options(words: tuple[Texts, ...], channel: Texts, reading: tuple[str, str, str, str]) -> LearnOptions:
    """What the caller knows of the logs."""
    from sim.calibrate.reading.import_log import ReadOptions
    from sim.learning.read import LearnOptions

    mapped, mapped_bot, arm, bot_outcome, outcome = words
    zone, unit, dates, decimal = reading
    known = ReadOptions(
        unit=unit,
        zone=zone,
        dates=dates,
        decimal=decimal,
        outcomes=meanings("--outcome", outcome, ("answered", "abandoned", "dropped")),
        channels=tuple(channel or ()),
    )
    return LearnOptions(
        reading=known,
        mapped=pairs("--map", mapped, "OURS=THEIRS"),
        mapped_sessions=pairs("--map-bot", mapped_bot, "OURS=THEIRS"),
        ends=meanings("--bot-outcome", bot_outcome, ENDS),
        arms=meanings("--arm", arm, ("control", "pilot")),
    )


def _deliver(result: LearnResult, scenario: Path | None, out: Path | None, as_json: bool) -> None:
    from sim.report.learn import learn_report, write_learned

    for note in result.notes:
        print_note(note)
    report = learn_report(result)
    if out is not None and scenario is not None:
        write_learned(result, report, scenario, out)
        echo(f"wrote {out}; its report is in {out.with_suffix('')}", err=True)
    show(report, as_json)
