"""How many the bot frees at a service that is no worse: answers known in advance, and what is not the bot's."""

import math
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.study.replicate import RunOptions, make_run, replicate
from sim.study.staffing import no_worse_plans
from sim.study.staffing.erlang import Queue, predict
from sim.study.staffing.no_worse import heads_of, margins_of
from sim.study.staffing.no_worse_plans import carried
from sim.study.staffing.no_worse_qualities import qualities_of

CENTRE = {
    "name": "Before",
    "calendar": {"start": "2026-11-23", "days": 1, "hours": "00:00-24:00", "interval": "60m"},
    "arrivals": {"per_day": 7200},
    "intents": {"all": {"share": 1, "talk_time": {"distribution": "exponential", "mean": "5m"}, "resolution": 1.0}},
    "customers": {"patience": {"distribution": "exponential", "mean": "3m"}, "max_attempts": 1},
    "agents": {"desk": {"skills": ["all"], "staff": 28, "contract_share": 0.8}},
    "run": {"seed": 1, "warm_up": "0d", "follow_up": "0d"},
}
NONE = dict.fromkeys(("service_level", "abandonment", "resolution", "strained_share"), 0.0)
NOTHING = {"bot": {"opt_out": 1.0}, "intents.all.bot": {"resolves": 0.3}}
CUTS = Path(__file__).parents[2] / "scenarios" / "cases" / "cuts"
QUICK = {"replications": 4}
BADLY = [*(20 for _ in range(8)), *(40 for _ in range(8)), *(24 for _ in range(8))]


def before(**settings):
    return sim.loads(CENTRE, {key.replace("__", "."): value for key, value in settings.items()})


@pytest.fixture
def quick(monkeypatch):
    """The load from fewer contacts, where only words and sums are looked at."""
    monkeypatch.setattr(no_worse_plans, "LOOKED_AT", 20_000.0)


def agents(staff):
    return staff.interval_hours / 24


@pytest.fixture(scope="module")
def nothing():
    """A bot that does nothing, a BEFORE that is badly rostered, margins of 0."""
    badly = before(agents__desk__staff=BADLY)
    return sim.no_worse(sim.changed(badly, NOTHING), badly, NONE, replications=12)


def test_a_bot_that_does_nothing_frees_nobody_and_what_rostering_frees_is_not_its(nothing):
    freed = nothing.freed_by_bot
    assert (freed.best, freed.safe, freed.heads, freed.low, freed.high) == (0.0, 0.0, 0, 0.0, 0.0)
    assert nothing.freed_by_rostering > 0.05 * nothing.before.fte
    assert nothing.feasible
    assert nothing.shortfall == 0.0


def test_nor_does_a_margin_make_it_free_anybody(quick):
    badly = before(agents__desk__staff=BADLY)
    found = sim.no_worse(sim.changed(badly, NOTHING), badly, {"service_level": 0.03}, **QUICK)
    plan = found.as_given
    assert found.freed_by_bot.best == 0.0
    assert found.freed_by_bot.low <= 0.0 <= found.freed_by_bot.high
    assert found.freed_by_bot.heads == 0
    assert plan.freed_by_margins > 0.3
    whole = plan.freed_by_rostering + plan.freed_by_margins + found.freed_by_bot.safe
    assert whole == pytest.approx(plan.before.fte - plan.after.fte)


BOT = {
    "name": "After",
    "bot": {"opt_out": 0.0, "selectivity": 0.0, "false_containment": 0.0, "context_kept": 1.0},
    "intents.all.bot": {"resolves": 0.2},
}


@pytest.fixture(scope="module")
def at_random():
    """A bot that takes a fifth of all contacts at random, all mechanisms off."""
    return sim.no_worse(sim.changed(before(), BOT), before(), NONE, replications=24)


def erlang_agents(rate, level, abandonment):
    """Agents, whole ones and parts, with which Erlang A gives no worse than a service level and an abandonment."""
    predictions = {n: predict(Queue(rate / 3600, 300.0, 180.0), n) for n in range(10, 41)}

    def between(number, measure):
        low = math.floor(number)
        part = number - low
        return (1 - part) * predictions[low].measure(measure) + part * predictions[low + 1].measure(measure)

    numbers = np.arange(10.0, 39.0, 0.01)
    good = (n for n in numbers if between(n, "sl_offered") >= level and between(n, "abandonment_rate") <= abandonment)
    return next(good)


