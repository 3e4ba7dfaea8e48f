"""The shape of a file: which keys there are, which may be `off`, which are not built yet.

One walk over the tree finds unknown keys, empty values and misplaced `off`, and returns plain data for the models.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from sim.loading.unknown_keys import advice
from sim.mechanisms.attrition import PERIODS, Attrition
from sim.mechanisms.chat import Chat
from sim.scenario.arrivals import CountsFile, TraceFile
from sim.scenario.beliefs import Beliefs
from sim.scenario.goals import Precision, ServiceLevel, Targets, TargetsOfSome
from sim.scenario.model import Intent, Scenario
from sim.scenario.observed import Contacts, Figure, Figures, FitOutcome, Observed, ObservedLevel
from sim.scenario.planning_values import Growth, HiringRule
from sim.scenario.staffing import Staffing
from sim.schema.base import file_fields, mark_of
from sim.schema.csv_tables import FileName
from sim.schema.distribution import Distribution
from sim.schema.tree import Keys, Node
from sim.schema.week import ByInterval, PerDay

Report = Callable[..., None]

# Read whole by a reader of their own.
OPAQUE = (
    Distribution,
    ByInterval,
    PerDay,
    Staffing,
    CountsFile,
    TraceFile,
    Precision,
    Contacts,
    Figure,
    Figures,
    FitOutcome,
    Beliefs,
    Growth,
    HiringRule,
)

# May be written as text as well as as a map.
SHORT_FORMS = (ServiceLevel, ObservedLevel)

# Keys of a file that the model does not keep under that name, with the field that stands for each.
OTHER_KEYS: dict[type[BaseModel], dict[str, str]] = {
    Intent: {"aht": "talk_time"},
    Chat: {"elapsed": "", "at": ""},
    Attrition: dict.fromkeys(PERIODS, "weekly"),
    Scenario: {"extends": ""},
    Observed: {"fitted": ""},
}

# Maps that hold, beside keys of their own, entries under names that the file has elsewhere.
NAMED_WITHIN: dict[type[BaseModel], type[BaseModel]] = {Targets: TargetsOfSome}

NOT_BUILT: frozenset[str] = frozenset()
OFF = "off"
NAMED = ("intents", "agents")
MAPS = (*NAMED, "queues")
RESERVED = ("date", "time", "total")
LONGEST_NAME = 60
FORBIDDEN = set(".,:;=*\"'`{}[]\\/\t\r\n")


def allowed_keys(model: type[BaseModel]) -> list[str]:
    """Return the keys that a file may write for a model."""
    return [*file_fields(model), *OTHER_KEYS.get(model, ())]


def inner(annotation: Any) -> tuple[str, type[BaseModel] | None]:
    """Return (``one``, ``map`` or ``list``, model) of an annotation; the model is None for values without keys."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return inner(args[0])
    if origin in (Union, types.UnionType):
        found = [inner(arg) for arg in args if arg is not type(None)]
        return found[0] if len(found) == 1 else ("one", None)
    if origin is dict:
        return "map", inner(args[1])[1]
    if origin is tuple:
        return "list", inner(args[0])[1]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation not in OPAQUE:
        return "one", annotation
    return "one", None


def places_of(key: str) -> list[str]:
    """Return the sections of a file that have a key of this name, such as `agents.NAME.shifts`."""
    return list(dict.fromkeys(_places(key, Scenario, "")))


def _places(key: str, model: type[BaseModel], path: str) -> Iterator[str]:
    if path and key in allowed_keys(model):
        yield path
    for name, field in file_fields(model).items():
        form, below = inner(field.annotation)
        if below is not None:
            under = f"{path}.{name}" if path else name
            yield from _places(key, below, f"{under}.NAME" if form == "map" else under)


