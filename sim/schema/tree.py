"""YAML 1.2 text to a tree of nodes that remember where they were written.

ruamel.yaml parses; the tree is built here from its events, so that duplicate keys, aliases that explode and tags are
found with their line, and plain scalars follow the core schema of YAML 1.2 (``off``, ``no`` and ``6:30`` are text).
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from sim.errors import Problem, ScenarioError, shorten

MOST_VALUES = 1_000_000
DEEPEST = 40
INTEGER = re.compile(r"[-+]?[0-9]{1,30}")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,6})?")
SPECIAL = {f"{sign}.{name}": float(f"{sign}inf") for sign in ("", "+", "-") for name in ("inf", "Inf", "INF")}
SPECIAL |= {name: float("nan") for name in (".nan", ".NaN", ".NAN")}
WORDS: dict[str, bool | None] = dict.fromkeys(("", "~", "null", "Null", "NULL"))
WORDS |= {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
Keys = tuple[str | int, ...]
How = Literal["given", "inherited", "set", "fitted"]


@dataclass(frozen=True)
class Source:
    """A text that is read: its name for messages, the folder its file names are relative to, how its values count."""

    file: str
    base: Path
    how: How


@dataclass(frozen=True)
class Mark:
    """A place in a source; line and column count from 1, None where there are none."""

    source: Source
    line: int | None = None
    column: int | None = None

    def problem(self, path: str, message: str, fix: str = "", value: str | None = None) -> Problem:
        """Return a problem at this place."""
        return Problem(self.source.file, self.line, self.column, path, value, message, fix or None)


@dataclass
class Node:
    """A value with its place: a dict of nodes by key, a list of nodes, or a scalar with its text as written."""

    value: Any
    mark: Mark
    key: Mark | None = None
    text: str = ""

    @property
    def is_map(self) -> bool:
        """Tell whether this is a map."""
        return isinstance(self.value, dict)

    def child(self, part: str | int) -> Node | None:
        """Return the node under a key, or at an index; None when there is none."""
        found: Node | None = None
        if isinstance(self.value, dict):
            found = self.value.get(part)
        elif isinstance(self.value, list) and isinstance(part, int) and part < len(self.value):
            found = self.value[part]
        return found

    def shown(self) -> str:
        """Return the value for a message."""
        if isinstance(self.value, dict):
            return shorten("{" + ", ".join(f"{key}: ..." for key in self.value) + "}")
        if isinstance(self.value, list):
            return shorten("[" + ", ".join(item.shown() for item in self.value[:10]) + "]")
        return self.text


def path_text(path: tuple[str | int, ...]) -> str:
    """Return a dotted key path."""
    return ".".join(str(part) for part in path)


# From text --------------------------------------------------------------------


@dataclass
class OpenNode:
    """A map or list that is being read."""

    node: Node
    anchor: str | None
    key: str | None = None
    key_mark: Mark | None = None
    size: int = 1


class Composer:
    """Builds the tree of one text from parser events."""

    def __init__(self, source: Source, problems: list[Problem]) -> None:
        self.source = source
        self.problems = problems
        self.frames: list[OpenNode] = []
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.documents = 0
        self.root: Node | None = None

    def mark(self, event: Any) -> Mark:
        """Return the place of an event."""
        if self.source.how == "set":
            return Mark(self.source)
        return Mark(self.source, event.start_mark.line + 1, event.start_mark.column + 1)

    def refuse(self, event: Any, message: str, fix: str = "", value: str | None = None) -> ScenarioError:
        """Return the error that ends the reading of this text."""
        problem = self.mark(event).problem(path_text(self.path()), message, fix, value)
        return ScenarioError([*self.problems, problem])

    def path(self) -> tuple[str | int, ...]:
        """Return the path of what is being read."""
        parts: list[str | int] = []
        for frame in self.frames:
            if frame.node.is_map and frame.key is not None:
                parts.append(frame.key)
            elif not frame.node.is_map:
                parts.append(len(frame.node.value))
        return tuple(parts)

    def take(self, event: Any) -> None:
        """Take the next event."""
        name = type(event).__name__
        handler = getattr(self, f"_on_{name}", None)
        if handler is not None:
            handler(event)

    def _on_DocumentStartEvent(self, event: Any) -> None:  # noqa: N802
        self.documents += 1
        if self.documents > 1:
            raise self.refuse(event, "is a second document", "A file holds one scenario: remove the line ---")
        if event.version is not None and tuple(event.version) != (1, 2):
            raise self.refuse(event, "asks for another version of YAML than 1.2", "Remove the %YAML line")

    def _on_ScalarEvent(self, event: Any) -> None:  # noqa: N802
        self._no_tag(event)
        if self._wants_key():
            self._start_key(event)
            return
        value = resolve(event.value) if event.implicit[0] else event.value
        self._add(Node(value, self.mark(event), text=event.value), event.anchor, 1, event)

    def _on_AliasEvent(self, event: Any) -> None:  # noqa: N802
        if self._wants_key():
            raise self.refuse(event, "is an alias in the place of a key", "Write the key out", f"*{event.anchor}")
        if event.anchor not in self.anchors:
            inside = any(frame.anchor == event.anchor for frame in self.frames)
            message = "is an alias to itself" if inside else "is an alias to nothing"
            raise self.refuse(event, message, "", f"*{event.anchor}")
        node, size = self.anchors[event.anchor]
        self._add(replace(node, mark=self.mark(event)), None, size, event)

    def _on_MappingStartEvent(self, event: Any) -> None:  # noqa: N802
        self._start(event, {})

    def _on_SequenceStartEvent(self, event: Any) -> None:  # noqa: N802
        self._start(event, [])

    def _on_MappingEndEvent(self, event: Any) -> None:  # noqa: N802
        self._end(event)

    def _on_SequenceEndEvent(self, event: Any) -> None:  # noqa: N802
        self._end(event)

    def _no_tag(self, event: Any) -> None:
        if event.tag is not None:
            raise self.refuse(event, "has a tag", "Scenario files have no tags: remove it", str(event.tag))

    def _wants_key(self) -> bool:
        return bool(self.frames) and self.frames[-1].node.is_map and self.frames[-1].key is None

    def _start_key(self, event: Any) -> None:
        frame = self.frames[-1]
        frame.key, frame.key_mark = event.value, self.mark(event)
        if event.value == "<<":
            raise self.refuse(
                event, "is a merge key, which YAML 1.2 does not have", "Use extends, or write it out", "<<"
            )
        if event.value in frame.node.value:
            first = frame.node.value[event.value].key
            where = f"The first one is in line {first.line}" if first and first.line else ""
            self.problems.append(self.mark(event).problem(path_text(self.path()), "is a duplicate key", where))

    def _start(self, event: Any, value: dict[str, Node] | list[Node]) -> None:
        self._no_tag(event)
        if self._wants_key():
            raise self.refuse(event, "is a map or list in the place of a key", "Write a name")
        if len(self.frames) >= DEEPEST:
            raise self.refuse(event, f"is nested more than {DEEPEST} deep")
        self.frames.append(OpenNode(Node(value, self.mark(event)), event.anchor))
        if event.anchor:
            self.anchors.pop(event.anchor, None)

    def _end(self, event: Any) -> None:
        frame = self.frames.pop()
        self._add(frame.node, frame.anchor, frame.size, event)

    def _add(self, node: Node, anchor: str | None, size: int, event: Any) -> None:
        if anchor:
            self.anchors[anchor] = (node, size)
        if not self.frames:
            self.root = node
            return
        frame = self.frames[-1]
        frame.size += size
        if frame.size > MOST_VALUES:
            raise self.refuse(event, f"makes more than {MOST_VALUES:,} values", "Write fewer aliases of aliases")
        if isinstance(frame.node.value, list):
            frame.node.value.append(node)
        else:
            frame.node.value[frame.key] = replace(node, key=frame.key_mark)
            frame.key = frame.key_mark = None


def resolve(text: str) -> Any:
    """Return the value of a plain scalar by the core schema of YAML 1.2."""
    if text in WORDS:
        return WORDS[text]
    if text in SPECIAL:
        return SPECIAL[text]
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if len(text) < 400 and FLOAT.fullmatch(text) else text


def compose(text: str, source: Source, problems: list[Problem]) -> Node | None:
    """Return the tree of a YAML text, None when it is empty; add duplicate keys to `problems`.

    Raises
    ------
    ScenarioError
        When the text is not YAML, or uses what scenario files do not have (tags, merge keys, several documents).
    """
    composer = Composer(source, problems)
    try:
        for event in _events(text):
            composer.take(event)
    except YAMLError as error:
        raise ScenarioError([*problems, _syntax_problem(error, text, source)]) from None
    return composer.root


def _events(text: str) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield from YAML(typ="safe", pure=True).parse(text)


def _syntax_problem(error: YAMLError, text: str, source: Source) -> Problem:
    line = column = None
    if isinstance(error, ReaderError):
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        words = f"has a character that text cannot have: {error.character!r}"
        return Mark(source, line, column).problem("", words, "Remove it")
    words = "is not YAML"
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        words += f": {', '.join(part for part in (error.context, error.problem) if part)}"
    fix = "Indent with spaces, not with tabs" if r"\t" in words else ""
    if source.how == "set":
        line = column = None
    return Mark(source, line, column).problem("", shorten(words, 200), fix)


# From Python ------------------------------------------------------------------


def from_python(value: Any, source: Source, depth: int = 0) -> Node:
    """Return the tree of plain Python data; it has no lines."""
    mark = Mark(source)
    if depth > DEEPEST:
        raise ScenarioError([mark.problem("", f"is nested more than {DEEPEST} deep")])
    if hasattr(value, "tolist"):  # a number or an array of numpy's, a column of a table
        value = value.tolist()
    if isinstance(value, Mapping):
        items = {str(key): from_python(item, source, depth + 1) for key, item in value.items()}
        for node in items.values():
            node.key = mark
        return Node(items, mark)
    if isinstance(value, list | tuple):
        return Node([from_python(item, source, depth + 1) for item in value], mark)
    if isinstance(value, dt.date):
        value = value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**30:
        value = float("inf")
    return Node(value, mark, text=str(value))
