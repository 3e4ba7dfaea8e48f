"""How many attempts fit into this machine."""

import os

from sim.scenario.size import BYTES_PER_CONTACT, available_bytes

LEAST = 1_000_000


def most_attempts() -> int:
    """The most attempts that one replication may make while every core runs one."""
    return max(available_bytes() // BYTES_PER_CONTACT // (os.cpu_count() or 1), LEAST)
