"""What an export leaves open is asked for, and a fit that does not reproduce it is refused or said to be none."""

from __future__ import annotations

import math

import numpy as np

from sim.calibrate.fits.centre import FittedCentre
from sim.calibrate.reading.import_log import ImportLog, refused
from sim.calibrate.staffing_closure import StaffingClosure

ROUNDED = 1.03
"""Work and agents are fitted apart: so much more work than agents is within their errors."""
LONGEST_ASA_S, TIMES_SEEN = 600.0, 10.0
SOON_S = 1.0
FEW_GAVE_UP = 10
NONE_IN = 3.0
"""Where none of many was seen, the mean number is at most this (95 %): the rule of three."""


def need_known(fits: FittedCentre, import_log: ImportLog) -> None:
    """Refuse an export that says nothing by which the staffing could be found.

    Raises
    ------
    ExportError
        With what to export, or to say, instead.
    """
    if fits.closes or fits.staff_given or fits.staff_seen:
        return
    unread = f"; not read: {import_log.facts.get('not read', 'nothing')}"
    if fits.patience_open:
        words = (
            f"has abandonment ({fits.seen.abandonment:.1%}) and no wait: how many agents there are, and how long "
            "customers wait before they give up, cannot both be known from it"
        )
        fix = "Export a wait (--map asa=COLUMN), or say --patience TIME, --staff NUMBER or --occupancy SHARE"
        raise refused(import_log.path, words, f"{fix}{unread}")
    nothing = math.isnan(fits.seen.abandonment) or math.isnan(fits.seen.asa_s)
    words = "no abandonment and no wait" if nothing else "and nobody waited or gave up"
    fix = "Say --staff NUMBER, or --occupancy SHARE: agents are the work over the occupancy; or which column has them"
    raise refused(
        import_log.path, f"has no agents, {words}: how many agents there are cannot be known", f"{fix}{unread}"
    )


def need_met(fits: FittedCentre, closed: StaffingClosure, path: str) -> None:
    """Refuse a staffing, or a patience, that stands at the end of its range, and staff that cannot do the work.

    Raises
    ------
    ExportError
        With what does not fit together, and what to say.
    """
    if not closed.met and closed.choice.heads is None:
        raise refused(path, *_out_of_reach(fits, closed))
    if _untested(fits) and closed.asa_s > SOON_S:
        words = (
            f"nobody waited and nobody gave up: there are more agents than the {closed.agents:.1f} seen on average, "
            f"with whom ASA would be {closed.asa_s:.0f} s, and how many cannot be known"
        )
        raise refused(path, words, "Say --staff NUMBER, or --occupancy SHARE: agents are the work over the occupancy")
    work, agents = handled_erlangs(fits), closed.agents
    if work > ROUNDED * agents:
        words = f"the contacts answered are the work of {work:.1f} agents, and {_whose(fits)} {agents:.1f} on average"
        fix = f"Say --staff {math.ceil(work + 0.5)} or more, or --occupancy SHARE; or look at the unit of handle time"
        raise refused(path, words, fix)
    seen = fits.seen.asa_s
    most = LONGEST_ASA_S if math.isnan(seen) else max(LONGEST_ASA_S, TIMES_SEEN * seen)
    if math.isinf(fits.mean_patience_s) and closed.asa_s > most and not fits.closes:
        words = (
            f"{_whose(fits)} {agents:.1f} on average for the work of {work:.1f}: the queue would grow to an ASA of "
            f"{closed.asa_s / 60:.0f} min"
        )
        raise refused(
            path, words, "Say a higher --staff or a lower --occupancy, or --patience TIME if customers give up"
        )


def _untested(fits: FittedCentre) -> bool:
    """Whether the agents are those seen only because nothing shows whether they were enough."""
    return not (fits.closes or fits.staff_given or fits.patience_open)


def _whose(fits: FittedCentre) -> str:
    return "the agents that you say are" if fits.staff_given else "the agents of the export are"


def handled_erlangs(fits: FittedCentre) -> float:
    """Agents who do nothing but the contacts answered, over the opening hours."""
    hours = sum(span[1] - span[0] for span in fits.arrivals.spans if span is not None) * fits.arrivals.interval_s
    lost = 0.0 if math.isnan(fits.seen.abandonment) else fits.seen.abandonment
    return float((fits.arrivals.expected @ fits.handled_s).sum()) * (1.0 - lost) / max(hours, 1.0)


