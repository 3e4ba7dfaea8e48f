"""The mix shift: how much harder what reaches agents is, simulated beside the law (docs/evidence.md, section 1).

The bot takes the needs that it is capable of; capability and talk time share one difficulty, so the first attempts
that reach agents have a longer T0. Between intents the shift is arithmetic on volumes; within intents it rests on two
correlations.
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr, ndtri

from sim.engine.parameter_table import bot_shares
from sim.facts.bot_probabilities import handed_off
from sim.measures.counts import Count
from sim.rng.scores import quantile
from sim.scenario.model import Intent, Scenario
from sim.study.estimates import Estimate
from sim.study.replicate import ScenarioRun

Floats = npt.NDArray[np.float64]
COLUMNS = ["intent", "contacts_in", "contacts_to_agents", "t0_all_s", "t0_agents_s", "ci_low", "ci_high"]
COLUMNS += ["t0_formula_s"]


def formula_t0(scenario: Scenario, index: int, run: ScenarioRun | None = None) -> tuple[float, float]:
    """Mean T0 (s) of the first attempts that reach agents, and the share of first attempts that do, by the law.

    E[T0] [o + (1-o)(1-phi) S] / [o + (1-o)(1-phi)(1-p)], S = E[T0; not capable] / E[T0], which is Phi(s rho lam -
    Phi^-1(p)) for a lognormal T0 with log-sd s. Falsely contained sessions do not reach agents either, whatever their
    difficulty; those who opt out do, and those who do not meet the bot. With a conversation 1-phi becomes the share of
    such sessions that is handed off, and some of the needs that the bot is capable of reach agents too.
    """
    intent = list(scenario.intents.values())[index]
    mean = intent.talk_time.average
    if scenario.bot is None or intent.bot is None:
        return mean, 1.0
    bot = scenario.bot
    capable, _ = bot_shares(scenario, intent)
    able, unable = handed_off(bot, intent.bot)
    meets = 1.0 if bot.exposure is None else bot.exposure
    past, stays = 1.0 - meets + meets * bot.opt_out, meets * (1.0 - bot.opt_out)
    share = past + stays * (able * capable + unable * (1.0 - capable))
    hard = _mean_if_not_capable(intent, capable, bot.selectivity, run, index)
    reaching = past * mean + stays * (able * (mean - hard) + unable * hard)
    return reaching / share if share > 0 else math.nan, share


def _mean_if_not_capable(
    intent: Intent, capable: float, selectivity: float, run: ScenarioRun | None, index: int
) -> float:
    """E[T0; not capable] (s): T0 on the set of needs that the bot cannot resolve."""
    link, threshold, talk = intent.difficulty_weight * selectivity, float(ndtri(capable)), intent.talk_time
    if talk.kind == "lognormal":
        log_sd = math.sqrt(math.log1p((talk.cv or 0.0) ** 2))
        return talk.average * float(ndtr(log_sd * link - threshold))
    if talk.kind == "constant" or run is None:
        return talk.average * (1.0 - capable)
    scores = np.linspace(-8.0, 8.0, 8001)
    values = np.array([_quantile(run, index, float(score)) for score in scores])
    above = ndtr((link * scores - threshold) / math.sqrt(max(1.0 - link * link, 1e-12)))
    density = np.exp(-0.5 * scores * scores) / math.sqrt(2.0 * math.pi)
    return float((values * above * density).sum() * (scores[1] - scores[0]))


def _quantile(run: ScenarioRun, index: int, score: float) -> float:
    table = run.prepared.table
    kind, first_parameter, second_parameter, first, length, _ = table.dists[table.intents[index]["talk"]].item()
    return quantile(kind, first_parameter, second_parameter, table.points[first : first + length], score)


def mix_shift(run: ScenarioRun) -> pd.DataFrame:
    """T0 of first attempts, all and those that reach agents, one row an intent and a total.

    Columns: contacts_in (needs), contacts_to_agents (first attempts that join the human queue), t0_all_s (stated
    mean), t0_agents_s (simulated) with its 95 % interval, t0_formula_s; the total adds between_s and within_s, the
    two parts of its shift.
    """
    scenario, counts = run.scenario, run.tallies.counts("intent")
    stated = np.array([i.talk_time.average for i in scenario.intents.values()])
    law = np.array([formula_t0(scenario, i, run) for i in range(len(stated))])
    joined, base = counts[:, :, Count.FIRST_JOINED], counts[:, :, Count.FIRST_BASE] / 1e6
    demand = counts[:, :, Count.DEMAND].mean(axis=0)
    rows = [
        _row(name, demand[i], joined[:, i], base[:, i], stated[i], law[i, 0])
        for i, name in enumerate(run.frame.intents)
    ]
    whole = float((demand * stated).sum() / demand.sum()) if demand.sum() else math.nan
    reaching = demand * law[:, 1]
    formula = float((reaching * law[:, 0]).sum() / reaching.sum()) if reaching.sum() else math.nan
    total = _row("total", float(demand.sum()), joined.sum(axis=1), base.sum(axis=1), whole, formula)
    mixed = float((joined * stated).sum() / joined.sum()) if joined.sum() else math.nan
    total |= {"between_s": mixed - whole, "within_s": total["t0_agents_s"] - mixed}
    return pd.DataFrame([*rows, total])


def _row(name: str, demand: float, joined: Floats, base: Floats, stated: float, formula: float) -> dict[str, Any]:
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = base.sum() / joined.sum() if joined.sum() else math.nan
        half = Estimate(np.array([mean]), ((base - mean * joined) / joined.mean())[:, None]).half_width[0]
    values = (name, float(demand), float(joined.mean()), stated, mean, mean - half, mean + half, formula)
    return dict(zip(COLUMNS, values, strict=True))
