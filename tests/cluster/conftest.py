"""A real scheduler and real workers: processes of this machine."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.cli.conftest import ccsim
from tests.study.test_risk import BELIEFS, CENTRE

__all__ = ["ccsim"]
ROOT = Path(__file__).parents[2]
WITH_CCSIM = """
import sys
sys.path.insert(0, sys.argv.pop(1))
"""
WITHOUT_CCSIM = """
import os, sys
sys.path[:] = [place for place in sys.path if not os.path.exists(os.path.join(place or ".", "sim"))]
sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in str(finder)]
"""
SCHEDULER = WITHOUT_CCSIM + "from distributed.cli.dask_scheduler import main; main()"
WORKER = "from distributed.cli.dask_worker import main; main()"
LONGEST_S = 120
AT_MOST_S, AGAIN_S = 300, 10
"""How long a test may take (s), and how much longer what it waits for while it ends."""


@pytest.fixture(autouse=True)
def no_longer():
    """A test that waits for a cluster in vain fails: Dask itself may wait for ever."""

    def late(*_):
        pytest.fail(f"was not done after {AT_MOST_S} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, AT_MOST_S, AGAIN_S)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


class Centre:
    """A scheduler, on whose machine there is no ccsim, and its workers."""

    def __init__(self, folder, scheme="tcp", *security):
        self.folder, self.processes, self.security = folder, [], security
        how = ("--no-dashboard", "--host", f"{scheme}://127.0.0.1:0", *security)
        self.scheduler = self._begin(SCHEDULER, *how)
        self._await(lambda: "Scheduler at:" in self._log())
        self.address = self._log().split("Scheduler at:")[1].split()[0]

    def _log(self):
        return (self.folder / "0.log").read_text(encoding="utf-8")

    def _begin(self, program, *arguments):
        command = [sys.executable, "-c", program, *arguments]
        with (self.folder / f"{len(self.processes)}.log").open("w") as log:
            process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def _await(self, holds):
        until = time.monotonic() + LONGEST_S
        while not holds():
            assert time.monotonic() < until, self._log()
            time.sleep(0.02)

    def workers(self, count=1, path=ROOT):
        """Start workers, with the ccsim of a folder or without any, and wait until the scheduler knows them."""
        before = self._log().count("Register worker")
        program, own = (WITHOUT_CCSIM, ()) if path is None else (WITH_CCSIM, (str(path),))
        how = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1", *self.security)
        begun = [self._begin(program + WORKER, *own, self.address, *how) for _ in range(count)]
        self._await(lambda: self._log().count("Register worker") == before + count)
        return begun

    def end(self):
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@pytest.fixture
def empty(tmp_path):
    """A scheduler for whom nobody works yet."""
    (tmp_path / "logs").mkdir()
    centre = Centre(tmp_path / "logs")
    yield centre
    centre.end()


@pytest.fixture(scope="session")
def centre(tmp_path_factory):
    """A scheduler and two workers."""
    made = Centre(tmp_path_factory.mktemp("cluster"))
    made.workers(2)
    yield made
    made.end()


@pytest.fixture(scope="session")
def written():
    """Write a small centre with beliefs into a folder."""

    def write(folder):
        path = folder / "small.yaml"
        YAML().dump(CENTRE | {"beliefs": BELIEFS}, path)
        return path

    return write


@pytest.fixture
def file(tmp_path, written):
    """The file of that centre."""
    return written(tmp_path)
