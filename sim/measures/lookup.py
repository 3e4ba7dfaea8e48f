"""Where a moment lies among sorted edges, without a search: a table of equal buckets points to the place to look."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.jit import borrowing

Ints = npt.NDArray[np.int64]

_BUCKETS = 4096
_NEVER = np.iinfo(np.int64).max
_LOW_BITS = 0x7FFFFFFF


class Lookup(NamedTuple):
    """Sorted edges and a table over them.

    Attributes
    ----------
    edges : (edges + 1,) the edges, and one that no moment reaches.
    first : (buckets,) how many edges lie at or before the beginning of each bucket.
    shift : binary logarithm of a bucket's width.
    last : the last bucket, which has no end.
    """

    edges: Ints
    first: npt.NDArray[np.uint32]
    shift: int
    last: int


def make_lookup(edges: Ints) -> Lookup:
    """A table over edges of 0 or more with buckets as narrow as their number allows."""
    end = int(edges[-1]) if edges.size else 0
    shift = max(end.bit_length() - _BUCKETS.bit_length() + 1, 0)
    begins = np.arange((end >> shift) + 1, dtype=np.int64) << shift
    first = np.searchsorted(edges, begins, side="right").astype(np.uint32)
    return Lookup(np.append(edges, _NEVER), first, shift, begins.size - 1)


@borrowing
def known(index: int) -> int:
    """An index of 0 or more, told so that compiled code need not ask whether it counts from an array's end."""
    return index & _LOW_BITS


@borrowing
def passed(lookup: Lookup, moment: int) -> int:
    """How many of the edges lie at or before a moment of 0 or later."""
    place = lookup.first[known(min(moment >> lookup.shift, lookup.last))]
    while lookup.edges[known(place)] <= moment:
        place += 1
    return known(place)
