"""`ccsim learn` from files: what it reads, writes and refuses."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.cli.main import main
from sim.errors import CcsimError, OutputError
from sim.learning.narrower import Chances
from sim.learning.read import LearnOptions, read_logs
from sim.learning.result import BY_SELECTIVITY, Learned, LearnResult
from sim.learning.scenario_text import scenario_text
from sim.loading.measured import measured_in
from sim.report.learn.answer import answer
from sim.report.learn.tables import reasons
from sim.study.risk.resampling import Estimated
from tests.learn.worlds import Logs, World, logs_of, written

WORLD = World(contacts=12_000)
BASE = """
schema_version: 1
name: base
calendar: {start: 2026-11-23, days: 5, hours: "08:00-20:00"}
arrivals: {per_day: 500}
intents:
  intent0: {share: 0.25, talk_time: 5m, bot: {containment: 0.4}}
  intent1: {share: 0.25, talk_time: 5m, bot: {resolves: 0.3}}
  intent2: {share: 0.25, talk_time: 5m}
  intent3: {share: 0.25, talk_time: 5m}
agents: {all: {skills: [intent0, intent1, intent2, intent3], staff: 10}}
bot: {}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("learn")
    written(logs_of(WORLD, 2), place)
    (place / "base.yaml").write_text(BASE, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def result(folder: Path) -> LearnResult:
    return sim.learn(folder / "after.csv", folder / "before.csv", folder / "bot.csv", sim.load(folder / "base.yaml"))


def test_files_tell_what_the_rows_tell(result: LearnResult) -> None:
    product = result.of("intents.intent0.difficulty_weight x bot.selectivity")
    assert product.low < 0.42 < product.high
    assert result.source == "your pilot, 28 September to 25 October 2026"
    assert result.shifts["way"].tolist() == ["chosen", "asked for a human"] * 2


def test_what_has_no_place_in_the_scenario_is_said(folder: Path, result: LearnResult) -> None:
    other = sim.loads(BASE.replace("intent1", "other"))
    told = sim.learn(folder / "after.csv", folder / "before.csv", folder / "bot.csv", other)
    assert any('the scenario has no intent "intent1" of the bot' in note for note in told.notes)
    assert not any("has no intent" in note for note in result.notes)


def test_columns_that_are_not_needed_are_not_read(result: LearnResult) -> None:
    assert any("not read: name of customer" in line for line in result.understood)
    assert not any("Lovelace" in line for line in (*result.understood, *result.notes))


def test_customers_join_contacts_to_sessions(tmp_path: Path) -> None:
    logs = logs_of(WORLD, 2)
    before, after, bot = written(logs, tmp_path, customers=True)
    joined = sim.learn(after, before, bot)
    ways = joined.shifts.set_index(["intent", "way"])["contacts"]
    route = logs.contacts.route[(logs.contacts.intent == 0) & (logs.contacts.talk_s <= 3600)]
    assert ways["intent0", "asked for a human"] == (route == 1).sum()
    assert ways["intent0", "chosen"] == (route == 2).sum()


def test_the_command_writes_a_scenario_that_holds_what_was_learned(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    out = Path("learned.yaml")
    logs = ("--before", "before.csv", "--after", "after.csv", "--bot", "bot.csv", "--scenario", "base.yaml")
    assert left_with(*logs, "--out", str(out), "--json") == 0
    document = json.loads(capsys.readouterr().out)
    numbers = {number["key"]: number for number in document["numbers"]}
    text, learned = out.read_text(encoding="utf-8"), sim.load(out)
    assert "your pilot, 28 September to 25 October 2026; grade M" in text
    contained = numbers["intents.intent0.bot.containment"]["value"]
    assert learned.intents["intent0"].bot.containment == pytest.approx(contained, abs=1e-3)
    false, asked = (numbers[key]["value"] for key in ("intents.intent1.bot.false_share", "bot.opt_out"))
    capable = numbers["intents.intent1.bot.containment"]["value"] * (1 - false) / (1 - asked)
    assert learned.intents["intent1"].bot.resolves == pytest.approx(capable, abs=1e-3)
    assert learned.beliefs is not None
    assert learned.beliefs.of["intents.intent0.bot.containment"].mean == pytest.approx(contained, abs=1e-3)
    assert (out.with_suffix("") / "report.html").exists()
    assert_explained(out, document["assumed"], capsys)
    assert left_with(*logs, "--out", "base.yaml") == 2
    assert "did not write" in capsys.readouterr().err


def assert_explained(learned: Path, assumed: dict[str, int], capsys: pytest.CaptureFixture[str]) -> None:
    """See that `explain` counts what is measured as `learn` did, also in a file that builds on what was learned."""
    source = "your pilot, 28 September to 25 October 2026"
    learned.with_name("more.yaml").write_text(f"schema_version: 1\nname: more\nextends: {learned}\n", encoding="utf-8")
    for file, count in ((learned.name, assumed["measured"]), ("more.yaml", assumed["measured"]), ("base.yaml", 0)):
        assert left_with(file, "--json", verb="explain") == 0
        told = json.loads(capsys.readouterr().out)
        assert told["assumed"] == {"numbers": assumed["numbers"], "measured": count}
        parameters = {parameter["path"]: parameter["measured"] for parameter in told["parameters"]}
        assert parameters["bot.opt_out"] == (source if count else None)
        assert parameters["arrivals.per_day"] is None
    assert 0 < assumed["measured"] < assumed["numbers"]
    assert left_with(learned.name, verb="explain") == 0
    words = f"{assumed['measured']} of {assumed['numbers']} weak or assumed numbers are measured now: {source}"
    assert words in " ".join(capsys.readouterr().out.split())


def left_with(*flags: str, verb: str = "learn") -> int:
    """The exit code of a command."""
    with pytest.raises(SystemExit) as leaving:
        main([verb, *flags])
    return int(leaving.value.code or 0)


def test_estimates_that_luck_put_beyond_what_can_be_are_written_as_what_can(folder: Path, result: LearnResult) -> None:
    odd = {
        "bot.lost_context_time": Learned("bot.lost_context_time", -3.0, -14.0, 8.0, 5.6, "measured", "luck"),
        "bot.context_kept": Learned("bot.context_kept", 1.004, 0.97, 1.04, 0.02, "measured", "luck"),
        "bot.selectivity": Learned("bot.selectivity", -0.05, -0.3, 0.2, 0.13, "measured", "luck"),
    }
    numbers = [*(number for number in result.numbers if number.key not in odd), *odd.values()]
    place = folder / "odd.yaml"
    place.write_text(scenario_text(replace(result, numbers=tuple(numbers)), "base.yaml", "odd"), encoding="utf-8")
    scenario = sim.load(place)
    assert scenario.bot is not None
    assert scenario.bot.lost_context_time == 1.0
    assert scenario.bot.context_kept == 1.0
    assert scenario.bot.selectivity == -0.05
    assert scenario.beliefs is not None
    assert scenario.beliefs.of["bot.lost_context_time"].ends == (1.0, pytest.approx(14.0, abs=1.0))


def test_intents_whose_names_have_spaces_are_written_too(folder: Path) -> None:
    base = BASE.replace("intent0", '"card # lost"')
    (folder / "spaced.yaml").write_text(base, encoding="utf-8")
    key = "intents.card # lost.bot.containment"
    number = Learned(key, 0.37, 0.35, 0.39, 0.01, "measured", "sessions")
    product = Learned(f"intents.card # lost.difficulty_weight{BY_SELECTIVITY}", 0.4, 0.3, 0.5, 0.05, "measured", "talk")
    apart = Learned("bot.selectivity", 0.7, 0.35, 1.0, math.nan, "product_only", "")
    empty = pd.DataFrame()
    numbers = (number, product, apart)
    result = LearnResult(numbers, "your pilot", "arm", empty, empty, (), (1, 1), (), sim.load(folder / "spaced.yaml"))
    assert [one.in_scenario for one in numbers] == [True, False, True]
    place = folder / "spaced learned.yaml"
    place.write_text(scenario_text(result, "spaced.yaml", "spaced"), encoding="utf-8")
    scenario = sim.load(place)
    bot = scenario.intents["card # lost"].bot
    assert bot is not None
    assert bot.containment == 0.37
    assert scenario.beliefs is not None
    assert scenario.beliefs.of[key].mean == 0.37
    assert "intents.card # lost.difficulty_weight" in scenario.beliefs.correlation[0].between
    assert key in measured_in(scenario)
    assert "intents.card # lost.difficulty_weight" not in measured_in(scenario)


def test_a_product_alone_is_written_with_its_ridge(folder: Path, result: LearnResult) -> None:
    numbers = [n for n in result.numbers if " " in n.key]
    for number in result.numbers:
        if number.key.endswith(("selectivity", "difficulty_weight")):
            prior = {"value": 0.7, "low": number.prior_low, "high": number.prior_high}
            numbers.append(replace(number, known="product_only", **prior))
    place = folder / "ridge.yaml"
    place.write_text(scenario_text(replace(result, numbers=tuple(numbers)), "base.yaml", "ridge"), encoding="utf-8")
    scenario = sim.load(place)
    weight = scenario.intents["intent0"].difficulty_weight
    product = result.of("intents.intent0.difficulty_weight x bot.selectivity").value
    assert weight == pytest.approx(product * 1.615, abs=0.06)  # E[1 / selectivity] over 0.35 to 1
    assert scenario.beliefs is not None
    rho = {c.between: c.rho for c in scenario.beliefs.correlation}
    assert rho["bot.selectivity", "intents.intent0.difficulty_weight"] < -0.7


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ((), "--after: names no log"),
        (("--after", "after.csv"), "no contact of a control arm"),
        (("--after", "before.csv", "--before", "after.csv"), "two periods that do not overlap"),
        (("--after", "after.csv", "--before", "before.csv"), "Say --bot EXPORT, or --scenario FILE"),
        (("--after", "after.csv", "--before", "before.csv", "--bot", "none.csv"), "does not exist"),
        (("--after", "after.csv", "--before", "before.csv", "--bot", "after.csv"), "--bot-outcome WORD="),
        (("--after", "bot.csv", "--before", "before.csv"), "Export all files with the same columns"),
        (("--after", "after.csv", "--before", "before.csv", "--map-bot", "type=intent"), "Add --bot EXPORT"),
        (("--after", "after.csv", "--before", "before.csv", "--bot-outcome", "x=left"), "Add --bot EXPORT"),
        (("--after", "after.csv", "--before", "before.csv", "--set", "bot.opt_out=0.3"), "Add --scenario FILE"),
        (("--after", "after.csv", "--out", "x.yaml"), "Add --scenario FILE"),
        (("--after", "after.csv", "--weeks", "4"), "--weeks: 4: is about a pilot to be run"),
        (("--exposed", "20%"), "Add --design FILE"),
        (("--after", "after.csv", "--arm", "x=maybe"), "Write control or pilot"),
        (("--after", "after.csv", "--before", "before.csv", "--map", "arm=nowhere"), "has no such column"),
        (
            ("--after", "after.csv", "--before", "before.csv", "--bot", "bot.csv", "--map-bot", "x=intent"),
            "is no field",
        ),
    ],
)
def test_bad_input_gets_one_message(
    folder: Path,
    flags: tuple[str, ...],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(folder)
    assert left_with(*flags) == 2
    assert words in capsys.readouterr().err


def test_a_handful_of_contacts_tells_no_change_of_talk(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    few = (folder / "before.csv").read_text(encoding="utf-8").splitlines(keepends=True)[:4]
    (folder / "few.csv").write_text("".join(few), encoding="utf-8")
    names = [str(folder / name) for name in ("few.csv", "after.csv", "bot.csv")]
    assert left_with("--before", names[0], "--after", names[1], "--bot", names[2], "--json") == 0
    assert any(shift["high"] is None for shift in json.loads(capsys.readouterr().out)["shifts"])


def test_words_that_mean_nothing_are_refused_with_their_line(folder: Path) -> None:
    text = (folder / "bot.csv").read_text(encoding="utf-8").replace("contained", "blue", 1)
    (folder / "odd.csv").write_text(text, encoding="utf-8")
    with pytest.raises(CcsimError, match=r"odd.csv:\d+.*blue"):
        sim.learn(folder / "after.csv", folder / "before.csv", folder / "odd.csv")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2026-", "2025-", "has sessions of 2025-"),
        ("intent", "topic", "has no intent that the logs of contacts have, which are about intent0, intent1"),
    ],
)
def test_sessions_of_other_days_or_of_other_intents_are_refused(folder: Path, old: str, new: str, words: str) -> None:
    header, _, rows = (folder / "bot.csv").read_text(encoding="utf-8").partition("\n")
    (folder / "strange.csv").write_text(f"{header}\n{rows.replace(old, new)}", encoding="utf-8")
    with pytest.raises(CcsimError, match=words):
        sim.learn(folder / "after.csv", folder / "before.csv", folder / "strange.csv")


