"""``ccsim staff``: the fewest agents that meet the targets."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.beliefs import QuoteChance, QuotedDraws, check_chance, check_draws, quoted_chance
from sim.cli.options import (
    Cluster,
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
    from sim.report import Report
    from sim.study.risk.result import RiskResult
    from sim.study.staffing import ShiftRules

NO_NUMBER_WILL_DO = 1
LEAST_SHIFT = 900.0
EVERYWHERE = "the targets hold over all days together, and staff is cut everywhere by the same part"
OTHER_QUESTIONS = ("--release", "--lengths", "--earliest", "--latest", "--under")


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
        metavar="FILE",
        help="With --no-worse: what service is held against. With --release: whose staffing is cut; default: FILE's.",
        show_default=False,
    ),
]
NoWorse = Annotated[
    bool, typer.Option("--no-worse", help="How many can go so that service is no worse than in --before?")
]
Margins = Annotated[
    list[str] | None,
    typer.Option(
        "--margin",
        metavar="NAME=SHARE",
        help="With --no-worse: how much worse still counts as no worse, such as service_level=1%; repeatable.",
        show_default=False,
    ),
]


def staff(
    file: File,
    by: By = TimeSpans.INTERVAL,
    each: Each = TimeSpans.INTERVAL,
    release: Release = None,
    before: Before = None,
    no_worse: NoWorse = False,
    margin: Margins = None,
    shifts: Shifts = True,
    lengths: Lengths = None,
    earliest: Start = None,
    latest: Start = None,
    under: Under = None,
    how_sure: HowSure = True,
    beliefs: QuoteChance = False,
    draws: QuotedDraws = None,
    settings: Settings = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    cluster: Cluster = None,
    engine: EngineName = EngineChoice.COMPILED,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Find the fewest agents by interval and group that meet the targets, beside Erlang C and Erlang A."""
    check_flags(out)
    check_draws(beliefs, draws)
    if beliefs:
        _check_beliefs(no_worse, release)
    if no_worse or margin:
        others = dict(zip(OTHER_QUESTIONS, (release, lengths, earliest, latest, under), strict=True))
        _check_no_worse(no_worse, before, others, by, each)
        margins = _margins(margin or [])
    scenario, *earlier = load_all([file, *([before] if before is not None else [])], settings or [], jobs)
    how: dict[str, Any] = {"seed": seed, "replications": replications, "jobs": jobs, "engine": engine}
    if no_worse:
        feasible, report = _no_worse(scenario, earlier[0], margins, how)
    elif release is not None:
        _check_spans("--release", EVERYWHERE, by, each)
        feasible, report = _release(scenario, earlier[0] if earlier else None, release, how | {"how_sure": how_sure})
    elif before is not None:
        raise CcsimError("--before: says what is held against, or whose staffing is cut. Add --no-worse or --release N")
    else:
        rules = _rules(lengths, earliest, latest, under)
        quote = None
        if beliefs:
            check_chance(scenario)
            quote = partial(
                quoted_chance, name="the staffing required", draws=draws, seed=seed, jobs=jobs, engine=engine
            )
        how |= {"by": by.value, "each": each.value, "rules": rules if shifts else None, "how_sure": how_sure}
        base = Path(os.path.relpath(file.resolve(), (out or Path()).resolve())).as_posix()
        feasible, report = _required(scenario, how, base, quote)
    deliver(report, out, as_json)
    if not feasible:
        raise typer.Exit(NO_NUMBER_WILL_DO)


def _required(
    scenario: Scenario, how: dict[str, Any], base: str, quote: Callable[..., RiskResult] | None
) -> tuple[bool, Report]:
    """The agents required, and the chance that they hold where that was asked."""
    from sim.report.staffing import staffing_report
    from sim.study.staffing import staff as search

    with progress() as tell:
        result = search(scenario, progress=tell, **how)
    for note in result.notes:
        print_note(f"{scenario.name}: {note}")
    chance = quote(scenario, result.staffed) if quote and result.feasible else None
    return result.feasible, staffing_report(result, base, chance)


def _check_beliefs(no_worse: bool, release: float | None) -> None:
    """The chance is of the agents required."""
    for flag, asked in (("--no-worse", no_worse), ("--release", release is not None)):
        if asked:
            raise CcsimError(f"--beliefs: is of the agents required, not of {flag}. Leave out one of them")


def _check_no_worse(
    asked: bool, before: Path | None, given: Mapping[str, object], by: TimeSpans, each: TimeSpans
) -> None:
    """Refuse what does not go together."""
    if not asked:
        raise CcsimError("--margin: says how much worse still counts as no worse. Add --no-worse and --before FILE")
    if before is None:
        raise CcsimError("--no-worse: says nothing without what service is held against. Add --before FILE")
    for flag, value in given.items():
        if value is not None:
            raise CcsimError(f"{flag}: {value}: is another question than --no-worse. Leave out one of them")
    _check_spans("--no-worse", "staff changes every interval, and service is that of all days together", by, each)


def _check_spans(flag: str, why: str, by: TimeSpans, each: TimeSpans) -> None:
    """Refuse spans of time where a question has its own."""
    for name, span in (("--by", by), ("--each", each)):
        if span is not TimeSpans.INTERVAL:
            raise CcsimError(f"{name}: {span.value}: has no meaning: with {flag} {why}. Leave it out")


def _margins(written: list[str]) -> dict[str, float]:
    """Margins by name, as they were written."""
    from sim.scenario.goals import NoWorseMargins
    from sim.schema.values import parse_share

    found: dict[str, float] = {}
    for text in written:
        name, _, share = text.partition("=")
        if name not in NoWorseMargins.model_fields:
            known = ", ".join(NoWorseMargins.model_fields)
            raise CcsimError(f"--margin: {text}: names no margin. Write one such as service_level=1%, of {known}")
        try:
            found[name] = parse_share(share)
        except BadValueError:
            raise CcsimError(f"--margin: {text}: is not a share. Write one such as {name}=1%") from None
    return found


def _no_worse(
    scenario: Scenario, before: Scenario, margins: dict[str, float], how: dict[str, Any]
) -> tuple[bool, Report]:
    """How many can go at equal service."""
    from sim.report.staffing.no_worse import no_worse_report
    from sim.study.staffing import no_worse

    with progress() as tell:
        result = no_worse(scenario, before, margins, progress=tell, **how)
    return result.feasible, no_worse_report(result)


def _release(scenario: Scenario, before: Scenario | None, freed: float, how: dict[str, Any]) -> tuple[bool, Report]:
    """What the bot must truly resolve for so many to go."""
    from sim.report.staffing.release import release_report
    from sim.study.staffing import release

    with progress() as tell:
        result = release(scenario, freed, before, progress=tell, **how)
    return result.feasible, release_report(result)


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
