"""What is settled before the first event beside arrivals and agents: the opening backlog, and the bot's own days."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import expit, ndtr, ndtri

from sim.demand.first_contacts import BACKLOG_NUMBERS, FirstContacts
from sim.demand.horizon import SECOND_US, Horizon
from sim.engine.parameter_table import ParameterTable, resolution_base
from sim.rng.philox import happens, name_hash, uniform
from sim.rng.purposes import Purpose
from sim.rng.scores import score_of
from sim.scenario.model import Scenario

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_BOT = name_hash("bot")


class Beforehand(NamedTuple):
    """From what it is drawn.

    Attributes
    ----------
    backlog : (intents,) items that are there before the first day.
    sd : standard deviation of the log odds of the bot's capability, a day.
    base : (intents,) the log odds about which they lie, so that the mean capability is the stated one.
    outage, length_us : chance of an outage on an open day, and how long it lasts.
    ordinal, open_us, close_us : (days,) the dates' ordinals; opening hours (us), -1 on closed days.
    """

    backlog: Ints
    sd: float
    base: Floats
    outage: float
    length_us: int
    ordinal: Ints
    open_us: Ints
    close_us: Ints


def make_beforehand(scenario: Scenario, table: ParameterTable, horizon: Horizon) -> Beforehand:
    """Return it for a scenario."""
    bot, backlogs = scenario.bot, [intent.opening_backlog for intent in scenario.intents.values()]
    sd, outage = bot.day_sd if bot else 0.0, bot.outage if bot else None
    return Beforehand(
        np.array([backlog.count if backlog else 0 for backlog in backlogs], np.int64),
        sd,
        np.array([resolution_base(float(share), sd) for share in ndtr(table.intents["capable_below"])]),
        outage.per_day if outage else 0.0,
        round(outage.length * SECOND_US) if outage else 0,
        np.array([day.toordinal() for day in horizon.dates], np.int64),
        horizon.open_us,
        horizon.close_us,
    )


def put_backlog(backlog: Ints, calls: FirstContacts, needs: int) -> int:
    """Put what is there before the first day in front of the first arrivals; how many there are now, -1 for no room."""
    there = int(backlog.sum())
    if needs + there > calls.time.size:
        return -1
    for name in ("time", "intent", "day", "number"):
        column = getattr(calls, name)
        column[there : there + needs] = column[:needs].copy()
    calls.time[:there], calls.day[:there] = 0, 0
    calls.intent[:there] = np.repeat(np.arange(backlog.size), backlog)
    calls.number[:there] = BACKLOG_NUMBERS + np.concatenate([np.arange(count) for count in backlog])
    return needs + there


def draw_bot_days(b: Beforehand, k0: int, k1: int, capable_below: Floats, outages: Ints) -> None:
    """Draw how good the bot is on each day, and when it is down.

    Parameters
    ----------
    k0, k1 : the replication's key words.
    capable_below : (intents, days) the score below which the bot is capable.
    outages : (days, 2) begin and end of an outage (us); -1 where there is none.
    """
    if b.sd > 0.0:
        scores = [score_of(uniform(k0, k1, 0, day, _BOT, int(Purpose.BOT_DRIFT), 0)) for day in b.ordinal.tolist()]
        capable_below[:] = ndtri(expit(b.base[:, None] + b.sd * np.array(scores)[None, :]))
    if b.outage <= 0.0:
        return
    for d, day in enumerate(b.ordinal.tolist()):
        outages[d] = -1
        if b.open_us[d] >= 0 and happens(k0, k1, 0, day, _BOT, int(Purpose.OUTAGE), 0, b.outage):
            span = int(b.close_us[d] - b.open_us[d])
            start = int(uniform(k0, k1, 0, day, _BOT, int(Purpose.OUTAGE_START), 0) * span)
            outages[d] = b.open_us[d] + start, b.open_us[d] + start + b.length_us
