"""Reading a scenario: the tree, the parts, the checks across parts; every problem at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.arguments import checked
from sim.errors import Problem, ScenarioError
from sim.loading.check_all import check
from sim.loading.files import layers_of_text, read_layers, with_bases
from sim.loading.fill_defaults import fill_defaults
from sim.loading.fitting import Fit, Pairs, document_at, document_of, of_figures, with_fitted, with_settings
from sim.loading.merge import merged, parse_settings
from sim.loading.parts import Parts, read_parts
from sim.loading.problems import Reporter
from sim.scenario.model import Origin, Scenario
from sim.schema.tree import Node, Source, from_python, path_text

Settings = Iterable[str] | Mapping[str, Any]


@checked
def load(path: str | Path, settings: Settings = (), fit: Fit | None = None) -> Scenario:
    """Return the scenario of a file.

    Parameters
    ----------
    path
        A scenario file (docs/scenario-reference.md).
    settings
        Changes on top of the file: texts ``key.path=value``, or a mapping from key path to value.
    fit
        Fits the document that has observed figures to them; None to leave it as it is written, which is not simulated.

    Raises
    ------
    ScenarioError
        With every problem that was found, when there is one.
    """
    problems: list[Problem] = []
    path = Path(path)
    return _built(read_layers(path, problems), parse_settings(settings), problems, path.stem, fit)


@checked
def loads(
    data: str | Mapping[str, Any], settings: Settings = (), base: str | Path = ".", fit: Fit | None = None
) -> Scenario:
    """Return the scenario of a YAML text or of plain data, such as `Scenario.resolved` gives.

    Parameters
    ----------
    data
        What a file would say.
    settings, fit
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
        layers = layers_of_text(data, source, problems)
    else:
        layers = with_bases(from_python(data, source), source, problems, ())
    return _built(layers, parse_settings(settings), problems, "scenario", fit)


@checked
def changed(scenario: Scenario, settings: Settings, fit: Fit | None = None) -> Scenario:
    """Return a scenario with some values changed, after the same checks as a file's.

    What it rests on stays known (`Scenario.origins`): what was given remains given, defaults remain defaults. What was
    fitted to observed figures remains fitted; only where the figures themselves are changed, it is fitted anew.

    Parameters
    ----------
    scenario
        Any scenario.
    settings, fit
        As for `load`.

    Raises
    ------
    ScenarioError
        With every problem that was found, when there is one.
    """
    pairs = parse_settings(settings)
    tree = from_python(scenario.resolved(), Source(scenario.name, Path(), "given"))
    made = _built([tree], pairs, [], scenario.name, fit)
    written = origins(with_settings(from_python({}, Source("", Path(), "given")), pairs))
    fitted = {key: origin for key, origin in made.origins.items() if origin.how == "fitted"}
    made._origins = _kept_origins(scenario, [keys for keys, _ in pairs]) | fitted | written
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


def _built(layers: Sequence[Node], pairs: Pairs, problems: list[Problem], stem: str, fit: Fit | None) -> Scenario:
    """Return the scenario of layers and settings, fitted to the observed figures of its document."""
    at = document_at(layers, pairs)
    whole = at == 0 and len(of_figures(pairs)) == len(pairs)
    scenario = _scenario(with_settings(merged(layers), pairs), problems, stem, figures=whole)
    if at is None or scenario.observed is None or scenario.observed.fitted is not None:
        return scenario
    document = scenario
    if not whole:
        document = _scenario(document_of(layers, pairs, at), [], _stem(layers[at], stem))
    if fit is None or document.observed is None:
        return scenario
    return _scenario(with_fitted(layers, pairs, at, fit(document)), [], stem)


def _stem(layer: Node, stem: str) -> str:
    """Return the name of a layer's file without its ending; `stem` where it has no file."""
    file = layer.mark.source.file
    return Path(file).stem if file.endswith((".yaml", ".yml")) else stem


def _scenario(tree: Node, problems: list[Problem], stem: str, figures: bool = True) -> Scenario:
    reporter = Reporter(tree, problems)
    parts = read_parts(tree, stem, reporter)
    fill_defaults(parts, reporter)
    check(parts, reporter, figures)
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