def test_customers_that_no_log_shares_are_noted(tmp_path: Path) -> None:
    before, after, bot = written(logs_of(WORLD, 2), tmp_path, customers=True)
    with pytest.raises(CcsimError, match="no row that is not in the log before the bot"):
        sim.learn(before, before, bot)
    table = pd.read_csv(bot, dtype=str)
    table.assign(customer="x" + table["customer"]).to_csv(bot, index=False)
    told = sim.learn(after, before, bot)
    assert any("no customer of the sessions is among those of the contacts" in note for note in told.notes)
    assert any("not read: nothing" in line for line in told.understood)
    assert any(line.startswith("  columns: ") and "customer is customer" in line for line in told.understood)


@pytest.mark.parametrize("of", [("after.csv",), ("before.csv", "after.csv")])
def test_talk_times_that_are_all_alike_tell_nothing(folder: Path, tmp_path: Path, of: tuple[str, ...]) -> None:
    for name in ("before.csv", "after.csv"):
        table = pd.read_csv(folder / name, dtype=str)
        (table.assign(talk_s="100") if name in of else table).to_csv(tmp_path / name, index=False)
    told = sim.learn(tmp_path / "after.csv", tmp_path / "before.csv", folder / "bot.csv")
    assert not any(number.measured for number in told.numbers if number.is_product)
    assert told.of("intents.intent0.bot.containment").measured


