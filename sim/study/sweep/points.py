"""The points of a sweep: a full grid over keys, or a Latin hypercube; all are checked before any is simulated."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from sim.errors import ArgumentError, CcsimError, ScenarioError
from sim.measures.definitions import measures_of
from sim.scenario.model import Scenario
from sim.study.replicate import WAIT_P90
from sim.study.sweep.values import MOST_POINTS, KeyValue, Kind, Span, Values, choice_of, read_values

Make = Callable[[list[str]], Scenario]
"""A scenario from settings ``key.path=value``, in their order."""

COMMON = {"run.seed": "--seed", "run.replications": "--replications"}
COMMON |= dict.fromkeys(("run", "run.precision", "run.max_replications"), "--replications")
MOST_SHOWN = 100
DIGITS = 3
"""Decimals of its width that a value drawn from a range keeps."""


@dataclass(frozen=True)
class Key:
    """A key that is swept: its path and its values; None where they are drawn from a range."""

    path: str
    kind: Kind
    choices: tuple[KeyValue, ...] | None


@dataclass(frozen=True)
class Point:
    """One scenario of a sweep: its number, from 1, and the value of each swept key."""

    number: int
    choices: tuple[KeyValue, ...]
    scenario: Scenario


@dataclass(frozen=True)
class SweepPlan:
    """What a sweep is to simulate.

    Attributes
    ----------
    base : the scenario with the settings that all points share.
    keys : those that are swept, in the order given.
    points : in the order of the grid (the last key turns fastest), or as drawn.
    sampled : whether they are drawn.
    """

    base: Scenario
    keys: tuple[Key, ...]
    points: tuple[Point, ...]
    sampled: bool = False

    @property
    def varied(self) -> tuple[int, ...]:
        """Places of the keys that have several values."""
        return tuple(k for k in range(len(self.keys)) if len({p.choices[k] for p in self.points}) > 1)

    @property
    def along(self) -> int | None:
        """Place of the key along which there can be a cliff: the only one with several values, all of them numbers."""
        one = self.varied[0] if len(self.varied) == 1 else None
        return None if one is None or self.keys[one].kind == "text" else one

    def words(self, point: Point) -> str:
        """The settings of a point."""
        return ", ".join(f"{key.path}={choice.shown}" for key, choice in zip(self.keys, point.choices, strict=True))


def measures_at(plan: SweepPlan) -> tuple[str, ...]:
    """Every measure that any point will have."""
    return tuple(dict.fromkeys((*(name for p in plan.points for name in measures_of(p.scenario)), WAIT_P90)))


Settings = Sequence[tuple[str, Values, bool]]
"""Key path, values, whether it is swept; in the order given."""


def read_settings(texts: Iterable[str], make: Make, spans: bool = False) -> list[tuple[str, Values, bool]]:
    """Return what ``key.path=values`` texts say.

    Parameters
    ----------
    texts : as the command line gives them.
    make : asked whether a key takes a text with colons as one value.
    spans : whether ``a:b`` is a range to draw from.

    Raises
    ------
    CcsimError
        For a text that cannot be read.
    """
    settings: list[tuple[str, Values, bool]] = []
    for text in texts:
        name, equals, value = text.partition("=")
        path = ".".join(part.strip() for part in name.split("."))
        if not equals:
            raise ArgumentError(f"--set {text}: has no =. Write --set key.path=a:b:step, or key.path=value")
        values, swept = read_values(path, value, partial(_takes, make, path), spans)
        settings.append((path, values, swept))
    return settings


def _takes(make: Make, path: str, text: str) -> bool:
    """Whether a key takes a text; what is wrong elsewhere does not count."""
    try:
        make([f"{path}={text}"])
    except ScenarioError as error:
        return not any(f"{problem.path}.".startswith(f"{path}.") for problem in error.problems)
    return True


def make_plan(settings: Settings, make: Make, seed: int | None = None, sample: int | None = None) -> SweepPlan:
    """Return every point of a sweep, checked.

    Parameters
    ----------
    settings : key paths with their values; those that are not swept hold for all points.
    make : makes the scenarios.
    seed : of the draw; None for the scenario's.
    sample : how many points to draw; None for the full grid.

    Raises
    ------
    CcsimError
        When nothing is swept, a key is given twice, there are too many points, or any of them is refused.
    """
    swept = [(path, values) for path, values, several in settings if several]
    _check_keys(settings, swept, sample)
    base = make([f"{path}={values[0].text}" for path, values, several in settings if not several])  # type: ignore[index]
    keys = tuple(Key(path, _kind(values), None if isinstance(values, Span) else values) for path, values in swept)
    used = base.run.seed if seed is None else seed
    drawn = _drawn(swept, make, used, sample) if sample is not None else _full_grid(swept)
    return SweepPlan(base, keys, _checked(settings, keys, drawn, make), sample is not None)


def _check_keys(settings: Settings, swept: Sequence[tuple[str, Values]], sample: int | None) -> None:
    if not swept:
        raise ArgumentError("sweep: no key has several values. Write --set key.path=a:b:step, or --set key.path=a,b,c")
    paths = [path for path, _, _ in settings]
    for path, values in swept:
        later = paths[paths.index(path) + 1 :]
        over = [other for other in later if other != path and f"{path}.".startswith(f"{other}.")]
        if over:
            fix = "Leave one of the two out"
            raise ArgumentError(f"--set {over[0]}: writes over {path}, which is swept. {fix}")
        if paths.count(path) > 1:
            raise ArgumentError(f"--set {path}: is given twice. Write all its values into one --set")
        if path in COMMON:
            words = "cannot be swept: every point meets the same customers, as often as the others"
            raise ArgumentError(f"--set {path}: {words}. Use {COMMON[path]}")
        if sample is None and isinstance(values, Span):
            raise ArgumentError(f"--set {path}: is a range. Add a step, or --sample N to draw from it")
    sizes = [len(values) for _, values in swept if not isinstance(values, Span)]
    count = math.prod(sizes) if sample is None else sample
    if count > MOST_POINTS:
        product = " x ".join(map(str, sizes)) if sample is None else "--sample"
        fix = "Take larger steps, or draw some of them with --sample N" if sample is None else "Draw fewer"
        raise ArgumentError(f"sweep: {product} makes {count:,} points, more than {MOST_POINTS:,}. {fix}")


def _kind(values: Values) -> Kind:
    """The kind of a key's values: shares may be written both ways; anything else that is mixed is text."""
    kinds: set[Kind] = {values.kind} if isinstance(values, Span) else {choice.kind for choice in values}
    if kinds == {"number", "share"}:
        return "share"
    return next(iter(kinds)) if len(kinds) == 1 else "text"


