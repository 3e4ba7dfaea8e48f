"""``ccsim staff``: the fewest agents that meet the targets."""

from __future__ import annotations

import math
import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.options import (
    EngineChoice,
    EngineName,
    File,
    HowSure,
    Jobs,
    Json,
    Out,
    Replications,
    Seed,
    Settings,
    check_flags,
    deliver,
    load_all,
    print_note,
    progress,
)
from sim.errors import CcsimError
from sim.scenario.model import Scenario
from sim.schema.faults import BadValueError
from sim.schema.ranges import read_seconds, values_of
from sim.schema.values import parse_time_of_day

if TYPE_CHECKING:
    from sim.study.staffing import ShiftRules

NO_NUMBER_WILL_DO = 1
LEAST_SHIFT = 900.0


class TimeSpans(StrEnum):
    """Spans of time."""

    INTERVAL = "interval"
    DAY = "day"
    WHOLE = "whole"


By = Annotated[TimeSpans, typer.Option("--by", help="When staff may change.")]
Each = Annotated[TimeSpans, typer.Option("--each", help="Over what each target must hold.")]


Shifts = Annotated[bool, typer.Option("--shifts/--no-shifts", help="Cover the agents required by shifts.")]
Lengths = Annotated[
    str | None,
    typer.Option(
        metavar="8h,6h,4h", help="Lengths of shifts; default: those of the file, else 8h,6h,4h.", show_default=False
    ),
]
Start = Annotated[
    str | None, typer.Option(metavar="HH:MM", help="No shift starts outside these times.", show_default=False)
]
Under = Annotated[
    float | None,
    typer.Option(min=0, help="Let shifts be short, at so many paid hours an agent hour.", show_default=False),
]


Release = Annotated[
    float | None,
    typer.Option(
        "--release", metavar="N", help="To free N agents (FTE), what must the bot truly resolve?", show_default=False
    ),
]
Before = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="With --release: whose staffing is cut; default: FILE's own.", show_default=False
    ),
]


def staff(
    file: File,
    by: By = TimeSpans.INTERVAL,
    each: Each = TimeSpans.INTERVAL,
    release: Release = None,
    before: Before = None,
    shifts: Shifts = True,
    lengths: Lengths = None,
    earliest: Start = None,
    latest: Start = None,
    under: Under = None,
    how_sure: HowSure = True,
    settings: Settings = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    engine: EngineName = EngineChoice.COMPILED,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Find the fewest agents by interval and group that meet the targets, beside Erlang C and Erlang A."""
    check_flags(out)
    scenario, *earlier = load_all([file, *([before] if before is not None else [])], settings or [], jobs)
    if release is not None:
        _check_release(by, each)
        how = {"seed": seed, "replications": replications, "jobs": jobs, "engine": engine, "how_sure": how_sure}
        _release(scenario, earlier[0] if earlier else None, release, how, out, as_json)
        return
    if before is not None:
        raise CcsimError("--before: says whose staffing is cut. Add --release N")
    rules = _rules(lengths, earliest, latest, under)
    from sim.report.staffing import staffing_report
    from sim.study.staffing import staff as search

    with progress() as tell:
        result = search(
            scenario,
            by=by.value,
            each=each.value,
            seed=seed,
            replications=replications,
            jobs=jobs,
            engine=engine,
            rules=rules if shifts else None,
            how_sure=how_sure,
            progress=tell,
        )
    for note in result.notes:
        print_note(f"{scenario.name}: {note}")
    base = Path(os.path.relpath(file.resolve(), (out or Path()).resolve())).as_posix()
    deliver(staffing_report(result, base), out, as_json)
    if not result.feasible:
        raise typer.Exit(NO_NUMBER_WILL_DO)


def _check_release(by: TimeSpans, each: TimeSpans) -> None:
    for flag, value in (("--by", by), ("--each", each)):
        if value is not TimeSpans.INTERVAL:
            why = "with --release the targets hold over all days together, and staff is cut everywhere by the same part"
            raise CcsimError(f"{flag}: {value.value}: has no meaning: {why}. Leave it out")


def _release(
    scenario: Scenario, before: Scenario | None, freed: float, how: dict[str, Any], out: Path | None, as_json: bool
) -> None:
    """Answer --release; leave with 1 where no capability is enough."""
    from sim.report.staffing.release import release_report
    from sim.study.staffing import release

    with progress() as tell:
        result = release(scenario, freed, before, progress=tell, **how)
    deliver(release_report(result), out, as_json)
    if not result.feasible:
        raise typer.Exit(NO_NUMBER_WILL_DO)


def _rules(lengths: str | None, earliest: str | None, latest: str | None, under: float | None) -> ShiftRules:
    """What shifts may be, as it was written."""
    from sim.study.staffing import ShiftRules

    allowed = tuple(values_of("--lengths", lengths, read_seconds, "8h,6h,4h")) if lengths is not None else ()
    if any(length < LEAST_SHIFT for length in allowed):
        raise CcsimError(f"--lengths: {lengths}: a shift lasts 15 minutes at least. Write lengths such as 8h,4h")
    if under is not None and not math.isfinite(under):
        raise CcsimError(f"--under: {under}: is not a number of paid hours. Write one such as 2, or leave it out")
    return ShiftRules(allowed, _time("--earliest", earliest), _time("--latest", latest), under)


def _time(flag: str, text: str | None) -> float | None:
    try:
        return None if text is None else parse_time_of_day(text)
    except BadValueError:
        raise CcsimError(f"{flag}: {text}: is not a time of day. Write one such as 08:00") from None
