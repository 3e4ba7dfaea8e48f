"""The bot from day to day: how its capability drifts, and outages that last over closing time and over closed days."""

import numpy as np
import pytest
from scipy import stats

from sim.engine.beforehand import Beforehand, draw_bot_days
from sim.engine.parameter_table import resolution_base

from .worlds import CLOSE, DAY, constant, intent, item, rows, staff

QUIET = {"opt_out": 0.0, "opt_out_after_failure": 0.0, "false_containment": 0.0, "context_kept": 1.0}
SESSION = {"session": constant(100)}
SOLVED, FALSELY, HANDED_OFF, LEFT = 2, 3, 4, 5
KINDS = {"call": intent(bot={"resolves": 0.5}), "web": intent(skill="call", bot={"resolves": 0.5})}
WEEK = {"days": 7}


def some(days, each=4, start=600.0):
    """Labels of calls and web contacts, so many of both on each day."""
    return {
        f"{kind}{day}.{k}": (day * DAY + start + 300 * k, kind)
        for day in range(days)
        for kind in ("call", "web")
        for k in range(each)
    }


def outcomes(story, attempt=1):
    """Outcomes of bot sessions by day."""
    found = [set() for _ in range(7)]
    for row in rows(story.records.contacts):
        if row["attempt"] == attempt:
            found[row["day"]].add(row["bot"])
    return found


def test_a_day_is_good_or_bad_for_all_intents_together(tell):
    """With an sd of 1,000 nothing of a need's own counts beside the day."""
    story = tell(some(7), intents=KINDS, bot=QUIET | SESSION | {"day_sd": 1000}, calendar=WEEK)
    by_day = outcomes(story)
    assert [len(day) for day in by_day] == [1] * 7
    assert set.union(*by_day) == {SOLVED, HANDED_OFF}


def test_what_the_bot_can_do_for_a_need_is_that_of_the_first_day(tell):
    """Whoever was sent away falsely on a bad day meets the bot again a day later, and it fails on a good day too."""
    again = {"probability": 1.0, "delay": constant(DAY), "falsely_contained": {"probability": 1.0}}
    again["falsely_contained"]["delay"] = constant(DAY)
    customers = {"patience": "infinite", "repeat": again, "max_attempts": 2}
    drifting = QUIET | SESSION | {"day_sd": 1000, "false_containment": 1.0}
    story = tell(some(7), intents=KINDS, bot=drifting, calendar=WEEK, customers=customers)
    first, second = outcomes(story), outcomes(story, attempt=2)
    assert set.union(*second) == {FALSELY}
    assert any(FALSELY in later and SOLVED in day for day, later in zip(first, second, strict=True))


@pytest.mark.parametrize("sd", [0.4, 1.5])
def test_the_log_odds_move_by_so_much_and_the_mean_capability_stays(sd):
    """4,000 replications of ten days: mean 0.7 within 3.5 standard errors, spread within 2.5 %."""
    ordinal = np.arange(739_000, 739_010)
    closed = np.full(10, -1)
    ahead = Beforehand(np.zeros(1), sd, np.array([resolution_base(0.7, sd)]), 0.0, 0, ordinal, closed, closed)
    below = np.empty((4000, 1, 10))
    for k, room in enumerate(below):
        draw_bot_days(ahead, 17, k, room, np.empty((10, 2), np.int64))
    share = stats.norm.cdf(below).ravel()
    assert abs(share.mean() - 0.7) < 3.5 * share.std() / np.sqrt(share.size)
    assert np.log(share / (1 - share)).std() == pytest.approx(sd, rel=0.025)


# --- outages

GOOD = {"call": intent(1, bot={"resolves": 1.0})}
CREW = {"team": staff(5)}


def down(length, **more):
    return QUIET | SESSION | {"outage": {"per_day": 1.0, "length": length}} | more


def each_minutes(days, minutes=5, start=0.5):
    """Calls in open hours of some days, every so many minutes."""
    return {f"{day}.{m:03d}": (day * DAY + 60 * m + start, "call") for day in days for m in range(0, 720, minutes)}


def spilled_at(story, late=None):
    """Moments (s) of arrivals, and whether the bot was down for them; by day, or out of hours."""
    pairs = zip(rows(story.records.contacts), rows(story.records.channels), strict=True)
    found = [(story.s(c["arrival_us"]), c, bool(channel["spilled"])) for c, channel in pairs]
    return [one for one in sorted(found, key=lambda one: one[0]) if late in (None, bool(one[1]["out_of_hours"]))]


def test_an_outage_goes_on_over_closing_time_and_the_night(tell):
    """26 hours from some time of the first day; at night whoever comes is turned away, and never met the bot."""
    night = {"hours": "00:00-24:00", "out_of_hours": 1.0}
    story = tell(each_minutes([0, 1]), intents=GOOD, agents=CREW, bot=down("26h", **night), calendar={"days": 2})
    begun = next(moment for moment, _, spilled in spilled_at(story) if spilled)
    after = [one for one in spilled_at(story) if begun <= one[0] <= begun + 25 * 3600]
    assert all(spilled for *_, spilled in after)
    assert not any(spilled for moment, _, spilled in spilled_at(story) if moment < begun)
    at_night = [c for moment, c, _ in spilled_at(story, late=True) if CLOSE <= moment < DAY and moment >= begun]
    assert len(at_night) >= 5
    assert {(c["bot"], c["bot_us"], c["outcome"]) for c in at_night} == {(LEFT, 0, 0)}


def test_a_session_in_progress_finishes_and_nobody_is_resolved_amid_an_outage_but_by_it(tell):
    """Sessions of 100 s; in the outage the bot answers only who had begun."""
    story = tell(each_minutes([0], minutes=1), intents=GOOD, agents=CREW, bot=down("1h"))
    found = spilled_at(story)
    begun = next(k for k, (*_, spilled) in enumerate(found) if spilled)
    before = found[begun - 1]
    assert before[0] + 100 > found[begun][0] - 60
    assert (before[1]["bot"], before[1]["bot_us"]) == (SOLVED, 100_000_000)
    assert all(c["bot"] == 0 and c["joined_us"] == c["arrival_us"] for _, c, spilled in found if spilled)


def test_an_outage_lasts_over_closed_days(tell):
    """100 hours from Monday to Friday; Thursday opens in it, whenever its own begins."""
    week = {"days": 4, "hours": {"mon": "08:00-20:00", "thu": "08:00-20:00", "tue": "closed", "wed": "closed"}}
    story = tell(each_minutes([0, 3]), intents=GOOD, agents=CREW, bot=down("100h"), calendar=week)
    thursday = [spilled for moment, _, spilled in spilled_at(story) if moment >= 3 * DAY]
    assert len(thursday) == 144
    assert all(thursday)


def test_deferred_work_goes_past_a_bot_that_is_down(tell):
    kinds = {"call": item(bot={"resolves": 1.0})}
    story = tell(each_minutes([0], minutes=20), intents=kinds, agents=CREW, bot=down("30m"))
    assert {c["bot"] for _, c, spilled in spilled_at(story) if spilled} == {0}
    assert {c["bot"] for _, c, spilled in spilled_at(story) if not spilled} == {SOLVED}
