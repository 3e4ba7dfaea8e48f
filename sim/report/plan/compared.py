"""Plans beside each other in sentences: what a cut does, what the file's own does, the likeliest and the cheapest."""

from __future__ import annotations

from collections.abc import Iterator

from sim.report.numbers import capital
from sim.report.plan.words import Told, chance, count, cut_now, dearer, people, plan_words
from sim.study.plan.rules import BEST, CUT, KEEP, REDESIGN, REINVEST

OTHER_WORK = (REINVEST, REDESIGN)
"""Plans that change the work itself, which no number of people does."""


def compared(told: Told) -> Iterator[str]:
    """What the plans beside the file's come to: a cut, the likeliest to hold, and the cheapest."""
    if CUT in told.plans:
        yield from cut_now(told)
        yield from _after_a_cut(told)
    yield from _cut_of_file(told)
    yield from _best_and_worst(told)
    yield from _better_than_advised(told)


def _after_a_cut(told: Told) -> Iterator[str]:
    cut, (other, keep) = told.plans[CUT], told.kept
    more = cut.sum_of("left").mean - keep.sum_of("left").mean
    yield (
        f"Of those who stay {count(cut.sum_of('left').mean)} leave by themselves, "
        f"{count(abs(more))} {'more' if more > 0 else 'fewer'} than with {other}."
    )
    if cut.counts_money:
        yield f"It costs {dearer(told, cut.cash_above(keep))} in cash over the months than {other}."


def _cut_of_file(told: Told) -> Iterator[str]:
    """What it costs that the file itself lets people go, beside keeping everybody."""
    gone = sum(entry.count for entry in told.answer.file.plan.let_go)
    if not gone or KEEP not in told.plans:
        return
    keep = told.plans[KEEP]
    if keep.targets:
        yield (
            f"The plan of the file lets {people(gone)} go: a typical week misses a target with a chance of "
            f"{chance(told.file.miss_over())}; with {plan_words(KEEP)} it is {chance(keep.miss_over())}."
        )
    if keep.counts_money:
        yield f"It costs {dearer(told, told.file.cash_above(keep))} in cash than {plan_words(KEEP)}."


def _best_and_worst(told: Told) -> Iterator[str]:
    """The likeliest to hold, the likeliest to miss, and the cheapest."""
    if len(told.plans) < 2 or not told.file.targets:
        return
    by_miss = sorted(told.plans, key=lambda name: told.plans[name].miss_over().mean)
    best, worst = by_miss[0], by_miss[-1]
    yield (
        f"Of {len(told.plans)} plans on the same customers and the same people's luck, a typical week misses least "
        f"with {plan_words(best)} ({chance(told.plans[best].miss_over())}) and most with {plan_words(worst)} "
        f"({chance(told.plans[worst].miss_over())})."
    )
    if told.file.counts_money:
        cheapest = min(told.plans, key=lambda name: told.plans[name].cash().mean)
        yield (
            f"The least cash takes {plan_words(cheapest)}: {told.money(told.plans[cheapest].cash().mean)}; a typical "
            f"week misses there with a chance of {chance(told.plans[cheapest].miss_over())}."
        )


def _better_than_advised(told: Told) -> Iterator[str]:
    """A plan of this work that is surely cheaper than the one advised and misses no oftener: luck of the search."""
    lead = told.lead
    if not (told.found and lead.counts_money and lead.targets):
        return
    for name in told.plans:
        other = told.plans[name]
        saved = lead.cash_above(other)
        if name not in OTHER_WORK and saved.low > 0.0 and other.miss_over().mean <= lead.miss_over().mean:
            yield (
                f"{capital(plan_words(name))} costs {told.money(saved.mean)} less than {plan_words(BEST)} and misses "
                "no oftener in these years: look again with more --replications, or take it."
            )
