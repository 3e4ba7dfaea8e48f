"""Yes and no, as YAML and people write them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from sim.schema.faults import bad

WORDS = {"yes": True, "no": False, "true": True, "false": False, "on": True}


def _read(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in WORDS:
        return WORDS[value.strip().lower()]
    raise bad("is neither yes nor no", "Write yes or no", value)


YesNo = Annotated[bool, BeforeValidator(_read), WithJsonSchema({"enum": [True, False, "yes", "no"]})]
