"""Counts from the clock: what agents do from moment to moment, clipped to intervals, and fatigue integrated exactly."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.records import AgentState
from sim.measures.counts import Count, counted
from sim.measures.frame import Frame
from sim.world.horizon import HOUR_US

Rows = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def _pieces(segments: Rows, frame: Frame) -> tuple[Rows, Ints, npt.NDArray[np.bool_], Ints, Ints]:
    """Cut segments at interval boundaries.

    Returns the rows (repeated), the interval of each piece, whether it lies in open hours, its start and its end
    (us). A piece after close belongs to the day's last interval.
    """
    edges = np.unique(np.concatenate([frame.starts, frame.ends, [frame.span_end_us]]))
    interval = np.searchsorted(frame.starts, edges[:-1], side="right") - 1
    inside = edges[:-1] < frame.ends[interval]
    first = np.clip(np.searchsorted(edges, segments["start_us"], side="right") - 1, 0, None)
    last = np.clip(np.searchsorted(edges, segments["end_us"], side="left") - 1, None, edges.size - 2)
    number = np.maximum(last - first + 1, 0)
    rows = np.repeat(np.arange(segments.size), number)
    cell = np.arange(rows.size) - np.repeat(np.cumsum(number) - number, number) + first[rows]
    start = np.maximum(segments["start_us"][rows], edges[cell])
    end = np.minimum(segments["end_us"][rows], edges[cell + 1])
    return segments[rows], interval[cell], inside[cell], start, end


def fatigue_integral(fatigue: Floats, rate: Floats, handling: npt.NDArray[np.bool_], hours: Floats) -> Floats:
    """Integral of F over time (h): F tends to 1 while handling, to 0 otherwise, at `rate` an hour."""
    safe = np.where(rate > 0.0, rate, 1.0)
    decay = np.where(rate > 0.0, -np.expm1(-safe * hours) / safe, hours)
    gap = np.where(handling, 1.0 - fatigue, fatigue) * decay
    return np.where(handling, hours - gap, gap)


def strained_hours(
    fatigue: Floats, rate: Floats, handling: npt.NDArray[np.bool_], hours: Floats, threshold: float
) -> Floats:
    """Hours with F above the threshold, from the exact moment of crossing."""
    if threshold >= 1.0:
        return np.zeros_like(hours)
    with np.errstate(divide="ignore", invalid="ignore"):
        rising = np.log((1.0 - fatigue) / (1.0 - threshold)) / rate
        falling = np.log(fatigue / threshold) / rate
    up = np.where(fatigue > threshold, hours, np.clip(hours - np.maximum(rising, 0.0), 0.0, hours))
    down = np.where(fatigue > threshold, np.clip(falling, 0.0, hours), 0.0)
    still = np.where(fatigue > threshold, hours, 0.0)
    return np.where(rate <= 0.0, still, np.where(handling, up, down))


def clock_columns(segments: Rows, frame: Frame) -> tuple[Ints, Ints, dict[Count, npt.NDArray[Any]]]:
    """Interval, group and contribution of every piece of agent time within the days measured."""
    if not segments.size or not frame.starts.size:
        none = np.empty(0, np.int64)
        return none, none, {}
    rows, interval, inside, start, end = _pieces(segments, frame)
    state, length = rows["state"], end - start
    handling = state == AgentState.HANDLING
    before, hours = (start - rows["start_us"]) / HOUR_US, length / HOUR_US
    decay = np.exp(-rows["rate"] * before)
    fatigue = np.where(handling, 1.0 - (1.0 - rows["fatigue"]) * decay, rows["fatigue"] * decay)
    open_time = np.where(inside, length, 0)
    on_queue = np.where(state == AgentState.BREAK, 0, open_time)
    integral = fatigue_integral(fatigue, rows["rate"], handling, hours)
    strained = strained_hours(fatigue, rows["rate"], handling, hours, frame.threshold)
    columns = {
        Count.AVAILABLE: np.where(state == AgentState.AVAILABLE, open_time, 0),
        Count.HANDLING: np.where(handling, open_time, 0),
        Count.BREAK: np.where(state == AgentState.BREAK, open_time, 0),
        Count.HANDLING_AFTER_CLOSE: np.where(handling & ~inside, length, 0),
        Count.POSITIONS: on_queue / (1.0 - frame.shrinkage[rows["group"]]),
        Count.ON_DUTY: open_time,
        Count.FATIGUE: np.where(inside, integral * HOUR_US, 0.0),
        Count.STRAINED: np.where(inside, strained * HOUR_US, 0.0),
    }
    return interval, rows["group"].astype(np.int64), columns


def duty_columns(duties: Rows, frame: Frame) -> tuple[Ints, dict[Count, npt.NDArray[Any]]]:
    """Interval and contribution of every spell of duty: overtime, and fatigue on leaving."""
    overtime = np.maximum(duties["left_us"] - duties["end_us"], 0)
    named = duties["agent"] >= 0
    columns = {
        Count.OVERTIME: overtime,
        Count.PAID: overtime,
        Count.SHIFTS_ENDED: named,
        Count.FATIGUE_AT_END: np.where(named, duties["fatigue_left"], 0.0),
    }
    return frame.interval_of(np.maximum(duties["end_us"] - 1, duties["start_us"])), columns


def scheduled_by_interval(frame: Frame) -> Floats:
    """Open time and paid scheduled time of every interval; paid time out of hours is spread over them in proportion."""
    table = np.zeros((frame.starts.size, len(Count)))
    table[:, Count.OPEN] = frame.ends - frame.starts
    if frame.starts.size:
        paid = frame.scheduled_us / (1.0 - frame.shrinkage[:, None])
        outside = (frame.scheduled_total_us - frame.scheduled_us.sum(axis=1)) / (1.0 - frame.shrinkage)
        table[:, Count.PAID] = paid.sum(axis=0) + outside.sum() * _share_of_paid(paid.sum(axis=0))
    return table


def _share_of_paid(paid: Floats) -> Floats:
    return paid / paid.sum() if paid.sum() > 0 else np.full(paid.size, 1.0 / paid.size)


def scheduled_by_group(frame: Frame) -> Floats:
    """Open time and paid scheduled time of every group."""
    table = np.zeros((len(frame.groups), len(Count)))
    table[:, Count.OPEN] = (frame.ends - frame.starts).sum()
    table[:, Count.PAID] = frame.scheduled_total_us / (1.0 - frame.shrinkage)
    return table


def by_interval_and_group(segments: Rows, duties: Rows, frame: Frame) -> tuple[Floats, Floats]:
    """Clock counts by measured interval and by group."""
    intervals, groups = scheduled_by_interval(frame), scheduled_by_group(frame)
    interval, group, columns = clock_columns(segments, frame)
    intervals += counted(interval, frame.starts.size, columns)
    groups += counted(np.where(interval >= 0, group, -1), len(frame.groups), columns)
    where, spells = duty_columns(duties, frame)
    intervals += counted(where, frame.starts.size, spells)
    owner = np.where(where >= 0, duties["group"].astype(np.int64), -1)
    groups += counted(owner, len(frame.groups), spells)
    return intervals, groups
