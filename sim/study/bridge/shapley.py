"""Which coalitions of causes a bar is made of: one order, or the average over all orders that can be.

Shapley (1953). A cause that is part of another one comes right after it in every order (a union in the sense of Owen
1977), so that one which does nothing changes no other cause's bar.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import permutations

Coalition = frozenset[str]
Weights = dict[Coalition, Fraction]


def feasible_orders(groups: Sequence[str], part_of: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return all orders in which every group that is part of another one comes right after it.

    Parameters
    ----------
    groups : a handful; the number of orders is at most their factorial.
    part_of : a group, and the one without which it cannot be.
    """
    return [
        order
        for order in permutations(groups)
        if all(order.index(whole) + 1 == order.index(part) for part, whole in part_of.items())
    ]


def marginals(orders: Sequence[Sequence[str]]) -> dict[str, Weights]:
    """Return, by group, the weight of every coalition's value in what the group adds, on average over orders.

    Summed over groups the weights are 1 for all of them, -1 for none, and exactly 0 for every other coalition.
    """
    share = Fraction(1, len(orders))
    found: dict[str, Weights] = {group: defaultdict(Fraction) for group in orders[0]}
    for order in orders:
        for place, group in enumerate(order):
            found[group][frozenset(order[: place + 1])] += share
            found[group][frozenset(order[:place])] -= share
    return {group: dict(weights) for group, weights in found.items()}
