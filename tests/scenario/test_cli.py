"""The light verbs: what they print, where, and how they leave."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli import main as cli
from sim.errors import LimitError
from sim.loading.load import load

from .texts import GOOD

HEAVY = ("numba", "matplotlib", "pandas", "scipy", "numpy", "simpy", "pyarrow")
CCSIM = [sys.executable, "-c", "from sim.cli.main import main; main()"]


@pytest.fixture
def call(capsys, tmp_path, monkeypatch):
    """Run a command in a folder of its own; return (exit code, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "bad.yaml").write_text(GOOD.replace("days: 5", "days: x").replace("balk: 0.03", "balk: 3"))

    def run(*arguments):
        with pytest.raises(SystemExit) as left:
            cli.main(arguments)
        out = capsys.readouterr()
        return left.value.code or 0, out.out, out.err

    return run


def test_validate_prints_what_was_understood(call):
    code, out, err = call("validate", "good.yaml")
    assert code == 0
    assert out.startswith("good.yaml: Test centre: good\n")
    assert "5 from mon 2026-11-23 to fri 2026-11-27, 5 open" in out
    assert "400 on an open day" in out
    assert "billing       160, AHT 6m, the bot closes 40%" in out
    assert "bot, frustration, mistreatment, fatigue, pace" in out
    assert "14 days before, 7 after" in out
    assert "note: good.yaml: fatigue" in err


def test_validate_prints_all_problems_on_stderr(call):
    code, out, err = call("validate", "bad.yaml")
    assert code == 2
    assert out == ""
    lines = err.splitlines()
    assert [line.split(" ")[0] for line in lines] == ["bad.yaml:6:9:", "bad.yaml:34:9:", "bad.yaml:"]
    assert lines[-1] == "bad.yaml: 2 problems"


def test_validate_goes_through_all_files(call):
    code, out, err = call("validate", "bad.yaml", "good.yaml", "none.yaml")
    assert code == 2
    assert "good.yaml: Test centre: good" in out
    assert "bad.yaml: 2 problems" in err
    assert "none.yaml: is a file that does not exist" in err


def test_validate_json(call):
    code, out, err = call("validate", "bad.yaml", "good.yaml", "--json")
    bad, good = json.loads(out)["files"]
    assert (code, err) == (2, "")
    assert (bad["valid"], bad["problems"][0]["path"], bad["problems"][0]["line"]) == (False, "calendar.days", 6)
    assert (good["valid"], good["contacts_per_open_day"]) == (True, 400)
    assert good["intents"]["order_status"]["aht_s"] == 250
    shares = [(i["bot_closes"], i["to_agents"]) for i in good["intents"].values()]
    assert shares == [pytest.approx((0.8 * 0.675, 1 - 0.8 * 0.675)), pytest.approx((0.4, 0.6))]
    # 240 contacts of 250 s, of which the bot closes .8 (.5 + .5 .35), and 160 of 360 s, of which it closes .4; 4 hours.
    erlangs = (240 * 250 * (1 - 0.8 * 0.675) + 160 * 360 * 0.6) / (4 * 3600)
    assert good["offered_erlangs"] == pytest.approx(erlangs)
    assert good["agents"] == pytest.approx(12 + 3 * 3.75 / 4)
    assert good["peak"]["time"] == "10:00"
    assert good["peak"]["offered_erlangs"] == pytest.approx(erlangs * 4 * 8 / 20)
    assert good["peak"]["agents"] == pytest.approx(12 + 3 * 0.75)
    absent = call("validate", "good.yaml", "--json", "--set", "agents.general.absence=50%")[1]
    assert json.loads(absent)["files"][0]["agents"] == pytest.approx(6 + 3 * 3.75 / 4)


def test_validate_tells_sessions_that_are_closed_from_those_that_are_left(call):
    talks = ("--set", "bot.conversation={}")
    _, out, _ = call("validate", "good.yaml", *talks)
    assert "billing       160, AHT 6m, the bot closes 40%, 8% leave in it" in out
    assert "leave in it" not in call("validate", "good.yaml")[1]
    files = json.loads(call("validate", "good.yaml", "--json", *talks)[1])["files"]
    billing = files[0]["intents"]["billing"]
    assert billing["bot_closes"] == pytest.approx(0.4)
    assert 1 - billing["bot_closes"] - billing["to_agents"] > 0.05


