"""The page of a decision in sentences, each made from figures of `decide.csv` and from nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sim.report.decide.facts import Facts
from sim.report.numbers import Value, duration, listed, round_percent
from sim.study.decide import plans

SMALL_FTE, SMALL_S = 0.05, 0.5
QUALITIES = {
    "service_level": ("contacts answered in time", "service_level"),
    "abandonment": ("contacts that give up", "abandonment_rate"),
    "resolution": ("needs resolved in the end", "resolution_rate"),
    "strained_share": ("hours in which agents are strained", "strained_share"),
}
CAUSES = {
    "mix": "a harder mix, since the bot takes the easy contacts",
    "context": "asking again what the customer has told the bot",
    "frustration": "customers who come frustrated",
    "fatigue": "tired agents",
    "pace": "hurry to meet the target",
    "other": "other differences between the two files",
}
LIGHTER = {"mix": "an easier mix", "fatigue": "less tired agents", "frustration": "less frustrated customers"}


class Uncertain(NamedTuple):
    """An uncertain number: in words, its low and high values, and how it is found out."""

    words: str
    low: str
    high: str
    found_by: str


@dataclass(frozen=True)
class Names:
    """What things are called on the page.

    Attributes
    ----------
    before, after : the two scenarios.
    groups : of agents who take contacts.
    within_s : the T of the service level (s).
    money : the currency.
    period : what one replication simulates, in words, such as weeks.
    measure_first : the numbers that matter most, one at a time; the most influential first.
    together : those to measure first with all drawn together, where they were drawn.
    missed : the targets that no staffing meets, in words.
    """

    before: str
    after: str
    groups: tuple[str, ...]
    within_s: float
    money: str
    period: str
    measure_first: tuple[Uncertain, ...] = ()
    together: tuple[Uncertain, ...] = ()
    missed: tuple[str, ...] = ()


def people(number: float, verb: str = "") -> str:
    """A number of people, with a verb that fits it."""
    count = abs(round(number))
    return f"{count:,} {'person' if count == 1 else 'people'}{verb}"


def fte(number: float) -> str:
    """A number of FTE."""
    return f"{abs(number):,.1f} FTE"


def points(change: float) -> str:
    """A difference of shares."""
    return f"{abs(100.0 * change):.1f} points"


def signed_seconds(change: float) -> str:
    """Seconds with their sign."""
    return f"{'+' if change >= 0 else '-'}{abs(change):.0f} s"


def money(amount: float, names: Names) -> str:
    """An amount, rounded to what a manager remembers."""
    return f"{names.money} {about(amount)}".strip()


def about(number: float) -> str:
    """A size, rounded to three digits."""
    size = abs(number)
    step = 10.0 ** max(math.floor(math.log10(size)) - 2, 0) if size >= 1.0 else 1.0
    return f"{round(size / step) * step:,.0f}"


def can_go(number: float) -> str:
    """So many FTE can go, or are needed."""
    return f"{fte(number)} can go" if number >= 0.0 else f"{fte(number)} more are needed"


def exact(share: float) -> str:
    """A share where tenths of a point matter."""
    return f"{100.0 * share:.1f} %"


def fraction(share: float) -> str:
    """A share in words: 35 %."""
    return round_percent(share)


# In short ---------------------------------------------------------------------------


def in_short(facts: Facts, names: Names) -> Iterator[str]:
    """The page in four lines."""
    yield _who(facts)
    here, there, target = facts("aht_s", plans.BEFORE), facts("aht_s", plans.SAFE), facts("old_target")
    if there > target + SMALL_S and facts("aht_mix", plans.SAFE) > SMALL_S:
        harder = "harder contacts" if 2.0 * facts("aht_mix", plans.SAFE) > there - here else "contacts"
        yield f"The old handle time of {duration(target)} is out of reach: {harder} take {duration(there)}."
    elif not math.isnan(there):
        yield f"A contact takes {duration(there)} (before {duration(here)})."
    before, after = (100.0 * facts("resolution_rate", plan) for plan in (plans.BEFORE, plans.SAFE))
    yield f"Of 100 needs {after:.0f} are resolved in the end, the bot's included; before {before:.0f}."
    if facts.has("total_year", plans.SAFE):
        yield f"Once all is in place it {saved(facts('total_year', plans.SAFE), names)} a year."


def _who(facts: Facts) -> str:
    """How many, in one line."""
    safe, equal, claimed = facts("people_safe"), facts("people_equal"), facts("people", plans.NAIVE)
    beside = f", where containment promises {claimed:.0f}" if claimed > max(safe, 0.0) else ""
    if safe < 0:
        return f"Nobody can go, and {people(safe)} more are needed{beside}."
    if safe == 0:
        return f"Nobody can go{beside}."
    if equal >= safe:
        return f"{people(safe)} can go at equal service{beside}."
    return f"{people(safe)} can go if fewer resolved needs are accepted, nobody at equal service{beside}."


def saved(change: float, names: Names) -> str:
    """A change of costs: what is below zero is saved."""
    return f"saves {money(change, names)}" if change < 0 else f"costs {money(change, names)} more"


# 1. How many ------------------------------------------------------------------------


def how_many(facts: Facts, names: Names) -> Iterator[str]:
    """The safe number first, then the one at the targets, then what re-rostering frees."""
    safe = facts("people_safe")
    beyond = [name for name in QUALITIES if facts.has(f"beyond_{name}")]
    if safe < 0:
        yield f"Nobody can go: {people(safe)} more are needed for service to be no worse than before."
    elif beyond:
        yield f"At equal service nobody can go: {_beyond(facts, beyond)} even if everybody stays."
        yield from _mended(facts, beyond)
        if safe > 0:
            yield f"If that is accepted, {_go(safe)} with waits, customers who give up and strain no worse than before."
        else:
            yield "Nor can anybody go for waits, customers who give up and strain to be no worse."
    elif safe == 0:
        yield "At equal service nobody can go."
    else:
        yield f"{_go(safe)} with service no worse than before."
    yield _estimate(facts)
    groups = [name for name in names.groups if facts(f"people_safe_{name}")]
    if len(groups) > 1:
        yield f"By group: {listed([_of_group(facts, name) for name in groups])}."
    yield from _roster(facts)
    yield from _at_targets(facts, names)
    yield from _as_written(facts, names)
    rostering = facts("fte_rostering")
    if rostering > SMALL_FTE:
        yield f"Better rosters alone, without any bot, would free {fte(rostering)}: that is not the bot's doing."


def _roster(facts: Facts) -> Iterator[str]:
    """Where those who go leave holes in the roster of today that a new one would not have."""
    for name in QUALITIES:
        words, measure = QUALITIES[name]
        change = facts(f"{measure}_change", plans.SAFE)
        worse = -change if measure in ("service_level", "resolution_rate") else change
        if name != "resolution" and worse > facts(f"margin_{name}"):
            here, there = facts(measure, plans.BEFORE), facts(measure, plans.SAFE)
            yield f"It takes new rosters: with those of today {words} go from {exact(here)} to {exact(there)}."
            return


def _go(count: float) -> str:
    return f"{people(count)} can go"


def _beyond(facts: Facts, beyond: Sequence[str]) -> str:
    """What is worse even where nobody goes."""
    parts = []
    for name in beyond:
        words, measure = QUALITIES[name]
        here, there = facts(measure, plans.BEFORE), facts(measure, plans.KEEP)
        parts.append(f"{words} go from {exact(here)} to {exact(there)}")
    return listed(parts)


def _mended(facts: Facts, beyond: Sequence[str]) -> Iterator[str]:
    """What it would take to make good what is worse."""
    takes = max(facts(f"fte_to_mend_{name}") for name in beyond)
    if math.isinf(takes):
        yield "No number of agents makes that good, since the bot leaves those needs open."
    else:
        yield f"It would take {fte(takes)} more than before to make that good by staff."


def _estimate(facts: Facts) -> str:
    best, safe = facts.value("fte_best"), facts("fte_safe")
    ends = f", {best.low:,.1f} to {best.high:,.1f} by luck" if best.judged else ""
    of = f" of {fte(facts('fte_before'))}"
    if safe < 0:
        return f"That is {fte(safe)} on top{of} (best estimate {fte(best.mean)} on top{_on_top(best)})."
    less = ", less than a person of any group" if facts("people_safe") == 0 else ""
    return f"Safe at 95 % are {fte(safe)}{of}{less} (best estimate {fte(best.mean)}{ends})."


def _on_top(best: Value) -> str:
    return f", {-best.high:,.1f} to {-best.low:,.1f} by luck" if best.judged else ""


def _of_group(facts: Facts, name: str) -> str:
    count = facts(f"people_safe_{name}")
    return f"{name} {abs(count):.0f} {'fewer' if count >= 0 else 'more'}"


def _at_targets(facts: Facts, names: Names) -> Iterator[str]:
    if names.missed:
        yield f"No staffing meets the targets: missed whatever the staff is {listed(names.missed)}."
        return
    if not facts.has("people_at_targets"):
        return
    count = facts("people_at_targets")
    if count < 0:
        yield f"For the targets {people(count)} more are needed."
        return
    fall = service(facts, plans.AT_TARGETS, names)
    if count == 0:
        yield f"For the targets to be met nobody can go: then {fall}."
        return
    yield f"If the targets alone counted, {people(count)} could go, and {fall}."


def service(facts: Facts, plan: str, names: Names) -> str:
    """What a plan does to waits and resolution, beside before."""
    here, there = facts("service_level", plans.BEFORE), facts("service_level", plan)
    verb = "falls" if there < here else "goes"
    resolved = facts("resolution_rate", plans.BEFORE), facts("resolution_rate", plan)
    return (
        f"service {verb} from {exact(here)} to {exact(there)} answered within {names.within_s:g} s, needs resolved go "
        f"from {exact(resolved[0])} to {exact(resolved[1])}"
    )


def _as_written(facts: Facts, names: Names) -> Iterator[str]:
    if not facts.has("people", plans.WRITTEN):
        return
    count = facts("people", plans.WRITTEN)
    moved = f"lets {people(count)} go" if count >= 0 else f"brings {people(count)} in"
    yield f"The plan as written {moved}: {service(facts, plans.WRITTEN, names)}."


# 2. Handle time ---------------------------------------------------------------------


def handle_time(facts: Facts, names: Names) -> Iterator[str]:
    """The old target, and at what it comes out; what a contact takes, and what of the change is whose."""
    here, there, change = facts("aht_s", plans.BEFORE), facts("aht_s", plans.SAFE), facts("aht_change", plans.SAFE)
    if math.isnan(here) or math.isnan(there):
        return
    yield from _old_target(facts)
    yield (
        f"A contact took {duration(here)} before; with the bot and this staff it takes {duration(there)}"
        f" ({signed_seconds(change)})."
    )
    parts = [(cause, facts(f"aht_{cause}", plans.SAFE)) for cause in CAUSES]
    told = [f"{signed_seconds(x)} {_cause(cause, x)}" for cause, x in parts if abs(x) >= SMALL_S]
    if told:
        yield f"Of that: {'; '.join(told)}."
    own = facts("aht_fatigue", plans.SAFE)
    if facts("aht_mix", plans.SAFE) >= SMALL_S and not abs(facts("aht_other", plans.SAFE)) >= SMALL_S:
        but = f", but for {signed_seconds(own)} of tiredness" if abs(own) >= SMALL_S else ""
        yield f"Agents themselves have not become slower{but}."


def _cause(cause: str, change: float) -> str:
    return LIGHTER[cause] if change < 0 and cause in LIGHTER else CAUSES[cause]


def _old_target(facts: Facts) -> Iterator[str]:
    """The old target kept, beside not kept, with the same staff."""
    pressed, free = plans.OTHER_PACE, plans.SAFE
    if facts("aht_s", plans.OTHER_PACE) > facts("aht_s", plans.SAFE):
        pressed, free = free, pressed
    comes, target = facts("aht_s", pressed), facts("old_target")
    if math.isnan(comes):
        return
    aim = f"The old target of {duration(target)}" if not math.isnan(target) else "The old targets by intent"
    kept = "can be kept" if comes <= target + SMALL_S else "cannot be kept"
    unhurried = duration(facts("aht_s", free))
    yield f"{aim} {kept}: held to it, agents come out at {duration(comes)} in place of {unhurried}."
    yield (
        f"What that costs: {_beside(facts, 'resolution_rate', pressed, free)} of needs are resolved, and "
        f"{_beside(facts, 'repeat_rate', pressed, free)} of contacts are repeats."
    )


def _beside(facts: Facts, name: str, plan: str, other: str) -> str:
    return f"{exact(facts(name, plan))} in place of {exact(facts(name, other))}"


# 3. Customers and agents ------------------------------------------------------------

CUSTOMERS = {
    "service_level": "answered in time",
    "abandonment_rate": "give up",
    "repeat_rate": "of contacts are repeats",
}


def customers_and_agents(facts: Facts, names: Names) -> Iterator[str]:
    """Both sides with the safe plan, beside before."""
    whole = _from_to(facts, "resolution_rate", "of needs are resolved in the end, the bot's included")
    yield f"{whole}."
    parts = [_from_to(facts, name, words) for name, words in CUSTOMERS.items() if facts.has(name, plans.SAFE)]
    yield f"Customers: {'; '.join(parts)}."
    wait = facts("asa_s", plans.BEFORE), facts("asa_s", plans.SAFE)
    if not any(map(math.isnan, wait)):
        yield f"Who is answered waits {duration(wait[1])} on average (before {duration(wait[0])})."
    parts = [f"busy {_from_to(facts, 'occupancy', 'of their time')}"]
    if facts.has("mistreatment_rate", plans.SAFE):
        parts.append(f"treated badly in {_from_to(facts, 'mistreatment_rate', 'of contacts')}")
    if facts.has("strained_share", plans.SAFE):
        parts.append(f"strained {_from_to(facts, 'strained_share', 'of their time')}")
    yield f"Agents: {'; '.join(parts)}."
    if facts.has("leavers_a_year", plans.SAFE):
        quit_before, quit_after = facts("leavers_a_year", plans.BEFORE), facts("leavers_a_year", plans.SAFE)
        yield f"{people(quit_after)} are expected to quit in a year (before {quit_before:,.0f})."


def _from_to(facts: Facts, name: str, words: str) -> str:
    return f"{fraction(facts(name, plans.SAFE))} {words} (before {fraction(facts(name, plans.BEFORE))})"
