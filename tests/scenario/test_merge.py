"""`extends` and `--set`: one file on top of another."""

import pytest

from sim.errors import ScenarioError
from sim.loading.load import load, loads

from .texts import GOOD, problems_of


@pytest.fixture
def pair(tmp_path):
    """Write GOOD as base.yaml and a text on top of it; return the path of the upper one."""

    def write(text, base=GOOD):
        (tmp_path / "base.yaml").write_text(base)
        (tmp_path / "child.yaml").write_text(f"extends: base.yaml\n{text}")
        return tmp_path / "child.yaml"

    return write


def test_maps_merge_key_by_key_and_scalars_and_lists_replace(pair):
    scenario = load(pair("name: Child\nintents: {billing: {wrap_up: 30s}}\narrivals: {profile: [1, 1, 1, 1]}\n"))
    base = loads(GOOD)
    assert scenario.name == "Child"
    assert scenario.description == base.description
    assert scenario.intents["order_status"] == base.intents["order_status"]
    assert scenario.intents["billing"].wrap_up.mean == 30
    assert scenario.intents["billing"].talk_time.mean == 330, "aht is inherited"
    assert scenario.arrivals.per_day == base.arrivals.per_day
    assert scenario.arrivals.profile.week[0] == (1, 1, 1, 1)
    assert list(scenario.intents) == ["order_status", "billing"]


def test_an_inherited_name_is_noted(pair):
    assert any("name is inherited from" in note for note in load(pair("description: x\n")).notes)
    assert not any("name" in note for note in load(pair("name: Child\n")).notes)


def test_off_removes(pair):
    scenario = load(
        pair("intents: {billing: off, order_status: {share: 1, bot: off}}\npace: off\nbot: off\ncosts: off\n")
    )
    assert list(scenario.intents) == ["order_status"]
    assert scenario.mechanisms == ("frustration", "mistreatment", "fatigue")
    assert scenario.costs is None
    assert scenario.fte_hours == 38 * 3600


def test_off_is_the_same_as_absent(pair):
    absent = GOOD.replace("mistreatment: {}\n", "")
    assert load(pair("mistreatment: off\n")) == loads(absent)
    assert load(pair("mistreatment: off\n")).resolved() == loads(absent).resolved()


def test_a_distribution_of_another_kind_replaces_and_of_the_same_merges(pair):
    talk = load(pair("intents: {order_status: {talk_time: {distribution: exponential, mean: 2m}}}\n")).intents
    assert (talk["order_status"].talk_time.kind, talk["order_status"].talk_time.cv) == ("exponential", None)
    talk = load(pair("intents: {order_status: {talk_time: {cv: 0.5}}}\n")).intents
    assert (talk["order_status"].talk_time.mean, talk["order_status"].talk_time.cv) == (210, 0.5)
    talk = load(pair("intents: {order_status: {talk_time: 2m}}\n")).intents
    assert (talk["order_status"].talk_time.mean, talk["order_status"].talk_time.cv) == (120, 1)


@pytest.mark.parametrize(
    ("text", "gone", "there"),
    [
        ("arrivals: {per_hour: 50}\n", ("arrivals", "per_day"), ("arrivals", "per_hour")),
        (
            "agents: {general: {shifts: [{count: 2, start: '08:00', length: 4h}]}}\n",
            ("agents", "general", "staff"),
            ("agents", "general", "shifts"),
        ),
        ("agents: {roster: {staff: 3}}\n", ("agents", "roster", "shifts"), ("agents", "roster", "staff")),
        (
            "intents: {billing: {bot: {resolves: 0.3}}}\n",
            ("intents", "billing", "bot", "containment"),
            ("intents", "billing", "bot", "resolves"),
        ),
        ("run: {precision: {aht_s: 2%}}\n", ("run", "replications"), ("run", "precision")),
    ],
)
def test_another_way_to_say_the_same_replaces_the_inherited_one(pair, text, gone, there):
    tree = load(pair(text)).resolved()

    def at(path):
        node = tree
        for key in path:
            node = node.get(key, {})
        return node

    assert not at(gone)
    assert at(there)


def test_talk_time_replaces_an_inherited_aht(pair):
    assert load(pair("intents: {billing: {talk_time: 3m}}\n")).intents["billing"].talk_time.mean == 180


def test_weekdays_that_a_child_names_replace_those_of_its_base(pair):
    scenario = load(pair('calendar: {hours: {fri: "08:00-11:00"}}\narrivals: {profile: off}\n'))
    assert scenario.calendar.hours[3:] == ((28800, 43200), (28800, 39600), None, None)


def test_a_chain_and_file_names_are_relative_to_their_own_file(tmp_path):
    (tmp_path / "deep").mkdir()
    rows = "".join(f"2026-11-{day},{hour:02d}:00,5\n" for day in range(23, 28) for hour in range(8, 12))
    (tmp_path / "deep" / "c.csv").write_text("date,time,contacts\n" + rows)
    (tmp_path / "deep" / "a.yaml").write_text(
        GOOD.replace("  per_day: 400\n  profile: [3, 5, 8, 4]\n", "  file: c.csv\n")
    )
    (tmp_path / "b.yaml").write_text("extends: deep/a.yaml\nname: B\n")
    (tmp_path / "c.yaml").write_text("extends: b.yaml\ndescription: C\n")
    scenario = load(tmp_path / "c.yaml")
    assert (scenario.name, scenario.description, scenario.arrivals.file.path) == ("B", "C", "c.csv")