def test_only_who_meets_the_bot_is_closed_by_it(call):
    assert (
        "billing       160, AHT 6m, the bot closes 10%\n"
        in call("validate", "good.yaml", "--set", "bot.exposure=.25")[1]
    )
    out = call("validate", "good.yaml", "--set", "bot.conversation={handoff: never}", "--set", "bot.opt_out=0")[1]
    assert "100%" not in out


@pytest.mark.parametrize(
    ("hours", "row"),
    [
        ("00:00-24:00", "  out of hours    60 more on an open day, with the bot alone; in no other line"),
        ("{mon: '00:00-24:00', tue: '08:00-12:00', wed: '09:00-11:00'}", "  out of hours    12 more on an open day"),
        ("06:00-07:00", "  out of hours    60 more"),
        ("08:00-12:00", ""),
    ],
)
def test_contacts_with_the_bot_alone_are_counted_apart(call, hours, row):
    told = call("validate", "good.yaml", "--set", f"bot.hours={hours}", "--set", "bot.out_of_hours=15%")[1]
    assert ("out of hours" in told) == bool(row)
    assert row in told
    assert "  contacts        400 on an open day" in told


def test_settings_reach_every_verb(call):
    assert "800 on an open day" in call("validate", "good.yaml", "--set", "arrivals.per_day=800")[1]
    code, _, err = call("explain", "good.yaml", "--set", "run.seed=x", "--set", "name=y")
    assert code == 2
    assert err.startswith("--set run.seed=x: run.seed: is not a whole number (got x)")
    code, out, err = call("validate", "good.yaml", "--set", "extends=bad.yaml")
    assert (code, out) == (2, "")
    assert err.startswith("--set extends=bad.yaml: extends: cannot be set")


def test_explain(call):
    code, out, err = call("explain", "good.yaml", "--set", "run.seed=9")
    assert code == 0
    row = next(line for line in out.splitlines() if "run.seed" in line)
    assert "9" in row
    assert "set --set run.seed=9" in row
    row = next(line for line in out.splitlines() if "bot.false_containment" in line)
    assert "0.35" in row
    assert "default" in row
    assert row.rstrip().endswith(" W")
    assert "note:" in err


def test_explain_json(call):
    parameters = json.loads(call("explain", "good.yaml", "--json")[1])["parameters"]
    rows = {row["path"]: row for row in parameters}
    assert rows["intents.order_status.talk_time"]["value"] == {"distribution": "lognormal", "mean": "210s", "cv": 0.8}
    assert rows["calendar.days"]["where"] == "good.yaml:6"
    assert rows["bot.false_containment"]["grade"] == "W"


def test_schema(call):
    code, out, _ = call("schema")
    assert code == 0
    assert json.loads(out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_init_writes_a_good_scenario_and_overwrites_nothing(call):
    code, out, _ = call("init")
    assert code == 0
    assert "scenario.yaml" in out
    assert load("scenario.yaml").name == "My contact centre"
    Path("scenario.yaml").write_text("mine")
    code, _, err = call("init", "scenario.yaml")
    assert code == 2
    assert "is there already" in err
    assert Path("scenario.yaml").read_text() == "mine"
    assert call("init", "scenario.yaml", "--force")[0] == 0
    assert call("init", "no/such/folder.yaml")[0] == 2


def test_init_writes_the_schema_that_its_first_line_names(call):
    (here := Path("centres")).mkdir()
    assert call("init", "centres/mine.yaml")[0] == 0
    first = (here / "mine.yaml").read_text().splitlines()[0]
    named = here / re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)[1]
    assert json.loads(named.read_text()) == json.loads(call("schema")[1])
    assert call("init", "centres/other.yaml")[0] == 0


def test_the_starter_shows_observed_figures_and_containment_that_are_right(call):
    """What stands in comments is read once the comment sign is gone."""
    call("init")
    text = Path("scenario.yaml").read_text()
    for key in ("observed", "bot: {containment"):
        (line,) = [line for line in text.splitlines() if line.lstrip().startswith(f"# {key}")]
        changed = text.replace("    bot: {resolves: 0.45}", "    # ", 1) if "containment" in key else text
        Path("scenario.yaml").write_text(changed.replace(line, line.replace("# ", "", 1)))
        code, _, err = call("validate", "scenario.yaml")
        assert code == 0, err
    for page in re.findall(r"docs/[\w-]+\.md", text):
        assert (Path(__file__).parents[2] / page).exists(), page


