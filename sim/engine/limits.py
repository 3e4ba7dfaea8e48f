"""How much fits into this machine."""

import os

BYTES_AN_ATTEMPT = 1200
"""What an attempt costs at its peak: its record, two agent segments and the events in flight."""


def available_bytes() -> int:
    """Memory that can be had without swapping (bytes)."""
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def most_attempts() -> int:
    """The most attempts that one replication may make."""
    return max(available_bytes() // BYTES_AN_ATTEMPT, 1_000_000)
