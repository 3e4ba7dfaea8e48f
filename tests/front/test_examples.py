"""The scenarios come with the package, and are written where the README looks for them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.cli import init
from sim.cli.main import main

ROOT = Path(__file__).parents[2]


@pytest.fixture
def call(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def called(*arguments):
        with pytest.raises(SystemExit) as left:
            main(arguments)
        out, err = capsys.readouterr()
        return left.value.code, out, err

    return called


def test_examples_are_listed(call):
    code, out, _ = call("init", "--example")
    assert code == 0
    assert [line.split(":")[0] for line in out.splitlines()[:-1]] == ["bank", "cases", "channels", "retailer"]
    assert not list(Path().iterdir())


def test_an_unknown_example_names_those_that_there_are(call):
    code, out, err = call("init", "--example", "bakery")
    assert (code, out) == (2, "")
    assert err == "--example: there is none called bakery. Use bank, cases, channels, retailer\n"
    assert call("init", "--example", "..")[0] == 2


@pytest.mark.parametrize("name", ["bank", "cases", "channels", "retailer"])
def test_all_scenarios_of_an_example_load_where_they_are_written(call, name):
    code, out, _ = call("init", "--example", name)
    assert code == 0
    assert f"into scenarios/{name}; next: ccsim run scenarios/{name}/" in out
    written = sorted(Path("scenarios", name).rglob("*.yaml"))
    assert len(written) == len(list((ROOT / "scenarios" / name).rglob("*.yaml")))
    assert all(sim.load(path).name for path in written)


def test_nothing_is_overwritten_unless_it_is_asked_for(call):
    call("init", "--example", "retailer", "mine")
    Path("mine/before-bot.yaml").write_text("mine")
    Path("mine/after-bot-all.yaml").unlink()
    code, _, err = call("init", "retailer", "mine", "--example")
    assert code == 2
    assert "is there already. Name another folder, or use --force" in err
    assert not Path("mine/after-bot-all.yaml").exists()
    assert call("init", "--example", "retailer", "mine", "--force")[0] == 0
    assert sim.load("mine/after-bot-all.yaml").name


def test_a_second_file_has_no_meaning_without_an_example(call):
    assert call("init", "a.yaml", "b")[0] == 2
    assert not list(Path().iterdir())


def test_the_commands_of_the_readme_find_their_files(call):
    call("init", "--example", "retailer")
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"scenarios/retailer/[\w-]+\.yaml", text))
    assert len(named) >= 2
    assert all(Path(path).exists() for path in named)


def test_the_package_holds_what_examples_need():
    """What is built in holds every file that is written out, and no more."""
    text = (ROOT / "setup.py").read_text(encoding="utf-8")
    patterns = re.findall(r'"([^"]+\.(?:yaml|csv))"', text)
    built = {path for pattern in patterns for path in (ROOT / "scenarios").glob(pattern)}
    written = {path for name in init.examples() for path in init.example_files(ROOT / "scenarios" / name)}
    assert built == written


@pytest.mark.long
def test_a_wheel_works_in_an_empty_folder(tmp_path):
    """Build it, install it beside the packages of this interpreter, and do what the README says."""
    import shutil

    source, site, empty = tmp_path / "source", tmp_path / "site", tmp_path / "empty"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "results", "tests", "build", "*.egg-info"))
    empty.mkdir()
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    flags = ["--no-build-isolation", "--no-deps", "--no-index"]
    subprocess.run([*pip, "install", *flags, "--target", site, source], check=True, cwd=tmp_path)

    def ccsim(*arguments):
        code = f"import sys; sys.path.insert(0, {str(site)!r}); from sim.cli.main import main; main()"
        done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=empty, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "wrote 5 files" in ccsim("init", "--example", "retailer")
    assert "good" in ccsim("validate", "scenarios/retailer/after-bot.yaml")
    short = ("--set", "calendar.days=1", "--set", "run.warm_up=0d", "--set", "run.follow_up=0d", "--replications", "2")
    before, after = (f"scenarios/retailer/{name}-bot.yaml" for name in ("before", "after"))
    ccsim("compare", before, after, *short, "--out", "results/bot")
    assert (empty / "results" / "bot" / "report.html").exists()
