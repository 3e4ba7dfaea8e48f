"""Channels contact by contact: what must come out the same, whichever way it is asked for."""

import numpy as np
import pytest

from sim import loads
from sim.engine import COMPILED, simulate
from sim.mechanisms.chat import Chat, attention, length_factor
from tests.engines.same import same
from tests.exact.harness import exponential, intent, steady

TALK = exponential(300)
BUSY = {"per_hour": 102}


def record(document, engine=COMPILED, replication=0):
    return simulate(loads(document), seed=5, replication=replication, engine=engine)


def centre(hours=24, kinds=None, agents=None, **more):
    """Ten agents, 8.5 E of five minutes."""
    kinds = kinds or {"call": intent(TALK)}
    agents = agents or {"team": {"skills": list(kinds), "staff": 10}}
    return steady(6, hours, kinds, agents, **({"arrivals": BUSY} | more))


def starts(records):
    """When an agent began with each contact."""
    return records.contacts["left_us"]


def back(accepts, **more):
    offer = {"offer_above": "0s", "accepts": accepts, "answers": 1, "keeps_place": True, "expires": "100h"}
    return {"customers": {"patience": "infinite", "callback": offer | more}}


@pytest.mark.parametrize("accepts", [0.3, 1])
def test_a_kept_place_and_an_answer_change_no_moment_at_which_an_agent_begins(accepts):
    """K1: nobody abandons, the customer answers, and handle times are the same draws."""
    without, with_calls = record(centre()), record(centre(**back(accepts)))
    called = with_calls.channels["called_back"].mean()
    assert called > 0.1 * accepts
    _same_contacts(without, with_calls)


def _same_contacts(one, other):
    for table in ("contacts", "segments", "duties", "needs"):
        for column in getattr(one, table).dtype.names:
            np.testing.assert_array_equal(getattr(one, table)[column], getattr(other, table)[column], err_msg=column)


def test_a_lost_place_changes_some():
    """The identity says something."""
    kinds = {"call": intent(TALK, share=0.5), "web": intent(TALK, share=0.5, channel="chat", skill="call")}
    agents = {"team": {"skills": ["call"], "staff": 10}}
    kept = record(centre(kinds=kinds, agents=agents, **back(1)))
    lost = record(centre(kinds=kinds, agents=agents, **back(1, keeps_place=False)))
    assert (starts(kept) != starts(lost)).any()


def test_work_is_conserved_whoever_comes_first():
    """B3: one agent is busy at the same moments, whatever the order in which two classes are served."""
    kinds = {name: intent(TALK, share=0.5) for name in ("a", "b")}
    spans = []
    for skills in (("a", "b"), ("b", "a")):
        agents = {"team": {"skills": {s: {"preference": k + 1} for k, s in enumerate(skills)}, "staff": 1}}
        records = record(centre(kinds=kinds, agents=agents, arrivals={"per_hour": 10}))
        busy = records.segments[records.segments["state"] == 2]
        order = np.argsort(busy["start_us"])
        first = np.flatnonzero(np.r_[True, busy["start_us"][order][1:] != busy["end_us"][order][:-1]])
        spans.append((busy["start_us"][order][first], busy["end_us"][order][np.r_[first[1:] - 1, busy.size - 1]]))
    np.testing.assert_array_equal(spans[0][0], spans[1][0])
    np.testing.assert_array_equal(spans[0][1], spans[1][1])


def test_all_times_doubled_and_rates_halved_give_the_same_shares():
    """Of those delayed, over many hours, to within the luck of the draw of other arrivals."""
    shares = []
    for times in (1, 2):
        kinds = {"call": intent(exponential(150 * times), patience=exponential(150 * times))}
        found = [
            record(centre(24 * times, kinds, arrivals={"per_hour": 204 / times}), replication=n).contacts
            for n in range(8)
        ]
        shares.append([[c["delayed"].mean(), (c["outcome"] == 2).mean()] for c in found])
    one, two = np.array(shares)
    error = np.sqrt(one.var(axis=0, ddof=1) / 8 + two.var(axis=0, ddof=1) / 8)
    assert (np.abs(one.mean(axis=0) - two.mean(axis=0)) < 3.5 * error).all()


