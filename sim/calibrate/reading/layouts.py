"""Which column of an export is what: layouts that are known, names that are usual, and `--map ours=theirs`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sim.calibrate.reading.cell_kinds import EPOCH, fits, told
from sim.calibrate.reading.channels import is_of_channels, is_of_directions
from sim.calibrate.reading.import_log import refused
from sim.calibrate.reading.known_layouts import Layout, recognised
from sim.calibrate.reading.names import Kind, understood
from sim.calibrate.reading.text import Shape
from sim.calibrate.reading.vocabulary import FIELDS, UNSURE, one_word
from sim.schema.written_times import written_range

INTERVALS_S = (300.0, 600.0, 900.0, 1200.0, 1800.0, 3600.0)
"""Lengths that an interval may have."""
TIMES = {
    kind: frozenset(ours for ours, about in fields.items() if about.cells == "time") for kind, fields in FIELDS.items()
}
TICKETS = re.compile(
    r"resol|solved|solve.?(time|duration)|\bttr\b|lead.?time|ticket|closed|time.to.(clos|solv)|l(ö|oe)sung", re.I
)
WHOLE: Mapping[Kind, str] = {"intervals": "start", "calls": "arrival", "items": "opened"}
"""The field that says when a row begins."""
SERVICE_LEVEL = frozenset(("service", "level"))
DOUBTFUL = frozenset(
    understood(name).words for name in ("type", "call type", "kind", "via", "interaction type", "line", "group")
)
"""Names that say what a contact is about, its channel or its direction: its words tell which."""


@dataclass(frozen=True)
class Columns:
    """What each column of a file is.

    Attributes
    ----------
    layout : the one recognised, or None.
    names : of all columns of the file, in order.
    fields : ours to theirs.
    headless : whether the first line is a row.
    unit : of bare numbers that are durations; empty where it is not known.
    units : of fields whose own name says their unit.
    unsure : of columns whose name can mean two fields: the one under which it stands, to the other.
    """

    kind: Kind
    layout: Layout | None
    names: tuple[str, ...]
    fields: Mapping[str, str]
    headless: bool
    unit: str
    units: Mapping[str, str]
    unsure: Mapping[str, str] = field(default_factory=dict)

    def unit_of(self, field_name: str) -> str:
        """The unit of a field; empty where it is not known."""
        return self.units.get(field_name, self.unit)

    @property
    def unread(self) -> tuple[str, ...]:
        """The columns that are not read."""
        used = set(self.fields.values())
        return tuple(name for name in self.names if name not in used)


def refuse_missing(shape: Shape, columns: Columns, missing: list[str]) -> None:
    """Refuse a file without the columns that are needed; all of them are told, with the columns that were not read."""
    if missing:
        about = {ours: FIELDS[columns.kind][ours].about for ours in missing}
        words = " and ".join(f"{ours} ({said})" for ours, said in about.items())
        maps = " ".join(f"--map {ours}=COLUMN" for ours in missing)
        fix = f"Say {maps}; not read: {', '.join(columns.unread) or 'nothing'}"
        raise refused(shape.path, f"has no column for {words}", fix, shape.line)


def columns_of(shape: Shape, mapped: Mapping[str, str], unit: str = "", deferred: bool = False) -> Columns:
    """Find out what each column is.

    Parameters
    ----------
    shape : of the file.
    mapped : ours to theirs, as the caller says.
    unit : of durations, as the caller says.
    deferred : whether the caller says that a row is an item of deferred work.

    Raises
    ------
    ExportError
        Where a map names no column, or a time is the life of a ticket.
    """
    layout = None if deferred else recognised(shape)
    headless = layout is not None and bool(layout.columns)
    names = _names(shape, layout)
    kind = layout.kind if layout is not None else "items" if deferred else _kind(shape, names, mapped)
    fields = (
        {ours: theirs for ours, theirs in layout.fields.items() if ours not in mapped} if layout is not None else {}
    )
    given = fields | _checked(shape, kind, names, mapped)
    unsure: dict[str, str] = {}
    if layout is None or layout.open:
        given, unsure = usual_columns(shape, kind, names, given)
    _refuse_tickets(shape, kind, given)
    own = {ours: understood(theirs).unit for ours, theirs in given.items() if ours in TIMES[kind]}
    units = {} if unit else {ours: said for ours, said in own.items() if said}
    return Columns(kind, layout, names, given, headless, unit or (layout.unit if layout else ""), units, unsure)


def _names(shape: Shape, layout: Layout | None) -> tuple[str, ...]:
    """The names of all columns; those without one get their number."""
    names = layout.columns if layout is not None and layout.columns else shape.header
    while names and not names[-1]:
        names = names[:-1]
    names = tuple(name or f"column {place + 1}" for place, name in enumerate(names))
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise refused(shape.path, "has two columns of the same name", "Rename one of them", shape.line, twice)
    return names


# Usual names ----------------------------------------------------------------------------------------------------------


def usual_columns(
    shape: Shape, kind: Kind, names: tuple[str, ...], given: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Fields found by the names that columns usually have, and by what their cells look like.

    Returns
    -------
    fields : ours to theirs, with those that were given.
    unsure : as in `Columns`.
    """
    find = _finder(shape, kind, names)
    fields = dict(given)
    for ours in FIELDS[kind]:
        if ours not in fields and not _told_apart(ours, kind, fields):
            name = find(ours, frozenset(fields.values()), True)
            if name:
                fields[ours] = name
    unsure = _unsure(shape, kind, names, fields, given)
    _unreadable_clock(fields, kind, find)
    return fields, unsure


