import io

import pytest
from rich.console import Console

from sim.cli import options
from sim.cli.options import ProgressLines


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test turns."""
    now = [0.0]
    monkeypatch.setattr(options.time, "monotonic", lambda: now[0])
    return now


def test_lines_tell_of_each_tenth_with_the_time_left(clock):
    told = io.StringIO()
    lines = ProgressLines(Console(file=told))
    for done in range(1, 41):
        clock[0] = 2.0 * done
        lines.report(done, 40)
    assert told.getvalue().splitlines() == [
        f"simulated {done} of 40, about {left // 60}:{left % 60:02d} left"
        for done, left in ((4 * k, 2 * (40 - 4 * k)) for k in range(1, 10))
    ]


def test_the_clock_starts_when_nothing_is_done(clock):
    """Compiling and loading come first, and are no measure of what is left."""
    told = io.StringIO()
    lines = ProgressLines(Console(file=told))
    clock[0] = 60.0
    lines.report(0, 10)
    clock[0] = 64.0
    lines.report(2, 10)
    assert told.getvalue() == "simulated 2 of 10, about 0:16 left\n"


def test_within_the_first_second_nothing_is_said(clock):
    told = io.StringIO()
    lines = ProgressLines(Console(file=told))
    clock[0] = 0.9
    lines.report(9, 10)
    assert told.getvalue() == ""


def test_off_a_terminal_progress_is_lines_on_stderr(clock, capsys):
    with options.progress() as report:
        clock[0] = 5.0
        report(1, 2)
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "simulated 1 of 2, about 0:05 left\n")


def test_on_a_terminal_there_is_a_bar_and_it_vanishes(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with options.progress() as report:
        report(1, 2)
    told = capsys.readouterr()
    assert told.out == ""
    assert "1/2" in told.err
    assert told.err.endswith("\x1b[2K")
