"""When agents by counts are relieved."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import chain


def reliefs_of(edges: Sequence[int], counts: Sequence[int], longest: int) -> tuple[list[int], int]:
    """Say when somebody rested takes over, so that nobody is on the queue for much longer than `longest`.

    Those who begin together where nobody was are relieved one after the other, evenly over `longest`, as in a centre
    that has been at work for long. When a count falls, whoever is idle leaves: here, evenly of all that are on duty.

    Parameters
    ----------
    edges : (intervals + 1,) start of each interval and the end of the last (us).
    counts : (intervals,) agents on duty.
    longest : us, above 0.

    Returns
    -------
    times, names
        of every relief, in order (us); how many agents it takes for nobody to come twice.
    """
    times: list[int] = []
    due: deque[int] = deque()
    names = 0
    for at, count in zip(edges, chain(counts, [0]), strict=True):
        while due and due[0] < at:
            times.append(due.popleft())
            due.append(times[-1] + longest)
        on, begins = len(due), not due
        due = deque(due[(2 * j + 1) * on // (2 * count)] for j in range(count)) if on > count else due
        while due and due[0] == at:
            times.append(due.popleft())
            due.append(at + longest)
        fresh = count - len(due)
        names += fresh
        due += [at + max(1, longest * (j + 1) // fresh if begins else longest) for j in range(fresh)]
    return times, names + len(times)
