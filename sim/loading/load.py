"""Reading a scenario: the tree, the parts, the checks across parts; every problem at once. Nothing is simulated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.arguments import checked
from sim.errors import Problem, ScenarioError
from sim.loading.checks import check_arrivals, check_calendar, checker
from sim.loading.checks_beliefs import check_beliefs
from sim.loading.checks_channels import check_channels
from sim.loading.checks_mechanisms import check_mechanisms
from sim.loading.checks_observed import check_observed
from sim.loading.checks_people import (
    check_agents,
    check_customers,
    check_distributions,
    check_goals,
    check_intents,
    check_name,
)
from sim.loading.checks_planning import check_planning
from sim.loading.coverage import check_coverage
from sim.loading.files import layers_of_text, read_layers, with_bases
from sim.loading.fill_defaults import fill_defaults
from sim.loading.fitting import FiguresDocument, FittedSettings, Layers, with_settings
from sim.loading.merge import parse_settings
from sim.loading.overload import check_overload
from sim.loading.parts import SHARED_ARRIVAL_KEYS, Parts, read_parts
from sim.loading.problems import Reporter
from sim.loading.size import check_size
from sim.loading.targets_of_some import settle_targets
from sim.scenario.model import Origin, Scenario
from sim.schema.tree import Node, Source, from_python, path_text

CHECKS = (
    check_name,
    check_calendar,
    check_arrivals,
    check_intents,
    check_customers,
    check_distributions,
    check_agents,
    check_channels,
    check_mechanisms,
    check_goals,
    check_planning,
    check_size,
    check_coverage,
    check_overload,
)
SHARED_CUSTOMER_KEYS = ("patience", "difficulty_slope")
Settings = Iterable[str] | Mapping[str, Any]


@checked
def load(path: str | Path, settings: Settings = ()) -> Scenario:
    """Return the scenario of a file.

    Observed figures in it are read and not yet fitted to: `sim.fit_observed` does that, before it can be simulated.

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
    layers = read_layers(path, problems)
    return _built(Layers(layers, parse_settings(settings), path.stem), problems)


@checked
def loads(data: str | Mapping[str, Any], settings: Settings = (), base: str | Path = ".") -> Scenario:
    """Return the scenario of a YAML text or of plain data, such as `Scenario.resolved` gives; see `load`.

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
        layers = layers_of_text(data, source, problems)
    else:
        layers = with_bases(from_python(data, source), source, problems, ())
    return _built(Layers(layers, parse_settings(settings), "scenario"), problems)


@checked
def changed(scenario: Scenario, settings: Settings) -> Scenario:
    """Return a scenario with some values changed, after the same checks as a file's.

    What it rests on stays known (`Scenario.origins`): what was given remains given, defaults remain defaults. What was
    fitted to observed figures remains fitted; where the figures themselves are changed, nothing is fitted to them yet.
    Changes of a scenario that was not fitted stand on top of its files, as settings do that are loaded with it.

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
    return _built(_layers_of(scenario).with_settings(parse_settings(settings)), [])


def figures_document(scenario: Scenario) -> FiguresDocument | None:
    """Return the document to whose observed figures a scenario is still to be fitted; None where there is none.

    A copy with other values (`model_copy`) is a document of its own.
    """
    if not scenario.unfitted:
        return None
    return _remembered(scenario) or _remembered(_built(_layers_of(scenario), []))


def changed_below(document: FiguresDocument, inside: Settings, above: Settings) -> Scenario:
    """Return the scenario that builds on a document, still to be fitted, with other values.

    Parameters
    ----------
    document : of observed figures.
    inside : changes of the document itself, to which figures are fitted then.
    above : changes on top of the whole, which the fit does not know.
    """
    layers = document.layers.with_document_settings(parse_settings(inside)).with_settings(parse_settings(above))
    return _built(replace(layers, checked=True), [])


def with_fitted(document: FiguresDocument, fitted: FittedSettings) -> Scenario:
    """Return the scenario that builds on a document with what was fitted to it; children and settings go on top."""
    layers = document.layers
    scenario = _with_origins(_scenario(layers.fitted_tree(fitted), [], layers.stem), layers)
    scenario._document = document
    return scenario