def test_the_starter_uses_every_mechanism_in_comments(call):
    call("init")
    text = Path("scenario.yaml").read_text()
    Path("scenario.yaml").write_text(
        "\n".join(line.removeprefix("# ") if "# bot: {}" in line else line for line in text.splitlines())
    )
    assert load("scenario.yaml").mechanisms == ("bot",)


@pytest.mark.parametrize(
    "arguments",
    [["bogus"], ["validate"], ["validate", "--bogus", "good.yaml"], ["explain"], ["explain", "a", "b"], ["--bogus"]],
)
def test_wrong_usage_is_bad_input(call, arguments):
    code, out, err = call(*arguments)
    assert (code, out) == (2, "")
    assert "Usage" in err


def test_help_and_version(call):
    code, out, _ = call("--help")
    assert code == 0
    assert all(verb in out for verb in cli.VERBS)
    assert call("--version")[1].startswith("ccsim ")
    assert "--json" in call("validate", "--help")[1]


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (LimitError("too many"), 2, "too many"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (ZeroDivisionError("oh"), 70, "internal error: ZeroDivisionError: oh. That is a fault of ccsim"),
        (
            ImportError("Numba needs NumPy 2.3 or less"),
            2,
            "cannot be used: Numba needs NumPy 2.3 or less. Install ccsim",
        ),
        (ImportError("no such name", name="sim.jit"), 70, "internal error: ImportError: no such name"),
        (MemoryError(), 2, "(customers.redial, customers.repeat: set customers.max_attempts)"),
    ],
)
def test_no_error_shows_a_traceback(call, monkeypatch, error, code, words):
    def fail(*_):
        raise error

    monkeypatch.setattr("sim.cli.explain.load_fitted", fail)
    found, out, err = call("explain", "good.yaml")
    assert (found, out) == (code, "")
    assert words in err
    assert "Traceback" not in err
    assert len(err.splitlines()) == 1


def test_a_traceback_is_there_when_it_is_asked_for(call, monkeypatch):
    monkeypatch.setenv("CCSIM_TRACEBACK", "1")
    monkeypatch.setattr("sim.cli.explain.load_fitted", lambda *_: 1 / 0)
    code, _, err = call("explain", "good.yaml")
    assert code == 70
    assert "Traceback (most recent call last)" in err
    assert err.splitlines()[-1].startswith("ccsim: internal error: ZeroDivisionError")


def test_an_internal_error_says_where_to_report_it_and_how_to_see_more(call, monkeypatch):
    monkeypatch.delenv("CCSIM_TRACEBACK", raising=False)
    monkeypatch.setattr("sim.cli.explain.load_fitted", lambda *_: {}["two\nlines" * 99])
    code, _, err = call("explain", "good.yaml")
    assert code == 70
    assert len(err.splitlines()) == 1
    assert len(err) < 600
    assert "CONTRIBUTING.md" in err
    assert "CCSIM_TRACEBACK=1" in err
    assert "## Report a fault" in (Path(cli.__file__).parents[2] / "CONTRIBUTING.md").read_text()


@pytest.mark.parametrize(
    "arguments", [["--help"], ["validate", "good.yaml"], ["explain", "good.yaml"], ["schema"], ["init"]]
)
def test_light_verbs_import_nothing_heavy(tmp_path, arguments):
    (tmp_path / "good.yaml").write_text(GOOD)
    code = (
        "import sys, atexit\n"
        f"atexit.register(lambda: print('HEAVY', [m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr))\n"
        "from sim.cli.main import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "HEAVY []" in done.stderr


def test_help_does_not_even_import_pydantic():
    code = (
        "import sys, atexit\n"
        "atexit.register(lambda: print('PYDANTIC', 'pydantic' in sys.modules))\n"
        "from sim.cli.main import main; main(['--help'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("PYDANTIC False\n")


def test_a_closed_pipe_is_no_error(tmp_path):
    (tmp_path / "good.yaml").write_text(GOOD)
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as closed:
        done = subprocess.run([*CCSIM, "schema"], stdout=closed, stderr=subprocess.PIPE, cwd=tmp_path, check=False)
    assert done.returncode == 0
    assert done.stderr == b""
