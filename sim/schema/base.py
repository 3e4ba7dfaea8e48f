"""What the parts of a scenario have in common: frozen, closed to unknown keys, defaults with a source."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo

Grade = Literal["S", "M", "W", "A"]
GRADES = {"S": "strong", "M": "moderate", "W": "weak", "A": "assumption"}


class Section(BaseModel):
    """A frozen part of a scenario that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False, allow_inf_nan=False)


def param(
    default: Any = ...,
    about: str = "",
    *,
    source: str = "",
    grade: Grade | None = None,
    span: str = "",
    alias: str | None = None,
    off: bool = False,
    hidden: bool = False,
    none: str = "",
) -> Any:
    """Return a field that carries where its default comes from.

    Parameters
    ----------
    default
        Value when the file does not give one; ``...`` when the file must.
    about
        One line for `explain`, the schema and the docs.
    source
        Where the default comes from.
    grade
        How well the *number* is known: S strong, M moderate, W weak, A assumption.
    span
        Plausible range, for sweeps.
    alias
        Key in the file where it differs from the attribute.
    off
        True where a file may write ``off`` to remove an inherited value.
    hidden
        True where a file cannot give the value: the loader fills it in.
    none
        What a file writes for None, where that is not ``off``.
    """
    marks = {"source": source, "grade": grade, "range": span, "off": off, "hidden": hidden, "none": none}
    extra: JsonDict = {key: mark for key, mark in marks.items() if mark}
    return Field(default, description=about, alias=alias, json_schema_extra=extra)


def mark_of(field: FieldInfo, name: str) -> Any:
    """Return what `param` was given as source, grade, range, off, hidden or none; None where nothing."""
    extra = field.json_schema_extra
    return extra.get(name) if isinstance(extra, dict) else None


def file_fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a model that a file may give, by their key in the file."""
    fields = model.model_fields.items()
    return {field.alias or name: field for name, field in fields if not mark_of(field, "hidden")}
