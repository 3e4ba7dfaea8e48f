"""Worlds of every kind, audited: the rules of the floor hold in each of them."""

import pytest
from hypothesis import given, settings

from tests.properties.audit import audit
from tests.properties.conftest import LONG, QUICK
from tests.properties.worlds import play, worlds


@settings(QUICK)
@given(world=worlds())
def test_the_rules_hold(engine, world):
    audit(play(world, engine))


@pytest.mark.long
@settings(LONG)
@given(world=worlds())
def test_the_rules_hold_in_thousands_of_worlds(engine, world):
    audit(play(world, engine))
