"""The endpoints of a bridge and every scenario between them, each simulated once.

Today as it is, at tomorrow's staffing, with tomorrow's concurrency, with tomorrow's volume; and tomorrow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sim.errors import NotComparableError, ScenarioError
from sim.loading.load import loads
from sim.mechanisms import registered
from sim.scenario.model import Group, Intent, Scenario
from sim.study.bridge.attribution import Coalition, Weights, beyond_truth, margins_of, plain, with_causes
from sim.study.replicate import Progress, RunOptions
from sim.study.scenario_results import ScenarioResult, simulate_all

NONE: Coalition = frozenset()


@dataclass(frozen=True)
class Endpoints:
    """What lies between today and tomorrow.

    Attributes
    ----------
    before : today, as it is.
    staffed : today with tomorrow's agents and today's concurrency; today as it is where they could not serve it.
    moved : that with as many chats in hand as tomorrow, and as long beside each other; `staffed` where they cannot be.
    grown : that with tomorrow's arrivals; `moved` where they do not go together.
    after : tomorrow.
    notes : what could not be done, and where its effect is.
    """

    before: Scenario
    staffed: Scenario
    moved: Scenario
    grown: Scenario
    after: Scenario
    notes: tuple[str, ...]


def endpoints_of(before: Scenario, after: Scenario) -> Endpoints:
    """Return the endpoints of a bridge.

    Raises
    ------
    NotComparableError
        When the two measure different days: their workload is no like for like.
    """
    _check_days(before, after)
    notes: list[str] = []
    staffed = _at_staffing(before, after, notes)
    moved = _at_concurrency(staffed, after, notes)
    grown = _at_volume(moved, after, notes)
    return Endpoints(before, staffed, moved, grown, after, (*notes, *_capped(before), *_capped(after)))


def _check_days(before: Scenario, after: Scenario) -> None:
    here, there = ((s.calendar.start, s.calendar.days) for s in (before, after))
    if here != there:
        raise NotComparableError(
            f"{before.name} measures {here[1]} days from {here[0]}, {after.name} {there[1]} days from {there[0]}: "
            f"their workload cannot be compared. Give both the same, such as --set calendar.start={here[0]} "
            f"--set calendar.days={here[1]}"
        )


def _at_staffing(before: Scenario, after: Scenario, notes: list[str]) -> Scenario:
    agents = {name: _as_many_at_once(group, before.agents.get(name, group)) for name, group in after.agents.items()}
    if before.agents == agents:
        return before
    staffed = before.model_copy(update={"agents": agents})
    if (problem := _problem(staffed)) is None:
        return staffed
    notes.append(
        f"{after.name}'s agents cannot serve {before.name} ({problem}), so {before.name} keeps its own. What the other "
        "agents do is in the bar of everything else"
    )
    return before


def _as_many_at_once(group: Group, like: Group) -> Group:
    return group.model_copy(update={"concurrency": like.concurrency})


def _at_concurrency(staffed: Scenario, after: Scenario, notes: list[str]) -> Scenario:
    """Today's chats beside as many others as tomorrow, and slowed by them as tomorrow."""
    agents = {name: _as_many_at_once(group, after.agents.get(name, group)) for name, group in staffed.agents.items()}
    intents = {name: _beside(intent, after.intents.get(name, intent)) for name, intent in staffed.intents.items()}
    if (staffed.agents, staffed.intents) == (agents, intents):
        return staffed
    moved = staffed.model_copy(update={"agents": agents, "intents": intents})
    if (problem := _problem(moved)) is None:
        return moved
    notes.append(
        f"{after.name}'s concurrency does not fit {staffed.name} ({problem}). What it does is in the bar of everything "
        "else"
    )
    return staffed


def _beside(intent: Intent, like: Intent) -> Intent:
    """An intent whose chats are slowed by others as those of another one; untouched where one of them is no chat."""
    both = intent.chats is not None and like.chats is not None
    return intent.model_copy(update={"chat": like.chat}) if both else intent


def _at_volume(moved: Scenario, after: Scenario, notes: list[str]) -> Scenario:
    intents = {name: _at_share(moved, intent) for name, intent in after.intents.items()}
    inducing = {m.name: getattr(after, m.name) for m in registered() if m.demand is not None}
    changes: dict[str, Any] = {"arrivals": after.arrivals, **inducing, "intents": intents}
    if all(getattr(moved, name) == value for name, value in changes.items()):
        return moved
    notes += _other_intents(moved, after)
    grown = moved.model_copy(update=changes)
    if (problem := _problem(grown)) is None:
        return grown
    notes.append(
        f"{after.name}'s arrivals do not fit {moved.name} ({problem}). What they do is in the bar of everything else"
    )
    return moved


