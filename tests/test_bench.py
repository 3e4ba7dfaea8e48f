"""The benchmark runs, and compares like with like."""

from dataclasses import replace
from pathlib import Path

import pytest

import sim
from benchmarks import plain_simpy, race, simmer_day, verbs
from benchmarks.__main__ import BEGIN, END, write_into
from benchmarks.before import Player, older, table_of_before
from benchmarks.budget import QUICK
from benchmarks.curve import table_of_curve
from benchmarks.days import ROOT, day_of, day_text
from benchmarks.footprint import memory, start
from benchmarks.machine import machine
from benchmarks.retailer import compare_engines
from benchmarks.rooms import shares
from benchmarks.stages import compiled_parts, simpy_parts
from benchmarks.table import Table
from sim.engine import simulate

TINY = replace(
    QUICK,
    rounds=2,
    compiled_days=5,
    simpy_days=1,
    turns=1,
    contacts=3_000,
    sizes=(200, 400),
    before_days=1,
    before_weeks=1,
)


@pytest.fixture(scope="module")
def small() -> sim.Scenario:
    return day_of(400, 2)


def test_turns_of_both_engines_measure_the_same_and_the_right_day() -> None:
    turn = race._reference(1, 1)
    assert race.same_days(turn, 1, 1)
    assert not race.same_days(turn, 2, 1)
    assert turn.contacts == pytest.approx(7200, abs=4 * 7200**0.5)


def test_a_contestant_with_another_day_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = {race.CCSIM: [race._compiled(1, 30)], race.PLAIN: []}
    for agents, same in ((52, True), (46, False)):
        monkeypatch.setattr(plain_simpy, "AGENTS", agents)
        turns[race.PLAIN] = [race._by_day(plain_simpy.play_days)(1, 4)]
        assert race.agreement(turns, race.PLAIN)[0] == same


@pytest.mark.long
def test_plain_simpy_and_ciw_agree_with_ccsim() -> None:
    turns = race.race(replace(TINY, compiled_days=500, plain_days=20, ciw_days=10))
    for name, most in ((race.PLAIN, 0.004), (race.CIW, 0.006)):
        assert race.by_day(turns[name])[1] < most
        assert race.agreement(turns, name)[0]
    text = race.table_of_race(turns, TINY).text()
    assert text.count("agrees") == 3
    assert "DIFFERS" not in text


def test_the_curve_has_every_size() -> None:
    rows = table_of_curve(TINY).rows
    assert [row[0] for row in rows[:3]] == ["200", "400", "dearest against cheapest"]
    assert all(float(row[2]) > 0 for row in rows)


def test_engines_and_their_parts_have_costs(small: sim.Scenario) -> None:
    costs = compare_engines(small, 1, 2, 1)
    assert min(*costs.compiled, *costs.whole, *costs.simpy) > 0
    assert all(0 < cost < 1e5 for cost in simpy_parts([small], 1)[0])
    parts = compiled_parts(small, 20, 2)
    assert min(parts.draws, parts.counting) > 0
    assert 0.5 < sum(shares(small).values()) < 1


@pytest.mark.long
def test_processes_of_their_own_tell_memory_and_time() -> None:
    before, after = memory(1_000, 5, 2)
    assert 50 < before <= after < 1_000
    assert all(seconds > 0 for seconds in start(["--help"]))


def test_an_older_version_that_git_does_not_have_is_skipped() -> None:
    for made in (table_of_before, verbs.table_of_verbs):
        table = made(TINY, "0000000")
        assert table.rows == []
        assert table.notes == ["Skipped: git does not have commit 0000000 here."]


@pytest.mark.long
def test_a_process_of_its_own_simulates_what_it_is_told_to(tmp_path: Path) -> None:
    file = tmp_path / "a day.yaml"
    file.write_text(day_text(400, 2, 208), encoding="utf-8")
    player = Player(ROOT)
    seconds, contacts = player.play(file, 2, 3)
    assert seconds > 0
    assert contacts == sum(simulate(sim.load(file), replication=n).contacts.size for n in (3, 4))
    with pytest.raises(RuntimeError, match="has ended"):
        player.play(tmp_path / "no such file.yaml", 1, 0)
    player.close()


@pytest.mark.long
def test_the_older_version_is_found_and_simulates_the_same() -> None:
    with older("HEAD") as folder:
        if folder is None:
            pytest.skip("there is no repository here")
        assert (folder / "sim" / "__init__.py").exists()
        assert "OTHER DAYS" not in table_of_before(TINY, "HEAD").text()


def test_a_command_costs_what_it_takes_less_what_it_is_asked_without(monkeypatch: pytest.MonkeyPatch) -> None:
    costs = {("run", "--out"): {"old": (5.0, 9.0), "new": (3.0, 4.0)}, ("run",): {"old": (2.0, 3.0), "new": (1.0, 2.0)}}
    monkeypatch.setattr(verbs, "start", lambda words, home: costs[tuple(words)][home.name])
    homes = (Path("old"), Path("new"))
    whole, files = verbs.Asked("whole", 2, ("run", "--out")), verbs.Asked("files", 1, ("run", "--out"), ("run",))
    assert verbs._row(whole, *verbs._turns(whole, homes)) == (
        "whole",
        *("5.00", "3.00", "9.00", "4.00", "2.25"),
        *("1.80", "1.33"),
    )
    assert verbs._row(files, *verbs._turns(files, homes)) == ("files", "3.00", "2.00", "6.00", "2.00", "3.00", "", "")


def test_without_simmer_the_race_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simmer_day.subprocess, "run", _is_missing)
    assert not simmer_day.is_there()
    assert "simmer is left out" in race._race_note({race.CCSIM: []})
    assert "simmer" not in race._race_note({race.CCSIM: [], race.SIMMER: []})


def _is_missing(*_: object, **__: object) -> None:
    raise FileNotFoundError


def test_tables_for_terminal_and_page(tmp_path: Path) -> None:
    table = Table("A title", ("what", "cost"), [("engine", "1.0"), ("all", "10.5")], ["A note."])
    assert table.text().splitlines() == [
        "A title",
        "=======",
        "what    cost",
        "engine   1.0",
        "all     10.5",
        "A note.",
    ]
    assert table.markdown().splitlines()[2:5] == ["| what | cost |", "|---|--:|", "| engine | 1.0 |"]
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    write_into(page, "new")
    assert page.read_text(encoding="utf-8") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"


def test_the_machine_is_named_with_versions() -> None:
    text = " ".join(machine())
    assert "Python 3" in text
    assert "numba" in text
    assert "ciw" in text