# Grid and sample --------------------------------------------------------------

Row = tuple[KeyValue, ...]


def _full_grid(swept: Sequence[tuple[str, Values]]) -> list[Row]:
    return list(itertools.product(*(values for _, values in swept if not isinstance(values, Span))))


def _drawn(swept: Sequence[tuple[str, Values]], make: Make, seed: int, sample: int) -> list[Row]:
    """Points of a Latin hypercube; of a list or grid every value is as likely as the others."""
    from scipy.stats import qmc

    draws = qmc.LatinHypercube(d=len(swept), seed=seed).random(sample)
    whole = [isinstance(values, Span) and only_whole(path, values, make) for path, values in swept]
    return [
        tuple(_at(values, float(draw), only) for (_, values), draw, only in zip(swept, row, whole, strict=True))
        for row in draws
    ]


def only_whole(path: str, span: Span, make: Make) -> bool:
    """Whether the ends are whole numbers and the key takes nothing between them."""
    whole = span.kind == "number" and span.low % 1 == 0 and span.high % 1 == 0
    return whole and not _takes(make, path, choice_of(span.low + Decimal("0.5"), span.kind).text)


def _at(values: Values, draw: float, whole: bool) -> KeyValue:
    if not isinstance(values, Span):
        return values[min(int(draw * len(values)), len(values) - 1)]
    width = values.high - values.low
    if whole:
        return choice_of(values.low + min(int(Decimal(draw) * (width + 1)), int(width)), values.kind)
    places = DIGITS - width.adjusted()
    return choice_of(round(values.low + width * Decimal(draw), places), values.kind)


# Checking ---------------------------------------------------------------------


def _checked(settings: Settings, keys: tuple[Key, ...], rows: list[Row], make: Make) -> tuple[Point, ...]:
    """The points with their scenarios; all refusals at once."""
    points: list[Point] = []
    refused: dict[str, list[str]] = {}
    for number, row in enumerate(rows, start=1):
        try:
            points.append(Point(number, row, make(list(_texts(settings, row)))))
        except ScenarioError as error:
            words = ", ".join(f"{key.path}={choice.shown}" for key, choice in zip(keys, row, strict=True))
            for problem in error.problems:
                refused.setdefault(str(problem), []).append(f"point {number} ({words})")
    if refused:
        refusals = [_refusal(problem, where) for problem, where in refused.items()]
        more = [f"and {len(refusals) - MOST_SHOWN} more refusals"] if len(refusals) > MOST_SHOWN else []
        raise CcsimError("\n".join(refusals[:MOST_SHOWN] + more))
    return tuple(points)


def _refusal(problem: str, where: list[str]) -> str:
    others = len(where) - 1
    more = f" and {others} other point{'s' * (others > 1)}" if others else ""
    return f"{where[0]}{more}: {problem}"


def _texts(settings: Settings, row: Row) -> Iterator[str]:
    """The settings of a point, in the order given: a later one goes on top of an earlier one."""
    swept = iter(row)
    for path, values, several in settings:
        choice = next(swept) if several else values[0]  # type: ignore[index]
        yield f"{path}={choice.text}"
