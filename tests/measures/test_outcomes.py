"""Satisfaction and leavers by hand: needs with known stories, agents with known hours, in tiny worlds."""

from functools import partial
from math import exp

import pytest

from sim.measures import make_frame, tally
from sim.study.replicate import make_run
from tests.micro import worlds
from tests.micro.worlds import CLOSE, HOUR, constant, intent, shift, shifts, staff

FRESH = 15 * 0.15
"""What the frustration of a fresh customer takes off: 2.25."""

STILL = {"talk_time": 0.0, "spread": 0.0, "resolution": 0.0}


@pytest.fixture
def measured(tmp_path, engine):
    """Simulate a world and return its measures, by cell."""

    def estimates(calls, **world):
        story = worlds.tell(engine, tmp_path, calls, **world)
        study = make_run(story.scenario)
        study.tallies.add(tally(story.records, make_frame(story.scenario)))
        return {cell: values(study, cell) for cell in ("overall", "intent", "group")}

    return estimates


def values(study, cell):
    return {name: estimate.mean.tolist() for name, estimate in study.estimates(cell).items()}


@pytest.fixture
def csat(measured):
    """Simulate a world and return the satisfaction of each intent."""
    return lambda calls, **world: measured(calls, **({"csat": {}} | world))["intent"]["csat"]


# --- satisfaction


def test_one_contact_and_no_wait(csat):
    assert csat({"A": 0}) == pytest.approx([85 - FRESH])


def test_an_unresolved_need(csat):
    assert csat({"A": 0}, intents={"call": intent(resolution=0.0)}) == pytest.approx([85 - 25 - FRESH])


TWICE = {"repeat": {"probability": 1.0, "delay": constant(HOUR)}, "max_attempts": 2}


def test_two_contacts_in_vain(csat):
    found = csat({"A": 0}, intents={"call": intent(resolution=0.0)}, customers=TWICE)
    assert found == pytest.approx([85 - 15 - 25 - FRESH])


def test_two_contacts_of_which_the_second_helps(csat):
    """B gives up after half a minute, which is within the grace, and is answered at once when it redials."""
    people = {"patience": constant(30), "redial": {"probability": 1.0, "delay": constant(HOUR), "next_day": 0.0}}
    intents = {"long": intent(talk=600, skill="call"), "short": intent(skill="call")}
    found = csat({"A": (0, "long"), "B": (10, "short")}, intents=intents, customers=people)
    assert found == pytest.approx([85 - FRESH, 85 - 15 - FRESH])


def test_who_gives_up_for_good_is_unresolved(csat):
    intents = {"long": intent(talk=600, skill="call"), "short": intent(skill="call", patience=constant(180))}
    found = csat({"A": (0, "long"), "B": (10, "short")}, intents=intents)
    assert found[1] == pytest.approx(85 - 25 - 2 * 1.5 - FRESH)


@pytest.mark.parametrize(("talk", "off"), [(70, 0.0), (130, 1.5), (490, 10.5), (550, 12.0), (3000, 12.0)])
def test_a_wait_beyond_the_first_minute(csat, talk, off):
    """B waits ten seconds less than A's talk lasts."""
    intents = {"long": intent(talk=talk, skill="call"), "short": intent(skill="call")}
    found = csat({"A": (0, "long"), "B": (10, "short")}, intents=intents)
    assert found == pytest.approx([85 - FRESH, 85 - FRESH - off])


BOT = {"opt_out": 0.0, "false_containment": 0.0, "context_kept": 1.0, "session": constant(30)}


def chat(**more):
    return {"call": intent(bot={"resolves": 0.0} | more)}


def test_a_bot_that_helps_costs_eight_points(csat):
    assert csat({"A": 0}, intents=chat(resolves=1.0), bot=BOT) == pytest.approx([85 - 8 - FRESH])


def test_a_bot_that_only_says_that_it_helped(csat):
    """Two failed turns without effect on a customer whose frustration is off."""
    found = csat({"A": 0}, intents=chat(), bot=BOT | {"false_containment": 1.0})
    assert found == pytest.approx([85 - 8 - 25 - FRESH])


def test_a_bot_that_hands_over_did_not_handle_it(csat):
    assert csat({"A": 0}, intents=chat(), bot=BOT) == pytest.approx([85 - FRESH])


def test_an_agent_after_a_bot_that_only_said_so(csat):
    """The last contact counts: an agent's, by who asks for one at once on the way back."""
    people = {"repeat": {"falsely_contained": {"probability": 1.0, "delay": constant(HOUR)}}}
    bot = BOT | {"false_containment": 1.0, "opt_out_after_failure": 1.0}
    assert csat({"A": 0}, intents=chat(), bot=bot, customers=people) == pytest.approx([85 - 15 - FRESH])


PRESSED = {"target": "60s", "push": 0.0, "sends_away": 1.0}


