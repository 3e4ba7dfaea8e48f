"""INV-LITTLE: identities that hold in every run, class by class."""

import numpy as np
import pytest

from sim import loads, simulate
from sim.engine.records import AgentState, Outcome
from tests.exact.classes import n_model, priority_document
from tests.exact.harness import Budget, Check, finding, params

REPLICATIONS, HOURS = 20, 24


@pytest.fixture(scope="module")
def runs(engine):
    """The N-model with patience: two classes, two pools, two speeds."""
    document = n_model(Budget(1, 1), Budget(1, 1)).document(HOURS)
    scenario = loads(document | {"run": {"warm_up": "0d", "follow_up": "0d"}})
    return [simulate(scenario, seed=9, replication=n, engine=engine) for n in range(REPLICATIONS)]


def integral_of_queue(contacts):
    """Integral of the number waiting over time, swept event by event (us)."""
    events = sorted([(t, +1) for t in contacts["joined_us"].tolist()] + [(t, -1) for t in contacts["left_us"].tolist()])
    total, waiting, last = 0, 0, events[0][0]
    for time, step in events:
        total += waiting * (time - last)
        waiting, last = waiting + step, time
    assert waiting == 0
    return total


def test_the_sum_of_waits_is_the_integral_of_the_queue(runs):
    """Rule 1, E[Q] T = sum of W: exact to the microsecond, for each class."""
    for run in runs[:3]:
        for intent in (0, 1):
            mine = run.contacts[run.contacts["intent"] == intent]
            assert (mine["left_us"] - mine["joined_us"]).sum() == integral_of_queue(mine)


def test_handling_is_throughput_times_handle_time(runs):
    """Rule 3: exact to the microsecond, for each pool."""
    for run in runs:
        answered = run.contacts[run.contacts["outcome"] == Outcome.ANSWERED]
        busy = run.segments[run.segments["state"] == AgentState.HANDLING]
        for group in (0, 1):
            calls, spells = answered[answered["group"] == group], busy[busy["group"] == group]
            handled = (calls["talk_us"] + calls["wrap_us"]).sum()
            assert handled == (spells["end_us"] - spells["start_us"]).sum()
            assert calls.size == spells.size


@pytest.mark.parametrize("intent", [0, 1])
def test_exponential_patience_abandons_at_the_rate_of_the_queue(runs, intent):
    """Rule 2: abandonments x mean patience = sum of waits in the mean, for each class."""
    patience = params("NMODEL-PRIO")["mean_patience_s"][f"class{intent + 1}"]
    gone, waited = [], []
    for run in runs:
        mine = run.contacts[run.contacts["intent"] == intent]
        gone.append((mine["outcome"] == Outcome.ABANDONED).sum() * patience)
        waited.append((mine["left_us"] - mine["joined_us"]).sum() / 1e6)
    top, bottom = np.array(gone, float), np.array(waited)
    ratio = top.sum() / bottom.sum()
    found = finding("INV-LITTLE", Check("rule 2", 1.0, "rule 2"), ratio + (top - ratio * bottom) / bottom.mean())
    assert found.half_width < 0.05
    assert found.p > 0.01 / 2, found


def test_priority_by_head_start_is_priority_by_preference(engine):
    """PRIO-1 said in two ways: one queue with a head start beyond any wait, or two queues liked in order."""
    worlds = [loads(priority_document(12, by_preference=said)) for said in (False, True)]
    first, second = (simulate(world, seed=4, engine=engine).contacts for world in worlds)
    assert first.tobytes() == second.tobytes()
    assert first["delayed"].mean() > 0.4