def tidy(node: Node, model: type[BaseModel], path: Keys, report: Report) -> dict[str, Any] | None:
    """Return the plain data of a map for `model`; report what its keys have wrong.

    None when the node is not a map at all.
    """
    if not node.is_map:
        report(path, "is not a map", f"Write keys under it: {', '.join(allowed_keys(model))}", node.shown())
        return None
    fields = file_fields(model)
    found: dict[str, Any] = {}
    for key, child in node.value.items():
        here = (*path, key)
        field = fields.get(OTHER_KEYS.get(model, {}).get(key, key))
        if _not_built(path, key):
            _refuse_not_built(child, here, report)
        elif field is None and model in NAMED_WITHIN and (child.is_map or child.value == OFF):
            found[key] = tidy(child, NAMED_WITHIN[model], here, report) if child.is_map else OFF
        elif field is None and key not in OTHER_KEYS.get(model, {}):
            report(here, "is not a key", advice(key, allowed_keys(model), places_of(key)), None, key=True)
        elif not _left_out(child, bool(field and mark_of(field, "off")), here, report):
            value = _value(child, inner(field.annotation) if field else ("one", None), here, report)
            if value is not None:
                found[key] = value
    return found


def _not_built(path: Keys, key: str) -> bool:
    return ".".join(str(part) for part in (*path, key)) in NOT_BUILT


def _refuse_not_built(node: Node, path: Keys, report: Report) -> None:
    if node.value != OFF:
        report(path, "is not built yet", "Leave it out, or write off", None, key=True)


def _left_out(node: Node, may_be_off: bool, path: Keys, report: Report) -> bool:
    """Tell whether a value counts as absent: `off` where that is allowed, or nothing at all (which is reported)."""
    if node.value is None:
        choice = "Write off, or {} for the defaults" if may_be_off else "Write a value, or remove the key"
        report(path, "is empty", choice, None, key=True)
        return True
    if may_be_off and node.value is False:
        report(path, "is false, which does not switch anything off", "Write off", node.shown())
        return True
    return may_be_off and node.value == OFF


def _value(node: Node, kind: tuple[str, type[BaseModel] | None], path: Keys, report: Report) -> Any:
    form, model = kind
    if model is None:
        return plain(node, path, report)
    if form == "map" and (node.is_map or (path[0] in MAPS and len(path) == 1)):
        return _entries(node, model, path, report)
    if form == "list" and isinstance(node.value, list):
        items = [tidy(item, model, (*path, k), report) for k, item in enumerate(node.value)]
        return None if None in items else items
    if form == "one" and (node.is_map or model not in SHORT_FORMS):
        return tidy(node, model, path, report)
    return plain(node, path, report)


def _entries(node: Node, model: type[BaseModel], path: Keys, report: Report) -> dict[str, Any]:
    if not node.is_map:
        report(path, "is not a map", "Write names under it, and their keys under them", node.shown())
        return {}
    found: dict[str, Any] = {}
    named = len(path) == 1 and path[0] in NAMED
    for key, child in node.value.items():
        here = (*path, key)
        if not good_name(key, reserved=named):
            fix = f"A name has at most {LONGEST_NAME} characters, none of . , : ; = * / and quotes or brackets"
            report(here, "is not a name", f"{fix}, and is not {' or '.join(RESERVED)}", key, key=True)
        elif not _left_out(child, named, here, report):
            entry = tidy(child, model, here, report)
            if entry is not None:
                found[key] = entry
    return found


def good_name(name: str, reserved: bool = False) -> bool:
    """Tell whether an intent, group or skill may have this name."""
    shape = 0 < len(name) <= LONGEST_NAME and name == name.strip() and name.isprintable()
    return shape and not FORBIDDEN & set(name) and not (reserved and name in RESERVED)


def plain(node: Node, path: Keys, report: Report) -> Any:
    """Return plain Python data; file names know the folder they are relative to. Empty values are reported."""
    if isinstance(node.value, dict):
        items = {key: plain(child, (*path, key), report) for key, child in node.value.items()}
        return {key: value for key, value in items.items() if value is not None}
    if isinstance(node.value, list):
        values = [plain(child, (*path, k), report) for k, child in enumerate(node.value)]
        return [value for value in values if value is not None]
    if node.value is None:
        report(path, "is empty", "Write a value, or remove the key", None, key=True)
    if isinstance(node.value, str) and path[-1:] == ("file",):
        return FileName(node.value, node.mark.source.base)
    return node.value
