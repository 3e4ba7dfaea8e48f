"""Who calls, and when: changes of one thing move nothing else."""

import numpy as np
import pytest
from scipy import stats

from sim import loads
from sim.demand.expected import expected_counts
from sim.demand.horizon import make_horizon
from sim.errors import ScenarioError
from tests.drawn import make_world

BASE = {
    "name": "a week",
    "calendar": {"start": "2026-11-23", "days": 5, "hours": "08:00-20:00", "interval": "30m"},
    "arrivals": {"per_day": 400, "profile": [1, 2, 3, 4, 4, 3, 2, 1] * 3, "busyness_cv": 0.2, "interval_cv": 0.1},
    "intents": {
        "order": {"share": 0.5, "talk_time": "3m"},
        "bill": {"share": 0.3, "talk_time": "4m"},
        "fault": {"share": 0.2, "talk_time": "9m"},
    },
    "agents": {"team": {"skills": ["order", "bill", "fault"], "staff": 20}},
}


def changed(**blocks):
    """The base scenario with whole blocks, or keys of blocks, changed."""
    return loads({key: _merged(BASE.get(key), blocks.get(key)) for key in {**BASE, **blocks}})


def _merged(old, new):
    if isinstance(old, dict) and isinstance(new, dict):
        return {k: _merged(old.get(k), new.get(k)) for k in {**old, **new}}
    return old if new is None else new


def customers(scenario, seed=1, replication=0):
    """Time of arrival (us) by (intent, date, number)."""
    world = make_world(scenario, seed, replication)
    names = list(scenario.intents)
    keys = zip((names[i] for i in world.intent), world.date.tolist(), world.number.tolist(), strict=True)
    return dict(zip(keys, world.arrival_us.tolist(), strict=True))


def only(found, *intents):
    return {key: time for key, time in found.items() if key[0] in intents}


@pytest.fixture(scope="module")
def base():
    return customers(changed())


def test_the_same_seed_is_the_same_people(base):
    assert customers(changed()) == base


def test_other_seeds_and_replications_are_other_people(base):
    for other in (customers(changed(), seed=2), customers(changed(), replication=1)):
        times = set(base.values())
        assert len(times & set(other.values())) < 0.01 * len(times)


def test_people_come_in_order_within_opening_hours():
    world = make_world(changed(), 1, 0)
    horizon = make_horizon(changed())
    assert (np.diff(world.arrival_us) >= 0).all()
    assert (world.arrival_us >= horizon.open_us[world.day]).all()
    assert (world.arrival_us < horizon.close_us[world.day]).all()


# What moves nobody --------------------------------------------------------------


@pytest.mark.parametrize(
    "blocks",
    [
        {"agents": {"team": {"staff": 3}}},
        {"customers": {"patience": "1m", "redial": {}, "repeat": {}}, "run": {"warm_up": "0d", "follow_up": "0d"}},
        {"bot": {}, "intents": {"order": {"bot": {"resolves": 0.5}}}},
        {"frustration": {}, "mistreatment": {}, "fatigue": {}, "pace": {"target": "3m"}},
        {"intents": {"bill": {"talk_time": "20m", "resolution": 0.1, "patience": "10s"}}},
    ],
    ids=["staff", "customers", "bot", "mechanisms", "talk"],
)
def test_the_centre_moves_no_arrival(base, blocks):
    assert customers(changed(**blocks)) == base


def test_two_shares_changed_move_no_third_intent(base):
    other = customers(changed(intents={"order": {"share": 0.25}, "bill": {"share": 0.55}}))
    assert only(other, "fault") == only(base, "fault")
    assert only(other, "order") != only(base, "order")


def test_more_volume_brings_more_people_and_renames_nobody():
    """Without the factors of busyness the same customers come, each no later than before."""
    calm = {"busyness_cv": 0, "interval_cv": 0}
    before = customers(changed(arrivals=calm))
    after = customers(changed(arrivals=calm | {"per_day": 520}))
    assert set(before) < set(after)
    assert 1.2 < len(after) / len(before) < 1.4
    assert all(after[key] <= before[key] for key in before)