def _finder(shape: Shape, kind: Kind, names: tuple[str, ...]) -> Callable[[str, frozenset[str], bool], str]:
    """A search for the column of a field among those that are not taken; empty for none."""
    by_words: dict[frozenset[str], list[str]] = {}
    by_word: dict[str, list[str]] = {}
    for name in names:
        by_words.setdefault(understood(name).words, []).append(name)
        if one_word(name):
            by_word.setdefault(one_word(name), []).append(name)

    def find(ours: str, taken: frozenset[str], looks_right: bool) -> str:
        about = FIELDS[kind][ours]
        for usual in (ours, *about.names):
            words = understood(usual)
            candidates = by_words.get(words.words, []) + by_word.get(words.joined, [])
            for name in candidates:
                if name not in taken and (not looks_right or _looks_like(shape, names.index(name), name, kind, ours)):
                    return name
        if ours == "service_level":
            return next((name for name in names if understood(name).words >= SERVICE_LEVEL and name not in taken), "")
        return ""

    return find


def _looks_like(shape: Shape, place: int, name: str, kind: Kind, ours: str) -> bool:
    """Whether the cells of a column can be those of a field."""
    cells, about = shape.cells(place), FIELDS[kind][ours]
    if not fits(cells, about.cells):
        return False
    if (about.cells == "number" and ours != "length") or about.cells == "clock":
        return not understood(name).unit
    if ours in ("outcome", "gave_up"):
        return not fits(cells, "time") or _is_flag(cells)
    if ours == "queued":
        return _is_flag(cells)
    if understood(name).words in DOUBTFUL and ours in ("type", "queue", "channel", "direction"):
        in_channels, in_directions = is_of_channels(told(cells)), is_of_directions(told(cells))
        meant = "channel" if in_channels else "direction" if in_directions else "type"
        return ours == meant or (meant == "type" and ours == "queue")
    return True


def _is_flag(cells: list[str]) -> bool:
    return {cell.lower() for cell in told(cells)} <= {"0", "1", "y", "n", "yes", "no", "true", "false", "t", "f"} | {
        "0.0",
        "1.0",
    }


def _told_apart(ours: str, kind: Kind, fields: Mapping[str, str]) -> bool:
    """Whether the moment is found, or its parts are given, so that the other is not looked for."""
    whole = WHOLE[kind]
    return (ours == whole and bool({"date", "time"} & fields.keys())) or (ours in ("date", "time") and whole in fields)


def _unreadable_clock(fields: dict[str, str], kind: Kind, find: Callable[[str, frozenset[str], bool], str]) -> None:
    """Where no column looks like a moment, take one that is called so: its cells are refused with their lines."""
    whole = WHOLE[kind]
    if whole in fields or "date" in fields or "time" in fields:
        return
    name = find(whole, frozenset(fields.values()), False)
    if name:
        fields[whole] = name


def _unsure(
    shape: Shape, kind: Kind, names: tuple[str, ...], fields: dict[str, str], given: Mapping[str, str]
) -> dict[str, str]:
    """Columns whose name can mean two fields, added to the fields under the first of the two."""
    unsure = {}
    for place, name in enumerate(names):
        for usual, (first, second) in UNSURE[kind].items():
            if understood(name).words != understood(usual).words or second in fields:
                continue
            free = first not in fields and name not in fields.values() and fits(shape.cells(place), "time")
            if free or (fields.get(first) == name and first not in given):
                fields[first] = name
                unsure[first] = second
    return unsure


# Kinds ----------------------------------------------------------------------------------------------------------------

