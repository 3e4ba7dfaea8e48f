"""``ccsim calibrate``: a scenario fitted to a real export, with a back-test."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.echo import echo
from sim.cli.options import Jobs, Json, Seed, print_note, progress, show
from sim.cli.pairs import meanings, pairs
from sim.errors import CcsimError
from sim.schema.faults import BadValueError
from sim.schema.values import parse_date, parse_duration, parse_share

if TYPE_CHECKING:
    from sim.calibrate.export import Calibration
    from sim.calibrate.reading.import_log import ReadOptions

Exports = Annotated[
    list[Path],
    typer.Argument(
        metavar="EXPORT...", help="Interval export or call log; several files in one call.", show_default=False
    ),
]
Scenario = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="FILE.yaml", help="Write the scenario, its tables and its report here.", show_default=False
    ),
]
Texts = list[str] | None
LONGEST_NAME = 100


def _option(name: str, metavar: str, about: str) -> Any:
    return typer.Option(name, metavar=metavar, help=about, show_default=False)


ShortAbandonOption = Annotated[
    str, _option("--short-abandon", "TIME", "Who gives up within it is no contact (logs only).")
]
HeadStartOption = Annotated[Texts, _option("--head-start", "PRIORITY=TIME", "Credit in the queue, such as 2=90s.")]
ChannelOption = Annotated[
    Texts,
    _option("--channel", "WORD", "Use this channel; voice by default; WORD=chat says what it is; may be repeated."),
]
DirectionOption = Annotated[
    Texts, _option("--direction", "WORD", "Use this direction; inbound by default; may be repeated.")
]
AddUpOption = Annotated[bool, typer.Option("--add-up", help="Rows of one interval are parts of it: add them up.")]
StaffOption = Annotated[
    float | None, typer.Option(min=0.1, max=100_000, help="Agents on the queue, if unknown.", show_default=False)
]
ConcurrencyOption = Annotated[
    int, typer.Option(min=0, max=50, help="Chats: the most that an agent has at once; 0: as the log shows.")
]
AtOption = Annotated[
    float | None,
    typer.Option(min=1.0, max=50.0, help="Chats: the mean in hand at which times were measured.", show_default=False),
]
RedialsOption = Annotated[bool, typer.Option("--redials/--no-redials", help="Fit who calls again after giving up.")]
KeepUnusualOption = Annotated[
    bool, typer.Option("--keep-unusual", help="Keep days far from their weekday's usual volume.")
]
BackTestOption = Annotated[
    bool, typer.Option("--back-test/--no-back-test", help="Predict week by week from the weeks before.")
]
KnownStaffOption = Annotated[
    bool, typer.Option("--known-staff", help="Back-test: the agents of the week predicted are known.")
]


def calibrate(
    exports: Exports,
    out: Scenario = None,
    mapped: Annotated[Texts, _option("--map", "OURS=THEIRS", "Which column is what; may be repeated.")] = None,
    time_zone: Annotated[str, _option("--time-zone", "ZONE", "The centre's, such as Europe/Berlin.")] = "",
    unit: Annotated[str, _option("--unit", "UNIT", "Of bare times: seconds, minutes, hours, milliseconds.")] = "",
    dates: Annotated[str, _option("--dates", "ORDER", "day-first or month-first.")] = "",
    decimal: Annotated[str, _option("--decimal", "MARK", "Decimal mark: , or .")] = "",
    interval: Annotated[str, _option("--interval", "TIME", "Of the fits, such as 15m; of a log 30m.")] = "",
    short_abandon: ShortAbandonOption = "",
    outcome: Annotated[Texts, _option("--outcome", "WORD=MEANING", "answered, abandoned or dropped.")] = None,
    head_start: HeadStartOption = None,
    queue: Annotated[Texts, _option("--queue", "NAME", "Use this queue; may be repeated.")] = None,
    channel: ChannelOption = None,
    direction: DirectionOption = None,
    date: Annotated[Texts, _option("--date", "DATE", "Of a file whose rows have none; once a file, in order.")] = None,
    add_up: AddUpOption = False,
    sheet: Annotated[str, _option("--sheet", "NAME", "Sheet of a workbook.")] = "",
    first: Annotated[str, _option("--from", "DATE", "First date to use.")] = "",
    last: Annotated[str, _option("--to", "DATE", "Last date to use.")] = "",
    within: Annotated[str, _option("--within", "TIME", "The service level's time; 20s.")] = "20s",
    staff: StaffOption = None,
    occupancy: Annotated[str, _option("--occupancy", "SHARE", "Or their occupancy: agents follow the work.")] = "",
    patience: Annotated[str, _option("--patience", "TIME", "Mean patience, where no wait tells it.")] = "",
    wrap_up: Annotated[str, _option("--wrap-up", "TIME", "Mean wrap-up, for a log without it.")] = "",
    concurrency: ConcurrencyOption = 0,
    at: AtOption = None,
    handle_time: Annotated[str, _option("--handle-time", "TIME", "Deferred work: its mean, if not in the log.")] = "",
    due: Annotated[str, _option("--due", "TIME", "Deferred work: due within so many opening hours.")] = "",
    name: Annotated[str, _option("--name", "NAME", "Name of the scenario.")] = "",
    redials: RedialsOption = True,
    keep_unusual: KeepUnusualOption = False,
    back_test: BackTestOption = True,
    window: Annotated[int, typer.Option(min=0, help="Days fitted for each week of the back-test; 0 chooses.")] = 0,
    weeks: Annotated[int, typer.Option(min=0, help="Weeks predicted, evenly spread; 0: as many as time allows.")] = 0,
    known_staff: KnownStaffOption = False,
    seed: Seed = None,
    jobs: Jobs = None,
    as_json: Json = False,
) -> None:
    """Fit a scenario to a real export and say how well it would have predicted."""
    from sim.calibrate.export import Options, from_export

    _check(out, unit, dates, decimal)
    _check_name(name)
    words = (unit, time_zone, dates, decimal)
    known = _read_options(words, mapped, outcome, head_start, (interval, short_abandon), (first, last))
    known = replace(known, queues=tuple(queue or ()), channels=tuple(channel or ()), directions=tuple(direction or ()))
    known = replace(known, given_dates=tuple(_dates(date, exports)), add_up=add_up, sheet=sheet)
    number, part = math.nan if staff is None else staff, _share(occupancy)
    options = Options(
        *(name, _time("--within", within), number, part, redials, keep_unusual),
        *(back_test, _window(window), weeks, known_staff, 1 if seed is None else seed, jobs),
        *(_mean("--patience", patience, 1.0), _mean("--wrap-up", wrap_up, 0.0)),
        *(concurrency, math.nan if at is None else at),
        *(_mean("--handle-time", handle_time, 1.0), _mean("--due", due, 60.0)),
    )
    with progress("predicting weeks") as tell:
        calibration = from_export(exports, known, options, tell)
    _deliver(calibration, out, as_json)


def _deliver(calibration: Calibration, out: Path | None, as_json: bool) -> None:
    from sim.report.calibration import calibration_report, notes_of, write_scenario
    from sim.report.style import drawing_once

    for note in notes_of(calibration):
        print_note(note)
    report = calibration_report(calibration)
    if out is not None:
        with drawing_once():
            write_scenario(calibration, report, out)
        echo(f"wrote {out}; its tables and report.html are in {out.with_suffix('')}", err=True)
    show(report, as_json)


def _read_options(
    words: tuple[str, str, str, str],
    mapped: Texts,
    outcome: Texts,
    head_start: Texts,
    times: tuple[str, str],
    dates: tuple[str, str],
) -> ReadOptions:
    """What the caller knows of the export."""
    from sim.calibrate.reading.import_log import ReadOptions

    unit, zone, order, decimal = words
    return ReadOptions(
        mapped=pairs("--map", mapped, "OURS=THEIRS"),
        unit=unit,
        zone=zone,
        dates=order,
        decimal=decimal,
        interval=_time("--interval", times[0]),
        short=_time("--short-abandon", times[1]),
        outcomes=meanings("--outcome", outcome, ("answered", "abandoned", "dropped")),
        head_starts={k: _time("--head-start", v) for k, v in pairs("--head-start", head_start, "2=90s").items()},
        first=_date("--from", dates[0]),
        last=_date("--to", dates[1]),
    )


# Flags --------------------------------------------------------------------------------------------------------------


def _check(out: Path | None, unit: str, dates: str, decimal: str) -> None:
    """See that the flags can be honoured, before anything is read."""
    for flag, value, allowed in (
        ("--unit", unit, ("seconds", "minutes", "hours", "milliseconds")),
        ("--dates", dates, ("day-first", "month-first")),
        ("--decimal", decimal, (",", ".")),
    ):
        if value and value not in allowed:
            raise CcsimError(f"{flag}: {value}: is not allowed. Write {' or '.join(allowed)}")
    if out is None:
        return
    if out.suffix not in (".yaml", ".yml"):
        raise CcsimError(f"--out: {out}: is not the name of a scenario file. Write a name such as {out}.yaml")
    from sim.report.calibration import check_scenario_place

    check_scenario_place(out)


def _check_name(name: str) -> None:
    if len(name) > LONGEST_NAME or any(not character.isprintable() for character in name):
        raise CcsimError(f"--name: {name[:40]!r}: is not a name. Write one line of at most {LONGEST_NAME} characters")


def _time(flag: str, text: str) -> float:
    try:
        return parse_duration(text) if text else 0.0
    except BadValueError as error:
        raise CcsimError(f"{flag}: {text}: {error.faults[0].message}. Write a time such as 20s") from None


def _mean(flag: str, text: str, least: float) -> float:
    """A mean time; nan where it is left out."""
    seconds = _time(flag, text) if text else math.nan
    if seconds < least:
        raise CcsimError(f"{flag}: {text}: is shorter than {least:g} s. Write a time such as 90s")
    return seconds


def _date(flag: str, text: str) -> str:
    try:
        return parse_date(text).isoformat() if text else ""
    except BadValueError as error:
        raise CcsimError(f"{flag}: {text}: {error.faults[0].message}. Write a date such as 2026-11-23") from None


def _dates(texts: Texts, exports: list[Path]) -> list[str]:
    dates = [_date("--date", text) for text in texts or []]
    if dates and len(dates) != len(exports):
        words = f"{len(dates)} dates for {len(exports)} files. Give one date a file, in their order"
        raise CcsimError(f"--date: {', '.join(dates)}: {words}")
    return dates


def _share(text: str) -> float:
    try:
        share = parse_share(text) if text else math.nan
    except BadValueError:
        share = 0.0
    if share <= 0.0:
        raise CcsimError(f"--occupancy: {text}: is not a share above 0. Write one such as 85%")
    return share


def _window(days: int) -> int:
    if days and (days < 14 or days % 7):
        raise CcsimError(f"--window: {days}: is not a number of whole weeks, two or more. Write 14, 21, 28, ...")
    return days