def test_names_of_groups_do_not_matter():
    """Chats and calls, two groups; renamed, not reordered."""
    found = []
    for names in (("a", "b"), ("zeta", "alpha")):
        kinds = {"call": intent(TALK, share=0.5), "web": intent(TALK, share=0.5, channel="chat")}
        groups = [
            {"skills": ["web"], "staff": 2, "concurrency": 3},
            {"skills": {"call": {"preference": 1}, "web": {"preference": 2, "overflow_after": "60s"}}, "staff": 8},
        ]
        found.append(record(centre(kinds=kinds, agents=dict(zip(names, groups, strict=True)))))
    same(*found)


# --- what is absent

PLAIN = {"call": intent(TALK, share=0.7), "web": intent(TALK, share=0.3, bot={"resolves": 0.5})}
BOT = {"session": exponential(60)}


def group(**more):
    return {"team": {"skills": ["call", "web"], "staff": 10, **more}}


def plain(**more):
    return centre(kinds=PLAIN, bot=BOT, **more)


SKILLS = {"call": {"preference": 1}, "web": {"preference": 2}}
AT_ONCE = {name: liking | {"overflow_after": "0s"} for name, liking in SKILLS.items()}


@pytest.mark.parametrize(
    ("without", "with_key"),
    [
        (plain(agents=group()), plain(agents=group(concurrency=1))),
        (plain(agents=group()), plain(agents=group(), **back(0))),
        (plain(agents=group(skills=SKILLS)), plain(agents=group(skills=AT_ONCE))),
        (plain(agents=group()), plain(agents=group()) | {"bot": BOT | {"max_sessions": 1_000_000}}),
        (plain(agents=group()), plain(agents=group()) | {"bot": BOT | {"day_sd": 0}}),
        (plain(agents=group()), plain(agents=group()) | {"bot": BOT | {"outage": {"per_day": 0, "length": "1h"}}}),
        (plain(agents=group()), plain(agents=group(), customers={"patience": "infinite", "silent_leave": 0})),
    ],
    ids=["concurrency 1", "accepts 0", "overflow_after 0s", "unlimited", "day_sd 0", "no outage", "silent_leave 0"],
)
def test_a_key_that_says_nothing_changes_nothing(without, with_key):
    one, other = record(without), record(with_key)
    _same_contacts(one, other)


def test_no_opening_backlog_is_none():
    kinds = PLAIN | {"mail": intent(TALK, channel="deferred", share=0.1)}
    kinds["call"] = kinds["call"] | {"share": 0.6}
    with_key = kinds | {"mail": kinds["mail"] | {"opening_backlog": {"count": 0}}}
    agents = {"team": {"skills": list(kinds), "staff": 10}}
    same(*(record(centre(kinds=each, agents=agents, bot=BOT)) for each in (kinds, with_key)))


# --- C6


@pytest.mark.parametrize(
    ("agent", "customer", "lengths", "busy"),
    [
        (30, 60, (1, 10 / 9, 19 / 15, 28 / 19), (1 / 3, 0.6, 15 / 19, 19 / 21)),
        (20, 70, (1, 1.0494, 1.1150, 1.2016), None),
        (45, 45, (1, 1.25, 1.6, 2.03125), (0.5, 0.8, 0.9375, 64 / 65)),
    ],
)
def test_the_typing_model_is_a_machine_repair_queue(agent, customer, lengths, busy):
    """C6."""
    section = Chat(agent_turn=f"{agent}s", customer_turn=f"{customer}s")
    found = [length_factor(section, n) for n in range(1, 5)]
    assert found == pytest.approx(lengths, abs=5e-5)
    if busy is not None:
        assert [attention(section, n) for n in range(1, 5)] == pytest.approx(busy, abs=1e-12)
