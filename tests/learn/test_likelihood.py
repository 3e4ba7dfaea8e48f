"""The likelihood of scores and resolution: its derivatives, its top, and intervals that know that it is skewed."""

from dataclasses import replace

import numpy as np
import pytest

from sim.learning.adjusted import Adjusted, adjusted
from sim.learning.cells import COMMON, FARTHEST, SELECTIVITY, SLOPE, Cells, Place, likeliest, log_chances, slopes, total
from sim.learning.clusters import errors_each_side
from sim.learning.copula import Taken
from sim.learning.mix import product_of
from sim.learning.profile import profiled
from sim.learning.separation import Separation, separate
from tests.learn.worlds import World, logs_of

WORLD = World(contacts=16_000)
NOTHING = np.zeros(0, np.int64)


@pytest.fixture(scope="module")
def apart() -> tuple[Adjusted, Separation]:
    data = adjusted(logs_of(WORLD, 1).contacts, frozenset([0, 1]))
    products = [product_of(data, i, Taken(capable, 0.0)) for i, capable in enumerate(WORLD.capable)]
    found = separate(data, [one for one in products if one is not None])
    assert found is not None
    return data, found


@pytest.mark.parametrize(("chosen", "unchosen"), [(True, 0.0), (True, 0.3), (False, 0.0)])
def test_slopes_are_those_of_the_chances(chosen: bool, unchosen: float) -> None:
    values, step = np.array([0.7, -0.2, 0.1, 0.6, 1.2]), 1e-6
    cell = Cells(Place(3, 4, Taken(0.4, unchosen)), chosen, True, NOTHING, NOTHING, 0.1)
    found = slopes(cell, values)
    for k in range(values.size):
        ends = [log_chances(cell, values + sign * step * (np.arange(5) == k)) for sign in (1.0, -1.0)]
        np.testing.assert_allclose(found[:, k], (ends[0] - ends[1]) / (2 * step), atol=1e-7)


def test_the_top_is_found_from_far_away_and_from_the_edge(apart: tuple[Adjusted, Separation]) -> None:
    found = apart[1]
    top = total(found.cells, found.values)
    for selectivity, weight in ((0.1, FARTHEST), (1.5, 0.1)):
        start = found.values.copy()
        start[[SELECTIVITY, *found.intents.values()]] = selectivity, weight, weight
        start[[SLOPE, COMMON]] = 0.0
        assert total(found.cells, likeliest(found.cells, start)) == pytest.approx(top, abs=1e-3)


def test_a_slope_beyond_belief_is_not_found() -> None:
    """Where resolution hangs on talk time alone, ever steeper slopes would be ever likelier."""
    logs = logs_of(WORLD, 1)
    steep = (logs.scores < 0.8).astype(float)
    data = adjusted(replace(logs.contacts, resolved=steep), frozenset([0, 1]))
    products = [product_of(data, i, Taken(capable, 0.0)) for i, capable in enumerate(WORLD.capable)]
    found = separate(data, [one for one in products if one is not None])
    assert found is not None
    assert found.values[SLOPE] == pytest.approx(np.log(4.0), abs=0.02)


def test_ends_are_where_the_likelihood_has_fallen_as_far_as_clusters_say(apart: tuple[Adjusted, Separation]) -> None:
    data, found = apart
    top, place = total(found.cells, found.values), found.intents[1]
    alone = float(np.sqrt(found.covariance[place, place]))
    ends = profiled(found, place, 1.2 * alone, data.clusters)
    for end in (ends.low, ends.high):
        start = found.values.copy()
        start[place] = end
        fallen = top - total(found.cells, likeliest(found.cells, start, place))
        assert np.sqrt(2 * fallen) == pytest.approx(1.2 * errors_each_side(data.clusters), rel=0.04)
    assert ends.high - ends.value > 1.1 * (ends.value - ends.low)


def test_an_end_that_no_likelihood_tells_is_infinite(apart: tuple[Adjusted, Separation]) -> None:
    found, values = apart[1], apart[1].values.copy()
    few = [replace(cell, rows=cell.rows[::20], at=cell.at[::20]) for cell in found.cells]
    thin = replace(found, cells=tuple(few), values=likeliest(few, values))
    assert profiled(thin, found.intents[0], 0.8, 50).high == np.inf
