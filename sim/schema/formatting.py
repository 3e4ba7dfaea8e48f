"""Values as people read them."""

from __future__ import annotations

import math
import re
from typing import Any

from sim.errors import shorten
from sim.schema.distribution import SHAPE_RANGE, Distribution
from sim.schema.values import plain

UNITS = (("d", 86_400), ("h", 3600), ("m", 60))
LONGEST = 70
SECONDS = re.compile(r"[0-9.]+s")


def duration_words(seconds: float) -> str:
    """Return a duration such as ``4m10s`` or ``1.5s``."""
    if not math.isfinite(seconds):
        return "infinite"
    rest, parts = seconds, ""
    for unit, size in UNITS:
        count, rest = divmod(rest, size)
        parts += f"{int(count)}{unit}" if count else ""
    return parts + f"{plain(round(rest, 3))}s" if rest or not parts else parts


def distribution_words(distribution: Distribution) -> str:
    """Return a distribution such as ``lognormal mean 3m30s cv 0.8``."""
    parts: list[str] = [distribution.kind]
    for name in ("value", "mean", "cv", "shape", "low", "high"):
        number = getattr(distribution, name)
        if number is not None:
            parts.append(f"{name} {plain(number) if name in SHAPE_RANGE else duration_words(number)}")
    if distribution.points is not None:
        parts.append(f"of {len(distribution.points):,} points, mean {duration_words(distribution.average)}")
    return " ".join(parts) + (" with a profile" if distribution.profile is not None else "")


def value_words(value: Any) -> str:
    """Return a value of a file form, shortened to one line."""
    if isinstance(value, float):
        return plain(value)
    if isinstance(value, str) and SECONDS.fullmatch(value):
        return duration_words(float(value[:-1]))
    if isinstance(value, dict):
        return shorten("{" + ", ".join(f"{key}: {value_words(item)}" for key, item in value.items()) + "}", LONGEST)
    if isinstance(value, list | tuple):
        return shorten("[" + ", ".join(value_words(item) for item in value) + "]", LONGEST)
    return shorten(str(value), LONGEST)
