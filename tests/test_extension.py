"""A mechanism of a user's own: declared here, and known everywhere, with no other file touched."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import sim
from sim.loading.explain import explain_scenario
from sim.loading.json_schema import json_schema

ROOT = Path(__file__).parent.parent
TEXT = """
name: a centre
calendar: {start: 2026-01-05, days: 1, hours: "08:00-12:00", interval: 30m}
arrivals: {per_day: 120}
intents: {a: {share: 1, talk_time: {distribution: lognormal, mean: 5m, cv: 1}, wrap_up: 30s}}
customers: {patience: 2m, redial: {probability: 0.5}}
agents: {all: {skills: [a], staff: 3}}
frustration: {}
fatigue: {}
run: {replications: 3}
"""
SLOW = TEXT + "drizzle: {slows: 20%, seconds: 7}\n"


class Drizzle(sim.Section):
    """Weather that slows everybody down."""

    slows: float = sim.param(0.1, "Talk x (1 + this)", source="assumption", grade="A", span="0-.3")
    seconds: float = sim.param(0.0, "Seconds added", source="assumption", grade="A")


class DrizzleParameters(NamedTuple):
    more: float = 0.0
    seconds: float = 0.0


def law(section, _numbers):
    return DrizzleParameters(section.slows if section.slows < 1 else section.slows / 100, section.seconds)


def slower(parameters, person, contact, agent, seconds):
    return seconds * (1.0 + parameters.more * (1.0 + person.frustration + contact.fatigue)) + parameters.seconds


def declared(**changes):
    factor = sim.Factor("drizzle", "bad weather", 75, ("drizzle",), colour="yellow", apply=slower)
    return sim.Mechanism(
        "drizzle", Drizzle, DrizzleParameters, law, **{"parts": (factor,), "neutral": {"slows": 0}} | changes
    )


PLUGIN = """
from typing import NamedTuple
import sim
class Drizzle(sim.Section):
    "Weather that slows everybody down."
    slows: float = sim.param(0.1, "Talk x (1 + this)", source="assumption", grade="A")
class DrizzleParameters(NamedTuple):
    more: float = 0.0
def law(section, numbers):
    return DrizzleParameters(section.slows)
def slower(parameters, person, contact, agent, seconds):
    return seconds * (1.0 + parameters.more)
MECHANISM = sim.Mechanism("drizzle", Drizzle, DrizzleParameters, law, parts=(
    sim.Factor("drizzle", "bad weather", 75, ("drizzle",), apply=slower),))
