"""Studies on a cluster: the same bytes as on one machine, and how one is asked for."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

import sim
from sim.study import cluster as clusters
from sim.study import replicate as replicating
from sim.study.replicate import RunOptions
from sim.study.workplace import working_at
from tests.cli.test_plan import CENTRE as AHEAD
from tests.study.small import small, tables

COUNT = 14


def here(**how):
    return sim.run(small(), seed=3, replications=COUNT, jobs=1, **how)


# The same bytes ---------------------------------------------------------------------------------


def test_two_workers_find_what_this_machine_finds(monkeypatch, centre):
    """In pieces of two or so; no piece is done here."""
    mine = tables(here())
    monkeypatch.setattr(replicating, "CHUNK_ELSEWHERE", 400)
    monkeypatch.setattr(replicating, "_piece", None)
    with sim.cluster(centre.address) as cluster:
        assert RunOptions(1).workers == cluster.workers == 2
        found = sim.run(small(), seed=3, replications=COUNT)
    assert tables(found) == mine
    assert RunOptions(1).workplace is None


@pytest.mark.long
@pytest.mark.parametrize("how", [{"contacts": True}, {"engine": "simpy"}])
def test_kept_contacts_and_the_other_engine_travel_too(centre, how):
    with sim.cluster(centre.address):
        found = sim.run(small(), seed=3, replications=COUNT, **how)
    mine = here(**how)
    assert tables(found) == tables(mine)
    assert found.contacts is None or found.contacts.equals(mine.contacts)


@pytest.mark.long
@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("run", ("--replications", "12")),
        ("sweep", ("--set", "customers.patience=1m:4m:1m", "--replications", "12")),
        ("targets", ("--staff", "90%,140%", "--replications", "12")),
        ("staff", ("--no-shifts", "--luck-only", "--replications", "30")),
        ("compare", ("OTHER", "--replications", "12")),
        ("bridge", ("OTHER", "--replications", "12")),
        ("decide", ("OTHER", "--replications", "10", "--luck-only")),
        ("risk", ("--plans", "90%,140%", "--draws", "20", "--period", "3d")),
        ("plan", ("--replications", "2")),
    ],
)
def test_every_verb_prints_the_same_at_a_cluster(ccsim, centre, file, verb, arguments):
    if verb == "plan":
        YAML().dump(AHEAD, file)
    other = file.with_name("other.yaml")
    other.write_text(f"extends: {file.name}\nname: Other\nagents: {{desk: {{staff: 6}}}}\n")
    given = [str(other) if argument == "OTHER" else argument for argument in arguments]
    alone = ccsim(verb, file, *given, "--json", "--jobs", "1")
    assert alone[0] in (0, 1)
    assert ccsim(verb, file, *given, "--json", "--cluster", centre.address)[:2] == alone[:2]


@pytest.mark.long
def test_what_a_pilot_is_worth_is_drawn_there_too(ccsim, centre, file):
    YAML().dump(AHEAD, file)
    plan = ("--design", file, "--weeks", "4", "--exposed", "10%", "--draws", "20")
    prices = ("--set", "costs.unresolved_need=15", "--set", "costs.abandoned=5")
    alone = ccsim("learn", *plan, *prices, "--json", "--jobs", "1")
    assert alone[0] == 0
    assert ccsim("learn", *plan, *prices, "--json", "--cluster", centre.address)[:2] == alone[:2]


# What is asked for -------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["10.0.0.5:8786", "tcp://host", "local:0", "local:257", "local", "http://x:1", ""])
def test_what_is_no_address_is_said(address):
    with pytest.raises(sim.ArgumentError, match=r"is no address of a cluster\. Write tcp://HOST:PORT"):
        sim.cluster(address)


def test_without_dask_it_says_what_to_install(monkeypatch, ccsim, file):
    monkeypatch.setattr(clusters, "find_spec", lambda name: None)
    code, _, err = ccsim("risk", file, "--cluster", "local:2")
    assert (code, err.count("\n")) == (2, 1)
    assert "pip install 'ccsim[cluster]'" in err


def test_jobs_are_of_this_machine(ccsim, file):
    code, _, err = ccsim("targets", file, "--cluster", "local:2", "--jobs", "2")
    assert code == 2
    assert "--jobs: 2: counts workers of this machine. Leave it out with --cluster" in err


def test_a_mechanism_of_ones_own_is_refused(monkeypatch):
    monkeypatch.setattr(clusters, "own_names", lambda: ("mine",))
    with pytest.raises(sim.ClusterError, match="mechanism mine is registered here alone"), sim.cluster("local:2"):
        sim.run(small(), replications=2)


def test_the_clock_of_a_grid_starts_when_somebody_is_at_work():
    """Else the first line of progress counts the start of the cluster as work."""
    said = []

    class Late:
        @property
        def workers(self):
            said.append("reached")
            return 1

        def results(self, calls):
            return ((key, function(*arguments)) for key, (function, arguments) in calls)

    with working_at(Late()):
        points = {"customers.patience": ["1m", "2m"]}
        sim.sweep(small(), points, replications=2, progress=lambda done, _: said.append(done))
    assert said[:2] == ["reached", 0]


@pytest.mark.long
def test_local_processes_end_with_the_block():
    with sim.cluster("local:2") as cluster:
        found = sim.run(small(), seed=3, replications=COUNT)
        assert cluster.workers == 2
        processes = [worker.process.process.pid for worker in cluster._local.workers.values()]
    assert tables(found) == tables(here())
    assert not [pid for pid in processes if Path(f"/proc/{pid}").exists()]
