"""Replications of one scenario."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sim.arguments import checked
from sim.demand.horizon import SECOND_US
from sim.display import Displayed
from sim.engine import COMPILED
from sim.engine.records import BotOutcome, Cause, Outcome
from sim.scenario.model import Scenario
from sim.study.estimates import ratio_estimate
from sim.study.mix_shift import mix_shift
from sim.study.replicate import Progress, RunOptions, ScenarioRun, make_run, replicate
from sim.study.tables import Floats, by_replication, labels, overall, tidy

SEATS = ("concurrency_mean", "slot_use", "writing_share")
SLICES = ("day", "interval", "intent", "group", "channel")
CODES = {"cause": Cause, "bot": BotOutcome, "outcome": Outcome}
"""The columns of contacts that have names; the code of a name is its place among the categories."""


@dataclass(frozen=True, repr=False)
class RunResult(Displayed):
    """What a scenario measures, over independent replications.

    Attributes
    ----------
    measures : indexed by measure; columns mean, ci_low, ci_high (95 %). Seconds end in _s, shares are 0 to 1.
    by_day, by_interval, by_intent, by_group, by_channel : tidy; the cell's labels (day ISO, time HH:MM), measure, mean,
        ci_low, ci_high.
    by_replication : tidy, every replication from its own sums: replication (from 0), replications, measure, value; nan
        where it has none. From 256 replications on neighbours are added up (`sim.study.tallies`): a row is then so many
        `replications` from `replication` on, and counts are means of them. They are independent, and the same customers
        in every scenario with that seed, so that differences row by row are paired.
    mix_shift : T0 of what reaches agents against the law, by intent (see `sim.study.mix_shift`).
    seats : tidy, where agents may have several chats in hand: group, time (HH:MM, over all days), measure (chats in
        hand at once, places taken, share of time in which agents write), mean, ci_low, ci_high.
    contacts : every attempt of every replication, if it was asked for; cause, bot and outcome are categories, whose
        `cat.codes` are the codes of docs/measures.md.
    engine : the engine that made it.
    unmet : the measures whose precision, asked for in the file, `max_replications` did not reach.
    """

    scenario: Scenario
    seed: int
    replications: int
    measures: pd.DataFrame
    by_day: pd.DataFrame
    by_interval: pd.DataFrame
    by_intent: pd.DataFrame
    by_group: pd.DataFrame
    by_channel: pd.DataFrame
    by_replication: pd.DataFrame
    mix_shift: pd.DataFrame
    contacts: pd.DataFrame | None = None
    engine: str = COMPILED
    unmet: tuple[str, ...] = ()
    seats: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def service_level(self) -> str:
        """The name of the planner's service-level definition."""
        return self.scenario.targets.service_level.definition


@checked
def run(
    scenario: Scenario,
    *,
    seed: int | None = None,
    replications: int | None = None,
    jobs: int | None = None,
    contacts: bool = False,
    engine: str = COMPILED,
    progress: Progress | None = None,
) -> RunResult:
    """Simulate a scenario and measure it.

    Parameters
    ----------
    scenario : a loaded scenario.
    seed, replications : override the file's `run`; replications also overrides its precision.
    jobs : workers; all cores by default. The result does not depend on it.
    contacts : keep every attempt.
    engine : "compiled", or "simpy" for the one to read; the result is the same.
    progress : called with (replications done, replications in sight).
    """
    study = make_run(scenario)
    used = scenario.run.seed if seed is None else seed
    orders = RunOptions(used, engine, jobs, contacts)
    replicate([study], orders, replications, progress)
    return result_of(study, orders, replications is None)


def result_of(
    study: ScenarioRun, orders: RunOptions, by_precision: bool, extra: dict[str, Floats] | None = None
) -> RunResult:
    """The tables of a finished study; `extra` are values by replication of measures that are not its own."""
    slices = {name: tidy(labels(study, name), study.estimates(name)) for name in SLICES}
    return RunResult(
        study.scenario,
        orders.seed,
        study.tallies.replications,
        overall(study.estimates("overall")),
        slices["day"],
        slices["interval"],
        slices["intent"],
        slices["group"],
        _in_use(study, slices["channel"]),
        by_replication(study, extra or {}),
        mix_shift(study),
        _contact_table(study) if study.contacts else None,
        orders.engine,
        study.unmet if by_precision else (),
        _seats(study),
    )


def _seats(study: ScenarioRun) -> pd.DataFrame:
    """What agents with several chats in hand have, by group and time of day."""
    frame, counts = study.frame, study.tallies.counts("seats")
    names = [name for name, several in zip(frame.groups, frame.chatting, strict=True) if several]
    cells = pd.DataFrame([(name, time) for name in names for time in frame.clock], columns=["group", "time"])
    measures = [study.measures[name] for name in SEATS if name in study.measures] if names else []
    return tidy(cells, {measure.name: ratio_estimate(counts, measure) for measure in measures})


def _in_use(study: ScenarioRun, table: pd.DataFrame) -> pd.DataFrame:
    """The rows of channels that some intent comes by."""
    used = {intent.channel for intent in study.scenario.intents.values()}
    return table[table["channel"].isin(used)].reset_index(drop=True)


def _contact_table(study: ScenarioRun) -> pd.DataFrame:
    """All attempts in one table: intents and groups by name, seconds since the first measured midnight."""
    parts = [pd.DataFrame(rows).assign(replication=n) for n, rows in enumerate(study.contacts)]
    table = pd.concat(parts, ignore_index=True)
    for name, codes in CODES.items():
        table[name] = pd.Categorical.from_codes(table[name].to_numpy(), pd.Index([code.name.lower() for code in codes]))
    frame = study.frame
    table["intent"] = np.array(frame.intents, object)[table["intent"]]
    table["group"] = np.array([*frame.groups, ""], object)[table["group"]]
    midnight = int(np.argmax(frame.horizon.measured)) * 86_400 * SECOND_US
    for name in ("arrival_us", "joined_us", "left_us"):
        table[name.replace("_us", "_s")] = table.pop(name).where(lambda t: t >= 0).sub(midnight) / 1e6
    for name in [name for name in table.columns if name.endswith("_us")]:
        table[name.replace("_us", "_s")] = table.pop(name) / 1e6
    return table


def coded(contacts: pd.DataFrame) -> pd.DataFrame:
    """Contacts with codes in place of names, as files have them."""
    return contacts.assign(**{name: contacts[name].cat.codes for name in CODES})
