"""What is believed of numbers: how it is written, what of it is refused, and that it changes nothing else."""

import json

import numpy as np
import pytest
from scipy import stats

import sim
from sim.errors import ScenarioError
from sim.loading.believed import assigned, uncertain_groups
from sim.loading.explain import explain_scenario
from sim.scenario.beliefs import TAIL, read_belief

CENTRE = {
    "name": "Believed",
    "calendar": {"start": "2026-03-02", "days": 1, "hours": {"mon-fri": "08:00-10:00", "sat-sun": "closed"}},
    "arrivals": {"per_hour": [40, 60]},
    "intents": {
        "call": {"share": 0.5, "talk_time": "3m", "resolution": 0.8},
        "order": {"share": 0.5, "talk_time": "5m", "resolution": 0.6, "patience": "2m"},
    },
    "customers": {"patience": "4m", "redial": {}},
    "agents": {"desk": {"skills": ["call", "order"], "staff": 6}},
    "run": {"replications": 3},
}


def loaded(beliefs, *settings):
    return sim.loads(CENTRE | {"beliefs": beliefs}, settings)


def problems(beliefs):
    with pytest.raises(ScenarioError) as caught:
        loaded(beliefs)
    return [(problem.path, problem.message) for problem in caught.value.problems]


def test_a_belief_of_the_months_ahead_is_noted_as_one_that_moves_no_week():
    ahead = {"horizon": {"attrition": {"yearly": 0.31}}}
    notes = sim.loads(CENTRE | ahead | {"beliefs": {"horizon.attrition.yearly": [0.2, 0.4]}}).notes
    assert any(note.startswith("beliefs.horizon.attrition.yearly moves nothing in ccsim risk") for note in notes)
    assert not any("beliefs" in note for note in loaded({"customers.patience": ["3m", "5m"]}).notes)


def quantile(said, *shares):
    return read_belief(said).quantile(np.array(shares))


SHARES = np.linspace(0.001, 0.999, 7)


@pytest.mark.parametrize(
    ("said", "law", "cut"),
    [
        (["50%", 0.8], stats.uniform(0.5, 0.3), 0.0),
        ({"triangular": ["2m", "3m", "6m"]}, stats.triang(0.25, 120, 240), 0.0),
        ({"distribution": "normal", "mean": "4m", "sd": "30s"}, stats.norm(240, 30), TAIL),
        (
            {"distribution": "lognormal", "mean": 2, "cv": 0.5},
            stats.lognorm(np.log(1.25) ** 0.5, 0, 2 / 1.25**0.5),
            TAIL,
        ),
        ({"distribution": "beta", "mean": 0.25, "sd": 0.1}, stats.beta(4.4375, 13.3125), TAIL),
        ({"times": [0.8, 1.2]}, stats.uniform(0.8, 0.4), 0.0),
    ],
)
def test_shapes_are_those_of_their_names(said, law, cut):
    assert quantile(said, *SHARES) == pytest.approx(law.ppf(cut + SHARES * (1 - 2 * cut)), rel=1e-9)


def test_a_normal_belief_may_be_cut_off():
    said = {"distribution": "normal", "mean": 0.9, "sd": 0.1, "high": 1.0}
    inside = stats.truncnorm((stats.norm.ppf(TAIL)), 1.0, 0.9, 0.1)
    assert quantile(said, *SHARES) == pytest.approx(inside.ppf(SHARES), rel=1e-9)
    assert read_belief(said).ends[1] == pytest.approx(1.0)


def test_a_scenario_reads_back_what_it_says():
    said = {
        "customers.redial.probability": ["40%", "60%"],
        "customers.patience": {"distribution": "normal", "mean": "4m", "sd": "30s"},
        "intents.*.talk_time": {"times": {"distribution": "lognormal", "mean": 1, "cv": 0.1}},
        "customers.redial.delay": {"triangular": ["10m", "15m", "30m"]},
        "customers.redial.next_day": "off",
        "others": "off",
        "correlation": [{"between": ["customers.redial.probability", "customers.patience"], "rho": -0.4}],
    }
    scenario = loaded(said)
    again = sim.loads(scenario.resolved())
    assert again == scenario
    assert again.beliefs == scenario.beliefs
    assert scenario.resolved()["beliefs"]["customers.patience"] == {
        "distribution": "normal",
        "mean": "240s",
        "sd": "30s",
    }