def _remembered(scenario: Scenario) -> FiguresDocument | None:
    """Return the document that an unfitted scenario remembers, unless it is a copy with other values."""
    document: FiguresDocument | None = scenario._document if scenario.unfitted else None
    return document if document is not None and document.whole == scenario else None


def _layers_of(scenario: Scenario) -> Layers:
    """Return what a scenario is made of: what it says, or the files of one that is still to be fitted."""
    document = _remembered(scenario)
    if document is not None:
        return document.layers
    tree = from_python(_without_inherited(scenario), Source(scenario.name, Path(), "given"))
    return Layers([tree], (), scenario.name, scenario.origins)


def _without_inherited(scenario: Scenario) -> dict[str, Any]:
    """Return what a scenario says, less what its intents only take over from what all customers have in common.

    A change of `customers.patience` would else reach none of them.
    """
    tree, known = scenario.resolved(), scenario.origins
    for name, intent in tree["intents"].items():
        pairs = [(intent, tree["customers"], f"intents.{name}", key) for key in SHARED_CUSTOMER_KEYS]
        own = intent.get("arrivals") if "arrivals" in tree else None
        if own is not None:
            pairs += [(own, tree["arrivals"], f"intents.{name}.arrivals", key) for key in SHARED_ARRIVAL_KEYS]
        for mine, common, path, key in pairs:
            if f"{path}.{key}" not in known and key in mine and mine[key] == common.get(key):
                del mine[key]
    return tree


def _built(layers: Layers, problems: list[Problem]) -> Scenario:
    """Return the scenario of layers; one with observed figures remembers their document, which is checked too."""
    said = any(keys[0] == "beliefs" for keys, _ in layers.settings)
    beliefs = said or (layers.origins is None and not layers.checked)
    made = _scenario(layers.tree(), problems, layers.stem, figures=layers.is_document, beliefs=beliefs)
    scenario = _with_origins(made, layers)
    if made.unfitted:
        document = made if layers.is_document else _scenario(layers.document_tree(), [], layers.document_stem)
        scenario._document = FiguresDocument(layers, scenario, document)
    return scenario


def _with_origins(made: Scenario, layers: Layers) -> Scenario:
    """Return the scenario; where it was changed from another one, with what is known of that one's values."""
    if layers.origins is None:
        return made
    known = _kept_origins(layers.origins, [keys for keys, _ in layers.settings])
    fitted = {key: origin for key, origin in made.origins.items() if origin.how == "fitted"}
    written = origins(with_settings(from_python({}, Source("", Path(), "given")), layers.settings))
    scenario = made.model_copy()
    scenario._origins = known | fitted | written
    return scenario


def _kept_origins(known: Mapping[str, Origin], replaced: Iterable[tuple[str, ...]]) -> dict[str, Origin]:
    """Return the origins of all that was not replaced."""
    gone = tuple(path_text(keys) for keys in replaced)
    return {key: origin for key, origin in known.items() if not any(f"{key}.".startswith(f"{path}.") for path in gone)}


def _scenario(tree: Node, problems: list[Problem], stem: str, figures: bool = True, beliefs: bool = False) -> Scenario:
    reporter = Reporter(tree, problems)
    parts = read_parts(tree, stem, reporter)
    fill_defaults(parts, reporter)
    settle_targets(parts, reporter)
    _check(parts, reporter, figures)
    if reporter.problems:
        raise ScenarioError(reporter.in_order())
    scenario = _assembled(parts, reporter)
    if beliefs:
        check_beliefs(scenario, reporter, changed)
    if reporter.problems:
        raise ScenarioError(reporter.in_order())
    return scenario


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


def _check(parts: Parts, reporter: Reporter, figures: bool) -> None:
    """Report what does not fit together, and note what has no effect.

    `figures` tells whether observed figures are checked too: they are those of their own document, not of what builds
    on it.
    """
    look = checker(parts, reporter)
    for one in (check_observed, *CHECKS) if figures else CHECKS:
        one(look)
