"""Contacts of a report turn first contacts: for the centre, by weekday, by intent, and behind a bot."""

import json
import re

import pytest

import sim
from sim.calibrate.observed import fit
from sim.errors import ScenarioError
from sim.facts.load import summary
from sim.loading.load import load, loads
from tests.calibrate.observed.centre import line_of, text, written


def gaps(scenario, figure="contacts"):
    found = scenario.observed.fitted.gaps
    return {gap.intent or gap.weekday: gap.model for gap in found if gap.figure == figure}


def fitted(figures, changes=()):
    data = text(f"observed: {figures}\n")
    for old, new in changes:
        assert old in data
        data = data.replace(old, new)
    return sim.fit_observed(loads(data))


def offered_a_day(scenario, seed=77, replications=120):
    """Contacts offered a day on customers that nothing was fitted to, with half of the interval."""
    row = sim.run(scenario, seed=seed, replications=replications).measures.loc["offered"]
    days = scenario.calendar.days
    return row["mean"] / days, (row["ci_high"] - row["ci_low"]) / 2 / days


# What a file may say --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "items"),
    [
        ("160", [("", "", None, 160)]),
        ("{mon: 170, tue: 150}", [("mon", "", (0,), 170), ("tue", "", (1,), 150)]),
        ("{mon-tue: 160}", [("mon-tue", "", (0, 1), 160)]),
        ("{orders: 100, billing: 60.5}", [("orders", "orders", None, 100), ("billing", "billing", None, 60.5)]),
        ("{orders: 100, billing: {mon: 70, tue: 50}}", [
            ("orders", "orders", None, 100), ("billing.mon", "billing", (0,), 70), ("billing.tue", "billing", (1,), 50),
        ]),
    ],
)  # fmt: skip
def test_contacts_are_of_the_centre_by_weekday_by_intent_or_by_both(written, items):
    scenario = loads(text(f"observed: {{contacts: {written}}}\n"))
    found = [(item.place, item.intent, item.weekdays, item.figure.value) for item in scenario.observed.contacts.items()]
    assert found == items
    assert loads(json.loads(json.dumps(scenario.resolved()))) == scenario


