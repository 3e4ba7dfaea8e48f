"""The documentation says what the code does: measures, defaults, links, commands, the order of the rooms."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

import sim
from sim.cli.main import VERBS
from sim.engine.records import BotOutcome, Cause, Outcome
from sim.loading.shape import NOT_BUILT, inner
from sim.measures.definitions import MEASURES, measures_of
from sim.mechanisms import mechanism_names
from sim.scenario.goals import Costs
from sim.scenario.model import Intent, Scenario
from sim.scenario.people import Customers
from sim.schema.base import file_fields, mark_of
from sim.study.compare import NET_DEFLECTION
from sim.study.replicate import WAIT_P90

ROOMS = ["schema", "rng", "mechanisms", "scenario", "demand", "facts", "loading", "engine", "measures", "study"]
ROOMS += ["calibrate", "learning", "report", "whatif", "cli"]
RETAILER = "scenarios/retailer/{}.yaml"
ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md"), *ROOT.glob("scenarios/**/*.md")])
SLICES = {
    "all": {"overall", "day", "interval", "intent", "group", "channel"},
    "all but group": {"overall", "day", "interval", "intent", "channel"},
    "all but intent": {"overall", "day", "interval", "group"},
    "whole, day, group": {"overall", "day", "group"},
    "whole, day, intent": {"overall", "day", "intent", "channel"},
    "whole, intent": {"overall", "intent", "channel"},
    "whole, day, intent only": {"overall", "day", "intent"},
    "whole, day": {"overall", "day"},
    "whole, group": {"overall", "group"},
    "whole": {"overall"},
}
EVERYTHING = """
name: every mechanism
calendar: {start: 2026-01-05, days: 1, hours: "08:00-10:00"}
arrivals: {per_day: 40}
intents:
  NAME: {share: 0.6, talk_time: 5m, bot: {containment: 0.4}, channel: chat, chat: {}}
  call: {share: 0.2, talk_time: 5m}
  mail: {share: 0.2, talk_time: 5m, channel: deferred, due: 1h}
customers: {redial: {}, repeat: {}, silent_leave: 0.3, callback: {}}
queues: {call: {limit: 20}}
agents:
  all:
    skills: {NAME: {preference: 1}, call: {preference: 2, overflow_after: 30s}, mail: {preference: 3}}
    concurrency: 2
    staff: 2
  supervisors: {skills: [decisions], staff: 1}
