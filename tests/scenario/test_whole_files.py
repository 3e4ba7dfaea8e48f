"""Files that are wrong as a whole: not text, not YAML, not there, or made to explode."""

from itertools import pairwise

import pytest

from sim.errors import ScenarioError
from sim.loading.load import load, loads

from .texts import GOOD, problems_of, spoiled

BOMB = "\n".join(
    ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    + [f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]" for a, b in pairwise("abcdefghi")]
)

SYNTAX = [
    ("", 1, "is empty"),
    ("# nothing but a comment\n", 1, "is empty"),
    ("~\n", 1, "is empty"),
    ("- a\n- b\n", 1, "is not a map"),
    ("just text\n", 1, "is not a map"),
    ("name: x\n\tdays: 5\n", 2, "Indent with spaces, not with tabs"),
    ("name: [1, 2\ndays: 5\n", 2, "is not YAML"),
    ('name: "x\n', 2, "is not YAML"),
    ("name: x\ndays: 5\n  more: 6\n", 3, "is not YAML"),
    ("name: a\n---\nname: b\n", 2, "is a second document"),
    ("%YAML 1.1\n---\nname: a\n", 2, "another version of YAML"),
    ("name: !!python/object:os.system x\n", 1, "has a tag"),
    ("name: !secret x\n", 1, "has a tag"),
    ("calendar: &c {days: 5}\nrun:\n  <<: *c\n", 3, "is a merge key"),
    ("name: *nobody\n", 1, "is an alias to nothing"),
    ("calendar: &c\n  days: *c\n", 2, "is an alias to itself"),
    ("? [a, b]\n: c\n", 1, "in the place of a key"),
    ("name: x\n&a y: 1\n*a : 2\n", 3, "in the place of a key"),
    ("name: \x07\n", 1, "has a character that text cannot have"),
    (BOMB, 6, "makes more than 1,000,000 values"),
    ("a: " + "[" * 60 + "]" * 60, 1, "is nested more than 40 deep"),
]


@pytest.mark.parametrize(("text", "line", "words"), SYNTAX)
def test_text_that_is_no_scenario(text, line, words):
    problem = problems_of(text)[-1]
    assert problem.line == line
    assert words in str(problem)


def test_all_problems_of_a_file_are_reported_at_once_in_the_order_of_its_lines():
    text = GOOD
    for old, new in (
        ("days: 5", "days: x"),
        ("share: 0.6", "share: 60"),
        ("balk: 0.03", "balkk: 0.03"),
        ("staff: 12", "staff: -1"),
        ("push: 0.6", "push: 7"),
    ):
        text = text.replace(old, new)
    problems = problems_of(text)
    assert [problem.path for problem in problems] == [
        "calendar.days",
        "intents.order_status.share",
        "customers.balkk",
        "agents.general.staff",
        "pace.push",
    ]
    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)


def test_the_column_is_that_of_the_value_or_of_the_unknown_key():
    assert problems_of(spoiled("days: 5", "days: x")[0])[0].column == 9
    assert problems_of(spoiled("  at_close", "  at_clos")[0])[0].column == 3


def test_an_alias_is_good_and_an_error_in_it_points_at_its_use():
    text, line = spoiled("    wrap_up: 1m", "    wrap_up: *wrap")
    text = text.replace("    wrap_up: 40s", "    wrap_up: &wrap 40s")
    assert loads(text).intents["billing"].wrap_up.mean == 40
    problems = problems_of(text.replace("&wrap 40s", "&wrap 40"))
    assert [problem.line for problem in problems] == [21, line]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"name: caf\xe9\n", ":1:10: is not UTF-8 text"),
        ("name: x\n".encode("utf-16"), "is not UTF-8 text"),
        (b"\x00\x01\x02", "is a file of bytes, not of text"),
        (b"x" * 11_000_000, "is larger than 10 MB"),
    ],
)
def test_bytes_that_are_no_text(tmp_path, data, words):
    path = tmp_path / "a.yaml"
    path.write_bytes(data)
    with pytest.raises(ScenarioError, match=words):
        load(path)


