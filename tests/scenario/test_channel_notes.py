"""What channels can never serve, or what has no effect, is said; a backlog counts against memory as contacts do."""

import pytest

from sim.errors import ScenarioError
from sim.loading import size
from tests.study.channels import desk

LATER = {"preference": 1, "overflow_after": "60s"}


def notes(changes):
    return [note for note in desk(changes).notes if "sat-sun" not in note]


def test_a_skill_that_every_group_takes_only_later_keeps_everybody_waiting():
    (note,) = [n for n in notes({"agents.back.skills": {"letters": LATER}}) if "at once" in n]
    assert note.startswith(
        "agents: no group takes letters at once, so that every contact waits 1m. Leave overflow_after"
    )
    helped = {"agents.back.skills": {"letters": {"preference": 1}, "help": LATER}}
    assert not [n for n in notes(helped) if "at once" in n]


def test_without_a_waiting_place_it_is_never_served():
    changes = {"agents.web.skills": {"shop": {"preference": 1}, "help": LATER}, "queues.help.limit": 0}
    (note,) = [n for n in notes(changes) if "at once" in n]
    assert "and with queues.help.limit: 0 none may wait: all are blocked" in note
    assert not [n for n in notes({"queues.help.limit": 0}) if "blocked" in n]


def test_who_takes_no_deferred_work_keeps_nobody_idle_for_it():
    said = [note for note in notes({"agents.web.keep_idle": 9}) if "keep_idle" in note]
    assert said == ["agents.web.keep_idle has no effect: the group takes no deferred work"]
    (said,) = [note for note in notes({"agents.back.keep_idle": 2}) if "keep_idle" in note]
    assert said.endswith("keeps as many idle as the group has, 2: it never begins deferred work")


def test_a_backlog_beyond_memory_is_refused(monkeypatch):
    monkeypatch.setattr(size, "most_attempts", lambda: 5_000)
    many = {"intents.letters.opening_backlog": {"count": 4_900, "age": "2d"}}
    with pytest.raises(ScenarioError) as refused:
        desk(many)
    (problem,) = refused.value.problems
    assert problem.path == "intents.letters.opening_backlog.count"
    assert "asks for 5,120 contacts a replication, more than the memory" in problem.message
    desk({"intents.letters.opening_backlog": {"count": 4_700, "age": "2d"}})
