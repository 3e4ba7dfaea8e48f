"""Reading scenario files from disk, `extends` included."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from pathlib import Path

from sim.errors import Problem, ScenarioError
from sim.loading.shape import allowed_keys
from sim.scenario.model import Scenario
from sim.schema.tree import Mark, Node, Source, compose

LARGEST_FILE = 10_000_000
LARGEST_STRANGER = 100_000
"""Characters up to which a text without any key of a scenario is parsed, to say where it is wrong."""
LOOKED_AT = 8192
LONGEST_CHAIN = 20
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
SCENARIO = "A scenario is a map with the keys name, calendar, intents and more"


def read_layers(path: Path, problems: list[Problem]) -> list[Node]:
    """Return the tree of a file, then those of the files that it extends; add duplicate keys to `problems`.

    Raises
    ------
    ScenarioError
        When a file cannot be read, is not YAML, is no scenario, or extends itself.
    """
    source = Source(str(path), path.parent, "given")
    root = _root_of_file(_read(path, Mark(source)), source, problems)
    return with_bases(root, source, problems, (path.resolve(),))


def text_of(path: Path) -> str:
    """Return the text of a scenario file.

    Raises
    ------
    ScenarioError
        When it cannot be read.
    """
    return _read(path, Mark(Source(str(path), path.parent, "given")))


def layers_of_text(text: str, source: Source, problems: list[Problem]) -> list[Node]:
    """Return the tree of a text, and those of the files that it extends."""
    return with_bases(_root(compose(text, source, problems), source, problems), source, problems, ())


def _root(node: Node | None, source: Source, problems: list[Problem]) -> Node:
    if node is not None and node.is_map:
        return node
    mark = Mark(source, 1, 1) if node is None or node.value is None else node.mark
    raise ScenarioError([*problems, _no_map(mark, node)])


def _no_map(mark: Mark, node: Node | None) -> Problem:
    if node is None or node.value is None:
        return mark.problem("", "is empty", "ccsim init writes a scenario to start from")
    return mark.problem("", "is not a map of keys, so no scenario", SCENARIO)


def _root_of_file(text: str, source: Source, problems: list[Problem], extends: Node | None = None) -> Node:
    """Return the tree of a file; one that is no scenario is named, and nothing of it shown.

    Parameters
    ----------
    extends : what names the file, where another one does.
    """
    keys = allowed_keys(Scenario)
    is_scenario = re.search(rf"""^[\s{{"']*(?:{"|".join(keys)})["']?\s*:""", text, re.MULTILINE) is not None
    if not is_scenario and len(text) > LARGEST_STRANGER:
        raise ScenarioError([*problems, _pointed(_stranger(Mark(source)), extends)])
    mine: list[Problem] = []
    try:
        node = _root(compose(text, source, mine), source, mine)
    except ScenarioError as error:
        found = error.problems if is_scenario else [_without_words(error.problems[-1], source)]
        raise ScenarioError([*problems, *(_pointed(problem, extends) for problem in found)]) from None
    if not (is_scenario and set(keys) & set(node.value)):
        raise ScenarioError([*problems, _pointed(_stranger(node.mark), extends)])
    problems += mine
    return node


def _stranger(mark: Mark) -> Problem:
    return mark.problem("", "is no scenario: it has none of the keys of one", SCENARIO)


def _without_words(problem: Problem, source: Source) -> Problem:
    """A problem of a text that has no key of a scenario: where it is, without a word of the text."""
    if problem.message.startswith(("is empty", "is not a map")):
        return problem
    return Mark(source, problem.line, problem.column).problem("", "is not YAML, and no scenario", SCENARIO)


def _pointed(problem: Problem, extends: Node | None) -> Problem:
    """A problem of a file with the place of the `extends` that names it."""
    if extends is None:
        return problem
    place, line = extends.mark.source.file, extends.mark.line
    where = f"{place}, line {line}, extends it" if line else f"{place} extends it"
    return replace(problem, fix=f"{problem.fix}. {where}" if problem.fix else where)


def with_bases(root: Node, source: Source, problems: list[Problem], chain: tuple[Path, ...]) -> list[Node]:
    """Return `root`, the file that its `extends` names, the file that that one names, and so on."""
    extends = root.value.get("extends")
    if extends is None or extends.value == "off":
        return [root]
    if not isinstance(extends.value, str):
        problem = extends.mark.problem("extends", "is not the name of a file", "Write one file", extends.shown())
        raise ScenarioError([*problems, problem])
    path = source.base / extends.value
    resolved = _resolved(path, extends, problems)
    if resolved in chain or len(chain) > LONGEST_CHAIN:
        names = " -> ".join(item.name for item in (*chain, resolved))
        words = "extends itself" if resolved in chain else f"extends more than {LONGEST_CHAIN} files"
        raise ScenarioError([*problems, extends.mark.problem("extends", f"{words}: {names}", "", extends.text)])
    base = Source(str(path), path.parent, "inherited")
    below = _root_of_file(_read(path, extends.mark, "extends", extends.text), base, problems, extends)
    return [root, *with_bases(below, base, problems, (*chain, resolved))]


def _resolved(path: Path, extends: Node, problems: list[Problem]) -> Path:
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError):
        problem = extends.mark.problem("extends", "is not the name of a file", "", extends.shown())
        raise ScenarioError([*problems, problem]) from None


def _read(path: Path, mark: Mark, key: str = "", value: str | None = None) -> str:
    """Return the text of a file; problems point at `mark`, where the file is named."""

    def refuse(message: str, fix: str = "", place: Mark = mark) -> ScenarioError:
        return ScenarioError([place.problem(key, message, fix, value)])

    try:
        if path.is_dir():
            raise refuse("is a folder, not a file", "Name a scenario file")
        if path.exists() and not path.is_file():
            raise refuse("is not a plain file", "Name a scenario file")
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise refuse("is a file that does not exist", f"Looked for {path.absolute()}") from None
    except (OSError, ValueError) as error:
        raise refuse(f"is a file that cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(data) > LARGEST_FILE:
        raise refuse(f"is larger than {LARGEST_FILE // 1_000_000} MB", "Put large tables into CSV files")
    if data.startswith(UTF16):
        raise refuse("is not UTF-8 text, but UTF-16", "Save the file as UTF-8")
    if b"\0" in data[:LOOKED_AT]:
        raise refuse("is a file of bytes, not of text: no scenario", "Name a scenario file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = data.count(b"\n", 0, error.start) + 1, error.start - data.rfind(b"\n", 0, error.start)
        if not key:
            place = replace(mark, line=line, column=column)
            raise refuse("is not UTF-8 text", "Save the file as UTF-8", place) from None
        raise refuse(f"is not UTF-8 text in line {line}, column {column}", "Save that file as UTF-8") from None
