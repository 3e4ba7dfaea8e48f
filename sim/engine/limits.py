"""How many attempts fit into this machine."""

import os

from sim.errors import LimitError
from sim.scenario.size import BYTES_PER_CONTACT, available_bytes

LEAST = 1_000_000


def most_attempts() -> int:
    """The most attempts that one replication may make while every core runs one."""
    return max(available_bytes() // BYTES_PER_CONTACT // (os.cpu_count() or 1), LEAST)


def too_many(most: int) -> LimitError:
    """What is said when a replication makes more attempts than fit."""
    return LimitError(
        f"the returns of this scenario made more than {most:,} contacts in one replication, "
        "the most that this machine's memory holds. Lower customers.redial or customers.repeat, "
        "or set customers.max_attempts."
    )
