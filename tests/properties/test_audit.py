"""Worlds of every kind, audited: the rules of the floor hold in each of them."""

import pytest
from hypothesis import given, settings

from tests.properties.audit import audit
from tests.properties.audit_channels import audit_channels
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


@settings(QUICK, max_examples=40)
@given(world=worlds(channels=True))
def test_the_rules_of_channels_hold(engine, world):
    audit_channels(play(world, engine))


@pytest.mark.long
@settings(LONG)
@given(world=worlds(channels=True))
def test_the_rules_of_channels_hold_in_thousands_of_worlds(engine, world):
    audit_channels(play(world, engine))