@pytest.fixture(scope="module")
def pilot() -> Logs:
    return logs_of(World(contacts=3000, arm=0.5, controls=0), 3)


@pytest.mark.parametrize(
    ("arms", "words"),
    [
        ({"control": "Gruppe A", "pilot": "Gruppe B"}, "Say --arm WORD=control or --arm WORD=pilot"),
        ({"control": "control", "pilot": "control"}, "has contacts of a control arm only"),
        ({"control": "pilot", "pilot": "pilot"}, "has no contact of a control arm"),
    ],
)
def test_arms_that_cannot_be_told_are_refused(pilot: Logs, tmp_path: Path, arms: dict[str, str], words: str) -> None:
    _, after, bot = written(pilot, tmp_path)
    table = pd.read_csv(after, dtype=str)
    table.assign(arm=table["arm"].map(arms)).to_csv(after, index=False)
    with pytest.raises(CcsimError, match=words):
        sim.learn(after, None, bot)


def test_a_control_arm_that_met_the_bot_is_noted(pilot: Logs, tmp_path: Path) -> None:
    _, after, bot = written(pilot, tmp_path)
    table = pd.read_csv(after, dtype=str, keep_default_na=False)
    table.assign(arm=table["arm"].map({"control": "pilot", "pilot": "control"})).to_csv(after, index=False)
    notes = [note for note in sim.learn(after, None, bot).notes if "of the control arm met the bot" in note]
    assert len(notes) == 1
    written(pilot, tmp_path)
    assert not any("of the control arm met the bot" in note for note in sim.learn(after, None, bot).notes)


