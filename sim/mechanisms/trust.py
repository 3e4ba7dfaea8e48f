"""Trust of a customer, 0 to 1, and what it does to asking for a human (docs/evidence.md, section 8)."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.jit import compiled
from sim.mechanisms.declaration import Checked, Mechanism, Numbers
from sim.mechanisms.resolution import expit
from sim.schema.base import Section, param
from sim.schema.values import NonNegative, Share


class Trust(Section):
    """What is left of a customer's trust in the company and its bot (evidence 8)."""

    start: Share = param(0.6, "Trust of a new customer", source="Deloitte TrustID: direction", grade="W")
    failed_bot: Share = param(
        0.05, "Fall with a session that the bot fails", source="Deloitte TrustID: direction", grade="W"
    )
    unresolved: Share = param(
        0.10, "Fall with a contact that leaves the need unresolved", source="Deloitte TrustID: direction", grade="W"
    )
    good: Share = param(0.03, "Rise with a need resolved", source="Deloitte TrustID: direction", grade="W")
    opt_out: NonNegative = param(
        4.0, "Log odds of asking for a human at once + k (start - trust)", source="assumption (evidence 8)", grade="A"
    )


@compiled
def lowered(trust: float, step: float) -> float:
    """Trust after something bad: less by a step, 0 at least."""
    return max(trust - step, 0.0)


@compiled
def lifted(trust: float, step: float) -> float:
    """Trust after something good: more by a step, 1 at most."""
    return min(trust + step, 1.0)


@compiled
def opt_out_share(share: float, lost: float, slope: float) -> float:
    """Share that asks for a human at once when so much trust is lost: log odds + slope x lost."""
    if lost * slope == 0.0 or share <= 0.0 or share >= 1.0:
        return share
    return expit(math.log(share / (1.0 - share)) + slope * lost)


class TrustParameters(NamedTuple):
    """Steps of trust, and what a unit lost adds to the log odds of asking for a human."""

    start: float = 0.0
    failed_bot: float = 0.0
    unresolved: float = 0.0
    good: float = 0.0
    slope: float = 0.0


def law(section: Trust, _numbers: Numbers) -> TrustParameters:
    """Turn the section into numbers."""
    return TrustParameters(section.start, section.failed_bot, section.unresolved, section.good, section.opt_out)


def check(checked: Checked) -> None:
    """Say where it has nothing to act on."""
    scenario, report = checked.scenario, checked.reporter
    if scenario.bot is None and not report.failed("bot") and scenario.csat is None:
        report.note("trust has no effect: there is no bot to ask past, and no csat")


MECHANISM = Mechanism(
    "trust",
    Trust,
    TrustParameters,
    law,
    null={"trust.opt_out": 0.0},
    neutral={"failed_bot": 1, "unresolved": 1, "opt_out": 0},
    writes=frozenset({"trust_end"}),
    check=check,
    bar="frustration",
)
