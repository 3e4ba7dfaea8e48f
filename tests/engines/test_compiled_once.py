"""Whatever the scenario, its arrays have the same types: no loop is compiled a second time, which takes a minute."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings

from sim import jit, loads, simulate
from sim.engine import SIMPY, engine, prepare
from sim.engine.compiled import loop
from sim.engine.rules import entry
from sim.measures import make_frame
from sim.study import tallies
from tests.properties.conftest import QUICK
from tests.properties.worlds import worlds

SCALARS = {"replication_key"}
"""Compiled in no time."""
KINDS = "compiled|inlined|borrowing|apart|whole_loop|part|small_part"
DECORATOR = re.compile(rf"^(@({KINDS})$|(from|import) numba\b)", re.MULTILINE)


def versions(*modules):
    """For what arguments each function that Python calls has been compiled; parts of others are compiled with them."""
    found = {name: f for module in modules for name, f in vars(module).items() if isinstance(f, jit.Deferred)}
    return {name: len(f.whole.signatures) for name, f in found.items() if f.callable and name not in SCALARS}


@pytest.fixture(scope="module", autouse=True)
def played():
    """Forty worlds, on both engines."""

    @settings(QUICK, max_examples=40)
    @given(world=worlds(crowds=True) | worlds(channels=True))
    def play(world):
        scenario = loads(world)
        tallies.count_chunk(prepare(scenario).compiled, make_frame(scenario), 1, 0, 2)
        simulate(scenario)
        simulate(scenario, engine=SIMPY)

    play()


def test_no_loop_is_compiled_twice():
    made = versions(engine, loop, tallies)
    assert {"play", "play_by_phone", "put_in_order", "draw_calls", "lay_out", "count_replication"} <= set(made)
    assert made == dict.fromkeys(made, 1)


def test_no_rule_is_compiled_twice():
    """A world may have no use for some of them."""
    made = versions(entry)
    assert {"arrive", "serve", "conclude"} <= {name for name, count in made.items() if count == 1}
    assert max(made.values()) == 1


def test_what_is_compiled_lives_where_the_cache_is_watched():
    root = Path(jit.__file__).parent
    elsewhere = [path for path in root.rglob("*.py") if path.relative_to(root).parts[0] not in jit._ROOMS]
    elsewhere = [path for path in elsewhere if path not in jit._OWN]
    names = {path.relative_to(root).as_posix() for path in elsewhere if DECORATOR.search(path.read_text())}
    assert names == set()
    inside = [path for room in jit._ROOMS for path in (root / room).rglob("*.py")]
    assert any(DECORATOR.search(path.read_text()) for path in inside)
