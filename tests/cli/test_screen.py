"""Reports on real screens: pseudo-terminals of 60 to 200 columns, pipes, and encodings that lack most characters."""

import os
import re
import struct
import subprocess
import sys
import threading
from contextlib import contextmanager
from unittest import mock

import openpyxl
import pytest
from ruamel.yaml import YAML

from sim.cli.main import main
from sim.report import Table, row, table
from sim.report.render.layout import blocks_of
from sim.report.render.sheet import write_sheet
from sim.report.render.terminal import print_report, print_table, stdout_console
from sim.report.render.wrap import wrapped
from tests.calibrate.exports import intervals, write
from tests.calibrate.observed.centre import written as fitted_centre
from tests.report.tiny import AFTER, BEFORE, CUT, HALF
from tests.study.centres import DAY
from tests.study.small import SMALL

fcntl, pty, termios = (pytest.importorskip(name) for name in ("fcntl", "pty", "termios"))

WIDTHS = (60, 80, 100, 132, 200)
GOALS = {"service_level": "50/60", "abandonment": 0.5, "resolution": 0.3, "strained_share": 0.9}
CENTRES = {
    "before": BEFORE,
    "after": AFTER,
    "cut": CUT,
    "half": HALF,
    "day": DAY,
    "small": SMALL | {"targets": GOALS},
}
VERBS = {
    "run": "run cut.yaml",
    "run, fitted": "run fitted.yaml --replications 2",
    "compare": "compare before.yaml after.yaml cut.yaml half.yaml",
    "compare, null world": "compare after.yaml cut.yaml --null-world",
    "targets": "targets small.yaml --staff 50%:150%:50% --aht 5m,7m --replications 3",
    "staff": "staff day.yaml --each whole --replications 10 --luck-only",
    "release": "staff after.yaml --release 1 --before before.yaml --replications 3 --luck-only",
    "sweep": "sweep cut.yaml --set agents.desk.staff=2,4,6 --set intents.orders.bot.resolves=0.1,0.4 --replications 2",
    "bridge": "bridge before.yaml cut.yaml",
    "calibrate": "calibrate export.csv --unit seconds --weeks 1 --window 14",
    "explain": "explain after.yaml",
}
NUMBER = re.compile(r"[-+]?\d[\d,.:]*(?: %| pt)?(?: ± [\d,.:]+)?")


REPORTS = {}
"""What was handed over, by command."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("screen")
    fitted_centre(place).rename(place / "fitted.yaml")
    for name, centre in CENTRES.items():
        YAML().dump(centre, place / f"{name}.yaml")
    write(intervals(21), place / "export.csv")
    return place


@pytest.fixture(scope="module")
def shown(folder):
    """What a verb hands to the terminal, simulated once: a function that prints it again, and its tables."""
    known = {}

    def once(verb):
        if verb not in known:
            known[verb] = _handed_over(folder, VERBS[verb].split())
        return known[verb]

    return once


@pytest.fixture(scope="module")
def shown_reports(shown):
    """The whole report of a verb."""

    def report(verb):
        shown(verb)
        return REPORTS[tuple(VERBS[verb].split())]

    return report


def _handed_over(folder, arguments):
    reports, tables = [], []
    where = os.getcwd()
    os.chdir(folder)
    try:
        with (
            mock.patch("sim.report.render.terminal.print_report", reports.append),
            mock.patch("sim.report.render.terminal.print_table", lambda _, given: tables.append(given)),
            pytest.raises(SystemExit) as left,
        ):
            main(arguments)
    finally:
        os.chdir(where)
    assert left.value.code in (None, 0, 1)
    if tables:
        return tables, lambda: [print_table(stdout_console(), given) for given in tables]
    (report,) = reports
    REPORTS[tuple(arguments)] = report
    items = [item for section in report.terminal for item in section.items]
    return [item for item in items if isinstance(item, Table) and item.rows], lambda: print_report(report)


@contextmanager
def screen(width):
    """A pseudo-terminal of so many columns in the place of stdout; gives a function that returns what it shows."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    shown = bytearray()

    def read():
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other end is closed
                return
            shown.extend(piece)

    reader = threading.Thread(target=read)
    reader.start()
    stream = os.fdopen(theirs, "w", encoding="utf-8")
    with mock.patch("sys.stdout", stream), mock.patch.dict(os.environ, {"TERM": "xterm-256color"}):
        os.environ.pop("COLUMNS", None)
        yield lambda: _plain(bytes(shown))
        stream.close()
    reader.join()
    os.close(ours)


