import pytest

from sim.report.comparison.words import summary
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
    one = told(shift=mix(between=24.0, within=-3.0))
    assert "takes 7.0 % longer before any other effect: 24 s because easy intents leave." in one
    assert "still reaches agents" not in told(shift=mix(between=1.0, within=1.0, half=5.0))


def test_an_easier_mix_is_said_to_be_that():
    text = told(shift=mix(between=-24.0, within=3.0))
    assert "takes 7.0 % less time before any other effect: 24 s because hard intents leave." in text


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


def test_without_contacts_that_is_said():
    assert summary(findings(result(scenario("a"), {"offered": 0.0})))[0].text == "No contact reaches an agent."


def test_measures_that_are_missing_leave_no_sentence():
    assert summary(findings(result(scenario("a"), {})))[0].text == ""
