"""What a failing comparison of two engines says."""

import numpy as np
import pytest

from sim import simulate
from sim.engine import Records
from tests.engines.same import same, same_engines
from tests.study.small import small


@pytest.fixture
def records():
    return simulate(small())


def changed(records, table, row, **values):
    """The same records but for one row."""
    rows = getattr(records, table).copy()
    for name, value in values.items():
        rows[name][row] = value
    return Records(**{**vars(records), table: rows})


def account(one, other):
    with pytest.raises(AssertionError) as caught:
        same_engines(one, other)
    return str(caught.value).split("\n")


def test_equal_records_are_equal_though_they_hold_nan(records):
    nan = changed(records, "duties", 0, fatigue_left=np.nan)
    same_engines(nan, changed(nan, "duties", 0))


def test_it_names_the_table_the_columns_and_the_first_rows_of_both(records):
    rows = records.contacts
    told = account(changed(changed(records, "contacts", 7, agent=41), "contacts", 9, agent=42, left_us=5), records)
    assert told[1].startswith(f"contacts: {rows.size} rows in compiled, {rows.size} in simpy; ")
    assert told[1].endswith("columns that differ: {'left_us': 1, 'agent': 2}")
    assert told[2] == "  row 7"
    assert told[3].startswith(f"     compiled: need {rows['need'][7]}, attempt {rows['attempt'][7]}, ")
    assert told[3].endswith(f"left_us {rows['left_us'][7]}, agent 41")
    assert told[4].endswith(f"left_us {rows['left_us'][7]}, agent {rows['agent'][7]}")
    assert told[5:7] == ["  row 9", told[6]]
    assert told[6].endswith("left_us 5, agent 42")
    assert len(told) == 8


def test_a_missing_row_is_told(records):
    fewer = Records(**{**vars(records), "duties": records.duties[:-1]})
    told = account(fewer, records)
    assert told[1].startswith(f"duties: {records.duties.size - 1} rows in compiled, {records.duties.size} in simpy")
    assert told[3] == "     compiled: no such row"
    assert told[4].startswith(f"        simpy: agent {records.duties['agent'][-1]}")


def test_no_more_than_three_rows_of_a_table_are_shown(records):
    told = account(changed(records, "needs", slice(None), status=7), records)
    assert [line for line in told if line.startswith("  row")] == ["  row 0", "  row 1", "  row 2"]


def test_the_sign_of_zero_counts_and_what_may_differ_does_not(records):
    other = changed(records, "segments", 0, rate=-0.0)
    assert "rate" in account(other, changed(records, "segments", 0, rate=0.0))[1]
    same(other, changed(records, "segments", 0, rate=0.0), {"rate"})
