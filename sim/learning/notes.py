"""What to know before trusting what was learned, in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from sim.learning.adjusted import ASKED, CHOSEN, Adjusted
from sim.learning.apart import BotShare
from sim.learning.checks import ShiftCheck
from sim.learning.clusters import Interval
from sim.learning.contacts import NOBODY, Arm, LoggedContacts, SessionEnd, Sessions
from sim.learning.containment import Intake
from sim.learning.further import contradicted


def notes_on(
    data: Adjusted,
    checks: Sequence[ShiftCheck],
    sessions: Sessions | None,
    contacts: LoggedContacts,
    bots: dict[int, BotShare],
    by_shape: bool,
) -> Iterator[str]:
    """What to know before trusting it."""
    if data.control == "none":
        yield (
            "there is no control: no customers drawn at random who do not meet the bot, and no intent without one. A "
            "change of handle time for another reason cannot be told from the bot's choosing"
        )
    if data.control == "intents":
        yield (
            "the bot's intents are set beside those without one. A change that came to the bot's intents alone would "
            "look the same as its choosing: only a control arm, customers drawn at random, tells the two apart"
        )
    for check in checks:
        if not check.passed:
            moved = f"{100 * math.expm1(check.shift):+.1f} %"
            yield f"talk times moved where no bot can be the reason ({check.what}): {moved}, p = {check.p_value:.2g}"
    if not (contacts.customer != NOBODY).any():
        yield "customers are not known: returns count as new contacts, and make what reaches agents look harder"
    if sessions is None:
        yield "there is no log of the bot's sessions: opt-out and what became of them stay beliefs"
    unchecked = [contacts.intents[i] for i, bot in bots.items() if math.isnan(bot.intake.false_share.value)]
    if unchecked:
        which = "" if len(unchecked) == len(bots) else f" of {', '.join(unchecked)}"
        yield (
            f"too few contained sessions{which} say whether they resolved anything: the share that the bot can resolve "
            "rests on what is believed of false_share, and intervals are as much wider"
        )
    if data.lengthened.lost_spread > 0.0:
        how = "as the shape of talk times tells it" if by_shape else "as it is believed"
        yield (
            "no column says whether the context came along: the time that lost context takes (bot.context_kept, "
            f"bot.lost_context_time) is taken out {how}, and intervals are as much wider"
        )
    if not any(kind.way == ASKED for kind in data.kinds) and any(kind.way == CHOSEN for kind in data.kinds):
        yield "contacts do not say who asked for a human at once: they are taken for as many as the sessions say"
    if (contacts.arm == Arm.CONTROL).any():
        share = _exposed(contacts, sessions)
        yield (
            "arms that share a queue spill over: waits, abandonment and fatigue are those of both. A pilot in which "
            f"{100 * share:.0f} % of contacts are of exposed customers says nothing of congestion with all of them"
        )


def contradictions(names: tuple[str, ...], by_checks: dict[int, Intake], least: dict[int, Interval]) -> Iterator[str]:
    """False shares of which checked sessions say clearly less than who came back."""
    for i in sorted(by_checks.keys() & least.keys()):
        checked, back = by_checks[i].false_share, least[i]
        if contradicted(checked, back):
            yield (
                f"{names[i]}: {100 * checked.value:.0f} % of the contained sessions that were checked resolved "
                f"nothing, and after {100 * back.value:.0f} % of all contained ones the customer came back for the "
                "same need. Draw the sessions to be checked at random; the interval of false_share holds both"
            )


def _exposed(contacts: LoggedContacts, sessions: Sessions | None) -> float:
    """Share of customers' contacts, those that the bot kept among them, that are of the pilot arm."""
    reached = contacts.arm[contacts.after]
    pilot, control = float((reached == Arm.PILOT).sum()), float((reached == Arm.CONTROL).sum())
    if sessions is not None:
        pilot += float(np.isin(sessions.ended, (SessionEnd.CONTAINED, SessionEnd.LEFT)).sum())
    return pilot / (pilot + control)