def test_more_share_is_more_volume():
    before, after = customers(changed()), customers(changed(intents={"order": {"share": 0.3}, "bill": {"share": 0.5}}))
    assert set(only(before, "bill")) < set(only(after, "bill"))
    assert set(only(after, "order")) < set(only(before, "order"))


def test_another_day_changed_moves_nobody_else(base):
    days = [400, 400, 900, 400, 400]
    other = customers(changed(arrivals={"per_day": days}))
    wednesday = 739_945
    dates = {key[1] for key in base}
    assert min(dates) + 2 == wednesday
    assert {k: t for k, t in other.items() if k[1] != wednesday} == {k: t for k, t in base.items() if k[1] != wednesday}
    assert sum(k[1] == wednesday for k in other) > 1.5 * sum(k[1] == wednesday for k in base)


def test_more_days_move_nobody():
    """Warm-up days shift the clock, not the people: times are compared from each day's midnight."""
    one, two = changed(), changed(calendar={"days": 6}, run={"warm_up": "3d", "follow_up": "2d"})
    day = 86_400_000_000
    short = {key: time % day for key, time in customers(one).items()}
    long = {key: time % day for key, time in customers(two).items()}
    assert {key: long[key] for key in short} == short
    assert len({key[1] for key in long}) == 11


def test_a_new_intent_moves_nobody(base):
    document = changed(intents={"chat": {"skill": "fault", "talk_time": "5m", "arrivals": {"per_day": 100}}})
    other = customers(document)
    assert only(other, "order", "bill", "fault") == base
    assert only(other, "chat")


def test_the_order_of_intents_moves_nobody(base):
    document = {key: value for key, value in BASE.items() if key != "intents"}
    turned = dict(reversed(BASE["intents"].items()))
    assert customers(loads(document | {"intents": turned})) == base


def test_a_shorter_interval_moves_nobody_where_the_rate_is_the_same():
    """One process mapped through the cumulative rate: the grid it is written on does not matter."""
    calm = {"busyness_cv": 0, "interval_cv": 0}
    coarse = changed(arrivals=calm)
    fine = changed(
        arrivals=calm | {"profile": [w for w in BASE["arrivals"]["profile"] for _ in (0, 1)]},
        calendar={"interval": "15m"},
    )
    before, after = customers(coarse), customers(fine)
    assert set(before) == set(after)
    assert max(abs(before[key] - after[key]) for key in before) <= 2


# How many, and when --------------------------------------------------------------


def counts_of(scenario, replications, seed=3):
    """Arrivals by replication, intent and interval of the first day."""
    horizon = make_horizon(scenario)
    worlds = (make_world(scenario, seed, n, horizon) for n in range(replications))
    size = len(scenario.intents)
    return np.array(
        [[np.histogram(w.arrival_us[w.intent == i], horizon.edges[0])[0] for i in range(size)] for w in worlds]
    )


CALM = {"arrivals": {"busyness_cv": 0, "interval_cv": 0}, "calendar": {"days": 1}}


def test_the_profile_is_followed():
    """Chi-square of 24 intervals over 300 days: counts are Poisson with the profile's means."""
    scenario = changed(**CALM)
    counts = counts_of(scenario, 300)
    for i, intent in enumerate(scenario.intents.values()):
        expected = 300 * np.array(expected_counts(scenario, intent, scenario.calendar.start))
        assert expected.sum() == pytest.approx(300 * 400 * intent.share)
        statistic = ((counts[:, i].sum(axis=0) - expected) ** 2 / expected).sum()
        assert stats.chi2.sf(statistic, expected.size) > 0.001


def test_counts_are_poisson():
    """Index of dispersion of each cell; summed over 72 cells it is a chi-square."""
    scenario = changed(**CALM)
    counts = counts_of(scenario, 300)
    dates = scenario.calendar.start
    mean = np.array([expected_counts(scenario, intent, dates) for intent in scenario.intents.values()])
    statistic = ((counts - mean) ** 2 / mean).sum()
    freedom = counts.size
    spread = np.sqrt(2 * freedom + (1 / mean).sum() * 300)
    assert abs(statistic - freedom) < 4 * spread


