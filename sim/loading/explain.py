"""Every parameter in force: its value, where it comes from, and what its default rests on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.loading.shape import NAMED, NAMED_WITHIN, OPAQUE, OTHER_KEYS, inner
from sim.scenario.beliefs import Beliefs
from sim.scenario.model import Origin, Scenario
from sim.schema.base import file_fields, mark_of
from sim.schema.distribution import Distribution
from sim.schema.formatting import distribution_words, value_words

OFF = "off"
WITHIN = {("agents", "absence"): "shrinkage.of_which_absence", ("intents", "talk_time"): "chat.elapsed"}
"""What may also be written within another key: (section, key) and the key there."""


@dataclass(frozen=True)
class Parameter:
    """One parameter in force.

    Parameters
    ----------
    path, value, words
        Dotted key path; the value as a file could say it, None when it is off; the same in a few words.
    how, where
        ``given``, ``inherited``, ``set`` or ``default``; and the file's name and line, or the ``--set`` text.
    about
        What the parameter is.
    source, grade, range
        What the default rests on: its source, S strong, M moderate, W weak or A assumption, its plausible range.
    """

    path: str
    value: Any
    words: str
    how: str
    where: str
    about: str
    source: str
    grade: str | None
    range: str


def explain_scenario(scenario: Scenario) -> list[Parameter]:
    """Return every parameter of a scenario, in the order of the file format."""
    return Explainer(scenario.origins).of_model(scenario, ())


class Explainer:
    """Walks the models of a scenario and looks up where each value was written."""

    def __init__(self, origins: Any) -> None:
        self.origins: dict[str, Origin] = dict(origins)

    def of_model(self, model: BaseModel, path: tuple[str, ...]) -> list[Parameter]:
        """Return the parameters of one model."""
        found: list[Parameter] = []
        written = model.model_dump(mode="json", by_alias=True)
        names = {field.alias or name: name for name, field in type(model).model_fields.items()}
        for key, field in file_fields(type(model)).items():
            value, here = getattr(model, names[key]), (*path, key)
            if isinstance(value, Beliefs):
                found += [self._belief(field, (*here, name), said) for name, said in written[key].items()]
            elif isinstance(value, BaseModel) and not isinstance(value, OPAQUE):
                found += self._switch(field, here, mark_of(field, "off")) + self.of_model(value, here)
            elif key in NAMED and not path:
                found += [row for name, part in value.items() for row in self.of_model(part, (*here, name))]
            elif value is not None or mark_of(field, "none") or inner(field.annotation)[1] is not None:
                found.append(self._row(field, here, written[key], _words(value, written[key], field), type(model)))
        within = (model.model_extra or {}) if type(model) in NAMED_WITHIN else {}
        return found + [row for name, part in within.items() for row in self.of_model(part, (*path, name))]

    def _belief(self, field: FieldInfo, path: tuple[str, ...], said: Any) -> Parameter:
        """Return the row of what is believed of one number."""
        return self._row(field, path, said, value_words(said), BaseModel)

    def _switch(self, field: FieldInfo, path: tuple[str, ...], optional: Any) -> list[Parameter]:
        """Return the row that says that an optional part is on."""
        return [self._row(field, path, "on", "on", BaseModel)] if optional else []

    def _row(
        self, field: FieldInfo, path: tuple[str, ...], value: Any, words: str, model: type[BaseModel]
    ) -> Parameter:
        origin = self._origin(path, model)
        return Parameter(
            path=".".join(path),
            value=value,
            words=words,
            how=origin.how if origin else "default",
            where=_place(origin),
            about=field.description or "",
            source=mark_of(field, "source") or "",
            grade=mark_of(field, "grade"),
            range=mark_of(field, "range") or "",
        )

    def _origin(self, path: tuple[str, ...], model: type[BaseModel]) -> Origin | None:
        """Return where a value was written: under its key, another key that stands for it, or a short form above it."""
        others = [(*path[:-1], other) for other, name in OTHER_KEYS.get(model, {}).items() if name == path[-1]]
        within = WITHIN.get((path[0], path[-1]))
        others += [(*path[:-1], within)] if within else []
        for keys in (path, *others):
            if ".".join(keys) in self.origins:
                return self.origins[".".join(keys)]
        above = self.origins.get(".".join(path[:-1]))
        return above if above is not None and above.leaf else None


def _words(value: Any, written: Any, field: FieldInfo) -> str:
    if isinstance(value, Distribution):
        return distribution_words(value)
    return mark_of(field, "none") or OFF if written is None else value_words(written)


def _place(origin: Origin | None) -> str:
    if origin is None:
        return ""
    return origin.file if origin.line is None else f"{Path(origin.file).name}:{origin.line}"
