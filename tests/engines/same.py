"""Whether two engines wrote the same, to the last bit; and if not, where they part."""

from typing import Any

import numpy as np

from sim.engine import COMPILED, SIMPY, Records

AGENTS = "agents"
TABLES = {
    "contacts": ("need", "attempt", "intent", "arrival_us"),
    "segments": ("agent", "state", "start_us", "end_us"),
    "duties": ("agent", "start_us", "left_us"),
    "needs": ("intent", "born_us"),
    "channels": ("talked_us", "closed_us"),
    "levels": ("held", "level"),
    "ghosts": ("need", "joined_us", "assigned_us"),
    AGENTS: ("group", "tenure_s"),
}
"""Each table, and the columns that tell what a row is about."""
SHOWN = 3
Names = tuple[str, str]


def same_engines(compiled: Records, simpy: Records) -> None:
    """What the compiled engine wrote is what the reference engine wrote."""
    same(compiled, simpy, names=(COMPILED, SIMPY))
    told = difference(AGENTS, compiled.agents, simpy.agents, (), (COMPILED, SIMPY))
    assert not told, told


def same(one: Records, other: Records, but: Any = (), names: Names = ("one", "other")) -> None:
    """Every table, every column, bit by bit; columns in `but` may differ."""
    told = [difference(name, getattr(one, name), getattr(other, name), but, names) for name in TABLES if name != AGENTS]
    assert not any(told), "\n".join(["the records differ", *filter(None, told)])


def difference(table: str, one: Any, other: Any, but: Any = (), names: Names = ("one", "other")) -> str:
    """Which columns of a table differ, and the first rows that do, of both; empty if none."""
    if one.dtype != other.dtype:
        return f"{table}: columns {one.dtype} and {other.dtype}"
    size = min(one.size, other.size)
    compared = [name for name in one.dtype.names if name not in but]
    unlike = {name: _bits(one[name][:size]) != _bits(other[name][:size]) for name in compared}
    columns = {name: int(where.sum()) for name, where in unlike.items() if where.any()}
    if one.size == other.size and not columns:
        return ""
    rows = [*np.flatnonzero(np.any(list(unlike.values()), axis=0)).tolist(), *range(size, max(one.size, other.size))]
    lines = [f"{table}: {one.size} rows in {names[0]}, {other.size} in {names[1]}; columns that differ: {columns}"]
    for row in rows[:SHOWN]:
        shown = [
            f"    {n:>9}: {_shown(array, row, table, columns)}" for n, array in zip(names, (one, other), strict=True)
        ]
        lines += [f"  row {row}", *shown]
    return "\n".join(lines)


def _bits(column: Any) -> Any:
    """A column as whole numbers with the same bits, so that nan equals nan and 0.0 is not -0.0."""
    return np.ascontiguousarray(column).view(f"i{column.dtype.itemsize}")


def _shown(array: Any, row: int, table: str, columns: Any) -> str:
    """One row: what it is about, and what differs."""
    if row >= array.size:
        return "no such row"
    names = [*TABLES[table], *(name for name in columns if name not in TABLES[table])]
    return ", ".join(f"{name} {array[name][row].item()!r}" for name in names)


def same_tallies(one: Any, other: Any) -> None:
    """Every count of every slice, bit by bit."""
    for kind in ("counts", "waits"):
        first, second = getattr(one, kind), getattr(other, kind)
        assert set(first) == set(second)
        for name, table in first.items():
            assert table.shape == second[name].shape, (kind, name)
            where = np.argwhere(_bits(table) != _bits(second[name]))[:SHOWN].tolist()
            assert not where, [(kind, name, at, table[tuple(at)], second[name][tuple(at)]) for at in where]
