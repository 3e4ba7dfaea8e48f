"""Each engine against queueing theory: every exact case, one family held at 99 %, in intervals that mean something.

The compiled engine sees every figure to 2 %, and among the long tests to 1 %. There the reference engine, which writes
the same records, looks at the same cases with a hundredth of the contacts.
"""

from functools import cache

import pytest

from tests.exact.cases import CASES
from tests.exact.harness import FACTS, FULL, LONG, SHARP, SMALL, findings, holm

BY_ID = {case.id: case for case in CASES}
TIERS = [FULL, *(pytest.param(tier, marks=pytest.mark.long) for tier in (SMALL, SHARP, LONG))]
tiers = pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.name)


@cache
def found(name, tier):
    return findings(BY_ID[name], tier)


@tiers
@pytest.mark.parametrize("name", BY_ID)
def test_the_intervals_are_narrow(name, tier):
    wide = [str(f) for f in found(name, tier) if f.check.limit(tier) and not f.half_width <= f.check.limit(tier)]
    assert not wide, "\n".join(wide)


@tiers
def test_theory_lies_in_the_intervals(tier):
    family = [f for name in BY_ID for f in found(name, tier)]
    disagreeing = holm(family)
    assert not disagreeing, "\n".join(str(f) for f in disagreeing)


def test_every_fact_is_used():
    """The two that are no queue have tests of their own: NB-1 in test_arrivals, INV-LITTLE in test_identities."""
    assert {name.split()[0] for name in BY_ID} | {"NB-1", "INV-LITTLE"} == set(FACTS)
