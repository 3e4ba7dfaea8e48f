"""An `engine` for tests of laws and statistics: the compiled one, and among the long tests the reference engine too.

Both write the same records, which tests/engines holds, so that asking both the same costs time and says nothing more.
"""

import pytest

from sim.engine import COMPILED, SIMPY


@pytest.fixture(scope="session", params=[COMPILED, pytest.param(SIMPY, marks=pytest.mark.long)])
def engine(request):
    """The name of an engine."""
    return request.param
