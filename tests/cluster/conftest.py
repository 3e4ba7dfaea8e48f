"""A real scheduler and real workers: processes of this machine."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORKER = ("dask_worker", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")


class Centre:
    """A scheduler and its workers."""

    def __init__(self, folder):
        self.folder, self.processes = folder, []
        self.begin("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        until = time.monotonic() + 60
        while not self._log().count("Scheduler at:"):
            assert time.monotonic() < until, self._log()
            time.sleep(0.05)
        self.address = self._log().split("Scheduler at:")[1].split()[0]

    def _log(self):
        return (self.folder / "0.log").read_text(encoding="utf-8")

    def begin(self, module, *arguments, path=ROOT):
        command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments]
        with (self.folder / f"{len(self.processes)}.log").open("w") as log:
            env = os.environ | {"PYTHONPATH": str(path)}
            process = subprocess.Popen(command, cwd=self.folder, env=env, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def worker(self, path=ROOT):
        """Start a worker and wait until the scheduler knows it."""
        before = self._log().count("Register worker")
        process = self.begin(*WORKER, self.address, path=path)
        until = time.monotonic() + 60
        while self._log().count("Register worker") == before:
            assert time.monotonic() < until, self._log()
            time.sleep(0.05)
        return process

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


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    """A scheduler and two workers."""
    made = Centre(tmp_path_factory.mktemp("cluster"))
    made.worker()
    made.worker()
    yield made
    made.end()
