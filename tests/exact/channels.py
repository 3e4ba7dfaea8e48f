"""Chats, backlogs, call-backs, overflow and a full bot: cases with an answer of their own."""

from typing import Any

from sim.engine.records import Outcome
from sim.measures import MEASURES
from sim.measures.counts import Count
from tests.drawn import interval_of
from tests.exact.harness import (
    HOUR_US,
    Budget,
    Case,
    Check,
    expected,
    exponential,
    intent,
    measured,
    params,
    ratio,
    steady,
)


def chat(talk: dict[str, Any], lengths: list[float], **more: Any) -> dict[str, Any]:
    """A chat, and how many times as long it takes with 1, 2, 3 in hand."""
    return intent(talk, channel="chat", chat={"times": [f"{60 * length:g}s" for length in lengths]}, **more)


def in_hand(records: Any, frame: Any) -> Any:
    """Agent-time (us) of each segment inside the days measured, and the places taken in it."""
    start = records.segments["start_us"][:, None].clip(frame.starts, frame.ends)
    end = records.segments["end_us"][:, None].clip(frame.starts, frame.ends)
    return (end - start).sum(axis=1), records.levels["held"]


def linear_concurrency(small: Budget, full: Budget) -> Case:
    """C1: chats that slow each other not at all are so many servers more."""
    name = "C1"
    given, exact = params(name), expected(name)

    def document(hours: float) -> dict[str, Any]:
        team = {"skills": ["chat"], "staff": given["n_agents"], "concurrency": given["cap"]}
        kind = chat(exponential(given["mean_chat_s"]), [1] * given["cap"])
        return steady(4, hours, {"chat": kind}, {"team": team}, arrivals={"per_hour": given["arrival_rate_per_h"]})

    checks = (
        Check("p_wait", exact["p_wait"], MEASURES["delay_rate"], True),
        Check("EW_all_s", exact["EW_all_s"], MEASURES["wait_all_s"], rare=True),
        Check("sl_60s", exact["sl_60s"], "sl_60s", True),
        Check("chats_per_agent", exact["chats_per_agent"], "chats_per_agent"),
    )

    def extra(records: Any, frame: Any) -> dict[str, tuple[float, float]]:
        joined = measured(records, frame)
        within = (joined["left_us"] - joined["joined_us"] <= 60_000_000).sum()
        spent, held = in_hand(records, frame)
        return {
            "sl_60s": (float(within), float(joined.size)),
            "chats_per_agent": (float((spent * held).sum()), float(spent.sum())),
        }

    return Case(name, document, checks, small, full, extra)


def two_at_once(small: Budget, full: Budget) -> Case:
    """C2: two agents with up to two chats each, the least loaded first, and customers who give up."""
    name = "C2"
    given, exact = params(name), expected(name)

    def document(hours: float) -> dict[str, Any]:
        team = {"skills": ["chat"], "staff": given["n_agents"], "concurrency": given["cap"]}
        kind = chat(exponential(given["mean_work_s"]), given["lengths"], patience=exponential(given["mean_patience_s"]))
        return steady(4, hours, {"chat": kind}, {"team": team}, arrivals={"per_hour": given["arrival_rate_per_h"]})

    checks = (
        Check("p_wait", exact["p_wait"], MEASURES["delay_rate"], True),
        Check("p_abandon", exact["p_abandon"], MEASURES["abandonment_rate"], True),
        Check("EW_all_s", exact["EW_all_s"], MEASURES["wait_all_s"]),
        Check("slot_s", exact["slot_s"], ratio({Count.ELAPSED: 1e-6}, Count.CHATS)),
        Check("in_hand", exact["in_hand"], ratio({Count.LEVEL_TIME: 1.0}, Count.CHAT_TIME)),
    )
    return Case(name, document, checks, small, full)


def shared_processor(small: Budget, full: Budget) -> Case:
    """C3: one agent whose chats slow each other in full, so that the work done an hour is always the same."""
    name = "C3"
    given, exact = params(name), expected(name)

    def document(hours: float) -> dict[str, Any]:
        team = {"skills": ["chat"], "staff": 1, "concurrency": given["cap"]}
        kind = chat(exponential(given["mean_work_s"]), [1, 2, 3])
        return steady(4, hours, {"chat": kind}, {"team": team}, arrivals={"per_hour": given["arrival_rate_per_h"]})

    checks = (
        Check("p_full", exact["p_full"], MEASURES["delay_rate"], True),
        Check("EW_all_s", exact["EW_all_s"], MEASURES["wait_all_s"], rare=True),
        Check("slot_s", exact["slot_s"], "slot_s"),
        Check("sojourn_s", exact["sojourn_s"], "sojourn_s", rare=True),
    )

    def extra(records: Any, frame: Any) -> dict[str, tuple[float, float]]:
        mine = (records.contacts["joined_us"] >= 0) & (interval_of(frame, records.contacts["joined_us"]) >= 0)
        joined, closed = records.contacts[mine], records.channels["closed_us"][mine]
        size = float(joined.size)
        return {
            "slot_s": (float((closed - joined["left_us"]).sum()) / 1e6, size),
            "sojourn_s": (float((closed - joined["joined_us"]).sum()) / 1e6, size),
        }

    return Case(name, document, checks, small, full, extra)


