"""What a first and a second start compile: each function once, and nothing twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.engine import COMPILED, SIMPY

pytestmark = pytest.mark.long
ROOT = Path(__file__).parents[2]
MOST_WHOLES = 45
"""Functions that Python calls, of both engines: each is optimised and kept on disk by itself."""


def start(cache, *engines):
    surroundings = {**os.environ, "XDG_CACHE_HOME": str(cache), "PYTHONPATH": str(ROOT)}
    surroundings.pop("NUMBA_CACHE_DIR", None)
    command = [sys.executable, "-m", "tests.engines.afresh", *engines]
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=True)
    return json.loads(done.stdout), done.stderr


@pytest.fixture(
    scope="module",
    params=[[COMPILED], [COMPILED, SIMPY]],
    ids=["compiled", "simpy after compiled"],
)
def starts(request, tmp_path_factory):
    """Each engine for the first time, one after the other in one cache; then all of them a second time."""
    cache = tmp_path_factory.mktemp("cache")
    return [start(cache, engine) for engine in request.param], start(cache, *request.param)


def test_no_function_is_compiled_twice_for_compiled_callers(starts):
    for made, _ in starts[0]:
        assert {name: count for name, count in made["part"].items() if count > 1} == {}
    assert {"sim.engine.rules.service.serve", "sim.measures.contacts.add_contact"} <= set(starts[0][0][0]["part"])


def test_what_python_calls_is_little_and_compiled_once(starts):
    for made, _ in starts[0]:
        assert set(made["whole"].values()) == {1}
        assert len(made["whole"]) <= MOST_WHOLES
    assert not any(name.startswith("sim.engine.rules.entry.") for name in starts[0][0][0]["whole"])


def test_most_that_is_compiled_is_ccsims_own(starts):
    """numba compiles helpers of its own, for each combination of options and kinds of arguments."""
    made, _ = starts[0][0]
    own = sum(made["part"].values()) + sum(made["whole"].values())
    assert own < made["compilations"] < 1.25 * own


def test_a_second_start_compiles_nothing_and_says_nothing(starts):
    first, (made, said) = starts
    assert (made["compilations"], made["part"], said) == (0, {}, "")
    assert "half a minute" in first[0][1]
