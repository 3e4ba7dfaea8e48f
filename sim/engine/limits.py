"""What is said when attempts do not fit into this machine."""

from sim.errors import LimitError


def too_many(most: int) -> LimitError:
    """A replication makes more attempts than fit."""
    return LimitError(
        f"this scenario made more than {most:,} contacts in one replication, "
        "the most that this machine's memory holds. Lower arrivals, busyness_cv, customers.redial or "
        "customers.repeat, or set customers.max_attempts."
    )
