"""What callers rely on, as `signatures.txt` has it: parameters with defaults, attributes of results, bases of errors.

A change of one of its lines is a change for every caller. If it is meant, write the file anew, and tell of it in
CHANGELOG.md:

    python -m tests.front.test_signatures
"""

import inspect
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import sim

KEPT = Path(__file__).with_name("signatures.txt")
GIVEN = ("Level", "Options", "Problem", "ReadOptions", "ShiftRules")
"""Classes that callers make themselves; the others come from functions, and are read."""


def told() -> str:
    """One line for everything public."""
    return "".join(f"{line}\n" for name in sim.__all__ for line in lines(name, getattr(sim, name)))


def lines(name: str, thing: Any) -> Iterator[str]:
    """A line for a function or an error; of another class a line for everything that can be read or called."""
    if not inspect.isclass(thing):
        yield f"{name}{parameters(thing)}"
    elif issubclass(thing, BaseException):
        yield f"{name}({', '.join(base.__name__ for base in thing.__bases__)})"
    else:
        yield f"{name}{parameters(thing)}" if name in GIVEN else name
        yield from (f"{name}.{key}" for key in sorted(attributes(thing)))


def parameters(function: Any) -> str:
    """Names, kinds and defaults; annotations are the type checker's, and printed otherwise by every version."""
    signature = inspect.signature(function)
    bare = [p.replace(annotation=inspect.Parameter.empty) for p in signature.parameters.values()]
    return str(inspect.Signature(bare))


def attributes(kind: type) -> Iterator[str]:
    """Fields, properties, and methods with their parameters."""
    names = [f.name for f in fields(kind)] if is_dataclass(kind) else list(getattr(kind, "model_fields", ()))
    yield from names
    for key, member in vars(kind).items():
        if key.startswith(("_", "model_")) or key in names:
            continue
        if inspect.isfunction(member):
            yield f"{key}{parameters(member)}"
        elif isinstance(member, property) or type(member).__name__ == "cached_property":
            yield key


def test_signatures_are_those_that_callers_know() -> None:
    kept, now = KEPT.read_text(encoding="utf-8").splitlines(), told().splitlines()
    assert {"new": sorted(set(now) - set(kept)), "gone": sorted(set(kept) - set(now))} == {"new": [], "gone": []}
    assert kept == now


if __name__ == "__main__":
    KEPT.write_text(told(), encoding="utf-8")
