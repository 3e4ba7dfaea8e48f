"""Drawing in two processes: the same in the same order, nothing left behind, and one process where two are not safe."""

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sim.report import beside
from sim.report.beside import copies_allowed, meanwhile, side_by_side
from sim.report.comparison import charts

ROOT = Path(__file__).parents[2]
needs_two = pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="copies are made on Linux alone")


@pytest.fixture
def two(monkeypatch):
    """Two cores and no other thread, whatever machine and runner of tests this is."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    with copies_allowed():
        yield


PATIENCE_S = 60


def wait_for(folder, count):
    """Wait until so many files are there."""
    end = time.monotonic() + PATIENCE_S
    while len(list(folder.iterdir())) < count:
        assert time.monotonic() < end
        time.sleep(0.005)


def both_here(folder, task):
    """A task that is not done before two processes have taken one."""

    def waits():
        (folder / str(os.getpid())).touch()
        wait_for(folder, 2)
        return task()

    return waits


@needs_two
@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("count", [2, 9])
def test_two_processes_take_part_and_all_comes_in_order(tmp_path, count):
    done = side_by_side([both_here(tmp_path, lambda k=k: (k, os.getpid())) for k in range(count)])
    assert [k for k, _ in done] == list(range(count))
    (other,) = {pid for _, pid in done} - {os.getpid()}
    with pytest.raises(ProcessLookupError):
        os.kill(other, 0)


@needs_two
@pytest.mark.usefixtures("two")
def test_who_is_done_takes_the_next(tmp_path):
    def short(k):
        (tmp_path / str(k)).touch()
        return os.getpid()

    long = lambda: (wait_for(tmp_path, 4), os.getpid())[1]  # noqa: E731
    first, *others = side_by_side([long, *[lambda k=k: short(k) for k in range(4)]])
    (other,) = set(others)
    assert other != first


def test_one_process_does_it_where_no_copy_may_be_made(monkeypatch):
    tasks = [os.getpid] * 4
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("made a copy"), raising=False)
    assert set(side_by_side(tasks)) == {os.getpid()}, "nobody has allowed it"
    with copies_allowed():
        assert side_by_side(tasks[:1]) == [os.getpid()]
        resting = threading.Event()
        other = threading.Thread(target=resting.wait)
        other.start()
        try:
            assert set(side_by_side(tasks)) == {os.getpid()}, "another thread runs"
        finally:
            resting.set()
            other.join()


@needs_two
@pytest.mark.usefixtures("two")
def test_what_fails_beside_is_done_again_and_says_what_is_wrong(tmp_path):
    def refuses():
        raise ValueError("as it is")

    with pytest.raises(ValueError, match="as it is"):
        side_by_side([both_here(tmp_path, os.getpid), both_here(tmp_path, os.getpid), refuses, refuses])
    mine = os.getpid()
    dies = both_here(tmp_path, lambda: 2 if os.getpid() == mine else os._exit(3))
    assert side_by_side([dies] * 5) == [2] * 5


@needs_two
@pytest.mark.usefixtures("two")
def test_an_interrupt_leaves_no_copy_behind(monkeypatch):
    made, copied, mine = [], beside._copied, os.getpid()
    monkeypatch.setattr(beside, "_copied", lambda: made.append(copied()) or made[-1])

    def interrupted():
        if os.getpid() == mine:
            raise KeyboardInterrupt
        time.sleep(PATIENCE_S)

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        side_by_side([interrupted] * 3)
    assert time.monotonic() - began < PATIENCE_S / 2
    with pytest.raises(ProcessLookupError):
        os.kill(made[0], 0)


@needs_two
@pytest.mark.usefixtures("two")
def test_a_copy_that_ends_while_it_tells_and_one_that_nobody_makes_are_done_without(monkeypatch):
    mine = os.getpid()

    def cut_off(work, reading, writing):
        os.write(writing, pickle.dumps({0: "long" * 99})[:-9])
        os._exit(1)

    monkeypatch.setattr(beside, "_be_the_copy", cut_off)
    assert side_by_side([os.getpid] * 3) == [mine] * 3

    def none():
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", none)
    assert side_by_side([os.getpid] * 3) == [mine] * 3


@needs_two
@pytest.mark.usefixtures("two")
def test_it_works_where_processes_that_end_are_forgotten():
    mine = os.getpid()
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)

    def refuses():
        time.sleep(0.2 if os.getpid() == mine else 0.0)  # the copy has ended by then
        raise ValueError("as it is")

    try:
        assert side_by_side([lambda k=k: k for k in range(4)]) == list(range(4))
        with pytest.raises(ValueError, match="as it is"):
            side_by_side([refuses] * 2)
    finally:
        signal.signal(signal.SIGCHLD, before)


@needs_two
def test_a_copy_ends_when_it_is_left_alone(tmp_path):
    """It has more to tell than a pipe holds; the end of what both print comes when both have ended."""
    command = [sys.executable, "-c", LEFT_ALONE, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, timeout=PATIENCE_S, check=False)
    assert (done.returncode, len(list(tmp_path.iterdir()))) == (-signal.SIGKILL, 2)


LEFT_ALONE = """
import os, signal, sys, time
from pathlib import Path
from sim.report.beside import copies_allowed, side_by_side
os.sched_getaffinity, first, folder = (lambda _: {0, 1}), os.getpid(), Path(sys.argv[1])
def task():
    (folder / str(os.getpid())).touch()
    while len(list(folder.iterdir())) < 2:
        time.sleep(0.005)
    if os.getpid() == first:
        os.kill(first, signal.SIGKILL)
    return bytes(1 << 20)
with copies_allowed():
    side_by_side([task] * 2)
"""


@needs_two
@pytest.mark.usefixtures("two")
def test_what_goes_on_meanwhile_needs_both(tmp_path):
    task = both_here(tmp_path, lambda: (tmp_path / "done").write_text(str(os.getpid())))
    with meanwhile(task):
        both_here(tmp_path, os.getpid)()
    assert int((tmp_path / "done").read_text()) != os.getpid()


@needs_two
@pytest.mark.usefixtures("two")
def test_what_failed_meanwhile_is_done_afterwards_and_says_what_is_wrong():
    mine, done = os.getpid(), []

    def there():
        if os.getpid() == mine:
            raise ValueError("as it is")
        os._exit(3)

    with pytest.raises(ValueError, match="as it is"), meanwhile(there):
        done.append("the block")
    assert done == ["the block"]


@needs_two
@pytest.mark.usefixtures("two")
def test_who_is_interrupted_meanwhile_leaves_no_copy_behind(monkeypatch):
    made, copied = [], beside._copied
    monkeypatch.setattr(beside, "_copied", lambda: made.append(copied()) or made[-1])
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), meanwhile(lambda: time.sleep(PATIENCE_S)):
        raise KeyboardInterrupt
    assert time.monotonic() - began < PATIENCE_S / 2
    with pytest.raises(ProcessLookupError):
        os.kill(made[0], 0)


def test_it_is_done_afterwards_where_no_copy_may_be_made():
    done = []
    with meanwhile(lambda: done.append("task")):
        done.append("block")
    assert done == ["block", "task"]


@needs_two
@pytest.mark.usefixtures("two")
def test_charts_are_the_same_bytes(found, drawn):
    assert charts.draw(found) == drawn
