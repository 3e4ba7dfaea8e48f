import pytest

import sim
from sim.report.comparison.charts import draw
from sim.report.comparison.findings import of_comparison, of_run
from tests.report.tiny import AFTER, BEFORE, CUT


@pytest.fixture(scope="package")
def result():
    return sim.run(sim.loads(AFTER), contacts=True)


@pytest.fixture(scope="package")
def comparison():
    return sim.compare(*(sim.loads(data) for data in (BEFORE, AFTER, CUT)))


@pytest.fixture(scope="package")
def alone(result):
    return of_run(result)


@pytest.fixture(scope="package")
def found(comparison):
    return of_comparison(comparison)


@pytest.fixture(scope="package")
def drawn(found):
    return draw(found)