ONLY: Mapping[Kind, frozenset[str]] = {
    "intervals": frozenset(
        [
            "offered",
            "answered",
            "abandoned",
            "asa",
            "wait_answered",
            "time_to_abandon",
            "wait_abandoned",
            "mean_wait",
            "aht",
            "handle",
            "talk",
            "mean_talk",
            "wrap_up",
            "mean_wrap_up",
            "service_level",
            "length",
            "end",
        ]
    ),
    "calls": frozenset(
        [
            "wait",
            "abandon_wait",
            "service",
            "handle",
            "total",
            "outcome",
            "agent",
            "customer",
            "contact",
            "answered_at",
            "ended_at",
            "queued_at",
            "left_queue_at",
            "hold",
            "wrap_up",
            "direction",
            "wrapped_at",
            "abandoned_at",
        ]
    ),
    "items": frozenset(["opened", "closed", "work", "due"]),
}
"""Fields that tell the kinds apart."""


def _kind(shape: Shape, names: tuple[str, ...], mapped: Mapping[str, str]) -> Kind:
    """Whether a row is an interval or a contact: by the fields that are found, and by when rows begin."""
    if mapped.keys() & ONLY["items"] or _is_of_items(shape, names, mapped):
        return "items"
    kinds: tuple[tuple[Kind, Kind], ...] = (("intervals", "calls"), ("calls", "intervals"))
    for kind, other in kinds:
        if mapped.keys() & ONLY[kind] - FIELDS[other].keys():
            return kind
    found = {kind: usual_columns(shape, kind, names, {})[0] for kind, _ in kinds}
    marks = {kind: len(fields.keys() & ONLY[kind]) for kind, fields in found.items()}
    begins = {kind: len(fields.keys() & {"start", "arrival", "date", "time"}) > 0 for kind, fields in found.items()}
    if max(marks[kind] + begins[kind] for kind in marks) < 2 and not mapped:
        needed = "an interval needs start, offered and aht; a log of contacts arrival, wait, service and outcome"
        fix = f"Say which column is what, as in --map offered=COLUMN: {needed} (docs/calibration.md)"
        raise refused(shape.path, "is no export that is known", fix, shape.line, shape.delimiter.join(names))
    for name in (found["calls"].get("arrival"), found["calls"].get("time")):
        if name and _off_grid(shape.cells(names.index(name))) and marks["calls"]:
            return "calls"
    return "intervals" if marks["intervals"] >= marks["calls"] else "calls"


def _is_of_items(shape: Shape, names: tuple[str, ...], mapped: Mapping[str, str]) -> bool:
    """Whether columns say when work was opened and closed, and none how a contact waited or was answered."""
    fields = usual_columns(shape, "items", names, {})[0]
    if (
        not mapped.keys() <= FIELDS["items"].keys()
        or not {"opened", "closed"} <= fields.keys()
        or not TICKETS.search(fields["closed"])
    ):
        return False
    of_calls = usual_columns(shape, "calls", names, {})[0].keys()
    return not of_calls & {"wait", "answered_at", "left_queue_at", "abandoned_at", "service"}


def _off_grid(cells: list[str]) -> bool:
    """Whether moments fall anywhere, and not on the five minutes at which intervals begin."""
    seen = [cell for cell in told(cells) if not written_range(cell)]
    off = 0
    for cell in seen:
        clock = re.search(r"(\d{1,2}):(\d\d)(?::(\d\d))?", cell)
        if EPOCH.fullmatch(cell):
            off += int(float(cell[:10])) % 300 != 0
        elif clock:
            off += int(clock[2]) % 5 != 0 or int(clock[3] or 0) != 0
    return off > 0.2 * max(len(seen), 1)


def _checked(shape: Shape, kind: Kind, names: tuple[str, ...], mapped: Mapping[str, str]) -> dict[str, str]:
    """The caller's map, with every name known."""
    for ours, theirs in mapped.items():
        if ours not in FIELDS[kind]:
            export = {"intervals": "an interval export", "calls": "a call log", "items": "deferred work"}[kind]
            raise refused("--map", "is no field", f"Fields of {export}: {', '.join(FIELDS[kind])}", None, ours)
        if theirs not in names:
            words = f"{ours}: {shape.path} has no such column"
            raise refused("--map", words, f"It has {', '.join(names)}", None, theirs)
    return dict(mapped)


def _refuse_tickets(shape: Shape, kind: Kind, fields: Mapping[str, str]) -> None:
    """Refuse the life of a ticket as the time that an agent worked on it."""
    times = ("aht", "handle", "talk", "mean_talk", "service", "total", "ended_at")
    for ours in ("work",) if kind == "items" else times:
        if ours in fields and TICKETS.search(fields[ours]):
            words = f"{ours}: the time to resolve a ticket is not handle time: it runs while nobody works on it"
            fix = (
                "Take talk and wrap-up from the telephone system or the agents' desktop; ticket exports have neither. "
            )
            fix += (
                "Say --handle-time TIME"
                if kind == "items"
                else "A log of tickets, opened and closed, is read with --channel deferred"
            )
            raise refused(shape.path, words, fix, shape.line, fields[ours])