def test_a_fifth_at_random_frees_what_erlang_a_says_to_half_an_agent(at_random):
    now = predict(Queue(300 / 3600, 300.0, 180.0), 28)
    needed = erlang_agents(240, now.measure("sl_offered") - 1e-9, now.measure("abandonment_rate") + 1e-9)
    found = agents(at_random.as_given.within_margins) - agents(at_random.as_given.best)
    assert found == pytest.approx(28 - needed, abs=0.5)
    assert at_random.freed_by_bot.high - at_random.freed_by_bot.low < 0.5 * at_random.before.fte / 28
    assert abs(at_random.freed_by_rostering) < 0.5 * at_random.before.fte / 28


def test_safe_is_no_more_than_the_best_estimate_and_heads_round_down(at_random):
    freed = at_random.freed_by_bot
    assert freed.low <= freed.best <= freed.high
    assert freed.safe <= freed.best
    assert freed.heads == math.floor(freed.safe / 0.8)
    assert at_random.as_given.heads_to_go == freed.heads > 0


def test_the_proof_is_of_customers_that_no_decision_knew_and_pairs_them(at_random):
    proof, plan = at_random.as_given.proof, at_random.as_given
    assert proof.seed != at_random.seed
    assert proof.replications == 3 * at_random.replications
    row = plan.measures.set_index("measure").loc["service_level"]
    again = sim.run(before(), seed=proof.seed, replications=proof.replications).measures.loc["sl_offered"]
    assert row["before"] == again["mean"]
    paired, alone = row["ci_high"] - row["ci_low"], again["ci_high"] - again["ci_low"]
    assert paired < 0.9 * math.sqrt(2.0) * alone
    assert proof.inside
    assert plan.measures["no_worse"].all()
    assert (plan.measures["limit"] - plan.measures["difference"]).abs().max() > 0.0


def test_the_hours_and_the_intents_that_are_worst_are_named(at_random):
    band, hours = at_random.worst_band, at_random.as_given.by_band
    levels = hours[hours["measure"] == "service_level"]
    assert len(levels) == 12
    assert band.difference == levels["difference"].min()
    assert set(at_random.by_intent["intent"]) == {"all"}


@pytest.mark.parametrize(
    ("fte", "share", "heads"),
    [(2.6, 0.8, 3), (2.4, 0.8, 3), (2.39, 0.8, 2), (-0.1, 0.8, -1), (-2.6, 0.8, -4), (0, 1, 0)],
)
def test_heads_that_go_are_rounded_down_and_heads_needed_up(fte, share, heads):
    assert heads_of(fte, share) == heads


def test_rounding_to_whole_agents_keeps_the_hours():
    wanted = np.array([[2.4, 2.4, 2.4, 2.4, 2.4], [0.2, 0.2, 0.2, 0.2, 0.2]])
    assert carried(wanted).sum(axis=1).tolist() == [12, 1]
    assert (abs(carried(wanted) - wanted) < 1.0).all()


def test_where_more_are_needed_the_shortfall_is_told(quick):
    slower = before(intents__all__talk_time={"distribution": "exponential", "mean": "6m"}, name="Slower")
    found = sim.no_worse(slower, before(), **QUICK)
    assert not found.feasible
    assert found.shortfall == pytest.approx(5.0 * found.before.fte / 28, rel=0.15)
    assert found.freed_by_bot.best == -found.shortfall
    assert found.freed_by_bot.heads == -math.ceil(-found.freed_by_bot.safe / 0.8)
    assert found.as_given.heads_to_go == 0


def test_what_no_staff_makes_good_is_said_and_left_out_of_the_plans(quick):
    worse = sim.changed(before(), BOT | {"intents.all.resolution": 0.9})
    found = sim.no_worse(worse, before(), **QUICK)
    (beyond,) = found.as_given.beyond_staff
    assert beyond.name == "resolution"
    assert beyond.limit < beyond.difference < -0.02
    assert beyond.takes is None
    assert not found.feasible
    assert found.as_given.heads_to_go == 0
    assert found.freed_by_bot.best > 0.0


def test_with_a_handle_time_target_both_worlds_are_told(quick):
    hurried = sim.changed(before(), BOT | {"pace": {"target": "4m"}})
    found = sim.no_worse(hurried, before(), {"resolution": 0.5}, **QUICK)
    calm = sim.no_worse(sim.changed(before(), BOT), before(), {"resolution": 0.5}, **QUICK)
    assert found.with_target is found.as_given
    assert calm.with_target is None
    assert found.unhurried.freed_by_bot == calm.freed_by_bot
    assert found.with_target.freed_by_bot.best > found.unhurried.freed_by_bot.best + 1.0


