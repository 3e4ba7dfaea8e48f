"""What is compiled once: every mechanism, and a word about it that a program may show or not."""

import logging

from sim.engine import prepare
from sim.mechanisms import built_in
from sim.study import warm


def test_the_first_time_is_told_to_the_log_and_not_printed(monkeypatch, caplog, capsys):
    monkeypatch.setattr(warm, "is_warm", lambda: False)
    monkeypatch.setattr(warm, "mark_warm", lambda: None)
    monkeypatch.setattr(warm.LOGGER, "handlers", [])  # those that the command line may have set up before
    with caplog.at_level(logging.WARNING, "ccsim"):
        warm.warm_up.__wrapped__()
    assert [record.getMessage() for record in caplog.records if record.name == "ccsim"] == [
        "ccsim compiles its engine, once on this machine: a minute or two."
    ]
    assert capsys.readouterr() == ("", "")


def test_every_mechanism_is_on_in_what_is_compiled(monkeypatch):
    scenarios = []
    monkeypatch.setattr(warm, "prepare", lambda scenario: scenarios.append(scenario) or prepare(scenario))
    warm.warm_up.__wrapped__()
    assert [mechanism.name for mechanism in built_in() if getattr(scenarios[0], mechanism.name) is None] == []
