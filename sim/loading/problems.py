"""Collecting problems and notes, each with the place in the file where the value is written."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from sim.errors import Problem
from sim.schema.faults import BadValueError, Fault
from sim.schema.tree import Keys, Mark, Node, path_text

WORDS = {
    "missing": ("is missing", ""),
    "dict_type": ("is not a map", "Write keys under it"),
    "tuple_type": ("is not a list", "Write a list: [...]"),
    "model_type": ("is not a map", "Write keys under it"),
}


class Reporter:
    """What is wrong in a tree, and what is worth a note."""

    def __init__(self, tree: Node, problems: list[Problem]) -> None:
        self.tree = tree
        self.problems = problems
        self.notes: list[str] = []
        self.renamed: dict[Keys, Keys] = {}
        self._reported: set[Keys] = set()

    def problem(self, path: Keys, message: str, fix: str = "", value: str | None = None, key: bool = False) -> None:
        """Add a problem with the value at `path`, or with the last key of it; the first one of each path counts."""
        path = self._as_written(path)
        if path in self._reported:
            return
        self._reported.add(path)
        mark, shown = self.place(path, key)
        value = shown if value is None and not key else value
        self.problems.append(mark.problem(path_text(path), message, fix, value))

    def note(self, text: str) -> None:
        """Add something that is worth saying, though it is not wrong."""
        self.notes.append(text)

    def failed(self, *path: str | int) -> bool:
        """Tell whether a problem was reported at `path` or below it."""
        return any(reported[: len(path)] == path for reported in self._reported)

    def faults(self, path: Keys, error: BadValueError) -> None:
        """Add what a reader of the value at `path` found wrong."""
        for fault in error.faults:
            self.fault(path, fault)

    def fault(self, path: Keys, fault: Fault) -> None:
        """Add one fault; one in a table keeps its own file and line.

        A list or map is not called empty whose entries were refused, and therefore left out, before.
        """
        if fault.message.startswith("is an empty ") and self.failed(*self._as_written((*path, *fault.at))):
            return
        if fault.file is None:
            shown = None if fault.value is None or self.exact((*path, *fault.at)) else str(fault.value)
            self.problem((*path, *fault.at), fault.message, fault.fix, shown, fault.key)
            return
        path = self._as_written((*path, *fault.at))
        self._reported.add(path)
        value = None if fault.value is None else str(fault.value)
        self.problems.append(
            Problem(fault.file, fault.line, None, path_text(path), value, fault.message, fault.fix or None)
        )

    def invalid(self, path: Keys, error: ValidationError) -> None:
        """Add what pydantic found wrong in the model at `path`."""
        for item in error.errors(include_url=False):
            where = (*path, *(part for part in item["loc"]))
            cause: Any = item.get("ctx", {}).get("error")
            if isinstance(cause, BadValueError):
                self.faults(where, cause)
            else:
                message, fix = WORDS.get(item["type"], (item["msg"], ""))
                if item["type"] == "tuple_type" and self._only_indexes(where):
                    message, fix = "is no list in the file, whose entries an index could name", "Write the whole list"
                self.problem(where, message, fix, key=item["type"] == "missing")

    def _only_indexes(self, path: Keys) -> bool:
        """Tell whether the value at `path` came of settings that name entries of a list by index."""
        value = self.value_at(path)
        return isinstance(value, dict) and bool(value) and all(key.isdecimal() for key in value)

    def place(self, path: Keys, key: bool) -> tuple[Mark, str | None]:
        """Return the mark of the deepest node on `path`, and its value as text when it is the whole path."""
        node, depth = self._walk(path)
        exact = depth == len(path)
        use_key = (key or not exact) and node.key is not None
        mark = node.key if use_key and node.key is not None else node.mark
        return mark, node.shown() if exact and path else None

    def value_at(self, path: Keys) -> Any:
        """Return what the file has at `path`: a dict or list of nodes, or a scalar; None where it has nothing."""
        node, depth = self._walk(self._as_written(path))
        return node.value if depth == len(path) else None

    def exact(self, path: Keys) -> bool:
        """Tell whether the file has something at `path`."""
        return self._walk(self._as_written(path))[1] == len(path)

    def _walk(self, path: Keys) -> tuple[Node, int]:
        node = self.tree
        for depth, part in enumerate(path):
            below = node.child(part)
            if below is None:
                return node, depth
            node = below
        return node, len(path)

    def _as_written(self, path: Keys) -> Keys:
        """Return the path with the keys that the file uses (``file`` for a trace, ``aht`` for talk_time)."""
        for start, names in self.renamed.items():
            if path[: len(start)] == start:
                return (*start[:-1], *names, *path[len(start) :])
        return path

    def in_order(self) -> list[Problem]:
        """Return the problems file by file, and in the order of their lines."""
        files = list(dict.fromkeys(problem.file for problem in self.problems))
        first = self.tree.mark.source.file
        files.sort(key=lambda file: file != first)
        return sorted(
            self.problems, key=lambda problem: (files.index(problem.file), problem.line or 0, problem.column or 0)
        )


__all__ = ["Reporter"]