def test_fte_are_rostered_with_absence_and_shrinkage_once_each(quick):
    short = before(agents__desk__shrinkage=0.2, agents__desk__absence=0.05, agents__desk__staff=29)
    found = sim.no_worse(sim.changed(short, BOT), short, **QUICK)
    assert agents(found.before) == pytest.approx(29 * 0.95, abs=0.05)
    assert found.before.fte == pytest.approx(29 * 24 / 0.8 / 38 * 7, rel=1e-6)
    for staff in found.as_given.all:
        assert staff.rostered_hours == pytest.approx(staff.interval_hours / 0.8 / 0.95, rel=0.01)


def test_margins_are_those_given_else_of_the_file_else_the_default():
    file = before(no_worse={"abandonment": "2%"})
    assert margins_of(file, before(), {"resolution": 0.1}) == {
        "service_level": 0.01,
        "abandonment": 0.02,
        "resolution": 0.1,
        "strained_share": 0.01,
    }
    assert margins_of(before(), file, {})["abandonment"] == 0.02


@pytest.mark.parametrize(
    ("margins", "said"), [({"service": 0.1}, "service: is not known"), ({"resolution": 2.0}, "2.0: is no share")]
)
def test_margins_that_are_none_are_refused(margins, said):
    with pytest.raises(sim.ArgumentError, match=said):
        sim.no_worse(before(), before(), margins)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"agents": {"phone": {"skills": ["all"], "staff": 28}}}, "desk, which .* has not"),
        ({"calendar.hours": "08:00-24:00"}, "open at different times"),
        ({"targets.service_level": "80/30"}, "same targets.service_level"),
    ],
)
def test_files_that_cannot_be_set_beside_each_other_are_refused(settings, said):
    other = sim.loads(CENTRE | settings if "agents" in settings else CENTRE, {} if "agents" in settings else settings)
    with pytest.raises(sim.NotComparableError, match=said):
        sim.no_worse(other, before())


def test_where_agents_make_good_what_the_bot_leaves_unresolved_it_is_said_what_that_takes(quick):
    """Every call that is answered is resolved: with 99 % of them as good as nobody may wait."""
    crowded = before(agents__desk__staff=25)
    worse = sim.changed(crowded, {"intents.all.resolution": 0.93, "name": "Worse"})
    found = sim.no_worse(worse, crowded, {"resolution": 0.0}, **QUICK)
    (beyond,) = found.as_given.beyond_staff
    assert beyond.name == "resolution"
    assert beyond.takes > 1.0 * found.before.fte / 25
    assert found.shortfall == beyond.takes
    assert not beyond.ample


def test_neither_the_workers_nor_the_order_of_groups_changes_a_thing(quick):
    groups = {"desk": {"skills": ["all"], "staff": 20}, "back": {"skills": ["all"], "staff": 8}}
    one = sim.loads(CENTRE | {"agents": groups})
    turned = sim.changed(sim.loads(CENTRE | {"agents": dict(reversed(groups.items()))}), BOT)
    first, second = (sim.no_worse(turned, one, jobs=jobs, **QUICK) for jobs in (1, 2))
    assert first.as_given.measures.equals(second.as_given.measures)
    assert first.by_group == second.by_group
    assert list(first.by_group) == ["desk", "back"]
    for name, group in first.by_group.items():
        assert group.before == first.before.of(name).fte
        assert group.after < group.before
    assert sum(group.freed.best for group in first.by_group.values()) == pytest.approx(first.freed_by_bot.best)


def test_who_is_blocked_has_been_served_worse():
    """A line of two places: abandonment alone falls, but those who were sent away count."""
    short = before(queues={"all": {"limit": 2}})
    service, abandonment, *_ = qualities_of(before(), short, NONE)
    run = make_run(short)
    replicate([run], RunOptions(1), 2)
    measures = run.estimates("overall")
    offered, blocked = (float(measures[name].mean[0]) for name in ("offered", "blocked"))
    lost = float(measures["abandonment_rate"].mean[0]) * offered + blocked
    assert blocked > 10
    assert abandonment.of(run).mean[0] == pytest.approx(lost / (offered + blocked))
    answered = float(measures["sl_offered"].mean[0]) * offered
    assert service.of(run).mean[0] == pytest.approx(answered / (offered + blocked))


@pytest.mark.long
@pytest.mark.parametrize("name", ["claim-holds-45-cut", "half-true-45-cut"])
def test_forty_five_roles_for_two_thousand_calls_turn_round(name):
    """Commonwealth Bank 2025: none of the 45 can go; more are needed than before."""
    old, new = (sim.load(CUTS / f"{which}.yaml") for which in ("before", name))
    found = sim.no_worse(new, old, replications=4)
    assert not found.feasible
    assert found.shortfall > 10.0
    assert found.freed_by_bot.high < 0.0
    assert found.as_given.heads_to_go == 0