@pytest.mark.parametrize(
    ("figures", "path", "words"),
    [
        ("{contacts: 0}", "observed.contacts", "must be more than 0"),
        ("{contacts: '2,600'}", "observed.contacts", "is not a number (got 2,600). Write contacts offered to agents"),
        ("{contacts: {order: 3}}", "observed.contacts.order", "is not an intent (got order). Did you mean orders?"),
        ("{contacts: {orders: 3, mon: 4}}", "observed.contacts.orders", "stands beside weekdays"),
        ("{contacts: {sat: 3}}", "observed.contacts.sat", "is of sat, which is closed"),
        ("{contacts: {mon: 3, mon-tue: 5}}", "observed.contacts.mon-tue", "names mon again"),
        ("{contacts: {mon: {orders: 3}}}", "observed.contacts.mon", "is not a number"),
        ("{contacts: 9, hold: [asa]}", "observed.hold.0", "is a figure that is not given (got asa)"),
        ("{contacts: 9, hold: [aht, aht]}", "observed.hold.1", "is named twice"),
        ("{contacts: 9, hold: aht}", "observed.hold", "is not a list"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(tmp_path, figures, path, words):
    file = written(tmp_path, f"observed: {figures}\n")
    file.write_text(file.read_text().replace('hours: "08:00-12:00"', 'hours: {mon-fri: "08:00-12:00"}'))
    with pytest.raises(ScenarioError) as refused:
        load(file)
    (problem,) = refused.value.problems
    assert (problem.line, problem.path) == (line_of(file, "observed"), path)
    assert words in str(problem)


def test_staff_is_told_by_contacts_handle_time_and_occupancy_unless_the_file_says_what_may_be_rescaled():
    told = "contacts: 160, aht: 6m, occupancy: 80%"
    assert "staff" in loads(text(f"observed: {{{told}}}\n")).observed.rescaled()
    assert "staff" not in loads(text("observed: {contacts: 160, aht: 6m}\n")).observed.rescaled()
    assert "staff" not in loads(text(f"observed: {{{told}, free: [arrivals, talk_time]}}\n")).observed.rescaled()


def test_a_weekday_that_is_not_measured_is_told():
    notes = loads(text("observed: {contacts: {mon: 160, wed: 150}}\n")).notes
    assert any("observed.contacts.wed: no wed is among the days measured" in note for note in notes)


# The fit --------------------------------------------------------------------------------------------------------------


def test_first_contacts_are_fewer_than_contacts_and_are_found():
    scenario = fitted("{contacts: 150, aht: 6m25s, abandonment: 10%}")
    (turn,) = (turn for turn in scenario.observed.fitted.turns if turn.dial == "arrivals")
    assert (turn.before, turn.factor) == (150, pytest.approx(0.84, abs=0.06))
    assert scenario.arrivals.per_day.week[0] == pytest.approx(150 * turn.factor, abs=0.01)
    mean, half = offered_a_day(scenario)
    assert half < 0.02 * 150
    assert abs(mean - 150) <= half + 0.5
    assert gaps(scenario)[""] == pytest.approx(150, rel=0.01)


def test_contacts_are_met_though_whole_days_are_busy_or_calm():
    scenario = fitted("{contacts: 150}", [("{per_day: 150}", "{per_day: 150, busyness_cv: 0.3}")])
    plain = fitted("{contacts: 150}")
    assert scenario.arrivals.per_day.week[0] == pytest.approx(plain.arrivals.per_day.week[0], rel=0.03)
    assert gaps(scenario)[""] == pytest.approx(150, rel=0.01)


def test_by_weekday_each_day_comes_to_its_own():
    scenario = fitted("{contacts: {mon: 190, tue: 140}}")
    assert gaps(scenario) == {"mon": pytest.approx(190, rel=0.01), "tue": pytest.approx(140, rel=0.01)}
    week = scenario.arrivals.per_day.week
    assert week[0] > 1.2 * week[1]
    assert week[2] == 150, "a weekday that is not named stays"
    table = sim.run(scenario, seed=5, replications=100).by_day
    days = table[table["measure"] == "offered"]["mean"].to_list()
    assert days == [pytest.approx(190, rel=0.03), pytest.approx(140, rel=0.03)]


def test_by_intent_the_shares_move_and_a_child_may_still_write_another_volume(tmp_path):
    file = written(tmp_path, "observed: {contacts: {orders: 80, billing: 90}}\n")
    scenario = sim.fit_observed(load(file))
    assert gaps(scenario) == {"orders": pytest.approx(80, rel=0.01), "billing": pytest.approx(90, rel=0.01)}
    shares = [intent.share for intent in scenario.intents.values()]
    assert sum(shares) == pytest.approx(1.0)
    assert shares[0] < 0.5
    child = tmp_path / "child.yaml"
    child.write_text("name: Child\nextends: small.yaml\narrivals: {per_day: 300}\n")
    grown = sim.fit_observed(load(child))
    assert grown.arrivals.per_day.week[0] == 300
    assert [intent.share for intent in grown.intents.values()] == shares


def test_by_intent_and_weekday_intents_get_arrivals_of_their_own():
    figures = "{contacts: {orders: {mon: 60, tue: 120}, billing: {mon: 80, tue: 50}}}"
    scenario = fitted(figures, [("{per_day: 150}", "{per_day: 150, profile: [1, 1, 2, 2, 3, 3, 1, 1]}")])
    found = gaps(scenario)
    wanted = {"orders": 90, "billing": 65, "mon": 140, "tue": 170}
    assert found == {name: pytest.approx(value, rel=0.015) for name, value in wanted.items()}
    orders = scenario.intents["orders"].arrivals
    assert orders.per_day.week[1] == pytest.approx(2 * orders.per_day.week[0], rel=0.06)
    assert orders.profile.week[0][2] == 2
    assert scenario.intents["orders"].share is None


def test_every_form_of_arrivals_is_turned(tmp_path):
    times = [f"{8 + k // 2:02d}:{30 * (k % 2):02d}" for k in range(8)]
    rows = [f"2026-11-{day},{time},20" for day in (23, 24) for time in times]
    (tmp_path / "a.csv").write_text("date,time,contacts\n" + "\n".join(rows) + "\n")
    forms = ("{per_hour: [40, 30, 40, 50]}", "{file: a.csv}", "{per_day: [150, 170]}", "{per_day: {mon-fri: 150}}")
    for form in forms:
        data = text("observed: {contacts: 120}\n").replace("{per_day: 150}", form)
        scenario = sim.fit_observed(sim.loads(data, base=tmp_path))
        assert gaps(scenario)[""] == pytest.approx(120, rel=0.01), form
        assert set(scenario.arrivals.model_dump(exclude_none=True)) & {"per_hour", "file", "per_day"} == {
            form[1:].split(":")[0]
        }


def test_contacts_behind_a_bot_are_those_that_agents_are_offered():
    data = text("bot: {}\nobserved: {contacts: {orders: 60, billing: 60}}\n")
    data = data.replace("resolution: 85%}", "resolution: 85%, bot: {containment: 40%}}")
    scenario = sim.fit_observed(loads(data))
    assert gaps(scenario) == {"orders": pytest.approx(60, rel=0.01), "billing": pytest.approx(60, rel=0.01)}
    first = {name: intent.share * scenario.arrivals.per_day.week[0] for name, intent in scenario.intents.items()}
    assert first["orders"] > 1.15 * 60 > 60 > first["billing"]


def test_counts_of_moments_are_compared_and_not_turned(tmp_path):
    rows = [f"2026-11-{day},{8 + k // 30:02d}:{2 * (k % 30):02d}" for day in (23, 24) for k in range(120)]
    (tmp_path / "t.csv").write_text("date,time\n" + "\n".join(rows) + "\n")
    data = text("observed: {contacts: 120, free: []}\n").replace("{per_day: 150}", "{process: trace, file: t.csv}")
    with pytest.raises(ScenarioError, match="does per_day count repeats"):
        sim.fit_observed(sim.loads(data, base=tmp_path))


def test_a_small_centre_and_a_high_resolution_fit():
    changes = [("per_day: 150", "per_day: 24"), ("staff: 5", "staff: 2")]
    small = fitted("{contacts: 24, aht: 6m, asa: 15s, fcr: 96%}", changes)
    assert gaps(small)[""] == pytest.approx(24, rel=0.02)
    assert gaps(small, "fcr")[""] == pytest.approx(0.96, abs=0.01)
    assert gaps(small, "asa")[""] == pytest.approx(15, rel=0.12)


# Words ----------------------------------------------------------------------------------------------------------------


def test_the_report_says_what_was_counted_with_repeats(tmp_path, ccsim):
    file = written(tmp_path, "observed: {contacts: 150, aht: 6m25s}\n")
    code, told, errors = ccsim("run", file, "--replications", 4)
    told = " ".join(told.split())
    assert code == 0, errors
    assert re.search(r"arrivals x 0\.8\d \(150 to 12\d first contacts a day\)", told)
    assert re.search(
        r"Of 12\d first contacts a day, with returns 1(49|50|51) reach agents\. What the file gave as", told
    )
    document = json.loads(ccsim("run", file, "--replications", 4, "--json")[1])["observed"]
    assert document["figures"][0]["figure"] == "contacts"
    assert document["offered"] == pytest.approx(150, rel=0.02)


def test_arrivals_that_count_repeats_are_asked_after_where_queues_come_out_too_long():
    data = text("observed: {aht: 6m25s, asa: 2s, occupancy: 40%, free: [talk_time]}\n")
    with pytest.raises(ScenarioError, match=r"Arrivals are first contacts: of 150 a day, returns make \d+ that reach"):
        sim.fit_observed(loads(data))


def test_a_figure_given_up_is_said_with_how_far_off_it_is(tmp_path, ccsim):
    figures = "{contacts: 150, aht: 6m25s, asa: 20s, occupancy: 61%, free: [arrivals, talk_time, patience]}"
    file = written(tmp_path, f"observed: {figures}\n")
    code, told, errors = ccsim("run", file, "--replications", 4)
    told = " ".join(told.split())
    assert code == 0, errors
    assert re.search(r"Occupancy was given up: \d+\.\d % where yours is 61\.0 % \(\+\d+\.\d pt\)\.", told)
    assert "Held, and met: contacts offered to agents a day and handle time, AHT." in told


def test_what_is_held_is_met_and_the_others_give_way():
    figures = "contacts: 150, aht: 6m25s, asa: 30s, occupancy: 66%, free: [talk_time, patience, staff]"
    by_default = fitted(f"{{{figures}, hold: [aht]}}", [("per_day: 150", "per_day: 128")])
    other = fitted(f"{{{figures}, hold: [occupancy, aht]}}", [("per_day: 150", "per_day: 128")])
    assert gaps(by_default, "aht")[""] == pytest.approx(385, rel=0.01)
    assert gaps(other, "occupancy")[""] == pytest.approx(0.66, abs=0.006)
    assert [gap.held for gap in other.observed.fitted.gaps] == [False, True, False, True]


def test_the_fit_of_held_figures_does_not_chase_luck():
    """A held gap within what luck makes of it costs nothing where two places are compared."""
    target = fit.FigureTarget("aht", "", "aht_s", 400.0, 1.0, held=True)
    assert target.quiet == pytest.approx(0.003)
    assert fit.FigureTarget("aht", "", "aht_s", 400.0, 1.0).quiet == 0.0


def test_validate_says_that_arrivals_are_first_contacts_and_about_how_many_reach_agents(tmp_path, ccsim):
    """By hand: of orders 0.1 x 0.5 + 0.9 x 0.15 x 0.5 come back, of billing 0.185; at most four attempts."""
    orders, billing = (sum(back**k for k in range(4)) for back in (0.1175, 0.185))
    reach = 90 * orders + 60 * billing
    told = ccsim("validate", written(tmp_path, ""))[1]
    assert f"150 on an open day: first contacts; with returns about {reach:.0f} reach agents" in told
    facts = json.loads(ccsim("validate", "--json", written(tmp_path, ""))[1])["files"][0]
    assert facts["reach_agents_per_open_day"] == pytest.approx(reach)
    single = written(tmp_path, "")
    single.write_text(single.read_text().replace("max_attempts: 4", "max_attempts: 1"))
    assert "150 on an open day\n" in ccsim("validate", single)[1]


def test_after_a_fit_the_summary_says_what_reaches_agents():
    scenario = fitted("{contacts: 150}")
    assert summary(scenario)["reach_agents_per_open_day"] == pytest.approx(150, rel=0.01)
