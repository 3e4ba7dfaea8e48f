"""How many attempts one replication may make."""

from sim.errors import LimitError
from sim.loading import size


def refuse_too_many(made: float) -> None:
    """Look at the machine's memory only where attempts are many.

    Raises
    ------
    LimitError
        If a replication makes more attempts than fit.
    """
    if made > size.LEAST and made > size.most_attempts():
        raise too_many(size.most_attempts())


def too_many(most: int) -> LimitError:
    """What is said then."""
    return LimitError(
        f"this scenario made more than {most:,} contacts in one replication, "
        "the most that this machine's memory holds. Lower arrivals, busyness_cv, customers.redial or "
        "customers.repeat, or set customers.max_attempts."
    )
