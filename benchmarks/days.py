"""The days that are raced: Erlang-A, from 08:00 to 20:00, at any size."""

from pathlib import Path

from sim import loads
from sim.scenario.model import Scenario

ROOT = Path(__file__).resolve().parents[1]
RETAILER = ROOT / "scenarios/retailer/after-bot.yaml"
THREE_CHANNELS = ROOT / "scenarios/channels/three-channels.yaml"
RETAILER_ALL = ROOT / "scenarios/retailer/after-bot-all.yaml"

OPEN_S = 12 * 3600.0
PER_HOUR, AHT_S, PATIENCE_S, AGENTS = 600, 300, 180, 52

CURVE_AHT_S = 208
"""Handle time at which 1,000 contacts a day keep 5 agents as busy as the Erlang-A day keeps its 52."""


def day_text(contacts: int, agents: int, aht_s: int) -> str:
    """A scenario file: exponential gaps, handle times and patience."""
    return f"""
name: Erlang-A day
calendar: {{start: 2026-11-23, days: 1, hours: "08:00-20:00", interval: 30m}}
arrivals: {{per_day: {contacts}}}
intents: {{call: {{share: 1, talk_time: {{distribution: exponential, mean: {aht_s}s}}, difficulty_weight: 0}}}}
customers: {{patience: {PATIENCE_S}s}}
agents: {{all: {{skills: [call], staff: {agents}}}}}
"""


def erlang_a() -> Scenario:
    """The day of the race: 7,200 contacts and 52 agents."""
    return loads(day_text(round(PER_HOUR * OPEN_S / 3600), AGENTS, AHT_S))


def day_of(contacts: int, agents: int) -> Scenario:
    """A day of the curve."""
    return loads(day_text(contacts, agents, CURVE_AHT_S))