def test_times_are_spread_evenly_within_an_interval():
    scenario = changed(**CALM)
    horizon = make_horizon(scenario)
    times = np.concatenate([make_world(scenario, 5, n, horizon).arrival_us for n in range(60)])
    edges = horizon.edges[0]
    place = np.searchsorted(edges, times, side="right") - 1
    part = (times - edges[place]) / (edges[place + 1] - edges[place])
    assert part.size > 20_000
    assert stats.kstest(part, "uniform").pvalue > 0.001


def test_gaps_at_a_constant_rate_are_exponential():
    scenario = changed(arrivals={"busyness_cv": 0, "interval_cv": 0, "profile": [1] * 24})
    world = make_world(scenario, 5, 0)
    times = world.arrival_us[(world.intent == 0)]
    day = world.day[world.intent == 0]
    gaps = np.diff(times)[np.diff(day) == 0] / 1e6
    assert stats.kstest(gaps, stats.expon(scale=12 * 3600 / 200).cdf).pvalue > 0.001
    assert abs(np.corrcoef(gaps[1:], gaps[:-1])[0, 1]) < 4 / np.sqrt(gaps.size)


def test_a_busy_day_is_busy_for_all():
    """At a thousand times the volume the counts show the factor itself: one a day, the same for every intent."""
    scenario = changed(arrivals={"per_day": 400_000, "interval_cv": 0}, calendar={"days": 3})
    world = make_world(scenario, 1, 0)
    shares = np.array([0.5, 0.3, 0.2])
    factor = np.array([[((world.day == d) & (world.intent == i)).sum() for i in range(3)] for d in range(3)])
    factor = factor / (400_000 * shares)
    assert np.ptp(factor, axis=1).max() < 0.02
    assert np.ptp(factor[:, 0]) > 0.05


def test_a_busy_interval_is_busy_for_all():
    scenario = changed(arrivals={"per_day": 960_000, "busyness_cv": 0, "profile": [1] * 24}, calendar={"days": 1})
    counts = counts_of(scenario, 1)[0] / (40_000 * np.array([[0.5], [0.3], [0.2]]))
    assert np.ptp(counts, axis=0).max() < 0.07
    assert 0.05 < counts[0].std() < 0.15


def test_factors_have_mean_one_and_the_stated_spread():
    scenario = changed(arrivals={"interval_cv": 0, "per_day": 20_000}, calendar={"days": 1})
    horizon = make_horizon(scenario)
    factors = [make_world(scenario, 4, n, horizon).day.size / 20_000 for n in range(400)]
    assert np.mean(factors) == pytest.approx(1, abs=3.5 * 0.2 / 20)
    assert np.std(factors) == pytest.approx(0.2, rel=0.15)


# Fixed counts ---------------------------------------------------------------------


def test_fixed_counts_by_day_are_exact_and_follow_the_profile():
    scenario = changed(arrivals={"process": "fixed_count", "busyness_cv": 0, "interval_cv": 0}, calendar={"days": 1})
    counts = counts_of(scenario, 100)
    assert (counts.sum(axis=2) == [200, 120, 80]).all()
    expected = counts.sum(axis=(0, 1)).sum() * np.array([1, 2, 3, 4, 4, 3, 2, 1] * 3) / 60
    assert stats.chisquare(counts.sum(axis=(0, 1)), expected).pvalue > 0.001


def test_fixed_counts_by_interval_are_exact():
    """Rates of 10, 3 and 5 contacts an hour in half hours: 5, 1.5 and 2.5 are carried, never lost."""
    rates = [10, 3, 3, 5] * 6
    document = {k: v for k, v in BASE.items() if k != "arrivals"} | {
        "arrivals": {"per_hour": rates, "process": "fixed_count"},
        "calendar": BASE["calendar"] | {"days": 1},
        "intents": {"order": {"talk_time": "3m"}},
        "agents": {"team": {"skills": ["order"], "staff": 1}},
    }
    counts = counts_of(loads(document), 3)[:, 0]
    upper = np.floor(np.cumsum(np.array(rates) / 2) + 0.5)
    assert (counts == np.diff(np.append(0, upper))).all()
    assert (np.abs(counts - np.array(rates) / 2) < 1).all()


