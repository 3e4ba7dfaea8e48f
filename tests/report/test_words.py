import math

import pytest

from sim.report.comparison.narrative import summary
from tests.report.made import findings, mix, result, scenario
from tests.report.tiny import BOTS

BEFORE = {
    "sl_offered": (0.82, 0.01),
    "abandonment_rate": (0.04, 0.005),
    "workload_hours": (500.0, 5.0),
    "fte": (50.0, 0.0),
    "resolution_rate": (0.84, 0.01),
    "workload_per_resolution_s": (522.0, 5.0),
    "aht_s": (400.0, 2.0),
    "natural_aht_s": (400.0, 2.0),
}
RATES = {"containment_rate": (0.35, 0.002), "bot_resolution_rate": (0.26, 0.002)}
BOT = RATES | {"bot_offered": 1000.0, "bot_contained": 350.0, "bot_abandoned": 0.0, "offered": 650.0}
AFTER = BEFORE | BOT | {"workload_hours": (405.0, 4.0)}
OTHER_AGENTS = {"desk": {"skills": ["all"], "staff": 3}}
FALLS = {"workload_hours": (-95.0, 1.2), "fte": (0.0, 0.0), "sl_offered": (0.0, 0.01)}


def told(after=AFTER, changes=FALLS, shift=None, before=BEFORE, first=None, name="After", **blocks):
    """What is said of the second scenario, which has a bot unless told otherwise."""
    blocks = {key: block for key, block in ({"bot": {}, "intents": BOTS} | blocks).items() if block is not None}
    second = result(scenario(name, **blocks), after, mix(0.0, 0.0) if shift is None else shift)
    both = findings(first or result(scenario("Before"), before), second, differences={name: changes})
    return summary(both)[1].text


def test_the_bot_closes_more_than_it_resolves():
    assert "The bot closes 35 % of its sessions as done and truly resolves 26 %." in told()


def test_a_bot_that_closes_only_what_it_resolves_is_not_blamed():
    after = AFTER | {"bot_resolution_rate": (0.35, 0.002)}
    assert "closes 35 % of its sessions as done and truly resolves all of them." in told(after)


def test_without_a_bot_there_is_no_word_of_one():
    text = told({k: v for k, v in AFTER.items() if k not in BOT}, bot=None, intents=None)
    assert "bot" not in text.replace("Before", "").lower()
    assert "Work for agents falls 19 %." in text


def test_work_falls_less_than_the_claim():
    assert "Work for agents falls 19 %, not 35 %." in told()


@pytest.mark.parametrize(
    ("hours", "change", "said"),
    [
        ((325.0, 3.0), (-175.0, 1.0), "Work for agents falls 35 %, about the 35 % contained."),
        ((250.0, 2.0), (-250.0, 3.0), "Work for agents falls 50 %, more than the 35 % contained."),
        ((550.0, 5.0), (50.0, 2.0), "Work for agents rises 10 %, although the bot contains 35 %."),
        ((497.0, 5.0), (-3.0, 4.0), "Work for agents does not change beyond luck, although the bot contains 35 %."),
    ],
)
def test_work_stands_beside_the_claim_as_it_is(hours, change, said):
    assert said in told(AFTER | {"workload_hours": hours}, FALLS | {"workload_hours": change})


@pytest.mark.parametrize(
    ("hours", "change", "said"),
    [
        ((445.0, 4.0), (-55.0, 1.0), "falls 11 %, not the 18 % of all contacts contained."),
        ((412.5, 3.0), (-87.5, 1.0), "falls 18 %, about the 18 % of all contacts contained."),
        ((350.0, 3.0), (-150.0, 1.0), "falls 30 %, more than the 18 % of all contacts contained."),
        ((550.0, 5.0), (50.0, 2.0), "rises 10 %, although the bot contains 18 % of all contacts."),
    ],
)
def test_a_bot_for_some_contacts_claims_only_its_share_of_all(hours, change, said):
    half = AFTER | {"offered": 1650.0, "workload_hours": hours}
    text = told(half, FALLS | {"workload_hours": change})
    assert "The bot closes 35 % of its sessions as done" in text
    assert f"Work for agents {said}" in text


def test_a_bot_that_both_have_is_no_claim_to_deflect():
    first = result(scenario("Before", bot={}, intents=BOTS), AFTER, mix(0.0, 0.0))
    text = told(first=first, changes=FALLS | {"workload_hours": (-5.0, 1.0)})
    assert "not 35 %" not in text
    assert "The bot closes" not in text


