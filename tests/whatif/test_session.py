"""What if without a page: sliders, answers, what stops them, and what reproduces them."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import sim
from sim.errors import ArgumentError, ScenarioError
from sim.whatif.document import answer_document
from sim.whatif.session import STAGES, Session, Variant
from sim.whatif.sliders import sliders_of
from sim.whatif.snippet import snippet
from tests.report.tiny import AFTER, BEFORE, CUT

ROOT = Path(__file__).parents[2]
LONG_ROSTER = [{"count": 3, "start": "08:00", "length": "2h"}, {"count": 2, "start": "08:30", "length": "1h30m"}]
ROSTERED = CUT | {"name": "rostered", "agents": {"desk": {"skills": ["all"], "shifts": LONG_ROSTER}}}
ON = {"frustration": {}, "targets": {"service_level": "80/20", "abandonment": "5%"}, "costs": {"agent_hour": 30}}
FULL = ROSTERED | ON
MOVED = {"staff.desk": 1.4, "pace.target": 200.0, "customers.repeat.probability": 0.3}


@pytest.fixture(scope="module")
def session():
    return Session(sim.loads(FULL), sim.loads(BEFORE), ["bot.opt_out=0%:40%"], jobs=1)


def first(session, settings, kept=()):
    return next(iter(session.ask(settings, kept)))


def sharpest(session, settings):
    *_, last = session.ask(settings)
    return last


# Sliders ----------------------------------------------------------------------


def test_sliders_are_those_that_the_scenario_has(session):
    assert list(session.sliders) == [
        "staff.desk",
        "pace.target",
        "fatigue.build_per_hour",
        "bot.containment",
        "bot.selectivity",
        "frustration",
        "customers.repeat.probability",
        "bot.opt_out",
    ]
    assert [s.name for s in sliders_of(sim.loads(BEFORE))] == [
        "staff.desk",
        "pace.target",
        "customers.repeat.probability",
    ]


def test_a_target_can_be_set_where_the_file_sets_none():
    session = Session(sim.loads(BEFORE), jobs=1)
    pace = session.sliders["pace.target"]
    intents = session.scenario.intents.values()
    assert pace.start is None
    assert pace.low < min(i.talk_time.average + i.wrap_up.average for i in intents) < pace.high
    now, before = session.changed({"pace.target": pace.low}), session.changed({})
    assert (now.pace.target, before.pace) == (pace.low, None)
    answer = sharpest(session, {"pace.target": pace.low})
    times = {role: answer.column(role).estimates["aht_s"].mean[0] for role in ("now", "file")}
    assert times["now"] < 0.9 * times["file"]


def test_chats_have_their_cap():
    intents = {"ask": {"share": 1, "talk_time": "5m", "channel": "chat", "skill": "all"}}
    agents = {"desk": {"skills": ["all"], "staff": 2, "concurrency": 3}}
    found = {s.name: s for s in sliders_of(sim.loads(BEFORE | {"intents": intents, "agents": agents}))}
    cap = found["agents.desk.concurrency"]
    assert (cap.low, cap.high, cap.step, cap.start) == (1, 6, 1, 3)
    assert cap.settings(2.0) == {"agents.desk.concurrency": 2}
    agents["desk"]["concurrency"] = {"0d": 1, "30d": 2, "90d": 4}
    found = {s.name: s for s in sliders_of(sim.loads(BEFORE | {"intents": intents, "agents": agents}))}
    cap = found["agents.desk.concurrency"]
    assert (cap.high, cap.start, cap.note[:25]) == (8, 4, "the highest of 1, 2, 4 by")
    assert cap.settings(5.0) == {"agents.desk.concurrency": {"0d": 2, "30d": 3, "90d": 5}}
    assert cap.settings(3.0) == {"agents.desk.concurrency": {"0d": 1, "30d": 1, "90d": 3}}


def test_a_slider_of_a_key_takes_its_range_and_its_own_value():
    scenario = sim.loads(FULL)
    asked = [
        "bot.opt_out=0%:40%",
        "customers.patience=1m:5m",
        "agents.desk.shifts.0.count=0:5",
        "bot.selectivity=0.5:0.9",
    ]
    found = {s.name: s for s in sliders_of(scenario, asked)}
    assert (found["bot.opt_out"].kind, found["bot.opt_out"].high, found["bot.opt_out"].start) == ("share", 0.4, 0.2)
    assert (found["customers.patience"].kind, found["customers.patience"].start) == ("s", 180)
    assert (found["agents.desk.shifts.0.count"].step, found["agents.desk.shifts.0.count"].start) == (1, 3)
    assert (found["bot.selectivity"].low, found["bot.selectivity"].high) == (0.5, 0.9)
    assert [s.name for s in sliders_of(scenario, asked)].count("bot.selectivity") == 1


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("bot.opt_out", ArgumentError, "--slider bot.opt_out: is no range. Write --slider KEY=a:b"),
        ("bot.opt_out=0.2", ArgumentError, "is no range. Write --slider KEY=a:b"),
        ("bot.opt_out=40%:0%", ArgumentError, "--slider bot.opt_out=40%:0%: has no width"),
        ("bot.opt_uot=0%:40%", ScenarioError, "opt_out"),
        ("bot.opt_out=0%:140%", ScenarioError, "bot.opt_out"),
    ],
)
def test_a_slider_that_cannot_be_is_refused(text, error, words):
    with pytest.raises(error) as refused:
        sliders_of(sim.loads(FULL), [text])
    assert words in str(refused.value)
    assert "--set" not in str(refused.value)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"staff.desk": 3.0}, "staff.desk: 3 is not between 0.5 and 1.5"),
        ({"staff.none": 1.0}, "staff.none: is no slider"),
        ({"agents.desk.shifts": 1.0}, "is no slider"),
        ({"staff.desk": "1"}, "is not set to a number"),
        ({"staff.desk": float("nan")}, "is not set to a number"),
        ({"staff.desk": True}, "is not set to a number"),
    ],
)
def test_settings_are_numbers_of_sliders_within_their_ends(session, settings, words):
    with pytest.raises(ArgumentError, match=words):
        session.ask(settings)


# Answers ----------------------------------------------------------------------


@pytest.mark.parametrize("settings", [{}, MOVED, {"bot.containment": 0.5, "frustration": 0.0}])
def test_numbers_are_those_of_a_run(session, settings):
    for answer in session.ask(settings):
        scenario = session.changed(settings)
        known = sim.run(scenario, replications=answer.replications, jobs=1).measures["mean"]
        found = {name: float(estimate.mean[0]) for name, estimate in answer.column("now").estimates.items()}
        assert found.keys() == set(known.index)
        assert all(
            found[name] == value or (found[name] != found[name] and value != value) for name, value in known.items()
        )
    assert answer.replications == STAGES[-1]


def test_differences_are_those_of_a_comparison(session):
    answer = first(session, MOVED)
    now = session.changed(MOVED).model_copy(update={"name": "now"})
    known = sim.compare(session.scenario, now, replications=2, jobs=1).differences.set_index("measure")
    change = (
        answer.column("now").estimates["abandonment_rate"].minus(answer.column("file").estimates["abandonment_rate"])
    )
    assert (float(change.mean[0]), float(change.low[0])) == tuple(known.loc["abandonment_rate", ["mean", "ci_low"]])


def test_what_is_as_in_the_file_is_the_file(session):
    answer = sharpest(session, {})
    rows = answer_document(session, answer, "")["rows"]
    file, now = (next(k for k, c in enumerate(answer.columns) if c.role == role) for role in ("file", "now"))
    assert all(row["cells"][file]["text"] == row["cells"][now]["text"] for row in rows)
    assert [column.role for column in answer.columns] == ["before", "file", "now"]
    assert {row["cells"][now]["change"] for row in rows} == {""}, "there is nothing to tell apart"
    assert rows[0]["cells"][0]["change"] != "", "the file before is another one"


def test_heads_at_the_peak_are_those_of_what_is_set(session):
    def peak(factor):
        return answer_document(session, first(session, {"staff.desk": factor}), "")["heads"]

    assert session.sliders["staff.desk"].note == "of the file's plan, 5 on the queue at its peak"
    assert [peak(0.6), peak(1.0), peak(1.4)] == [{"staff.desk": 3}, {"staff.desk": 5}, {"staff.desk": 7}]
    assert answer_document(session, first(session, {"pace.target": 200.0}), "")["heads"] == {}


def test_kept_variants_stand_beside_at_the_same_replications(session):
    kept = [{"staff.desk": 0.6}, {"staff.desk": 1.2}]
    answer = first(session, MOVED, kept)
    assert [dict(column.settings) for column in answer.columns if column.role == "kept"] == kept
    assert {column.run.tallies.replications for column in answer.columns} == {2}
    titles = [column["title"] for column in answer_document(session, answer, "")["columns"]]
    assert titles == ["Before", "File", "Now", "Kept 1", "Kept 2"]
    with pytest.raises(ArgumentError, match="more than 4"):
        session.ask({}, [{}] * 5)


def test_the_chance_is_the_share_of_replications_that_meet_all_targets(session):
    fewer = {"staff.desk": 0.8}
    rows = sim.run(session.changed(fewer), replications=30, jobs=1).by_replication.pivot(
        index="replication", columns="measure", values="value"
    )
    served, stayed = rows["sl_offered"] >= 0.8, rows["abandonment_rate"] <= 0.05
    assert 0 < (served & stayed).mean() < (served | stayed).mean()
    assert sharpest(session, fewer).column("now").chance.mean == pytest.approx((served & stayed).mean())
    assert first(session, fewer).column("now").chance is None


def test_lines_by_time_of_day_add_all_days_up(session):
    column = first(session, {}).column("now")
    times = column.by_time("offered" if "interval" in column.run.measures["offered"].slices else "abandonment_rate")
    assert times.mean.shape == (4,)
    whole = column.run.tallies.counts("interval").sum(axis=(0, 1))
    from sim.measures.definitions import weighted

    measure = column.run.measures["occupancy"]
    parts = column.by_time("occupancy").mean
    assert (
        parts.min()
        <= weighted(whole[None, None], measure.top) / weighted(whole[None, None], measure.bottom)
        <= parts.max()
    )


def test_notes_are_those_of_what_is_set(session):
    assert answer_document(session, first(session, MOVED), "")["notes"] == []
    assert session.changed(MOVED).notes


# Newer questions --------------------------------------------------------------


def test_a_newer_question_of_a_page_stops_the_older_one(session):
    older = iter(session.ask({"staff.desk": 0.7}, page="one"))
    next(older)
    newer = iter(session.ask({"staff.desk": 0.8}, page="one"))
    assert list(older) == []
    assert [answer.replications for answer in newer] == list(STAGES)


def test_another_page_stops_nothing(session):
    older = iter(session.ask({"staff.desk": 0.7}, page="one"))
    next(older)
    next(iter(session.ask({"staff.desk": 0.8}, page="two")))
    assert [answer.replications for answer in older] == [10, 30]


def test_what_is_stopped_in_the_middle_goes_on_from_there_with_the_same_numbers(monkeypatch):
    session = Session(sim.loads(FULL), jobs=4)
    asking = session.ask({})
    answers, check = iter(asking), asking._check
    next(answers)

    def stop_in_the_middle(done, whole):
        if done >= 4:
            asking.stop()
        check()

    monkeypatch.setattr(asking, "_check", stop_in_the_middle)
    assert list(answers) == []
    assert session._files["file"].tallies.replications == 4
    known = sim.run(session.scenario, replications=10, jobs=1).measures["mean"]
    ten = next(itertools.islice(session.ask({}), 1, None))
    assert float(ten.column("now").estimates["offered"].mean[0]) == known["offered"]


def test_a_closed_session_answers_nothing():
    session = Session(sim.loads(BEFORE), jobs=1)
    session.close()
    assert list(session.ask({})) == []


# What reproduces --------------------------------------------------------------


@pytest.mark.parametrize("settings", [{}, MOVED, {"bot.containment": 1.1, "frustration": 0.5, "bot.opt_out": 0.05}])
def test_the_yaml_is_the_scenario(session, settings, tmp_path):
    file = tmp_path / "file.yaml"
    YAML().dump(FULL, file)
    answer = first(session, settings)
    for source in (str(file), ""):
        text = answer_document(session, answer, source)["yaml"]
        what_if = tmp_path / "what-if.yaml"
        what_if.write_text(text)
        read = sim.load(what_if)
        assert read.name == "rostered, what if"
        assert read.model_copy(update={"name": "rostered"}) == session.changed(settings)
        assert text.startswith("# ccsim run what-if.yaml --seed 1 --replications 2\n")


def test_counts_by_weekday_are_written_too(tmp_path):
    staff = {"mon-fri": [3, 4, 4, 3], "sat": 2}
    given = AFTER | {"agents": {"desk": {"skills": ["all"], "staff": staff}}}
    file, what_if = tmp_path / "file.yaml", tmp_path / "what-if.yaml"
    YAML().dump(given, file)
    session = Session(sim.load(file), jobs=1)
    what_if.write_text(answer_document(session, first(session, {"staff.desk": 0.6}), str(file))["yaml"])
    read = sim.load(what_if).model_copy(update={"name": "Tiny after"})
    assert read == session.changed({"staff.desk": 0.6})
    assert read != sim.load(file)


@pytest.mark.parametrize("file", ["retailer/after-bot-all", "channels/three-channels-cut"])
def test_the_yaml_of_a_shipped_file_is_the_scenario(file, tmp_path):
    path, what_if = ROOT / f"scenarios/{file}.yaml", tmp_path / "what-if.yaml"
    session = Session(sim.load(path))
    settings = {name: (slider.low + 3 * slider.high) / 4 for name, slider in session.sliders.items()}
    settings |= {"bot.containment": 0.9} if "bot.containment" in settings else {}
    scenario = session.changed(settings)
    run = replace(session._files["file"], scenario=scenario)
    what_if.write_text(snippet(session, Variant("now", settings, run), str(path), 2))
    assert sim.load(what_if).model_copy(update={"name": scenario.name}) == scenario != session.scenario
