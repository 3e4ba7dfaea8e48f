"""The page of a plan in sentences, each made from figures of the plans and from nothing else: people and customers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.facts.headcount import ahead_of, first_month_after
from sim.report import counted
from sim.report.decide.words import about, fraction
from sim.report.labels import label_of
from sim.report.numbers import Value, capital, listed
from sim.report.plan.figures import YearFigures, half_width_of_chance, likeliest, month_words
from sim.scenario.planning import LetGo, PlanningHorizon, TrainingClass, Transfer
from sim.study.plan.answer import PlanAnswer
from sim.study.plan.result import YearPlan
from sim.study.plan.rules import ATTRITION, BEST, CUT, FILE, KEEP, REDESIGN, REINVEST, SHORT, UP_TO

MOST_NAMED = 4
"""Months of hiring that a sentence names; the table has every one."""
ENOUGH_WEEKS = 30
"""With fewer weeks of a month its chance to miss may be off by more than 17 points."""
SMALL, HALF, CENTS = 0.05, 0.5, 0.5
PLAN_NAMES = {
    FILE: "the plan of the file",
    BEST: "the plan at least cost",
    KEEP: "keeping everybody",
    CUT: "cutting now",
    ATTRITION: "leaving it to attrition",
    REINVEST: "reinvesting the time",
    REDESIGN: "redesigning first",
    SHORT: "hiring when short",
    UP_TO: "hiring up to the need",
}
"""What plans are called in tables; one that is not here keeps its name."""


@dataclass(frozen=True)
class Told:
    """What sentences are made from: the answer, and the figures of each of its plans."""

    answer: PlanAnswer

    @cached_property
    def plans(self) -> dict[str, YearFigures]:
        """Figures by the name of the plan; the file's own first."""
        return {result.plan.name: YearFigures(result) for result in self.answer.plans.plans}

    @property
    def file(self) -> YearFigures:
        """Those of the file's own plan."""
        return self.plans[self.answer.file.plan.name]

    @property
    def lead(self) -> YearFigures:
        """Those of the plan that is advised."""
        return self.plans[self.answer.lead.plan.name]

    @property
    def found(self) -> bool:
        """Whether a plan at least cost was looked for."""
        return bool(self.answer.best)

    @property
    def shown(self) -> dict[str, YearFigures]:
        """The file's plan, and the one at least cost where it was looked for."""
        return {FILE: self.file} | ({BEST: self.lead} if self.found else {})

    @property
    def kept(self) -> tuple[str, YearFigures]:
        """The plan that a cut is set beside, in words, and its figures: keeping everybody, else that of the file."""
        name = KEEP if KEEP in self.plans else FILE
        return plan_words(name), self.plans.get(KEEP, self.file)

    @property
    def ahead(self) -> PlanningHorizon:
        """What the file says of the months."""
        return ahead_of(self.answer.scenario)

    @property
    def span(self) -> str:
        """All the months."""
        return "the first year" if self.file.months == 12 else f"the {counted(self.file.months, 'month')}"

    @property
    def currency(self) -> str:
        """Of all amounts."""
        costs = self.answer.scenario.costs
        return costs.currency if costs is not None else ""

    def money(self, amount: float) -> str:
        """An amount without its sign, rounded to what a manager remembers."""
        return f"{self.currency} {about(amount)}".strip()

    def month(self, place: int) -> str:
        """A month in words, counted from 0."""
        return month_words(self.file.labels[place])


def plan_words(name: str) -> str:
    """A plan in words."""
    return PLAN_NAMES.get(name, name)


def people(number: float, verb: str = "") -> str:
    """So many people, in tenths where they are no whole number, with a verb that fits."""
    whole = abs(number - round(number)) < SMALL
    text = f"{abs(number):,.0f}" if whole else f"{abs(number):,.1f}"
    return f"{text} {'person' if text == '1' else 'people'}{verb}"


def count(number: float) -> str:
    """A mean number of people."""
    return f"{number:,.0f}" if abs(number) >= 9.95 or abs(number - round(number)) < SMALL else f"{number:,.1f}"


def chance(value: Value) -> str:
    """A chance in whole percent."""
    return f"{100.0 * value.mean:.0f} %"


def with_ends(value: Value) -> str:
    """A chance with its interval: 35 % (21 to 52)."""
    if not value.judged:
        return chance(value)
    low, high = (100.0 * min(max(end, 0.0), 1.0) for end in (value.low, value.high))
    return f"{chance(value)} ({low:.0f} to {high:.0f})"


# In short ---------------------------------------------------------------------------


def in_short(told: Told) -> Iterator[str]:
    """The page in a few lines: whom to hire, what is missed, money."""
    yield _advice(told)
    yield from _left_aside(told)
    yield from undone(told)
    if told.file.targets:
        yield _missed(told, told.file, "As the file plans it")
        if told.found:
            yield _missed(told, told.lead, "With the plan at least cost")
        yield from _few_years(told)
    if CUT in told.plans:
        yield from cut_now(told)
    if told.lead.counts_money:
        yield _first_year(told)
    if told.answer.spiral is not None and told.answer.spiral.month is not None:
        begin = told.month(told.answer.spiral.month - 1)
        yield f"From {begin} on leaving feeds itself with the plan of the file: those who stay are more strained."


