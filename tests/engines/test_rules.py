"""What the two engines share, and what users put into it: parts, functions of one's own, ends that have moved."""

import ast
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from sim import loads
from sim.engine import COMPILED, SIMPY, prepare, simulate
from sim.engine.records import FACTORS, Event
from sim.engine.simpy.floor import Floor
from sim.errors import CcsimError
from sim.mechanisms.declaration import Factor, Mechanism
from sim.scenario.extension import registered
from sim.schema.base import Section, param
from tests.engines.same import same, same_engines
from tests.study.small import small

ROOT = Path(__file__).resolve().parents[2] / "sim" / "engine"
ENGINES = (COMPILED, SIMPY)
MOST_ALIKE = 45
"""All of them are about lines, who takes whom and who is at work; what a contact comes to is written once."""
PARTS = [f"{factor}_us" for factor in FACTORS]
CENTRE = {
    "name": "two groups",
    "calendar": {"start": "2026-01-05", "days": 1, "hours": "08:00-12:00", "interval": "30m"},
    "arrivals": {"per_day": 300},
    "intents": {"call": {"talk_time": "5m", "resolution": 0.6}},
    "customers": {"patience": "2m", "repeat": {"probability": 0.9, "delay": "20m"}},
    "agents": {"old": {"skills": ["call"], "staff": 4}, "new": {"skills": ["call"], "staff": 4}},
    "workforce": {},
    "run": {"warm_up": "0d", "follow_up": "0d"},
}


def both(scenario, **options):
    """What both engines write, which is the same."""
    one, two = (simulate(scenario, seed=3, engine=engine, **options) for engine in ENGINES)
    same_engines(one, two)
    assert one.own_us.tobytes() == two.own_us.tobytes()
    return one


def names(room):
    """The functions that an engine defines."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / room).glob("*.py"))
    return {n.name for tree in trees for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)} - {"__init__"}


def test_few_things_are_written_twice():
    alike = names("simpy") & names("compiled")
    assert len(alike) <= MOST_ALIKE, sorted(alike)


@pytest.mark.parametrize("engine", ENGINES)
def test_whether_parts_are_written_down_changes_nothing_else(engine):
    scenario = small()
    told, untold = (prepare(scenario, parts=parts).replicate(3, 0, engine) for parts in (None, False))
    same(told, untold, but=PARTS)
    assert any(told.contacts[name].any() for name in PARTS)
    assert not any(untold.contacts[name].any() for name in PARTS)


@pytest.mark.parametrize("later_us", [1, 60_000_000])
def test_an_end_that_is_not_due_is_none(monkeypatch, later_us):
    """Another end is planned for every contact, at a moment at which what is in hand does not end."""
    scenario, answer = small(), Floor.answer

    def answer_and_end_again(floor, agent, need):
        answer(floor, agent, need)
        floor.clock.plan_for(agent.number, need, floor.clock.now + later_us, Event.HANDLE_END)

    plain = simulate(scenario, seed=3, engine=SIMPY)
    monkeypatch.setattr(Floor, "answer", answer_and_end_again)
    same(simulate(scenario, seed=3, engine=SIMPY), plain)


# Functions of one's own -------------------------------------------------------


class Drizzle(Section):
    """Weather that slows everybody down."""

    slows: float = param(0.1, "Talk x (1 + this)", source="assumption", grade="A")


class DrizzleParameters(NamedTuple):
    more: float = 0.0


def law(section, _numbers):
    return DrizzleParameters(section.slows)


def slower(parameters, person, contact, agent, seconds):
    return seconds * (1.0 + parameters.more * (1.0 + person.frustration + contact.fatigue))


def drizzle(place=75, **hooks):
    factor = Factor("drizzle", "bad weather", place, ("drizzle",), apply=slower)
    return Mechanism("drizzle", Drizzle, DrizzleParameters, law, parts=(factor,), **hooks)


def calmer(parameters, person, contact, seconds):
    return 1e6


def surer(parameters, person, contact, agent, logit):
    return logit + 100.0 * agent.speed


def test_patience_and_resolution_of_ones_own():
    with registered(drizzle()):
        plain = both(loads({**CENTRE, "drizzle": {}}))
    with registered(drizzle(patience=calmer, resolution=surer)):
        found = both(loads({**CENTRE, "drizzle": {}}))
    assert (plain.contacts["outcome"] == 2).any()
    assert not (found.contacts["outcome"] == 2).any()
    answered = found.contacts["outcome"] == 1
    assert found.contacts["resolved"][answered].all()
    assert not plain.contacts["resolved"].all()


def test_a_factor_before_that_of_tired_agents_is_refused():
    with registered(drizzle(place=15)), pytest.raises(CcsimError, match="Choose one above 20"):
        simulate(loads({**CENTRE, "drizzle": {}}))


def unlike(parameters, person, contact, agent, seconds):
    return open("never")


def test_what_cannot_be_compiled_is_told():
    bad = Mechanism("drizzle", Drizzle, DrizzleParameters, law, parts=(Factor("drizzle", "x", 75, (), apply=unlike),))
    with registered(bad), pytest.raises(CcsimError, match="drizzle, drizzle: cannot be compiled"):
        simulate(loads({**CENTRE, "drizzle": {}}))


def by_preference(preference, waited_us, idle_us, in_hand, tenure_s):
    return float(preference)


def youngest(preference, waited_us, idle_us, in_hand, tenure_s):
    return tenure_s


def busiest(preference, waited_us, idle_us, in_hand, tenure_s):
    return float(idle_us + waited_us)


def test_the_written_rule_as_a_function_is_the_written_rule():
    scenario = loads(CENTRE)
    same(both(scenario, routing=by_preference), both(scenario))


def test_a_rule_of_ones_own_says_who_takes_whom():
    """The first call of the day finds everybody idle, and goes to whoever is the newest."""
    found = both(loads(CENTRE), routing=youngest)
    first = found.contacts[np.argmin(found.contacts["arrival_us"])]
    assert first["agent"] == np.argmin(found.agents["tenure_s"])


def test_who_came_last_may_be_first():
    """With the longest wait last, the line is a stack."""
    scenario = loads({**CENTRE, "arrivals": {"per_day": 600}})
    plain, found = both(scenario), both(scenario, routing=busiest)
    waits = [(r.contacts["left_us"] - r.contacts["joined_us"])[r.contacts["outcome"] == 1] for r in (plain, found)]
    assert np.median(waits[1]) < np.median(waits[0])
