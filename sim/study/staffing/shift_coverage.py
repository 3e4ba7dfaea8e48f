"""Shifts that meet the goals themselves: covered, simulated with their breaks, and covered anew where that misses."""

from __future__ import annotations

import numpy as np

from sim.scenario.model import Scenario
from sim.study.staffing.evaluator import Evaluator
from sim.study.staffing.plan import Ints
from sim.study.staffing.shifts import ShiftPlan, ShiftRules, cover
from sim.study.staffing.verification import Verification, prove

FIRST, ROUNDS = 1_000, 12
"""Number of the first round, whose seed is its own; rounds at most."""


def hold(
    bench: Evaluator, scenario: Scenario, counts: Ints, rules: ShiftRules, budget: float
) -> tuple[ShiftPlan, Verification]:
    """Cover the agents required, and more where breaks and their bunching would miss a goal.

    Shifts that the rules let be short are covered once and simulated.

    Parameters
    ----------
    bench : the goals.
    scenario : whose groups are to work shifts.
    counts : (groups, blocks) the agents required.
    rules : what shifts may be.
    budget : first attempts of a proof at most.

    Returns
    -------
    roster, proof
        the shifts, and themselves on fresh replications; where every round missed something, the first of those that
        miss least.
    """
    need, tried = counts, []
    bench.begin(ROUNDS)
    for number in range(FIRST, FIRST + ROUNDS):
        roster = cover(scenario, bench.ground, need, rules)
        proof = prove(bench, need, number, budget, scenario=roster.scenario)
        tried.append((roster, proof))
        if proof.accepted or rules.under is not None:
            return tried[-1]
        need = _more(bench, need, roster, proof)
    return min(tried, key=lambda found: len(found[1].open))


def _more(bench: Evaluator, need: Ints, roster: ShiftPlan, proof: Verification) -> Ints:
    """One agent on the queue more where a goal is not sure, of the group whose shifts have least to spare there."""
    found, block_of = need.copy(), bench.ground.block_of
    for a, c in proof.open:
        for b in bench.asked[a].blocks[c].tolist():
            there = np.array([s[block_of == b].min() for s in roster.scheduled])
            spare = np.where(need[:, b] > 0, (there - need[:, b]) / np.sqrt(need[:, b] + 1.0), np.inf)
            tight = int(np.argmin(spare))
            if np.isfinite(spare[tight]):
                found[tight, b] = max(found[tight, b], int(there[tight] + 1e-9) + 1)
    return found
