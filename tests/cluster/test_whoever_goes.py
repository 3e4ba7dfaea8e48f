"""Whoever goes, comes or may not come: nothing is lost, and what is said is one message."""

import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress

import distributed
import pytest

import sim
from sim.study import cluster as clusters
from sim.study import fingerprint as fingerprints
from sim.study import replicate as replicating
from tests.cluster.conftest import LONGEST_S, ROOT, Centre
from tests.study.small import small, tables

COUNT = 60
LONG_S = 3.0
"""How long a piece of work takes that is broken off (s)."""
CCSIM = [sys.executable, "-c", "from sim.cli.main import main; main()"]


# Whoever goes ------------------------------------------------------------------------------------


@pytest.mark.long
def test_a_worker_that_is_killed_loses_nothing(monkeypatch, centre):
    """It holds work when it goes; the two others do that too."""
    monkeypatch.setattr(replicating, "CHUNK_ELSEWHERE", 1)
    with sim.cluster(centre.address) as cluster:
        assert cluster.workers == 2
        before = set(cluster._client.nthreads())
    (third,), held = centre.workers(), []
    with sim.cluster(centre.address) as cluster:
        assert cluster.workers == 3
        (address,) = set(cluster._client.nthreads()) - before

        def kill(done, whole):
            client = cluster._client
            mine = [*client.processing()[address], *client.has_what()[address]] if done and not held else []
            if mine:
                held.extend(mine)
                third.send_signal(signal.SIGKILL)

        found = sim.run(small(), seed=3, replications=COUNT, progress=kill)
    assert third.wait(10) == -signal.SIGKILL
    assert held
    assert tables(found) == tables(sim.run(small(), seed=3, replications=COUNT, jobs=1))


def test_a_study_that_is_broken_off_leaves_no_work_behind(centre):
    with sim.cluster(centre.address) as cluster:
        left = cluster.results((k, (time.sleep, (LONG_S if k else 0.0,))) for k in range(20))
        next(left)
        at_work = lambda: any(cluster._client.processing().values())  # noqa: E731
        _await(at_work, LONG_S)
        left.close()
        _await(lambda: not at_work(), 0.7 * LONG_S)


def _await(holds, longest_s):
    until = time.monotonic() + longest_s
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.fixture(scope="module")
def whole(tmp_path_factory, sweep):
    """What a sweep writes on one machine."""
    out = tmp_path_factory.mktemp("whole") / "results"
    subprocess.run([*sweep, "--jobs", "1", "--out", str(out)], check=True, capture_output=True, cwd=ROOT)
    return contents(out)


@pytest.fixture(scope="module")
def sweep(tmp_path_factory, written):
    """The command of a sweep of some twenty points."""
    file = written(tmp_path_factory.mktemp("file"))
    points = "customers.patience=30s:230s:10s"
    return [*CCSIM, "sweep", str(file), "--set", points, "--replications", "150", "--measure", "sl_offered"]


