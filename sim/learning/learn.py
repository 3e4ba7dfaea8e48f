"""From exports: what logs before and after a bot, or of a pilot with a control arm, tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from sim.arguments import checked
from sim.calibrate.reading.import_log import refused
from sim.learning.contacts import Sessions
from sim.learning.read import LearnOptions, read_logs
from sim.learning.result import LearnResult
from sim.learning.study import learn_from
from sim.scenario.model import Scenario

DEFAULT_LEARN_OPTIONS = LearnOptions()
Exports = str | Path | Sequence[str | Path] | None


@checked
def learn(
    after: str | Path | Sequence[str | Path],
    before: str | Path | Sequence[str | Path] | None = None,
    bot: str | Path | Sequence[str | Path] | None = None,
    scenario: Scenario | None = None,
    options: LearnOptions = DEFAULT_LEARN_OPTIONS,
) -> LearnResult:
    """Learn from logs what a bot takes, how it chooses, and how sure that is.

    Parameters
    ----------
    after : log of contacts with agents while the bot was there, one row a contact; one file or several.
    before : the same of the time before it; may be left out where `after` has a randomised control arm.
    bot : log of the bot's sessions, one row a session.
    scenario : what is believed without the logs; its names of intents are those of the logs.
    options : what the files do not say themselves.

    Raises
    ------
    ExportError
        With file, line, value and what to say or do.
    """
    logs = read_logs(_paths(before), _paths(after), _paths(bot), options)
    names = set(logs.contacts.intents)
    having = [name for name, one in (scenario.intents if scenario else {}).items() if one.bot is not None]
    if logs.sessions is None and not names & set(having):
        words = "there is no log of the bot's sessions, and no scenario says which intents have a bot"
        fix = "Say --bot EXPORT, or --scenario FILE with the same names of intents"
        raise refused(str(_paths(after)[0]), words, fix, None, ", ".join(sorted(names)[:8]))
    result = learn_from(logs.contacts, logs.sessions, (), scenario, source_words(logs.period), logs.understood)
    return replace(result, notes=(*logs.notes, *_without_place(logs.sessions, scenario), *result.notes))


def _without_place(sessions: Sessions | None, scenario: Scenario | None) -> Iterator[str]:
    """What is learned and cannot be written: of intents that the scenario calls otherwise, or has not."""
    if sessions is None or scenario is None:
        return
    strange = [sessions.intents[i] for i in np.unique(sessions.intent) if sessions.intents[i] not in scenario.intents]
    if strange:
        names = ", ".join(f'"{name}"' for name in strange[:8])
        yield (
            f"the scenario has no intent {names}{', ...' if len(strange) > 8 else ''} of the bot's sessions: what is "
            "learned of it is reported, and goes into no scenario. Use the same names in both"
        )


def source_words(period: tuple[str, str]) -> str:
    """The words that stand behind each learned number: "your pilot, 12 October to 8 November 2026"."""
    first, last = (dt.date.fromisoformat(text) for text in period)
    year = f" {first.year}" if first.year != last.year else ""
    return f"your pilot, {first.day} {first:%B}{year} to {last.day} {last:%B} {last.year}"


def _paths(given: Exports) -> list[Path]:
    if given is None:
        return []
    return [Path(given)] if isinstance(given, str | Path) else [Path(one) for one in given]
