"""Exports of the systems that planners have: each column where it belongs, no more asked than a file leaves open."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.calibrate.exports import read
from tests.calibrate.vendors import BY_CONTACT, BY_INTERVAL, Vendor, calls, slots


def written(vendor: Vendor, rows: list, tmp_path: Path) -> Path:
    path = tmp_path / f"{vendor.name}.csv"
    path.write_text(vendor.text(rows))
    return path


@pytest.mark.parametrize("vendor", BY_INTERVAL, ids=lambda vendor: vendor.name)
def test_intervals_of(vendor, tmp_path):
    rows = slots()
    source, told = read(written(vendor, rows, tmp_path), **vendor.wishes)
    table = source.intervals.table
    assert table["time"].tolist() == [pd.Timestamp(row.start) for row in rows]
    for name in ("offered", "answered", "abandoned"):
        assert table[name].tolist() == [getattr(row, name) for row in rows], name
    assert table["wait_answered_s"].tolist() == [row.asa * row.answered for row in rows]
    work = [(row.talk + row.hold + row.wrap * vendor.wrap) * row.answered for row in rows]
    assert (table["talk_s"] + table["wrap_s"].fillna(0)).tolist() == pytest.approx(work)
    if "gone" not in vendor.lacks:
        waits = [(row.asa if vendor.alike else row.gone) * row.abandoned for row in rows]
        assert table["wait_abandoned_s"].tolist() == waits
    else:
        assert table["wait_abandoned_s"].isna().all()
    if "wrap" not in vendor.lacks:
        assert table["wrap_s"].tolist() == [row.wrap * row.answered for row in rows]
    else:
        assert table["wrap_s"].isna().all()
    assert table["agents"].isna().all()
    assert told.dropped == []


@pytest.mark.parametrize("vendor", BY_CONTACT, ids=lambda vendor: vendor.name)
def test_log_of(vendor, tmp_path):
    rows = calls()
    source, told = read(written(vendor, rows, tmp_path), **vendor.wishes)
    table = source.calls.table
    assert table["time"].tolist() == [pd.Timestamp(row.at) for row in rows]
    assert table["answered"].tolist() == [row.answered for row in rows]
    answered = np.array([row.answered for row in rows])
    there = answered if "gone" in vendor.lacks else np.full(len(rows), True)
    assert table["wait_s"][there].tolist() == [row.wait for row in rows if row.answered or there.all()]
    assert table["talk_s"][answered].tolist() == [row.talk + row.hold for row in rows if row.answered]
    assert table["talk_s"][~answered].isna().all()
    if vendor.wrap:
        assert table["wrap_s"][answered].tolist() == [row.wrap for row in rows if row.answered]
    else:
        assert table["wrap_s"].isna().all()
    agents = {row.agent: code for row, code in zip(rows, table["agent"], strict=True) if row.answered}
    if (table["agent"] >= 0).any():
        assert len(set(agents.values())) == 4
    if "gone" in vendor.lacks:
        assert table["wait_s"][~answered].mean() == pytest.approx(table["wait_s"][answered].mean())
        assert any("who gave up is taken to have waited like the answered" in note for note in told.notes)
    assert told.dropped == []
