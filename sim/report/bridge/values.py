"""The numbers of a bridge, as reports carry them."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sim.report.value import Value
from sim.study.bridge.bars import MEASURES, OTHER, STAFFING, Bridge

HIDDEN_WITHOUT_EFFECT = (STAFFING, OTHER)
NOISE = 1e-9


def bar(bridge: Bridge, cause: str, measure: str) -> Value | None:
    """The bar of a cause; None where it has none."""
    rows = bridge.bars
    return _value(rows[(rows["cause"] == cause) & (rows["measure"] == measure)])


def end(bridge: Bridge, side: str, measure: str) -> Value:
    """What a side measures, or their difference (`change`)."""
    rows = bridge.ends
    found = _value(rows[(rows["side"] == side) & (rows["measure"] == measure)])
    assert found is not None, (side, measure)
    return found


def figure(bridge: Bridge, name: str) -> Value:
    """A figure of the claim."""
    return values_of(bridge.claim.loc[[name]])[0]


def values_of(rows: pd.DataFrame) -> list[Value]:
    """The values of some rows, in order."""
    columns = (rows[name].astype(float) for name in ("mean", "ci_low", "ci_high"))
    return [Value(*numbers) for numbers in zip(*columns, strict=True)]


def _value(rows: pd.DataFrame) -> Value | None:
    return next(iter(values_of(rows)), None)


def shown_causes(bridge: Bridge) -> list[str]:
    """The bars that are shown: without staffing and everything else where nothing comes of them."""
    return [c for c in bridge.causes if c not in HIDDEN_WITHOUT_EFFECT or any(map(moves, bars_of(bridge, c)))]


def bars_of(bridge: Bridge, cause: str) -> Iterator[Value | None]:
    """The bars of a cause, by measure."""
    return (bar(bridge, cause, measure) for measure in MEASURES)


def moves(value: Value | None) -> bool:
    """Whether a bar is there and is more than the order of summing."""
    if value is None or not value.known:
        return False
    ends = (value.mean, value.low, value.high) if value.judged else (value.mean,)
    return max(abs(end) for end in ends) > NOISE
