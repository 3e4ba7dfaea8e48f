"""How much longer contacts of some kinds became than the others did: differences in differences of log talk times.

Fixed effects take out what is common: the date (season), the hour, the intent, and the agent in each period, so that
agents who learn meanwhile count for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.linalg import lsmr

from sim.learning.contacts import Bools, Floats, Ints

TOLERANCE = 1e-9
MOST_STEPS = 2000
LEAST_LEFT = 1e-4
"""A kind of contact of which the fixed effects leave less than this share is not told apart from them."""


@dataclass(frozen=True)
class Contrast:
    """Shifts in log talk time.

    Attributes
    ----------
    shifts : (k,) by kind; nan where the fixed effects explain all of it.
    influence : (contacts, k) what each contact adds to the error of each shift.
    rest : (contacts,) log talk time less all fixed effects, the shifts left in.
    noise : (contacts,) the same less the shifts.
    left : (k,) share of each kind's own information that is left beside the fixed effects.
    """

    shifts: Floats
    influence: Floats
    rest: Floats
    noise: Floats
    left: Floats


def contrast(values: Floats, weights: Floats, effects: Sequence[Ints], kinds: Sequence[Bools | Floats]) -> Contrast:
    """Least squares of values on fixed effects and kinds of contacts.

    Parameters
    ----------
    values : (contacts,) log talk times.
    weights : (contacts,) 1 / variance.
    effects : (contacts,) numbers of levels, one array an effect.
    kinds : (contacts,) where each kind is, kinds excluding each other; or anything else that may lengthen talk.
    """
    root = np.sqrt(weights)
    design = _design(effects, root)
    own, kept = _without(design, values * root), []
    for kind in kinds:
        kept.append(_without(design, np.asarray(kind * root, np.float64)))
    wanted: Floats = np.stack(kept, axis=1) if kept else np.zeros((values.size, 0))
    gram, alone = wanted.T @ wanted, np.array([float((kind * kind * weights).sum()) for kind in kinds])
    left = np.diag(gram) / np.maximum(alone, 1e-300)
    told = left > LEAST_LEFT
    inverse = np.zeros_like(gram)
    inverse[np.ix_(told, told)] = np.linalg.inv(gram[np.ix_(told, told)])
    shifts = inverse @ (wanted.T @ own)
    noise = (own - wanted @ shifts) / root
    influence = (wanted * (noise * root)[:, None]) @ inverse
    moved = np.stack([np.asarray(kind, np.float64) for kind in kinds], axis=1) @ shifts if kept else 0.0
    rest = np.asarray(noise + moved)
    return Contrast(np.where(told, shifts, np.nan), influence, rest, noise, np.where(told, left, 0.0))


def _design(effects: Sequence[Ints], root: Floats) -> sparse.csr_array:
    """One column a level, scaled to length one so that least squares converge soon."""
    count, parts = root.size, []
    for levels in effects:
        codes = np.unique(levels, return_inverse=True)[1]
        norm = np.sqrt(np.bincount(codes, root * root))
        part = sparse.csr_array((root / norm[codes], (np.arange(count), codes)), shape=(count, norm.size))
        parts.append(part)
    return sparse.csr_array(sparse.hstack(parts, format="csr"))


def _without(design: sparse.csr_array, values: npt.NDArray[np.float64]) -> Floats:
    """What is left of values beside the fixed effects."""
    found = lsmr(design, values, atol=TOLERANCE, btol=TOLERANCE, maxiter=MOST_STEPS)[0]
    return np.asarray(values - design @ found)
