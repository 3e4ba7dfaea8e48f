"""``ccsim schema``: the JSON Schema of scenario files."""

from __future__ import annotations

from sim.cli.options import print_json
from sim.loading.json_schema import json_schema


def schema() -> None:
    """Print the JSON Schema (2020-12) of scenario files, for editors."""
    print_json(json_schema())
