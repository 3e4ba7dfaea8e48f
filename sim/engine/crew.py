"""Who sits in the seats of a roster, where it is not simply its own agents: people by name, and how long each is there.

Without a crew an agent is named by its group and its number in it, and its time in the job is drawn.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.rng.philox import name_hash

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Crew(NamedTuple):
    """The people of a roster, one a seat, in the order of its agents.

    Attributes
    ----------
    word, number : (agents,) the name that each one's draws go by: a hash and a number.
    tenure_s : (agents,) time in the job (s); nan where it is drawn, as for agents without a crew.
    added_s : (agents,) what is added to it.
    """

    word: Ints
    number: Ints
    tenure_s: Floats
    added_s: Floats


def own_crew(groups: list[str], sizes: list[int]) -> Crew:
    """Return the roster's own agents.

    Parameters
    ----------
    groups, sizes : names of the groups, and how many agents each has.
    """
    word = np.repeat(np.array([name_hash(name) for name in groups], np.int64), sizes)
    number = np.concatenate([np.arange(size, dtype=np.int64) for size in sizes]) if sizes else np.zeros(0, np.int64)
    return Crew(word, number, np.full(word.size, np.nan), np.zeros(word.size))
