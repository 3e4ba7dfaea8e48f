"""The answer of `staff` in sentences: how many, what it costs not to act, where the formulas are wrong, how sure."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from sim.report import Paragraph, named_paragraphs
from sim.report.labels import goal_words, label_of, level_words
from sim.report.numbers import PERCENT, listed, round_percent
from sim.report.risk.quoted import quoted_words
from sim.report.staffing.tables import FORMULAS, SPAN_WORDS, day_words
from sim.study.risk.result import RiskResult
from sim.study.staffing import Miss, StaffResult
from sim.study.targets.verdicts import judged

NEAR = 0.005
MUCH_OVER = 0.15
LEAST_FTE = 0.05


def paragraphs(result: StaffResult, chance: RiskResult | None = None) -> list[Paragraph]:
    """The answer, the chance that it holds where it was asked for, the cost of not acting, the formulas, how sure."""
    parts = {
        "The answer": _answer(result),
        "The chance": quoted_words(chance),
        "Shifts": _shifts(result),
        "If nothing is done": _cost(result),
        "The formulas": _formulas(result),
        "How sure": _sure(result),
    }
    return named_paragraphs(parts)


def _answer(result: StaffResult) -> Iterator[str]:
    if not result.feasible:
        for miss in result.misses:
            yield miss_words(result, miss)
        yield "Loosen that target, or change what stands behind it: no number of agents will do."
        return
    yield f"{_number(result)} meet every target over {SPAN_WORDS[result.each]}."
    yield from _decides(result)
    yield (
        f"Accepted on {result.proof.replications} fresh replications that the search did not use: the one-sided 95 % "
        "bound of every target meets it."
    )
    yield f"{result.looks} staffings were tried, {result.contacts / 1e6:,.1f} million first contacts in all."


def _decides(result: StaffResult) -> Iterator[str]:
    """Which target asks for the agents: a service level far above its own is often the price of another."""
    cells_by_measure = result.decides
    if len(result.goals) < 2 or not cells_by_measure:
        return
    parts = [(label_of(measure).text, count) for measure, count in cells_by_measure.items()]
    cells = sum(cells_by_measure.values())
    if cells == 1:
        yield f"What decides is {parts[0][0]}: of all targets it has least to spare."
        return
    rest = "".join(f", {name} in {count}" for name, count in parts[1:])
    yield f"What decides, with least to spare of all targets, is {parts[0][0]} in {parts[0][1]} of {cells}{rest}."


def _number(result: StaffResult) -> str:
    total = result.required.sum(axis=0)
    if result.by == "whole":
        parts = [f"{int(n)} {name}" for n, name in zip(result.required[:, 0], result.ground.groups, strict=True)]
        more = f" ({', '.join(parts)})" if len(parts) > 1 else ""
        return f"{int(total[0])} agents{more}"
    blocks = result.ground.block_of
    peak = int(np.argmax(total[blocks]))
    hours = f"{result.agent_hours:,.1f} agent hours over the days measured"
    if total.min() == total.max():
        return f"{hours}, {int(total.max())} agents at all times,"
    return f"{hours}, from {int(total.min())} to {int(total.max())} agents (most on {_when(result, peak)}),"


def _when(result: StaffResult, cell: int) -> str:
    time = result.ground.label(cell)[1]
    return f"{day_words(result, cell)} {time}" if result.by == "interval" else day_words(result, cell)


def miss_words(result: StaffResult, miss: Miss) -> str:
    """Which target fails, and the best attainable."""
    where = " ".join(part for part in miss.where if part)
    many = f", in {round_percent(miss.share)} of its intervals or days" if miss.share < 1.0 and where else ""
    return (
        f"No staffing is sure to meet {goal_words(result.scenario, miss.measure, miss.goal)}{many}: with "
        f"{int(result.required.sum(axis=0).max())} agents at the peak, the most that was tried, "
        f"{level_words(result.scenario, miss.measure)} is {PERCENT.bare(round(miss.best, 4))} "
        f"{f'on {where}' if where else 'over all days'}, which is the best attainable."
    )


def _cost(result: StaffResult) -> Iterator[str]:
    """What the file's own staffing misses, or what it has too much."""
    now = result.sides[0]
    level = result.scenario.targets.service_level.definition
    judgement = judged(now, result.goals)
    served = f"{level_words(result.scenario, level)} {round_percent(now.mean(level))}"
    lost = now.mean("abandoned") + now.mean("balked")
    gone = f"{lost:,.0f} of {now.mean('offered'):,.0f} contacts give up"
    parts = [
        f"{words} {listed([label_of(m).text for m in those])}"
        for words, those in (("it misses", judgement.missed), ("it is too close to call for", judgement.close))
        if those
    ]
    said = f"{', and '.join(parts)} over all days" if parts else "it meets every target over all days together"
    yield f"With the file's own staffing {said}: {served}, {gone}."
    if result.feasible:
        yield _short(result)


