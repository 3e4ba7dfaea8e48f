"""Reading a scenario: the tree, the parts, the checks across parts; every problem at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sim.errors import Problem, ScenarioError
from sim.scenario.check_all import check
from sim.scenario.files import on_top_of_base, read_tree, tree_of_text
from sim.scenario.merge import parse_settings, put
from sim.scenario.model import Origin, Scenario
from sim.scenario.parts import Parts, read_parts
from sim.scenario.report import Reporter
from sim.scenario.settle import settle
from sim.scenario.tree import Node, Source, from_python, path_text

Settings = Iterable[str] | Mapping[str, Any]


def load(path: str | Path, settings: Settings = ()) -> Scenario:
    """Return the scenario of a file.

    Parameters
    ----------
    path
        A scenario file (docs/scenario-reference.md).
    settings
        Changes on top of the file: texts ``key.path=value``, or a mapping from key path to value.

    Raises
    ------
    ScenarioError
        With every problem that was found, when there is one.
    """
    problems: list[Problem] = []
    path = Path(path)
    tree = read_tree(path, problems)
    return _scenario(_with_settings(tree, parse_settings(settings)), problems, path.stem)


def loads(data: str | Mapping[str, Any], settings: Settings = (), base: str | Path = ".") -> Scenario:
    """Return the scenario of a YAML text or of plain data, such as `Scenario.resolved` gives.

    Parameters
    ----------
    data
        What a file would say.
    settings
        As for `load`.
    base
        Folder to which the names of files in it are relative.

    Raises
    ------
    ScenarioError
        With every problem that was found, when there is one.
    """
    problems: list[Problem] = []
    source = Source("<text>" if isinstance(data, str) else "<data>", Path(base), "given")
    if isinstance(data, str):
        tree = tree_of_text(data, source, problems)
    else:
        tree = on_top_of_base(from_python(data, source), source, problems, ())
    return _scenario(_with_settings(tree, parse_settings(settings)), problems, "scenario")


def changed(scenario: Scenario, settings: Settings) -> Scenario:
    """Return a scenario with some values changed, after the same checks as a file's.

    What it rests on stays known (`Scenario.origins`): what was given remains given, defaults remain defaults.

    Parameters
    ----------
    scenario
        Any scenario.
    settings
        As for `load`.

    Raises
    ------
    ScenarioError
        With every problem that was found, when there is one.
    """
    pairs = parse_settings(settings)
    tree = from_python(scenario.resolved(), Source(scenario.name, Path(), "given"))
    made = _scenario(_with_settings(tree, pairs), [], scenario.name)
    written = origins(_with_settings(from_python({}, Source("", Path(), "given")), pairs))
    made._origins = _kept_origins(scenario, [keys for keys, _ in pairs]) | written
    return made


def _kept_origins(scenario: Scenario, replaced: Iterable[tuple[str, ...]]) -> dict[str, Origin]:
    """Return the origins of all that was not replaced."""
    gone = tuple(path_text(keys) for keys in replaced)
    return {key: o for key, o in scenario.origins.items() if not any(f"{key}.".startswith(f"{g}.") for g in gone)}


def validate(path: str | Path, settings: Settings = ()) -> tuple[Problem, ...]:
    """Return everything that is wrong in a scenario file; empty when nothing is."""
    try:
        load(path, settings)
    except ScenarioError as error:
        return error.problems
    return ()


def _with_settings(tree: Node, pairs: Iterable[tuple[tuple[str, ...], Node]]) -> Node:
    for keys, node in pairs:
        tree = put(tree, keys, node)
    return tree


def _scenario(tree: Node, problems: list[Problem], stem: str) -> Scenario:
    reporter = Reporter(tree, problems)
    parts = read_parts(tree, stem, reporter)
    settle(parts, reporter)
    check(parts, reporter)
    if reporter.problems:
        raise ScenarioError(reporter.in_order())
    return _assembled(parts, reporter)


def _assembled(parts: Parts, reporter: Reporter) -> Scenario:
    scenario = parts.scenario()
    scenario._notes = tuple(dict.fromkeys(reporter.notes))
    scenario._origins = origins(reporter.tree)
    return scenario


def origins(tree: Node) -> dict[str, Origin]:
    """Return where every value of the tree was written, by dotted key path; entries of lists share their list's."""
    found: dict[str, Origin] = {}

    def visit(node: Node, path: tuple[str, ...]) -> None:
        mark = node.mark if not node.is_map or node.key is None else node.key
        if path:
            found[path_text(path)] = Origin(mark.source.how, mark.source.file, mark.line, not node.is_map)
        if node.is_map:
            for key, child in node.value.items():
                visit(child, (*path, key))

    visit(tree, ())
    return found
