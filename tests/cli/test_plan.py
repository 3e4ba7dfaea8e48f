"""`ccsim plan` as a planner uses it: a folder, a spreadsheet that is edited and played again, what is refused."""

import hashlib
import json
from io import StringIO
from unittest import mock

import openpyxl
import pytest
from rich.console import Console
from ruamel.yaml import YAML

import sim
from sim.cli.main import main
from sim.report.plan import plan_report
from sim.report.render.terminal import print_report
from sim.study.plan.result import plan_of
from tests.report.tiny import AFTER

FEW = ("--replications", "2", "--jobs", "1")
HORIZON = {
    "start": "2027-01",
    "months": 3,
    "heads": {"desk": 6},
    "growth": "2%",
    "hiring": {"classes": [{"month": 1, "group": "desk", "count": 2}], "training": "2w", "graduates": "100%"},
    "attrition": {"yearly": "60%"},
}
COSTS = {"agent_hour": 30, "hire": 4000, "severance": 9000, "currency": "EUR"}
CENTRE = AFTER | {"name": "Tiny ahead", "costs": COSTS, "horizon": HORIZON, "fatigue": {}, "attrition": {}}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "ahead.yaml"
    YAML().dump(CENTRE, path)
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder of the whole answer, and its document, found once."""
    place = tmp_path_factory.mktemp("plan")
    YAML().dump(CENTRE, place / "ahead.yaml")
    out = place / "out"
    with mock.patch("sys.stdout", StringIO()) as told, pytest.raises(SystemExit):
        main(["plan", str(place / "ahead.yaml"), *FEW, "--json", "--out", str(out)])
    return place, out, json.loads(told.getvalue())


def contents(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_folder_holds_the_page_its_charts_and_every_figure(made):
    _, out, document = made
    names = {"report.html", "plan.xlsx", "hiring.csv", "months.csv", "chance.csv", "cost.csv", "totals.csv"}
    assert names <= set(contents(out))
    assert document["advised"] == "best"
    assert document["months"] == ["2027-01", "2027-02", "2027-03"]
    assert list(document["plans"])[:4] == ["file", "best", "short", "up_to"]
    page = (out / "report.html").read_text()
    for lines in document["sections"].values():
        assert lines[0].split(":")[0].split(" (")[0].rstrip(".") in page.replace("\N{NO-BREAK SPACE}", " ")


def test_the_hiring_plan_that_is_written_is_read_as_it_was(made, ccsim):
    place, out, document = made
    advised = {(row["month"], row["group"]): (row["count"], row["let_go"]) for row in document["hiring"]}
    for name in ("plan.xlsx", "hiring.csv"):
        code, printed, _ = ccsim(
            "plan", place / "ahead.yaml", *FEW, "--json", "--no-best", "--compare", "none", "--hiring", out / name
        )
        again = json.loads(printed)
        assert code in (0, 1)
        assert {(r["month"], r["group"]): (r["count"], r["let_go"]) for r in again["hiring"]} == advised
        assert again["plans"]["file"]["months"] == document["plans"]["best"]["months"]


def test_an_edited_hiring_plan_is_played(made, file, tmp_path, ccsim):
    _, out, _ = made
    book = openpyxl.load_workbook(out / "plan.xlsx")
    sheet = book["hiring"]
    header = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        row[header.index("count")].value, row[header.index("let_go")].value = 0, None
    sheet.cell(3, header.index("count") + 1, 5)
    sheet.cell(2, header.index("let_go") + 1, 1)
    book.save(tmp_path / "edited.xlsx")
    few = ("--json", "--no-best", "--compare", "none", *FEW)
    hires = ("--set", "horizon.hiring.rule=replace", "--set", "horizon.let_go=[{month: 2, group: desk, count: 2}]")
    _, printed, _ = ccsim("plan", file, *few, *hires, "--hiring", tmp_path / "edited.xlsx")
    moves = [(r["month"], r["count"], r["let_go"]) for r in json.loads(printed)["hiring"]]
    assert moves == [(1, 0, 1), (2, 5, 0), (3, 0, 0)]
    hired = [r["mean"] for r in json.loads(printed)["plans"]["file"]["months"] if r["measure"] == "hired"]
    assert sum(hired) == 10.0  # of the group and of all together


def test_bad_cells_are_told_with_file_sheet_and_cell(made, file, tmp_path, ccsim):
    _, out, _ = made
    book = openpyxl.load_workbook(out / "plan.xlsx")
    sheet = book["hiring"]
    header = [cell.value for cell in sheet[1]]
    sheet.cell(2, header.index("count") + 1, "six")
    sheet.cell(3, header.index("group") + 1, "dessk")
    sheet.cell(4, header.index("month") + 1, 9)
    book.save(tmp_path / "bad.xlsx")
    code, printed, err = ccsim("plan", file, "--hiring", tmp_path / "bad.xlsx")
    assert (code, printed) == (2, "")
    told = err.splitlines()
    assert len(told) == 3
    places = [f"{chr(65 + header.index(name))}{row}" for name, row in (("count", 2), ("group", 3), ("month", 4))]
    fixes = (
        "Write a whole number from 0 to 100,000",
        "Did you mean desk? Allowed: desk",
        "Write a whole number from 1 to 3",
    )
    for line, place, value, fix in zip(told, places, ("six", "dessk", "9"), fixes, strict=True):
        assert f"bad.xlsx, sheet hiring, cell {place}: " in line
        assert f"(got {value})" in line
        assert line.endswith(fix)


def test_a_formula_without_its_value_is_not_nobody(file, tmp_path, ccsim):
    book = openpyxl.Workbook()
    book.active.append(["month", "group", "count"])
    book.active.append([1, "desk", "=1+2"])
    book.active.append([2, "desk", None])
    book.save(tmp_path / "formula.xlsx")
    code, printed, err = ccsim("plan", file, "--hiring", tmp_path / "formula.xlsx")
    assert (code, printed) == (2, "")
    assert "sheet Sheet, cell C2: " in err
    assert "is a formula without a value (got =1+2). Open the workbook, let it calculate, and save it" in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--hiring", "nowhere.xlsx"), "--hiring: nowhere.xlsx: is a file that does not exist. Looked for "),
        (("--compare", "keep,cutt"), "--compare: cutt: is no plan. Did you mean cut?"),
        (("--set", "horizon.months=0"), "horizon.months: must be at least 1 and at most 60"),
    ],
)
def test_what_cannot_be_played_is_refused(file, ccsim, flags, message):
    code, printed, err = ccsim("plan", file, *flags)
    assert (code, printed) == (2, "")
    assert message in err


def test_a_file_without_months_ahead_is_refused(files, ccsim):
    code, _, err = ccsim("plan", files[0])
    assert code == 2
    assert "horizon: is missing" in err
    assert "--set horizon.months=12" in err


def test_an_interruption_loses_no_year_and_workers_change_no_byte(file, tmp_path, ccsim):
    few = ("--no-best", "--compare", "keep", "--replications", "3")
    whole, out = tmp_path / "whole", tmp_path / "out"
    code, printed, _ = ccsim("plan", file, *few, "--jobs", "1", "--out", whole)
    from sim.report.kept import KeptParts

    real, done = KeptParts.keep, []

    def keep(self, number, content):
        if len(done) == 4:
            raise KeyboardInterrupt
        done.append(number)
        real(self, number, content)

    with mock.patch.object(KeptParts, "keep", keep):
        left, _, err = ccsim("plan", file, *few, "--jobs", "1", "--out", out)
    assert left == 130
    assert "4 years are kept in" in " ".join(err.split())
    assert not out.exists()
    again, text, err = ccsim("plan", file, *few, "--jobs", "2", "--out", out)
    assert "resuming: 4 years are there" in err
    assert (again, text) == (code, printed)
    assert contents(out) == contents(whole)
    assert not list(tmp_path.glob(".*.plan"))


def test_the_terminal_holds_eighty_columns(made):
    place, _, _ = made
    answer = sim.plan(sim.load(str(place / "ahead.yaml")), best=False, replications=2, spiral=False)
    screen = StringIO()
    print_report(plan_report(answer), Console(file=screen, width=80, highlight=False, force_terminal=False))
    assert max(map(len, screen.getvalue().splitlines())) <= 80
    assert repr(answer) == "<PlanAnswer 'Tiny ahead': 6 plans, 2 replications, seed 1>"


def test_the_plan_of_a_file_is_what_hiring_says(file):
    plan = plan_of(sim.load(str(file)))
    assert [(c.month, c.group, c.count) for c in plan.classes] == [(1, "desk", 2)]
