"""Drawing in two processes: the same in the same order, nothing left behind, and one process where two are not safe."""

import os
import threading

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


def tasks(count, seen=None):
    return [lambda k=k: (k, os.getpid()) for k in range(count)]


@needs_two
@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("count", [2, 5])
def test_every_second_task_is_done_beside_and_all_come_in_order(count):
    done = side_by_side(tasks(count))
    assert [k for k, _ in done] == list(range(count))
    assert {pid == os.getpid() for _, pid in done[::2]} == {True}
    (other,) = {pid for _, pid in done[1::2]}
    assert other != os.getpid()
    with pytest.raises(ProcessLookupError):
        os.kill(other, 0)


def test_one_process_does_it_where_no_copy_may_be_made(monkeypatch):
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("made a copy"), raising=False)
    assert {pid for _, pid in side_by_side(tasks(4))} == {os.getpid()}, "nobody has allowed it"
    with copies_allowed():
        assert len(side_by_side(tasks(1))) == 1
        resting = threading.Event()
        other = threading.Thread(target=resting.wait)
        other.start()
        try:
            assert {pid for _, pid in side_by_side(tasks(4))} == {os.getpid()}, "another thread runs"
        finally:
            resting.set()
            other.join()


@needs_two
@pytest.mark.usefixtures("two")
def test_what_fails_beside_is_done_again_and_says_what_is_wrong():
    def refuses():
        raise ValueError("as it is")

    with pytest.raises(ValueError, match="as it is"):
        side_by_side([lambda: 1, refuses])
    mine = os.getpid()
    assert side_by_side([lambda: 1, lambda: 2 if os.getpid() == mine else os._exit(3)]) == [1, 2]


@needs_two
@pytest.mark.usefixtures("two")
def test_an_interrupt_leaves_no_copy_behind(monkeypatch):
    made, copied = [], beside._copied
    monkeypatch.setattr(beside, "_copied", lambda: made.append(copied()) or made[-1])

    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        side_by_side([interrupted, threading.Event().wait])
    with pytest.raises(ProcessLookupError):
        os.kill(made[0], 0)


@needs_two
@pytest.mark.usefixtures("two")
def test_charts_are_the_same_bytes(found, drawn):
    assert charts.draw(found) == drawn
