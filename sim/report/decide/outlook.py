"""The second half of the page in sentences: money, how sure, the next step, the mistake and the alternative."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.report.decide.facts import Facts
from sim.report.decide.words import (
    Names,
    Uncertain,
    about,
    can_go,
    exact,
    fraction,
    money,
    people,
    points,
    saved,
    service,
)
from sim.report.numbers import capital, listed
from sim.study.decide import plans

# 4. Money ---------------------------------------------------------------------------


def cash(facts: Facts, names: Names) -> Iterator[str]:
    """Run-rate, then the first year; never one figure."""
    if not facts.has("total_year", plans.SAFE):
        yield "Money is not counted: give costs.agent_hour, costs.bot_session and the like in the file."
        return
    year, quarter = facts("total_year", plans.SAFE), facts("total_quarter", plans.SAFE)
    yield f"Once all is in place it {saved(year, names)} a year, {money(quarter, names)} a quarter."
    first = facts("total_first_year", plans.SAFE)
    once = [(word, facts(f"{line}_first_year", plans.SAFE)) for line, word in ONCE.items()]
    paid = [f"{money(amount, names)} of {word}" for word, amount in once if abs(amount) >= 1.0]
    with_it = f", with {listed(paid)}" if paid else "; no severance, notice, licence or hiring is given"
    yield f"In the first year it {saved(first, names)} in cash{with_it}."
    month = facts("payback_month", plans.SAFE)
    if math.isinf(month) and paid:
        yield "What is laid out is not earned back in five years."
    elif 1 < month < math.inf:
        yield f"What is laid out is earned back in month {month:.0f}."
    if facts("people", plans.SAFE) != 0:
        yield f"If nobody goes it {saved(facts('total_year', plans.KEEP), names)} a year."
    worth = facts("bad_service_year", plans.SAFE)
    if abs(worth) >= 1.0:
        less = "less" if worth > 0 else "more"
        yield f"Beside it, by the prices of the file, service is worth {money(worth, names)} a year {less}."
    else:
        yield "Bad service has no price in the file, so it is in none of these amounts."


ONCE = {"licence": "licence", "severance": "severance", "notice": "pay during notice", "hiring": "hiring"}


# 5, 6. How sure, what to measure ----------------------------------------------------


def how_sure(facts: Facts, names: Names) -> Iterator[str]:
    """Luck, then assumption, then the chance."""
    best = facts.value("fte_best")
    if best.judged:
        yield f"Luck of the simulation moves the best estimate between {_fte_ends(best.low, best.high)}."
    if facts.has("fte_assumed_low"):
        low, high = facts("fte_assumed_low"), facts("fte_assumed_high")
        yield (
            f"What is assumed moves it between {_fte_ends(low, high)}: {facts('considered'):.0f} numbers are "
            "weak or assumed, and each was put to both ends of its range, one at a time."
        )
        if low < 0.0 < best.mean:
            yield "At the low end more people are needed than before."
    yield from _chance(facts)
    if facts.has("periods_met") and not facts.has("draws"):
        met, periods = facts("periods_met"), facts("periods")
        told = f"in {met:.0f} of {periods:.0f} simulated {names.period}"
        yield f"With this staff every target was met {told}, by luck alone."


def _fte_ends(low: float, high: float) -> str:
    """Two ends of the FTE that can go, the lower one first; below 0 more are needed, which is said."""
    if high <= 0.0:
        return f"{-high:,.1f} and {-low:,.1f} FTE on top"
    if low < 0.0:
        return f"{-low:,.1f} FTE on top and {high:,.1f} FTE who go"
    return f"{low:,.1f} and {high:,.1f} FTE"


CHANCES = {
    plans.SAFE: "with the safe plan",
    plans.AT_TARGETS: "with as many gone as the targets allow",
    plans.NAIVE: "by containment",
    plans.KEEP: "if nobody goes",
}


def _chance(facts: Facts) -> Iterator[str]:
    """Luck and what is not known, together."""
    if not facts.has("draws"):
        return
    told = []
    for plan, words in CHANCES.items():
        chance = facts.value("chance_all_targets", plan)
        if chance.known:
            told.append(f"{fraction(chance.mean)} {words} ({fraction(chance.low)} to {fraction(chance.high)})")
    yield (
        f"Both together, the chance that every target is met over {facts('chance_over'):.0f} weeks is {listed(told)}, "
        f"in {facts('draws'):.0f} draws of what is not known."
    )
    if facts("draws_dropped") > 0:
        yield f"{facts('draws_dropped'):.0f} more draws contradict the file or the report, and are left out."


def measure_first(facts: Facts, names: Names) -> Iterator[str]:
    """The numbers to measure first: by all draws together where there are any, else those that move the answer most."""
    for place, number in enumerate(names.together, start=1):
        yield f"{place}. {capital(number.words)}: {_together(facts, names, place)}.{_how(number)}"
    if not names.measure_first:
        if not names.together:
            drawn = f"In {facts('draws'):.0f} draws no number stands out from luck." if facts.has("draws") else ""
            yield drawn or "What is assumed was not looked at."
        return
    if names.together:
        yield f"One at a time, {names.measure_first[0].words} moves the answer most: {_ends(facts, names, 1)}."
        return
    if facts.has("draws"):
        yield f"In {facts('draws'):.0f} draws no number stands out from luck; one at a time these move the answer most:"
    for place, number in enumerate(names.measure_first[:3], start=1):
        yield f"{place}. {capital(number.words)}: {_ends(facts, names, place)}.{_how(number)}"


def _how(number: Uncertain) -> str:
    return f" To find out: {number.found_by}." if number.found_by else ""


def _ends(facts: Facts, names: Names, place: int) -> str:
    """What can go with a number at its low and at its high end, all else as it is."""
    number, low, high = names.measure_first[place - 1], facts(f"fte_low_{place}"), facts(f"fte_high_{place}")
    return f"if it is {number.low}, {can_go(low)}; if {number.high}, {can_go(high)}"


def _together(facts: Facts, names: Names, place: int) -> str:
    """What a number is worth to know, or what it does to a chance, all others drawn too."""
    if facts.has(f"worth_{place}"):
        worth = money(facts(f"worth_{place}"), names)
        return f"to know it before choosing among these plans is worth at most {worth} a year"
    plan = next(plan for plan in CHANCES if facts.has(f"chance_low_{place}", plan))
    low, high = (fraction(facts(f"chance_{end}_{place}", plan)) for end in ("low", "high"))
    return (
        f"the chance {CHANCES[plan]} is {low} in the third of the draws where it is lowest, {high} where it is highest"
    )


# 7. The trigger ---------------------------------------------------------------------


def trigger(facts: Facts, names: Names) -> Iterator[str]:
    """First these, the next when; and how long the way back is."""
    safe = max(facts("people_safe"), 0.0)
    if not facts.has("people_next"):
        yield (
            "No further step is in sight."
            if facts.has("fte_at_targets")
            else "Without targets no further step is told."
        )
    else:
        count, weeks = facts("people_next"), facts("watched")
        needed, now = facts("resolved_needed"), facts("resolved_now")
        begin = f"First {people(safe)}, then" if safe else "Nobody now;"
        if math.isinf(needed):
            yield f"{begin} {people(count)} more never at equal waits: no bot of this kind resolves enough."
        else:
            yield f"{begin} {people(count)} more{_left_out(facts)} {_once(needed, now, weeks)}"
            yield (
                f"Truly resolved: closed by the bot, and the customer does not come back within a week. "
                f"{weeks:.0f} weeks show it to ± {100 * facts('resolved_noise'):.1f} points."
            )
    yield f"The way back is slow: hiring again takes {facts('rehire'):g} weeks (assumed)."


def _once(needed: float, now: float, weeks: float) -> str:
    """What must be seen first: by the file it may be so already, which is no count of a bot in use."""
    seen = f"at least {exact(needed)} of its sessions for {weeks:.0f} weeks"
    if now >= needed:
        return (
            f"once it is seen that the bot truly resolves {seen}: by the file it does ({exact(now)}), but a file is "
            "no count of sessions in use."
        )
    return f"once the bot truly resolves {seen}; by the file it resolves {exact(now)}."


def _left_out(facts: Facts) -> str:
    """What the step does not ask for, since nothing makes it good."""
    return " (waits as before, needs resolved left aside)" if facts.has("beyond_resolution") else ""


# 8. The mistake, and the alternative --------------------------------------------------


def mistake(facts: Facts, names: Names) -> Iterator[str]:
    """The plan that trusts containment and keeps the handle time."""
    if not facts.has("people", plans.NAIVE):
        return
    count, share = facts("people", plans.NAIVE), facts("share_claimed")
    lost = fraction(facts("abandonment_rate", plans.NAIVE))
    yield (
        f"Not to be confused with: {fraction(share)} of contacts are said to be gone, so {people(count)} go and the "
        f"old handle time is kept. Then {service(facts, plans.NAIVE, names)}, and {lost} give up."
    )
    if facts.has("saved_a_lost_need", plans.NAIVE):
        more, needs = facts("saved_more_a_year", plans.NAIVE), facts("needs_lost_a_year", plans.NAIVE)
        yield (
            f"It saves {money(more, names)} a year more than the safe plan, and leaves {about(needs)} more needs "
            f"a year unresolved: {money(facts('saved_a_lost_need', plans.NAIVE), names)} for each."
        )


def alternative(facts: Facts, names: Names) -> Iterator[str]:
    """What the same hours would do for customers and agents."""
    hours = facts("hours_a_week")
    if hours > 1.0:
        yield f"The alternative: the same {hours:,.0f} paid hours a week stay and are spent otherwise."
    away = fraction(facts("assumed", plans.ROOT_CAUSES))
    told = [
        (plans.KEEP, "everybody takes contacts"),
        (plans.RECOVERY, "a pause of a minute after hard contacts"),
        (plans.COACHING, f"coaching, assumed to resolve {points(facts('assumed', plans.COACHING))} more"),
        (
            plans.ROOT_CAUSES,
            f"work on root causes, assumed to take {away} of contacts away",
        ),
    ]
    for plan, words in told:
        if facts.has("resolution_rate", plan):
            yield f"{capital(words)}: {_gain(facts, plan)}."
    share = facts("break_even_root_causes")
    if hours > 1.0 and not math.isnan(share):
        yield f"Work on root causes saves as much as it costs from {fraction(share)} of agents' work taken away."


def _gain(facts: Facts, plan: str) -> str:
    served, resolved, busy = (exact(facts(name, plan)) for name in ("service_level", "resolution_rate", "occupancy"))
    return f"{served} in time, {resolved} of needs resolved, agents busy {busy} of their time"