"""


@pytest.fixture
def drizzle():
    with sim.registered(declared()):
        yield


def numbers(text, **settings):
    return sim.loads(text.replace("20%", "0.2"), settings=settings)


@pytest.mark.usefixtures("drizzle")
def test_both_engines_play_it_to_the_same_bits_and_it_acts():
    slow = numbers(SLOW)
    one, two = (sim.simulate(slow, seed=3, engine=engine) for engine in ("compiled", "simpy"))
    for name in ("contacts", "own_us", "segments", "duties", "needs"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes(), name
    answered = one.contacts["outcome"] == 1
    mine = one.own_us[answered]
    assert mine[:, 0].min() >= 7_000_000
    assert not mine[:, 1:].any()
    factors = sum(one.contacts[f"{name}_us"] for name in FACTORS)[answered]
    assert np.array_equal(
        one.contacts["base_us"][answered] + factors + mine[:, 0], one.contacts["natural_talk_us"][answered]
    )
    assert not one.own_us[~answered].any()


FACTORS = ("frustration", "fatigue", "tenure", "redundancy", "speed", "assistant", "context", "screens")


@pytest.mark.usefixtures("drizzle")
def test_its_first_contact_by_hand():
    """120 s, fresh and rested: x (1 + .2 (1 + .15)) + 7."""
    text = SLOW.replace("{distribution: lognormal, mean: 5m, cv: 1}", "{distribution: constant, value: 120s}")
    first = sim.simulate(numbers(text), seed=1)
    at = np.flatnonzero(first.contacts["outcome"] == 1)[0]
    assert first.contacts["fatigue"][at] == 0.0
    assert first.own_us[at, 0] == round(1e6 * (120 * 0.2 * 1.15 + 7))


@pytest.mark.usefixtures("drizzle")
@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_neutral_is_absent(engine):
    off, neutral = numbers(TEXT), numbers(SLOW, **{"drizzle.slows": 0, "drizzle.seconds": 0})
    one, two = (sim.simulate(scenario, seed=2, engine=engine) for scenario in (off, neutral))
    for name in ("contacts", "segments", "duties", "needs"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes(), name
    assert one.own_us.shape == (0, 0)
    assert not two.own_us.any()


@pytest.mark.usefixtures("drizzle")
def test_explain_and_the_schema_know_its_keys():
    shown = {p.path: p for p in explain_scenario(numbers(SLOW))}
    assert (shown["drizzle.slows"].value, shown["drizzle.slows"].grade) == (0.2, "A")
    schema = json_schema()
    assert "drizzle" in schema["properties"]
    assert set(schema["$defs"]["Drizzle"]["properties"]) == {"slows", "seconds"}
    assert "aht_drizzle_s" in json.dumps(schema["$defs"]["Run"]["properties"]["precision"])


@pytest.mark.usefixtures("drizzle")
def test_it_stands_in_what_handle_time_is_made_of():
    result = sim.run(numbers(SLOW))
    parts = [name for name in result.measures.index if name.startswith("aht_") and name != "aht_s"]
    assert "aht_drizzle_s" in parts
    assert result.measures.loc["aht_drizzle_s", "mean"] > 7
    assert result.measures.loc[parts, "mean"].sum() == pytest.approx(result.measures.loc["aht_s", "mean"], rel=1e-12)
    by_intent = result.by_intent.set_index("measure")["mean"]
    assert by_intent["aht_drizzle_s"] == pytest.approx(result.measures.loc["aht_drizzle_s", "mean"], rel=1e-12)


@pytest.mark.usefixtures("drizzle")
def test_a_file_that_is_wrong_is_told_so():
    with pytest.raises(sim.ScenarioError, match=r"drizzle\.slow: is not a key. Did you mean slows"):
        sim.loads(TEXT + "drizzle: {slow: 1}\n")
    with pytest.raises(sim.ScenarioError, match=r"drizzle\.slows"):
        sim.loads(TEXT + "drizzle: {slows: much}\n")


def test_without_it_the_section_is_unknown():
    with sim.registered(declared()):
        numbers(SLOW)
    with pytest.raises(sim.ScenarioError, match="drizzle: is not a key"):
        sim.loads(SLOW)


@pytest.mark.parametrize(
    ("mechanism", "words"),
    [
        (lambda: "drizzle", "is no Mechanism"),
        (lambda: declared(parts=()).__class__("bot", Drizzle, DrizzleParameters, law), "'bot' is taken"),
        (lambda: sim.Mechanism("two words", Drizzle, DrizzleParameters, law), "no name for a section"),
        (lambda: sim.Mechanism("drizzle", dict, DrizzleParameters, law), "no subclass of sim.Section"),
        (lambda: sim.Mechanism("drizzle", Drizzle, NamedTuple("P", [("x", str)]), law), "is no number"),
        (lambda: sim.Mechanism("drizzle", Drizzle, NamedTuple("P", [("x", float)]), law), "have no defaults"),
        (lambda: declared(parts=(sim.Factor("screens", "x", 1, apply=slower),)), "a part called 'screens' already"),
        (lambda: declared(parts=(sim.Factor("drizzle", "x", 1),)), "with apply="),
    ],
)
def test_what_cannot_work_is_refused(mechanism, words):
    with pytest.raises(sim.CcsimError, match=words):
        sim.register(mechanism())
    with pytest.raises(sim.ScenarioError, match="drizzle: is not a key"):
        sim.loads(SLOW)


@pytest.mark.parametrize("apply", [lambda p, a, b, c, s: s - 1e4, lambda p, a, b, c, s: s / 0.0 * 0.0])
@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_a_talk_that_cannot_be_is_refused(apply, engine):
    factor = sim.Factor("drizzle", "bad weather", 75, ("drizzle",), apply=apply)
    with sim.registered(declared(parts=(factor,))), pytest.raises(sim.CcsimError, match="own_talk: a function of your"):
        sim.simulate(numbers(SLOW), seed=1, engine=engine)


@pytest.mark.parametrize(
    ("apply", "words"),
    [
        (lambda p, a, b, c, s: s + nothing_of_that_name, "cannot be compiled: .*nothing_of_that_name"),  # noqa: F821
        (lambda p, a, s: s, "cannot be compiled"),
        (lambda p, a, b, c, s: "much", "cannot be compiled"),
    ],
)
def test_a_function_that_cannot_be_compiled_is_refused(apply, words):
    factor = sim.Factor("drizzle", "bad weather", 75, ("drizzle",), apply=apply)
    with sim.registered(declared(parts=(factor,))), pytest.raises(sim.CcsimError, match=words):
        sim.simulate(numbers(SLOW), seed=1)


def test_a_law_that_gives_no_numbers_is_refused():
    for given in (7, DrizzleParameters(float("nan")), DrizzleParameters("a")):
        odd = sim.Mechanism("drizzle", Drizzle, DrizzleParameters, lambda section, _, given=given: given)
        with sim.registered(odd), pytest.raises(sim.CcsimError, match="its law gives"):
            sim.simulate(numbers(SLOW), seed=1)


def test_only_what_was_registered_can_be_taken_out():
    for name in ("bot", "nothing"):
        with pytest.raises(sim.CcsimError, match="no mechanism of your own"):
            sim.unregister(name)
    assert sim.loads(TEXT).bot is None


# The command line ---------------------------------------------------------------------


def ccsim(*arguments, folder):
    command = [sys.executable, "-c", "from sim.cli.main import main; main()", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_plugin_from_the_command_line(tmp_path):
    (tmp_path / "mine.py").write_text(PLUGIN)
    (tmp_path / "slow.yaml").write_text(TEXT + "drizzle: {slows: 0.3}\n")
    run = ccsim("run", "slow.yaml", "--plugin", "mine.py", "--json", folder=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "aht_drizzle_s" in run.stdout
    assert ccsim("--plugin=mine.py", "validate", "slow.yaml", folder=tmp_path).returncode == 0
    without = ccsim("run", "slow.yaml", folder=tmp_path)
    assert without.returncode == 2
    assert "drizzle: is not a key" in without.stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, r"missing.py: is no Python file"),
        ("x = 1\n", "declares no mechanism"),
        ("import sys\nsys.exit(0)\n", r"missing.py:2: SystemExit"),
        ("x = 1\nx.y\n", r"missing.py:2: AttributeError"),
        ("def (\n", r"missing.py:1: SyntaxError"),
    ],
)
def test_a_plugin_that_is_none(tmp_path, text, words):
    if text is not None:
        (tmp_path / "missing.py").write_text(text)
    (tmp_path / "a.yaml").write_text(TEXT)
    run = ccsim("validate", "a.yaml", "--plugin", "missing.py", folder=tmp_path)
    assert run.returncode == 2
    assert re.search(words, run.stderr), run.stderr
    assert "Traceback" not in run.stderr


# A distribution of one's own; the page ---------------------------------------------------


def test_a_sample_takes_the_place_of_a_time():
    sample = np.array([300.0, 60.0, 0.0, 60.0])
    scenario = sim.changed(sim.loads(TEXT), {"intents.a.talk_time": sim.Empirical(sample)})
    assert scenario.intents["a"].talk_time.average == 105.0
    stated = set(np.unique(sim.simulate(scenario, seed=1).contacts["base_us"]).tolist())
    assert stated <= {0, 60_000_000, 300_000_000}
    assert len(stated) == 3


@pytest.mark.parametrize("values", [[], [0, 0], [1, -1], ["much"], 3, [float("nan")], [float("inf")]])
def test_what_is_no_sample_is_refused(values):
    with pytest.raises(sim.CcsimError, match="Empirical"):
        sim.Empirical(values)


def test_the_page_runs(capsys):
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "extending.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) >= 5
    there = {}
    try:
        for block in blocks:
            exec(compile(block, "extending.md", "exec"), there)
    finally:
        if "slow_system" in sim.Scenario.model_fields:
            sim.unregister("slow_system")
    added = float(capsys.readouterr().out.split()[0])
    assert 30.0 <= added < 45.0
