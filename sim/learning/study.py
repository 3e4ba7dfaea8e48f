"""Learn from contacts and sessions: what the bot takes, how it chooses, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from sim.learning.adjusted import Adjusted, adjusted, met_bot
from sim.learning.apart import BotShare, could_tell, ends_of
from sim.learning.believing import COVERED, believed, measured, or_belief
from sim.learning.cells import SELECTIVITY, SLOPE
from sim.learning.checks import ASKED_AT_ONCE, ShiftCheck, asked_at_once, placebo
from sim.learning.clusters import Interval, interval
from sim.learning.contacts import LoggedContacts, Route, Sessions, first_contacts
from sim.learning.containment import LEAST_SESSIONS, Intake, by_volume, false_containment, intakes, opt_out
from sim.learning.copula import Taken
from sim.learning.dose import AT_NO_DOSE, Response, dose_and_response
from sim.learning.further import (
    FALSELY,
    Returns,
    checked_and_returned,
    false_share_by_returns,
    false_shares,
    further_numbers,
)
from sim.learning.lengthened import SPREAD_OF_UNIFORM, lengthened
from sim.learning.mix import PRODUCT, Product, product_of
from sim.learning.notes import contradictions, notes_on
from sim.learning.priors import Prior, prior_of
from sim.learning.result import Known, Learned, LearnResult
from sim.learning.separation import Separation, separate
from sim.learning.shape import ByShape, lost_by_shape
from sim.learning.weekly import weekly
from sim.scenario.model import Scenario

MOST = 1.5
"""An interval so many times as wide as what was believed tells nothing, however many contacts there are."""
TOO_FEW_CHECKED = f"fewer than {LEAST_SESSIONS} contained sessions were checked"
SHIFT_COLUMNS = ["intent", "way", "contacts", "longer", "low", "high"]


def learn_from(
    contacts: LoggedContacts,
    sessions: Sessions | None,
    bot_intents: Sequence[str] = (),
    scenario: Scenario | None = None,
    source: str = "your logs",
    understood: tuple[str, ...] = (),
) -> LearnResult:
    """Learn what contacts and sessions tell.

    Parameters
    ----------
    contacts : of both periods, or of a pilot with a control arm.
    sessions : with the bot; None where there is no log of them.
    bot_intents : names of the intents that have a bot; those of the sessions, else of the scenario, where left out.
    scenario : what is believed without the logs.
    source : words that say where learned numbers come from.
    """
    named = _bot_intents(contacts, sessions, bot_intents, scenario)
    first = first_contacts(contacts, sessions)
    firsts, returns = contacts.chosen(first), Returns(contacts, sessions)
    least = {} if sessions is None else false_shares(returns, sessions)
    by_checks = _intakes(contacts, sessions, named)
    found = {i: _bounded(intake, least.get(i)) for i, intake in by_checks.items()}
    bots = {i: _bot(contacts, sessions, found[i], named, least, scenario) for i in sorted(found)}
    unchosen = {i: bot.taken.unchosen for i, bot in bots.items()}
    data = adjusted(firsts, named, lengthened(scenario, _context_known(firsts)), unchosen)
    shape = lost_by_shape(data, {i: bot.taken for i, bot in bots.items()}) if data.lengthened.lost else None
    if shape is not None:
        data = adjusted(firsts, named, shape.instead_of(data.lengthened), unchosen)
    products = [p for i, bot in bots.items() if (p := product_of(data, i, bot.taken)) is not None]
    response = dose_and_response(data, {i: bot.weekly for i, bot in bots.items()}, products)
    checks = list(_checks(firsts, named, data, response))
    told = data.control == "arm" or (data.control == "intents" and not _moved_alone(checks))
    apart = separate(data, products) if told and products and shape is None else None
    numbers = [
        *_intake_numbers(contacts.intents, bots, sessions, scenario),
        *_product_numbers(data, bots, products, told, named, shape, response),
        *_apart_numbers(data, bots, apart, products, scenario, told),
        *further_numbers(data, returns, first, least, scenario, None if shape is None else shape.found),
    ]
    return LearnResult(
        numbers=tuple(numbers),
        source=source,
        control=data.control,
        shifts=_shifts(data),
        checks=pd.DataFrame(
            [(c.what, c.shift, c.p_value, c.passed) for c in checks], columns=["what", "shift", "p_value", "passed"]
        ),
        notes=(
            *notes_on(data, checks, sessions, firsts, bots, shape is not None),
            *contradictions(contacts.intents, by_checks, least),
        ),
        contacts=(int((~data.contacts.after).sum()), int(data.contacts.after.sum())),
        understood=understood,
        scenario=scenario,
    )


# The bot's part -------------------------------------------------------------------------------------------------------


def _bot_intents(
    contacts: LoggedContacts, sessions: Sessions | None, names: Sequence[str], scenario: Scenario | None
) -> frozenset[int]:
    if names:
        return frozenset(contacts.intents.index(name) for name in names)
    if sessions is not None:
        return frozenset(int(i) for i in np.unique(sessions.intent))
    known = {} if scenario is None else scenario.intents
    having = [name for name, intent in known.items() if intent.bot is not None]
    return frozenset(contacts.intents.index(name) for name in having if name in contacts.intents)


def _intakes(contacts: LoggedContacts, sessions: Sessions | None, named: frozenset[int]) -> dict[int, Intake]:
    """What the bot makes of each intent of which it takes some and leaves some."""
    if sessions is not None:
        found = {i: intake for i, intake in intakes(sessions).items() if i in named}
    else:
        others = ~np.isin(contacts.intent, list(named))
        found = {i: intake for i in named if (intake := by_volume(contacts, i, others)) is not None}
    return {i: intake for i, intake in found.items() if 0.0 < intake.contained.value < 1.0}


def _bounded(intake: Intake, least: Interval | None) -> Intake:
    """The same where a false share that was checked is no less than who came back."""
    return replace(intake, false_share=checked_and_returned(intake.false_share, least))


def _bot(
    contacts: LoggedContacts,
    sessions: Sessions | None,
    intake: Intake,
    named: frozenset[int],
    least: dict[int, Interval],
    scenario: Scenario | None,
) -> BotShare:
    intent = intake.intent
    name = contacts.intents[intent]
    asked = intake.opted_out.value
    if math.isnan(asked):
        asked = prior_of(scenario, "bot.opt_out").value
    false = _false_share(scenario, name, least.get(intent))
    share, spread = false.value, (false.high - false.low) / SPREAD_OF_UNIFORM
    if not math.isnan(intake.false_share.value):
        share, spread = intake.false_share.value, intake.false_share.se
    contained, stays = intake.contained.value, max(1.0 - asked, 1e-9)
    capable = min(contained * (1.0 - share) / stays, 0.99)
    known_ways = sessions is not None and _ways_known(contacts, intent, named)
    unchosen = 0.0 if known_ways else min(asked / max(1.0 - contained, 1e-9), 1.0)
    se = intake.contained.se * (1.0 - share) / stays
    whole = Taken(capable, unchosen)
    by_week = None if sessions is None else weekly(sessions, intent, whole, contained)
    taken = whole if by_week is None else whole._replace(capable=by_week.as_hard_as())
    return BotShare(intake, taken, se, contained / stays * spread, false, by_week)


def _false_share(scenario: Scenario | None, name: str, least: Interval | None) -> Prior:
    """What is believed of a false share that nobody checked, by the scenario and by who came back."""
    prior = prior_of(scenario, f"intents.{name}.bot.false_share")
    if least is None:
        return prior
    return false_share_by_returns(least, prior, prior_of(scenario, f"{FALSELY}.probability"))


def _context_known(contacts: LoggedContacts) -> bool:
    """Whether contacts say whose context was lost."""
    return bool(np.isfinite(contacts.context_lost).any())


def _ways_known(contacts: LoggedContacts, intent: int, named: frozenset[int]) -> bool:
    """Whether contacts say how they came to an agent."""
    rows = met_bot(contacts, named) & (contacts.intent == intent)
    return bool(rows.any() and (contacts.route[rows] != Route.UNKNOWN).mean() > 0.5)


# Numbers --------------------------------------------------------------------------------------------------------------


def _intake_numbers(
    names: tuple[str, ...], bots: dict[int, BotShare], sessions: Sessions | None, scenario: Scenario | None
) -> Iterator[Learned]:
    how = "first sessions of a need" if sessions is not None else "the fall of contacts beside intents without a bot"
    for i, bot in bots.items():
        found, key = bot.intake.contained, f"intents.{names[i]}.bot.containment"
        yield measured(key, found, how, bot.intake.sessions)
        yield _false_share_number(f"intents.{names[i]}.bot.false_share", bot, scenario)
    if sessions is not None:
        prior = prior_of(scenario, "bot.opt_out")
        yield or_belief("bot.opt_out", opt_out(sessions), prior, "first sessions of a need", "too few sessions")
        false, prior = false_containment(sessions), prior_of(scenario, "bot.false_containment")
        yield or_belief("bot.false_containment", false, prior, "checked sessions", TOO_FEW_CHECKED)


def _false_share_number(key: str, bot: BotShare, scenario: Scenario | None) -> Learned:
    """As checked where that is narrower than what was believed before any log; else what is, with returns, believed."""
    how, why_not = "contained sessions that were checked", _why_unchecked(bot.intake)
    told = or_belief(key, bot.intake.false_share, prior_of(scenario, key), how, why_not)
    return told if told.measured else believed(key, bot.false_share, "not_identified", why_not)


def _why_unchecked(intake: Intake) -> str:
    if math.isnan(intake.false_share.value):
        return TOO_FEW_CHECKED
    return "too few contained sessions were checked to tell it more narrowly than it was believed"


def _product_numbers(
    data: Adjusted,
    bots: dict[int, BotShare],
    products: Sequence[Product],
    told: bool,
    named: frozenset[int],
    shape: ByShape | None,
    response: Response | None,
) -> Iterator[Learned]:
    found = {one.intent: one for one in products}
    for i in sorted(named):
        key, product = PRODUCT.format(data.contacts.intents[i]), found.get(i)
        if product is None or i not in bots:
            yield Learned(key, math.nan, math.nan, math.nan, math.nan, "not_identified", _why_no_product(bots.get(i)))
            continue
        ends = interval(product.value, _product_se(data, product, bots[i]), data.clusters)
        if shape is not None and i in shape.products:
            own = shape.products[i]
            ends = interval(own.value, math.hypot(own.se, _by_sessions(product, bots[i])), data.clusters)
        if told:
            ends = ends._replace(low=max(ends.low, -1.0), high=min(ends.high, 1.0))
            yield measured(key, ends, _beside(data), data.clusters)
        else:
            why = (
                f"would be {product.value:.2f} if all of the change were mix; {_why_not(data)}{_by_weeks(response, i)}"
            )
            yield Learned(key, math.nan, -1.0, 1.0, math.nan, "not_identified", why, data.clusters)


def _product_se(data: Adjusted, product: Product, bot: BotShare) -> float:
    by_contacts = math.sqrt(float(data.variance(product.influence[:, None])[0, 0]))
    by_talk = product.by_shift * data.spread(product.intent)
    return math.hypot(by_contacts, _by_sessions(product, bot), by_talk)


def _by_sessions(product: Product, bot: BotShare) -> float:
    """Standard deviation by what is not known of the share that the bot can resolve."""
    return product.by_capable * math.hypot(bot.capable_se, bot.capable_by_belief)


def _beside(data: Adjusted) -> str:
    beside = {"arm": "a randomised control arm", "intents": "intents without a bot, over the same days"}
    return f"talk times of what still reaches agents, beside {beside[data.control]}"


def _why_no_product(bot: BotShare | None) -> str:
    if bot is None:
        return "the bot contained none of its sessions, or all, or there are too few"
    return "too few contacts, or talk times that are all alike"


def _why_not(data: Adjusted) -> str:
    if data.control == "none":
        return "there is nothing to set it beside: no control arm, and no intent without a bot"
    asked = asked_at_once(data)
    if asked is not None and not asked.passed:
        return "who asked for a human at once became longer too: these intents changed for another reason"
    return "talk times do not follow how much the bot takes from week to week: these intents changed for another reason"


def _by_weeks(response: Response | None, intent: int) -> str:
    """What weeks with more containment tell beside weeks with less, whatever else changed when the bot came."""
    if response is None or intent not in response.products:
        return ""
    own = response.products[intent]
    return f"; weeks with more containment beside weeks with less say {own.value:.2f} ({own.low:.2f} to {own.high:.2f})"


def _apart_numbers(
    data: Adjusted,
    bots: dict[int, BotShare],
    apart: Separation | None,
    products: Sequence[Product],
    scenario: Scenario | None,
    told: bool,
) -> Iterator[Learned]:
    """Selectivity, weights and the slope of resolution, each by itself."""
    known: Known = "product_only" if told and products else "not_identified"
    why_not = "only its product with the other is told: no log says whether contacts resolved anything"
    if apart is not None:
        why_not = "resolution hardly tells it: only its product with the others is known"
    if not told or not products:
        why_not = "what the bot chooses cannot be told from these logs"
    if data.lengthened.lost and apart is None:
        why_not = "only its product with the other is told: no column says whose context was lost"
    keys = {"bot.selectivity": SELECTIVITY}
    names = data.contacts.intents
    weights = {one.intent: -1 for one in products} if apart is None else apart.intents
    keys |= {f"intents.{names[i]}.difficulty_weight": place for i, place in weights.items()}
    keys |= {"customers.difficulty_slope": SLOPE} if apart is not None else {}
    priors = {key: prior_of(scenario, key) for key in keys}
    widths = {keys[key]: prior.high - prior.low for key, prior in priors.items()}
    could = {} if apart is None else could_tell(data, bots, apart, scenario)
    enough = [place for place in could if could[place] < COVERED * widths[place]]
    ends = {} if apart is None else ends_of(data, bots, apart, enough)
    for key, place in keys.items():
        found = ends.get(place)
        if found is not None and found.high - found.low < MOST * widths[place]:
            why = "talk times and resolution, before and after"
            yield measured(key, found, why, data.clusters, priors[key])
        else:
            yield believed(key, priors[key], known, why_not)


# Beside the numbers ---------------------------------------------------------------------------------------------------


def _checks(
    contacts: LoggedContacts, named: frozenset[int], data: Adjusted, response: Response | None
) -> Iterator[ShiftCheck]:
    """What would show a change of talk times for another reason, as far as it can be looked at."""
    before = placebo(contacts, named) if data.control == "intents" else None
    by_dose = None if response is None else response.check
    yield from (check for check in (before, asked_at_once(data), by_dose) if check is not None)


def _moved_alone(checks: Sequence[ShiftCheck]) -> bool:
    """Whether those whom no bot has chosen became longer as well, or talk would be longer at no containment too."""
    return any(check.what in (ASKED_AT_ONCE, AT_NO_DOSE) and not check.passed for check in checks)


def _shifts(data: Adjusted) -> pd.DataFrame:
    """Change of talk times by intent and way, as a share of the talk time."""
    if not data.kinds:
        return pd.DataFrame(columns=SHIFT_COLUMNS)
    spread = np.sqrt(np.diag(data.variance(data.found.influence)))
    rows = []
    for kind, shift, se in zip(data.kinds, data.found.shifts, spread, strict=True):
        ends = interval(float(shift), float(se), data.clusters)
        with np.errstate(over="ignore"):  # of a handful of contacts the interval has no end
            longer = np.expm1([ends.value, ends.low, ends.high]).tolist()
        rows.append((data.contacts.intents[kind.intent], kind.way, int(kind.rows.sum()), *longer))
    return pd.DataFrame(rows, columns=SHIFT_COLUMNS)