@pytest.mark.parametrize(
    ("said", "path", "words"),
    [
        ({"customers.redial.probability": [0.4, 1.2]}, "customers.redial.probability", "high end of 1.2"),
        ({"intents.*.resolution": {"times": [0.9, 1.4]}}, "intents.*.resolution", "high end of 1.4 times"),
        ({"customers.patience": [100, 200]}, "customers.patience", "not written as its key is"),
        ({"customers.balk": ["1m", "2m"]}, "customers.balk", "not written as its key is"),
        ({"arrivals.per_hour": [20, 30]}, "arrivals.per_hour", "in the place of the many"),
        ({"customers.patienc": ["1m", "2m"]}, "customers.patienc", "is no number in force"),
        ({"fatigue.build_per_hour": [0.1, 0.2]}, "fatigue.build_per_hour", "is no number in force"),
        ({"agents.desk.staff": {"times": [0.9, 1.1]}}, "agents.desk.staff", "is decided"),
        ({"run.replications": [3, 4]}, "run.replications", "is decided"),
        ({"customers.patience": ["5m", "3m"]}, "customers.patience", "low end above"),
        ({"customers.patience": ["3m", "3m"]}, "customers.patience", "nothing to vary"),
        ({"customers.patience": ["3m"]}, "customers.patience", "has 1 number"),
        ({"customers.patience": "3m"}, "customers.patience", "says nothing"),
        ({"customers.patience": {"distribution": "norml"}}, "customers.patience.distribution", "not a kind"),
        ({"customers.patience": {"distribution": "normal", "mean": "4m"}}, "customers.patience", "lacks sd"),
        ({"customers.redial.probability": {"distribution": "beta", "mean": 0.5, "sd": 0.5}}, "sd", "too large"),
        ({"customers.balk": {"triangular": [0.1, 0.5, 0.2]}}, "customers.balk.triangular", "mode outside"),
        ({"customers.balk": {"times": ["1m", "2m"]}}, "customers.balk.times", "not a factor"),
        ({"others": "none"}, "others", "neither"),
        ({"customers.balk": {"distribution": ["beta"]}}, "customers.balk.distribution", "not a kind"),
        ({"customers.balk": {"distribution": "beta", "mean": 0.5, "sd": 1e-200}}, "customers.balk", "does not vary"),
        ({"correlation": [{"between": ["customers.balk"], "rho": 1}]}, "between", "two keys"),
        (
            {"correlation": [{"between": ["customers.balk", "customers.redial.delay"], "rho": 0.1}]},
            "correlation.0.between.0",
            "is no belief that varies",
        ),
    ],
)
def test_what_cannot_be_believed_is_refused(said, path, words):
    (found,) = problems(said)
    assert path in found[0] or path == "sd"
    assert words in found[1]


def test_correlations_that_cannot_be_together_are_refused_with_their_line():
    names = ["customers.patience", "customers.redial.delay", "customers.redial.probability"]
    pairs = [(0, 1, 0.9), (0, 2, 0.9), (1, 2, -0.9)]
    entries = [{"between": [names[i], names[j]], "rho": rho} for i, j, rho in pairs]
    ((path, message),) = problems({"customers.patience": ["3m", "5m"], "correlation": entries})
    assert (path, "positive definite" in message) == ("beliefs.correlation", True)
    entries[2]["rho"] = 0.7
    loaded({"customers.patience": ["3m", "5m"], "correlation": entries})


def test_problems_name_the_line(tmp_path):
    file = tmp_path / "centre.yaml"
    text = "beliefs:\n  customers.balk: [1%, 2%]\n  intents.*.resolution: {times: [0.9, 1.4]}\n"
    file.write_text("".join(f"{key}: {json.dumps(part)}\n" for key, part in CENTRE.items()) + text)
    with pytest.raises(ScenarioError) as caught:
        sim.load(file)
    (problem,) = caught.value.problems
    assert (problem.line, problem.file) == (len(CENTRE) + 3, str(file))


