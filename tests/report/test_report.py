"""A report before it is shown: what each medium shows, in which order, and that nothing is made before."""

import io
import json

import pytest
from rich.console import Console

from sim.report import Paragraph, Report, ReportSection, ShortLines, Table, row, table
from sim.report.render.folder import write_whole
from sim.report.render.json import json_text
from sim.report.render.page import page
from sim.report.render.terminal import print_report


def said(text, **where):
    return ReportSection(text, lambda: [Paragraph("", (text,))], **where)


def report_of(*sections, **more):
    return Report("Title", "A line.", sections, {}, 1, 2, dict, **more)


def printed(report, width=80):
    out = io.StringIO()
    print_report(report, Console(file=out, width=width))
    return out.getvalue()


def test_sections_say_where_they_are_shown_and_the_terminal_has_an_order_of_its_own():
    report = report_of(
        said("Both, last there.", on_terminal=3),
        said("The page alone."),
        said("The terminal alone.", on_page=False, on_terminal=1),
        said("Both.", on_terminal=2),
    )
    assert printed(report).split("\n\n")[:-1] == ["The terminal alone.", "Both.", "Both, last there."]
    html = page(report)
    places = [html.index(words) for words in ("Both, last there.", "The page alone.", "Both.</p>")]
    assert places == sorted(places)
    assert "The terminal alone." not in html


def test_what_no_medium_shows_is_never_made_and_the_rest_once():
    made = []

    def section(name, **where):
        return ReportSection(name, lambda: [made.append(name) or ShortLines((name,))], **where)

    report = report_of(section("page"), section("both", on_terminal=1))
    printed(report)
    assert made == ["both"]
    page(report)
    assert made == ["both", "page"]


def test_short_lines_are_folded_where_a_screen_is_narrower():
    section = ReportSection("", lambda: [ShortLines(("word " * 30,))], on_terminal=1)
    for width, lines in ((80, 2), (160, 1)):
        assert len(printed(report_of(section), width).splitlines()) == lines


def test_a_table_without_rows_is_left_out_and_a_verdict_stands_to_the_left():
    empty = ReportSection("", lambda: [table("Nothing", ["a"], [])], on_terminal=1)
    assert printed(report_of(empty)) == ""
    judged = Table(
        "Judged", ("name", "now", "verdict"), (row("a", "1", "moved"), row("b", "10", "not at all")), verdict=True
    )
    lines = printed(report_of(ReportSection("", lambda: [judged], on_terminal=1))).splitlines()
    assert lines[-3].rstrip().endswith(" 1   moved")


def test_json_keeps_letters_and_refuses_what_is_no_number():
    assert json.loads(json_text({"a": "ä"})) == {"a": "ä"}
    assert "ä" in json_text({"a": "ä"})
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text({"a": float("nan")})


def test_a_file_is_written_whole_or_stays_as_it_was(tmp_path, monkeypatch):
    place = tmp_path / "file"
    write_whole("one", place)

    def full(self, *_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(OSError, match="No space"):
        write_whole("two", place)
    assert place.read_text() == "one"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
