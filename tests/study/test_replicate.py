"""Replications: the same study from both engines, any number of workers and any chunk; precision that stops."""

import time

import joblib
import numpy as np
import pandas as pd
import pytest

import sim
from sim.study import replicate as replicating
from sim.study.replicate import RunOptions, make_run, replicate
from sim.study.scenario_results import simulate_all
from tests.study.small import SMALL, small, tables

# Engines, workers, chunks --------------------------------------------------------------------


@pytest.fixture(scope="module")
def reference():
    """What the reference engine finds, in one process."""
    return sim.run(small(), seed=3, replications=14, jobs=1, contacts=True, engine="simpy")


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize("chunk", [1, 400, 10**9])
def test_neither_engine_nor_workers_nor_chunks_matter(monkeypatch, reference, jobs, chunk):
    """Chunks of one replication, of about two, and as large as the workers allow; 14 do not divide by 3."""
    monkeypatch.setattr(replicating, "ALONE_BELOW", 0)
    monkeypatch.setattr(replicating, "CHUNK", chunk)
    found = sim.run(small(), seed=3, replications=14, jobs=jobs)
    assert tables(found) == tables(reference)
    for name in ("measures", "by_interval"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(reference, name), check_exact=True)


def test_processes_of_the_reference_engine_do_not_matter(monkeypatch, reference):
    monkeypatch.setattr(replicating, "ALONE_BELOW", 0)
    found = sim.run(small(), seed=3, replications=14, jobs=2, contacts=True, engine="simpy")
    assert tables(found) == tables(reference)
    pd.testing.assert_frame_equal(found.contacts, reference.contacts, check_exact=True)


def test_no_more_processes_are_started_than_there_is_work(monkeypatch):
    asked, parallel = [], joblib.Parallel
    monkeypatch.setattr(replicating, "ALONE_BELOW", 0)
    monkeypatch.setattr(joblib, "Parallel", lambda n_jobs, **how: asked.append(n_jobs) or parallel(1, **how))
    sim.run(small(), seed=3, replications=2, jobs=64, engine="simpy")
    list(simulate_all([small(), small()], RunOptions(3, "simpy", jobs=64), 2))
    sim.run(small(), seed=3, replications=1, jobs=64, engine="simpy")
    assert asked == [2, 4], "one replication needs no process of its own"


@pytest.mark.parametrize("jobs", [1, 2])
def test_contacts_that_are_kept_are_the_same(monkeypatch, reference, jobs):
    monkeypatch.setattr(replicating, "ALONE_BELOW", 0)
    found = sim.run(small(), seed=3, replications=14, jobs=jobs, contacts=True)
    assert tables(found) == tables(reference)
    pd.testing.assert_frame_equal(found.contacts, reference.contacts, check_exact=True)


def test_a_comparison_is_the_same_whatever_it_takes(monkeypatch):
    """Two scenarios of unlike size, and their pairs without bot: the chunks of one do not end with the other's."""
    monkeypatch.setattr(replicating, "ALONE_BELOW", 0)
    both = small(), small(name="more", arrivals__per_day=130)
    found = []
    for engine, jobs, chunk in (("simpy", 1, 1), ("compiled", 1, 10**9), ("compiled", 2, 700), ("compiled", 3, 1)):
        monkeypatch.setattr(replicating, "CHUNK", chunk)
        pair = sim.compare(*both, seed=5, replications=9, jobs=jobs, engine=engine)
        gaps = pair.differences.to_csv(float_format="%r"), pair.differences_by_interval.to_csv(float_format="%r")
        found.append((*gaps, *(text for result in pair.results.values() for text in tables(result))))
    assert all(other == found[0] for other in found)


def test_progress_counts_every_replication_once(engine):
    """Two scenarios, seven replications each: fourteen in all, and never back."""
    told = []
    sim.compare(
        small(bot="off", name="one"),
        small(bot="off", name="other"),
        replications=7,
        engine=engine,
        progress=lambda *at: told.append(at),
    )
    assert told[-1] == (14, 14)
    assert [done for done, _ in told] == sorted({done for done, _ in told})


