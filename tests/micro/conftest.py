from functools import partial

import pytest

from . import worlds


@pytest.fixture
def tell(tmp_path):
    """Simulate a world of the test's own folder and return its story."""
    return partial(worlds.tell, tmp_path)


@pytest.fixture
def describe(tmp_path):
    """Build the scenario of a world, as a dictionary."""
    return partial(worlds.describe, tmp_path)
