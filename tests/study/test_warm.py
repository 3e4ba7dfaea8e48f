"""What is compiled once: every mechanism, and a word about it that a program may show or not."""

import logging

import pytest

from sim import jit
from sim.engine import COMPILED, SIMPY, prepare
from sim.mechanisms import built_in
from sim.study import warm


def test_the_first_time_is_told_to_the_log_and_not_printed(monkeypatch, caplog, capsys):
    monkeypatch.setattr(warm, "is_warm", lambda engine: False)
    monkeypatch.setattr(warm, "mark_warm", lambda engine: None)
    monkeypatch.setattr(warm.LOGGER, "handlers", [])  # those that the command line may have set up before
    with caplog.at_level(logging.WARNING, "ccsim"):
        warm.warm_up.__wrapped__(COMPILED)
    assert [record.getMessage() for record in caplog.records if record.name == "ccsim"] == [
        "ccsim compiles its engine, once on this machine: half a minute or so."
    ]
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("by_phone", [True, False])
def test_every_mechanism_is_on_in_what_is_compiled(monkeypatch, by_phone, caplog):
    scenarios, noted = [], []
    monkeypatch.setattr(warm, "is_warm", lambda name: False)
    monkeypatch.setattr(warm, "mark_warm", noted.append)
    monkeypatch.setattr(warm, "prepare", lambda scenario: scenarios.append(scenario) or prepare(scenario))
    with caplog.at_level(logging.WARNING, "ccsim"):
        warm.warm_up.__wrapped__(COMPILED, by_phone)
    (scenario,) = scenarios
    assert [mechanism.name for mechanism in built_in() if getattr(scenario, mechanism.name) is None] == []
    assert prepare(scenario).model.by_phone == by_phone, "each has a loop of its own"
    assert (noted, "more than calls" in caplog.text) == (
        ["compiled" if by_phone else "compiled-channels"],
        not by_phone,
    )


def test_what_is_warm_is_not_warmed_up_again(monkeypatch):
    made = []
    monkeypatch.setattr(warm, "is_warm", lambda engine: engine == COMPILED)
    monkeypatch.setattr(warm, "prepare", lambda scenario: made.append(scenario) or prepare(scenario))
    warm.warm_up.__wrapped__(COMPILED)
    assert made == []
    warm.warm_up.__wrapped__(SIMPY)
    assert len(made) == 1


def test_each_engine_is_noted_for_this_version_of_the_source(monkeypatch, tmp_path):
    monkeypatch.setattr(jit, "cache_folder", lambda: tmp_path)
    jit.mark_warm(SIMPY)
    assert (jit.is_warm(SIMPY), jit.is_warm(COMPILED)) == (True, False)
    monkeypatch.setattr(jit, "source_hash", lambda: "another")
    assert not jit.is_warm(SIMPY)


def brought_for(monkeypatch, tmp_path, text):
    """A library that came with ccsim, made for what the text says."""
    (tmp_path / jit.MADE_FOR).write_text(text, encoding="utf-8")
    monkeypatch.setattr(jit, "LIBRARY", tmp_path)
    monkeypatch.setattr(jit, "cache_folder", lambda: tmp_path / "own")
    jit.brought.cache_clear()


def test_what_a_wheel_brings_is_used_where_it_was_made_for_this(monkeypatch, tmp_path):
    brought_for(monkeypatch, tmp_path, jit.kind() + "\n")
    assert (jit.brought(), jit.is_warm(COMPILED)) == (tmp_path, True)
    monkeypatch.setattr("sim.compiler.runs_here", lambda: False)
    jit.brought.cache_clear()
    assert (jit.brought(), jit.is_warm(COMPILED)) == (None, False), "the processor is too old"
    jit.brought.cache_clear()


def test_what_a_wheel_brings_for_something_else_is_not_used_and_that_is_said(monkeypatch, tmp_path, caplog):
    brought_for(monkeypatch, tmp_path, jit.kind().replace("cpython", "pypy"))
    assert (jit.brought(), jit.is_warm(COMPILED)) == (None, False)
    monkeypatch.setattr(warm, "mark_warm", lambda engine: None)
    with caplog.at_level(logging.WARNING, "ccsim"):
        warm.warm_up.__wrapped__(COMPILED)
    said = [record.getMessage() for record in caplog.records if record.name == "ccsim"]
    assert (
        said[0] == "The compiled code that came with ccsim is for another source, Python, numba or machine: not used."
    )
    assert len(said) == 2
    jit.brought.cache_clear()


def test_code_is_found_by_its_file_below_the_package_wherever_that_is():
    from sim.compiler import _Locator
    from sim.engine import plan

    assert _Locator.from_function(plan.lay_out.py_func, plan.__file__).place == "engine_plan"
