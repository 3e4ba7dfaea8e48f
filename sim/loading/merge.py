"""One file on top of another: `extends` and `--set`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.errors import ArgumentError, Problem, ScenarioError
from sim.scenario.scaling import shared_out
from sim.scenario.staffing import OF, SHARE, is_share_of_plan, share_of_plan
from sim.schema.calendar import parse_weekdays, weekdays_text
from sim.schema.faults import BadValueError
from sim.schema.tree import Keys, Mark, Node, Source, compose, from_python, path_text

# Ways to say the same thing: where a file writes one of them, the others are not inherited. `*` is any name.
ALTERNATIVES: tuple[tuple[Keys, tuple[tuple[str, ...], ...]], ...] = (
    (("arrivals",), (("per_day", "profile"), ("per_hour",), ("file",))),
    (("intents", "*", "arrivals"), (("per_day", "profile"), ("per_hour",), ("file",))),
    (("intents", "*"), (("share",), ("arrivals",))),
    (("intents", "*"), (("talk_time",), ("aht",))),
    (("intents", "*", "bot"), (("resolves",), ("containment", "false_share"))),
    (("agents", "*"), (("staff",), ("shifts",))),
    (("attrition",), (("weekly",), ("monthly",), ("yearly",))),
    (("horizon", "attrition"), (("yearly",), ("monthly",))),
    (("run",), (("replications",), ("precision", "max_replications"))),
)

BELIEFS = "beliefs"


def merge(below: Node | None, above: Node, path: Keys = ()) -> Node:
    """Return `above` on top of `below`: maps merge key by key, anything else replaces."""
    if below is None or not (below.is_map and above.is_map) or _replaces(below, above, path):
        return above
    entries = _with_plan(below.value, above.value, path)
    inherited = _without_alternatives(below.value, entries, path)
    merged = _without_weekdays(inherited, entries)
    for key, node in entries.items():
        merged[key] = merge(merged.get(key), node, (*path, key))
    return replace(above, value=merged)


def _replaces(below: Node, above: Node, path: Keys) -> bool:
    """Tell whether a map replaces the other one whole: another kind of distribution or staffing, or a belief."""
    kinds = [node.value["distribution"].text for node in (below, above) if "distribution" in node.value]
    if (len(kinds) == 2 and kinds[0] != kinds[1]) or (len(path) == 2 and path[0] == BELIEFS):
        return True
    shared = SHARE in above.value or SHARE in below.value
    return path[-1:] == ("staff",) and (shared or ("file" in below.value) != ("file" in above.value))


def merged(layers: Sequence[Node]) -> Node:
    """Return layers as one tree, each on top of those after it."""
    tree = layers[-1]
    for layer in reversed(layers[:-1]):
        tree = merge(tree, layer)
    return tree


def _without_alternatives(below: dict[str, Node], above: Mapping[str, Node], path: Keys) -> dict[str, Node]:
    dropped = {"fitted"} if path == ("observed",) else set()  # it holds for the figures that it stands beside
    dropped |= {"absence"} if _holds_absence(above.get("shrinkage"), path) else set()
    below = _without_elapsed(below, above, path)
    dropped |= {"talk_time", "aht"} if _says_elapsed(above, path) else set()
    for pattern, ways in ALTERNATIVES:
        if len(pattern) == len(path) and all(want in ("*", part) for want, part in zip(pattern, path, strict=True)):
            chosen = [way for way in ways if way[0] in above and above[way[0]].value != "off"]
            dropped |= {key for way in ways if way not in chosen for key in way} if chosen else set()
    return {key: node for key, node in below.items() if key not in dropped or key in above}


def _says_elapsed(entries: Mapping[str, Node], path: Keys) -> bool:
    """Tell whether an intent says how long its chats are open, in place of an inherited talk time."""
    chat = entries.get("chat") if len(path) == 2 and path[0] == "intents" else None
    return chat is not None and chat.is_map and "elapsed" in chat.value


def _without_elapsed(below: dict[str, Node], above: Mapping[str, Node], path: Keys) -> dict[str, Node]:
    """Return an intent without its elapsed time where a talk time or AHT takes its place."""
    if not _says_elapsed(below, path) or not {"talk_time", "aht"} & set(above):
        return below
    chat = below["chat"]
    rest = {key: node for key, node in chat.value.items() if key not in ("elapsed", "at")}
    return below | {"chat": replace(chat, value=rest)}


def _holds_absence(shrinkage: Node | None, path: Keys) -> bool:
    """Tell whether a group's shrinkage is a total that holds its absence, in place of an inherited one."""
    return len(path) == 2 and path[0] == "agents" and shrinkage is not None and shrinkage.is_map


def _with_plan(below: Mapping[str, Node], above: dict[str, Node], path: Keys) -> dict[str, Node]:
    """Return what a group says, with a share such as `staff: 88%` beside the plan below that it is a share of.

    Shifts keep their lines, with their heads shared out by largest remainder.
    """
    staff = above.get("staff") if len(path) == 2 and path[0] == "agents" else None
    if staff is None or not is_share_of_plan(staff.value) or "shifts" in above:
        return above
    if "shifts" in below and isinstance(below["shifts"].value, list):
        rest = {key: node for key, node in above.items() if key != "staff"}
        return rest | {"shifts": _fewer_heads(below["shifts"], staff)}
    if "staff" not in below:
        return above
    plan = {OF: below["staff"], SHARE: replace(staff, key=None)}
    return above | {"staff": replace(staff, value=plan)}