def _plain(shown):
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode()).replace("\r\n", "\n")


def on_screen(width, show):
    with screen(width) as seen:
        show()
        read = seen
        sys.stdout.flush()
    return read()


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_is_cut_and_every_block_begins_with_the_names(shown, verb):
    tables, show = shown(verb)
    assert tables
    for width in WIDTHS:
        text = on_screen(width, show)
        lines = text.split("\n")
        assert max(map(len, lines)) <= width, (verb, width)
        assert "…" not in text.replace(*_own_dots(tables))
        for told in tables:
            _all_there(text, told, width)


def _own_dots(tables):
    """Dots that a table's own texts have."""
    return ("", "") if not any("…" in cell.text for t in tables for cells in t.rows for cell in cells) else ("…", "")


def _all_there(text, told, width):
    """Every number stands whole, and every block of the table begins with its first column."""
    for cells in told.rows:
        for cell in cells[told.labels :]:
            if NUMBER.fullmatch(cell.text):
                assert cell.text in text, (told.title, width, cell.text)
    for block in blocks_of(told, width):
        assert block.columns[0].header == told.columns[0]
        assert block.widths[0] >= min(8, block.columns[0].natural)
    words = "".join(re.sub(r"\s", "", line) for line in text.split("\n"))
    for cells in told.rows:
        first = cells[0].text.split()
        assert all(word[:8] in words for word in first), (told.title, width, cells[0].text)


def test_a_piped_report_is_folded_nowhere(shown, capsys):
    for verb in ("compare", "sweep", "staff"):
        tables, show = shown(verb)
        capsys.readouterr()
        show()
        text = capsys.readouterr().out
        assert "block" not in text
        for told in tables:
            for cells in told.rows:
                assert all(cell.text.strip() in text for cell in cells)


def test_the_title_says_that_there_are_more_blocks():
    wide = table("Wide", ["name", *"abcdefgh"], [row("first", *["1,234.5 ± 67.8"] * 8)])
    text = on_screen(60, lambda: print_table(stdout_console(), wide))
    assert "Wide (columns in 3 blocks)" in text
    assert "Wide (block 3 of 3)" in text
    assert text.count("first") == 3
    assert text.count("1,234.5 ± 67.8") == 8


def test_a_narrow_screen_breaks_long_names_and_words_and_no_number():
    keys = table("Keys", ["key", "value"], [row("customers.repeat.falsely_contained.probability", "a long " * 20)])
    text = on_screen(40, lambda: print_table(stdout_console(), keys))
    assert max(map(len, text.split("\n"))) <= 40
    assert "customers.repeat." in text
    assert wrapped("it takes 12.5 ± 0.3 s and 50 % of it", 20) == "it takes\n12.5 ± 0.3 s and\n50 % of it"


def test_the_width_is_that_of_the_screen_or_what_columns_says(monkeypatch):
    widths = []
    on_screen(71, lambda: widths.append(stdout_console().width))

    def told():
        monkeypatch.setenv("COLUMNS", "93")
        widths.append(stdout_console().width)

    on_screen(71, told)
    assert widths == [71, 93]


