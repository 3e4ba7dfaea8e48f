import openpyxl
import pandas as pd
import pytest

from sim.report import Paragraph, Report, ReportSection, ShortLines, row, table
from sim.report.comparison import charts, comparison_report
from sim.report.render.sheet import by_measure, write_sheet


@pytest.fixture(scope="module")
def book(found, tmp_path_factory):
    path = tmp_path_factory.mktemp("sheet") / "report.xlsx"
    write_sheet(comparison_report(found), path)
    return openpyxl.load_workbook(path)


def made(tables, half_hours="", title="T"):
    shown = table("What it says", ["", "a, min"], [row("x", "1.5"), row("=1+1", "2")], ["a note"])
    items = (Paragraph("Name", ("One.", "Two.")), ShortLines(("l1", "l2")), shown)
    elsewhere = ReportSection("Elsewhere", lambda: [Paragraph("", ("No.",))], on_page=False)
    sections = (ReportSection("All", lambda: items), elsewhere)
    return Report(
        title, "one line", sections, {}, 1, 2, dict, lambda: tables, footer=("footer",), half_hours=half_hours
    )


def written(report, tmp_path):
    write_sheet(report, tmp_path / "x.xlsx")
    return openpyxl.load_workbook(tmp_path / "x.xlsx")


def test_it_has_a_summary_the_half_hours_what_it_rests_on_and_the_raw_figures(book):
    assert book.sheetnames[:3] == ["Summary", "Half-hours", "Assumptions"]
    assert {"measures", "by_day", "differences"} <= set(book.sheetnames)


def test_it_is_written_without_drawing(found, tmp_path, monkeypatch):
    monkeypatch.setattr(charts, "draw", lambda _: pytest.fail("has drawn"))
    write_sheet(comparison_report(found), tmp_path / "x.xlsx")


def test_half_hours_have_a_column_a_measure_and_numbers_that_count(book, found):
    rows = list(book["Half-hours"].values)
    assert rows[0][:3] == ("scenario", "day", "time")
    place = rows[0].index("offered")
    told = {row[:3]: row[place] for row in rows[1:]}
    table = found.results["Tiny cut"].by_interval
    for _, want in table[table["measure"] == "offered"].iterrows():
        assert told["Tiny cut", want["day"], want["time"]] == pytest.approx(want["mean"], rel=1e-14, abs=0)


def test_assumptions_are_those_that_explain_lists(book):
    rows = {(row[0], row[1]): row for row in book["Assumptions"].values}
    assert rows["Tiny after", "bot.selectivity"][3:5] == ("default", "A")


def test_the_summary_reads_as_the_page_does(tmp_path):
    cells = [row[:2] for row in written(made({}), tmp_path)["Summary"].values]
    assert cells[0] == ("T", None)
    assert cells[1] == ("one line", None)
    assert ("Name. One. Two.", None) in cells
    assert cells.index(("l1", None)) + 1 == cells.index(("l2", None))
    assert cells.index(("What it says", None)) + 2 == cells.index(("x", 1.5))
    assert ("=1+1", 2) in cells
    assert cells[-1] == ("footer", None)


def test_text_that_looks_like_a_formula_stays_text_and_what_is_no_number_stays_empty(tmp_path):
    data = pd.DataFrame({"name": ["=cmd()", "https://x.y"], "value": [1.5, float("nan")], "yes": [True, False]})
    sheet = written(made({"raw": data}), tmp_path)["raw"]
    assert list(sheet.values) == [("name", "value", "yes"), ("=cmd()", 1.5, True), ("https://x.y", None, False)]
    assert {cell.data_type for cell in sheet["A"]} == {"s"}
    assert sheet["C2"].data_type == "b"
    assert sheet["A3"].hyperlink is None


def test_the_same_answer_gives_the_same_bytes(tmp_path):
    data = {"raw": pd.DataFrame({"a": [1]})}
    files = [tmp_path / name for name in ("one.xlsx", "two.xlsx")]
    for path in files:
        write_sheet(made(data), path)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_long_name_or_one_that_is_taken_still_gets_a_sheet(tmp_path):
    tables = {"summary": pd.DataFrame({"a": [1]}), "x" * 40: pd.DataFrame({"a": [2]})}
    names = written(made(tables), tmp_path).sheetnames
    assert names == ["Summary", "Assumptions", "summary 2", "x" * 31]


def test_a_table_without_measures_stays_as_it_is():
    plain = pd.DataFrame({"a": [1, 2]})
    assert by_measure(plain) is plain
