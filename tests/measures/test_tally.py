"""The compiled tally against plain Python, in any order of agent time, over whatever was there, many in a row."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from numba import njit

from sim import loads
from sim.engine.records import (
    AGENT_TRAITS,
    CONTACT,
    DUTY,
    FACTORS,
    NEED,
    SEGMENT,
    AgentState,
    BotOutcome,
    Cause,
    NeedStatus,
    Outcome,
    Records,
)
from sim.measures import contacts, count_replication, empty_counts, lookup, make_frame, tally
from sim.measures.counts import WAIT_BINS, Count
from sim.measures.definitions import SERVICE_LEVELS
from sim.measures.tally import arrays_of, tally_of
from tests.drawn import interval_of
from tests.measures.plain import plain
from tests.properties.worlds import play, worlds

DAY, MINUTE = 86_400_000_000, 60_000_000
WEEK = {
    "name": "every kind of opening",
    "calendar": {
        "start": "2026-11-24",
        "days": 4,
        "hours": {
            "mon": "08:00-10:00",
            "tue": "08:00-09:50",
            "wed": "closed",
            "thu": "22:00-24:00",
            "fri": "00:00-24:00",
        },
        "interval": "25m",
    },
    "arrivals": {"per_day": 10},
    "intents": {name: {"share": 0.5, "talk_time": "3m", "skill": "all"} for name in "ab"},
    "agents": {
        "x": {"skills": ["all"], "staff": 2, "shrinkage": 0.3},
        "y": {"skills": ["all"], "shifts": [{"count": 1, "start": "07:30", "length": "3h"}], "shrinkage": 0.1},
    },
    "targets": {"service_level": {"share": 0.5, "within": "20s"}},
    "fatigue": {"strain_threshold": 0.4},
    "run": {"warm_up": "1d", "follow_up": "2d"},
}
ALWAYS_OPEN = {"hours": "00:00-24:00", "days": 2}
OUTCOMES = {
    "agents": {
        "x": WEEK["agents"]["x"],
        "y": WEEK["agents"]["y"] | {"skills": ["deciding"]},
    },
    "supervisor": {"group": "y"},
    "workforce": {"redundancy": {}},
    "trust": {"start": 0.7},
    "csat": {"start": 95, "wait_grace": "10s", "cuts": 3},
    "attrition": {"weekly": 0.2},
}
"""Supervisors who take no contacts, satisfaction, leavers."""
ROUNDED = (Count.FATIGUE, Count.STRAINED)
FIGURED = (Count.CSAT, Count.LEAVERS)
"""Sums of figures that no whole numbers make: the order of operations tells."""
ONCE = (Count.REPLICATIONS, Count.INTERVALS, Count.INTERVALS_MET, Count.DAYS, Count.DAYS_MET)


def scenario(calendar=None, **more):
    """The week: Tuesday to Friday after Monday's warm-up; Friday's night goes on into follow-up."""
    return loads(WEEK | more | {"calendar": WEEK["calendar"] | (calendar or {})})


def moments(random, frame, size):
    """Times of the whole horizon, half of them a step from an edge or on it; none before it."""
    edges = np.concatenate([frame.booking_starts, frame.ends, DAY * np.arange(1, len(frame.horizon.dates))])
    near = random.choice(edges, size) + random.choice([-1, 0, 0, 1, 20_000_000], size)
    anywhere = random.integers(0, len(frame.horizon.dates) * DAY, size)
    return np.where(random.random(size) < 0.5, np.maximum(near, 0), anywhere)


def random_records(frame, seed=0, needs=400, segments=1_500, duties=60):
    """Records of no engine: everything may come with everything."""
    random = np.random.default_rng(seed)
    born = np.zeros(needs, NEED)
    born["intent"], born["measured"] = random.integers(0, 2, needs), random.integers(0, 2, needs)
    born["status"] = random.choice([int(s) for s in NeedStatus], needs)
    born["attempts"] = random.integers(0, 5, needs)
    born["born_us"] = moments(random, frame, needs)
    born["day"] = np.minimum(born["born_us"] // DAY, len(frame.horizon.dates) - 1)
    return Records(
        random_contacts(random, frame, born),
        random_time(random, frame, segments),
        spells(random, frame, duties),
        born,
        random_crew(random),
    )


def random_crew(random, size=5):
    made = np.zeros(size, AGENT_TRAITS)
    made["group"], made["uses"] = random.integers(0, 2, size), random.integers(0, 2, size)
    made["tenure_s"] = random.choice([0, 80, 90, 700], size) * 86_400.0
    return made


def random_contacts(random, frame, born):
    size = int(born["attempts"].sum())
    made = np.zeros(size, CONTACT)
    made["need"] = np.repeat(np.arange(born.size), born["attempts"])
    made["attempt"] = np.concatenate([np.arange(1, n + 1) for n in born["attempts"]])
    made["intent"] = born["intent"][made["need"]]
    for name, codes in (("cause", Cause), ("bot", BotOutcome), ("outcome", Outcome)):
        made[name] = random.choice([int(code) for code in codes], size)
    made["cause"] = np.where(made["attempt"] == 1, Cause.FIRST, made["cause"])
    for name in ("delayed", "mistreated", "resolved", "transferred", "out_of_hours"):
        made[name] = random.integers(0, 2, size)
    made["arrival_us"] = born["born_us"][made["need"]] + (made["attempt"] - 1) * random.choice(
        [MINUTE, 7 * DAY, 8 * DAY], size
    )
    made["day"] = np.minimum(made["arrival_us"] // DAY, len(frame.horizon.dates) - 1)
    wait = np.floor(random.choice([*WAIT_BINS[:400], *10 * [0, 5, 19, 20, 21]], size) * 1e6).astype(
        np.int64
    ) + random.integers(-1, 2, size)
    queued = made["outcome"] != Outcome.NONE
    made["joined_us"] = np.where(queued, moments(random, frame, size), -1)
    made["left_us"] = np.where(queued, made["joined_us"] + np.maximum(wait, 0), -1)
    made["group"] = np.where(made["outcome"] == Outcome.ANSWERED, random.integers(0, 2, size), -1)
    lengths = ("stated_us", "base_us", "natural_talk_us", "talk_us", "wrap_us", "cleanup_us", "supervisor_us")
    for name in lengths:
        made[name] = random.integers(0, 600_000_000, size)
    made["bot_us"] = random.integers(0, 2, size) * random.integers(0, 600_000_000, size)
    made["supervisor"] = random.integers(-1, 2, size)
    for name in (*FACTORS, "summary"):
        made[f"{name}_us"] = random.integers(-100_000_000, 100_000_000, size)
    for name in ("frustration", "frustration_end", "fatigue", "trust_end"):
        made[name] = random.random(size)
    return made


def random_time(random, frame, size):
    made = np.zeros(size, SEGMENT)
    made["agent"] = random.integers(0, 5, size)
    made["group"], made["state"] = random.integers(0, 2, size), random.choice([int(s) for s in AgentState], size)
    made["start_us"] = moments(random, frame, size)
    made["end_us"] = made["start_us"] + random.choice([0, 1, MINUTE, 30 * MINUTE, 5 * 60 * MINUTE, 2 * DAY], size)
    made["fatigue"], made["rate"] = random.random(size), random.choice([0, 0, 0.3, 2.0], size)
    made["fatigue"] = np.where(random.random(size) < 0.3, random.choice([0, 0.4, 1], size), made["fatigue"])
    return made


def spells(random, frame, size):
    made = np.zeros(size, DUTY)
    made["agent"], made["group"] = random.integers(-1, 3, size), random.integers(0, 2, size)
    made["end_us"] = np.maximum(moments(random, frame, size), MINUTE)
    made["start_us"] = made["end_us"] - random.choice([0, MINUTE], size)
    made["left_us"] = made["end_us"] + random.choice([-MINUTE, 0, 7, MINUTE], size)
    made["fatigue_left"] = np.where(made["agent"] >= 0, random.random(size), np.nan)
    return made


def same(found, other):
    """Whether two tallies are equal to the last bit."""
    tables = [(found.counts[name], other.counts[name]) for name in found.counts]
    tables += [(found.waits[name], other.waits[name]) for name in found.waits]
    return all(np.array_equal(one, two) for one, two in tables)


# Against plain Python ---------------------------------------------------------------


def check(records, frame):
    """Every count and every wait of the tally is that of plain Python."""
    found, (counts, waits) = tally(records, frame), plain(records, frame)
    leeway = np.array([1.0 if count in ROUNDED else 0.0 for count in Count])
    part = np.array([1e-7 if count in FIGURED else 1e-13 for count in Count])
    for name in ("interval", "intent", "group"):
        table, expected = found.counts[name], table_of(counts, name, found.counts[name].shape)
        for count in ONCE:
            expected[:, count] = table[:, count]
        wrong = np.argwhere(np.abs(table - expected) > leeway + part * np.abs(expected))
        assert not wrong.size, [(name, c, Count(k), table[c, k], expected[c, k]) for c, k in wrong[:5]]
    leavers = counts["overall", 0, Count.LEAVERS]
    assert found.counts["overall"][0, Count.LEAVERS] == pytest.approx(leavers, rel=1e-7)
    for name, table in found.waits.items():
        assert np.array_equal(table, table_of(waits, name, table.shape))
    for table in found.counts.values():
        assert (table[:, Count.REPLICATIONS] == 1).all()


def table_of(sums, name, shape):
    table = np.zeros(shape)
    for (where, cell, column), value in sums.items():
        if where == name:
            table[cell, column] = value
    return table


@pytest.mark.parametrize("calendar", [{}, ALWAYS_OPEN, {"hours": "08:00-10:00", "interval": "60m"}])
@pytest.mark.parametrize("more", [{}, {"run": {"warm_up": "0d", "follow_up": "0d"}}, OUTCOMES])
def test_random_records_are_counted_as_in_plain_python(calendar, more):
    frame = make_frame(scenario(calendar, **more))
    check(random_records(frame), frame)


def test_records_have_all_that_is_counted():
    """So that the comparison with plain Python compares something."""
    frame = make_frame(scenario(**OUTCOMES))
    found = tally(random_records(frame), frame).counts
    nothing = {
        Count.TRANSFERRED,
        Count.SUPERVISED,
        Count.CSAT,
        Count.LEAVERS,
        Count.CONTAINED_IN_HOURS,
        Count.BOT_BEGUN,
    }
    assert not [count for count in nothing if found["overall"][0, count] <= 0]
    assert found["overall"][0, Count.HANDLING] < found["group"][:, Count.HANDLING].sum()


def test_without_fatigue_there_is_no_strain():
    """The threshold is 1: agents who are tired all the same are not strained."""
    document = {key: value for key, value in WEEK.items() if key != "fatigue"}
    frame = make_frame(loads(document))
    made = random_records(frame)
    check(made, frame)
    assert tally(made, frame).counts["overall"][0, Count.STRAINED] == 0


@settings(max_examples=25, deadline=None, derandomize=True)
@given(worlds())
def test_played_worlds_are_counted_as_in_plain_python(document):
    played = play(document)
    check(played.records, make_frame(played.scenario))


@pytest.mark.parametrize("definition", sorted(SERVICE_LEVELS))
@pytest.mark.parametrize("share", [0.15, 0.3])
def test_days_are_sums_of_intervals_and_targets_are_judged_by_the_definition(definition, share):
    frame = make_frame(scenario(targets={"service_level": {"share": share, "within": "20s", "definition": definition}}))
    counts = tally(random_records(frame, needs=100), frame).counts
    for name, known, met in (
        ("interval", Count.INTERVALS, Count.INTERVALS_MET),
        ("day", Count.DAYS, Count.DAYS_MET),
    ):
        for cell in counts[name]:
            level = level_of(cell, definition)
            assert cell[known] == (level is not None)
            assert cell[met] == (level is not None and level >= share)
    assert 0 < counts["overall"][0, Count.INTERVALS_MET] < counts["overall"][0, Count.INTERVALS]
    apart = [count for count in Count if count not in (Count.REPLICATIONS, Count.DAYS, Count.DAYS_MET)]
    for day in range(frame.days):
        whole = counts["interval"][frame.day_of == day].sum(axis=0)
        assert counts["day"][day, apart] == pytest.approx(whole[apart], rel=1e-13)
    apart += [Count.DAYS, Count.DAYS_MET]
    assert counts["overall"][0, apart] == pytest.approx(counts["day"].sum(axis=0)[apart], rel=1e-13)


def level_of(cell, definition):
    """The service level by its formula in docs/measures.md; None without contacts to judge by."""
    within, gone, offered = cell[Count.ANSWERED_WITHIN], cell[Count.ABANDONED_WITHIN], cell[Count.OFFERED]
    top, bottom = {
        "sl_offered": (within, offered),
        "sl_excl_abn_in_t": (within, offered - gone),
        "sl_credit_abn_in_t": (within + gone, offered),
        "sl_answered": (within, cell[Count.ANSWERED]),
    }[definition]
    return top / bottom if bottom > 0 else None


# Order, room, many in a row -----------------------------------------------------------


def test_the_order_of_agent_time_does_not_matter():
    """To the last bit, though fatigue and its integrals are no round numbers."""
    frame = make_frame(scenario(**OUTCOMES))
    made = random_records(frame)
    first = tally(made, frame)
    for seed in range(5):
        random = np.random.default_rng(seed)
        segments, duties = random.permutation(made.segments), random.permutation(made.duties)
        mixed = Records(made.contacts, segments, duties, made.needs, made.agents)
        assert same(tally(mixed, frame), first)


def tally_of_mixed(made, frame):
    """Contacts lie in any order, and what is beside them too."""
    place = np.random.default_rng(1).permutation(made.contacts.size)
    moved = {name: getattr(made, name)[place] for name in ("own_us", "channels") if len(getattr(made, name))}
    mixed, counts = replace(made, contacts=made.contacts[place], **moved), empty_counts(frame, 1)
    count_replication(*arrays_of(mixed, np.argsort(place)), frame.grid, counts, 0)
    return tally_of(counts, 0)


def test_contacts_may_lie_in_any_order():
    frame = make_frame(scenario(**OUTCOMES))
    made = random_records(frame)
    made = replace(made, own_us=np.random.default_rng(1).integers(0, 10**6, (made.contacts.size, 4)))
    assert same(tally_of_mixed(made, frame), tally(made, frame))


def test_levels_are_added_in_grains():
    """2 ** -32, so that fractions of it never meet; time of fatigue in whole microseconds."""
    frame = make_frame(scenario())
    counts = tally(random_records(frame), frame).counts["overall"][0]
    for count in (Count.FRUSTRATION_AT_AGENT, Count.FRUSTRATION_AT_END, Count.FATIGUE_AT_END):
        assert counts[count] > 0
        assert (counts[count] * 2**32).is_integer()
    for count in ROUNDED:
        assert counts[count] > 0
        assert counts[count].is_integer()


def test_many_in_a_row():
    """Into room full of rubbish; each replication on its own."""
    frame = make_frame(scenario(**OUTCOMES))
    batch = empty_counts(frame, 3)
    for table in batch:
        table[:] = np.nan
    one, two = random_records(frame, seed=1), random_records(frame, seed=2)
    for r, made in enumerate((one, two, one)):
        count_replication(*arrays_of(made), frame.grid, batch, r)
    for r, made in enumerate((one, two, one)):
        found = tally(made, frame)
        for name, table in found.counts.items():
            assert np.array_equal(getattr(batch, name)[r], table)
        for name, table in found.waits.items():
            assert np.array_equal(getattr(batch, f"waits_{name}")[r], table)


# Tables in place of searches ----------------------------------------------------------


@njit
def all_passed(table, found):
    for k in range(found.size):
        found[k] = lookup.passed(table, found[k])


@pytest.mark.parametrize(
    "edges",
    [
        [],
        [0],
        [1, 2, 3, 10**13],
        range(8 * 3600 * 10**6, 20 * 3600 * 10**6, 1800 * 10**6),
        np.unique(np.random.default_rng(1).integers(0, 10**12, 500)),
        np.unique(np.random.default_rng(2).integers(0, 10**4, 5_000)),
    ],
)
def test_a_lookup_is_a_search(edges):
    edges = np.array(edges, np.int64)
    last = int(edges[-1]) if edges.size else 5
    near = np.concatenate([edges - 1, edges, edges + 1, [0, last + 10**15]])
    asked = np.concatenate([near[near >= 0], np.random.default_rng(3).integers(0, last + 2, 10_000)])
    found = asked.copy()
    all_passed(lookup.make_lookup(edges), found)
    assert found.tolist() == np.searchsorted(edges, asked, side="right").tolist()


@njit
def all_bins(found):
    for k in range(found.size):
        found[k] = contacts.wait_bin(found[k])


def test_the_bin_of_a_wait_is_a_search():
    """At every edge, a microsecond beside it, everywhere between, and a year beyond the last."""
    edges = np.floor(WAIT_BINS * 1e6).astype(np.int64)
    asked = np.concatenate([edges[1:] - 1, edges, edges + 1, edges + 2, [365 * DAY]])
    random = np.random.default_rng(4)
    asked = np.concatenate([asked, random.integers(0, 70 * MINUTE, 50_000), random.integers(0, 20 * DAY, 50_000)])
    found = asked.copy()
    all_bins(found)
    expected = np.minimum(np.searchsorted(WAIT_BINS, asked / 1e6), WAIT_BINS.size - 1)
    assert found.tolist() == expected.tolist()


@njit
def all_booked(grid, found):
    for k in range(found.size):
        found[k] = contacts.booked_at(grid, found[k])


def test_a_moment_is_booked_as_the_frame_says():
    frame = make_frame(scenario())
    asked = moments(np.random.default_rng(5), frame, 20_000)
    found = asked.copy()
    all_booked(frame.grid, found)
    assert found.tolist() == interval_of(frame, asked).tolist()
    assert {-1, 0, frame.starts.size - 1} <= set(found.tolist())