def _short(result: StaffResult) -> str:
    gap = (result.required[:, result.ground.block_of] - result.own).sum(axis=0)
    under, over = float(np.maximum(gap, 0.0) @ result.ground.hours), float(np.maximum(-gap, 0.0) @ result.ground.hours)
    parts = [
        words
        for hours, words in (
            (under, f"is short of {under:,.1f} agent hours in some intervals"),
            (over, f"has {over:,.1f} too many in others"),
        )
        if hours > NEAR
    ]
    return f"Against the requirement it {' and '.join(parts) or 'is right in every interval'}."


def _shifts(result: StaffResult) -> Iterator[str]:
    roster, proof = result.roster, result.covered
    if roster is None or proof is None:
        return
    hours = sum(roster.paid_hours.values())
    gap = roster.scheduled - result.required[:, result.ground.block_of]
    over, under = (
        float((np.maximum(gap, 0) @ result.ground.hours).sum()),
        float((np.maximum(-gap, 0) @ result.ground.hours).sum()),
    )
    short = f"short of {under:,.1f}" if under > NEAR else "short of none"
    lines = f"{len(roster.lines)} {'lines' if len(roster.lines) > 1 else 'line'} of shifts"
    yield f"{lines} cover it: {hours:,.1f} paid hours, {roster.fte:,.1f} FTE; {over:,.1f} agent hours over, {short}."
    if over > MUCH_OVER * result.agent_hours:
        yield "Shifts of other lengths, or earlier and later starts, may fit the day better: try --lengths."
    yield from _against_own(result)
    missed = [v for v in proof.verdicts if v.rejected.any()]
    if proof.accepted:
        yield "Simulated, the shifts meet every target."
    elif not missed:
        yield "Simulated, the shifts miss no target beyond luck, though not every one is sure."
    for verdict in missed:
        words = goal_words(result.scenario, verdict.constraint.measure, verdict.constraint.target)
        many = (
            f"in {int(verdict.rejected.sum())} of {verdict.rejected.size}" if verdict.rejected.size > 1 else "over all"
        )
        yield f"Simulated, the shifts miss {words} {many}: breaks start late, and what shifts do to agents is in it."


def _against_own(result: StaffResult) -> Iterator[str]:
    """What the shifts take beside the file's own staffing: a requirement is no roster."""
    own, shifts = result.sides[0], result.sides[-1]
    change = shifts.mean("fte") - own.mean("fte")
    if abs(change) >= LEAST_FTE:
        more = "more" if change > 0 else "fewer"
        yield f"With overtime that is {abs(change):,.1f} FTE {more} than the file's own {own.mean('fte'):,.1f}."


def _formulas(result: StaffResult) -> Iterator[str]:
    if not result.feasible:
        return
    if result.by != "interval":
        yield from _of_blocks(result)
        yield from _why(result)
        return
    for name, words in FORMULAS.items():
        agents = result.beside[name].to_numpy(float)
        if np.isnan(agents).all():
            yield f"{words} knows none of the targets that are set." if name == "erlang_c" else f"Nor does {words}."
            continue
        yield _against(result, name, words, agents)
    yield from _why(result)


