"""The JSON Schema of scenario files, made from the models: text forms included, for editors."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from sim.loading.shape import NAMED, NAMED_WITHIN, NOT_BUILT, OFF, inner
from sim.mechanisms.attrition import PERIODS, TURNOVER_SCHEMA
from sim.mechanisms.chat import MOST_CHATS
from sim.scenario.goals import SHORT_SL
from sim.scenario.measure_names import precision_names
from sim.scenario.model import Scenario
from sim.scenario.planning_values import FROM_FILE
from sim.schema.base import GRADES, file_fields, mark_of
from sim.schema.values import SHARE_SCHEMA

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SWITCHED_OFF = {"const": OFF, "description": "Off; removes an inherited value"}
SHORT_SERVICE_LEVEL = {"type": "string", "pattern": f"^{SHORT_SL.pattern}$", "description": "Such as 80/20"}
EXTENDS = {"type": "string", "description": "A scenario file that this one changes; relative to this file"}

FITTED = {"type": "object", "description": "What was fitted; ccsim writes it into manifests, nobody else"}

# A file that extends another may leave anything out; what stands in a list is always whole.
WHOLE = ("Shift", "Break", "TrainingClass", "LetGo", "Transfer")


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a scenario file."""
    whole = Scenario.model_json_schema(by_alias=True, mode="validation")
    definitions: dict[str, Any] = whole["$defs"]
    for model in models():
        definition = whole if model is Scenario else definitions[model.__name__]
        _adjust(definition, model)
    _adjust_intent(definitions["Intent"]["properties"])
    _adjust_chat(definitions["Chat"]["properties"], definitions["Intent"]["properties"])
    for name in PERIODS:
        definitions["Attrition"]["properties"][name] = TURNOVER_SCHEMA
    _adjust_group(definitions["Group"]["properties"])
    for name in NAMED:
        entries = whole["properties"][name]
        entries["additionalProperties"] = {"anyOf": [entries["additionalProperties"], SWITCHED_OFF]}
    targets = definitions["Targets"]["properties"]
    level = {"anyOf": [definitions["ServiceLevel"], SHORT_SERVICE_LEVEL, SWITCHED_OFF]}
    targets["service_level"] = definitions["TargetsOfSome"]["properties"]["service_level"] = level
    some = {"anyOf": [{"$ref": "#/$defs/TargetsOfSome"}, SWITCHED_OFF]}
    definitions["Targets"]["additionalProperties"] = {"description": "Of a channel, an intent or a skill", **some}
    _adjust_observed(definitions)
    classes = definitions["HiringAhead"]["properties"]["classes"]
    definitions["HiringAhead"]["properties"]["classes"] = {
        "description": classes.pop("description"),
        "anyOf": [classes, FROM_FILE],
    }
    definitions["Run"]["properties"]["precision"]["anyOf"][0]["propertyNames"] = {"enum": list(precision_names())}
    whole["properties"]["extends"] = EXTENDS
    _add_not_built(whole["properties"], definitions)
    return {"$schema": DIALECT, **whole, "title": "ccsim scenario"}


def models(root: type[BaseModel] = Scenario) -> list[type[BaseModel]]:
    """Return the models that have keys of their own in a file, the whole scenario first."""
    found = [root, *models(NAMED_WITHIN[root])] if root in NAMED_WITHIN else [root]
    for field in root.model_fields.values():
        model = inner(field.annotation)[1]
        found += [] if model is None else models(model)
    return list(dict.fromkeys(found))


def _adjust(definition: dict[str, Any], model: type[BaseModel]) -> None:
    """Turn what pydantic says of a model into what a file may say."""
    fields = file_fields(model)
    properties = {key: definition["properties"][key] for key in fields}
    for key, field in fields.items():
        prop = properties[key]
        for word in ("source", "grade", "range", "off", "none", "default", "title"):
            prop.pop(word, None)
        if "anyOf" in prop:
            prop["anyOf"] = [form for form in prop["anyOf"] if form != {"type": "null"}]
        if mark_of(field, "off"):
            properties[key] = {"description": field.description, "anyOf": [*_forms(prop), SWITCHED_OFF]}
        properties[key]["description"] = describe(field.description or "", field)
    definition["properties"] = properties
    definition["additionalProperties"] = False
    if model.__name__ not in WHOLE:
        definition.pop("required", None)
    definition.pop("title", None)


def _forms(prop: dict[str, Any]) -> list[dict[str, Any]]:
    bare = {key: value for key, value in prop.items() if key != "description"}
    forms: list[dict[str, Any]] = bare["anyOf"] if set(bare) == {"anyOf"} else [bare]
    return forms


def describe(about: str, field: Any) -> str:
    """Return the description of a key with what its default rests on."""
    source, grade, span = (mark_of(field, name) for name in ("source", "grade", "range"))
    rests = [f"default: {source}" if source else "", GRADES[grade] if grade else "", f"range {span}" if span else ""]
    words = ", ".join(part for part in rests if part)
    return f"{about} ({words})" if words else about


def _adjust_intent(properties: dict[str, Any]) -> None:
    about = "Mean handle time: talk, hold and wrap-up, in place of talk_time"
    properties["aht"] = {**properties["talk_time"], "description": about}


def _adjust_chat(properties: dict[str, Any], of_intent: dict[str, Any]) -> None:
    about = "How long a chat is open beside others, as exports time it, in place of talk_time; with at"
    properties["elapsed"] = {**of_intent["talk_time"], "description": about}
    about = "Mean number of chats in hand at which elapsed was measured"
    properties["at"] = {"type": "number", "minimum": 1, "maximum": MOST_CHATS, "description": about}


def _adjust_group(properties: dict[str, Any]) -> None:
    skills = properties["skills"]
    names = {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True}
    properties["skills"] = {"description": skills.pop("description"), "anyOf": [names, skills]}


def _adjust_observed(definitions: dict[str, Any]) -> None:
    observed = definitions["Observed"]["properties"]
    level = {"anyOf": [definitions["ObservedLevel"], SHORT_SERVICE_LEVEL, SHARE_SCHEMA, SWITCHED_OFF]}
    observed["service_level"] |= level
    observed["fitted"] = FITTED
    definitions["Observed"]["minProperties"] = 1
    for name in ("FitOutcome", "Gap", "Rescaling"):
        definitions.pop(name)


def _add_not_built(properties: dict[str, Any], definitions: dict[str, Any]) -> None:
    not_built = {"const": OFF, "description": "Not built yet"}
    for path in sorted(NOT_BUILT):
        section, _, key = path.rpartition(".")
        home = definitions[section.capitalize()]["properties"] if section else properties
        home[key] = not_built