def test_an_error_points_at_the_file_where_the_value_is_written(pair):
    path = pair("intents: {billing: {wrap_up: 2}}\n", GOOD.replace("balk: 0.03", "balk: 3"))
    with pytest.raises(ScenarioError) as refused:
        load(path)
    problems = refused.value.problems
    found = {(problem.path, problem.file.rsplit("/", 1)[1], problem.line) for problem in problems}
    assert found == {("intents.billing.wrap_up", "child.yaml", 2), ("customers.balk", "base.yaml", 34)}
    assert problems[0].file.endswith("child.yaml"), "the file itself comes first"


def test_bad_extends(tmp_path):
    path = tmp_path / "a.yaml"
    for text, words in (
        ("name: x\nextends: none.yaml\n", r"a.yaml:2:10: extends: is a file that does not exist"),
        ("extends: .\n", "is a folder"),
        ("extends: [a.yaml]\n", "Write one file"),
        ("extends: a.yaml\n", r"extends itself: a.yaml -> a.yaml"),
    ):
        path.write_text(text)
        with pytest.raises(ScenarioError, match=words):
            load(path)
    (tmp_path / "b.yaml").write_text("extends: a.yaml\n")
    path.write_text("extends: b.yaml\n")
    with pytest.raises(ScenarioError, match=r"b\.yaml:1:10: extends: extends itself: a.yaml -> b.yaml -> a.yaml"):
        load(path)


def test_an_error_of_yaml_in_a_base_names_the_base(pair):
    with pytest.raises(ScenarioError, match=r"base.yaml:2:1: is not YAML"):
        load(pair("name: x\n", "a: 1\n\tb: 2\n"))


def test_settings():
    scenario = loads(
        GOOD,
        [
            "agents.general.staff=[1, 2, 3, 4]",
            "agents.roster.shifts.0.count=12",
            "intents.order_status.talk_time.cv=0.5",
            "customers.repeat.falsely_contained.probability=10%",
            "fatigue.effects.talk_time=0.3",
            "name=Set",
        ],
    )
    assert scenario.agents["general"].staff.week.week[0] == (1, 2, 3, 4)
    assert scenario.agents["roster"].shifts[0].count == 12
    assert scenario.agents["roster"].shifts[0].length == 14400
    assert scenario.intents["order_status"].talk_time.cv == 0.5
    assert scenario.customers.repeat.falsely_contained.probability == 0.1
    assert scenario.fatigue.effects.talk_time == 0.3
    assert scenario.fatigue.recovery_per_hour.break_time == 1.8
    assert scenario.name == "Set"


def test_settings_as_a_mapping_and_on_what_a_file_does_not_have():
    text = GOOD.replace("fatigue: {recovery_per_hour: {break: 1.8}}\n", "")
    scenario = loads(text, {"fatigue.effects.spread": 0, "agents.general.staff": 7, "pace": "off"})
    assert scenario.fatigue.effects.spread == 0
    assert scenario.agents["general"].staff.week.week[0] == 7
    assert scenario.pace is None


def test_the_later_setting_wins():
    assert loads(GOOD, ["run.seed=2", "run.seed=3"]).run.seed == 3


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("run.seed=x", "--set run.seed=x: run.seed: is not a whole number"),
        ("run.sead=1", "--set run.sead=1: run.sead: is not a key. Did you mean seed?"),
        ("run.seed", "has no ="),
        ("run.seed=", "has no value"),
        ("run..seed=1", "has an empty key"),
        ("=1", "has an empty key"),
        (
            "extends=base.yaml",
            "--set extends=base.yaml: extends: cannot be set: settings come after all files are read",
        ),
        ("extends=off", "extends: cannot be set"),
        ("run.seed=[1", "is not YAML"),
        ("agents.roster.shifts.1.count=2", "is not an entry of the list. The list has the entries 0 to 0"),
        ("agents.roster.shifts.first.count=2", "is not an entry of the list"),
        ("intents.order_status.talk_time=3", "a duration needs a unit"),
        ("bot.opt_out={a: 1}", "is not a share"),
        ("intents.order_status.share=0.7", "shares that add up to 1.1"),
    ],
)
def test_a_bad_setting_is_named(setting, words):
    assert any(words in str(problem) for problem in problems_of(GOOD, [setting]))


def test_a_file_in_a_setting_is_relative_to_the_current_folder(tmp_path, monkeypatch):
    (tmp_path / "a.yaml").write_text(GOOD)
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "d.csv").write_text("10\n20\n")
    monkeypatch.chdir(tmp_path / "here")
    scenario = load("../a.yaml", ["intents.billing.talk_time={distribution: empirical, file: d.csv}"])
    assert scenario.intents["billing"].talk_time.points == (10, 20)