def _of_blocks(result: StaffResult) -> Iterator[str]:
    """Where staff stays the same for longer: the formulas on the mean load of that time."""
    blocks = result.by_block
    for name, words in FORMULAS.items():
        gaps = (blocks[name] - blocks["required"]).to_numpy(float)
        if np.isnan(gaps).any():
            yield f"{words} has no number for these targets."
        elif not gaps.any():
            yield f"{words} on the mean load agrees to the agent."
        else:
            most = int(np.argmax(np.abs(gaps)))
            side = "too many" if gaps[most] > 0 else "too few"
            asks, need = blocks[name].iloc[most], blocks["required"].iloc[most]
            first = int(np.flatnonzero(result.ground.block_of == most)[0])
            where = "on all days" if result.by == "whole" else f"on {day_words(result, first)}"
            yield (
                f"{words} on the mean load asks for {asks:.0f} agents {where}, where {need} are required: "
                f"{abs(gaps[most]):.0f} {side}."
            )


def _against(result: StaffResult, name: str, words: str, agents: np.ndarray) -> str:
    required = result.beside["required"].to_numpy(float)
    gap = agents - required
    known = ~np.isnan(gap)
    same, many = int((gap[known] == 0).sum()), int(known.sum())
    by_formula = result.beside[f"{name}_service_level"].to_numpy(float)
    simulated = result.beside["service_level"].to_numpy(float)
    off = np.where(np.isnan(simulated), 0.0, by_formula - simulated)
    worst = int(np.argmax(np.abs(off)))
    text = f"{words} agrees to the agent in {same} of {many} intervals"
    if same < many:
        most = int(np.nanargmax(np.abs(gap)))
        side = "too many" if gap[most] > 0 else "too few"
        hours = result.hours_of(name)
        total = "" if math.isnan(hours) else f" and {100 * (hours / result.agent_hours - 1):+.1f} % in agent hours"
        text += f"; at worst it asks for {abs(gap[most]):.0f} {side} ({_label(result, most)}){total}"
    here, there = round_percent(float(by_formula[worst])), round_percent(float(simulated[worst]))
    return (
        f"{text}. Of the agents required it says {here} where {there} "
        f"was simulated ({_label(result, worst)}, its worst)."
    )


def _label(result: StaffResult, cell: int) -> str:
    return f"{day_words(result, cell)} {result.ground.label(cell)[1]}"


def _why(result: StaffResult) -> Iterator[str]:
    """What the formulas leave out and this scenario has."""
    scenario, out = result.scenario, []
    patience = [intent.patience.average for intent in scenario.intents.values()]
    if any(p < math.inf for p in patience):
        out.append("that customers give up (Erlang C)")
    if len(set(np.round(result.load.sum(axis=0), 1))) > 1:
        out.append("queues carried over from one interval to the next")
    if len(result.ground.groups) > 1:
        out.append("which group has which skill")
    again = (scenario.customers.redial, scenario.customers.repeat)
    if any(back is not None and back.probability > 0.0 for back in again):
        out.append("that poor service brings contacts back")
    if scenario.mechanisms:
        out.append(f"the mechanisms ({', '.join(scenario.mechanisms)})")
    if result.by != "interval" and len(result.ground.cells) > 1:
        out.append("that staff stays the same for longer than an interval")
    if out:
        yield f"They leave out {'; '.join(out)}."


def _sure(result: StaffResult) -> Iterator[str]:
    sensitivity = result.sure
    if sensitivity is None or not sensitivity.sensitivities:
        return
    low, high = (result.agent_hours * x for x in sensitivity.span)
    if high - low < NEAR * result.agent_hours:
        yield "No weak or assumed number moves the requirement by half a percent."
        return
    yield (
        f"By what is assumed, low {low:,.1f}, expected {result.agent_hours:,.1f}, high {high:,.1f} agent hours. "
        f"Measure first: {', '.join(s.parameter.key for s in sensitivity.sensitivities)}."
    )
