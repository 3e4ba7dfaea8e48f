"""A hiring plan is read from CSV or a workbook; every bad cell is told with its place, its value and what to write."""

from pathlib import Path

import openpyxl
import pytest

import sim
from sim.schema.faults import BadValueError
from sim.schema.hiring_tables import HiringRow, read_hiring

GROUPS = ("claims", "policies")
NO_MONTH = "Write a whole number from 1 to 60"
HEADER = ["month", "begins", "group", "count", "let go"]
GOOD = [[1, "2027-01", "claims", 3, None], [None] * 5, [12, "2027-12", "policies", None, 2]]
READ = (HiringRow(1, "claims", 3, 0), HiringRow(12, "policies", 0, 2))


def workbook(path: Path, rows: list, sheet: str = "hiring", before: str = "") -> str:
    book = openpyxl.Workbook()
    first = book.active
    if before:
        first.title = before
        first = book.create_sheet()
    first.title = sheet
    for row in rows:
        first.append(row)
    book.save(path)
    return str(path)


def faults(name: str) -> list[tuple[str, int | None, str, str, str]]:
    with pytest.raises(BadValueError) as caught:
        read_hiring(name, GROUPS)
    return [(Path(f.file).name, f.line, f.value, f.message, f.fix) for f in caught.value.faults]


def test_a_workbook_is_read_whatever_sheet_stands_first(tmp_path: Path) -> None:
    assert read_hiring(workbook(tmp_path / "a.xlsx", [HEADER, *GOOD], before="Summary"), GROUPS) == READ


def test_a_sheet_of_another_name_is_known_by_its_columns(tmp_path: Path) -> None:
    assert read_hiring(workbook(tmp_path / "a.xlsx", [HEADER, *GOOD], "Plan B", "Notes"), GROUPS) == READ


def test_csv_is_read_alike_with_commas_or_semicolons(tmp_path: Path) -> None:
    for number, mark in enumerate(",;"):
        path = tmp_path / f"{number}.csv"
        path.write_text("month,group,count,let_go\n1,claims,3,\n12,policies,0,2\n".replace(",", mark))
        assert read_hiring(str(path), GROUPS) == READ


def test_let_go_may_be_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("month,group,count\n1,claims,3\n")
    assert read_hiring(str(path)) == READ[:1]


def test_every_bad_cell_of_a_workbook_is_told(tmp_path: Path) -> None:
    rows = [[2, "", "clams", "six", None], [13.5, "", "policies", -2, 1], [61, "", "", 1, -1]]
    assert faults(workbook(tmp_path / "a.xlsx", [HEADER, *rows])) == [
        ("a.xlsx, sheet hiring, cell C2", None, "clams", "is not a group of agents",
         "Did you mean claims? Allowed: claims, policies"),
        ("a.xlsx, sheet hiring, cell D2", None, "six", "is not a number of people",
         "Write a whole number from 0 to 100,000"),
        ("a.xlsx, sheet hiring, cell A3", None, "13.5", "is not a month of the plan", NO_MONTH),
        ("a.xlsx, sheet hiring, cell D3", None, "-2", "is below 0", "Who is to go stands under let_go"),
        ("a.xlsx, sheet hiring, cell A4", None, "61", "is not a month of the plan", NO_MONTH),
        ("a.xlsx, sheet hiring, cell C4", None, None, "is empty", "Write the name of a group"),
        ("a.xlsx, sheet hiring, cell E4", None, "-1", "is not a number of people",
         "Write a whole number from 0 to 100,000"),
    ]  # fmt: skip


def test_a_bad_cell_of_csv_is_told_with_its_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("month,group,count\n1,claims,3\n2,claims,2.5\n")
    assert faults(str(path)) == [
        ("a.csv", 3, "2.5", "column count: is not a number of people", "Write a whole number from 0 to 100,000")
    ]


@pytest.mark.parametrize(
    ("rows", "message"),
    [([["month", "group"], [1, "claims"]], "has no column count"), ([], "has no column month or group or count")],
)
def test_a_sheet_called_hiring_without_its_columns_is_refused(tmp_path: Path, rows: list, message: str) -> None:
    ((file, _, _, told, fix),) = faults(workbook(tmp_path / "a.xlsx", rows))
    assert (file, told) == ("a.xlsx, sheet hiring", message)
    assert "month, group, count" in fix


def test_what_is_no_hiring_plan_is_refused(tmp_path: Path) -> None:
    ((_, _, sheets, told, _),) = faults(workbook(tmp_path / "a.xlsx", [["a", "b"]], "One", "Two"))
    assert (sheets, told) == ("Two, One", "has no sheet of a hiring plan")
    (tmp_path / "b.xlsx").write_text("no workbook")
    assert faults(str(tmp_path / "b.xlsx"))[0][3].startswith("cannot be read as a spreadsheet")
    with pytest.raises(BadValueError, match="does not exist"):
        read_hiring(str(tmp_path / "c.xlsx"))
    (tmp_path / "d.ods").write_text("")
    with pytest.raises(BadValueError, match="of a kind that is not read"):
        read_hiring(str(tmp_path / "d.ods"))


def test_a_scenario_holds_a_table_to_its_groups_and_months_and_takes_who_is_let_go(tmp_path: Path) -> None:
    rows = [HEADER, [1, "", "claims", 3, 1], [7, "", "policies", 2, None]]
    settings = [f"horizon.hiring.classes={{file: '{workbook(tmp_path / 'a.xlsx', rows)}'}}", "horizon.hiring.rule=none"]
    insurer = str(Path(__file__).parents[2] / "scenarios" / "cases" / "insurer" / "after-bot.yaml")
    ahead = sim.load(insurer, settings).horizon
    assert [(c.month, c.group, c.count) for c in ahead.hiring.classes] == [(1, "claims", 3), (7, "policies", 2)]
    assert [(g.month, g.group, g.count) for g in ahead.let_go] == [(1, "claims", 1)]
    with pytest.raises(sim.ScenarioError) as caught:
        sim.load(insurer, [*settings, "horizon.months=6"])
    (problem,) = caught.value.problems
    assert problem.file.endswith("a.xlsx, sheet hiring, cell A3")
    assert (problem.value, problem.fix) == ("7", "Write a whole number from 1 to 6")
    rows[1][2] = "clams"
    workbook(tmp_path / "a.xlsx", rows)
    with pytest.raises(sim.ScenarioError, match=r"sheet hiring, cell C2: .*is not a group .*Did you mean claims"):
        sim.load(insurer, settings)
