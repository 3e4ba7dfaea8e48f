"""Logs that the engine wrote: two periods of a centre with agents who learn meanwhile, in a season, and a bot."""

from dataclasses import dataclass
from typing import Any

import numpy as np

import sim
from sim.engine.records import BotOutcome, Outcome, Records
from sim.learning.contacts import Arm, LoggedContacts, Route, SessionEnd, Sessions, contacts_of, sessions_of
from sim.scenario.model import Scenario

US, DAY_S = 1e6, 86_400.0
ROUTE = {BotOutcome.OPTED_OUT: Route.OPTED_OUT, BotOutcome.HANDED_OFF: Route.HANDED_OVER}
ENDED = {
    BotOutcome.OPTED_OUT: SessionEnd.OPTED_OUT,
    BotOutcome.RESOLVED: SessionEnd.CONTAINED,
    BotOutcome.FALSELY_CONTAINED: SessionEnd.CONTAINED,
    BotOutcome.HANDED_OFF: SessionEnd.HANDED_OVER,
    BotOutcome.LEFT: SessionEnd.LEFT,
}


@dataclass(frozen=True)
class Simulated:
    """The logs of both periods, and the scenario with the bot: what was true."""

    scenario: Scenario
    contacts: LoggedContacts
    sessions: Sessions


def centre(seed: int, **changes: Any) -> dict[str, Any]:
    """A centre of some size: intents, containments and the bot's choosing by the seed."""
    luck = np.random.default_rng(seed)
    with_bot, without = int(luck.integers(2, 4)), int(luck.integers(1, 3))
    intents: dict[str, Any] = {}
    for k in range(with_bot + without):
        mean, cv = luck.uniform(240, 480), luck.uniform(0.6, 1.0)
        intents[f"intent{k}"] = {
            "share": 1 / (with_bot + without),
            "skill": "all",
            "talk_time": {"distribution": "lognormal", "mean": f"{mean:.0f}s", "cv": float(cv)},
            "difficulty_weight": float(luck.uniform(0.3, 0.7)),
            "resolution": float(luck.uniform(0.7, 0.9)),
        }
        if k < with_bot:
            intents[f"intent{k}"]["bot"] = {"resolves": float(luck.uniform(0.2, 0.5))}
    days, per_day = 28, float(luck.uniform(400, 1400))
    load = per_day * 1.15 * 400 / (12 * 3600)
    return {
        "name": "centre",
        "calendar": {"start": "2026-08-31", "days": days, "hours": "08:00-20:00"},
        "arrivals": {"per_day": per_day, "busyness_cv": 0.1},
        "intents": intents,
        "customers": {"redial": {}, "repeat": {}},
        "agents": {"all": {"skills": ["all"], "staff": round(load + 1.2 * load**0.5)}},
        "bot": {"selectivity": float(luck.uniform(0.4, 0.85)), "opt_out": 0.2, "false_containment": 0.3},
        "run": {"warm_up": "0d", "follow_up": "0d"},
    } | changes


def simulated(document: dict[str, Any], seed: int, agents: int = 40, learning: float = 0.3) -> Simulated:
    """Simulate a centre before and after its bot, 28 days each, and make logs of it."""
    after = sim.loads(document)
    before = sim.loads(document, {"bot": "off"})
    luck = np.random.default_rng(seed)
    able, tenure = luck.normal(0, 0.15, agents), luck.exponential(300, agents)
    parts = []
    for period, scenario in enumerate((before, after)):
        records = sim.simulate(scenario, seed=2 * seed + period)
        parts.append(logs(records, scenario, period, (able, tenure, learning)))
    names = tuple(after.intents)
    contacts = {name: np.concatenate([part[0][name] for part in parts]) for name in parts[0][0]}
    sessions = {name: np.concatenate([part[1][name] for part in parts]) for name in parts[0][1]}
    return Simulated(after, contacts_of(names, **contacts), sessions_of(names, **sessions))


def logs(
    records: Records, scenario: Scenario, period: int, staff: tuple[np.ndarray, np.ndarray, float]
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """The columns of contacts and sessions of one period; the second begins where the first ends."""
    rows, days = records.contacts, scenario.calendar.days
    joined = rows[(rows["joined_us"] >= 0) & measured(rows, days)]
    at = joined["joined_us"] / US + days * DAY_S * period
    able, tenure, learning = staff
    turn = joined["agent"] + 7 * (at // DAY_S).astype(int)
    agent = np.where(joined["agent"] >= 0, turn % able.size, -1)
    answered = joined["outcome"] == Outcome.ANSWERED
    slow = np.exp(able[agent] + np.log1p(learning * np.exp(-(tenure[agent] + at / DAY_S) / 90)))
    season = np.exp(0.03 * np.sin(2 * np.pi * at / DAY_S / 56))
    customer = joined["need"].astype(np.int64) * 2 + period
    contacts = {
        "after": np.full(joined.size, period == 1),
        "time_s": at,
        "intent": joined["intent"].astype(np.int64),
        "agent": agent.astype(np.int64),
        "customer": customer,
        "talk_s": np.where(answered, joined["talk_us"] / US * slow * season, np.nan),
        "waited_s": (joined["left_us"] - joined["joined_us"]) / US,
        "resolved": np.where(answered, joined["resolved"].astype(float), np.nan),
        "route": np.array([int(ROUTE.get(bot, Route.STRAIGHT)) for bot in BotOutcome])[joined["bot"]],
        "context_lost": joined["context_lost"].astype(float),
        "arm": arms(joined, scenario, period),
    }
    met = rows[(rows["bot"] != BotOutcome.NONE) & measured(rows, days)]
    ended = np.array([int(ENDED.get(BotOutcome(bot), SessionEnd.LEFT)) for bot in range(6)])[met["bot"]]
    contained = ended == SessionEnd.CONTAINED
    sessions = {
        "time_s": met["arrival_us"] / US + days * DAY_S * period,
        "intent": met["intent"].astype(np.int64),
        "customer": met["need"].astype(np.int64) * 2 + period,
        "ended": ended.astype(np.int64),
        "resolved": np.where(contained, (met["bot"] == BotOutcome.RESOLVED).astype(float), np.nan),
    }
    return contacts, sessions


def measured(rows: np.ndarray, days: int) -> np.ndarray:
    """Attempts in the days measured."""
    return (rows["arrival_us"] >= 0) & (rows["arrival_us"] / US < days * DAY_S)


def arms(rows: np.ndarray, scenario: Scenario, period: int) -> np.ndarray:
    """Who met the bot, where only some do: all attempts of a customer are of one arm."""
    if period == 0 or scenario.bot is None or scenario.bot.exposure is None:
        return np.full(rows.size, int(Arm.NONE))
    has = np.array([intent.bot is not None for intent in scenario.intents.values()])[rows["intent"]]
    met = rows["bot"] != BotOutcome.NONE
    return np.where(has, np.where(met, int(Arm.PILOT), int(Arm.CONTROL)), int(Arm.NONE))
