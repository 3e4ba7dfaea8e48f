"""Tables as planners save them: dates, times, ranges and weekdays in the usual ways of writing, to one way."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sim.schema.calendar import WEEKDAYS
from sim.schema.faults import BadValueError, Fault, raise_any
from sim.schema.written_times import (
    WrittenDate,
    clock_seconds_of,
    clock_text,
    compact,
    hour_seconds,
    order_of,
    weekdays_of,
    written_date,
    written_range,
)

Row = tuple[int, dict[str, str]]
CLOCK = re.compile(r"[0-9]{1,2}:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?")
TIME_NAMES = ("time", "interval", "time interval", "start", "start time", "from")
WEEKDAY_NAMES = ("weekday", "day", "days", "day of week", "date")
POINTED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
DECIMAL = re.compile(r"(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+),[0-9]+")


@dataclass(frozen=True)
class PlannerTable:
    """A table on its way to one way of writing.

    Attributes
    ----------
    path : for messages.
    columns, rows : of the file.
    """

    path: str
    columns: tuple[str, ...]
    rows: list[Row]

    def named(self) -> PlannerTable:
        """Its columns of dates, weekdays and times under their usual names: Date is date, Day with Mon is weekday."""
        plain = {column.strip().lower(): column for column in reversed(self.columns)}
        new = {column: column for column in self.columns}
        new |= {plain[name]: name for name in ("date", "time", "agents", "contacts", "intent") if name in plain}
        if "time" not in plain:
            found = next((plain[name] for name in TIME_NAMES if name in plain), None)
            new |= {found: "time"} if found is not None else {}
        days = next((plain[name] for name in WEEKDAY_NAMES if name in plain and self._has_weekdays(plain[name])), None)
        if days is not None:
            new[days] = "weekday"
        columns = tuple(new[column] for column in self.columns)
        return PlannerTable(
            self.path, columns, [(line, {new[name]: cell for name, cell in row.items()}) for line, row in self.rows]
        )

    def _has_weekdays(self, column: str) -> bool:
        cells = [row[column] for _, row in self.rows]
        return bool(cells) and sum(weekdays_of(cell) is not None for cell in cells) > 0.5 * len(cells)

    def long(self, value: str) -> PlannerTable:
        """A table with a column a weekday, as one with a row a weekday; the numbers stand under `value`."""
        days = [column for column in self.columns if column != "time" and weekdays_of(column) is not None]
        if not days or {"date", "weekday"} & set(self.columns):
            return self
        rows = [
            (line, {"weekday": day, "time": row["time"], value: row[day]})
            for line, row in self.rows
            for day in days
            if row[day]
        ]
        return PlannerTable(self.path, ("weekday", "time", value), rows)

    def written_plainly(self, decimal_commas: bool) -> PlannerTable:
        """Dates as 2026-11-23, weekdays as mon-fri, times as 08:30, and numbers with a decimal point."""
        dates = self._dates() if "date" in self.columns else {}
        times = self._times() if "time" in self.columns else {}
        numbers = self._numbers() if decimal_commas else {}
        rows = []
        for line, row in self.rows:
            plain = {name: numbers.get(cell, cell) for name, cell in row.items()}
            if "date" in row:
                plain["date"] = dates.get(row["date"], row["date"])
            if "weekday" in row:
                plain["weekday"] = self._weekday(line, row["weekday"])
            if "time" in row:
                plain["time"] = times.get(row["time"], row["time"])
            rows.append((line, plain))
        return PlannerTable(self.path, self.columns, rows)

    def _weekday(self, line: int, text: str) -> str:
        days = weekdays_of(text)
        if days is None:
            fix = "Write Mon, Monday, mon-fri or mon,wed"
            raise BadValueError(Fault("names no day of the week", fix, value=text, file=self.path, line=line))
        return ",".join(WEEKDAYS[day] for day in days)

    def _dates(self) -> dict[str, str]:
        """Each date that is read, as ISO text; what is none stays, and is refused where it is used."""
        texts = list(dict.fromkeys(row["date"] for _, row in self.rows))
        read: dict[str, WrittenDate] = {}
        for text in texts:
            date = written_date(text) or compact(text)[0]
            if date is not None:
                read[text] = date
        unsure = [date for date in read.values() if not date.sure]
        order = order_of(unsure)
        if unsure and not order:
            text = next(text for text, date in read.items() if not date.sure)
            line = next(line for line, row in self.rows if row["date"] == text)
            words = "is a date of which the day or the month may come first"
            raise BadValueError(Fault(words, "Write 2026-11-23 or 23.11.2026", value=text, file=self.path, line=line))
        found = {text: date.date(order) for text, date in read.items() if text != str(date.date(order))}
        return {text: str(day) for text, day in found.items() if day is not None}

    def _times(self) -> dict[str, str]:
        """Each time of day as HH:MM:SS, each range as two; what is neither stays, and is refused where it is used."""
        texts = list(dict.fromkeys(row["time"] for _, row in self.rows))
        other = [text for text in texts if not CLOCK.fullmatch(text)]
        hours = hour_seconds(other) if other and len(other) == len(texts) else None
        if hours is not None:
            return {text: clock_text(seconds) for text, seconds in zip(other, hours, strict=True)}
        plain = {}
        for text in other:
            seconds, span = clock_seconds_of(text), written_range(text)
            if seconds is not None:
                plain[text] = clock_text(seconds)
            elif span is not None and not span.dated:
                plain[text] = f"{clock_text(span.begins_s)}-{clock_text(span.begins_s + span.length_s)}"
        return plain

    def _numbers(self) -> dict[str, str]:
        """Numbers with a decimal comma, or with points between thousands, as they are written in English."""
        cells = [(line, cell) for line, row in self.rows for name, cell in row.items() if name not in ("date", "time")]
        commas = any(DECIMAL.fullmatch(cell) for _, cell in cells)
        faults, plain = [], {}
        for line, cell in cells:
            if DECIMAL.fullmatch(cell):
                plain[cell] = cell.replace(".", "").replace(",", ".")
            elif POINTED.fullmatch(cell):
                plain[cell] = cell.replace(".", "")
                if not commas and cell.count(".") == 1:
                    words, fix = "has a point that can mean thousands or decimals", "Write 1234 or 1,234"
                    faults.append(Fault(words, fix, value=cell, file=self.path, line=line))
        raise_any(faults[:1])
        return plain


def delimiter_of(header: str) -> str:
    """What stands between the cells of a header: a semicolon, a tab or a bar where it has one, else a comma."""
    return next((mark for mark in (";", "\t", "|") if mark in header), ",")
