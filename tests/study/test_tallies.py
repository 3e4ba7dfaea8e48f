"""The ledger: however many replications, a bounded number of rows, the same means and intervals that still cover."""

import math
import tracemalloc

import numpy as np
import pytest
from scipy import stats

import sim
from sim.engine import prepare
from sim.measures import Tally, make_frame
from sim.measures.counts import Count
from sim.measures.definitions import measures_of, weighted
from sim.study.estimates import percentile_estimate, ratio_estimate
from sim.study.tallies import MOST_ROWS, BatchedTallies, count_chunk
from tests.study.small import small


def numbered(n):
    """A tally whose counts say which replication it is: a sum tells which were added up."""
    return Tally({"overall": np.array([[1.0, float(n)]])}, {"overall": np.array([[float(n), 1.0]])})


def filled(size):
    batched = BatchedTallies()
    for n in range(size):
        batched.add(numbered(n))
    return batched


@pytest.mark.parametrize("size", [1, 255, 256, 257, 511, 512, 513, 767, 768, 1024, 3000])
def test_every_replication_is_in_one_row_with_its_neighbours(size):
    batched = filled(size)
    counts = batched.counts("overall")[:, 0]
    width = 1
    while size >= MOST_ROWS * width:
        width *= 2
    cuts = [range(first, min(first + width, size)) for first in range(0, size, width)]
    assert counts.tolist() == [[len(cut), sum(cut)] for cut in cuts]
    assert batched.waits("overall")[:, 0].tolist() == [[sum(cut), len(cut)] for cut in cuts]
    assert (batched.replications, batched.width) == (size, width)


def test_there_are_never_more_rows_than_that_nor_ever_again_fewer_than_half():
    batched = BatchedTallies()
    for n in range(5000):
        batched.add(numbered(n))
        assert len(batched.rows) <= MOST_ROWS
        assert n < MOST_ROWS or len(batched.rows) >= MOST_ROWS / 2


def test_what_was_handed_in_is_left_as_it_was():
    """Rows are summed into new tables: a tally may be a view of a chunk that others read too."""
    tallies = [numbered(n) for n in range(2 * MOST_ROWS)]
    batched = BatchedTallies()
    for tally in tallies:
        batched.add(tally)
    assert [t.counts["overall"][0, 1] for t in tallies] == list(range(2 * MOST_ROWS))


def test_memory_does_not_grow_with_replications():
    """Ten thousand more replications take no more room than the rows of one table."""
    cells = np.ones((50, 40))
    batched = BatchedTallies()
    tracemalloc.start()
    for n in range(12_000):
        batched.add(Tally({"interval": cells * n}, {}))
        if n == 2000:
            before = tracemalloc.get_traced_memory()[0]
            tracemalloc.reset_peak()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak - before < 1.1 * MOST_ROWS * cells.nbytes
    assert peak < 2.2 * MOST_ROWS * cells.nbytes


# A study of many replications ------------------------------------------------------------------

REPLICATIONS = 600


@pytest.fixture(scope="module")
def both():
    """A study of 600 replications, and the tally of each of them."""
    scenario = small()
    frame = make_frame(scenario)
    tallies = count_chunk(prepare(scenario).compiled, frame, 3, 0, REPLICATIONS)
    return sim.run(scenario, seed=3, replications=REPLICATIONS, jobs=2), tallies


def by_hand(tallies, measure):
    """A ratio of sums and its 95 % half-width by the delta method, replication by replication."""
    counts = np.stack([tally.counts["overall"][0] for tally in tallies])
    top, bottom = weighted(counts, measure.top), weighted(counts, measure.bottom)
    mean = top.sum() / bottom.sum()
    off = (top - mean * bottom) / bottom.mean()
    return mean, stats.t.ppf(0.975, len(tallies) - 1) * off.std(ddof=1) / math.sqrt(len(tallies))


WHOLE = ("aht_s", "sl_offered", "abandonment_rate", "occupancy", "resolution_rate", "bot_resolution_rate", "offered")


def test_means_are_what_they_were(both):
    """Sums of whole numbers are the same in any order; fatigue, which is not whole, to the last digits."""
    result, tallies = both
    measures = measures_of(small())
    for name in (*WHOLE, "fatigue_mean", "frustration_at_end"):
        mean, _ = by_hand(tallies, measures[name])
        assert result.measures.loc[name, "mean"] == pytest.approx(mean, rel=0 if name in WHOLE else 1e-12), name


def test_intervals_are_close_to_those_of_every_replication(both):
    """150 rows of four in place of 600: the width of an interval is itself an estimate, sure to 1 / sqrt(300)."""
    result, tallies = both
    measures, ratios = measures_of(small()), []
    for name in WHOLE:
        mean, half_width = by_hand(tallies, measures[name])
        row = result.measures.loc[name]
        ratios.append((row["ci_high"] - mean) / half_width)
        assert (row["ci_high"] - mean) == pytest.approx(mean - row["ci_low"], rel=1e-9)
    assert all(abs(ratio - 1) < 0.15 for ratio in ratios), ratios
    assert abs(np.mean(ratios) - 1) < 0.07


def test_the_ninth_decile_of_the_wait_is_what_it_was(both):
    result, tallies = both
    waits = np.stack([tally.waits["overall"] for tally in tallies])
    estimate = percentile_estimate(waits, 0.9)
    row = result.measures.loc["wait_p90_s"]
    assert row["mean"] == estimate.mean[0]
    assert row["ci_high"] - row["mean"] == pytest.approx(estimate.half_width[0], rel=0.15)


def test_merged_rows_cover_as_often_as_they_should():
    """400 made-up studies of 700 replications, the last row a part of one: 95 % intervals hold the truth."""
    rng, measure = np.random.default_rng(4), measures_of(small())["aht_s"]
    hits = 0
    for _ in range(400):
        calls = rng.poisson(20, 700)
        batched = BatchedTallies()
        for n in calls.tolist():
            counts = np.zeros((1, len(Count)))
            counts[0, Count.SERVED], counts[0, Count.TALK] = n, rng.gamma(n / 2, 2e6) if n else 0.0
            batched.add(Tally({"overall": counts}, {}))
        estimate = ratio_estimate(batched.counts("overall"), measure)
        hits += estimate.low[0] <= 1.0 <= estimate.high[0]
    assert 0.92 <= hits / 400 <= 0.98
