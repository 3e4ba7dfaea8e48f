"""A report, or anything else, as one JSON document."""

from __future__ import annotations

import json
from typing import Any


def json_text(document: Any, escaped: bool = False) -> str:
    """Return the text of a document: indented, every letter as it is or `escaped`; what is no number must be null."""
    return json.dumps(document, indent=2, ensure_ascii=escaped, allow_nan=False)
