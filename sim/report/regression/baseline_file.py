"""Baselines as files: JSON with one measure a line, so that a diff shows what moved."""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.arguments import checked
from sim.errors import BaselineError, OutputError, Problem
from sim.study.baseline import Baseline

AGAIN = "Put it right, or delete the file and make it again with --refresh"
GIVEN_WHEN_SET = ("tolerance_other_seed",)


@checked
def write_baseline(baseline: Baseline, path: str | Path) -> None:
    """Write a baseline; the file is there whole or as it was before.

    Raises
    ------
    BaselineError
        When it cannot be written.
    """
    place = Path(path).resolve()
    partial = place.with_name(f".{place.name}.{os.getpid()}.partial")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(baseline_text(baseline), encoding="utf-8")
        partial.replace(place)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from None
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def baseline_text(baseline: Baseline) -> str:
    """The file's text, with one section and one measure a line."""
    told = baseline.model_dump(mode="json")
    measures = {name: _without_unset(kept) for name, kept in told.pop("measures").items()}
    parts = [f'  "{key}": {_line(value)}' for key, value in told.items() if key != "sections"]
    parts += [f'  "{key}": {_block(part)}' for key, part in (("sections", told["sections"]), ("measures", measures))]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _without_unset(kept: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in kept.items() if value or key not in GIVEN_WHEN_SET}


def _block(entries: dict[str, Any]) -> str:
    lines = ",\n".join(f"    {_line(name)}: {_line(entry)}" for name, entry in entries.items())
    return "{\n" + lines + "\n  }"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


@checked
def read_baseline(path: str | Path) -> Baseline:
    """Read a baseline.

    Raises
    ------
    BaselineError
        One message with the file, the line where there is one, what is wrong and what to do.
    """
    path = Path(path)
    text = _text(path)
    try:
        json.loads(text, object_pairs_hook=_once)
        return Baseline.model_validate_json(text)
    except json.JSONDecodeError as error:
        raise _refuse(path, error.lineno, "", f"is not JSON: {error.msg}", column=error.colno) from None
    except ValidationError as error:
        raise _refuse(path, *_first(error, text)) from None
    except (ValueError, RecursionError) as error:
        raise _refuse(path, None, "", str(error)) from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BaselineError(f"{path}: is a baseline that does not exist. Make it with --refresh") from None
    except UnicodeDecodeError:
        raise _refuse(path, None, "", "is not UTF-8 text") from None
    except OSError as error:
        raise BaselineError(f"{path}: cannot be read: {error.strerror}. Name a baseline file") from None


def _refuse(
    path: Path, line: int | None, key: str, message: str, value: str | None = None, column: int | None = None
) -> BaselineError:
    return BaselineError(str(Problem(str(path), line, column, key, value, message, AGAIN)))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The entries of an object, unless one of its keys is there twice: what a careless merge leaves behind."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"has {twice} twice in one place")
    return found


def _first(error: ValidationError, text: str) -> tuple[int | None, str, str, str | None]:
    """The first fault: its line, its key, what is wrong and the value."""
    fault = error.errors()[0]
    keys = [str(key) for key in fault["loc"]]
    words = {"missing": "is missing", "extra_forbidden": "is not a key of a baseline"}.get(fault["type"])
    said = words or fault["msg"].removeprefix("Value error, ").replace("Input should", "should")
    value = fault["input"]
    shown = None if words or isinstance(value, dict) else json.dumps(value)
    written = keys[:-1] if fault["type"] == "missing" else keys
    return _line_of(text, written), ".".join(keys), said, shown


def _line_of(text: str, keys: list[str]) -> int | None:
    """The line in which the last of nested keys stands (an index has none of its own); None for the file as a whole."""
    place = 0
    for key in keys:
        found = re.compile(rf"{re.escape(json.dumps(key, ensure_ascii=False))}\s*:").search(text, place)
        if found is None:
            break
        place = found.end()
    return text.count("\n", 0, place) + 1 if place else None
