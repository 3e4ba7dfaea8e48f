"""The answer of `staff --no-worse` in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from sim.report import Paragraph, counted, named_paragraphs
from sim.report.numbers import PERCENT, Value, exactly, listed
from sim.study.staffing.no_worse_result import ROUNDING, BeyondStaff, NoWorse, NoWorsePlan

ASK = "How many can go so that service is no worse than before?"
QUALITIES = {
    "service_level": "service level",
    "abandonment": "abandonment",
    "resolution": "needs resolved",
    "strained_share": "strained time",
}


def no_worse_paragraphs(result: NoWorse) -> list[Paragraph]:
    """The answer, what is not the bot's, the same unhurried, the hours and intents that are worst, how sure."""
    parts = {"The answer": _answer(result.as_given), "Not the bot's": _apart(result.as_given)}
    if result.with_target is not None:
        parts["Unhurried"] = _unhurried(result.unhurried)
    return named_paragraphs(parts | {"Worst": _worst(result.as_given), "How sure": _sure(result)})


def share_words(share: float) -> str:
    """A share with a decimal."""
    return PERCENT.value(exactly(share))


def fte_words(plan: NoWorsePlan) -> str:
    """What the bot frees, as planners say it: "best estimate 4.1 FTE; safe to release (95 %) 2.6 FTE = 3 heads"."""
    freed = plan.freed_by_bot
    if freed.safe <= 0.0 or freed.heads <= 0:
        return f"best estimate {freed.best:,.1f} FTE; safe to release (95 %): nobody"
    return f"best estimate {freed.best:,.1f} FTE; safe to release (95 %) {freed.safe:,.1f} FTE = {_heads(plan)}"


def _heads(plan: NoWorsePlan) -> str:
    shares = {group.contract_share for group in plan.by_group.values()}
    by = f"a contract share of {shares.pop():g}" if len(shares) == 1 else "the groups' contract shares"
    return f"{counted(plan.freed_by_bot.heads, 'head')} at {by}"


def _answer(plan: NoWorsePlan) -> Iterator[str]:
    for beyond in plan.beyond_staff:
        yield from _beyond(beyond)
    if plan.freed_by_bot.best < -ROUNDING:
        held = "With that left out, " if plan.beyond_staff else "Nobody can go at equal service: with the bot, "
        yield (
            f"{held}{-plan.freed_by_bot.best:,.1f} FTE more are needed than before, planned anew within "
            f"the same margins ({plan.best.fte:,.1f} against {plan.within_margins.fte:,.1f})."
        )
    else:
        words = fte_words(plan)
        yield f"With that left out: {words}." if plan.beyond_staff else f"{words[0].upper()}{words[1:]}."
    yield (
        f"Quoted are rostered FTE, {plan.within_margins.fte:,.1f} before the bot and {plan.after.fte:,.1f} after: "
        "breaks, absence and shrinkage included. In hours of intervals that is "
        f"{plan.within_margins.interval_hours:,.0f} and {plan.after.interval_hours:,.0f}."
    )
    yield from _groups(plan)


def _beyond(beyond: BeyondStaff) -> Iterator[str]:
    verb = "falls" if beyond.difference < 0.0 else "rises"
    points, allowed = (f"{100.0 * abs(share):.1f} points" for share in (beyond.difference, beyond.margin))
    even = "with ample agents" if beyond.ample else "if nobody goes"
    what = f"the share of {QUALITIES[beyond.name]}" if beyond.name == "resolution" else QUALITIES[beyond.name]
    yield (f"Nobody can go at equal service: {what} {verb} by {points} even {even}, where {allowed} are allowed.")
    if beyond.takes is None:
        yield "No number of agents makes that good."
    else:
        yield f"To make it good with agents takes {beyond.takes:,.1f} FTE more than before, planned anew."


def _groups(plan: NoWorsePlan) -> Iterator[str]:
    if len(plan.by_group) > 1:
        parts = [
            f"{name} {group.freed.safe:+,.1f} FTE ({group.freed.heads:+,})" for name, group in plan.by_group.items()
        ]
        yield f"By group, safe, with heads: {listed(parts)}."


def _apart(plan: NoWorsePlan) -> Iterator[str]:
    rostering = plan.freed_by_rostering
    now, anew = (f"{staff.fte:,.1f}" for staff in (plan.before, plan.replanned))
    if abs(rostering) < ROUNDING:
        yield f"Planned anew without any bot, before takes as many as it has: {now} FTE."
    elif rostering > 0.0:
        yield (
            f"Re-rostering alone would free {rostering:,.1f} FTE ({now} to {anew}) without any bot, at most: it "
            "follows the load interval by interval, as no shifts quite do. That is not counted as the bot's."
        )
    else:
        yield f"Planned anew without any bot, before would take {-rostering:,.1f} FTE more ({now} to {anew})."
    if plan.freed_by_margins >= ROUNDING:
        yield f"The margins alone are worth {plan.freed_by_margins:,.1f} FTE; they are not counted as the bot's either."


def _unhurried(plan: NoWorsePlan) -> Iterator[str]:
    start = "With no handle-time target, so that agents take the time that the harder mix needs: "
    if plan.beyond_staff:
        names = listed([QUALITIES[beyond.name] for beyond in plan.beyond_staff])
        yield f"{start}nobody can go at equal service either, for {names}; with that left out, {fte_words(plan)}."
    elif plan.freed_by_bot.best < -ROUNDING:
        yield f"{start}{-plan.freed_by_bot.best:,.1f} FTE more are needed than before, planned anew."
    else:
        yield f"{start}{fte_words(plan)}."


def _worst(plan: NoWorsePlan) -> Iterator[str]:
    band = plan.worst_band
    if band is not None:
        change = PERCENT.change(Value(band.difference, band.low, band.high))
        yield (
            f"Service level changes least favourably from {band.start} to {band.end}: {share_words(band.before)} to "
            f"{share_words(band.after)} ({change})."
        )
    known = plan.by_intent[plan.by_intent["measure"] == "service_level"].dropna(subset="difference")
    if len(known) > 1:
        worst = min(known.to_dict("records"), key=lambda each: float(each["difference"]))
        change = PERCENT.change(Value(worst["difference"], worst["ci_low"], worst["ci_high"]))
        yield f"Of the intents it is {worst['intent']} ({change})."


def _sure(result: NoWorse) -> Iterator[str]:
    plan, freed = result.as_given, result.as_given.freed_by_bot
    yield f"95 % interval of the best estimate, by luck of the simulation: {freed.low:,.1f} to {freed.high:,.1f} FTE."
    yield (
        f"Safe was proved on {plan.proof.replications} fresh replications: the one-sided 95 % limit of every "
        "difference that staff can mend lies inside its margin."
        if plan.proof.inside
        else "After six proofs on fresh replications the safe plan still lay outside a margin; it is the last one."
    )