def _fewer_heads(shifts: Node, staff: Node) -> Node:
    """Return shifts with a share of their heads; as they are where a count is not a number, which is told later."""
    counts = [line.value.get("count") if line.is_map else None for line in shifts.value]
    heads = [node.value for node in counts if node is not None and type(node.value) is int]
    if len(heads) < len(counts):
        return shifts
    fewer = shared_out(heads, share_of_plan(staff.value))
    lines = [
        replace(line, value=line.value | {"count": replace(line.value["count"], value=count, text=str(count))})
        for line, count in zip(shifts.value, fewer, strict=True)
    ]
    return Node(lines, staff.mark, staff.key)


def _without_weekdays(below: dict[str, Node], above: Mapping[str, Node]) -> dict[str, Node]:
    """Return `below` without the weekdays that `above` names, where both are maps by weekday."""
    try:
        named = {day for key in above for day in parse_weekdays(key)}
        days = {key: parse_weekdays(key) for key in below}
    except BadValueError:
        return dict(below)
    rest = {key: tuple(day for day in group if day not in named) for key, group in days.items()}
    kept = {key for key in below if rest[key] == days[key] or key in above}
    return {key if key in kept else weekdays_text(rest[key]): below[key] for key in below if rest[key] or key in above}


# Settings ---------------------------------------------------------------------


def parse_settings(settings: Iterable[str] | Mapping[str, Any]) -> list[tuple[tuple[str, ...], Node]]:
    """Return (key path, value) of every ``key.path=value``; a mapping from key path to value is taken too."""
    if isinstance(settings, str):
        settings = [settings]
    if isinstance(settings, Mapping):
        return [
            (_keys(key, _source(f"{key}={value}")), from_python(value, _source(f"{key}={value}")))
            for key, value in settings.items()
        ]
    texts = list(settings)
    if strange := [text for text in texts if not isinstance(text, str)]:
        words = f"settings: must be texts key.path=value, or a dict from key path to value (got {strange[0]!r})"
        raise ArgumentError(words)
    return [_parse_setting(text) for text in texts]


def _source(text: str) -> Source:
    return Source(f"--set {text}", Path(), "set")


def _keys(text: str, source: Source) -> tuple[str, ...]:
    if not isinstance(text, str):
        raise ArgumentError(f"settings: a key must be a text such as agents.desk.staff (got {text!r})")
    keys = tuple(part.strip() for part in text.split("."))
    if not all(keys):
        raise ScenarioError([Mark(source).problem("", "has an empty key", "Write --set key.path=value")])
    if keys[0] == "extends":
        words, fix = "cannot be set: settings come after all files are read", "Write extends in the scenario file"
        raise ScenarioError([Mark(source).problem("extends", words, fix)])
    return (BELIEFS, ".".join(keys[1:])) if keys[0] == BELIEFS and keys[1:] else keys


def _parse_setting(text: str) -> tuple[tuple[str, ...], Node]:
    source = _source(text)
    name, equals, value = text.partition("=")
    if not equals:
        raise ScenarioError([Mark(source).problem("", "has no =", "Write --set key.path=value")])
    problems: list[Problem] = []
    node = compose(value, source, problems)
    if node is None:
        problems.append(Mark(source).problem(name.strip(), "has no value", "Write --set key.path=value"))
    if problems or node is None:
        raise ScenarioError(problems)
    return _keys(name, source), node


def put_whole(tree: Node, keys: tuple[str, ...], node: Node) -> Node:
    """Return the tree with `node` at `keys`, in place of whatever was there."""
    return put(_without(tree, keys), keys, node)


def _without(tree: Node, keys: tuple[str, ...]) -> Node:
    if not tree.is_map or keys[0] not in tree.value:
        return tree
    rest = {key: node for key, node in tree.value.items() if key != keys[0]}
    return replace(
        tree, value=rest if not keys[1:] else tree.value | {keys[0]: _without(tree.value[keys[0]], keys[1:])}
    )


def put(below: Node | None, keys: tuple[str, ...], node: Node, path: Keys = ()) -> Node:
    """Return the tree `below` with `node` on top at `keys`; an index such as ``0`` names an entry of a list."""
    if not keys:
        return merge(below, replace(node, key=node.mark), path)
    key, rest = keys[0], keys[1:]
    if below is not None and isinstance(below.value, list):
        return _put_entry(below, key, rest, node, path)
    entries = below.value if below is not None and below.is_map else {}
    inner = put(entries.get(key), rest, node, (*path, key))
    above = _with_plan(entries, {key: inner}, path)
    inherited = _without_alternatives(entries, above, path)
    mark = node.mark if below is None or not below.is_map else below.mark
    return Node(inherited | above, mark, below.key if below and below.key else node.mark)


def _put_entry(below: Node, key: str, rest: tuple[str, ...], node: Node, path: Keys) -> Node:
    count = len(below.value)
    if not key.isdecimal() or int(key) >= count:
        fix = f"The list has the entries 0 to {count - 1}" if count else "The list is empty"
        raise ScenarioError([node.mark.problem(path_text((*path, key)), "is not an entry of the list", fix)])
    entries = list(below.value)
    entries[int(key)] = put(entries[int(key)], rest, node, (*path, int(key)))
    return replace(below, value=entries)
