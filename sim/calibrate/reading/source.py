"""One file of an export: its shape, its columns, its rows, and the date that its rows do not say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from sim.calibrate.reading.channels import are_deferred
from sim.calibrate.reading.event_log import contacts_of_events, events_of
from sim.calibrate.reading.import_log import ImportLog, ReadOptions, refused
from sim.calibrate.reading.layouts import Columns, columns_of, refuse_missing
from sim.calibrate.reading.text import Shape, read_rows, shape_of
from sim.calibrate.reading.values import Column, empty
from sim.schema.written_times import WrittenDate, compact, order_of, written_date

DATE_WORD = re.compile(
    r"\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}([-./])\d{1,2}\1\d{2,4}"
    r"|\d{1,2}(?:st|nd|rd|th)?[-. ]+[A-Za-z]{3,9}\.?[-., ]+\d{4}|[A-Za-z]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
)
IN_NAME = re.compile(r"(?<!\d)(\d{4})[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)")
PRINTED = re.compile(r"print|generated|creat|export|run (at|on|date|time)|as of|downloaded", re.I)


@dataclass(frozen=True)
class ExportFile:
    """One file.

    Attributes
    ----------
    number : among the files of an export.
    contacts : the contacts of an event log, as rows of a log; None for any other file.
    """

    shape: Shape
    columns: Columns
    number: int = 0
    contacts: pd.DataFrame | None = field(default=None, repr=False)

    @property
    def path(self) -> str:
        """Its name."""
        return self.shape.path

    def refuse_missing(self, missing: list[str]) -> None:
        """Refuse it without the fields that are needed; a date may come from elsewhere."""
        fields = self.columns.fields.keys()
        if "time" in fields and "date" not in fields:
            missing = [name for name in missing if name not in ("arrival", "start")]
        refuse_missing(self.shape, self.columns, missing)

    def rows(self, first: str, import_log: ImportLog) -> pd.DataFrame:
        """The rows as text; the index is the line in the file."""
        if self.contacts is not None:
            import_log.rows += len(self.contacts)
            return self.contacts
        wanted = list(self.columns.fields.values())
        return read_rows(self.shape, self.columns.names, wanted, self.columns.headless, first, import_log)


def sources_of(paths: Sequence[Path], options: ReadOptions, import_log: ImportLog) -> list[ExportFile]:
    """Look at the files of an export.

    Raises
    ------
    ExportError
        When one cannot be read, or they are not all of one kind.
    """
    sources: list[ExportFile] = []
    for number, path in enumerate(paths):
        source = _source(path, number, options, import_log, sources[0].columns if sources else None)
        sources.append(source)
    for source in sources[1:]:
        if source.columns.kind != sources[0].columns.kind:
            fix = "Calibrate logs of contacts and exports of intervals apart"
            raise refused(source.path, f"is another kind of export than {sources[0].path}", fix)
        if set(source.columns.fields) != set(sources[0].columns.fields):
            mine, first = set(source.columns.fields), set(sources[0].columns.fields)
            words = f"has other fields than {sources[0].path}: {', '.join(sorted(mine ^ first))}"
            raise refused(source.path, words, "Export all files with the same columns", source.shape.line)
    return sources


def _source(path: Path, number: int, options: ReadOptions, import_log: ImportLog, first: Columns | None) -> ExportFile:
    """Look at one file; one with the columns of the `first` is read like it."""
    shape = shape_of(path, tuple(options.mapped.values()), options.sheet)
    if shape.sheet and number == 0:
        import_log.facts["sheet"] = shape.sheet
    if options.sheet and not shape.sheet:
        raise refused("--sheet", f"{path} is no workbook", "Leave it out", None, options.sheet)
    log = None if are_deferred(options.channels) else events_of(shape, options.mapped)
    if log is not None:
        import_log.file = number
        contacts = contacts_of_events(shape, log, options, import_log)
        told = {str(name): str(name) for name in contacts if (contacts[name] != "").any()}
        return ExportFile(shape, replace(log.columns, names=tuple(told), fields=told), number, contacts)
    columns = columns_of(shape, options.mapped, options.unit, are_deferred(options.channels))
    same = first is not None and first.names == columns.names and first.headless == columns.headless
    return ExportFile(shape, first if first is not None and same else columns, number)


# Dates that no row has ------------------------------------------------------------------------------------------------


def given_day(
    source: ExportFile, cells: dict[str, Column], options: ReadOptions, import_log: ImportLog
) -> dict[str, Column]:
    """The cells with a date, where rows have times of day only, or where a date stands in the first of several rows.

    The date is that of `--date`, of the title above the header, or of the file's name.

    Raises
    ------
    ExportError
        Where none of them says one.
    """
    has_moment = {"start", "arrival"} & cells.keys()
    if "date" in cells and "time" in cells and not has_moment:
        return cells | {"date": _filled_down(cells["date"], cells["time"], import_log)}
    if has_moment or "time" not in cells or "date" in cells:
        if options.given_dates and has_moment | ({"date"} & cells.keys()):
            raise refused(
                "--date", f"{source.path} has a date in its rows", "Leave it out", None, options.given_dates[0]
            )
        return cells
    day, said = _day_of(source, options)
    name = f"{Path(source.path).name}: date" if source.number else "date"
    import_log.facts[name] = f"{day}, {said}"
    clock = cells["time"]
    return cells | {"date": Column(clock.path, "date", pd.Series(day, index=clock.cells.index))}


def _filled_down(date: Column, time: Column, import_log: ImportLog) -> Column:
    """Dates that stand once above all rows of a day, in each of them."""
    lacking = empty(date.cells) & ~empty(time.cells)
    if not lacking.any() or bool(lacking.iloc[0]):
        return date
    line = int(import_log.lines_of(date.cells.index[lacking].to_numpy()[:1])[0])
    import_log.note(f"{date.name}: {int(lacking.sum()):,} rows without a date have that of the row above", line)
    return Column(date.path, date.name, date.cells.mask(lacking).ffill())


def _day_of(source: ExportFile, options: ReadOptions) -> tuple[str, str]:
    """The date of a file as ISO text, and who said it."""
    if options.given_dates:
        if source.number >= len(options.given_dates):
            words = f"says {len(options.given_dates)} dates, and {source.path} is file {source.number + 1}"
            raise refused("--date", words, "Give one date a file, in their order")
        return options.given_dates[source.number], "as --date says"
    titles = [(line, words) for line, words in source.shape.titles if not PRINTED.search(words)]
    found = [(line, match[0]) for line, words in titles for match in DATE_WORD.finditer(words)]
    dates = dict.fromkeys(text for _, text in found)
    if len(dates) == 1:
        line, text = found[0]
        return _iso(source.path, line, text, options), f"from the title in line {line}"
    in_name = [
        date for match in IN_NAME.finditer(Path(source.path).name) if (date := compact("".join(match.groups()))[0])
    ]
    if len(in_name) == 1 and not dates:
        return str(in_name[0].date()), "from the file's name"
    words = f"has {len(dates)} dates in its title" if dates else "has times of day and no date"
    fix = "Say --date 2026-11-23, once a file in their order, or --map date=COLUMN"
    unread = f"; not read: {', '.join(source.columns.unread)}" if source.columns.unread else ""
    raise refused(source.path, words, f"{fix}{unread}", source.shape.line)


def _iso(path: str, line: int, text: str, options: ReadOptions) -> str:
    written = written_date(text)
    order = options.dates or order_of([written] if written else [])
    if written is None or (written.date(order) is None):
        raise refused(path, "is not a date", "Say --date 2026-11-23", line, text)
    if not written.sure and not order and written.first != written.second:
        fix = "Say --dates day-first or --dates month-first, or --date 2026-11-23"
        raise refused(path, "whether the day or the month comes first cannot be known from the title", fix, line, text)
    return str(written.date(order))


def common_order(sources: Sequence[ExportFile], options: ReadOptions) -> str:
    """day-first or month-first, as all files tell together; empty where they do not, or where it is known."""
    if options.dates:
        return options.dates
    seen: list[WrittenDate] = []
    for source in sources:
        place = [
            source.columns.names.index(name)
            for ours, name in source.columns.fields.items()
            if ours in ("date", "start", "arrival", "opened")
        ]
        texts = [words for _, words in source.shape.titles if not PRINTED.search(words)]
        texts += [cell for at in place for cell in source.shape.cells(at)]
        seen += [date for text in texts for match in DATE_WORD.finditer(text) if (date := written_date(match[0]))]
    unsure = [date for date in seen if not date.sure]
    return order_of(unsure) if unsure and not all(date.dotted for date in unsure) else ""
