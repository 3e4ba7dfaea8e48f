"""Drawing in two processes: the same in the same order, nothing left behind, and one process where two are not safe."""

import os
import threading
import time

import pytest

from sim.report import beside
from sim.report.beside import copies_allowed, side_by_side
from sim.report.comparison import charts

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
def test_charts_are_the_same_bytes(found, drawn):
    assert charts.draw(found) == drawn