def test_fixed_counts_differ_in_time_by_replication_not_in_number():
    scenario = changed(arrivals={"process": "fixed_count", "busyness_cv": 0, "interval_cv": 0})
    one, two = customers(scenario), customers(scenario, replication=1)
    assert set(one) == set(two)
    assert one != two


# Files ----------------------------------------------------------------------------


def csv_scenario(folder, text, process="poisson", intents=None):
    path = folder / "arrivals.csv"
    path.write_text(text, encoding="utf-8")
    return loads(
        {
            "calendar": {"start": "2026-11-23", "days": 2, "hours": "08:00-10:00", "interval": "30m"},
            "arrivals": {"file": str(path), "process": process},
            "intents": intents or {"a": {"talk_time": "3m"}, "b": {"talk_time": "3m"}},
            "agents": {"team": {"skills": ["a", "b"] if intents is None else list(intents), "staff": 1}},
        }
    )


ROWS = [("08:00", 4, 1), ("08:30", 0, 2), ("09:00", 7, 3), ("09:30", 2, 0)]
COUNTS = "date,time,a,b\n" + "".join(
    f"2026-11-{day},{time},{a + day - 23},{b}\n" for day in (23, 24) for time, a, b in ROWS
)


def test_counts_of_a_file_are_exact_when_fixed(tmp_path):
    scenario = csv_scenario(tmp_path, COUNTS, "fixed_count")
    world = make_world(scenario, 1, 0)
    horizon = make_horizon(scenario)
    for day in (0, 1):
        for i, column in ((0, [a + day for _, a, _ in ROWS]), (1, [b for _, _, b in ROWS])):
            mine = world.arrival_us[(world.day == day) & (world.intent == i)]
            assert np.histogram(mine, horizon.edges[day])[0].tolist() == column


def test_counts_of_a_file_are_means_of_a_poisson_process(tmp_path):
    counts = counts_of(csv_scenario(tmp_path, COUNTS), 1_000)
    mean = np.array([[a for _, a, _ in ROWS], [b for _, _, b in ROWS]], float)
    assert np.abs(counts.mean(axis=0) - mean).max() < 4 * np.sqrt(7 / 1_000)
    assert counts[:, mean == 0].sum() == 0


def test_a_column_for_all_contacts_is_shared_out(tmp_path):
    text = "date,time,contacts\n" + "".join(f"2026-11-{d},{t},200\n" for d in (23, 24) for t, _, _ in ROWS)
    intents = {"a": {"share": 0.75, "talk_time": "3m"}, "b": {"share": 0.25, "talk_time": "3m"}}
    world = make_world(csv_scenario(tmp_path, text, "fixed_count", intents), 1, 0)
    assert np.bincount(world.intent).tolist() == [1200, 400]


def trace_scenario(folder, text, intents):
    path = folder / "trace.csv"
    path.write_text(text, encoding="utf-8")
    return loads(
        {
            "calendar": {"start": "2026-11-23", "days": 1, "hours": "08:00-10:00", "interval": "30m"},
            "arrivals": {"file": str(path), "process": "trace"},
            "intents": intents,
            "agents": {"team": {"skills": list(intents), "staff": 1}},
        }
    )


def test_a_trace_comes_to_the_microsecond(tmp_path):
    text = "date,time,intent\n2026-11-23,08:00:00.000001,b\n2026-11-23,08:00:00,a\n2026-11-23,09:59:59.999999,a\n"
    intents = {"a": {"talk_time": "3m"}, "b": {"talk_time": "3m"}}
    world = make_world(trace_scenario(tmp_path, text, intents), 1, 7)
    eight = 8 * 3_600_000_000
    assert world.arrival_us.tolist() == [eight, eight + 1, eight + 7_200_000_000 - 1]
    assert world.intent.tolist() == [0, 1, 0]