def test_being_sent_away_is_one_contact_and_twelve_points(csat):
    found = csat({"A": 0}, intents={"call": intent(talk=100)}, pace=PRESSED)
    assert found == pytest.approx([85 - 12 - FRESH])


def test_waits_of_all_contacts_count_together_with_one_grace(csat):
    """One agent: A waits 100 s for a colleague; B 50 s for the agent, and 100 s more after being sent away."""
    intents = {"x": intent(talk=100, skill="call"), "y": intent(talk=100, skill="call")}
    found = csat({"A": (0, "x"), "B": (50, "y")}, intents=intents, pace=PRESSED)
    assert found == pytest.approx([85 - 12 - 1.5 * 40 / 60 - FRESH, 85 - 12 - 1.5 * 90 / 60 - FRESH])


def test_frustration_at_the_end_counts(csat):
    """Sent away: .2775. Waited eight minutes beyond the grace: 1 - .85 x .97^8."""
    found = csat({"A": 0}, intents={"call": intent(talk=100)}, pace=PRESSED, frustration={})
    assert found == pytest.approx([85 - 12 - 15 * 0.2775])
    intents = {"long": intent(talk=550, skill="call"), "short": intent(skill="call")}
    waited = csat({"A": (0, "long"), "B": (10, "short")}, intents=intents, frustration={})
    assert waited[1] == pytest.approx(85 - 12 - 15 * (1 - 0.85 * 0.97**8))


def test_the_fatigue_of_the_last_agent_counts(csat):
    """An hour of handling at .10 an hour: .0952. It is A's agent who is rested."""
    intents = {"long": intent(talk=HOUR, skill="call"), "short": intent(skill="call")}
    found = csat({"A": (0, "long"), "B": (HOUR, "short")}, intents=intents, fatigue={"effects": STILL})
    assert found == pytest.approx([85 - FRESH, 85 - FRESH - 6 * (1 - exp(-0.1))])


def test_trust_counts_both_ways(csat):
    """.03 more when it helped; .10 less when it did not, and .05 for the bot that failed first."""
    assert csat({"A": 0}, trust={}) == pytest.approx([85 - FRESH + 0.3])
    lost = csat({"A": 0}, intents={"call": intent(resolution=0.0)}, trust={})
    assert lost == pytest.approx([85 - 25 - FRESH - 1.0])
    failed = csat({"A": 0}, intents=chat(), bot=BOT, trust={})
    assert failed == pytest.approx([85 - FRESH - 0.5 + 0.3])


@pytest.mark.parametrize(("force", "off"), [({}, 0), ({"redundancy": {"share": 0.0}}, 3)])
def test_a_round_of_redundancies_costs_three_points(csat, force, off):
    assert csat({"A": 0}, workforce=force) == pytest.approx([85 - FRESH - off])


def test_the_weights_are_the_files(csat):
    given = {"start": 50, "frustration": 100, "unresolved": 1}
    assert csat({"A": 0}, intents={"call": intent(resolution=0.0)}, csat=given) == pytest.approx([50 - 15 - 1])


def test_all_needs_count_alike(measured):
    """One of three is not resolved."""
    intents = {"good": intent(skill="call"), "bad": intent(skill="call", resolution=0.0)}
    found = measured({"A": (0, "good"), "B": (100, "good"), "C": (200, "bad")}, intents=intents, csat={})
    assert found["overall"]["csat"] == pytest.approx([85 - FRESH - 25 / 3])
    assert found["intent"]["csat"] == pytest.approx([85 - FRESH, 85 - FRESH - 25])


def test_needs_born_before_the_days_measured_do_not_count(measured):
    """Monday is warm-up: B of Tuesday is all."""
    run = {"seed": 1, "replications": 2, "warm_up": "1d", "follow_up": "0d"}
    calendar = {"start": "2026-11-24"}
    found = measured({"B": 100}, calendar=calendar, run=run, csat={})
    assert (found["overall"]["demand"], found["overall"]["csat"]) == ([1], pytest.approx([85 - FRESH]))


# --- leavers

WEEK = 38
OLD, NEW = ({"tenure": constant(days * 86400), "speed_sd": 0, "learning": {"start": 0}} for days in (700, 30))


def hazard(fatigue=0.0, factor=1.0):
    """A week's: .0060 exp(2.5 (F - .20)), times a factor."""
    return 0.0060 * exp(2.5 * (fatigue - 0.20)) * factor


def leavers(measured, calls=(), **world):
    found = measured(dict(calls) or {"A": 0}, **({"attrition": {}, "workforce": OLD} | world))
    return found["overall"]["leavers_expected"][0]


def test_twelve_hours_of_an_agent_who_is_never_tired(measured):
    """12 of the 38 hours that make a week."""
    assert leavers(measured) == pytest.approx(12 / WEEK * hazard())


def test_by_the_weeks_that_agents_are_there(measured):
    """Two agents by counts; one of them from 08:00 to 14:00 alone."""
    agents = {"team": staff(*[2] * 12, 1)}
    assert leavers(measured, agents=agents) == pytest.approx(18 / WEEK * hazard())


