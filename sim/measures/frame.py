"""The grid that records are counted in: the opening intervals of the days measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sim.demand.horizon import SECOND_US, Horizon, make_horizon
from sim.engine.concurrency import has_channels
from sim.engine.plan import scheduled_time
from sim.facts.load import on_queue
from sim.measures.grid import Grid, make_grid
from sim.mechanisms.attrition import Quitting, quitting_of
from sim.mechanisms.csat import Points, points_of
from sim.scenario.model import Group, Intent, Scenario
from sim.scenario.people import CHANNELS
from sim.scenario.targets import within_of

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """Everything about a scenario that its measures need.

    Attributes
    ----------
    starts, ends : (intervals,) the opening intervals of the days measured (us).
    day_of : (intervals,) index of the measured open day; `dates` and `times` label days and intervals.
    booking_starts : start of every simulated interval, warm-up and follow-up too; `booked` gives its measured index
        or -1.
    shrinkage : (groups,) planned time off the phones.
    scheduled_us : (groups, intervals) agent time on the plan within each interval; `scheduled_total_us` in and out of
        hours.
    within_us, target, definition : the planner's service level; own_within_us : (intents,) the T of each intent's own.
    threshold : fatigue above which an agent counts as strained.
    parted : whether handle times are taken apart, cause by cause.
    serves : (groups,) whether a group has a skill that some intent needs; all do where nobody decides for others.
    points, quitting : what satisfaction and leavers are counted by; None where they are not asked for.
    week_us : paid time of one FTE a week.
    channel_of : (intents,) the channel, by its place in `sim.scenario.people.CHANNELS`.
    chatting : (groups,) whether anybody may have several chats in hand.
    later : (groups, intents) whether a group takes an intent only after some time in the queue.
    some : (targets, intents) of those targets of some contacts that are counted by interval, whom each is about.
    """

    horizon: Horizon
    intents: tuple[str, ...]
    groups: tuple[str, ...]
    starts: Ints
    ends: Ints
    day_of: Ints
    dates: tuple[str, ...]
    times: tuple[str, ...]
    booking_starts: Ints
    booked: Ints
    shrinkage: Floats
    scheduled_us: Ints
    scheduled_total_us: Ints
    within_us: int
    own_within_us: Ints
    target: float
    definition: str
    threshold: float
    parted: bool
    serves: npt.NDArray[np.bool_]
    points: Points | None
    quitting: Quitting | None
    week_us: float
    channel_of: Ints
    chatting: npt.NDArray[np.bool_]
    later: npt.NDArray[np.bool_]
    some: npt.NDArray[np.bool_]

    @cached_property
    def clock(self) -> tuple[str, ...]:
        """The times of day at which intervals begin."""
        return tuple(sorted(set(self.times)))

    @property
    def seats(self) -> int:
        """How many cells there are of groups that chat and times of day."""
        return int(self.chatting.sum()) * len(self.clock)

    @property
    def some_cells(self) -> int:
        """How many cells there are of targets of some contacts and intervals."""
        return len(self.some) * self.starts.size

    @property
    def span_end_us(self) -> int:
        """Where agent time stops to count: the next opening after the days measured, or their last midnight."""
        later = self.booking_starts[self.booking_starts >= self.ends[-1]]
        midnight = int(_measured_span(self.horizon)[1][0])
        return min(int(later[0]), midnight) if later.size else midnight

    @property
    def days(self) -> int:
        """Number of open days measured."""
        return len(self.dates)

    @cached_property
    def grid(self) -> Grid:
        """The same as arrays and numbers alone, for compiled loops."""
        return make_grid(self)


def make_frame(scenario: Scenario, parts: bool = False, some: Sequence[Sequence[str]] = ()) -> Frame:
    """Lay the grid of a scenario.

    Parameters
    ----------
    parts : whether handle times are taken apart though no mechanism is on.
    some : the intents of each target of some contacts that is to be counted by interval.
    """
    horizon = make_horizon(scenario)
    open_days = [d for d in range(len(horizon.dates)) if horizon.measured[d] and len(horizon.edges[d])]
    edges = [horizon.edges[d] for d in open_days]
    sizes = [len(e) - 1 for e in edges]
    starts, ends = _joined([e[:-1] for e in edges]), _joined([e[1:] for e in edges])
    everything = _joined([e[:-1] for e in horizon.edges])
    where = np.searchsorted(starts, everything)
    known = np.isin(everything, starts)
    day_of = np.repeat(np.arange(len(edges)), sizes)
    level, groups = scenario.targets.service_level, tuple(scenario.agents.values())
    intents = tuple(scenario.intents.values())
    return Frame(
        horizon=horizon,
        intents=tuple(scenario.intents),
        groups=tuple(scenario.agents),
        starts=starts,
        ends=ends,
        day_of=day_of,
        dates=tuple(horizon.dates[d].isoformat() for d in open_days),
        times=tuple(_clock(int(s)) for s in starts),
        booking_starts=everything,
        booked=np.where(known, where, -1),
        shrinkage=np.array([g.shrinkage for g in groups]),
        scheduled_us=_scheduled(scenario, horizon, starts, ends),
        scheduled_total_us=_scheduled(scenario, horizon, *_measured_span(horizon))[:, 0],
        within_us=round(level.within * SECOND_US),
        own_within_us=np.array([round(within_of(scenario, name) * SECOND_US) for name in scenario.intents], np.int64),
        target=level.share,
        definition=level.definition,
        threshold=scenario.fatigue.strain_threshold if scenario.fatigue else 1.0,
        parted=parts or bool(scenario.mechanisms),
        serves=np.array([group in on_queue(scenario) for group in groups]),
        points=points_of(scenario) if scenario.csat else None,
        quitting=quitting_of(scenario.attrition) if scenario.attrition else None,
        week_us=scenario.fte_hours * SECOND_US,
        channel_of=np.array([CHANNELS.index(intent.channel) for intent in intents], np.int64),
        chatting=np.array([has_channels(scenario) and group.highest_concurrency > 1 for group in groups]),
        some=np.array([[name in of for name in scenario.intents] for of in some], bool).reshape(
            len(some), len(intents)
        ),
        later=np.array([[_helps_out(group, intent) for intent in intents] for group in groups]),
    )


def _helps_out(group: Group, intent: Intent) -> bool:
    return intent.skill in group.skills and group.skills[intent.skill].overflow_after > 0.0


def _joined(parts: list[Ints]) -> Ints:
    return np.concatenate([np.empty(0, np.int64), *parts])


def _clock(time_us: int) -> str:
    minutes = time_us // (60 * SECOND_US) % 1440
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _measured_span(horizon: Horizon) -> tuple[Ints, Ints]:
    """From the first measured midnight to the last; a night shift that begins before the end counts up to it."""
    days = np.flatnonzero(horizon.measured)
    day_us = 86_400 * SECOND_US
    return np.array([days[0] * day_us]), np.array([(days[-1] + 1) * day_us])


def _scheduled(scenario: Scenario, horizon: Horizon, starts: Ints, ends: Ints) -> Ints:
    rows = [
        scheduled_time(g, scenario, horizon, ends) - scheduled_time(g, scenario, horizon, starts)
        for g in scenario.agents.values()
    ]
    return np.array(rows, np.int64).reshape(len(rows), starts.size)
