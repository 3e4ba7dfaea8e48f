"""How long each contact of a log waited, talked and was wrapped up, from durations or from moments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sim.calibrate.reading.cell_kinds import fits
from sim.calibrate.reading.import_log import ImportLog, ReadOptions
from sim.calibrate.reading.layouts import Columns
from sim.calibrate.reading.moments import Moments, Times, moments, wall_clock
from sim.calibrate.reading.names import understood
from sim.calibrate.reading.values import Column, Floats, durations

Bools = npt.NDArray[np.bool_]
DAY_S = 86_400.0
FEW_EMPTY = 0.02
SLACK_S = 1.5
"""Moments and durations of a log are rounded: a difference may be so much below nothing."""
MOMENTS = ("queued_at", "answered_at", "left_queue_at", "abandoned_at", "ended_at", "wrapped_at")


def missing_fields(columns: Columns) -> list[str]:
    """The fields without which a log cannot be read, in the order in which they are asked for."""
    has = columns.fields.keys()
    timed = bool(has & {"total", "ended_at"})
    wait = has & {"wait", "answered_at", "left_queue_at"} or (timed and has & {"service", "handle"})
    talk = has & {"service", "handle"} or (timed and has & {"wait", "answered_at", "left_queue_at"})
    outcome = has & {"outcome", "agent", "answered_at", "gave_up", "service", "handle"}
    found = {"arrival": "arrival" in has or {"date", "time"} <= has, "wait": wait, "service": talk, "outcome": outcome}
    return [name for name, there in found.items() if not there]


@dataclass
class ContactTimes:
    """Reads the times of the rows of one file.

    Attributes
    ----------
    cells : of the fields, one row a contact.
    joined : when each joined the queue, by the centre's clock.
    told : seconds by field, nan where a cell is empty; of the fields that the file has.
    """

    cells: Mapping[str, Column]
    columns: Columns
    options: ReadOptions
    import_log: ImportLog
    joined: Times = field(init=False)
    told: dict[str, Floats] = field(init=False)
    points: dict[str, Times] = field(init=False)

    def __post_init__(self) -> None:
        self.told = {
            name: self._seconds(name)
            for name in ("before_queue", "wait", "abandon_wait", "service", "hold", "handle", "total", "wrap_up")
            if name in self.cells
        }
        self._read_moments()

    @property
    def rows(self) -> int:
        """How many contacts there are."""
        return len(next(iter(self.cells.values())).cells)

    def _seconds(self, name: str) -> Floats:
        column = self.cells[name]
        if name == "before_queue":
            column = Column(column.path, column.name, column.cells.mask(column.cells.str.startswith("-"), "0"))
        return durations(column, self.columns.unit_of(name), self.options.decimal)

    # Moments ----------------------------------------------------------------------------------------------------------

    def _read_moments(self) -> None:
        """Read all moments; those that are compared with each other by one clock."""
        order, log = self.options.dates, self.import_log
        whole = self.cells.get("arrival", self.cells.get("date"))
        assert whole is not None
        read = {"arrival": moments(whole, None if "arrival" in self.cells else self.cells.get("time"), order)}
        for name in MOMENTS:
            if name in self.cells:
                read[name] = self._moment(name, whole, order)
        wall = {
            name: wall_clock(said, self.options, log) for name, said in read.items() if said.zoned or name == "arrival"
        }
        one_clock = len({said.zoned for said in read.values() if not np.isnat(said.at).all()}) <= 1
        self.points = {name: said.at if one_clock else wall.get(name, said.at) for name, said in read.items()}
        for name in MOMENTS:
            if name in read and self._is_clock(name):
                self.points[name] = self._after_midnight(name)
        later = self._apart("queued_at", "arrival") if "queued_at" in read else np.zeros(self.rows)
        self.points["joined"] = self.points["arrival"] + _microseconds(np.nan_to_num(later))
        if "before_queue" in self.told and "queued_at" not in read:
            later = np.nan_to_num(self.told["before_queue"])
            self.points["joined"] = self.points["arrival"] + _microseconds(later)
            log.facts["joins the queue"] = f"at arrival plus {self.cells['before_queue'].name}"
        self.joined = wall["arrival"] + _microseconds(np.nan_to_num(later))

    def _is_clock(self, name: str) -> bool:
        """Whether a moment is written as a time of day alone."""
        cells = self.cells[name].cells.head(200).tolist()
        return fits(cells, "clock") and not fits(cells, "stamp")

    def _moment(self, name: str, whole: Column, order: str) -> Moments:
        column = self.cells[name]
        if not self._is_clock(name):
            return moments(column, None, order, may_lack=True)
        days = whole.cells.str.strip()
        if "arrival" in self.cells:
            days = days.str.extract(r"^(.*?\d.*?)[ T,]+\d{1,2}[:.h]\d\d.*$")[0].fillna(days)
        return moments(Column(whole.path, whole.name, days), column, order, may_lack=True)

    def _after_midnight(self, name: str) -> Times:
        """A time of day before that of the arrival belongs to the next day."""
        at = self.points[name]
        earlier = at < self.points["arrival"] - np.timedelta64(1, "h")
        return np.where(earlier, at + np.timedelta64(1, "D"), at)

    def _apart(self, later: str, earlier: str) -> Floats:
        """Seconds between two moments of each contact; nan where one of them is missing."""
        gap = (self.points[later] - self.points[earlier]).astype("timedelta64[us]")
        seconds = np.where(np.isnat(gap), np.nan, gap.astype(np.int64) / 1e6)
        return self._not_below(seconds, later, earlier)

    def _not_below(self, seconds: Floats, what: str, than: str) -> Floats:
        """Refuse differences that are less than nothing, beyond what rounding does."""
        below = seconds < -SLACK_S
        if below.any():
            row = int(np.argmax(below))
            column = self.cells.get(what, next(iter(self.cells.values())))
            line = int(self.import_log.lines_of(np.array([column.cells.index[row]]))[0])
            words = f"{column.name}: {int(below.sum()):,} rows have less than {self._called(than)}"
            fields = (what, "arrival" if than == "joined" else than.split(" ")[0])
            maps = ", ".join(f"--map {name}=COLUMN" for name in fields)
            fix = f"Look at these rows, or say which column is which: {maps}"
            raise self.import_log.refused(words, fix, line, str(column.cells.iloc[row]))
        return np.maximum(seconds, 0.0)

    def _called(self, name: str) -> str:
        if name == "joined":
            return self._begin()
        return self.cells[name].name if name in self.cells else name

    # Durations --------------------------------------------------------------------------------------------------------

    def settled(self, answered: Bools) -> None:
        """Decide what a duration counts that can be the talk, or the whole with its wait."""
        if "total" not in self.columns.unsure or "total" not in self.told:
            return
        total, wait = self.told["total"], self.told.get("wait")
        if "service" in self.told or wait is None:
            return
        name, known = self.cells["total"].name, ~np.isnan(total) & ~np.isnan(wait)
        gone = known & ~answered & (wait > 0)
        shorter = (known & answered & (total < wait - SLACK_S)).any()
        alone = gone.any() and np.mean(total[gone] < 1.0) > 0.5
        within = gone.any() and np.mean(np.abs(total[gone] - wait[gone]) <= SLACK_S + 0.02 * wait[gone]) > 0.5
        if shorter or alone:
            self.told["service"] = self.told.pop("total")
            self.import_log.facts["talk"] = f"{name}: it does not have the wait in it"
        elif within:
            self.import_log.facts["talk"] = f"{name} less the wait: it has the wait in it"
        else:
            words = f"{name} can be the talk alone, or all the time from the beginning, with the wait"
            raise self.import_log.refused(words, f"Say --map service={name!r}, or --map total={name!r}")

    def wait(self, answered: Bools) -> Floats:
        """Time in the queue of each contact; nan where the log does not tell."""
        wait = self._wait(answered)
        if "abandon_wait" in self.told:
            own = self.told["abandon_wait"]
            wait = np.where(~answered & (np.isnan(wait) | (own > 0)), own, wait)
        return wait

    def _wait(self, answered: Bools) -> Floats:
        told, points = self.told, self.points
        if "wait" in told:
            return told["wait"].copy()
        ends: list[str] = [name for name in ("abandoned_at", "left_queue_at", "ended_at") if name in points]
        gone = next((self._apart(name, "joined") for name in ends), np.full(self.rows, np.nan))
        for name in ends[1:]:
            gone = np.where(np.isnan(gone), self._apart(name, "joined"), gone)
        for name in ("answered_at", "left_queue_at"):
            if name in points:
                self.import_log.facts["wait"] = f"{self.cells[name].name} less {self._begin()}"
                return np.where(answered, self._apart(name, "joined"), gone)
        whole = told["total"] if "total" in told else self._apart("ended_at", "joined")
        work = np.where(answered, np.nan_to_num(self._work()), 0.0)
        name = self._called("total" if "total" in told else "ended_at")
        self.import_log.facts["wait"] = f"{name} less talk"
        return self._not_below(whole - work, "total" if "total" in told else "ended_at", "service and hold together")

    def _begin(self) -> str:
        return self._called(
            "queued_at" if "queued_at" in self.points else "arrival" if "arrival" in self.cells else "time"
        )

    def _work(self) -> Floats:
        """Talk and hold, from the columns that have them."""
        told = self.told
        if "service" in told:
            return told["service"] + np.nan_to_num(told.get("hold", np.zeros(self.rows)))
        return told["handle"] - np.nan_to_num(told.get("wrap_up", np.zeros(self.rows)))

    def talk(self, wait: Floats, answered: Bools) -> Floats:
        """Talk and hold of each answered contact; nan where the log does not tell."""
        facts = self.import_log.facts
        if "service" in self.told or "handle" in self.told:
            if "hold" in self.told and "service" in self.told:
                facts["talk"] = f"{self._called('service')} and {self._called('hold')} together"
            elif "service" not in self.told:
                less = f" less {self._called('wrap_up')}" if "wrap_up" in self.told else ": wrap-up is in it"
                facts["talk"] = f"{self._called('handle')}{less}"
                return self._only(self._not_below(self._work(), "handle", "wrap_up"), answered)
            return self._only(self._work(), answered)
        if "total" in self.told:
            facts.setdefault("talk", f"{self._called('total')} less the wait")
            if "wrap_up" in self.told:
                self.import_log.note(
                    f"{self._called('total')} is taken to end before wrap-up; if it has it, say --map handle=COLUMN"
                )
            return self._only(
                self._not_below(np.where(answered, self.told["total"] - wait, 0.0), "total", "wait"), answered
            )
        if "answered_at" in self.points:
            facts["talk"] = f"{self._called('ended_at')} less {self._called('answered_at')}"
            return self._only(self._apart("ended_at", "answered_at"), answered)
        facts["talk"] = f"{self._called('ended_at')} less {self._begin()} and the wait"
        whole = np.where(answered, self._apart("ended_at", "joined") - wait, 0.0)
        return self._only(self._not_below(whole, "ended_at", "wait"), answered)

    def wrap_up(self, answered: Bools) -> Floats | None:
        """Wrap-up of each answered contact; None where the log has none."""
        if "wrap_up" in self.told:
            return self._only(self.told["wrap_up"], answered)
        if "wrapped_at" in self.points and "ended_at" in self.points:
            self.import_log.facts["wrap-up"] = f"{self._called('wrapped_at')} less {self._called('ended_at')}"
            return self._only(self._apart("wrapped_at", "ended_at"), answered)
        if "handle" in self.told and "service" in self.told:
            self.import_log.facts["wrap-up"] = f"{self._called('handle')} less talk"
            rest = np.where(answered, self.told["handle"] - self._work(), 0.0)
            return self._only(self._not_below(rest, "handle", "service and hold together"), answered)
        return None

    def _only(self, seconds: Floats, answered: Bools) -> Floats:
        return np.where(answered, seconds, np.nan)


def _microseconds(seconds: Floats) -> npt.NDArray[np.timedelta64]:
    return (seconds * 1e6).round().astype("timedelta64[us]")


# Waits that are not told ----------------------------------------------------------------------------------------------


def filled_waits(
    wait: Floats, answered: Bools, column: Column | None, lines: npt.NDArray[np.int64], import_log: ImportLog
) -> Floats:
    """Waits with those that the log does not tell.

    Who gave up without a wait is taken to have waited like the answered: so long on average, spread as memoryless waits
    are, in order of arrival. A few answered contacts without one count as none.

    Raises
    ------
    ExportError
        Where many answered contacts have no wait.
    """
    name = column.name if column is not None else "wait"
    wait = _untold(wait, answered, name)
    missing = np.isnan(wait)
    if not missing.any():
        return wait
    first = int(lines[int(np.argmax(missing))])
    words = f"{name}: {int(missing.sum()):,} of {len(wait):,} contacts have no wait"
    lost = missing & answered
    if lost.sum() > FEW_EMPTY * max(int(answered.sum()), 1):
        fix = "Export the time in the queue of every contact, 0 where there was none"
        raise import_log.refused(words, fix, int(lines[int(np.argmax(lost))]))
    if lost.any():
        import_log.note(
            f"{name}: {int(lost.sum()):,} answered contacts have no wait: taken as none",
            int(lines[int(np.argmax(lost))]),
        )
        wait = np.where(lost, 0.0, wait)
    gone = missing & ~answered
    if gone.any():
        told = ~answered & ~missing
        like = told if told.sum() > gone.sum() else answered
        mean = float(wait[like].mean()) if like.any() else 0.0
        whom = "the others who gave up" if like is told else "the answered"
        import_log.note(f"{words}: who gave up is taken to have waited like {whom}, {mean:.0f} s on average", first)
        wait = wait.copy()
        wait[gone] = mean * _spread(int(gone.sum()))
    return wait


def _untold(wait: Floats, answered: Bools, name: str) -> Floats:
    """Where the column is the time to an answer and is 0 for all who got none, it does not tell their waits."""
    to_answer = understood(name).words & {"speed", "answer"}
    if (
        to_answer
        and (~answered).any()
        and not np.nan_to_num(wait[~answered]).any()
        and np.nan_to_num(wait[answered]).any()
    ):
        return np.where(answered, wait, np.nan)
    return wait


def _spread(count: int) -> Floats:
    """Quantiles of an exponential distribution with mean 1, evenly mixed; their mean is 1."""
    order = np.argsort(np.argsort((np.arange(count) * 0.6180339887498949) % 1.0))
    quantiles = -np.log1p(-(order + 0.5) / count)
    return np.asarray(quantiles / quantiles.mean())
