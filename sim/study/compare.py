"""Several scenarios on the same customers: paired differences against the first."""

import logging
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.arguments import checked
from sim.display import Displayed, how_made
from sim.engine import COMPILED
from sim.errors import ArgumentError, ScenarioError
from sim.loading.checks_people import without_value
from sim.loading.load import changed
from sim.measures.definitions import SERVICE_LEVELS
from sim.scenario.model import Scenario
from sim.scenario.targets import within_of
from sim.study.estimates import Estimate
from sim.study.replicate import Progress, RunOptions, ScenarioRun, make_run, replicate
from sim.study.run import RunResult, result_of
from sim.study.tables import Floats, labels, overall, own_values, tidy

LOG = logging.getLogger("ccsim")
NET_DEFLECTION = "net_deflection_rate"
WHOLE = "whole"


@dataclass(frozen=True, repr=False)
class Comparison(Displayed):
    """Scenarios side by side, on common customers.

    Attributes
    ----------
    results : one `RunResult` a scenario, by name, in the order given; `net_deflection_rate` is added where there is a
        bot.
    differences : tidy, against the first scenario: scenario, measure, mean, ci_low, ci_high (paired, 95 %).
    differences_by_day, differences_by_interval, differences_by_intent, differences_by_group : the same, with the
        labels that both share.
    notes : for whom `net_deflection_rate` is left out, and why.
    """

    results: dict[str, RunResult]
    differences: pd.DataFrame
    differences_by_day: pd.DataFrame
    differences_by_interval: pd.DataFrame
    differences_by_intent: pd.DataFrame
    differences_by_group: pd.DataFrame
    notes: tuple[str, ...] = ()

    @property
    def measures(self) -> pd.DataFrame:
        """Every scenario's measures, tidy: scenario, measure, mean, ci_low, ci_high."""
        parts = [r.measures.reset_index().assign(scenario=name) for name, r in self.results.items()]
        return _scenario_first(pd.concat(parts, ignore_index=True))

    @property
    def by_replication(self) -> pd.DataFrame:
        """Every scenario's figures by replication, with its name; a replication has the same customers in all."""
        parts = [r.by_replication.assign(scenario=name) for name, r in self.results.items()]
        return _scenario_first(pd.concat(parts, ignore_index=True))

    def _line(self) -> str:
        return f"{', '.join(map(repr, self.results))}: {how_made(next(iter(self.results.values())))}"

    @property
    def mix_shift(self) -> pd.DataFrame:
        """Every scenario's mix shift, with its name."""
        parts = [r.mix_shift.assign(scenario=name) for name, r in self.results.items()]
        return _scenario_first(pd.concat(parts, ignore_index=True))


@checked
def compare(
    *scenarios: Scenario,
    seed: int | None = None,
    replications: int | None = None,
    jobs: int | None = None,
    contacts: bool = False,
    engine: str = COMPILED,
    progress: Progress | None = None,
) -> Comparison:
    """Run scenarios on the same customers and compare each with the first.

    What is left out is noted in the log `ccsim`, which stands on stderr unless it is led elsewhere, and in the result.

    Parameters
    ----------
    scenarios : two or more; names must differ. Seed and replications are the first one's unless given here.
    seed, replications, jobs, contacts, engine, progress : as in `run`.

    Raises
    ------
    ArgumentError
        With fewer than two scenarios.
    """
    if len(scenarios) < 2:
        raise ArgumentError("compare needs at least two scenarios. Add another file, or use run for one")
    named = _distinct_names(scenarios)
    parts = any(s.mechanisms for s in named.values())
    studies = {name: make_run(s, parts) for name, s in named.items()}
    without, notes = _without_bot(studies)
    for note in notes:
        LOG.warning("note: %s", note)
    used = scenarios[0].run.seed if seed is None else seed
    everything = list({id(s): s for s in [*studies.values(), *without.values()]}.values())
    orders = RunOptions(used, engine, jobs, contacts)
    replicate(everything, orders, replications, progress)
    extra = {name: _deflection(studies[name], other) for name, other in without.items()}
    rows = {name: _deflection_rows(studies[name], other) for name, other in without.items()}
    results = {
        name: _with(result_of(s, orders, replications is None, rows.get(name)), extra.get(name, {}))
        for name, s in studies.items()
    }
    base, *others = studies
    whole, day, interval, intent, group = (
        _differences(studies, base, others, k, extra) for k in ("overall", "day", "interval", "intent", "group")
    )
    return Comparison(results, whole, day, interval, intent, group, notes)


def _distinct_names(scenarios: tuple[Scenario, ...]) -> dict[str, Scenario]:
    """Scenarios by name; a repeated name gets a number."""
    named: dict[str, Scenario] = {}
    for scenario in scenarios:
        name, number = scenario.name, 2
        while name in named:
            name, number = f"{scenario.name} ({number})", number + 1
        named[name] = scenario
    return named