def test_a_whole_command_in_a_narrow_terminal(folder):
    """The command as it is typed: with its notes on stderr in the same terminal."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 60, 0, 0))
    environment = {key: value for key, value in os.environ.items() if key != "COLUMNS"} | {"TERM": "xterm"}
    command = [sys.executable, "-c", "from sim.cli.main import main; main()", "validate", "cut.yaml"]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, env=environment) as done:
        os.close(theirs)
        shown = bytearray()
        while True:
            try:
                shown.extend(os.read(ours, 65536))
            except OSError:
                break
    os.close(ours)
    text = _plain(bytes(shown))
    assert done.returncode == 0
    assert "note: cut.yaml: fatigue" in text
    assert max(map(len, text.split("\n"))) <= 60
    assert "2.0 agents (2026-11-23 08:00)" in " ".join(text.split())


# Encodings ----------------------------------------------------------------------


ENCODINGS = {
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "cp437": {"PYTHONIOENCODING": "cp437"},
    "strict": {"PYTHONIOENCODING": "ascii:strict"},
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "utf-8": {"PYTHONIOENCODING": "utf-8"},
}


def typed(folder, arguments, environment):
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONIOENCODING", "LC_ALL", "PYTHONUTF8")}
    return subprocess.run(
        [sys.executable, "-c", "from sim.cli.main import main; main()", *arguments],
        cwd=folder,
        env=kept | environment,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("name", ENCODINGS)
def test_whatever_the_encoding_a_verb_prints_and_writes_utf8(folder, name):
    (folder / "nö.yaml").write_text((folder / "cut.yaml").read_text().replace("Tiny cut", "Müller → „€“ 東"), "utf-8")
    out = ["--out", f"out-{name}"] if name in ("cp1252", "C") else []
    done = typed(folder, ["run", "nö.yaml", "--replications", "2", *out], ENCODINGS[name])
    assert done.returncode == 0, done.stderr
    assert b"internal error" not in done.stderr
    coding = "ascii" if name in ("strict", "C") else name
    text = done.stdout.decode(coding)
    plus = "+/-" if coding == "ascii" else "±"
    assert re.search(rf"\d {re.escape(plus)} \d", text)
    said = {"ascii": 'Muller -> "EUR" ?', "cp1252": "Müller -> „€“ ?", "cp437": 'Müller -> "EUR" ?'}
    assert said.get(coding, "Müller → „€“ 東") in text
    assert ("Each digit is a bar" in text) == (coding != "utf-8")
    if out:
        page = (folder / f"out-{name}" / "report.html").read_text("utf-8")
        assert "Müller → „€“ 東" in page
        assert "±" in page


@pytest.mark.parametrize("name", ["ascii", "C"])
def test_json_and_messages_in_ascii(folder, name):
    (folder / "nö.yaml").write_text((folder / "cut.yaml").read_text().replace("Tiny cut", "Nö"), "utf-8")
    done = typed(folder, ["explain", "nö.yaml", "--json"], ENCODINGS[name])
    assert done.returncode == 0
    assert b'"scenario": "N\\u00f6"' in done.stdout
    done = typed(folder, ["validate", "nirgendwö.yaml"], ENCODINGS[name])
    assert done.returncode == 2
    assert b"is a file that does not exist" in done.stderr
    assert b"internal" not in done.stderr


# The spreadsheet ----------------------------------------------------------------


LOOKS_LIKE_A_NUMBER = re.compile(
    r"[-+−]?\d[\d,]*(\.\d+)?( ?%| pt)?( ± [\d.,:]+)?( [*?])?|[-+]?\d+:\d\d ± \d+:\d\d( [*?])?"
)


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "explain"])
def test_every_number_of_the_spreadsheet_is_a_number(shown_reports, verb, tmp_path):
    """On every sheet: no text in a column of numbers writes one, percentages and durations have their formats."""
    write_sheet(shown_reports(verb), tmp_path / "report.xlsx")
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    forms = set()
    for sheet in book:
        for cells in sheet.iter_rows():
            for cell in cells[1:]:
                if isinstance(cell.value, str) and cell.column_letter not in _names(sheet):
                    assert not LOOKS_LIKE_A_NUMBER.fullmatch(cell.value), (sheet.title, cell.coordinate, cell.value)
            forms |= {cell.number_format for cell in cells if cell.data_type in "nd" and cell.value is not None}
    assert len(forms - {"General"}) > 1


def _names(sheet):
    """Columns of a data sheet that hold names, which may look like numbers."""
    words = ("range", "intent", "group", "name", "baseline")
    return {cell.column_letter for cell in sheet[1] if cell.value in words and sheet.title != "Summary"}
