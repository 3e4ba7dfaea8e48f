"""Which agents take which contacts: groups of agents seen to take the same intents, and the skills that follow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.calibrate.fits.estimate import Floats

TAKES = 0.2
"""An agent takes an intent who has at least a fifth of the share of it that all agents have."""
ENOUGH_CALLS = 40
SMALL_INTENT = 0.03
LEAST_SHARE, MOST_GROUPS = 0.15, 3
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Skills:
    """Groups of agents.

    Attributes
    ----------
    groups : names.
    takes : (groups, intents) which group takes which intent.
    member : (agents,) the group of each agent.
    skill : of each intent: intents that the same groups take share one.
    """

    groups: tuple[str, ...]
    takes: Bools
    member: npt.NDArray[np.int64]
    skill: tuple[str, ...]


def skills_of(
    agent: npt.NDArray[np.int64], intent: npt.NDArray[np.int64], work: Floats, names: tuple[str, ...]
) -> Skills:
    """Group agents by what they take.

    At most three groups, each with 15 % of the work or more: half-hours have few agents, and groups are whole numbers.

    Parameters
    ----------
    agent, intent, work : of each answered contact with a known agent; work is its seconds.
    names : of the intents.
    """
    if not agent.size:
        return Skills(("agents",), np.ones((1, len(names)), bool), np.zeros(0, np.int64), ("general",) * len(names))
    agents = int(agent.max()) + 1
    seen = np.zeros((agents, len(names)))
    np.add.at(seen, (agent, intent), 1.0)
    usual = seen.sum(axis=0) / max(seen.sum(), 1.0)
    counted = usual >= SMALL_INTENT
    calls = seen.sum(axis=1)
    own = seen / np.maximum(calls, 1.0)[:, None]
    takes = (own >= TAKES * usual) | ~counted | (calls < ENOUGH_CALLS)[:, None]
    weight = np.bincount(agent, work, agents).astype(np.float64)
    member, sets = _groups(takes, weight, usual)
    sets[0] |= ~sets.any(axis=0)
    return Skills(_group_names(sets, names), sets, member, _skill_names(sets, names))


def _groups(takes: Bools, weight: Floats, usual: Floats) -> tuple[npt.NDArray[np.int64], Bools]:
    """Merge the smallest set of agents into the nearest until few and large ones are left."""
    sets, member = np.unique(takes, axis=0, return_inverse=True)
    member = member.ravel()
    while True:
        size = np.bincount(member, weight, len(sets)) / max(weight.sum(), 1e-12)
        small = int(np.argmin(size))
        if len(sets) == 1 or (size[small] >= LEAST_SHARE and len(sets) <= MOST_GROUPS):
            order = np.argsort(-size, kind="stable")
            return np.argsort(order)[member], sets[order]
        away = ((sets != sets[small]) * usual).sum(axis=1) - 1e-6 * size
        away[small] = np.inf
        nearest = int(np.argmin(away))
        if size[small] > size[nearest]:
            sets[nearest] = sets[small]
        member = np.where(member == small, nearest, member)
        sets, member = np.delete(sets, small, axis=0), member - (member > small)


def _group_names(sets: Bools, names: tuple[str, ...]) -> tuple[str, ...]:
    """What each group does not take, or that it takes all."""
    if len(sets) == 1:
        return ("agents",)
    labels = []
    for row in sets:
        missing = [name for name, taken in zip(names, row, strict=True) if not taken]
        labels.append("all_contacts" if not missing else f"without_{'_'.join(missing)}"[:40].rstrip("_"))
    return tuple(name if labels.count(name) == 1 else f"{name}_{number + 1}" for number, name in enumerate(labels))


def _skill_names(sets: Bools, names: tuple[str, ...]) -> tuple[str, ...]:
    """One skill for all intents that the same groups take, named after the first."""
    columns = [tuple(column) for column in sets.T]
    return tuple(names[columns.index(column)] if not all(column) else "general" for column in columns)
