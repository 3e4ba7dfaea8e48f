"""``ccsim learn``: what logs before and after a bot, or of a pilot with a control arm, tell."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.echo import echo
from sim.cli.options import Cluster, Jobs, Json, Settings, load_all, print_note, progress, show
from sim.cli.pairs import meanings, pairs
from sim.errors import CcsimError
from sim.schema.faults import BadValueError
from sim.schema.values import parse_share

if TYPE_CHECKING:
    from sim.learning.narrower import Chances
    from sim.learning.read import LearnOptions
    from sim.learning.result import LearnResult
    from sim.scenario.model import Scenario

Texts = list[str] | None
ENDS = ("contained", "handed_over", "opted_out", "left")
WEEKS, EXPOSED = "2,4,8,12", "10%,50%"
READING = (
    "--map", "--map-bot", "--arm", "--bot-outcome", "--outcome",
    "--channel", "--time-zone", "--unit", "--dates", "--decimal",
)  # fmt: skip
"""Flags that say how logs are read."""


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
    design: Annotated[
        Path | None, _option("--design", "FILE", "In place of logs: what a pilot of this scenario would tell.")
    ] = None,
    weeks: Annotated[str | None, _option("--weeks", "LIST", f"Design: how long; {WEEKS}.")] = None,
    exposed: Annotated[str | None, _option("--exposed", "LIST", f"Design: shares of customers; {EXPOSED}.")] = None,
    draws: Annotated[
        int, typer.Option(min=0, help="Draws of what is believed: for the chance of the plan, or a pilot's money.")
    ] = 0,
    settings: Settings = None,
    jobs: Jobs = None,
    cluster: Cluster = None,
    as_json: Json = False,
) -> None:
    """Learn from logs what a bot takes and how it chooses, with intervals, and write a scenario that has it."""
    if cluster is not None and not draws:
        raise CcsimError(f"--cluster: {cluster}: nothing is simulated without --draws. Add --draws N, or leave it out")
    words, bare = (mapped, mapped_bot, arm, bot_outcome, outcome), (time_zone, unit, dates, decimal)
    reading: dict[str, object] = dict(zip(READING, (*words, channel, *bare), strict=True))
    if design is not None:
        given = {"--before": before, "--after": after, "--bot": bot, "--scenario": scenario, "--out": out} | reading
        _check_design(draws, [flag for flag, value in given.items() if value])
        plan = _numbers("--weeks", WEEKS if weeks is None else weeks), _shares(EXPOSED if exposed is None else exposed)
        _design(load_all([design], settings or [], jobs)[0], plan, draws, jobs, as_json)
        return
    _check_beside({"--weeks": weeks, "--exposed": exposed}, None, "is about a pilot to be run", "--design FILE")
    if not after:
        raise CcsimError(
            "--after: names no log. Say --before EXPORT --after EXPORT, or --after of a pilot with control"
        )
    _check_draws(draws)
    if draws and scenario is None:
        raise CcsimError(f"--draws: {draws}: needs a plan to draw for. Add --scenario FILE")
    of_bot = {"--map-bot": mapped_bot, "--bot-outcome": bot_outcome}
    _check_beside(of_bot, bot, "is about the bot's sessions", "--bot EXPORT")
    _check_beside({"--set": settings}, scenario, "changes a key of a scenario", "--scenario FILE")
    _check(out, scenario, (("--unit", unit, UNITS), ("--dates", dates, ORDERS), ("--decimal", decimal, MARKS)))
    options = _options(words, channel, bare)
    base = load_all([scenario], settings or [], jobs)[0] if scenario is not None else None
    import sim

    result = sim.learn(after, before, bot, base, options)
    _deliver(result, scenario, out, (draws, jobs, as_json))


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


def _check_beside(given: Mapping[str, Texts | str], named: object, about: str, what: str) -> None:
    """Refuse flags about something that is not named."""
    for flag, values in given.items():
        if values and not named:
            first = values if isinstance(values, str) else values[0]
            raise CcsimError(f"{flag}: {first}: {about}, and none is named. Add {what}")


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


def _deliver(result: LearnResult, scenario: Path | None, out: Path | None, how: tuple[int, int | None, bool]) -> None:
    from sim.report.learn import learn_report, write_learned

    draws, jobs, as_json = how

    for note in result.notes:
        print_note(note)
    report = learn_report(result, _chances(result, draws, jobs))
    try:
        if out is not None and scenario is not None:
            write_learned(result, report, scenario, out)
            echo(f"wrote {out}; its report is in {out.with_suffix('')}", err=True)
    finally:  # what took long is told, also where it cannot be written
        show(report, as_json)


# A pilot to be run ------------------------------------------------------------------


def _check_design(draws: int, given: list[str]) -> None:
    if given:
        raise CcsimError(f"{given[0]}: is about logs, and --design reads none. Leave one of them out")
    _check_draws(draws)


def _check_draws(draws: int) -> None:
    if 0 < draws < LEAST_DRAWS:
        raise CcsimError(f"--draws: {draws}: is too few. Write {LEAST_DRAWS} or more, or 0 for none")


def _chances(result: LearnResult, draws: int, jobs: int | None) -> Chances | None:
    """The chance of the file's own plan before and after, where draws are asked for."""
    if not draws:
        return None
    import sim
    from sim.learning.narrower import chances

    with progress() as tell:
        return chances(result, draws, jobs, sim.refit_observed, tell)


def _design(
    scenario: Scenario, plan: tuple[list[float], list[float]], draws: int, jobs: int | None, as_json: bool
) -> None:
    if scenario.bot is None or not any(intent.bot for intent in scenario.intents.values()):
        raise CcsimError(
            f"--design: {scenario.name}: has no bot to try out. Name a scenario with bot: and intents.NAME.bot"
        )
    import sim
    from sim.learning.design import foreseen
    from sim.report.learn.design import PilotDesign, design_report

    weeks, shares = plan
    known = {share: foreseen(scenario, weeks, share) for share in shares}
    worths, waiting = {}, float("nan")
    if draws:
        from sim.learning.pilot_worth import sample_worths, waiting_cost

        with progress() as tell:
            risk = sim.risk(scenario, draws=draws, jobs=jobs, refit=sim.refit_observed, progress=tell)
        worths = {share: sample_worths(risk, numbers) for share, numbers in known.items()}
        waiting = waiting_cost(risk)
    show(design_report(PilotDesign(scenario, tuple(weeks), known, worths, waiting)), as_json)


LEAST_DRAWS = 20


def _numbers(flag: str, text: str) -> list[float]:
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        found = []
    if not found or any(not 0.0 < number <= 520.0 for number in found):
        raise CcsimError(f"{flag}: {text}: is no list of weeks, from above 0 to 520. Write one such as 2,4,8")
    return sorted(set(found))


def _shares(text: str) -> list[float]:
    try:
        found = [parse_share(part.strip()) for part in text.split(",")]
    except BadValueError:
        found = []
    if not found or any(not 0.0 < share < 1.0 for share in found):
        words = "is no list of shares above 0 and below 1, which leave a control arm. Write one such as 10%,50%"
        raise CcsimError(f"--exposed: {text}: {words}")
    return sorted(set(found))
