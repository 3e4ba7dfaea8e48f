"""Weak and assumed numbers in a manager's words, and how each is found out."""

from __future__ import annotations

import re
from typing import NamedTuple

from sim.report.labels import key_words

WRITTEN, SPELT = re.compile(r"([\d.]+[smhd])+"), re.compile(r"([\d.]+)([smhd])")
UNITS = {"s": "s", "m": "min", "h": "h", "d": "days"}
SHARE = re.compile(r"0(\.\d+)?|1(\.0+)?")


class PlainWords(NamedTuple):
    """A number in plain words, and what tells it; empty where nothing short does."""

    words: str
    found_by: str = ""


PLAIN = {
    "intents.*.bot.false_share": PlainWords(
        "share of what the bot closes that is not resolved", "count who comes back within a week"
    ),
    "intents.*.difficulty_weight": PlainWords(
        "how much longer hard needs take", "sort a month's calls of one kind by length, and hear the longest tenth"
    ),
    "bot.selectivity": PlainWords(
        "how far the bot takes the easy needs of each kind", "compare what it hands over with what it closed"
    ),
    "bot.opt_out": PlainWords("share of customers who ask for a person at once", "the bot's log says it"),
    "bot.opt_out_after_failure": PlainWords(
        "the same share, of those whom the bot failed before", "the bot's log, by customers who return"
    ),
    "bot.false_containment": PlainWords(
        "share of failed sessions that the bot closes as done", "count who comes back within a week"
    ),
    "bot.lost_context_time": PlainWords(
        "time in which agents ask again what the bot was told", "hear fifty calls that the bot handed over"
    ),
    "bot.context_kept": PlainWords("share of hand-overs that bring what was said", "hear fifty such calls"),
    "customers.repeat.probability": PlainWords(
        "share of customers with an open need who come back", "ask fifty whose need was left open"
    ),
    "customers.repeat.falsely_contained.probability": PlainWords(
        "share of those wrongly closed by the bot who come back", "follow fifty sessions that were closed"
    ),
    "customers.redial.probability": PlainWords("share of those who hung up who call again", "the switch's log says it"),
    "customers.difficulty_slope": PlainWords(
        "how much less often hard needs are resolved", "rate a hundred contacts by difficulty"
    ),
    "frustration.effects.talk_time": PlainWords(
        "how much longer contacts with frustrated customers take", "compare contacts after a failed bot session"
    ),
    "frustration.effects.resolution": PlainWords("how much less often frustrated customers are helped"),
    "mistreatment.slope": PlainWords("how often frustrated customers treat agents badly", "agents mark such contacts"),
    "fatigue.build_per_hour": PlainWords("how fast agents tire", "compare handle times by hour of the shift"),
    "fatigue.recovery_per_hour.available": PlainWords("how fast agents recover between contacts"),
    "fatigue.effects.resolution": PlainWords("how much less often tired agents resolve a need"),
    "pace.resolution_slope": PlainWords(
        "what hurry does to resolution", "release the target for one team for four weeks"
    ),
}


def plain_words(key: str) -> PlainWords:
    """A key of a file in plain words; one that has none is named by its parts."""
    return PLAIN.get(key) or PlainWords(key_words(key))


def value_as(told: PlainWords, text: str) -> str:
    """A value as a reader takes it: a share in percent, all else as the file has it."""
    if told.words.startswith("share") and SHARE.fullmatch(text):
        return f"{100.0 * float(text):.3g} %"
    return SPELT.sub(lambda found: f"{found[1]} {UNITS[found[2]]} ", text).strip() if WRITTEN.fullmatch(text) else text
