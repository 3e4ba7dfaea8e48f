"""Both engines: whatever asks for `engine` is tested on each of them."""

import pytest

from sim.engine import COMPILED, SIMPY


@pytest.fixture(scope="session", params=[COMPILED, SIMPY])
def engine(request):
    """The name of an engine."""
    return request.param
