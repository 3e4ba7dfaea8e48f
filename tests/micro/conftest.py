from functools import partial

import pytest

from . import worlds


@pytest.fixture
def tell(tmp_path, engine):
    """Simulate a world of the test's own folder, on each engine, and return its story."""
    return partial(worlds.tell, engine, tmp_path)


@pytest.fixture
def play(engine):
    """Simulate any scenario, on each engine, and return its story."""
    return partial(worlds.play, engine)


@pytest.fixture
def describe(tmp_path):
    """Build the scenario of a world, as a dictionary."""
    return partial(worlds.describe, tmp_path)