def test_a_byte_order_mark_of_utf8_is_good(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert load(path).name == "Test centre"


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(ScenarioError, match=r"missing\.yaml: is a file that does not exist"):
        load(tmp_path / "missing.yaml")
    with pytest.raises(ScenarioError, match="is a folder, not a file"):
        load(tmp_path)
    with pytest.raises(ScenarioError, match="is not a plain file"):
        load("/dev/zero")
    with pytest.raises(ScenarioError, match="cannot be read"):
        load(str(tmp_path / ("x" * 300)))


def test_redials_that_would_never_end():
    text = GOOD.replace("{probability: 0.5, delay: 15m, next_day: 30%}", "{probability: 1, delay: 0s}")
    assert loads(text).customers.redial.probability == 1
    (problem,) = problems_of(text.replace("  max_attempts: 5\n", ""))
    assert (problem.path, problem.line) == ("customers.redial", 35)
    assert "at once and for ever" in problem.message


REPEAT = "  repeat: {probability: 0.65, delay: {distribution: lognormal, mean: 2d, cv: 1}}\n"
NOW = "probability: 1, delay: 0s"


def endless(repeat, settings=()):
    """The problem of a text in which needs come back without a limit, as path and words; None without one."""
    assert REPEAT in GOOD
    text = GOOD.replace("  max_attempts: 5\n", "").replace(REPEAT, f"  repeat: {{{repeat}}}\n")
    try:
        loads(text, settings)
    except ScenarioError as error:
        (problem,) = error.problems
        assert "Give it a delay, a lower probability, or customers.max_attempts" in problem.fix
        return problem.path, problem.message
    return None


def test_a_redial_after_a_blink_is_one_at_once():
    for delay, good in (("900ms", False), ("{distribution: constant, value: 1s}", True)):
        text = GOOD.replace("{probability: 0.5, delay: 15m, next_day: 30%}", f"{{probability: 1, delay: {delay}}}")
        assert bool(loads(text)), "max_attempts is a limit"
        text = text.replace("  max_attempts: 5\n", "")
        assert bool(loads(text)) if good else problems_of(text)[0].path == "customers.redial"


@pytest.mark.parametrize(
    ("repeat", "settings", "found"),
    [
        # nobody resolves billing, and its bot does not close everything
        (f"{NOW}, falsely_contained: {{{NOW}}}", ["intents.billing.resolution=0"], "customers.repeat"),
        (NOW, ["intents.billing.resolution=0", "intents.billing.bot=off"], "customers.repeat"),
        (NOW, ["intents.billing.resolution=0", "bot=off"], "customers.repeat"),
        (
            NOW,
            ["intents.billing.resolution=0", "bot.opt_out=1", "intents.billing.bot={resolves: 1}"],
            "customers.repeat",
        ),
        # an agent resolves some, returns take time, end by chance, or end at the bot
        (f"{NOW}, falsely_contained: {{{NOW}}}", [], None),
        ("probability: 1, delay: 5m", ["intents.billing.resolution=0", "bot=off"], None),
        ("probability: 0.99, delay: 0s", ["intents.billing.resolution=0", "bot=off"], None),
        (NOW, ["intents.billing.resolution=0", "intents.billing.bot={containment: 0.4}"], None),
        (NOW, ["intents.billing.resolution=0", "intents.billing.bot={resolves: 1}"], None),
        (NOW, ["intents.billing.resolution=0", "bot=off", "customers.max_attempts=9"], None),
        # the bot closes whatever it cannot resolve, again and again
        (
            f"falsely_contained: {{{NOW}}}",
            ["bot.false_containment=1", "bot.opt_out_after_failure=0"],
            "customers.repeat.falsely_contained",
        ),
        (
            f"falsely_contained: {{{NOW}}}",
            ["intents.billing.bot={containment: 0.8}", "bot.opt_out_after_failure=0"],
            "customers.repeat.falsely_contained",
        ),
        (f"falsely_contained: {{{NOW}}}", ["bot.false_containment=1", "bot.opt_out_after_failure=0.1"], None),
        (f"falsely_contained: {{{NOW}}}", ["bot.false_containment=0.9", "bot.opt_out_after_failure=0"], None),
        (
            f"falsely_contained: {{{NOW}}}",
            [
                "bot.false_containment=1",
                "bot.opt_out_after_failure=0",
                "intents.order_status.bot={resolves: 1}",
                "intents.billing.bot=off",
            ],
            None,
        ),
    ],
)
def test_needs_that_would_come_back_for_ever(repeat, settings, found):
    told = endless(repeat, settings)
    assert told is None if found is None else told[0] == found
    if told:
        assert "back at once and for ever, never resolved" in told[1]


def test_the_intent_that_comes_back_for_ever_is_named():
    assert "brings billing back" in endless(NOW, ["intents.billing.resolution=0", "bot=off"])[1]


def test_more_contacts_than_memory_says_how_many_and_the_limit(monkeypatch):
    monkeypatch.setattr("sim.loading.size.LEAST", 0)
    monkeypatch.setattr("sim.loading.size.os.cpu_count", lambda: 2)
    monkeypatch.setattr("sim.loading.size.available_bytes", lambda: 2 * 1_200 * 7_999)
    (problem,) = problems_of(GOOD)
    assert "asks for 8,000 contacts" in problem.message
    assert "At most 7,999 contacts, warm-up and follow-up included" in problem.fix
    monkeypatch.setattr("sim.loading.size.available_bytes", lambda: 2 * 1_200 * 8_000)
    assert loads(GOOD).warm_up_days == 14


def test_no_intent_and_no_group():
    assert "intents" in [problem.path for problem in problems_of(GOOD, ["intents=off"])]
    assert [p.path for p in problems_of(GOOD, ["agents.general=off", "agents.roster=off"])] == ["agents"]
    assert [p.path for p in problems_of("name: x\n")] == ["calendar", "intents", "agents"]


def test_errors_survive_pickling():
    import pickle

    try:
        loads("name: x\n")
    except ScenarioError as error:
        again = pickle.loads(pickle.dumps(error))
    assert again.problems[0].path == "calendar"
    assert "calendar" in str(again)


def test_data_from_python_may_not_be_nested_for_ever():
    deep = {}
    for _ in range(50):
        deep = {"name": deep}
    assert "is nested more than 40 deep" in str(problems_of(deep)[0])
    loop = []
    loop.append(loop)
    assert "is nested more than 40 deep" in str(problems_of({"name": loop})[0])