def test_the_engine_is_named_in_the_result(engine):
    assert sim.run(small(), replications=2, engine=engine).engine == engine
    assert sim.run(small(), replications=2).engine == "compiled"


@pytest.mark.parametrize(
    "call",
    [
        lambda: sim.simulate(small(), engine="Compiled"),
        lambda: sim.run(small(), engine="Compiled"),
        lambda: sim.compare(small(), small(), engine="Compiled"),
    ],
    ids=["simulate", "run", "compare"],
)
def test_an_engine_that_there_is_not_is_refused(call):
    with pytest.raises(sim.CcsimError, match=r"none called 'Compiled'. Use 'compiled' or 'simpy'"):
        call()


# Precision -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def widths():
    """Half-widths of the AHT after 30, 40 and 50 replications, and its mean after 50."""
    found = {}
    for count in (30, 40, 50):
        study = make_run(small())
        replicate([study], RunOptions(5), count)
        estimate = study.estimates("overall")["aht_s"]
        found |= {count: float(estimate.half_width[0]), "mean": float(estimate.mean[0])}
    return found


def wish(widths):
    """Between what 40 and 50 replications reach."""
    assert widths[50] < widths[40] < widths[30]
    return (widths[40] + widths[50]) / 2


def precise(wanted, engine="compiled", **more):
    document = {**SMALL, "run": {"precision": wanted, "warm_up": "1d", "follow_up": "1d", **more}}
    return sim.run(sim.loads(document), seed=5, engine=engine)


def test_thirty_replications_are_the_least():
    assert precise({"service_level": 0.5}).replications == 30


def test_it_stops_at_the_first_batch_of_ten_that_is_precise(engine, widths):
    found = precise({"aht_s": f"{wish(widths):.6f}s"}, engine)
    assert found.replications == 50
    assert found.unmet == ()
    assert found.measures.loc["aht_s", "mean"] == widths["mean"]
    assert found.measures.loc["aht_s", "ci_high"] == pytest.approx(widths["mean"] + widths[50], rel=1e-12)


def test_all_wishes_must_be_met(widths):
    """One of them by 30 already, the other, a share of the mean, by 50."""
    relative = 100 * wish(widths) / widths["mean"]
    assert precise({"service_level": 0.5, "aht_s": f"{relative:.8f}%"}).replications == 50


def test_a_wish_out_of_reach_ends_at_the_most_and_is_named(engine):
    found = precise({"service_level": 1e-6, "aht_s": "10h"}, engine, max_replications=43)
    assert found.replications == 43
    assert found.unmet == ("service_level",)


def test_all_that_is_unmet_is_named():
    found = precise({"service_level": 1e-6, "occupancy": 1e-6, "aht_s": "10h"}, max_replications=30)
    assert set(found.unmet) == {"service_level", "occupancy"}


def test_a_measure_without_a_value_is_not_waited_for():
    """Nobody is answered, so there is no handle time to be precise about."""
    nobody = {**SMALL, "agents": {"none": {"skills": ["order", "fault"], "staff": 0}}}
    scenario = sim.loads({**nobody, "run": {"precision": {"aht_s": "1s"}, "warm_up": "0d", "follow_up": "0d"}})
    found = sim.run(scenario, seed=5)
    assert np.isnan(found.measures.loc["aht_s", "mean"])
    assert (found.replications, found.unmet) == (30, ())


def test_a_comparison_names_what_is_unmet_where_it_is():
    run = {"warm_up": "0d", "follow_up": "0d"}
    one = sim.loads({**SMALL, "run": run | {"precision": {"aht_s": "0.001s"}, "max_replications": 30}})
    other = sim.loads({**SMALL, "name": "other", "run": run})
    found = sim.compare(one, other, seed=5).results
    assert [result.unmet for result in found.values()] == [("aht_s",), ()]