def _advice(told: Told) -> str:
    plan = told.answer.lead.plan
    if not told.found:
        return f"The plan of the file: {_moves(told, plan)}."
    return f"{capital(_moves(told, plan))}: the plan at least cost that was found."


def _moves(told: Told, plan: YearPlan) -> str:
    """Who is hired, goes and moves, in words."""
    hired, gone = _by_month(plan.classes), _by_month(plan.let_go)
    rule = _rule(told, plan)
    parts = [f"hire {_dated(told, hired)}" if hired else "" if rule else "hire nobody", rule]
    parts += [f"let {_dated(told, gone)} go" if gone else "let nobody go", *_transfers(told, plan)]
    return listed([part for part in parts if part])


def _transfers(told: Told, plan: YearPlan) -> Iterator[str]:
    """Who moves, by the groups between which."""
    for source, target in dict.fromkeys((move.from_group, move.to_group) for move in plan.transfers):
        mine = [move for move in plan.transfers if (move.from_group, move.to_group) == (source, target)]
        yield f"move {_dated(told, _by_month(mine))} from {source} to {target}"


def _by_month(entries: Sequence[TrainingClass] | Sequence[LetGo] | Sequence[Transfer]) -> dict[int, int]:
    found: dict[int, int] = {}
    for entry in entries:
        found[entry.month] = found.get(entry.month, 0) + entry.count
    return dict(sorted(found.items()))


def _dated(told: Told, by_month: Mapping[int, int]) -> str:
    """A number of people with the months: 14 people (6 in March 2027, 8 in June 2027)."""
    whole = people(sum(by_month.values()))
    if len(by_month) == 1:
        (month,) = by_month
        return f"{whole} in {told.month(month - 1)}"
    if len(by_month) <= MOST_NAMED:
        return f"{whole} ({', '.join(f'{n} in {told.month(m - 1)}' for m, n in by_month.items())})"
    most = max(by_month, key=lambda month: by_month[month])
    first = min(by_month)
    begin = f"first {by_month[first]} in {told.month(first - 1)}"
    peak = f"{by_month[most]}, in {told.month(most - 1)}"
    told_of = f"first and most, {peak}" if by_month[first] == by_month[most] else f"{begin}; most, {peak}"
    return f"{whole} in {len(by_month)} of {told.file.months} months ({told_of})"


def _rule(told: Told, plan: YearPlan) -> str:
    """A rule of hiring with what it comes to on average; empty where it hires nobody."""
    name = plan.name if plan.name in told.plans else told.answer.file.plan.name
    hired = told.plans[name].sum_of("hired").mean - sum(each.count for each in plan.classes)
    if hired < SMALL:
        return ""
    return f"hire by rule {count(hired)} on average"


def _missed(told: Told, figures: YearFigures, begin: str) -> str:
    """The chance to miss, on average over months and in the worst."""
    worst = figures.miss()[figures.worst]
    if worst.mean == 0.0:
        return f"{begin}, no typical week of any month misses a target, in {figures.result.replications} years."
    return (
        f"{begin}, a typical week misses a target with a chance of {with_ends(figures.miss_over())}; "
        f"{with_ends(worst)} in {told.month(figures.worst)}, the worst month."
    )


def _left_aside(told: Told) -> Iterator[str]:
    """The targets that no number of people meets."""
    found = told.answer.optimised
    if found is not None and found.requirement.beyond_staff:
        names = [label_of(name).text for name in found.requirement.beyond_staff]
        yield f"No number of people meets {listed(names)}: what is needed leaves that aside."


def undone(told: Told) -> Iterator[str]:
    """Who was to be let go by name of a plan and was not there: nobody goes twice."""
    for name, figures in told.shown.items():
        named, gone = sum(each.count for each in figures.result.plan.let_go), figures.sum_of("let_go").mean
        if named - gone > SMALL:
            yield f"Of {people(named)} whom {plan_words(name)} lets go only {count(gone)} are there to go, on average."


def _few_years(told: Told) -> Iterator[str]:
    """What so few weeks can say of a month."""
    years = told.file.result.replications
    if years * told.ahead.weeks_a_month < ENOUGH_WEEKS:
        yield (
            f"{counted(years, 'simulated year')} {'are' if years > 1 else 'is'} few: go by the "
            f"average over the months, and by no single month; --replications {ENOUGH_WEEKS} tells more."
        )


def _first_year(told: Told) -> str:
    verb = "cost" if told.span.endswith("s") else "costs"
    words = f"{capital(told.span)} {verb} {told.money(told.lead.cash().mean)} in cash"
    if not told.found:
        return f"{words}."
    return f"{words}, {dearer(told, told.lead.cash_above(told.file))} than the plan of the file."


def dearer(told: Told, change: Value) -> str:
    """A difference of money in words, with what luck leaves open."""
    if abs(change.mean) < CENTS:
        return "no more"
    words = f"{told.money(change.mean)} {'more' if change.mean > 0 else 'less'}"
    if change.judged and not change.clear:
        return f"{words} (within luck)"
    return words


