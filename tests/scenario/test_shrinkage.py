"""Shrinkage of the trade, which holds absence: taken apart, never counted twice."""

import pytest

import sim
from sim.errors import ScenarioError
from sim.loading.explain import explain_scenario
from sim.study.staffing.rostered import rostered

CENTRE = {
    "name": "Shrunk",
    "calendar": {"start": "2026-03-02", "days": 5, "hours": {"mon-fri": "08:00-12:00", "sat-sun": "closed"}},
    "arrivals": {"per_day": 50},
    "intents": {"call": {"talk_time": "3m"}},
    "customers": {"patience": "2m"},
    "agents": {"desk": {"skills": ["call"], "staff": 40}},
    "run": {"replications": 20},
}
TOTAL = {"total": "31%", "of_which_absence": "6%"}


def loaded(shrinkage, *settings, **group):
    return sim.loads(
        CENTRE | {"agents": {"desk": CENTRE["agents"]["desk"] | {"shrinkage": shrinkage} | group}}, settings
    )


def test_of_a_hundred_rostered_hours_69_are_on_the_phones():
    desk = loaded(TOTAL).agents["desk"]
    assert desk.absence == 0.06
    assert desk.shrinkage == pytest.approx(1 - 0.69 / 0.94)
    assert (1 - desk.shrinkage) * (1 - desk.absence) == pytest.approx(0.69)
    measures = sim.run(loaded(TOTAL)).measures["mean"]
    hours = measures["agents_on_queue"] * 20
    assert hours == pytest.approx(0.69 * measures["paid_hours"], rel=0.01)


@pytest.mark.parametrize(
    ("shrinkage", "planned", "absence"),
    [
        ("31%", 0.31, 0.0),
        ({"total": 0.31}, 0.31, 0.0),
        ({"total": "6%", "of_which_absence": "6%"}, 0.0, 0.06),
        ({"total": 0, "of_which_absence": 0}, 0.0, 0.0),
    ],
)
def test_forms(shrinkage, planned, absence):
    desk = loaded(shrinkage).agents["desk"]
    assert (desk.shrinkage, desk.absence) == (pytest.approx(planned), absence)


def test_a_plain_share_stays_planned_beside_its_absence():
    desk = loaded("31%", absence="6%").agents["desk"]
    assert (desk.shrinkage, desk.absence) == (0.31, 0.06)


@pytest.mark.parametrize(
    ("shrinkage", "more", "path", "words"),
    [
        ({"total": "5%", "of_which_absence": "6%"}, {}, "shrinkage.of_which_absence", "is more than the total"),
        ({"total": "100%"}, {}, "shrinkage.total", "leaves nobody"),
        ({"of_which_absence": "6%"}, {}, "shrinkage", "has no total"),
        ({"total": 31}, {}, "shrinkage.total", "is more than 1"),
        ({"total": "31%", "of_wich_absence": "6%"}, {}, "shrinkage.of_wich_absence", "is not a key"),
        (TOTAL, {"absence": "3%"}, "absence", "is counted twice"),
        ("31%", {"contract_share": 0}, "contract_share", "must be more than 0"),
    ],
)
def test_what_is_refused(shrinkage, more, path, words):
    with pytest.raises(ScenarioError) as refused:
        loaded(shrinkage, **more)
    (problem,) = refused.value.problems
    assert problem.path == f"agents.desk.{path}"
    assert words in problem.message


def test_it_is_read_back_and_explained():
    scenario = loaded(TOTAL)
    assert sim.loads(scenario.resolved()) == scenario
    rows = {row.path: row for row in explain_scenario(scenario)}
    assert rows["agents.desk.absence"].how == "given"
    assert rows["agents.desk.shrinkage"].how == "given"


def test_on_top_of_another_file_a_total_takes_the_place_of_an_absence():
    below = loaded("30%", absence="5%").resolved()
    assert sim.loads(below, {"agents.desk.shrinkage": TOTAL}).agents["desk"].absence == 0.06
    assert sim.loads(below, {"agents.desk.shrinkage": "25%"}).agents["desk"].absence == 0.05


def test_rostered_hours_and_heads():
    """69 hours on the queue take 100 rostered ones; a week has 38, so 2.63 FTE: 4 heads at 0.8 of a contract."""
    (desk,) = rostered(loaded(TOTAL, contract_share=0.8), {"desk": 69.0})
    assert desk.rostered_h == pytest.approx(100)
    assert desk.total == pytest.approx(0.31)
    assert desk.fte == pytest.approx(100 / 38)
    assert desk.heads == 4
    (shifts,) = rostered(loaded(TOTAL), {"desk": 69.0}, {"desk": 114.0})
    assert (shifts.rostered_h, shifts.fte, shifts.heads) == (114.0, pytest.approx(3), 3)
