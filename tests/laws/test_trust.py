"""Trust of a customer, by hand."""

import math

import pytest

from sim.mechanisms.trust import lifted, lowered, opt_out_share

SHARES = [0.0, 1e-300, 1e-9, 0.1, 0.2, 1 / 3, 0.55, 0.999, 1.0 - 2**-53, 1.0]


def logit(share):
    return math.log(share / (1 - share))


# Trust


def test_steps_by_hand():
    """The default steps from a start of .6: a failed session, an unresolved contact, a need resolved."""
    assert lowered(0.6, 0.05) == pytest.approx(0.55)
    assert lowered(lowered(0.6, 0.05), 0.10) == pytest.approx(0.45)
    assert lifted(0.45, 0.03) == pytest.approx(0.48)


def test_trust_stays_between_nothing_and_whole():
    assert lowered(0.04, 0.05) == 0.0
    assert lowered(0.05, 0.05) == 0.0
    assert lowered(0.0, 1.0) == 0.0
    assert lifted(0.98, 0.03) == 1.0
    assert lifted(1.0, 0.03) == 1.0
    assert lifted(0.0, 1.0) == 1.0


@pytest.mark.parametrize("trust", [0.0, 0.1, 0.6, 1 / 3, 1.0])
def test_a_step_of_nothing_changes_no_bit(trust):
    assert lowered(trust, 0.0) == trust
    assert lifted(trust, 0.0) == trust


# Asking for a human


@pytest.mark.parametrize("share", [0.1, 0.2, 0.55, 0.9])
@pytest.mark.parametrize("lost", [-0.4, -0.03, 0.05, 0.6])
@pytest.mark.parametrize("slope", [0.5, 4.0])
def test_trust_lost_adds_to_the_log_odds(share, lost, slope):
    found = opt_out_share(share, lost, slope)
    assert found == pytest.approx(1 / (1 + (1 - share) / share * math.exp(-slope * lost)), rel=1e-12)
    assert logit(found) - logit(share) == pytest.approx(slope * lost, abs=1e-12)


def test_the_defaults_by_hand():
    """A fifth asks at once; after a failed session, .05 of trust and a slope of 4, .2339. Odds .25 e^.2 = .30535."""
    assert opt_out_share(0.20, 0.05, 4.0) == pytest.approx(0.30535069 / 1.30535069, rel=1e-7)
    assert opt_out_share(0.20, 0.05, 4.0) == pytest.approx(0.2339, abs=5e-5)
    assert opt_out_share(0.55, 0.15, 4.0) == pytest.approx(0.6901, abs=5e-5)


def test_who_trusts_more_than_at_first_asks_less():
    assert opt_out_share(0.2, -0.03, 4.0) < 0.2 < opt_out_share(0.2, 0.03, 4.0)


@pytest.mark.parametrize("share", SHARES)
def test_no_trust_lost_or_no_slope_changes_no_bit(share):
    assert opt_out_share(share, 0.0, 4.0) == share
    assert opt_out_share(share, 0.3, 0.0) == share
    assert opt_out_share(share, -0.0, 4.0) == share
    assert opt_out_share(share, 0.0, 0.0) == share


@pytest.mark.parametrize("lost", [-1.0, -0.2, 0.2, 1.0])
@pytest.mark.parametrize("slope", [4.0, 1e6])
def test_nobody_and_everybody_stay_so(lost, slope):
    """A share of 0 or 1 is no matter of trust."""
    assert opt_out_share(0.0, lost, slope) == 0.0
    assert opt_out_share(1.0, lost, slope) == 1.0


def test_any_slope_leaves_a_share():
    assert opt_out_share(0.2, 1.0, 1e6) == 1.0
    assert opt_out_share(0.2, -1.0, 1e6) == 0.0
    assert 0.0 <= opt_out_share(1e-300, 1.0, 700.0) <= 1.0
