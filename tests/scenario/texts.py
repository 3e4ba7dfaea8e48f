"""A scenario that uses every section, and ways to spoil it."""

from sim.errors import ScenarioError
from sim.loading.load import loads

GOOD = """\
schema_version: 1
name: Test centre
description: Every section once
calendar:
  start: 2026-11-23
  days: 5
  hours: {mon-fri: "08:00-12:00", sat-sun: closed}
  holidays: [2026-12-25]
  interval: 1h
  at_close: drain
arrivals:
  per_day: 400
  profile: [3, 5, 8, 4]
  process: poisson
  busyness_cv: 0.1
intents:
  order_status:
    share: 0.6
    skill: general
    talk_time: {distribution: lognormal, mean: 3m30s, cv: 0.8}
    wrap_up: 40s
    difficulty_weight: 0.6
    resolution: 88%
    head_start: 0s
    patience: 4m
    bot: {resolves: 0.5}
  billing:
    share: 0.4
    aht: 6m
    wrap_up: 1m
    bot: {containment: 0.4, false_share: 25%}
customers:
  patience: 3m
  balk: 0.03
  redial: {probability: 0.5, delay: 15m, next_day: 30%}
  repeat: {probability: 0.65, delay: {distribution: lognormal, mean: 2d, cv: 1}}
  max_attempts: 5
agents:
  general:
    skills: [general, billing]
    picks: preference
    staff: 12
    shrinkage: 30%
    absence: 0
  roster:
    skills: {billing: {preference: 1, speed: 0.9}}
    shifts:
      - {count: 3, days: mon-fri, start: "08:00", length: 4h, breaks: [{after: 2h, length: 15m}]}
targets:
  service_level: 80/20
  abandonment: 5%
costs: {agent_hour: 32, fte_hours: 38h, currency: AUD}
run: {seed: 1, replications: 50, warm_up: auto}
bot: {opt_out: 0.2, session: 150s}
frustration: {effects: {patience: 0.7}}
mistreatment: {}
fatigue: {recovery_per_hour: {break: 1.8}}
pace: {target: {billing: 5m}, push: 0.6}
"""

OBSERVED = """\
observed:
  {aht: {billing: 390s}, asa: 45s, service_level: 78/30, abandonment: 6.0%, occupancy: 0.86, fcr: 0.7, free: [staff]}
"""


def spoiled(old, new):
    """Return the good text with `old` replaced, and the line on which `old` starts."""
    assert GOOD.count(old) == 1, f"{old!r} must be in the good text once"
    return GOOD.replace(old, new), GOOD[: GOOD.index(old)].count("\n") + 1


def problems_of(text, settings=(), base="."):
    """Return the problems of a text; fail when it has none."""
    try:
        loads(text, settings, base)
    except ScenarioError as error:
        return error.problems
    raise AssertionError("nothing was wrong")
