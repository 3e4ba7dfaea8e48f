"""What is not wrong and yet worth saying."""

import pytest

from sim.loading.load import loads

from .texts import GOOD

NOBODY = "supervisor has no effect: nobody of boss is ever on duty"
PATIENT = ["customers.patience=infinite", "intents.order_status.patience=infinite"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (["bot=off"], "intents.order_status.bot has no effect: bot is off"),
        (["intents.order_status.bot=off", "intents.billing.bot=off"], "bot has no effect: no intent has a bot"),
        ([], "fatigue: the staff of general is given as counts, which have no breaks"),
        ([], "pace.target: no target for order_status"),
        (["arrivals.process=fixed_count"], "arrivals: busyness has no effect with process: fixed_count"),
        (["agents.general.skills=[general, billing, french]"], "agents.general.skills: no intent needs french"),
        (["agents.roster.shifts.0.days=sun"], "agents.roster.shifts.0 never works: sun is closed"),
        (["calendar.holidays=[2027-12-25]"], "calendar.holidays: 2027-12-25 is not among the days simulated"),
        (["run.max_replications=100"], "run.max_replications has no effect without precision"),
        (["fatigue=off", "targets.strained_share=10%"], "targets.strained_share has no effect"),
        (["arrivals.per_day=0"], "no contact is expected on any day"),
        (["csat={start: 101}"], "csat.start is 101: satisfaction is cut at 100"),
        (["bot.exposure=0"], "bot.exposure is 0: no customer meets the bot in opening hours"),
        (["bot.hours=closed"], "bot.hours: the bot never answers while the centre is open"),
        (["bot.hours={sun: 00:00-24:00}"], "bot.hours: the bot never answers while the centre is open"),
        (["bot.hours=12:00-24:00"], "bot.hours: the bot never answers while the centre is open"),
        (
            ["bot.hours=08:00-12:00", "bot.out_of_hours=0.1"],
            "bot.out_of_hours has no effect: bot.hours do not go beyond",
        ),
        (["bot.hours=closed", "bot.out_of_hours=0.1"], "bot.out_of_hours has no effect: bot.hours do not go beyond"),
        (["supervisor={group: boss}", "agents.boss={skills: [x], staff: 0}"], NOBODY),
        (["supervisor={group: boss}", "agents.boss={skills: [x], staff: 1, absence: 1}"], NOBODY),
        (["supervisor={group: roster}", "agents.roster.shifts.0.days=sun"], NOBODY.replace("boss", "roster")),
        (["supervisor={group: roster}", "agents.roster.shifts.0.count=0"], NOBODY.replace("boss", "roster")),
        (
            ["customers.straight_to_human=0.5", "customers.repeat=off"],
            "customers.straight_to_human has no effect without customers.repeat",
        ),
        (
            [*PATIENT, "expectations={patience: 0.8}"],
            "expectations.patience has no effect: the patience of all customers is infinite",
        ),
        (["assistant={cop_build_up: 1.2}"], "assistant.cop_build_up has no effect without assistant.monitoring: cop"),
        (["assistant={monitoring: coach, cop_build_up: 1.2}"], "assistant.cop_build_up has no effect"),
        (["assistant={reinvest_slope: 1}"], "assistant.reinvest_slope has no effect without assistant.reinvest"),
    ],
)
def test_notes(settings, words):
    notes = loads(GOOD, settings).notes
    assert any(words in note for note in notes), notes


@pytest.mark.parametrize(
    "settings",
    [
        ["csat={start: 100}"],
        ["bot.exposure=0.1"],
        ["bot.hours=11:30-24:00", "bot.out_of_hours=0.1"],
        ["bot.hours=08:00-12:00"],
        ["bot.hours={mon: 07:30-12:00}", "bot.out_of_hours=0.1"],
        ["supervisor={group: boss}", "agents.boss={skills: [x], shifts: [{count: 1, start: 09:00, length: 1h}]}"],
        ["supervisor={group: roster}"],
        ["customers.straight_to_human=0.5"],
        ["customers.patience=infinite", "expectations={patience: 0.8}"],
        [*PATIENT, "expectations={}"],
        ["assistant={monitoring: cop, cop_build_up: 1.2}"],
        ["assistant={reinvest: 0.1, reinvest_slope: 1}"],
        ["assistant={}"],
        ["fatigue={break_at: 0.4, break_length: 24h, recovery_time: 24h}"],
    ],
)
def test_what_has_an_effect_is_not_noted(settings):
    """Nothing new is noted but that supervisors serve no customers' skill."""
    new = set(loads(GOOD, settings).notes) - set(loads(GOOD).notes) - {"agents.boss.skills: no intent needs x"}
    assert not new


def test_weekdays_that_hours_do_not_name_are_closed_and_noted():
    text = GOOD.replace(", sat-sun: closed}", "}")
    scenario = loads(text)
    assert scenario.calendar.hours[5] is None
    assert "calendar.hours: sat-sun is not named and therefore closed" in scenario.notes
    assert not any("not named" in note for note in loads(GOOD).notes)


def test_notes_do_not_count_in_equality():
    one, other = loads(GOOD), loads(GOOD.replace(", sat-sun: closed}", "}"))
    assert one.notes != other.notes
    assert one == other
    assert hash(one) == hash(other)
