"""Each engine against queueing theory: every exact case, one family held at 99 %, in intervals that mean something.

The compiled engine sees every figure to 2 %, and among the long tests to 1 %. There the reference engine, which writes
the same records, looks at the same cases with a hundredth of the contacts.
"""

from functools import cache

import pytest

from tests.exact.cases import CASES
from tests.exact.harness import FACTS, FULL, LONG, SHARP, SMALL, findings, holm

BY_ID = {case.id: case for case in CASES}
LATER = (SMALL, SHARP, LONG)
tiers = pytest.mark.parametrize(
    "tier", [FULL, *(pytest.param(tier, marks=pytest.mark.long) for tier in LATER)], ids=lambda tier: tier.name
)
DEAR = {"ErlC-3", "ErlA-07", "C1", "C3", "K2", "B1-4", "B1-6", "Mt-8h-shifts"}
"""A hundred agents each, long memories or agents kept free: more contacts than all others, left to the long tests."""


def names(tier):
    return [name for name in BY_ID if tier is not FULL or name not in DEAR]


EACH = [
    pytest.param(name, tier, marks=[pytest.mark.long] * (tier is not FULL), id=f"{name}-{tier.name}")
    for tier in (FULL, *LATER)
    for name in names(tier)
]


@cache
def found(name, tier):
    return findings(BY_ID[name], tier)


@pytest.mark.parametrize(("name", "tier"), EACH)
def test_the_intervals_are_narrow(name, tier):
    wide = [str(f) for f in found(name, tier) if f.check.limit(tier) and not f.half_width <= f.check.limit(tier)]
    assert not wide, "\n".join(wide)


@tiers
def test_theory_lies_in_the_intervals(tier):
    family = [f for name in names(tier) for f in found(name, tier)]
    disagreeing = holm(family)
    assert not disagreeing, "\n".join(str(f) for f in disagreeing)


def test_every_fact_is_used():
    """The two that are no queue have tests of their own: NB-1 in test_arrivals, INV-LITTLE in test_identities."""
    assert {name.split()[0] for name in BY_ID} | {"NB-1", "INV-LITTLE"} == set(FACTS)
