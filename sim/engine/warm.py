"""Compile every law once, in one process, before several need them."""

from functools import cache

from sim.engine import simulate
from sim.scenario import loads

TINY = """
name: every law once
calendar: {start: 2026-01-05, days: 1, hours: "08:00-10:00", interval: 30m}
arrivals: {per_day: 40}
intents:
  a: {share: 0.5, talk_time: {distribution: gamma, mean: 5m, cv: 1}, wrap_up: 1m, resolution: 0.5, bot: {resolves: 0.3}}
  b: {share: 0.5, talk_time: 5m, resolution: 0.5}
customers: {patience: 1m, balk: 0.1, redial: {probability: 0.5, next_day: 0}, repeat: {probability: 0.5, delay: 10m}}
agents: {all: {skills: [a, b], staff: 2, absence: 0.1}}
bot: {opt_out: 0.1}
frustration: {}
mistreatment: {}
fatigue: {}
pace: {target: 4m}
run: {warm_up: 0s, follow_up: 0s}
"""


@cache
def compile_laws() -> None:
    """Run a tiny scenario that calls every compiled function; after the first time they come from the cache on disk."""
    simulate(loads(TINY))
