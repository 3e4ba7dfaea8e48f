"""Compile once, in one process, before several need it; and say so. Where that has been done, nothing is done."""

import logging
from functools import cache

from sim.engine import SIMPY, prepare
from sim.jit import brought_for, is_warm, mark_warm
from sim.loading.load import changed, loads
from sim.measures import make_frame
from sim.mechanisms import built_in
from sim.study.tallies import count_chunk

LOGGER = logging.getLogger("ccsim")
"""A program that has set up no logging of its own shows its warnings on stderr, as they are."""
TINY = """
name: every mechanism once
calendar: {start: 2026-01-05, days: 1, hours: "08:00-10:00", interval: 30m}
arrivals: {per_day: 40, busyness_cv: 0.1}
intents:
  a: {share: 0.5, talk_time: {distribution: gamma, mean: 5m, cv: 1}, wrap_up: 1m, resolution: 0.5, bot: {resolves: 0.3}}
  b: {share: 0.5, talk_time: 5m, resolution: 0.5}
customers: {patience: 1m, balk: 0.1, redial: {probability: 0.5, next_day: 0}, repeat: {probability: 0.5, delay: 10m}}
agents: {all: {skills: [a, b], staff: 2, absence: 0.1}, lead: {skills: [other], staff: 1}}
run: {warm_up: 0s, follow_up: 0s}
"""

BEYOND = {"intents.b.channel": "chat"}
"""What is not by phone alone; the compiled engine has another loop for that."""


@cache
def warm_up(engine: str, by_phone: bool = True) -> None:
    """Compile what an engine needs and what counts its records, where this machine has not done so before.

    Parameters
    ----------
    engine : compiled or simpy.
    by_phone : whether what is to be played is by phone alone.
    """
    beyond = engine != SIMPY and not by_phone
    name = f"{engine}-channels" if beyond else engine
    if is_warm(name):
        return
    if brought_for() is not None:
        LOGGER.warning(
            "The compiled code that came with ccsim is for another source, Python, numba or machine: not used."
        )
    what = "its engine for more than calls" if beyond else "its engine"
    LOGGER.warning(f"ccsim compiles {what}, once on this machine: half a minute or so.")
    scenario = changed(loads(TINY), {mechanism.name: dict(mechanism.tiny or {}) for mechanism in built_in()})
    scenario = changed(scenario, BEYOND) if beyond else scenario
    prepared = prepare(scenario)
    if engine == SIMPY:
        prepared.replicate(1, 0, SIMPY)
    count_chunk(prepared.compiled, make_frame(scenario), 1, 0, 2)
    mark_warm(name)