def _without_bot(studies: dict[str, ScenarioRun]) -> tuple[dict[str, ScenarioRun], tuple[str, ...]]:
    """For each scenario with a bot, the same without it; one that is compared anyway is not simulated twice.

    And a note on each that the checks refuse without its bot, such as one whose customers would come back for ever.
    """
    known = {_content(s.scenario): s for s in studies.values()}
    found: dict[str, ScenarioRun] = {}
    notes: list[str] = []
    for name, study in studies.items():
        if study.scenario.bot is not None:
            try:
                bare = _bare(study.scenario)
            except ScenarioError as error:
                why = "; ".join(f"{problem.path} {problem.message}" for problem in error.problems)
                notes.append(f"{name}: {NET_DEFLECTION} is left out, as the scenario is refused without its bot: {why}")
                continue
            key = _content(bare)
            if key not in known:
                known[key] = make_run(bare)
            found[name] = known[key]
    return found, tuple(notes)


def _bare(scenario: Scenario) -> Scenario:
    """The scenario without its bot, after all checks; it need not be precise about measures that it no longer has."""
    run = scenario.run
    if run.precision is not None:
        missing = without_value(scenario.model_copy(update={"bot": None}))
        kept = {name: wish for name, wish in run.precision.items() if name not in missing}
        run = run.model_copy(update={"precision": kept or None})
    return changed(scenario.model_copy(update={"run": run}), {"bot": "off"})


def _content(scenario: Scenario) -> str:
    """What decides a scenario's contacts: all but its names, targets, costs, run, and a bot that is off."""
    said = scenario.resolved()
    for key in ("name", "description", "targets", "no_worse", "costs", "run"):
        said.pop(key, None)
    if scenario.bot is None:
        for intent in said["intents"].values():
            intent.pop("bot", None)
    margins = (scenario.warm_up_days, scenario.follow_up_days)
    return repr((sorted(said.items(), key=lambda item: item[0]), margins))


def _deflection(study: ScenarioRun, without: ScenarioRun) -> dict[str, Estimate]:
    """The fall in contacts offered to humans against the same scenario without its bot."""
    offered, before = (s.estimates("overall")["offered"] for s in (study, without))
    return {NET_DEFLECTION: offered.relative_fall(before)}


def _deflection_rows(study: ScenarioRun, without: ScenarioRun) -> dict[str, Floats]:
    """The same, replication by replication."""
    offered, before = (own_values(s)["offered"] for s in (study, without))
    with np.errstate(divide="ignore", invalid="ignore"):
        return {NET_DEFLECTION: np.where(before > 0, 1.0 - offered / before, np.nan)}


def _with(result: RunResult, extra: dict[str, Estimate]) -> RunResult:
    from dataclasses import replace

    return replace(result, measures=pd.concat([result.measures, overall(extra)])) if extra else result


def _differences(
    studies: dict[str, ScenarioRun], base: str, others: list[str], name: str, extra: dict[str, dict[str, Estimate]]
) -> pd.DataFrame:
    first = studies[base].estimates(name) | (extra.get(base, {}) if name == "overall" else {})
    cells = _cells(studies[base], name)
    parts = []
    for other in others:
        found = studies[other].estimates(name) | (extra.get(other, {}) if name == "overall" else {})
        keys = list(cells.columns)
        common = _cells(studies[other], name).reset_index().merge(cells.reset_index(), on=keys)
        here, there = common["index_x"].to_numpy(), common["index_y"].to_numpy()
        unlike = unlike_measures(studies[base].scenario, studies[other].scenario, name == "intent")
        shared = {m: e.at(here).minus(first[m].at(there)) for m, e in found.items() if m in first and m not in unlike}
        parts.append(_scenario_first(tidy(common[keys], shared).assign(scenario=other)))
    table = pd.concat(parts, ignore_index=True)
    return table.drop(columns=WHOLE) if WHOLE in table else table


def unlike_measures(one: Scenario, other: Scenario, by_intent: bool = False) -> set[str]:
    """Service levels that mean different things in two scenarios, so that their difference means nothing.

    Parameters
    ----------
    by_intent : of intents, each of which may have a time of its own.
    """
    if by_intent:
        common = [name for name in one.intents if name in other.intents]
        return set(SERVICE_LEVELS) if any(within_of(one, n) != within_of(other, n) for n in common) else set()
    level, theirs = one.targets.service_level, other.targets.service_level
    met = {"sl_intervals_met", "sl_days_met"}
    if level.within != theirs.within:
        return met | set(SERVICE_LEVELS) | _unlike_of_some(one, other)
    return _unlike_of_some(one, other) | (
        met if (level.share, level.definition) != (theirs.share, theirs.definition) else set()
    )


def _unlike_of_some(one: Scenario, other: Scenario) -> set[str]:
    """The same of one channel, intent or skill."""
    levels = ({name: some.service_level for name, some in s.targets.of_some.items()} for s in (one, other))
    mine, theirs = levels
    return {
        f"{name}.{measure}"
        for name, level in mine.items()
        if level is not None and (other_level := theirs.get(name)) is not None and level.within != other_level.within
        for measure in SERVICE_LEVELS
    }


def _cells(study: ScenarioRun, name: str) -> pd.DataFrame:
    return pd.DataFrame({WHOLE: [""]}) if name == "overall" else labels(study, name)


def _scenario_first(table: pd.DataFrame) -> pd.DataFrame:
    return table[["scenario", *(c for c in table.columns if c != "scenario")]]