costs: {agent_hour: 30}
bot: {hours: "00:00-24:00", conversation: {}, max_sessions: 5}
frustration: {}
mistreatment: {}
fatigue: {}
pace: {target: 4m, sends_away: 0.1}
workforce: {redundancy: {}}
assistant: {summary: {}, cleanup: {}}
screens: {}
supervisor: {group: supervisors}
expectations: {}
trust: {}
induced_demand: {}
csat: {}
attrition: {}
horizon: {supervisors: {}}
"""
OUTCOMES = ("csat", "attrition")
FALSE_SHARE = "intents.NAME.bot.false_share"


def table_rows(page: Path, columns: int) -> Iterator[list[str]]:
    """The cells of every row, of so many columns, whose first cell is one piece of code."""
    for line in page.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("| `") and len(cells) == columns and re.fullmatch(r"`[^`]+`", cells[0]):
            yield [cells[0].strip("`"), *cells[1:]]


# Measures ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def documented() -> dict[str, list[str]]:
    return {name: rest for name, *rest in table_rows(DOCS / "measures.md", 5)}


def test_every_measure_is_documented_and_no_other(documented: dict[str, list[str]]) -> None:
    assert set(documented) == {*measures_of(sim.loads(EVERYTHING)), WAIT_P90, NET_DEFLECTION}


def test_units_and_slices_of_measures_are_those_of_the_code(documented: dict[str, list[str]]) -> None:
    for name, measure in measures_of(sim.loads(EVERYTHING)).items():
        unit, _, _, slices = documented[name]
        assert (unit, SLICES[slices]) == (measure.unit, set(measure.slices)), name


def test_slices_of_the_percentile_are_those_of_a_run(documented: dict[str, list[str]]) -> None:
    result = sim.run(sim.loads(EVERYTHING), replications=2, jobs=1)
    tables = {name: getattr(result, f"by_{name}") for name in ("day", "interval", "intent", "group", "channel")}
    found = {name for name, table in tables.items() if WAIT_P90 in set(table["measure"])}
    assert found | {"overall"} == SLICES[documented[WAIT_P90][3]]


def test_service_level_example_adds_up() -> None:
    answered_in_t, answered, gone_in_t, offered = 70, 80, 12, 100
    shares = {
        "sl_offered": answered_in_t / offered,
        "sl_excl_abn_in_t": answered_in_t / (offered - gone_in_t),
        "sl_credit_abn_in_t": (answered_in_t + gone_in_t) / offered,
        "sl_answered": answered_in_t / answered,
    }
    text = (DOCS / "measures.md").read_text(encoding="utf-8")
    for name, share in shares.items():
        assert name in MEASURES
        row = next(line for line in text.splitlines() if line.startswith(f"| `{name}`") and line.endswith("% |"))
        assert f"{100 * share:.1f} %" in row


def test_codes_of_contacts_are_those_of_the_records() -> None:
    text = " ".join((DOCS / "measures.md").read_text(encoding="utf-8").split())
    for name, codes in (("cause", Cause), ("bot", BotOutcome), ("outcome", Outcome)):
        told = re.search(rf"`{name}` (0 [^;.]+)", text)
        assert told, name
        assert [int(part.split()[0]) for part in told[1].split(", ")] == [int(code) for code in codes]


# Defaults ---------------------------------------------------------------------


def defaults() -> dict[str, list[str]]:
    """Rows of docs/evidence.md with a default: default, range, grade and what it rests on, by key."""
    return {key: [default.strip("`"), *rest] for key, default, *rest in table_rows(DOCS / "evidence.md", 5)}


def graded(model: type[BaseModel], path: str) -> Iterator[str]:
    """Key paths of every parameter below a model whose default is not a matter of course."""
    for key, field in file_fields(model).items():
        below = inner(field.annotation)[1]
        if below is not None:
            yield from graded(below, f"{path}{key}.")
        elif mark_of(field, "grade"):
            yield f"{path}{key}"


def field_of(key: str) -> object:
    model: type[BaseModel] = Intent if key.startswith("intents.NAME.") else Scenario
    *above, last = key.removeprefix("intents.NAME.").split(".")
    for name in above:
        below = inner(file_fields(model)[name].annotation)[1]
        assert below is not None
        model = below
    return file_fields(model)[last]


def test_every_default_of_a_mechanism_is_documented() -> None:
    assert sim.loads(EVERYTHING).mechanisms == mechanism_names()
    mechanisms = {key for name in (*mechanism_names(), *OUTCOMES) for key in graded_mechanism(name)}
    parts = ((Customers, "customers."), (Intent, "intents.NAME."), (Costs, "costs."))
    wanted = mechanisms | {key for model, path in parts for key in graded(model, path)}
    assert wanted - {"intents.NAME.arrivals.process"} <= set(defaults())


def graded_mechanism(name: str) -> Iterator[str]:
    model = inner(Scenario.model_fields[name].annotation)[1]
    assert model is not None
    return graded(model, f"{name}.")


def test_documented_defaults_are_in_force() -> None:
    rows = {key: cells[0] for key, cells in defaults().items()}
    assert len(rows) >= 40
    plain = sim.loads(EVERYTHING)
    for key, default in rows.items():
        assert sim.loads(EVERYTHING, settings=[f"{key}={default}"]) == plain, key


def test_documented_grades_and_ranges_are_those_of_the_schema() -> None:
    for key, (_, span, grade, _) in defaults().items():
        field = field_of(key)
        written = [float(x) for x in re.findall(r"[0-9.]+", str(mark_of(field, "range") or ""))]
        assert [float(x) for x in span.split("-") if x] == written, key
        assert grade == (mark_of(field, "grade") or "") or key == FALSE_SHARE, key


def test_everything_not_built_is_documented() -> None:
    text = (DOCS / "evidence.md").read_text(encoding="utf-8")
    section = text[text.index("## Not built yet") :]
    missing = {key for key in NOT_BUILT - {"observed"} if f"`{key}`" not in section}
    assert not missing


def test_sections_that_sources_name_are_there() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "sim").rglob("*.py"))
    named = set(re.findall(r"\(evidence (\d)", text)) | set(re.findall(r"docs/evidence\.md, section (\d)", text))
    sections = re.findall(r"^## (\d)\. ", (DOCS / "evidence.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert named
    assert named <= set(sections)


# Links and commands -----------------------------------------------------------


def heading_anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ +(.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_resolve(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http://", "https://")):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), target
        assert not anchor or anchor in heading_anchors(file), target


def shell_lines(page: Path) -> list[str]:
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"```(?:sh|console)\n(.*?)```", text, re.DOTALL)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith(("make ", "ccsim "))]


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_commands_exist(name: str) -> None:
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    lines = shell_lines(ROOT / name)
    assert any(line.startswith("make ") for line in lines)
    for line in lines:
        program, what, *arguments = line.split("#")[0].split()
        assert what in (targets if program == "make" else VERBS), line
        for argument in arguments:
            if program == "ccsim" and argument.startswith("scenarios/"):
                assert (ROOT / argument).exists(), line


def test_python_in_the_readme_runs(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert blocks
    monkeypatch.chdir(ROOT)
    quick = ["calendar.days=1", "run={replications: 2, warm_up: 0d, follow_up: 0d}"]
    load = sim.load
    monkeypatch.setitem(sim.__dict__, "load", lambda path: load(path, settings=quick))
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})


def excerpt(number: int) -> list[str]:
    """The paragraphs of an excerpt on the README, as they were printed."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(r"```text\n(.*?)```", text, re.DOTALL)[number].strip().split("\n\n")


