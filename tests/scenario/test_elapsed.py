"""`chat: {elapsed, at}`: the time of a chat alone, from how long exports say that it was open beside others."""

import pytest

import sim
from sim.loading.explain import explain_scenario
from sim.loading.load import load, loads
from sim.mechanisms.chat import Chat, elapsed_factor, length_factor

from .texts import problems_of

WEB = """\
name: Web
calendar: {start: 2026-11-23, days: 1, hours: "08:00-12:00", interval: 30m}
arrivals: {per_day: 100}
intents:
  order: {share: 1, channel: chat, wrap_up: 30s, chat: {elapsed: 14m, at: 2.1}}
agents: {web: {skills: [order], concurrency: 3, staff: 6}}
run: {seed: 1, replications: 8}
"""


def spoiled(old, new):
    assert old in WEB
    return problems_of(WEB.replace(old, new))


def test_the_time_alone_is_elapsed_time_over_the_length_between_two_and_three_less_wrap_up():
    intent = loads(WEB).intents["order"]
    factor = 10 / 9 + 0.1 * (19 / 15 - 10 / 9)  # machine repair, A 30 s, B 60 s: x 1.1111 with two, x 1.2667 with three
    assert intent.talk_time.average == pytest.approx(840 / factor - 30, rel=1e-12)
    assert (intent.talk_time.kind, intent.talk_time.cv) == ("lognormal", 1.0), "the shape is that of an AHT"
    assert intent.chat == Chat(), "what was solved is said as talk time alone"


def test_shape_and_list_of_times_are_kept():
    text = WEB.replace("elapsed: 14m", "elapsed: {distribution: gamma, mean: 14m, cv: 0.5}, times: [8m, 10m, 12m]")
    intent = loads(text).intents["order"]
    assert (intent.talk_time.kind, intent.talk_time.cv) == ("gamma", 0.5)
    assert intent.talk_time.average == pytest.approx(840 / 1.275 - 30, rel=1e-12)


def test_whole_numbers_need_no_next_time():
    assert elapsed_factor(Chat(times=(8.0, 10.0)), 2.0) == 1.25
    assert elapsed_factor(Chat(), 1.0) == 1.0
    assert elapsed_factor(Chat(), 2.0) == length_factor(Chat(), 2)


def test_agents_who_are_always_full_measure_what_was_stated():
    text = WEB.replace("at: 2.1", "at: 3").replace("elapsed: 14m", "elapsed: {distribution: constant, value: 14m}")
    text = text.replace("per_day: 100", "per_day: 400").replace("wrap_up: 30s", "wrap_up: 0s")
    measures = sim.run(sim.loads(text)).measures
    assert measures["mean"]["concurrency_mean"] > 2.9
    assert measures["mean"]["elapsed_s"] == pytest.approx(840, rel=0.02)


@pytest.mark.parametrize(
    ("old", "new", "path", "words"),
    [
        ("wrap_up: 30s", "wrap_up: 30s, talk_time: 5m", "intents.order.chat.elapsed", "stands beside talk_time"),
        ("wrap_up: 30s", "wrap_up: 30s, aht: 5m", "intents.order.chat.elapsed", "stands beside aht"),
        ("at: 2.1", "at: 3.5", "intents.order.chat.at", "is above the highest concurrency of its agents, 3"),
        ("at: 2.1", "at: 0.9", "intents.order.chat.at", "must be at least 1"),
        ("at: 2.1", "at: 2m", "intents.order.chat.at", "is not"),
        (", at: 2.1", "", "intents.order.chat.elapsed", "stands without at"),
        ("elapsed: 14m, ", "", "intents.order.chat.at", "stands without elapsed"),
        ("wrap_up: 30s", "wrap_up: 13m", "intents.order.chat.elapsed", "not longer than the wrap-up of 780 s"),
        ("elapsed: 14m", "elapsed: 14", "intents.order.chat.elapsed", "a duration needs a unit"),
        ("channel: chat", "channel: phone", "intents.order.chat", "stands with channel phone"),
    ],
)
def test_what_contradicts_is_refused(old, new, path, words):
    found = [problem for problem in spoiled(old, new) if problem.path == path]
    assert len(found) == 1
    assert words in f"{found[0].message}. {found[0].fix}"
    assert found[0].line == 5
    assert found[0].fix


def test_a_child_says_it_in_either_way(tmp_path):
    (tmp_path / "base.yaml").write_text(WEB)

    def child(text):
        path = tmp_path / "child.yaml"
        path.write_text(f"extends: base.yaml\nintents: {{order: {{{text}}}}}\n")
        return load(path).intents["order"].talk_time.average

    solved = loads(WEB).intents["order"].talk_time.average
    assert child("resolution: 0.5") == solved
    assert child("talk_time: 5m") == 300
    assert child("aht: 5m30s") == 300
    assert child("chat: {at: 1}") == 810
    (tmp_path / "base.yaml").write_text(WEB.replace("chat: {elapsed: 14m, at: 2.1}", "talk_time: 5m"))
    assert child("chat: {elapsed: 14m, at: 2.1}") == solved


def test_settings_and_what_is_written_back_mean_the_same():
    scenario = loads(WEB)
    assert loads(WEB, ["intents.order.talk_time=5m"]).intents["order"].talk_time.average == 300
    assert loads(WEB, ["intents.order.chat.at=1"]).intents["order"].talk_time.average == 810
    written = scenario.resolved()["intents"]["order"]
    assert "elapsed" not in written["chat"]
    rows = {row.path: row for row in explain_scenario(scenario)}
    assert rows["intents.order.talk_time"].how == "given"
