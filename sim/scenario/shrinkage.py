"""Shrinkage as the trade quotes it: planned and unplanned time off the phones in one figure, taken apart.

Of 100 rostered hours with a total of 31 %, of which 6 % absence, 69 are on the phones: 94 are not absent, of which a
planned share s is off the phones, 94 (1 - s) = 69, so that s = 1 - (1 - .31) / (1 - .06) = 26.6 %.
"""

from __future__ import annotations

from typing import Any

from sim.schema.faults import BadValueError, Fault, bad, nearest, raise_any
from sim.schema.values import SHARE_SCHEMA, parse_share

TOTAL, ABSENCE = "total", "of_which_absence"
FORM = "Write {total: 31%, of_which_absence: 6%}, or the planned share alone"

SHRINKAGE_SCHEMA = {
    "type": "object",
    "properties": {
        TOTAL: SHARE_SCHEMA | {"description": "All paid time off the phones, planned and not"},
        ABSENCE: SHARE_SCHEMA | {"description": "The part of it that is absence: drawn, each agent and day"},
    },
    "required": [TOTAL],
    "additionalProperties": False,
    "description": "The figure of the trade, which holds absence",
}


def planned_share(total: float, absence: float) -> float:
    """Return the planned shrinkage that stands beside an absence in a total, all as shares of 1."""
    return 1.0 - (1.0 - total) / (1.0 - absence)


def taken_apart(group: dict[str, Any]) -> dict[str, Any]:
    """Return the keys of a group with planned shrinkage and absence in the place of a total, where it gives one.

    Raises
    ------
    BadValueError
        Where the total is not one, or absence would be counted twice.
    """
    written = group.get("shrinkage")
    if not isinstance(written, dict):
        return group
    shares = _shares(written)
    total, absence = shares[TOTAL], shares.get(ABSENCE, 0.0)
    if absence > total:
        raise bad("is more than the total", "It is a part of the total", written[ABSENCE], at=("shrinkage", ABSENCE))
    if total >= 1.0:
        raise bad("leaves nobody on the queue", "Write less than 100%", written[TOTAL], at=("shrinkage", TOTAL))
    if _says_more(group.get("absence")):
        fix = f"Leave it out: shrinkage.{ABSENCE} is the absence, and is drawn"
        raise bad("is counted twice beside a total shrinkage", fix, group["absence"], at=("absence",))
    return group | {"shrinkage": planned_share(total, absence), "absence": absence}


def _says_more(absence: Any) -> bool:
    """Whether an absence of its own is written, and more than none; what cannot be read is told by its own reader."""
    try:
        return absence is not None and parse_share(absence) > 0.0
    except BadValueError:
        return False


def _shares(written: dict[str, Any]) -> dict[str, float]:
    """The parts of a total, each read; what is wrong with any of them at once."""
    shares: dict[str, float] = {}
    faults = []
    for key, value in written.items():
        try:
            if key not in (TOTAL, ABSENCE):
                raise BadValueError(Fault("is not a key", nearest(str(key), (TOTAL, ABSENCE)), key=True))
            shares[key] = parse_share(value)
        except BadValueError as error:
            faults += [fault.under("shrinkage", key) for fault in error.faults]
    if TOTAL not in written:
        faults.append(Fault("has no total", FORM, ("shrinkage",), key=True))
    raise_any(faults)
    return shares