def test_words_and_table_judge_a_fall_in_work_by_the_same_interval():
    """Noise that both share makes the interval of the ratio narrower than that of the difference."""
    before, after = BEFORE | {"workload_hours": (500.0, 200.0)}, AFTER | {"workload_hours": (400.0, 160.0)}
    changes = FALLS | {"workload_hours": (-100.0, 101.0)}
    assert "Work for agents does not change beyond luck, although the bot contains 35 %." in told(
        after, changes, before=before
    )
    changes["workload_hours"] = (-100.0, 99.0)
    assert "Work for agents falls 20 %" in told(after, changes, before=before)


def test_fatigue_is_judged_by_its_difference_too():
    after, before = AFTER | {"fatigue_mean": (0.16, 0.08)}, BEFORE | {"fatigue_mean": (0.20, 0.10)}
    changes = FALLS | {"fatigue_mean": (-0.04, 0.041)}
    assert "Agents are as tired as before" in told(after, changes, before=before, fatigue={})
    changes["fatigue_mean"] = (-0.04, 0.039)
    assert "Agents are 20 % less tired on average." in told(after, changes, before=before, fatigue={})


def test_what_is_saved_by_others_than_the_bot_is_not_credited_to_it():
    assert "not 35 %, and part of that is the assistant." in told(assistant={})
    first = result(scenario("Before", assistant={}), BEFORE)
    assert "falls 19 %, not 35 %." in told(assistant={}, first=first)
    first = result(scenario("Before", screens={"systems": 5}), BEFORE)
    assert "and part of that is the assistant and fewer systems to work in." in told(
        assistant={}, screens={"systems": 3}, first=first
    )
    assert "fewer systems" not in told(screens={"systems": 5}, first=first)
    orders = {"orders": BOTS["orders"] | {"wrap_up": "20s"}}
    assert "part of that is shorter handle times in its file." in told(intents=BOTS | orders)
    fewer = AFTER | {"demand": 980.0}
    assert "part of that is fewer customers." in told(fewer, FALLS | {"demand": (-20.0, 1.0)})
    assert "part of that" not in told(fewer, FALLS | {"demand": (20.0, 1.0)})


def test_without_a_new_bot_nothing_is_credited_to_it():
    text = told({k: v for k, v in AFTER.items() if k not in BOT}, bot=None, intents=None, assistant={})
    assert "Work for agents falls 19 %." in text


def test_lost_and_hurried_contacts_are_not_work_saved():
    after = AFTER | {"aht_s": (360.0, 2.0), "abandonment_rate": (0.2, 0.01)}
    changes = FALLS | {"abandonment_rate": (0.16, 0.01)}
    text = told(after, changes, pace={"target": "6m"})
    assert "not 35 %, and part of that is contacts cut short and customers who give up." in text
    assert "takes 40 s off a natural AHT of 6:40 min." in text


def test_a_target_that_nobody_feels_is_said_to_do_nothing():
    assert "The handle-time target does not shorten contacts." in told(pace={"target": "20m"})
    assert "handle-time target" not in told()


def test_staff_and_service_level_with_target_and_difference():
    after = AFTER | {"sl_offered": (0.31, 0.02), "fte": (32.5, 0.0)}
    changes = FALLS | {"sl_offered": (-0.51, 0.02), "fte": (-17.5, 0.0)}
    said = "With 35 % less paid staff, 31 % of offered contacts are answered within 20 s (target at least 80 %: missed)"
    assert f"{said}, 51 points less than Before" in told(after, changes, agents=OTHER_AGENTS)


def test_a_difference_within_luck_is_called_that():
    text = told(AFTER | {"sl_offered": (0.814, 0.01)}, FALLS | {"sl_offered": (-0.006, 0.01)})
    said = "With the same staff, 81 % of offered contacts are answered within 20 s"
    assert f"{said} (target at least 80 %: met), no clear difference from Before" in text
    assert "points less" not in text


def test_more_staff_is_more():
    text = told(AFTER | {"fte": (55.0, 0.0)}, FALLS | {"fte": (5.0, 0.0)}, agents=OTHER_AGENTS)
    assert "With 10 % more paid staff, " in text


def test_overtime_is_no_more_staff_and_other_shifts_of_the_same_length_are_not_the_same_staff():
    text = told(AFTER | {"fte": (50.5, 0.0)}, FALLS | {"fte": (0.5, 0.0)})
    assert "With the same staff, " in text
    assert "With as much paid staff, " in told(agents=OTHER_AGENTS)


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        ("sl_answered", "70 % of answered contacts waited no longer than 30 s"),
        ("sl_excl_abn_in_t", "70 % are answered within 30 s, not counting those who give up sooner"),
        ("sl_credit_abn_in_t", "70 % are answered or give up within 30 s"),
    ],
)
def test_the_service_level_is_said_by_its_definition(definition, said):
    level = {"share": "80%", "within": "30s", "definition": definition}
    only = findings(result(scenario("a", targets={"service_level": level}), {definition: (0.7, 0.01)}))
    assert summary(only)[0].text.startswith(f"{said} (target at least 80 %: missed)")