# Hiring -----------------------------------------------------------------------------


def hiring(told: Told) -> Iterator[str]:
    """What is needed and what is there; how many and when, by group; from when they count; who leaves meanwhile."""
    plan, lead = told.answer.lead.plan, told.lead
    yield from _gap(told)
    yield _advice(told)
    groups = lead.result.groups
    if len(groups) > 1 and plan.classes:
        by_group = {name: sum(c.count for c in plan.classes if c.group == name) for name in groups}
        yield f"By group: {listed([f'{number} for {name}' for name, number in by_group.items() if number])}."
    if told.found and told.answer.file.plan != plan:
        yield f"The file, beside it: {_moves(told, told.answer.file.plan)}."
    if told.found and plan.transfers:
        yield "Who moves stands in no hiring.csv: write it under horizon.transfers to play the plan again."
    yield from _training(told)
    left, heads = lead.sum_of("left"), lead.by_month("heads")
    yield (
        f"With it {count(left.mean)} leave by themselves in the {counted(told.file.months, 'month')}; of "
        f"{count(heads[0].mean)} people in {told.month(0)} the centre comes to {count(heads[-1].mean)} in "
        f"{told.month(told.file.months - 1)}, those in training among them."
    )


def _training(told: Told) -> Iterator[str]:
    hires = told.ahead.hiring
    weeks = hires.training / (7 * 86_400.0)
    if told.lead.sum_of("hired").mean < SMALL or weeks <= 0.0:
        return
    yield f"Who begins takes contacts after {weeks:g} weeks of training; {fraction(hires.graduates)} of a class do."
    if hires.lead_time > 0.0:
        ahead = f"{hires.lead_time / (7 * 86_400.0):.3g} weeks"
        yield f"Decide on each class {ahead} before its month begins: so long hiring takes."
    classes = told.answer.lead.plan.classes
    late = [c for c in classes if first_month_after(c.month, hires.training) > told.file.months]
    if late:
        begun = sum(each.count for each in late)
        yield f"Of those hired {begun} begin too late to take contacts in these months: they keep up those after."


def _gap(told: Told) -> Iterator[str]:
    """Where heads fall short of what the targets need, with the file's plan."""
    needed = told.answer.needed
    if needed is None:
        return
    for name, figures in told.shown.items():
        there = figures.by_month("available")
        short = [float(needed[:, m].sum()) - there[m].mean for m in range(figures.months)]
        worst = int(np.argmax(short))
        words = capital(plan_words(name))
        months = sum(gap > HALF for gap in short)
        if months:
            yield (
                f"{words} is short of what the targets need in {months} of {len(short)} months, most in "
                f"{told.month(worst)}: {count(short[worst])} too few."
            )
        else:
            yield f"{words} has what the targets need in every month, to half a head."


# Chances ----------------------------------------------------------------------------


def chances(told: Told) -> Iterator[str]:
    """How likely a miss is, by target, month and plan; and what kind of chance that is."""
    file = told.file
    if not file.targets:
        why = "No week can be judged by the file's targets" if file.result.week.met else "The file sets no targets"
        yield f"{why}, so nothing can be missed."
        return
    yield _missed(told, file, "As the file plans it")
    if len(file.targets) > 1:
        by_target = {name: file.miss_over(name) for name in file.targets}
        worst = max(by_target, key=lambda name: by_target[name].mean)
        if by_target[worst].mean > 0.0:
            parts = [f"{label_of(n).text} {chance(v)}" for n, v in by_target.items() if v.mean > 0.0]
            yield f"By target, on average over the months: {listed(parts)}."
    if told.found:
        yield _missed(told, told.lead, "With the plan at least cost")
    yield from _peak(told)
    yield (
        f"A chance here is that of a typical week: of {file.result.replications} simulated years, in how many the one "
        "week that stands for the month misses. It is no chance that all weeks of the month hold."
    )
    weeks = file.result.replications * told.ahead.weeks_a_month
    points = 100.0 * half_width_of_chance(weeks)
    yield f"A chance near a half is known to {points:.0f} points either way in a single month, from so many weeks."


def _peak(told: Told) -> Iterator[str]:
    if told.ahead.peak is None or told.file.result.peak is None:
        return
    worst = likeliest(told.file.miss(peak=True))
    place = told.file.miss(peak=True).index(worst)
    yield (
        f"A peak week, with {fraction(told.ahead.peak)} of a typical week's contacts, misses with a chance of "
        f"{with_ends(worst)} in the worst month, {told.month(place)}."
    )


# Cutting ----------------------------------------------------------------------------


def cut_now(told: Told) -> Iterator[str]:
    """What happens if people go at once, beside keeping everybody."""
    cut, (other, keep) = told.plans[CUT], told.kept
    if cut.targets:
        yield (
            f"If {people(cut.sum_of('let_go').mean)} were cut now, a typical week would miss a target with a chance of "
            f"{chance(cut.miss_over())}; with {other} it is {chance(keep.miss_over())}."
        )
