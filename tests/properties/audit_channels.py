"""What must hold of chats, deferred work, call-backs and overflow, whatever the world: from the flat records alone."""

from typing import Any

import numpy as np

from sim.engine.records import AgentState, Outcome
from tests.properties.audit_in_hand import audit_in_hand
from tests.properties.worlds import Played

CHAT, DEFERRED = "chat", "deferred"


def audit_channels(played: Played) -> None:
    """Check everything."""
    if not played.records.levels.size:
        return
    caps_are_kept(played)
    levels_fit_segments(played)
    chats_take_no_less_than_alone(played)
    no_work_is_lost(played)
    time_shared_is_time_handled(played)
    nobody_live_waits_for_somebody_idle(played)
    call_backs_are_bounded(played)
    ghosts_follow_who_left(played)
    audit_in_hand(played)


def channel_of(played: Played) -> Any:
    """The channel of each contact."""
    names = np.array([intent.channel for intent in played.scenario.intents.values()])
    return names[played.records.contacts["intent"]]


def caps_are_kept(played: Played) -> None:
    """Nobody has more in hand than the cap of its tenure, and no more go on than are in hand."""
    levels = played.records.levels
    most = [group.highest_concurrency for group in played.scenario.agents.values()]
    assert (levels["held"] <= np.maximum(levels["cap"], 1)).all()
    assert (levels["cap"] <= np.array(most)[played.records.segments["group"]]).all()
    assert ((levels["level"] >= 0) & (levels["level"] <= levels["held"])).all()
    assert ((levels["attention"] >= 0) & (levels["attention"] <= 1)).all()


def levels_fit_segments(played: Played) -> None:
    """Something is in hand of whoever is handling, be it a call, a ring or another's question; of others nothing."""
    segments, levels = played.records.segments, played.records.levels
    handling = segments["state"] == AgentState.HANDLING
    assert (levels["held"][~handling] == 0).all()
    assert (levels["held"][handling] >= 1).all()


def chats_take_no_less_than_alone(played: Played) -> None:
    """A chat lasts as long as alone, or longer, in talk and wrap-up; its share of the time is no more than that."""
    records = played.records
    done = (channel_of(played) == CHAT) & (records.contacts["outcome"] == Outcome.ANSWERED)
    done &= records.channels["closed_us"] >= 0
    contacts, channels = records.contacts[done], records.channels[done]
    talked = channels["talked_us"] - contacts["left_us"] - contacts["supervisor_us"]
    wrapped = channels["closed_us"] - channels["talked_us"]
    assert (talked >= contacts["talk_us"] - 1).all()
    assert (wrapped >= contacts["wrap_us"] - 1).all()
    assert (channels["wrap_share_us"] <= wrapped).all()
    assert (channels["talk_share_us"] <= channels["talked_us"] - contacts["left_us"]).all()


def no_work_is_lost(played: Played) -> None:
    """However often an item is put aside, the time spent on it is its talk and its wrap-up."""
    records = played.records
    items = (channel_of(played) == DEFERRED) & (records.contacts["outcome"] == Outcome.ANSWERED)
    asks = records.contacts["supervisor_us"] > 0
    done = items & (records.channels["closed_us"] >= 0) & ~asks & (records.channels["asks"] == 0)
    contacts, channels = records.contacts[done], records.channels[done]
    spent = channels["talk_share_us"] + channels["wrap_share_us"]
    np.testing.assert_array_equal(spent, contacts["talk_us"] + contacts["wrap_us"])
    assert (records.channels["aside"][~items] == 0).all()


def time_shared_is_time_handled(played: Played) -> None:
    """What contacts take of agents' time is what agents spend while something goes on, but for calls' rings.

    Where nobody asks a supervisor: segments in which a chat or an item goes on add up to the shares of both.
    """
    records = played.records
    if played.scenario.supervisor is not None:
        return
    steps = np.isin(channel_of(played), [CHAT, DEFERRED])
    shares = records.channels["talk_share_us"][steps] + records.channels["wrap_share_us"][steps]
    on = (records.levels["level"] > 0) & (records.segments["state"] == AgentState.HANDLING)
    spent = (records.segments["end_us"] - records.segments["start_us"])[on].sum()
    assert shares.sum() == spent, (shares.sum(), spent)


def nobody_live_waits_for_somebody_idle(played: Played) -> None:
    """While a live contact waits nobody who may take it by now is idle for any time.

    Of those to be called back only whoever answered the first call: others may be between two.
    """
    records, scenario = played.records, played.scenario
    contacts, channels = records.contacts, records.channels
    at_once = (channels["called_back"] == 0) | ((channels["tries"] == 1) & (contacts["outcome"] == Outcome.ANSWERED))
    live = (channel_of(played) != DEFERRED) & at_once
    waits = contacts[live & (contacts["left_us"] > contacts["joined_us"]) & (contacts["joined_us"] >= 0)]
    segments = records.segments
    idle = segments[(segments["state"] == AgentState.AVAILABLE) & (segments["end_us"] > segments["start_us"])]
    skills = [intent.skill for intent in scenario.intents.values()]
    for number, group in enumerate(scenario.agents.values()):
        spans = idle[idle["group"] == number]
        for intent, skill in enumerate(skills):
            if skill in group.skills:
                mine, after_us = waits[waits["intent"] == intent], round(group.skills[skill].overflow_after * 1e6)
                from_us, until_us = mine["joined_us"][:, None] + after_us, mine["left_us"][:, None]
                overlap = np.maximum(from_us, spans["start_us"]) < np.minimum(until_us, spans["end_us"])
                assert not overlap.any(), (skill, mine[overlap.any(axis=1)][:1], spans[overlap.any(axis=0)][:1])


def call_backs_are_bounded(played: Played) -> None:
    """Only who accepted is called, no more often than stated."""
    channels, offer = played.records.channels, played.scenario.customers.callback
    assert (channels["tries"][channels["called_back"] == 0] == 0).all()
    if offer is not None:
        assert (channels["tries"] <= offer.attempts).all()
        assert set(channel_of(played)[channels["called_back"] > 0]) <= {"phone"}


def ghosts_follow_who_left(played: Played) -> None:
    """Each place that nobody fills is that of a chat given up; it is taken after that, for exactly the timeout."""
    records = played.records
    ghosts, silent = records.ghosts, records.channels["silent"] > 0
    assert ghosts.size == silent.sum()
    assert (records.contacts["outcome"][silent] == Outcome.ABANDONED).all()
    assert (channel_of(played)[silent] == CHAT).all()
    over = ghosts[ghosts["left_us"] >= 0]
    assert (over["assigned_us"] >= over["joined_us"]).all()
    timeout_us = round(played.scenario.customers.silent_timeout * 1e6)
    assert (over["left_us"] - over["assigned_us"] == timeout_us).all()
