"""Which orders of scenarios hold in the null world too, and which rest on the slopes (docs/null-world.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from itertools import combinations, pairwise

import pandas as pd

from sim.report import Cell, Table, Tone, row, table
from sim.report.comparison.decision import ALONE_NOTE, same_level, service_level_measure
from sim.report.comparison.findings import Findings
from sim.report.labels import row_words
from sim.report.numbers import Value, capital

TURNS, WITH, WITHOUT, SURVIVES, TIED = (
    "turns round",
    "only with the slopes",
    "only without them",
    "survives",
    "tied",
)
TONES: dict[str, Tone] = {TURNS: "bad", WITH: "unsure", WITHOUT: "unsure", SURVIVES: "good", TIED: "quiet"}
"""What can become of an order, the worst first, and how it is shown."""

STRAINED = "strained_share"
RANKED = (
    "abandonment_rate",
    "asa_s",
    "resolution_rate",
    "workload_per_resolution_s",
    "cost_per_resolution",
    STRAINED,
    "occupancy",
    "repeat_rate",
    "csat",
)
ESTIMATE = ("mean", "ci_low", "ci_high")
ABOVE, TIE = ">", "≈"
ORDER_NOTE = (
    f"A {ABOVE} B: A is higher, and the 95 % interval of the paired difference excludes zero. A {TIE} B: it does not."
)
WORLD_NOTE = "Null world: every slope is zero, so no latent state, such as difficulty or fatigue, changes an outcome."
PAIRS_NOTE = "Every two scenarios count: a number in brackets says for how many pairs a word holds."
LEVEL_NOTE = "The service level is left out: not all scenarios define it alike."


@dataclass(frozen=True)
class RankedPair:
    """Two scenarios by one measure, in both worlds.

    Attributes
    ----------
    one, other : their names, in the order given.
    simulated, null : the paired difference, other less one; in the measure's unit.
    """

    one: str
    other: str
    simulated: Value
    null: Value

    @property
    def verdict(self) -> str:
        """What becomes of their order in the null world; an order counts where its interval excludes zero."""
        here, there = self.simulated.clear, self.null.clear
        if here and there:
            return SURVIVES if (self.simulated.mean > 0) == (self.null.mean > 0) else TURNS
        return WITH if here else WITHOUT if there else TIED


@dataclass(frozen=True)
class Ranking:
    """The order of all scenarios by one measure, in both worlds.

    Attributes
    ----------
    simulated, null : the orders in words, the highest first, such as "A > B ≈ C".
    pairs : every two scenarios.
    """

    measure: str
    label: str
    simulated: str
    null: str
    pairs: tuple[RankedPair, ...]

    @property
    def verdict(self) -> str:
        """What becomes of the order; where pairs of scenarios differ in that, by how many pairs."""
        fates = self._fates
        if len(fates) == 1:
            return fates[0][0]
        return ", ".join(f"{word} ({count})" for word, count in fates)

    @property
    def tone(self) -> Tone:
        """How the verdict is shown: as the worst in it."""
        return TONES[self._fates[0][0]]

    @property
    def _fates(self) -> list[tuple[str, int]]:
        """What becomes of how many pairs, the worst first; tied ones count only where all are tied."""
        counts = Counter(pair.verdict for pair in self.pairs)
        return [(word, counts[word]) for word in TONES if word != TIED and counts[word]] or [(TIED, counts[TIED])]


@dataclass(frozen=True)
class NullWorld:
    """The same comparison with every slope at zero, and what is left of its rankings."""

    findings: Findings
    rankings: tuple[Ranking, ...]


def null_world_of(simulated: Sequence[Findings], null: Sequence[Findings]) -> NullWorld:
    """What the null world says of a comparison; parameters as in `rankings`."""
    return NullWorld(null[0], rankings(simulated, null))


def rankings(simulated: Sequence[Findings], null: Sequence[Findings]) -> tuple[Ranking, ...]:
    """Return what becomes of the order of scenarios, for every measure to decide by that has values.

    Parameters
    ----------
    simulated, null : comparisons in either world, of scenarios with the same names in the same order. The first is of
        all scenarios. With three or more, another follows for each of the others but the last: it against those after
        it, so that every two have a paired difference.
    """
    every = [_ranking(measure, label, simulated, null) for measure, label in _measures(simulated[0])]
    return tuple(ranking for ranking in every if ranking.pairs)


def _measures(findings: Findings) -> list[tuple[str, str]]:
    """The measures to rank by, with their labels."""
    level = [(service_level_measure(findings.first.scenario), "Service level")] if same_level(findings) else []
    ranked = [measure for measure in RANKED if measure != STRAINED or findings.any_on("fatigue")]
    words = {measure: capital(row_words(measure)) for measure in ranked} | {STRAINED: "Time strained by fatigue"}
    return level + [(measure, words[measure]) for measure in ranked]


def _ranking(measure: str, label: str, simulated: Sequence[Findings], null: Sequence[Findings]) -> Ranking:
    worlds = simulated, null
    names = [name for name in simulated[0].names if all(world[0].value(name, measure).known for world in worlds)]
    here, there = ({two: _change(world, measure, *two) for two in combinations(names, 2)} for world in worlds)
    order, in_null = (
        _order({name: world[0].value(name, measure).mean for name in names}, changes)
        for world, changes in zip(worlds, (here, there), strict=True)
    )
    return Ranking(measure, label, order, in_null, tuple(RankedPair(*two, here[two], there[two]) for two in here))


def _change(world: Sequence[Findings], measure: str, one: str, other: str) -> Value:
    """A measure's paired difference of two scenarios of a world, the second of which comes later."""
    return {findings.base: findings for findings in world}[one].change(other, measure)


