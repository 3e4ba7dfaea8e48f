"""Talk times made comparable: what is common to all intents is taken out, and how the kinds of contacts then differ."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.learning.clusters import clusters, variance
from sim.learning.contacts import DAY_S, NOBODY, Arm, Bools, Floats, Ints, LoggedContacts, Route
from sim.learning.contrasts import Contrast, contrast
from sim.learning.lengthened import NOT_AT_ALL, Lengthened

HOUR_S = 3600.0
LEAST_TALK_S = 1.0
LEAST_CONTACTS = 100
ENOUGH_TO_SCALE = 500.0
"""Half as many contacts as each period must have, so that a spread is known to 3 % and its own error moves little."""
LEAST_SPREAD = 1e-6
"""Of log talk times: those that are all alike tell nothing."""
CHOSEN, ASKED, BEGAN_ANEW = "chosen", "asked for a human", "began anew"


@dataclass(frozen=True)
class Kind:
    """Contacts of an intent that met the bot, of one way to an agent.

    Attributes
    ----------
    way : chosen (by the bot, to be handed over, or of unknown way), asked for a human at once, or began anew (handed
        over, and the context was lost).
    rows : which contacts.
    """

    intent: int
    way: str
    rows: Bools


@dataclass(frozen=True)
class Adjusted:
    """Answered first contacts with a talk time, and how those that met the bot differ from all others.

    Attributes
    ----------
    contacts : those that are used.
    met : which of them met the bot.
    kinds : of contacts that met the bot, in the order of the shifts.
    found : the shifts, in log talk time.
    values, weights, effects : log talk times, 1 / their variance, and the levels of the fixed effects.
    lengthened : what is taken out of the talk of those who were handed over.
    control : what they are set beside: `arm` (a randomised control arm), `intents` (those without a bot), or `none`.
    """

    contacts: LoggedContacts
    met: Bools
    kinds: tuple[Kind, ...]
    found: Contrast
    control: str
    lengthened: Lengthened
    values: Floats
    weights: Floats
    effects: tuple[Ints, ...]

    @cached_property
    def clusters(self) -> int:
        """Days or agents, whichever are fewer."""
        return clusters(self.contacts.day, self.contacts.agent)

    @cached_property
    def rest(self) -> Floats:
        """(contacts,) what is left of log talk times, as widely spread after the bot came as before.

        Tired agents' talk is spread more widely, and a bot changes how tired they are: by how much is told by contacts
        that no bot has chosen from, of the intents that have such in both periods.
        """
        return np.where(self.contacts.after, self.found.rest / self._wider, self.found.rest)

    @cached_property
    def _wider(self) -> float:
        """How many times as widely log talk times are spread after the bot came."""
        ratios: list[float] = []
        weights: list[float] = []
        for intent in np.unique(self.contacts.intent):
            own = self.reference(int(intent))
            before, with_bot = (self.found.noise[own & (self.contacts.after == after)] for after in (False, True))
            if min(before.size, with_bot.size) < LEAST_CONTACTS or min(before.std(), with_bot.std()) < LEAST_SPREAD:
                continue
            ratios.append(float(with_bot.var() / before.var()))
            weights.append(1.0 / (1.0 / before.size + 1.0 / with_bot.size))
        return math.sqrt(np.average(ratios, weights=weights)) if sum(weights) >= ENOUGH_TO_SCALE else 1.0

    def variance(self, influence: Floats) -> Floats:
        """Covariance of estimates by what each contact adds to their error."""
        return variance(influence, self.contacts.day, self.contacts.agent)

    def kind(self, intent: int, way: str) -> int:
        """The place of a kind; -1 where there is none."""
        places = [k for k, kind in enumerate(self.kinds) if (kind.intent, kind.way) == (intent, way)]
        return places[0] if places else -1

    def spread(self, intent: int) -> float:
        """Standard deviation, by belief, of what was taken from the log talk times of those who were handed over."""
        own = self.values[self.reference(intent)]
        return math.hypot(self.lengthened.spread, lost_by_belief(own, self.lengthened) * self.lengthened.lost_spread)

    def reference(self, intent: int) -> Bools:
        """The contacts of an intent that no bot has chosen from."""
        return np.asarray((self.contacts.intent == intent) & ~self.met)


def met_bot(contacts: LoggedContacts, bot_intents: frozenset[int]) -> Bools:
    """Which contacts can have been chosen by the bot: after it came, of its intents, outside the control arm."""
    named = np.isin(contacts.intent, list(bot_intents))
    exposed = (contacts.arm != Arm.CONTROL) & (contacts.route != Route.STRAIGHT)
    return np.asarray(contacts.after & named & exposed)


def control_of(contacts: LoggedContacts, met: Bools) -> str:
    """What contacts that met the bot can be set beside in the same days."""
    there = contacts.after & ~met
    own = np.unique(contacts.intent[met])
    if (there & np.isin(contacts.intent, own) & (contacts.arm == Arm.CONTROL)).sum() >= LEAST_CONTACTS:
        return "arm"
    return "intents" if (there & ~np.isin(contacts.intent, own)).sum() >= LEAST_CONTACTS else "none"


def adjusted(
    contacts: LoggedContacts,
    bot_intents: frozenset[int],
    lengthened: Lengthened = NOT_AT_ALL,
    unchosen: Mapping[int, float] | None = None,
) -> Adjusted:
    """Take out of talk times what is common to all intents.

    Parameters
    ----------
    contacts : first contacts of their needs.
    bot_intents : numbers of the intents that have a bot.
    lengthened : what lengthens the talk of those who were handed over beside how hard their needs are.
    unchosen : by intent, the share of contacts of unknown way who asked for a human at once.
    """
    met = met_bot(contacts, bot_intents)
    rows = contacts.talk_s > 0.0
    contacts, met = contacts.chosen(rows), met[rows]
    values = np.log(np.maximum(contacts.talk_s, LEAST_TALK_S))
    values -= _beside_choosing(contacts, met, values, lengthened, unchosen or {})
    control = control_of(contacts, met)
    kinds = kinds_of(contacts, met)
    effects = [_intents(contacts, control), contacts.day, (contacts.time_s % DAY_S // HOUR_S).astype(np.int64)]
    if control == "none":
        effects[1] = np.zeros_like(contacts.intent)
    effects.append(_agents(contacts, met, control))
    weights = _weights(values, contacts.intent)
    found = contrast(values, weights, effects, [kind.rows for kind in kinds])
    return Adjusted(contacts, met, kinds, found, control, lengthened, values, weights, tuple(effects))


def _beside_choosing(
    contacts: LoggedContacts, met: Bools, values: Floats, lengthened: Lengthened, unchosen: Mapping[int, float]
) -> Floats:
    """(contacts,) what is taken from log talk times: of those handed over, and their share of those of unknown way."""
    taken = np.zeros(len(contacts))
    for intent in np.unique(contacts.intent[met]):
        own = met & (contacts.intent == intent)
        longer = lengthened.talk + lost_by_belief(values[(contacts.intent == intent) & ~met], lengthened)
        taken[own & (contacts.route == Route.HANDED_OVER)] = longer
        taken[own & (contacts.route == Route.UNKNOWN)] = longer * (1.0 - unchosen.get(int(intent), 0.0))
    return taken


def lost_by_belief(values: Floats, lengthened: Lengthened) -> float:
    """By how much lost context raises the mean of log talk times, where nobody knows whose was lost."""
    if lengthened.lost * lengthened.lost_s == 0.0 or not values.size:
        return 0.0
    return lengthened.lost * float(np.log1p(lengthened.lost_s / np.exp(values)).mean())


def kinds_of(contacts: LoggedContacts, met: Bools) -> tuple[Kind, ...]:
    """The kinds of contacts that met the bot, of which there are enough."""
    anew = met & (contacts.route != Route.OPTED_OUT) & (contacts.context_lost == 1.0)
    asked = met & (contacts.route == Route.OPTED_OUT)
    ways = ((CHOSEN, met & ~anew & ~asked), (ASKED, asked), (BEGAN_ANEW, anew))
    found = []
    for intent in np.unique(contacts.intent[met]):
        for way, rows in ways:
            own = rows & (contacts.intent == intent)
            if own.any():
                found.append(Kind(int(intent), way, own))
    return tuple(found)


def _weights(values: Floats, intent: Ints) -> Floats:
    """1 / variance of log talk times within each intent."""
    count = np.bincount(intent)
    mean = np.bincount(intent, values) / np.maximum(count, 1)
    spread = np.bincount(intent, (values - mean[intent]) ** 2) / np.maximum(count - 1, 1)
    return np.asarray(1.0 / np.maximum(spread[intent], 1e-4))


def _intents(contacts: LoggedContacts, control: str) -> Ints:
    """Levels of intents; with a control arm each intent may have changed by itself for another reason."""
    return contacts.intent * 2 + contacts.after if control == "arm" else contacts.intent


def _agents(contacts: LoggedContacts, met: Bools, control: str) -> Ints:
    """Levels of agents: one a period, where an agent has contacts of both sorts in the second, else one."""
    agent = contacts.agent
    if control == "none" or not (agent != NOBODY).any():
        return agent
    size = int(agent.max()) + 2
    sorts = [np.bincount(agent[rows] + 1, minlength=size) > 0 for rows in (met, contacts.after & ~met)]
    learns = (sorts[0] & sorts[1])[agent + 1] & (agent != NOBODY)
    return np.asarray(agent * 2 + (learns & contacts.after))