def contents(out):
    return {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def begun(command, out, **how):
    """A sweep of which some points are kept."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **how)
    until = time.monotonic() + LONGEST_S
    while not [*out.parent.glob(f".{out.name}.*.sweep/0000[3-9].json")]:
        assert time.monotonic() < until
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    return process


def goes_on(command, out, whole):
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    assert "resuming: " in done.stderr
    assert contents(out) == whole


@pytest.mark.long
def test_an_interrupt_calls_off_what_is_pending_and_the_same_command_goes_on(centre, sweep, whole, tmp_path):
    out = tmp_path / "results"
    command = [*sweep, "--cluster", centre.address, "--out", str(out)]
    process = begun(command, out)
    process.send_signal(signal.SIGINT)
    printed, err = process.communicate(timeout=LONGEST_S)
    assert (process.returncode, printed) == (130, "")
    assert "the same command goes on from there" in err
    assert "Traceback" not in err
    with sim.cluster(centre.address) as cluster:
        assert cluster.workers == 2
        assert not [key for keys in cluster._client.processing().values() for key in keys]
    goes_on(command, out, whole)


@pytest.mark.long
def test_ctrl_c_reaches_local_workers_too_and_they_say_nothing(sweep, whole, tmp_path):
    """A terminal sends it to every process that a command has begun."""
    out = tmp_path / "results"
    command = [*sweep, "--cluster", "local:2", "--out", str(out)]
    process = begun(command, out, start_new_session=True)
    os.killpg(process.pid, signal.SIGINT)
    printed, err = process.communicate(timeout=LONGEST_S)
    assert (process.returncode, printed) == (130, "")
    assert "the same command goes on from there" in err
    assert "Traceback" not in err
    goes_on(command, out, whole)


@pytest.mark.long
def test_a_scheduler_that_is_killed_is_said_and_another_goes_on(empty, centre, sweep, whole, tmp_path):
    empty.workers()
    out = tmp_path / "results"
    process = begun([*sweep, "--cluster", empty.address, "--out", str(out)], out)
    empty.scheduler.kill()
    printed, err = process.communicate(timeout=LONGEST_S)
    assert (process.returncode, printed) == (2, "")
    said = [line for line in err.splitlines() if not line.startswith("simulated ")]
    assert len(said) == 2, err
    assert "points are kept in" in said[0]
    assert f"cluster: {empty.address}: the scheduler has gone. Start it again" in said[1]
    goes_on([*sweep, "--cluster", centre.address, "--out", str(out)], out, whole)


@pytest.mark.long
def test_a_scheduler_that_falls_silent_is_said(empty, monkeypatch):
    empty.workers()
    with sim.cluster(empty.address) as cluster:
        assert cluster.workers == 1
        for name, seconds in (("GONE_S", 1.0), ("LOOK_S", 0.3), ("ANSWER_S", 0.5)):
            monkeypatch.setattr(clusters, name, seconds)
        empty.scheduler.send_signal(signal.SIGSTOP)
        with pytest.raises(sim.ClusterError, match="the scheduler has said nothing for a while"):
            sim.run(small(), replications=2)
        empty.scheduler.send_signal(signal.SIGCONT)


@pytest.mark.long
def test_the_last_worker_may_go_for_good(empty, monkeypatch):
    (worker,) = empty.workers()
    with sim.cluster(empty.address):
        sim.run(small(), replications=2)
        monkeypatch.setattr(clusters, "GONE_S", 1.0)
        monkeypatch.setattr(clusters, "LOOK_S", 0.5)
        worker.kill()
        with pytest.raises(sim.ClusterError, match=r"its last worker has gone\. Start some: dask worker tcp"):
            sim.run(small(), replications=2)


# Whoever may not come ----------------------------------------------------------------------------


@pytest.mark.long
def test_workers_of_another_version_or_without_ccsim_are_refused(empty, ccsim, file, tmp_path):
    command = ("sweep", file, "--set", "customers.patience=1m,2m", "--cluster", empty.address)
    (bare,) = empty.workers(path=None)
    code, out, err = ccsim(*command)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "has no ccsim. Install the same ccsim" in err
    bare.kill()
    shutil.copytree(ROOT / "sim", tmp_path / "old" / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    changed = tmp_path / "old" / "sim" / "study" / "estimates.py"
    changed.write_text(changed.read_text(encoding="utf-8") + "# other\n", encoding="utf-8")
    empty.workers(path=tmp_path / "old")
    code, out, err = ccsim(*command)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "cluster: worker tcp://127.0.0.1:" in err
    assert "has source of ccsim " in err
    assert "Install the same ccsim" in err


@pytest.mark.long
def test_a_worker_without_ccsim_that_comes_later_is_refused(empty, monkeypatch):
    monkeypatch.setattr(replicating, "CHUNK_ELSEWHERE", 1)
    empty.workers()
    with sim.cluster(empty.address) as cluster:
        assert cluster.workers == 1
        empty.workers(path=None)
        with pytest.raises(sim.ClusterError, match=r"a worker has no ccsim\. Install the same"):
            sim.run(small(), replications=COUNT)


def test_a_worker_of_another_version_that_comes_later_is_refused(monkeypatch):
    packed = fingerprints.guarded_call(max, 1, 2)
    assert pickle.loads(packed) == 2
    theirs = fingerprints.fingerprint() | {"numpy": "1.0"}
    monkeypatch.setattr(fingerprints, "fingerprint", lambda: theirs)
    with pytest.raises(sim.ClusterError, match=r"a worker has numpy 1\.0 where here it is "):
        pickle.loads(packed)


def test_a_scheduler_of_another_version_and_a_worker_in_its_place_are_refused(centre, monkeypatch):
    with sim.cluster(centre.address) as cluster:
        (worker, _) = cluster._connected().nthreads()
    with pytest.raises(sim.ClusterError, match="is a Worker, not a scheduler"), sim.cluster(worker) as cluster:
        assert cluster.workers
    monkeypatch.setattr(distributed, "__version__", "1.0")
    with (
        pytest.raises(sim.ClusterError, match=r"the scheduler has distributed .* where here it is 1\.0"),
        sim.cluster(centre.address) as cluster,
    ):
        assert cluster.workers


@pytest.mark.long
def test_a_scheduler_without_workers_is_said(empty, monkeypatch):
    monkeypatch.setattr(clusters, "ANSWER_S", 0.5)
    with (
        pytest.raises(sim.ClusterError, match=r"has no workers\. Start some: dask worker tcp"),
        sim.cluster(empty.address),
    ):
        sim.run(small(), replications=2)


# Where nobody is ---------------------------------------------------------------------------------


def test_an_address_where_nothing_answers_is_said_within_five_seconds(monkeypatch, ccsim, file):
    """Three are for the address, two for a start on a busy machine; here it is given one."""
    assert clusters.ANSWER_S == 3.0
    monkeypatch.setattr(clusters, "ANSWER_S", 1.0)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        began = time.monotonic()
        code, out, err = ccsim("compare", file, file, "--cluster", address)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert f"cluster: {address}: no scheduler answers there" in err
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("says", [b"", b"x", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_nor_does_whoever_takes_a_call_and_is_no_scheduler(monkeypatch, says):
    monkeypatch.setattr(clusters, "ANSWER_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        threading.Thread(target=_greet, args=(server, says), daemon=True).start()
        began = time.monotonic()
        with pytest.raises(sim.ClusterError, match="no scheduler answers there"), sim.cluster(address) as cluster:
            assert cluster.workers
    assert time.monotonic() - began < 5


def _greet(server, says):
    """Take every call, say something and keep the line open."""
    held = []
    with suppress(OSError):
        while True:
            held.append(server.accept()[0])
            held[-1].sendall(says)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:99999", "tcp://no.such.host.invalid:8786"])
def test_nor_does_what_is_no_host_or_no_port(monkeypatch, address):
    monkeypatch.setattr(clusters, "ANSWER_S", 0.5)
    with pytest.raises(sim.ClusterError, match="no scheduler answers there"), sim.cluster(address) as cluster:
        assert cluster.workers


def test_nor_does_a_name_that_nobody_looks_up_in_time(monkeypatch):
    monkeypatch.setattr(clusters, "ANSWER_S", 0.3)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(2.0))
    began = time.monotonic()
    with pytest.raises(sim.ClusterError, match="no scheduler answers"), sim.cluster("tcp://far.away:1") as cluster:
        assert cluster.workers
    assert time.monotonic() - began < 1.5


# Certificates ------------------------------------------------------------------------------------


def test_tls_without_certificates_says_where_they_are_explained(ccsim, file):
    code, _, err = ccsim("compare", file, file, "--cluster", "tls://127.0.0.1:8786")
    assert (code, err.count("\n")) == (2, 1)
    assert "See docs/cluster.md, under Security, on certificates" in err


@pytest.mark.long
def test_with_certificates_work_goes_over_tls(tmp_path, file):
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    making = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*making, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    flags = ("--tls-ca-file", str(certificate), "--tls-cert", str(certificate), "--tls-key", str(key))
    mine = {"CA_FILE": certificate, "CLIENT__CERT": certificate, "CLIENT__KEY": key}
    env = os.environ | {f"DASK_DISTRIBUTED__COMM__TLS__{name}": str(path) for name, path in mine.items()}
    command = [*CCSIM, "run", str(file), "--replications", "4", "--json"]
    how = {"cwd": ROOT, "check": True, "capture_output": True}
    centre = Centre(tmp_path, "tls", *flags)
    try:
        centre.workers()
        assert centre.address.startswith("tls://")
        there = subprocess.run(
            [*command, "--cluster", centre.address], env=env, cwd=ROOT, check=True, capture_output=True
        )
    finally:
        centre.end()
    assert there.stdout == subprocess.run([*command, "--jobs", "1"], **how).stdout
