"""The compiled tally of chats, deferred work, call-backs, overflow and limits against plain Python."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from sim.engine.records import CHANNEL, GHOST, LEVEL, NEVER, Outcome
from sim.measures import make_frame, tally
from sim.measures.counts import COLUMNS, Count
from tests.measures.plain import plain
from tests.measures.test_tally import (
    ALWAYS_OPEN,
    DAY,
    MINUTE,
    OUTCOMES,
    check,
    moments,
    random_records,
    same,
    scenario,
    table_of,
    tally_of_mixed,
)
from tests.properties.worlds import play, worlds

LATER = {"preference": 2, "overflow_after": "30s"}
SECTIONS = {
    "intents": {
        "call": {"share": 0.4, "talk_time": "3m", "skill": "all"},
        "web": {"share": 0.3, "talk_time": "3m", "channel": "chat", "chat": {"times": ["3m", "4m", "5m"]}},
        "mail": {"share": 0.2, "talk_time": "3m", "channel": "deferred", "due": "1h"},
        "more": {"share": 0.1, "talk_time": "3m", "channel": "deferred"},
    },
    "agents": {
        "x": {"skills": ["all", "mail", "more", "web"], "staff": 2, "shrinkage": 0.3, "concurrency": 3},
        "y": {
            "skills": {"all": {"preference": 1}, "web": LATER, "mail": LATER},
            "shifts": [{"count": 1, "start": "07:30", "length": "3h"}],
        },
    },
    "customers": {"callback": {"offer_above": "1m", "accepts": 0.5}, "silent_leave": 0.3},
    "targets": {"service_level": {"share": 0.5, "within": "20s"}, "chat": {"service_level": "80/5"}},
    "queues": {"all": {"limit": 3}},
}
BACKLOG = tuple(Count[name.upper()] for name in COLUMNS[COLUMNS.index("turnaround_p90") :])
SEATS = [Count[name.upper()] for name in COLUMNS[COLUMNS.index("slot_time") : COLUMNS.index("unattended") + 1]]
OF_CHANNELS = tuple(
    Count[name.upper()]
    for name in COLUMNS[COLUMNS.index("blocked") :]
    if name not in ("turnaround_p90", "turnaround_p90s")
)


def random_channels(frame, seed=0):
    """Records of no engine, with all that channels add: everything may come with everything."""
    random = np.random.default_rng(seed)
    made = random_records(frame, seed, segments=500)
    made.needs["intent"] = random.integers(0, 4, made.needs.size)
    contacts = made.contacts
    contacts["intent"] = made.needs["intent"][contacts["need"]]
    contacts["left_us"][random.random(contacts.size) < 0.05] = -1
    contacts["outcome"][contacts["left_us"] < 0] = Outcome.NONE
    return replace(
        made,
        channels=beside(random, frame, contacts),
        levels=in_hand(random, made.segments.size),
        ghosts=leavers(random, frame),
    )


def beside(random, frame, contacts):
    size = contacts.size
    made = np.zeros(size, CHANNEL)
    open_ended = random.random(size) < 0.2
    made["closed_us"] = np.where(open_ended, -1, np.maximum(contacts["left_us"], 0) + random.integers(0, DAY, size))
    made["closed_us"][contacts["outcome"] != Outcome.ANSWERED] = -1
    chats = (contacts["intent"] == 1) & (contacts["outcome"] == Outcome.ANSWERED)
    made["closed_us"][chats] = np.maximum(contacts["left_us"][chats], 0) + random.integers(0, 99 * MINUTE, chats.sum())
    made["due_us"] = np.where(random.random(size) < 0.2, NEVER, moments(random, frame, size))
    equal = random.random(size) < 0.1
    made["due_us"][equal] = made["closed_us"][equal]
    for name in ("talk_share_us", "wrap_share_us"):
        made[name] = random.integers(0, 600_000_000, size)
    made["age_us"] = random.choice([0, 0, 2 * DAY], size)
    for name in ("called_back", "spilled"):
        made[name] = random.integers(0, 2, size)
    made["called_back"][(contacts["intent"] > 0) | (contacts["outcome"] == Outcome.BLOCKED)] = 0
    return made


def in_hand(random, size):
    made = np.zeros(size, LEVEL)
    made["cap"] = random.integers(1, 4, size)
    made["held"] = np.minimum(random.integers(0, 4, size), made["cap"])
    made["level"] = np.minimum(random.integers(0, 4, size), made["held"])
    made["attention"] = random.random(size)
    return made


def leavers(random, frame, size=80):
    made = np.zeros(size, GHOST)
    made["intent"], made["group"] = 1, random.integers(0, 2, size)
    made["joined_us"] = moments(random, frame, size)
    made["assigned_us"] = made["joined_us"] + random.choice([0, 5, 20, 21, 600], size) * 1_000_000
    made["left_us"] = made["assigned_us"] + random.integers(0, MINUTE, size)
    none = random.random(size) < 0.2
    made["assigned_us"][none], made["left_us"][none], made["group"][none] = -1, -1, -1
    return made


def check_all(records, frame):
    """What `check` does, and the backlog, which no interval has, and the slice of channels."""
    found, (counts, _) = tally(records, frame).counts, plain(records, frame)
    check(records, frame)
    for name in ("overall", "day", "intent"):
        expected = table_of(counts, name, found[name].shape)
        for count in BACKLOG if name != "day" else BACKLOG[2:]:
            assert found[name][:, count] == pytest.approx(expected[:, count], rel=1e-13), (name, Count(count))
    seats = table_of(counts, "seats", found["seats"].shape)
    assert found["seats"][:, SEATS] == pytest.approx(seats[:, SEATS], rel=1e-13)
    for channel in range(3):
        mine = found["intent"][frame.channel_of == channel].sum(axis=0)
        apart = [count for count in Count if count != Count.REPLICATIONS]
        assert found["channel"][channel, apart] == pytest.approx(mine[apart], rel=1e-13)


@pytest.mark.parametrize(
    ("calendar", "more"),
    [({}, {"csat": OUTCOMES["csat"]}), (ALWAYS_OPEN, {}), ({}, {"run": {"warm_up": "0d", "follow_up": "0d"}})],
)
def test_random_records_of_channels_are_counted_as_in_plain_python(calendar, more):
    frame = make_frame(scenario(calendar, **SECTIONS, **more))
    check_all(random_channels(frame), frame)


def test_records_have_all_that_channels_add():
    """So that the comparison with plain Python compares something."""
    frame = make_frame(scenario(**SECTIONS))
    found = tally(random_channels(frame), frame).counts["overall"][0]
    assert not [count.name for count in OF_CHANNELS if found[count] <= 0]
    assert found[Count.DUE_MET] < found[Count.DUE]
    assert found[Count.SILENT_WITHIN] < found[Count.SILENT_ANSWERED]
    alike = make_frame(scenario(**SECTIONS | {"targets": {"service_level": "50/20"}}))
    own, common = (tally(random_channels(frame), each).counts for each in (frame, alike))
    assert own["intent"][1, Count.ANSWERED_WITHIN] < common["intent"][1, Count.ANSWERED_WITHIN]
    assert own["overall"][0, Count.ANSWERED_WITHIN] == common["overall"][0, Count.ANSWERED_WITHIN]


def test_the_order_of_agent_time_does_not_matter():
    frame = make_frame(scenario(**SECTIONS))
    made = random_channels(frame)
    order = np.random.default_rng(1).permutation(made.segments.size)
    assert same(
        tally(replace(made, segments=made.segments[order], levels=made.levels[order]), frame), tally(made, frame)
    )


def test_contacts_may_lie_in_any_order():
    frame = make_frame(scenario(**SECTIONS, csat=OUTCOMES["csat"]))
    made = random_channels(frame)
    assert same(tally_of_mixed(made, frame), tally(made, frame))


@settings(max_examples=15, deadline=None, derandomize=True)
@given(worlds(channels=True))
def test_played_worlds_of_channels_are_counted_as_in_plain_python(document):
    played = play(document)
    check_all(played.records, make_frame(played.scenario))
