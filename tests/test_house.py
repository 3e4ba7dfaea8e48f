"""The habits of the house: one name for one class, paths that exist, one version, bounds that are tried."""

import ast
import re
import tomllib
from collections import defaultdict
from importlib import import_module
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import sim
from tests.named_paths import ROOT, exists, expanded, missing, named_paths, pages

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)(?:\[[\w,]+\])?(?:>=(?P<lowest>[\d.]+))?")


def read_yaml(path: Path) -> dict:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


# Names ------------------------------------------------------------------------


def public_classes(file: Path) -> list[str]:
    body = ast.parse(file.read_text(encoding="utf-8")).body
    return [node.name for node in body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]


def test_no_two_public_classes_share_a_name() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for file in sorted((ROOT / "sim").rglob("*.py")):
        for name in public_classes(file):
            homes[name].append(str(file.relative_to(ROOT)))
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}


def test_every_public_name_of_the_package_says_what_it_is() -> None:
    assert [name for name in sim.__all__ if not (getattr(sim, name).__doc__ or "").strip()] == []


# Paths ------------------------------------------------------------------------


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    assert missing(page) == []


def test_a_path_is_what_begins_with_a_folder_or_is_a_module() -> None:
    text = "`sim/jit.py`, `study/run.py: run`, `agents.py`, `a/b`, `results/mine/`, `my_own.py`, sim/not/quoted.py"
    assert [path for _, path in named_paths(text)] == ["sim/jit.py", "study/run.py", "agents.py"]


def test_blocks_of_code_are_passed_over_and_lines_are_counted() -> None:
    text = "```sh\n`sim/in/a/block.py`\n```\n`ccsim run scenarios/x.yaml` and `tests/test_docs.py::test_links_resolve`"
    assert list(named_paths(text)) == [(4, "scenarios/x.yaml"), (4, "tests/test_docs.py")]


def test_braces_stand_for_several_paths() -> None:
    assert expanded("sim/{a,b}/{c,d}.py") == ["sim/a/c.py", "sim/a/d.py", "sim/b/c.py", "sim/b/d.py"]
    assert exists("sim/{errors,jit}.py")
    assert not exists("sim/{errors,nothing}.py")


@pytest.mark.parametrize("path", ["sim/cli/VERB.py", "sim/<folder>/__init__.py", "sim/*/run.py", "scenarios/README.md"])
def test_placeholders_and_patterns_are_there_if_anything_fits(path: str) -> None:
    assert exists(path)


@pytest.mark.parametrize(
    "path", ["sim/nowhere/NAME.py", "sim/*/no_such_module.py", "docs/NAME.txt", "no_such_module.py"]
)
def test_placeholders_and_patterns_are_missing_if_nothing_fits(path: str) -> None:
    assert not exists(path)


def imported(page: Path) -> list[tuple[str, str]]:
    """Module and name of everything that the Python on a page imports from `sim`."""
    blocks = re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    nodes = (node for block in blocks for node in ast.walk(ast.parse(block)) if isinstance(node, ast.ImportFrom))
    return [(node.module, a.name) for node in nodes for a in node.names if (node.module or "").split(".")[0] == "sim"]


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_everything_that_the_python_on_a_page_imports_is_there(page: Path) -> None:
    assert [(module, name) for module, name in imported(page) if not hasattr(import_module(module), name)] == []


def test_every_page_stands_in_one_list_of_the_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    lists = re.findall(r"^```\{toctree\}\n(.*?)^```", index, re.DOTALL | re.MULTILINE)
    listed = [line for text in lists for line in text.splitlines() if line and line[0] not in ":."]
    assert sorted(listed) == sorted(page.stem for page in (ROOT / "docs").glob("*.md") if page.stem != "index")


# The package ------------------------------------------------------------------


def test_the_version_is_said_once() -> None:
    citation = read_yaml(ROOT / "CITATION.cff")
    assert {citation["version"], sim.__version__} == {PROJECT["version"]}


def test_the_citation_is_of_this_project() -> None:
    citation = read_yaml(ROOT / "CITATION.cff")
    assert [author["name"] for author in citation["authors"]] == [author["name"] for author in PROJECT["authors"]]
    assert citation["license"] == PROJECT["license"]


def requirements(lists: list[list[str]]) -> dict[str, str | None]:
    """The lowest version of everything required, by name; None where any will do."""
    found = [REQUIREMENT.match(line) for lines in lists for line in lines]
    return {normal(m["name"]): m["lowest"] for m in found if m and m["name"] != PROJECT["name"]}


def pins(name: str) -> dict[str, str]:
    """The version of each package that a file of constraints names."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {normal(package): version for package, version in pairs}


def short(version: str | None) -> str:
    """A version without zeros at its end: 2.0 and 2.0.0 are one."""
    return re.sub(r"(\.0)+$", "", version or "")


def normal(name: str) -> str:
    return name.lower().replace("_", "-")


def test_the_lowest_versions_tried_are_those_that_are_allowed() -> None:
    allowed = requirements([PROJECT["dependencies"]])
    assert {name: short(v) for name, v in pins("constraints-lowest.txt").items()} == {
        n: short(v) for n, v in allowed.items()
    }


def test_whatever_is_required_is_pinned() -> None:
    wanted = requirements([PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()])
    assert set(wanted) - set(pins("constraints.txt")) == set()


def test_the_pins_name_no_place_to_download_from() -> None:
    for name in ("constraints.txt", "constraints-lowest.txt"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if not re.fullmatch(r"#.*|[\w.-]+==[\w.]+", line)] == []
        assert not any("://" in line for line in lines)


# What machines run ------------------------------------------------------------


def make_targets() -> set[str]:
    return set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_continuous_integration_asks_for_targets_that_exist() -> None:
    jobs = read_yaml(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]
    commands = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    asked = {target for command in commands for target in re.findall(r"\bmake ([\w-]+)", command)}
    assert {"lint", "test", "docs"} <= asked <= make_targets()


def test_continuous_integration_tries_every_python_that_is_promised() -> None:
    jobs = read_yaml(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]
    versions = jobs["tests"]["strategy"]["matrix"]["python"]
    assert f">={versions[0]}" == PROJECT["requires-python"]
    assert {f"Programming Language :: Python :: {version}" for version in versions} <= set(PROJECT["classifiers"])


def test_hooks_are_local_and_run_what_is_there() -> None:
    repositories = read_yaml(ROOT / ".pre-commit-config.yaml")["repos"]
    assert [repository["repo"] for repository in repositories] == ["local"]
    assert {hook["language"] for hook in repositories[0]["hooks"]} == {"system"}


def test_every_target_of_make_is_told_of() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert {target for target in make_targets() if f"`make {target}`" not in text} == {"bank"}