def test_a_control_arm_that_met_the_bot_by_its_sessions_is_noted_too(pilot: Logs, tmp_path: Path) -> None:
    _, after, bot = written(pilot, tmp_path)
    table = pd.read_csv(after, dtype=str, keep_default_na=False)
    table["customer"] = [f"c{row}" for row in range(len(table))]
    met = table[table["bot"] != "none"]
    start = pd.to_datetime(met["arrival"]) - pd.Timedelta("1min")
    met.assign(start=start).rename(columns={"bot": "ended"})[["start", "type", "ended", "customer"]].to_csv(
        bot, index=False
    )
    for swapped in (True, False):
        arms = table["arm"].map({"control": "pilot", "pilot": "control"}) if swapped else table["arm"]
        table.drop(columns="bot").assign(arm=arms).to_csv(after, index=False)
        notes = read_logs([], [after], [bot], LearnOptions()).notes
        assert any("of the control arm met the bot" in note for note in notes) == swapped


def test_what_was_learned_is_told_though_it_cannot_be_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OutputError("learned2: cannot be written: No space left on device")

    monkeypatch.chdir(folder)
    monkeypatch.setattr("sim.report.learn.write_folder", full)
    logs = ("--before", "before.csv", "--after", "after.csv", "--bot", "bot.csv", "--scenario", "base.yaml")
    assert left_with(*logs, "--out", "learned2.yaml", "--json") == 2
    told = capsys.readouterr()
    assert json.loads(told.out)["numbers"]
    assert "No space left" in told.err
    assert not (folder / "learned2.yaml").exists()