def test_the_mix_shift_is_split_and_only_parts_that_count_are_named():
    both = told(shift=mix(between=24.0, within=12.0))
    assert "takes 12 % longer before any other effect: 24 s because easy intents leave and 12 s because" in both
    one = told(shift=mix(between=24.0, within=0.3))
    assert "takes 8.1 % longer before any other effect: 24 s because easy intents leave." in one
    assert "still reaches agents" not in told(shift=mix(between=1.0, within=1.0, half=5.0))


def test_an_easier_mix_is_said_to_be_that():
    text = told(shift=mix(between=-24.0, within=0.0))
    assert "takes 8.0 % less time before any other effect: 24 s because hard intents leave." in text


@pytest.mark.parametrize(
    ("between", "within", "said"),
    [
        (-27.0, 13.0, "27 s because hard intents leave, but 13 s the other way because the easy needs of each intent"),
        (24.0, -3.0, "24 s because easy intents leave, but 3.0 s the other way because the hard needs of each intent"),
        (-3.0, 24.0, "24 s because the easy needs of each intent leave, but 3.0 s the other way because hard intents"),
    ],
)
def test_a_part_of_the_mix_shift_that_goes_the_other_way_is_told_too(between, within, said):
    assert f"before any other effect: {said} leave." in told(shift=mix(between=between, within=within))


def test_fatigue_and_cost_are_told_where_they_are_known():
    after = AFTER | {"fatigue_mean": (0.15, 0.002), "cost_per_resolution": (9.5, 0.1)}
    before = BEFORE | {"fatigue_mean": (0.12, 0.002), "cost_per_resolution": (13.0, 0.1)}
    changes = FALLS | {"fatigue_mean": (0.03, 0.001), "cost_per_resolution": (-3.5, 0.1)}
    text = told(after, changes, before=before, fatigue={}, costs={"agent_hour": 30, "currency": "AUD"})
    assert "Agents are 25 % more tired on average." in text
    assert "A resolved need costs AUD 9.50 instead of 13.00." in text
    assert "tired" not in told()
    assert "costs" not in told()


PEOPLE = {"csat": (70.0, 0.5), "leavers_expected": (0.2, 0.02)}


def test_customers_and_agents_have_a_clause_each():
    alone = summary(findings(result(scenario("a"), BEFORE | PEOPLE)))[0].text
    assert alone.endswith(
        "Customers' satisfaction (CSAT) is 70.0 of 100 points; of the agents, 36 are expected to quit in a year at "
        "this pace."
    )
    changes = FALLS | {"csat": (-4.0, 0.5), "leavers_expected": (0.0125, 0.001)}
    after = AFTER | {"csat": (66.0, 0.5), "leavers_expected": (0.2125, 0.02)}
    assert (
        "Customers' satisfaction (CSAT) is 66.0 of 100 points, 4.0 less than Before; of the agents, 39 are expected to "
        "quit in a year at this pace, instead of 36."
    ) in told(after, changes, before=BEFORE | PEOPLE)


@pytest.mark.parametrize(("measure", "other"), [("csat", "expected to quit"), ("leavers_expected", "satisfaction")])
def test_a_side_that_is_not_measured_has_no_clause(measure, other):
    text = summary(findings(result(scenario("a"), BEFORE | {measure: PEOPLE[measure]})))[0].text
    assert other not in text
    assert ("satisfaction" in text) == (measure == "csat")


def test_sides_that_differ_by_luck_alone_are_said_to():
    changes = FALLS | {"csat": (0.3, 0.5), "leavers_expected": (0.001, 0.01)}
    text = told(AFTER | PEOPLE, changes, before=BEFORE | PEOPLE)
    assert "of 100 points, no clear difference from Before; of the agents, 36 are" in text
    assert "in a year at this pace, no clear difference." in text


def test_more_satisfaction_is_more_and_few_leavers_have_a_decimal():
    changes = FALLS | {"csat": (2.0, 0.5)}
    text = told(AFTER | PEOPLE | {"leavers_expected": (0.02, 0.001)}, changes, before=BEFORE | PEOPLE)
    assert "of 100 points, 2.0 more than Before; of the agents, 3.6 are expected" in text


