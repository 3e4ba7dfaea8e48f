"""What is set on a page as a scenario file: it builds on the file that the page was opened with."""

from __future__ import annotations

import io
from typing import Any

from ruamel.yaml import YAML

from sim.whatif.session import Session, Variant

WIDE = 100_000


def snippet(session: Session, column: Variant, source: str, replications: int) -> str:
    """The YAML that reproduces a variant, with the command that comes to the same numbers.

    Parameters
    ----------
    source : the file to build on; empty for a scenario that came from Python, which is then written whole.
    """
    everything = column.scenario.resolved()
    tree: dict[str, Any] = {"schema_version": 1, "name": "", "extends": source} if source else dict(everything)
    tree["name"] = f"{column.scenario.name}, what if"
    if source:
        for key, value in session.settings_of(column.settings).items():
            _put(tree, key.split("."), value, everything)
    out = io.StringIO()
    yaml = YAML()
    yaml.width = WIDE
    yaml.dump(tree, out)
    return f"# ccsim run what-if.yaml --seed {session.options.seed} --replications {replications}\n{out.getvalue()}"


def _put(tree: dict[str, Any], path: list[str], value: Any, everything: dict[str, Any]) -> None:
    """Put a value at a path; a list is written whole, since a file replaces lists."""
    places = [place for place, part in enumerate(path) if part.isdigit()]
    if places:
        path, value = path[: places[0]], everything
        for name in path:
            value = value[name]
    for name in path[:-1]:
        tree = tree.setdefault(name, {})
    tree[path[-1]] = value
