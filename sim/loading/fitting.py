"""Where observed figures belong, and putting what was fitted to them into the tree.

The figures are those of one document: the uppermost file of a chain of `extends` that writes `observed`, on top of the
files that it extends, without its children and without `--set`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.loading.merge import merge, merged, put, put_whole
from sim.scenario.model import Origin, Scenario
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


@dataclass(frozen=True)
class Layers:
    """What a scenario is made of.

    Attributes
    ----------
    files
        Its file and those that it extends, the uppermost first.
    settings
        What is set on top, as (key path, value).
    stem
        What it is called where no file names it.
    origins
        What is known of the values of the scenario from which it was changed; None where it was read.
    checked
        Whether its beliefs were checked before.
    """

    files: Sequence[Node]
    settings: Pairs
    stem: str
    origins: Mapping[str, Origin] | None = None
    checked: bool = False

    def with_settings(self, pairs: Pairs) -> Layers:
        """Return these with more settings on top."""
        return replace(self, settings=[*self.settings, *pairs])

    def with_document_settings(self, pairs: Pairs) -> Layers:
        """Return these with settings on top of the document's own file, below what builds on it."""
        files = list(self.files)
        files[self._place] = with_settings(files[self._place], pairs)
        return replace(self, files=files)

    @property
    def is_document(self) -> bool:
        """Return whether figures stand in the uppermost file, with nothing but figures set on top."""
        return self._place == 0 and len(self._figures) == len(self.settings)

    @property
    def document_stem(self) -> str:
        """Return the name of the document's file without its ending; `stem` where it has no file."""
        file = self.files[self._place].mark.source.file
        return Path(file).stem if file.endswith((".yaml", ".yml")) else self.stem

    @property
    def _figures(self) -> Pairs:
        """Return the settings that change observed figures."""
        return [pair for pair in self.settings if pair[0][0] == KEY]

    @property
    def _place(self) -> int:
        """Return the file in which the figures are written; those that are set are the first one's if none has any."""
        return next((place for place, file in enumerate(self.files) if KEY in file.value), 0)

    def tree(self) -> Node:
        """Return the whole tree, as it is written."""
        return with_settings(merged(self.files), self.settings)

    def document_tree(self) -> Node:
        """Return the tree of the document: its own files, and the figures that are set."""
        return with_settings(merged(self.files[self._place :]), self._figures)

    def fitted_tree(self, fitted: FittedSettings) -> Node:
        """Return the whole tree with what was fitted to its document; children and settings go on top of it."""
        tree = self.document_tree()
        source, line = _source(tree)
        values = {**fitted.settings, f"{KEY}.fitted": fitted.outcome.model_dump(mode="json")}
        for path, value in values.items():
            tree = put_whole(tree, tuple(path.split(".")), _at(from_python(value, source), Mark(source, line)))
        for file in reversed(self.files[: self._place]):
            tree = merge(tree, file)
        return with_settings(tree, [pair for pair in self.settings if pair[0][0] != KEY])


@dataclass(frozen=True)
class FiguresDocument:
    """The document in which the figures of a scenario stand that is still to be fitted to them.

    Attributes
    ----------
    layers
        What the scenario is made of.
    whole
        The scenario, not fitted.
    scenario
        The document by itself: without children, and with no settings but those of figures.
    """

    layers: Layers
    whole: Scenario
    scenario: Scenario


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
