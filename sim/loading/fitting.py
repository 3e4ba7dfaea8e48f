"""Where observed figures belong, and putting what was fitted to them into the tree.

The figures are those of one document: the uppermost file of a chain of `extends` that writes `observed`, on top of the
files that it extends, without its children and without `--set`. Whoever loads a scenario hands in who fits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.loading.merge import merge, merged, put, put_whole
from sim.scenario.model import Scenario
from sim.scenario.observed import FitOutcome
from sim.schema.tree import Mark, Node, Source, from_python

KEY = "observed"
Pairs = Sequence[tuple[tuple[str, ...], Node]]


@dataclass(frozen=True)
class FittedSettings:
    """What reproduces observed figures.

    Attributes
    ----------
    settings
        Key paths and values, as a file would hold them.
    outcome
        The figures beside the model's, and what was rescaled.
    """

    settings: Mapping[str, Any]
    outcome: FitOutcome


Fit = Callable[[Scenario], FittedSettings]
"""Fits the scenario of a document to the figures in it; raises `ScenarioError` where they contradict each other."""


def of_figures(pairs: Pairs) -> Pairs:
    """Return the settings that change observed figures."""
    return [pair for pair in pairs if pair[0][0] == KEY]


def document_at(layers: Sequence[Node], pairs: Pairs) -> int | None:
    """Return the place of the layer in which the figures are written; None where no figure is in force.

    Figures that are set are those of the first layer that has any, else of the first.
    """
    found = next((k for k, layer in enumerate(layers) if KEY in layer.value), None)
    if found is None:
        return 0 if of_figures(pairs) else None
    return found


def document_of(layers: Sequence[Node], pairs: Pairs, at: int) -> Node:
    """Return the tree of the document: its own layers, and the figures that are set."""
    return with_settings(merged(layers[at:]), of_figures(pairs))


def with_fitted(layers: Sequence[Node], pairs: Pairs, at: int, fitted: FittedSettings) -> Node:
    """Return the whole tree with what was fitted to its document; children and settings go on top of it."""
    tree = document_of(layers, pairs, at)
    source, line = _source(tree)
    values = {**fitted.settings, f"{KEY}.fitted": fitted.outcome.model_dump(mode="json")}
    for path, value in values.items():
        tree = put_whole(tree, tuple(path.split(".")), _at(from_python(value, source), Mark(source, line)))
    for layer in reversed(layers[:at]):
        tree = merge(tree, layer)
    return with_settings(tree, [pair for pair in pairs if pair[0][0] != KEY])


def _source(tree: Node) -> tuple[Source, int | None]:
    """Return the file and line of the figures, as the place of what was fitted to them."""
    mark = tree.value[KEY].key or tree.value[KEY].mark
    return Source(mark.source.file, Path(), "fitted"), mark.line


def _at(node: Node, mark: Mark) -> Node:
    """Return a node of which every part has the same place."""
    if isinstance(node.value, dict):
        return Node({key: _at(child, mark) for key, child in node.value.items()}, mark, mark)
    items = [_at(item, mark) for item in node.value] if isinstance(node.value, list) else node.value
    return replace(node, value=items, mark=mark, key=mark)


def with_settings(tree: Node, pairs: Pairs) -> Node:
    """Return the tree with settings on top, in their order."""
    for keys, node in pairs:
        tree = put(tree, keys, node)
    return tree