def test_a_trace_without_intents_is_shared_out_by_luck(tmp_path):
    seconds = np.linspace(0, 7190, 4_000)
    rows = (f"2026-11-23,{int(8 + s // 3600):02d}:{int(s % 3600 // 60):02d}:{s % 60:09.6f}\n" for s in seconds)
    text = "date,time\n" + "".join(rows)
    intents = {"a": {"share": 0.75, "talk_time": "3m"}, "b": {"share": 0.25, "talk_time": "3m"}}
    scenario = trace_scenario(tmp_path, text, intents)
    world = make_world(scenario, 1, 0)
    assert world.arrival_us.size == 4_000
    assert np.mean(world.intent) == pytest.approx(0.25, abs=4 * np.sqrt(0.25 * 0.75 / 4_000))
    again = make_world(scenario, 1, 1)
    assert (again.arrival_us == world.arrival_us).all()
    assert (again.intent != world.intent).any()


OWN = {name: {"talk_time": "3m", "arrivals": {"per_day": 400}} for name in ("order", "bill")}
ALONE = BASE | {"intents": OWN, "agents": {"team": {"skills": ["order", "bill"], "staff": 20}}}


def by_day(scenario, replications=200):
    """Contacts of the first day by intent, one column a replication."""
    first = make_horizon(scenario).dates[0].toordinal()
    worlds = [make_world(scenario, 1, number) for number in range(replications)]
    return np.array([[((w.intent == i) & (w.date == first)).sum() for w in worlds] for i in (0, 1)])


def test_common_busyness_stands_alone_and_acts_on_own_arrivals():
    """Two intents of 400 a day: sd of each 400 x 0.3 and Poisson, 122; common, so the correlation is 14400 / 14800."""
    counts = by_day(loads(ALONE | {"arrivals": {"busyness_cv": 0.3}}))
    assert np.std(counts, axis=1) == pytest.approx([121.7, 121.7], rel=0.15)
    assert np.corrcoef(counts)[0, 1] > 0.95
    calm = by_day(loads(ALONE | {"arrivals": {}}))
    assert np.std(calm, axis=1) == pytest.approx([20, 20], rel=0.15)


def test_common_busyness_is_that_of_each_intent_written_out():
    alone = loads(ALONE | {"arrivals": {"busyness_cv": 0.3, "interval_cv": 0.1}})
    written = {"per_day": 400, "busyness_cv": 0.3, "interval_cv": 0.1}
    each = loads(ALONE | {"arrivals": "off", "intents": {name: i | {"arrivals": written} for name, i in OWN.items()}})
    assert customers(alone) == customers(each)
    assert not alone.notes
    assert loads(alone.resolved()) == alone


def test_an_intent_keeps_its_own_busyness_and_process():
    own = {"arrivals": {"per_day": 400, "busyness_cv": 0}}
    counts = by_day(loads(ALONE | {"arrivals": {"busyness_cv": 0.3}, "intents": OWN | {"bill": OWN["bill"] | own}}))
    assert np.std(counts, axis=1) == pytest.approx([121.7, 20], rel=0.15)


def test_what_common_arrivals_do_beside_own_ones_is_said():
    (note,) = loads(ALONE | {"arrivals": {"per_day": 9, "busyness_cv": 0.3}}).notes
    assert note.startswith("arrivals: per_day has no effect")
    assert note.endswith("busyness_cv acts on them")
    (note,) = loads(ALONE | {"arrivals": {"per_day": 9}}).notes
    assert note == "arrivals have no effect: every intent has arrivals of its own"


def test_common_arrivals_without_contacts_need_every_intent_to_have_its_own():
    intents = OWN | {"bill": {"talk_time": "3m", "share": 1}}
    with pytest.raises(ScenarioError, match="has no source of contacts"):
        loads(ALONE | {"arrivals": {"busyness_cv": 0.3}, "intents": intents})
