"""Studies on a cluster: the same bytes, whoever goes and whoever comes; and what is said when it cannot be used."""

import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import sim
from sim.cli.main import main
from sim.study import cluster as clusters
from sim.study import replicate as replicating
from sim.study.replicate import RunOptions
from tests.cluster.conftest import ROOT
from tests.study.small import small, tables
from tests.study.test_risk import BELIEFS, CENTRE

COUNT = 14


@pytest.fixture
def ccsim(capsys):
    """Call a verb: its exit code and what it printed and told."""

    def call(*arguments):
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return left.value.code or 0, told.out, told.err

    return call


@pytest.fixture
def file(tmp_path):
    """A small centre with beliefs."""
    path = tmp_path / "small.yaml"
    YAML().dump(CENTRE | {"beliefs": BELIEFS}, path)
    return path


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
        ("sweep", ("--set", "customers.patience=1m:4m:1m", "--replications", "12")),
        ("targets", ("--staff", "90%,140%", "--replications", "12")),
        ("staff", ("--no-shifts", "--luck-only", "--replications", "30")),
        ("compare", ("OTHER", "--replications", "12")),
        ("bridge", ("OTHER", "--replications", "12")),
        ("risk", ("--plans", "90%,140%", "--draws", "20", "--period", "3d")),
    ],
)
def test_every_verb_prints_the_same_at_a_cluster(ccsim, centre, file, verb, arguments):
    other = file.with_name("other.yaml")
    other.write_text(f"extends: {file.name}\nname: Other\nagents: {{desk: {{staff: 6}}}}\n")
    given = [str(other) if argument == "OTHER" else argument for argument in arguments]
    alone = ccsim(verb, file, *given, "--json", "--jobs", "1")
    assert alone[0] in (0, 1)
    assert ccsim(verb, file, *given, "--json", "--cluster", centre.address)[:2] == alone[:2]


# Whoever goes ------------------------------------------------------------------------------------


@pytest.mark.long
def test_a_worker_that_is_killed_loses_nothing(monkeypatch, centre):
    """It holds work when it goes; the two others do that too."""
    monkeypatch.setattr(replicating, "CHUNK_ELSEWHERE", 1)
    with sim.cluster(centre.address) as cluster:
        assert cluster.workers == 2
        before = set(cluster._client.nthreads())
    third, held, count = centre.worker(), [], 60
    with sim.cluster(centre.address) as cluster:
        assert cluster.workers == 3
        (address,) = set(cluster._client.nthreads()) - before

        def kill(done, whole):
            client = cluster._client
            mine = [*client.processing()[address], *client.has_what()[address]] if done and not held else []
            if mine:
                held.extend(mine)
                third.send_signal(signal.SIGKILL)

        found = sim.run(small(), seed=3, replications=count, progress=kill)
    assert third.wait(10) == -signal.SIGKILL
    assert held
    assert tables(found) == tables(sim.run(small(), seed=3, replications=count, jobs=1))


@pytest.mark.long
def test_an_interrupt_calls_off_what_is_pending_and_the_same_command_goes_on(centre, file, tmp_path):
    def folders(out):
        return [p for p in out.parent.iterdir() if p.is_dir() and p != out]

    def contents(out):
        return {p.relative_to(out): p.read_bytes() for p in out.rglob("*") if p.is_file()}

    arguments = ["sweep", str(file), "--set", "customers.patience=30s:290s:10s", "--replications", "200"]
    command = [sys.executable, "-c", "from sim.cli.main import main; main()", *arguments, "--measure", "sl_offered"]
    whole, out = tmp_path / "whole" / "results", tmp_path / "broken" / "results"
    subprocess.run([*command, "--jobs", "1", "--out", str(whole)], check=True, capture_output=True, cwd=ROOT)
    command += ["--cluster", centre.address, "--out", str(out)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 120
    while not (out.parent.exists() and [p for store in folders(out) for p in store.glob("0000[3-9].json")]):
        assert time.monotonic() < until
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    printed, err = process.communicate(timeout=60)
    assert (process.returncode, printed) == (130, "")
    assert "the same command goes on from there" in err
    assert "Traceback" not in err
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    assert "resuming: " in done.stderr
    assert contents(out) == contents(whole)


# Whoever may not come ----------------------------------------------------------------------------


@pytest.mark.long
def test_a_worker_of_another_version_is_refused(empty, ccsim, file, tmp_path):
    shutil.copytree(ROOT / "sim", tmp_path / "old" / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    changed = tmp_path / "old" / "sim" / "study" / "estimates.py"
    changed.write_text(changed.read_text(encoding="utf-8") + "# other\n", encoding="utf-8")
    empty.worker(tmp_path / "old")
    code, out, err = ccsim("sweep", file, "--set", "customers.patience=1m,2m", "--cluster", empty.address)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "cluster: worker tcp://127.0.0.1:" in err
    assert "has source of ccsim " in err
    assert "Install the same ccsim" in err


def test_a_worker_that_comes_later_is_looked_at_too():
    mine = clusters.fingerprint()
    assert clusters._called(mine, max, (1, 2)) == 2
    with pytest.raises(sim.ClusterError, match=r"a worker has numpy .* where here it is 1.0"):
        clusters._called(mine | {"numpy": "1.0"}, max, (1, 2))


@pytest.mark.long
def test_a_scheduler_without_workers_is_said(empty, monkeypatch):
    monkeypatch.setattr(clusters, "ANSWER_S", 0.5)
    with (
        pytest.raises(sim.ClusterError, match=r"has no workers\. Start some: dask worker tcp"),
        sim.cluster(empty.address),
    ):
        sim.run(small(), replications=2)


@pytest.mark.long
def test_the_last_worker_and_the_scheduler_may_go_for_good(empty, monkeypatch):
    monkeypatch.setattr(clusters, "GONE_S", 1.0)
    monkeypatch.setattr(clusters, "LOOK_S", 0.5)
    worker = empty.worker()
    with sim.cluster(empty.address):
        sim.run(small(), replications=2)
        worker.kill()
        with pytest.raises(sim.ClusterError, match="its last worker has gone"):
            sim.run(small(), replications=2)


def test_an_address_where_nothing_answers_is_said_at_once(ccsim, file):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        began = time.monotonic()
        code, out, err = ccsim("compare", file, file, "--cluster", address)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert f"cluster: {address}: no scheduler answers there" in err
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:99999", "tcp://no.such.host.invalid:8786", "tcp://127.0.0.1:PORT"]
)
def test_nor_does_what_is_no_host_no_port_or_no_scheduler(monkeypatch, address):
    monkeypatch.setattr(clusters, "ANSWER_S", 0.5)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = address.replace("PORT", str(silent.getsockname()[1]))
        with pytest.raises(sim.ClusterError, match="no scheduler answers there"), sim.cluster(address) as cluster:
            assert cluster.workers


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


@pytest.mark.long
def test_local_processes_end_with_the_block():
    with sim.cluster("local:2") as cluster:
        found = sim.run(small(), seed=3, replications=COUNT)
        assert cluster.workers == 2
        processes = [worker.process.process.pid for worker in cluster._local.workers.values()]
    assert tables(found) == tables(here())
    assert not [pid for pid in processes if Path(f"/proc/{pid}").exists()]
