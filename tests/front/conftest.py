import pytest

import sim
from tests.report.tiny import AFTER, BEFORE


@pytest.fixture(scope="package")
def after():
    return sim.loads(AFTER)


@pytest.fixture(scope="package")
def before():
    return sim.loads(BEFORE)


@pytest.fixture(scope="package")
def result(after):
    return sim.run(after, contacts=True)


@pytest.fixture(scope="package")
def comparison(before, after):
    return sim.compare(before, after)


@pytest.fixture(scope="package")
def swept(after):
    return sim.sweep(after, {"agents.desk.staff": [2, 3], "bot.exposure": [0.5, 1.0]}, replications=6)
