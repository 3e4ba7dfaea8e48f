"""Reading scenario files from disk, `extends` included."""

from __future__ import annotations

from pathlib import Path

from sim.errors import Problem, ScenarioError
from sim.schema.tree import How, Mark, Node, Source, compose

LARGEST_FILE = 10_000_000
LONGEST_CHAIN = 20


def read_layers(path: Path, problems: list[Problem]) -> list[Node]:
    """Return the tree of a file, then those of the files that it extends; add duplicate keys to `problems`.

    Raises
    ------
    ScenarioError
        When a file cannot be read, is not YAML, or extends itself.
    """
    source = Source(str(path), path.parent, "given")
    root = _root(compose(text_of(path), source, problems), source, problems)
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
    root = _root(compose(text, source, problems), source, problems)
    return with_bases(root, source, problems, ())


def _root(node: Node | None, source: Source, problems: list[Problem]) -> Node:
    if node is not None and node.is_map:
        return node
    if node is None or node.value is None:
        problem = Mark(source, 1, 1).problem("", "is empty", "ccsim init writes a scenario to start from")
    else:
        fix = "A scenario is a map: name: ..., calendar: ..., intents: ..."
        problem = node.mark.problem("", "is not a map", fix, node.shown())
    raise ScenarioError([*problems, problem])


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
    below = _root(compose(_read(path, extends.mark, "extends", extends.text), base, problems), base, problems)
    return [root, *with_bases(below, base, problems, (*chain, resolved))]


def _resolved(path: Path, extends: Node, problems: list[Problem]) -> Path:
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError):
        problem = extends.mark.problem("extends", "is not the name of a file", "", extends.shown())
        raise ScenarioError([*problems, problem]) from None


def _read(path: Path, mark: Mark, key: str = "", value: str | None = None) -> str:
    """Return the text of a file; problems point at `mark`, where the file is named."""

    def refuse(message: str, fix: str = "") -> ScenarioError:
        return ScenarioError([mark.problem(key, message, fix, value)])

    try:
        if path.is_dir():
            raise refuse("is a folder, not a file", "Name a scenario file")
        if path.exists() and not path.is_file():
            raise refuse("is not a plain file", "Name a scenario file")
        if path.stat().st_size > LARGEST_FILE:
            raise refuse(f"is larger than {LARGEST_FILE // 1_000_000} MB", "Put large tables into CSV files")
        data = path.read_bytes()
    except FileNotFoundError:
        raise refuse("is a file that does not exist", f"Looked for {path.absolute()}") from None
    except (OSError, ValueError) as error:
        raise refuse(f"is a file that cannot be read: {getattr(error, 'strerror', None) or error}") from None
    return _decode(data, Source(str(path), path.parent, _how(key)))


def _how(key: str) -> How:
    return "inherited" if key else "given"


def _decode(data: bytes, source: Source) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        mark = Mark(source, before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
        raise ScenarioError([mark.problem("", "is not UTF-8 text", "Save the file as UTF-8")]) from None