def test_a_single_day_with_the_bot_is_learned_from(folder: Path, tmp_path: Path) -> None:
    for name, clock in (("after.csv", "arrival"), ("bot.csv", "start")):
        table = pd.read_csv(folder / name, dtype=str)
        table[table[clock].str[:10] == table[clock].str[:10].min()].to_csv(tmp_path / name, index=False)
    told = sim.learn(tmp_path / "after.csv", folder / "before.csv", tmp_path / "bot.csv")
    assert told.contacts[1] > 0


def test_the_page_says_first_what_was_learned_then_what_was_not_and_why_once(result: LearnResult) -> None:
    untold = replace(result.of("bot.selectivity"), known="product_only", why="no column says so")
    weights = [
        replace(n, known="product_only", why="no column says so")
        for n in result.numbers
        if n.key.endswith("difficulty_weight")
    ]
    changed = {number.key: number for number in (untold, *weights)}
    told = replace(result, numbers=tuple(changed.get(number.key, number) for number in result.numbers))
    said = answer(told)
    assert list(said) == ["Learned", "Not told", "How sure"]
    assert said["Learned"][0].startswith("The bot contains ")
    assert "(intent1) to " in said["Learned"][0]
    assert "longer beside the intents without a bot" in said["Learned"][1]
    assert said["Not told"][0] == "Selectivity and difficulty weights by themselves: no column says so."
    assert len(reasons(weights)) == 1


def test_the_spread_of_the_answer_is_told_before_and_after(result: LearnResult) -> None:
    estimated = Estimated(0.8, 0.7, 0.9)
    spans = {"abandonment_rate": ((0.021, 0.083), (0.028, 0.049))}
    sentences = answer(result, Chances(estimated, estimated, 40, spans))["How sure"]
    words = "In nine of ten of the 40 draws: abandonment 2.1 to 8.3 % before, 2.8 to 4.9 % after."
    assert words in sentences


def test_sessions_that_nobody_checked_are_named(tmp_path: Path) -> None:
    before, after, bot = written(logs_of(WORLD, 2), tmp_path)
    table = pd.read_csv(bot, dtype=str, keep_default_na=False)
    table.loc[table["intent"] == "intent0", "resolved"] = ""
    table.to_csv(bot, index=False)
    told = sim.learn(after, before, bot)
    assert any("too few contained sessions of intent0 say whether" in note for note in told.notes)
    assert told.of("intents.intent0.bot.false_share").why == "fewer than 50 contained sessions were checked"
