"""Keys that are none: what stands elsewhere, what is planned, what is not modelled."""

import pytest

from sim.errors import ScenarioError
from sim.loading.load import loads
from sim.loading.shape import places_of
from sim.loading.unknown_keys import KINDS

from .texts import GOOD


def said(setting):
    with pytest.raises(ScenarioError) as refused:
        loads(GOOD, [setting])
    (problem,) = refused.value.problems
    assert problem.message == "is not a key"
    return problem.fix


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("hiring={}", "It is a key of horizon."),
        ("new_hires=4", "Write horizon: {hiring: {classes: [{month: 3, group: claims, count: 6}]}}"),
        ("agents.general.training=4h", "Write agents.NAME.shrinkage, or absence"),
        ("agents.general.trunks=20", "Write queues: {billing: {limit: 40}}"),
        ("intents.billing.Call-Backs=yes", "Write customers.callback"),
        ("calendar.timezone=UTC", "the clock on the wall"),
        ("shrinkage=30%", "It is a key of agents.NAME. Allowed: schema_version"),
        ("agents.general.breaks=[]", "It is a key of agents.NAME.shifts. Allowed: skills"),
        ("target=4m", "It is a key of pace. Did you mean targets?"),
        ("patiance=4m", "Did you mean pace?"),
        ("intents.billing.acw=4m", "Write intents.NAME.wrap_up. Allowed here: share"),
    ],
)
def test_what_is_said(setting, words):
    assert words in said(setting)


def test_a_kind_has_no_key_that_there_is():
    """What is built leaves the table: a name in it is a key nowhere, or of months or one kind of thing alone."""
    named = [name for names, _ in KINDS for name in names.split()]
    everywhere = [name for name in named if len([p for p in places_of(name) if not p.startswith("horizon")]) > 1]
    assert len(named) >= 60
    assert everywhere == []