def _order(means: dict[str, float], changes: dict[tuple[str, str], Value]) -> str:
    """An order in words, the highest first; two that the chain says wrongly stand in brackets."""
    clear = {frozenset(two) for two, change in changes.items() if change.clear}
    names = _sorted(means, clear)
    link = {two: ABOVE if frozenset(two) in clear else TIE for two in combinations(names, 2)}
    links = [link[two] for two in pairwise(names)]
    chain = " ".join([*names[:1], *(f"{sign} {name}" for sign, name in zip(links, names[1:], strict=True))])
    said = {(a, b): ABOVE if ABOVE in links[names.index(a) : names.index(b)] else TIE for a, b in link}
    others = [f"{a} {sign} {b}" for (a, b), sign in link.items() if sign != said[a, b]]
    return f"{chain} ({', '.join(others)})" if others else chain


def _sorted(means: dict[str, float], clear: set[frozenset[str]]) -> list[str]:
    """Names, the highest first; those that nothing puts apart stay as they were given, in both worlds alike."""
    left, order = list(means), []
    while left:
        above = [n for n in left if not any(means[o] > means[n] and frozenset((o, n)) in clear for o in left)]
        order.append(above[0])
        left.remove(above[0])
    return order


def rankings_rows(null: NullWorld) -> pd.DataFrame:
    """One row a measure and two scenarios: the paired difference of the first against the second, in both worlds."""
    columns = ["measure", "scenario", "against", *ESTIMATE, *(f"null_{name}" for name in ESTIMATE), "verdict"]
    rows = [
        (r.measure, p.other, p.one, *astuple(p.simulated), *astuple(p.null), p.verdict)
        for r in null.rankings
        for p in r.pairs
    ]
    return pd.DataFrame(rows, columns=columns)


def rankings_table(null: NullWorld) -> Table:
    """One row a measure: its order as simulated and in the null world, and what becomes of it."""
    rows = [row(r.label, r.simulated, r.null, Cell(r.verdict, r.tone)) for r in null.rankings]
    columns = ["Measure", "As simulated", "In the null world", "Verdict"]
    return table("Rankings that survive the null world", columns, rows, _notes(null.findings), labels=3)


def _notes(findings: Findings) -> list[str]:
    notes = {
        ORDER_NOTE: True,
        PAIRS_NOTE: len(findings.names) > 2,
        WORLD_NOTE: True,
        LEVEL_NOTE: not same_level(findings),
        ALONE_NOTE: findings.first.replications == 1,
    }
    return [note for note, holds in notes.items() if holds]