def _at_share(moved: Scenario, intent: Intent) -> Intent:
    """Today's intent with tomorrow's volume; tomorrow's own where it is new."""
    today = moved.intents.get(intent.name)
    return intent if today is None else today.model_copy(update={"share": intent.share, "arrivals": intent.arrivals})


def _other_intents(moved: Scenario, after: Scenario) -> Iterator[str]:
    for here, there, words in ((after, moved, "new"), (moved, after, "gone")):
        names = [name for name in here.intents if name not in there.intents]
        if names:
            yield f"intents that are {words} in {after.name} count as volume: {', '.join(names)}"


def _problem(scenario: Scenario) -> str | None:
    """The first thing that is wrong with a scenario, by the checks that files get; None where nothing is."""
    try:
        loads(scenario.resolved())
    except ScenarioError as error:
        first = error.problems[0]
        return f"{first.path}: {first.message}" if first.path else first.message
    return None


def _capped(scenario: Scenario) -> Iterator[str]:
    names = beyond_truth(scenario)
    if names:
        yield (
            f"{scenario.name}: a bot that resolved all that it contains could not contain as much of "
            f"{', '.join(names)} in this conversation. What is beyond its most is in the bar of false containment"
        )


# What is simulated between them ---------------------------------------------------


@dataclass(frozen=True)
class BridgeSteps:
    """What is measured on the way; equal scenarios share one result.

    Attributes
    ----------
    before : today, as it is.
    staffed : today at tomorrow's staffing, with all its causes.
    today, tomorrow : that with tomorrow's concurrency, and tomorrow, by the groups of causes that are on.
    grown : today at tomorrow's staffing, concurrency and volume, with no cause on.
    whole : all groups.
    """

    before: ScenarioResult
    staffed: ScenarioResult
    today: Mapping[Coalition, ScenarioResult]
    grown: ScenarioResult
    tomorrow: Mapping[Coalition, ScenarioResult]
    whole: Coalition

    @property
    def moved(self) -> ScenarioResult:
        """Today at tomorrow's staffing and concurrency, with all its causes."""
        return self.today[self.whole]

    @property
    def after(self) -> ScenarioResult:
        """Tomorrow, as it will be."""
        return self.tomorrow[self.whole]


def simulated(
    endpoints: Endpoints,
    groups: Mapping[str, Sequence[str]],
    weights: Mapping[str, Weights],
    options: RunOptions,
    replications: int,
    progress: Progress | None = None,
) -> BridgeSteps:
    """Simulate all that the bars need, over the same replications and the same days.

    Parameters
    ----------
    endpoints : today and tomorrow.
    groups : the causes of every group.
    weights : by group, the coalitions of groups that its bar is made of.
    options, replications, progress : as in `sim.study.scenario_results.simulate_all`.
    """
    margins = margins_of(endpoints.before, endpoints.after)
    coalitions = {on for weight in weights.values() for on, w in weight.items() if w}

    def of(scenario: Scenario, on: Coalition) -> Scenario:
        causes = chain.from_iterable(groups[group] for group in on)
        return plain(with_causes(scenario, causes), margins)

    def by_coalition(scenario: Scenario) -> dict[Coalition, Scenario]:
        return {on: of(scenario, on) for on in sorted(coalitions, key=lambda on: (len(on), sorted(on)))}

    whole = frozenset(groups)
    today, tomorrow = by_coalition(endpoints.moved), by_coalition(endpoints.after)
    before, staffed, grown = (
        of(endpoints.before, whole),
        of(endpoints.staffed, whole),
        of(endpoints.grown, NONE),
    )
    results = _results([before, staffed, *today.values(), grown, *tomorrow.values()], options, replications, progress)
    return BridgeSteps(
        before=results[before.digest],
        staffed=results[staffed.digest],
        today={on: results[scenario.digest] for on, scenario in today.items()},
        grown=results[grown.digest],
        tomorrow={on: results[scenario.digest] for on, scenario in tomorrow.items()},
        whole=whole,
    )


def _results(
    scenarios: Sequence[Scenario], options: RunOptions, replications: int, progress: Progress | None
) -> dict[str, ScenarioResult]:
    """The results of scenarios by digest; equal ones are simulated once."""
    distinct = {scenario.digest: scenario for scenario in scenarios}
    results = simulate_all(list(distinct.values()), options, replications, slices=("group",), progress=progress)
    return dict(zip(distinct, results, strict=True))
