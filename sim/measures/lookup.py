"""Where a moment lies among sorted edges, without a search: a table of equal buckets points to the place to look."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.jit import inlined

Ints = npt.NDArray[np.int64]

_BUCKETS = 4096
_NEVER = np.iinfo(np.int64).max


class Lookup(NamedTuple):
    """Sorted edges and a table over them.

    Attributes
    ----------
    edges : (edges + 1,) the edges, and one that no moment reaches.
    first : (buckets,) how many edges lie at or before the beginning of each bucket of 2 ** `shift`.
    shift : binary logarithm of a bucket's width.
    """

    edges: Ints
    first: Ints
    shift: int


def make_lookup(edges: Ints) -> Lookup:
    """A table over edges of 0 or more with buckets as narrow as their number allows."""
    last = int(edges[-1]) if edges.size else 0
    shift = max(last.bit_length() - _BUCKETS.bit_length() + 1, 0)
    begins = np.arange((last >> shift) + 1, dtype=np.int64) << shift
    return Lookup(np.append(edges, _NEVER), np.searchsorted(edges, begins, side="right"), shift)


@inlined
def passed(lookup: Lookup, moment: int) -> int:
    """How many of the edges lie at or before a moment."""
    bucket = min(max(moment >> lookup.shift, 0), lookup.first.size - 1)
    place = lookup.first[bucket] if moment >= 0 else 0
    while lookup.edges[place] <= moment:
        place += 1
    return int(place)