def test_a_key_without_a_star_goes_before_one_with_it():
    scenario = loaded({"intents.*.talk_time": {"times": [0.9, 1.1]}, "intents.call.talk_time": ["2m", "4m"]})
    numbers = assigned(scenario.beliefs.of, explain_scenario(scenario))
    assert [number.path for number in numbers["intents.*.talk_time"]] == ["intents.order.talk_time"]
    assert [number.path for number in numbers["intents.call.talk_time"]] == ["intents.call.talk_time"]


def test_settings_and_children_replace_a_belief():
    scenario = loaded({"customers.patience": {"triangular": ["2m", "3m", "4m"]}})
    changed = sim.changed(scenario, ["beliefs.customers.patience={distribution: normal, mean: 4m, sd: 20s}"])
    assert changed.beliefs.of["customers.patience"].shape == "normal"
    assert sim.changed(scenario, {"beliefs": "off"}).beliefs is None
    with pytest.raises(ScenarioError, match="no number in force"):
        sim.changed(scenario, {"beliefs.customers.patient": ["2m", "3m"]})


def test_beliefs_change_nothing_that_is_simulated():
    plain, believing = sim.loads(CENTRE), loaded({"customers.patience": ["2m", "6m"], "customers.balk": [0, 0.5]})
    assert plain.digest == sim.loads(CENTRE | {"beliefs": "off"}).digest
    assert sim.run(plain).measures.equals(sim.run(believing).measures)


def test_explain_shows_what_is_believed():
    rows = {row.path: row for row in explain_scenario(loaded({"customers.patience": ["2m", "6m"]}))}
    assert rows["beliefs.customers.patience"].words == "[2m, 6m]"
    assert rows["beliefs.customers.patience"].how == "given"
    assert not [
        path for path in (row.path for row in explain_scenario(sim.loads(CENTRE))) if path.startswith("beliefs")
    ]


def test_numbers_taken_over_from_all_customers_follow_a_change_of_them():
    scenario = sim.loads(CENTRE)
    assert sim.changed(scenario, {"customers.patience": "1m"}) == sim.loads(CENTRE, {"customers.patience": "1m"})
    changed = sim.changed(scenario, {"customers.difficulty_slope": 0.1, "customers.patience": "1m"})
    assert [intent.difficulty_slope for intent in changed.intents.values()] == [0.1, 0.1]
    assert [intent.patience.average for intent in changed.intents.values()] == [60.0, 120.0]
    assert sim.changed(scenario, {"customers.balk": 0.0}) == scenario


def test_weak_and_assumed_numbers_are_believed_by_default():
    groups = uncertain_groups(explain_scenario(sim.loads(CENTRE)))
    assert "customers.redial.probability" in groups
    assert len(groups["intents.*.difficulty_weight"]) == 2


def test_a_belief_about_a_time_that_is_0_in_the_file_is_a_fixed_time():
    scenario = loaded({"intents.*.wrap_up": ["0s", "1m"]})
    number = assigned(scenario.beliefs.of, explain_scenario(scenario))["intents.*.wrap_up"][0]
    assert number.at(30.0, times=False) == {"distribution": "constant", "value": "30s"}


@pytest.mark.parametrize("key", ["*", "*.*", "*.days", "agents.*.staff"])
def test_no_pattern_reaches_what_is_decided(key):
    ((path, message),) = problems({key: [1, 2]})
    assert path == f"beliefs.{key}"
    assert "decided" in message or "no number in force" in message or "arrivals.per_hour" in message


@pytest.mark.parametrize("key", ["nothing.here", "bot.opt_out", "fatigue.tau", "agents.desk.skills"])
def test_a_key_that_is_no_number_is_not_offered_itself(key):
    with pytest.raises(ScenarioError) as caught:
        loaded({key: [1, 2]})
    fix = caught.value.problems[0].fix
    assert "is no number in force" in caught.value.problems[0].message
    assert not any(words in fix for words in (f"Did you mean {key}?", "beliefs.", "mean fatigue?"))


def test_an_end_is_not_answered_with_a_guess_at_what_was_meant():
    with pytest.raises(ScenarioError) as caught:
        loaded({"customers.redial.probability": {"times": [0.5, 3]}})
    assert "high end of 3 times" in caught.value.problems[0].message
    assert "Did you mean" not in caught.value.problems[0].fix
