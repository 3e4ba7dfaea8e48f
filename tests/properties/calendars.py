"""Calendars of every kind, and how large a world may be."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

MONDAY = date(2026, 11, 23)
TUESDAY = (MONDAY + timedelta(days=1)).isoformat()
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS = ("08:00-10:00", "08:00-09:50", "00:00-02:00", "22:00-24:00", "00:00-24:00", "12:00-13:00", "00:15-23:50")
Document = dict[str, Any]


@dataclass(frozen=True)
class Scale:
    """How large a world may be: days measured and around them, contacts by the hour and day, agents of a group."""

    days: tuple[int, ...] = (1, 2, 3)
    margins: tuple[str, ...] = ("0d", "0d", "1d", "2d")
    per_hour: tuple[int, ...] = (2, 6, 20)
    per_day: tuple[int, ...] = (3, 12, 40)
    most_agents: int = 4
    most_attempts: tuple[int, ...] = (1, 2, 3, 4)


SMALL = Scale()
BUSY = Scale(per_hour=(20, 60), per_day=(40, 100, 200))
WEEKS = Scale((7, 9), ("1d", "7d"), (0, 1), (1, 3), 2)
CROWD = Scale((1, 2), ("0d", "1d"), (20, 60), (100, 400, 1000), 40)
INSISTENT = Scale((1,), ("0d", "1d"), (6, 20), (30, 60), 2, (12, 20))


@st.composite
def calendars(draw: Any, scale: Scale = SMALL) -> Document:
    """Days that close, that never do, that are shut, that end at midnight and go on; nights too short to drain in."""
    kind = draw(st.sampled_from(["same", "by day", "through midnight"]))
    hours: Any = draw(st.sampled_from(HOURS))
    if kind == "by day":
        hours = {day: draw(st.sampled_from([*HOURS, "closed"])) for day in WEEK}
        hours["mon"] = draw(st.sampled_from(HOURS))
    if kind == "through midnight":
        hours = dict.fromkeys(WEEK, "00:00-24:00") | {"mon": "22:00-24:00", "wed": "00:00-02:00"}
    brief = kind == "same" and hours not in ("00:00-24:00", "00:15-23:50")
    return {
        "start": MONDAY.isoformat(),
        "days": draw(st.sampled_from(scale.days)),
        "hours": hours,
        "interval": draw(st.sampled_from(["30m", "60m", "25m", *(["5m", "1m"] if brief else [])])),
        "at_close": draw(st.sampled_from(["drain", "clear"])),
        "holidays": draw(st.sampled_from([[], [], [], [TUESDAY]])),
    }


def opening(calendar: Document, weekday: int) -> tuple[int, int] | None:
    """Opening and closing of a weekday in minutes."""
    hours = calendar["hours"] if isinstance(calendar["hours"], str) else calendar["hours"][WEEK[weekday]]
    if hours == "closed":
        return None
    start, end = (int(part[:2]) * 60 + int(part[3:]) for part in hours.split("-"))
    return start, end


def intervals(calendar: Document, weekday: int) -> int:
    """Number of intervals of a weekday, 0 when closed."""
    span = opening(calendar, weekday)
    return -(-(span[1] - span[0]) // int(calendar["interval"][:-1])) if span else 0


@st.composite
def hours_beside(draw: Any, calendar: Document) -> Any:
    """Hours of something that need not keep those of the centre: always, a little less or more, others, or none."""
    if draw(st.booleans()):
        return draw(st.sampled_from(["00:00-24:00", *HOURS]))
    found = {}
    for weekday, name in enumerate(WEEK):
        start, end = opening(calendar, weekday) or (480, 600)
        moves = st.sampled_from([-60, -30, 0, 0, 30])
        first, last = max(start + draw(moves), 0), min(end - draw(moves), 24 * 60)
        found[name] = draw(st.sampled_from([clocks(first, last), clocks(first, last), "closed", "00:00-24:00"]))
    return found


def clocks(first: int, last: int) -> str:
    """Hours between two minutes of a day; the whole day where there is no time between them."""
    first, last = (first, last) if first < last else (0, 24 * 60)
    return "-".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in (first, last))


@st.composite
def by_interval(draw: Any, calendar: Document, values: st.SearchStrategy[Any]) -> Any:
    """A number, or a map by weekday with a number or a short list repeated over the day."""
    if draw(st.booleans()):
        return draw(values)
    found = {}
    for weekday, name in enumerate(WEEK):
        pattern = draw(st.lists(values, min_size=1, max_size=4))
        count = intervals(calendar, weekday)
        found[name] = [pattern[k % len(pattern)] for k in range(count)] if count else 0
    return found


def seconds(*values: float) -> st.SearchStrategy[str]:
    """One of some durations."""
    return st.sampled_from(values).map(lambda s: f"{s}s")


def without_nothing(**values: Any) -> Document:
    """A block whose keys without a value are left out."""
    return {key: value for key, value in values.items() if value is not None}