def behind_calls(small: Budget, full: Budget) -> Case:
    """K2: e-mails behind calls, finished once begun (Cobham)."""
    name = "K2"
    given, exact = params(name), expected(name)
    talk, rates = exponential(given["mean_service_s"]), given["arrival_rate_per_h"]

    def document(hours: float) -> dict[str, Any]:
        kinds = {
            "call": intent(talk, arrivals={"per_hour": rates["calls"]}),
            "mail": intent(talk, arrivals={"per_hour": rates["mails"]}, channel="deferred"),
        }
        skills = {"call": {"preference": 1}, "mail": {"preference": 2}}
        return steady(6, hours, kinds, {"team": {"skills": skills, "staff": given["n_agents"]}}, after_h=2)

    names = ("EW_calls_s", "EW_mails_s", "EW_overall_s")
    checks = tuple(Check(fact, exact[fact], fact, rare=fact != "EW_calls_s") for fact in names)

    def extra(records: Any, frame: Any) -> dict[str, tuple[float, float]]:
        joined = measured(records, frame)
        joined = joined[joined["outcome"] == Outcome.ANSWERED]
        waited = (joined["left_us"] - joined["joined_us"]) / 1e6
        kinds = (joined["intent"] == 0, joined["intent"] == 1, joined["intent"] >= 0)
        return {fact: (float(waited[kind].sum()), float(kind.sum())) for fact, kind in zip(names, kinds, strict=True)}

    return Case(name, document, checks, small, full, extra)


def blend(keep_idle: int, small: Budget, full: Budget) -> Case:
    """B1: e-mails without end, so many agents kept free for calls."""
    name = f"B1-{keep_idle}"
    given, exact = params(name), expected(name)
    talk = exponential(given["mean_service_s"])

    def document(hours: float) -> dict[str, Any]:
        endless = {"count": round(110 * (hours + 6)) + 1000}
        kinds = {
            "call": intent(talk, arrivals={"per_hour": given["arrival_rate_per_h"]}),
            "mail": intent(talk, arrivals={"per_hour": 0.001}, channel="deferred", opening_backlog=endless),
        }
        team = {
            "skills": {"call": {"preference": 1}, "mail": {"preference": 2}},
            "staff": given["n_agents"],
            "keep_idle": keep_idle,
        }
        return steady(4, hours, kinds, {"team": team})

    at = ("intent", 0)
    checks = (
        Check("p_wait", exact["p_wait"], MEASURES["delay_rate"], True, at),
        Check("EW_all_s", exact["EW_all_s"], MEASURES["wait_all_s"], False, at, rare=True),
        Check("mails_per_h", exact["mails_per_h"], "mails_per_h"),
        Check("occupancy", exact["occupancy"], MEASURES["occupancy"], True),
    )

    def extra(records: Any, frame: Any) -> dict[str, tuple[float, float]]:
        begun = records.contacts[(records.contacts["intent"] == 1) & (records.contacts["left_us"] >= 0)]
        hours = float((frame.ends - frame.starts).sum()) / HOUR_US
        return {"mails_per_h": (float((interval_of(frame, begun["left_us"]) >= 0).sum()), hours)}

    return Case(name, document, checks, small, full, extra)


def overflow(small: Budget, full: Budget) -> Case:
    """O1: those whom a first group has no room for go to a second; nobody waits."""
    name = "O1"
    given, exact = params(name), expected(name)
    talk = exponential(given["mean_service_s"])

    def document(hours: float) -> dict[str, Any]:
        groups = {
            "first": {"skills": {"call": {"preference": 1}}, "staff": given["first"]},
            "second": {"skills": {"call": {"preference": 2}}, "staff": given["second"]},
        }
        per_hour = given["arrival_rate_per_h"]
        none = {"call": {"limit": 0}}
        return steady(1, hours, {"call": intent(talk)}, groups, arrivals={"per_hour": per_hour}, queues=none)

    names = ("overflow_share", "lost_share", "overflow_blocked")
    checks = tuple(Check(fact, exact[fact], fact, True) for fact in names)

    def extra(records: Any, frame: Any) -> dict[str, tuple[float, float]]:
        joined = measured(records, frame)
        size, lost = float(joined.size), float((joined["outcome"] == Outcome.BLOCKED).sum())
        beyond = float((joined["group"] != 0).sum())
        return dict(zip(names, ((beyond, size), (lost, size), (lost, beyond)), strict=True))

    return Case(name, document, checks, small, full, extra)


def full_bot(sessions: int, session: dict[str, Any], tag: str, small: Budget, full: Budget) -> Case:
    """O3: sessions beyond those that the bot has room for go to people, whatever the law of a session's length."""
    name = f"O3-{sessions}"
    given, exact = params(name), expected(name)

    def document(hours: float) -> dict[str, Any]:
        bot = {
            "session": session,
            "opt_out": 0,
            "opt_out_after_failure": 0,
            "false_containment": 0,
            "max_sessions": sessions,
        }
        kind = intent(exponential(60), bot={"resolves": 1})
        team = {"skills": ["call"], "staff": 60}
        per_hour = {"per_hour": given["arrival_rate_per_h"]}
        return steady(4, hours, {"call": kind}, {"team": team}, arrivals=per_hour, bot=bot)

    checks = (Check("blocked", exact["blocked"], "blocked", True),)

    def extra(records: Any, frame: Any) -> dict[str, tuple[float, float]]:
        mine = interval_of(frame, records.contacts["arrival_us"]) >= 0
        return {"blocked": (float(records.channels["spilled"][mine].sum()), float(mine.sum()))}

    return Case(f"{name} {tag}", document, checks, small, full, extra)