def _out_of_reach(fits: FittedCentre, closed: StaffingClosure) -> tuple[str, str]:
    """What does not fit together, and what to say."""
    if not math.isnan(closed.choice.patience_s):
        words = (
            f"no patience reproduces the export: with {closed.agents:.1f} agents on average, {_figure(fits, closed)} "
            f"even if patience is {closed.choice.patience_s:.0f} s"
        )
        return words, "Look at the number of agents, or say another --staff or --occupancy; or export a wait"
    base = "the agents seen" if fits.staff_seen else "what the work needs at 85 % occupancy"
    words = (
        f"no staffing from a half to two and a half times {base} reproduces the export: with "
        f"{closed.choice.staff_factor:.2f} times, {_figure(fits, closed)}"
    )
    fix = "Say --staff NUMBER or --occupancy SHARE, or --patience TIME; or look at what counts as abandoned and as wait"
    return words, fix


def _figure(fits: FittedCentre, closed: StaffingClosure) -> str:
    """The figure that was to be met, simulated and seen."""
    if fits.seen.abandonment > 0:
        return f"abandonment is {closed.abandonment:.1%} where {fits.seen.abandonment:.1%} was seen"
    return f"ASA is {closed.asa_s:.0f} s where {fits.seen.asa_s:.0f} s was seen"


# What to know -------------------------------------------------------------------------------------------------------


def closing_notes(fits: FittedCentre, closed: StaffingClosure) -> list[str]:
    """What staffing and patience rest on."""
    return [*_of_staff(fits, closed), *_of_patience(fits, closed)]


def _of_staff(fits: FittedCentre, closed: StaffingClosure) -> list[str]:
    factor = closed.choice.staff_factor
    if closed.choice.heads is not None:
        return _of_heads(fits, closed)
    if fits.closes and not fits.staff_seen:
        return [f"no agents are in the export: as many as the work needs at 85 % occupancy, times {factor:.2f}"]
    if fits.closes and not 0.8 <= factor <= 1.25:
        return [f"staffing had to be taken {factor:.2f} times what was seen: look at who counts as on the queue"]
    if _untested(fits):
        return ["no wait and no abandonment tells whether the agents seen were enough, or too many: they are as seen"]
    return []


def _of_heads(fits: FittedCentre, closed: StaffingClosure) -> list[str]:
    if fits.staff_seen:
        notes = [f"a small centre has whole agents: {heads_text(closed)}, near those seen"]
    else:
        by = "abandonment and Erlang A" if fits.seen.abandonment > 0 else "waits and Erlang C"
        notes = [f"no agents are in the export: as in a small centre, whole ones, {heads_text(closed)}, by its {by}"]
    if not closed.met:
        notes.append(
            f"with one agent at all times {_figure(fits, closed)}: somebody is away now and then, or contacts come in "
            "bursts, which counts do not show"
        )
    return notes


def heads_text(closed: StaffingClosure) -> str:
    """Whole heads in words: as many at all times, or from fewest to most."""
    heads = closed.choice.heads
    assert heads is not None
    whole = heads.sum(axis=0)
    counts = np.unique(whole[whole > 0]).astype(int)
    return f"{counts[0]} at all times" if len(counts) == 1 else f"{counts[0]} to {counts[-1]} by the time of day"


def _of_patience(fits: FittedCentre, closed: StaffingClosure) -> list[str]:
    seen, gave_up = fits.seen, round(fits.seen.offered * fits.seen.abandonment) if fits.seen.abandonment > 0 else 0
    if not math.isnan(closed.choice.patience_s):
        return [
            "how long customers wait is not in the export: a mean patience of "
            f"{closed.choice.patience_s:.0f} s is what gives its abandonment with {closed.agents:.1f} agents on average"
        ]
    fit = next(iter(fits.patience.values()))
    if closed.choice.patience_factor != 1.0:
        return [
            f"patience is {closed.choice.patience_factor:.2f} times what it would be if those who gave up had waited "
            "like the answered: they are taken to wait as in the simulated week"
        ]
    if gave_up and fit.law != "unknown" and fit.gave_up < FEW_GAVE_UP and not math.isnan(fit.exponential_mean.low):
        mean = fit.exponential_mean
        return [f"patience rests on {fit.gave_up} who gave up: {mean.value:.0f} s ({mean.low:.0f} to {mean.high:.0f})"]
    if seen.abandonment == 0 and fit.law == "unknown":
        waited = 0.0 if math.isnan(seen.wait_all_s) else seen.wait_all_s * seen.offered
        least = f"; it is at least {waited / NONE_IN:.0f} s (95 %)" if waited > NONE_IN else ""
        return [f"nobody gave up: patience cannot be known{least}. Nobody gives up until customers.patience is set"]
    return []
