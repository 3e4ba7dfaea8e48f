"""The tutorial can be followed: its commands are commands, and they print what it shows."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

import sim
from sim.cli.main import VERBS
from tests.named_paths import ROOT

TEXT = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, re.DOTALL)
"""Language and text of every block, in order."""
COMMANDS = [
    shlex.split(line) for language, text in BLOCKS if language == "sh" for line in text.splitlines() if "ccsim " in line
]


def written(text: str) -> tuple[str, str]:
    """Name and text of a file that the reader is to save: the name stands in its first line."""
    name = re.match(r"# (\S+\.yaml)\n", text)
    assert name, text
    return name[1], text


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_tutorial_uses_commands_that_there_are() -> None:
    assert {command[0] for command in COMMANDS} == {"ccsim"}
    assert {command[1] for command in COMMANDS} <= set(VERBS)


def test_the_centre_and_its_bot_are_scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    follow(COMMANDS[0])
    for name, text in (written(text) for language, text in BLOCKS if language == "yaml"):
        Path(name).write_text(text, encoding="utf-8")
        assert sim.load(name).mechanisms == ("bot", "frustration", "fatigue")
    assert words(follow(COMMANDS[1])).startswith(words(next(text for language, text in BLOCKS if language == "text")))


@pytest.mark.long
def test_the_tutorial_prints_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = ""
    for language, text in BLOCKS:
        if language == "sh":
            commands = [shlex.split(line) for line in text.splitlines() if line.startswith("ccsim ")]
            told = words("\n".join(map(follow, commands))) if commands else told
        elif language == "yaml":
            name, content = written(text)
            Path(name).write_text(content, encoding="utf-8")
        else:
            assert words(text) in told, text


def follow(command: list[str]) -> str:
    """Run a command of the tutorial in the current folder, and return what it prints."""
    start = [sys.executable, "-c", "from sim.cli.main import main; main()"]
    if command[1] == "live":
        return look_at([*start, *(word for word in command[1:] if word != "--open")])
    done = subprocess.run([*start, *command[1:]], capture_output=True, text=True, check=False, env=environment())
    assert done.returncode == 0, done.stderr
    return done.stdout


def look_at(command: list[str]) -> str:
    """Open a page, see what can be moved there, and end it as a reader does; the labels of its sliders."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as process:
        try:
            address = process.stdout.readline().strip()
            with urllib.request.urlopen(f"{address}setup") as page:
                labels = [slider["label"] for slider in json.load(page)["sliders"]]
        finally:
            process.send_signal(signal.SIGINT)
    assert process.returncode == 0
    assert {"handle-time target", "what the bot resolves"} <= set(labels)
    return "\n".join(labels)


def environment() -> dict[str, str]:
    """This process's own, with the repository in sight from any folder."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}