def test_the_same_scenario_twice_differs_in_nothing():
    both = findings(
        result(scenario("a"), BEFORE),
        result(scenario("a (2)"), BEFORE),
        differences={"a (2)": dict.fromkeys(BEFORE, (0.0, 0.0))},
    )
    assert [p.text for p in summary(both)][
        1
    ] == "Nothing differs from a: the same customers have the same contacts and waits."


def test_the_same_bot_is_told_once():
    third = result(scenario("Third", bot={}, intents=BOTS), AFTER, mix(24.0, 12.0))
    second = result(scenario("After", bot={}, intents=BOTS), AFTER, mix(24.0, 12.0))
    all_three = findings(
        result(scenario("Before"), BEFORE), second, third, differences={"After": FALLS, "Third": FALLS}
    )
    texts = [paragraph.text for paragraph in summary(all_three)]
    assert ["The bot closes" in text for text in texts] == [False, True, False]
    assert ["still reaches agents" in text for text in texts] == [False, True, False]


def test_one_replication_ends_with_a_warning():
    single = {name: (mean, None) for name, (mean, _) in BEFORE.items()}
    only = findings(result(scenario("a"), single, replications=1))
    assert summary(only)[0].sentences[-1] == "This is one replication: nothing here can be told from luck."
    many = findings(result(scenario("a"), BEFORE))
    assert "luck" not in summary(many)[0].text


LOOP = RATES | {
    "bot_abandonment_rate": (0.3, 0.01),
    "offered": 0.0,
    "fte": 50.0,
    "resolution_rate": (0.4, 0.01),
    "workload_per_resolution_s": 0.0,
    "workload_hours": 0.0,
    "fatigue_mean": 0.0,
    "csat": (50.0, 0.5),
}


def test_who_leaves_in_the_bot_is_told_from_half_a_percent_on():
    assert "truly resolves 26 %; 8.0 % leave in the bot." in told(AFTER | {"bot_abandonment_rate": (0.08, 0.01)})
    assert "leave in the bot" not in told(AFTER | {"bot_abandonment_rate": (0.004, 0.001)})
    assert "leave in the bot" not in told()


def test_a_bot_that_lets_nobody_through_is_told_of_all_the_same():
    alone = summary(findings(result(scenario("a", bot={}, intents=BOTS, targets={"resolution": "75%"}), LOOP)))[0]
    assert alone.sentences == (
        "The bot closes 35 % of its sessions as done and truly resolves 26 %; 30 % leave in the bot.",
        "No contact reaches an agent, and part of that is customers who gave up in the bot.",
        "40 % of needs are resolved in the end (target at least 75 %: missed).",
        "Customers' satisfaction (CSAT) is 50.0 of 100 points.",
    )


def test_a_later_scenario_that_reaches_no_agent_saves_no_work_and_rests_nobody():
    changes = {
        "workload_hours": (-500.0, 5.0),
        "fatigue_mean": (-0.12, 0.002),
        "resolution_rate": (-0.44, 0.01),
        "csat": (-20.0, 0.5),
    }
    before = BEFORE | {"fatigue_mean": (0.12, 0.002), "csat": (70.0, 0.5)}
    text = told(LOOP, changes, mix(math.nan, math.nan), before=before, fatigue={})
    assert "No contact reaches an agent, and part of that is customers who gave up in the bot. 40 % of needs" in text
    for nonsense in ("100 %", "minutes", "tired", "Work for agents"):
        assert nonsense not in text
    assert "No contact reaches an agent. 40 %" in told(LOOP | {"bot_abandonment_rate": 0.0}, changes, before=before)


def test_figures_that_are_written_alike_are_not_set_beside_each_other():
    cost = {"costs": {"agent_hour": 30}}
    before = BEFORE | {"leavers_expected": (0.2, 0.02), "cost_per_resolution": (9.501, 0.1)}
    after = AFTER | {"leavers_expected": (0.2002, 0.02), "cost_per_resolution": (9.503, 0.1)}
    changes = FALLS | {
        "leavers_expected": (0.0002, 0.0001),
        "cost_per_resolution": (0.002, 0.001),
        "sl_offered": (0.0004, 0.0001),
    }
    text = told(after, changes, before=before, first=result(scenario("Before", **cost), before), **cost)
    assert "36 are expected to quit in a year at this pace, no clear difference." in text
    assert "costs 9.50, no clear difference." in text
    assert "no clear difference from Before; 4.0 % give up" in text
    assert "instead of" not in text


def test_without_contacts_that_is_said():
    assert summary(findings(result(scenario("a"), {"offered": 0.0})))[0].text == "No contact reaches an agent."


def test_measures_that_are_missing_leave_no_sentence():
    assert summary(findings(result(scenario("a"), {})))[0].text == ""
