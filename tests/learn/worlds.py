"""Logs before and after a bot, drawn from the copula itself: what was true is known."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit, ndtri

from sim.learning.contacts import Arm, LoggedContacts, Route, SessionEnd, Sessions, contacts_of, sessions_of

NODES, MASS = np.polynomial.hermite_e.hermegauss(60)
SLOPE = 0.9


@dataclass(frozen=True)
class World:
    """A centre: intents with a bot, by weight, capability and cv of talk, and such without.

    `common` lengthens all talk after the bot, `own` that of its intents alone, in logarithms; `learning` is how much
    longer whoever is new takes; with `arm` that share of customers meets the bot; over the days with the bot its
    capability grows, from less than what is said to more, by the part `ramp` of it to either side.
    """

    contacts: int = 20_000
    days: int = 56
    agents: int = 60
    selectivity: float = 0.7
    weights: tuple[float, ...] = (0.6, 0.4)
    capable: tuple[float, ...] = (0.4, 0.25)
    spreads: tuple[float, ...] = (0.8, 1.0)
    controls: int = 2
    opt_out: float = 0.2
    false_share: float = 0.25
    resolution: float = 0.8
    learning: float = 0.3
    season: float = 0.1
    common: float = 0.0
    own: float = 0.0
    arm: float | None = None
    agent_sd: float = 0.15
    day_sd: float = 0.03
    ramp: float = 0.0


@dataclass(frozen=True)
class Logs:
    """What a world wrote, and the scores behind it: those of talk, of each contact that reached an agent."""

    world: World
    contacts: LoggedContacts
    sessions: Sessions
    scores: np.ndarray = field(repr=False)


def logs_of(world: World, seed: int) -> Logs:
    luck = np.random.default_rng(seed)
    weights = np.array([*world.weights, *[0.5] * world.controls])
    capable = np.array([*world.capable, *[0.0] * world.controls])
    sd = np.sqrt(np.log1p(np.array([*world.spreads, *[0.7] * world.controls]) ** 2))
    day = luck.integers(0, world.days, world.contacts)
    wave = np.sin(2 * np.pi * day / world.days)
    busy = luck.random(world.contacts) < (1 + world.season * wave) / (1 + world.season)
    day, wave = day[busy], wave[busy]
    size, after = day.size, day >= world.days // 2
    intent, agent = luck.integers(0, weights.size, size), luck.integers(0, world.agents, size)
    difficulty = luck.standard_normal(size)
    score = _correlated(weights[intent], difficulty, luck)
    able, tenure = luck.normal(0, world.agent_sd, world.agents), luck.exponential(300, world.agents)
    novice = np.log1p(world.learning * np.exp(-(tenure[agent] + day) / 90))
    talk = np.log(300) - sd[intent] ** 2 / 2 + sd[intent] * score + able[agent] + novice
    talk += luck.normal(0, world.day_sd, world.days)[day] + 0.3 * world.season * wave
    able_to = capable[intent] * (1 + world.ramp * (4 * day / world.days - 3))
    has = after & (able_to > 0)
    talk += world.common * after + world.own * has
    arm = np.full(size, int(Arm.NONE))
    if world.arm is not None:
        arm = np.where(after, luck.random(size) < world.arm, int(Arm.NONE)).astype(int)
        has = has & (arm == Arm.PILOT)
    asks = has & (luck.random(size) < world.opt_out)
    bot_score = _correlated(np.full(size, world.selectivity), difficulty, luck)
    resolves = has & ~asks & (bot_score < ndtri(np.clip(able_to, 1e-12, 1.0)))
    odds = world.false_share / (1 - world.false_share)
    closes = able_to * odds / np.maximum(1 - able_to, 1e-12)
    false = has & ~asks & ~resolves & (luck.random(size) < closes)
    base = brentq(lambda b: MASS @ expit(b - SLOPE * NODES) / MASS.sum() - world.resolution, -10, 10)
    resolved = (luck.random(size) < expit(base - SLOPE * difficulty)).astype(float)
    time = day * 86_400.0 + luck.uniform(8, 20, size) * 3600
    reach = ~(resolves | false)
    names = tuple(f"intent{k}" for k in range(weights.size))
    contacts = contacts_of(
        names,
        after=after,
        time_s=time,
        intent=intent,
        agent=agent,
        talk_s=np.exp(talk),
        resolved=resolved,
        arm=arm,
        context_lost=np.zeros(size),
        route=np.where(asks, Route.OPTED_OUT, np.where(has, Route.HANDED_OVER, Route.STRAIGHT)).astype(int),
    )
    ended = np.where(asks, SessionEnd.OPTED_OUT, SessionEnd.HANDED_OVER)
    sessions = sessions_of(
        names,
        time_s=time,
        intent=intent,
        ended=np.where(resolves | false, SessionEnd.CONTAINED, ended).astype(int),
        resolved=np.where(resolves, 1.0, np.where(false, 0.0, np.nan)),
        arm=arm,
    )
    return Logs(world, contacts.chosen(reach), sessions.chosen(has), score[reach])


def _correlated(weight: np.ndarray, difficulty: np.ndarray, luck: np.random.Generator) -> np.ndarray:
    return weight * difficulty + np.sqrt(1 - weight**2) * luck.standard_normal(difficulty.size)


def without_ways(contacts: LoggedContacts) -> LoggedContacts:
    """The same contacts where nobody knows who asked for a human at once."""
    return replace(contacts, route=np.full(len(contacts), int(Route.UNKNOWN)))


def written(logs: Logs, folder: Path, customers: bool = False) -> tuple[Path, Path, Path]:
    """The logs as three files: before, after, and the bot's sessions."""
    contacts, sessions = logs.contacts, logs.sessions
    names, base = np.array(contacts.intents), np.datetime64("2026-08-31", "s")
    table = pd.DataFrame(
        {
            "arrival": base + contacts.time_s.astype("m8[s]"),
            "type": names[contacts.intent],
            "wait_s": 0.0,
            "talk_s": np.round(contacts.talk_s, 1),
            "agent": contacts.agent,
            "outcome": "answered",
            "name of customer": "Ada Lovelace",
            "resolved": np.where(contacts.resolved > 0, "yes", "no"),
            "context": "kept",
        }
    )
    if customers:
        table["customer"] = [f"c{round(1000 * t)}" for t in contacts.time_s]
    else:
        table["bot"] = np.array(["none", "opted out", "handed over"])[contacts.route]
    if (contacts.arm != Arm.NONE).any():
        table["arm"] = np.array(["", "control", "pilot"])[contacts.arm + 1]
    ends = np.array(["contained", "handed over", "asked for a human", "left"])
    checked = np.where(np.isnan(sessions.resolved), "", np.where(sessions.resolved > 0, "yes", "no"))
    bot = pd.DataFrame(
        {
            "start": base + sessions.time_s.astype("m8[s]"),
            "intent": names[sessions.intent],
            "outcome": ends[sessions.ended],
            "resolved": checked,
        }
    )
    if customers:
        bot["customer"] = [f"c{round(1000 * t)}" for t in sessions.time_s]
    paths = folder / "before.csv", folder / "after.csv", folder / "bot.csv"
    table[~contacts.after].to_csv(paths[0], index=False)
    table[contacts.after].to_csv(paths[1], index=False)
    bot.to_csv(paths[2], index=False)
    return paths
