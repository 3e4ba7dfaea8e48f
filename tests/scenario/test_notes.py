"""What is not wrong and yet worth saying."""

import pytest

from sim.scenario import loads

from .texts import GOOD


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
    ],
)
def test_notes(settings, words):
    notes = loads(GOOD, settings).notes
    assert any(words in note for note in notes), notes


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