def test_a_week_is_what_the_file_says(measured):
    costs = {"fte_hours": "40h"}
    assert leavers(measured, costs=costs) == pytest.approx(12 / 40 * hazard())


def test_breaks_and_planned_time_off_the_phones_are_paid_weeks_too(measured):
    agents = {"team": shifts(shift(breaks=[("2h", "1h")]), shrinkage=0.25)}
    assert leavers(measured, agents=agents) == pytest.approx(12 / 0.75 / WEEK * hazard())


def test_fatigue_is_the_agents_mean_over_its_time(measured):
    """An hour of handling, then eleven idle ones: the two integrals of the law."""
    found = leavers(measured, intents={"call": intent(talk=HOUR)}, fatigue={"effects": STILL})
    busy = 1 - (1 - exp(-0.1)) / 0.1
    idle = (1 - exp(-0.1)) * (1 - exp(-0.35 * 11)) / 0.35
    assert (busy + idle) / 12 == pytest.approx(0.02626, abs=1e-4)
    assert found == pytest.approx(12 / WEEK * hazard((busy + idle) / 12), rel=1e-9)


def test_each_agent_quits_by_its_own_fatigue(measured):
    """Agent 0 handles all day, agent 1 never."""
    agents = {"team": staff(2)}
    found = leavers(measured, agents=agents, intents={"call": intent(talk=CLOSE)}, fatigue={"effects": STILL})
    tired = 1 - (1 - exp(-1.2)) / 1.2
    assert tired > 0.4
    assert found == pytest.approx(12 / WEEK * (hazard(tired) + hazard()), rel=1e-9)


def test_new_agents_quit_more_and_less_so_with_an_assistant(measured):
    assert leavers(measured, workforce=NEW) == pytest.approx(12 / WEEK * hazard(factor=2.5))
    assert leavers(measured, workforce=NEW, assistant={}) == pytest.approx(12 / WEEK * hazard(factor=2.5 * 0.8))
    nobody = {"adoption": 0.0}
    assert leavers(measured, workforce=NEW, assistant=nobody) == pytest.approx(12 / WEEK * hazard(factor=2.5))
    assert leavers(measured, assistant={}) == pytest.approx(12 / WEEK * hazard())


def test_without_a_workforce_the_default_tenures_hold(measured):
    """Exponential with a mean of two years: one in nine of many agents is new."""
    agents = {"team": staff(4000)}
    found = leavers(measured, agents=agents, workforce="off")
    new = 1 - exp(-90 / 730)
    assert found / 4000 == pytest.approx(12 / WEEK * hazard(factor=1 + 1.5 * new), rel=0.02)


def test_the_law_is_the_files(measured):
    law = {"weekly": 0.05, "fatigue_slope": 0.0, "new_factor": 4.0, "new_for": "60d"}
    assert leavers(measured, workforce=NEW, attrition=law) == pytest.approx(12 / WEEK * 0.2)
    assert leavers(measured, workforce=NEW, attrition=law | {"new_for": "20d"}) == pytest.approx(12 / WEEK * 0.05)


def test_only_the_days_measured_count(measured):
    """One day before and one after."""
    run = {"seed": 1, "replications": 2, "warm_up": "1d", "follow_up": "1d"}
    assert leavers(measured, run=run, calendar={"days": 2}) == pytest.approx(24 / WEEK * hazard())


def test_by_group_and_in_money(measured):
    agents = {"team": staff(1), "night": shifts(shift(length="6h"))}
    found = measured({"A": 0}, agents=agents, workforce=OLD, attrition={})
    each = [12 / WEEK * hazard(), 6 / WEEK * hazard()]
    assert found["group"]["leavers_expected"] == pytest.approx(each)
    assert found["overall"]["leavers_expected"] == pytest.approx([sum(each)])
    assert found["group"]["replacement_cost"] == pytest.approx([15_000 * part for part in each])
    assert found["overall"]["replacement_cost"] == pytest.approx([15_000 * sum(each)])


def test_a_leaver_costs_what_the_file_says(measured):
    found = measured({"A": 0}, workforce=OLD, attrition={}, costs={"leaver": 9000})["overall"]
    assert found["replacement_cost"][0] == pytest.approx(9000 * 12 / WEEK * hazard())


# --- only where they are asked for


@pytest.mark.parametrize(
    ("switch", "names"),
    [({"csat": {}}, {"csat"}), ({"attrition": {}}, {"leavers_expected", "replacement_cost"})],
    ids=["csat", "attrition"],
)
def test_present_only_when_switched_on(measured, switch, names):
    world = partial(measured, {"A": 0}, costs={"agent_hour": 30})
    off, on = world()["overall"], world(**switch)["overall"]
    assert set(on) - set(off) == names
    assert repr({name: on[name] for name in off}) == repr(off)
    assert not names & set(world(**dict.fromkeys(switch, "off"))["overall"])