def test_replications_asked_for_override_the_precision(engine):
    document = {**SMALL, "run": {"precision": {"service_level": 1e-6}}}
    found = sim.run(sim.loads(document), seed=5, replications=3, engine=engine)
    assert (found.replications, found.unmet) == (3, ())


# Without the bot -----------------------------------------------------------------------------

CLOSED_BY_BOT = {
    "arrivals": {"per_day": 50},
    "intents": {"order": {"talk_time": "4m", "resolution": 0, "bot": {"resolves": 1}}},
    "agents": {"first": {"skills": ["order"], "staff": 2}},
    "customers": {"repeat": {"probability": 1, "delay": "0s"}},
    "run": {"replications": 2, "warm_up": "0d", "follow_up": "0d"},
}
"""The bot resolves what comes back to it in the end; agents alone never would."""


def test_a_scenario_that_is_refused_without_its_bot_is_compared_without_that_pair(caplog):
    head = {key: SMALL[key] for key in ("calendar",)}
    one, other = (sim.loads(head | CLOSED_BY_BOT | {"name": name, "bot": {}}) for name in ("one", "other"))
    found = sim.compare(one, other, sim.loads(SMALL), replications=2)
    assert "net_deflection_rate" not in found.results["one"].measures.index
    assert "net_deflection_rate" in found.results["small"].measures.index
    measured = set(found.differences["measure"])
    assert "offered" in measured
    assert "net_deflection_rate" not in measured, "the first scenario has none to compare with"
    assert [note.partition(":")[0] for note in found.notes] == ["one", "other"]
    why = "customers.repeat brings order back at once and for ever, never resolved"
    assert f"net_deflection_rate is left out, as the scenario is refused without its bot: {why}" in found.notes[0]
    assert caplog.messages == [f"note: {note}" for note in found.notes]


def test_precision_of_the_bots_measures_is_no_matter_of_the_pair_without_bot(caplog):
    """Two wishes that only the scenarios with bot can meet, and one that both have to."""
    wishes = {"containment_rate": 0.5, "aht_difficulty_s": "10h", "asa_s": "10h"}
    run = {"precision": wishes, "max_replications": 40, "warm_up": "0d", "follow_up": "0d"}
    plain = {**SMALL, "run": run} | dict.fromkeys(("frustration", "mistreatment", "fatigue", "pace"), "off")
    found = sim.compare(*(sim.loads(plain | {"name": name}) for name in ("one", "other")), seed=5)
    assert {result.replications for result in found.results.values()} == {30}
    assert "net_deflection_rate" in found.results["one"].measures.index
    assert found.notes == ()
    assert caplog.messages == []


def test_the_pair_without_bot_must_be_precise_too():
    """How many are offered varies more where no bot takes any."""
    run = {"precision": {"offered": 6}, "max_replications": 500, "warm_up": "0d", "follow_up": "0d"}
    one, other = (sim.loads({**SMALL, "name": name, "run": run}) for name in ("one", "other"))
    alone = sim.run(one, seed=5).replications
    assert sim.compare(one, other, seed=5).results["one"].replications > alone


def test_an_interrupt_waits_for_the_pieces_that_have_begun(monkeypatch):
    """A thread that is still in compiled code when the program ends would crash it."""
    monkeypatch.setattr(replicating, "ALONE_BELOW", 0)
    running, seen, piece = [], [], replicating._piece

    def slow(*job):
        running.append(job)
        time.sleep(0.2)
        running.remove(job)
        return piece(*job)

    def interrupt(done, whole):
        if done:
            seen.append(len(running))
            raise KeyboardInterrupt

    monkeypatch.setattr(replicating, "_piece", slow)
    monkeypatch.setattr(replicating, "_chunk", lambda study, options: 1)
    with pytest.raises(KeyboardInterrupt):
        sim.run(small(), replications=12, jobs=2, progress=interrupt)
    assert seen != [0]
    assert running == []
    time.sleep(0.3)
    assert running == []