def printed(*arguments: str) -> str:
    command = [sys.executable, "-c", "from sim.cli.main import main; main()", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.mark.long
def test_the_readme_says_what_targets_says() -> None:
    told = printed("targets", RETAILER.format("after-bot"), "--before", RETAILER.format("before-bot"))
    assert [paragraph for paragraph in excerpt(0) if paragraph not in told] == []


@pytest.mark.long
def test_the_readme_says_what_the_demo_says() -> None:
    told = printed("compare", *map(RETAILER.format, ("before-bot", "after-bot", "after-bot-planned")))
    assert [paragraph for paragraph in excerpt(1) if paragraph not in told] == []
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    story = text[text.index("## The story") :]
    for number in re.findall(r"[\d.,:]+(?: %)? ± [\d.:]+", story):
        assert number in told, number


# The rooms --------------------------------------------------------------------


def test_imports_run_only_upwards_in_the_table_of_rooms() -> None:
    names = [name for name, *_ in table_rows(DOCS / "architecture.md", 3)]
    rooms = [name.removeprefix("sim/").rstrip("/") for name in names if name.startswith("sim/")]
    assert rooms == ROOMS
    for number, room in enumerate(rooms):
        for file in (ROOT / "sim" / room).rglob("*.py"):
            below = imported_rooms(file) & set(rooms[number + 1 :])
            assert not below, f"{file.relative_to(ROOT)} imports {below}"


def imported_rooms(file: Path) -> set[str]:
    """The rooms of `sim` that a file imports from."""
    names: list[str] = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
            names += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return {name.split(".")[1] for name in names if name.startswith("sim.")}
