"""Every report shows below its answer: your figures, the model's, the gap."""

import json
import re

import pandas as pd
import pytest
from openpyxl import load_workbook

import sim
from sim.loading.load import loads
from sim.report import Report
from sim.report.observed import observed_table, sentences, with_observed
from sim.scenario.model import FitOutcome
from sim.scenario.observed import Gap, Rescaling
from tests.calibrate.observed.centre import text, written

TITLE = "Your figures, the model's, the gap"
QUICK = ("--replications", 2)
CHILD = "name: Child\nextends: small.yaml\nbot: {}\nintents: {orders: {bot: {resolves: 50%}}}\n"
VERBS = {
    "run": lambda small, child: ("run", child, *QUICK),
    "compare": lambda small, child: ("compare", small, child, *QUICK),
    "sweep": lambda small, child: ("sweep", child, "--set", "customers.balk=1%,2%", *QUICK),
    "bridge": lambda small, child: ("bridge", small, child, *QUICK),
    "targets": lambda small, child: (
        "targets", child, "--staff", "100%,200%", "--aht", "100%", "--luck-only", "--set",
        "targets.service_level=10/20", "--set", "targets.abandonment=90%", *QUICK,
    ),
    "staff": lambda small, child: (
        "staff", child, "--luck-only", "--each", "whole", "--by", "day", "--set", "targets.service_level=10/20",
        "--set", "targets.abandonment=90%", *QUICK,
    ),
}  # fmt: skip


@pytest.fixture
def files(tmp_path):
    small = written(tmp_path)
    child = tmp_path / "child.yaml"
    child.write_text(CHILD)
    return small, child


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_shows_it_below_its_answer_and_near_the_top_of_json(verb, files, ccsim):
    code, told, errors = ccsim(*VERBS[verb](*files))
    assert code in (0, 1), errors
    assert below_the_answer(verb, told)
    assert "Rescaled: talk time x 1." in told
    on_a_child = "Child builds on Small, whose figures these are." in " ".join(told.split())
    assert on_a_child == (verb not in ("compare", "bridge"))
    opens_the_document(json.loads(ccsim(*VERBS[verb](*files), "--json")[1]))


def below_the_answer(verb, told):
    """Whether the answer opens a report and the figures come next, before whatever else it says."""
    first = {
        "run": ("Child. ", "The decision"),
        "compare": ("Small. ", "The decision"),
        "sweep": ("Over all points. ",),
        "bridge": ("", "From today to tomorrow"),
        "targets": ("The answer. ",),
        "staff": ("The answer. ",),
    }
    places = [told.index(words) for words in (*first[verb], TITLE, "Parameters in force")]
    return places[0] == 0 and places == sorted(places)


def test_the_folder_has_it_below_the_answer_and_its_manifest_brings_the_scenario_back(files, tmp_path, ccsim):
    out = tmp_path / "out"
    ccsim(*VERBS["run"](*files), "--out", out)
    page = (out / "report.html").read_text().replace("&#39;", "'")
    assert page.index("<body") < page.index(TITLE) < page.index("Rescaled: talk time") < page.index("data:image/svg")
    assert page.count("<section", 0, page.index(TITLE)) == 3  # what happened, the decision, then this
    sheet = [row[0].value or "" for row in load_workbook(out / "report.xlsx")["Summary"].iter_rows()]
    assert sheet.index("The decision") < sheet.index(TITLE)
    assert sheet[sheet.index(TITLE) + 9].startswith("Rescaled: talk time")
    frame = pd.read_csv(out / "observed.csv")
    assert list(frame["figure"]) == ["aht", "asa", "abandonment", "fcr"]
    assert frame["gap"].to_list() == pytest.approx((frame["model"] - frame["yours"]).to_list())
    brings_back(out, sim.fit_observed(sim.load(files[1])))


def opens_the_document(document):
    found = document["observed"]
    assert list(document).index("observed") <= 2
    assert found["document"] == "Small"
    assert [figure["figure"] for figure in found["figures"]] == ["aht", "asa", "abandonment", "fcr"]
    assert found["figures"][0]["yours"] == 385
    assert found["figures"][0]["gap"] == found["figures"][0]["model"]["mean"] - 385
    assert [turn["dial"] for turn in found["rescaled"]] == ["talk_time", "patience", "resolution"]


def brings_back(out, scenario):
    """The manifest reads back to the same scenario, with no fit, and the same figures to the last bit."""
    kept = json.loads((out / "manifest.json").read_text())["scenarios"]["Child"]
    again = loads(kept["scenario"])
    assert again == scenario
    assert (again.digest, again.observed.fitted) == (kept["sha256"], scenario.observed.fitted)
    there = pd.read_csv(out / "measures.csv", index_col="measure")["mean"]
    here = sim.run(again, replications=2).measures["mean"]
    assert dict(here.dropna()) == dict(there.dropna())


def test_check_shows_it_too(files, tmp_path, ccsim):
    kept = tmp_path / "baseline.json"
    assert ccsim("check", files[0], "--baseline", kept, "--refresh", *QUICK)[0] == 0
    code, told, _ = ccsim("check", files[0], "--baseline", kept)
    assert (code, told.startswith("Same seed as the baseline"), TITLE in told) == (0, True, True)
    assert "observed" in json.loads(ccsim("check", files[0], "--baseline", kept, "--json")[1])


def test_reports_of_scenarios_without_figures_do_not_have_it(tmp_path, ccsim):
    plain = written(tmp_path, "")
    assert TITLE not in ccsim("run", plain, *QUICK)[1]
    assert "observed" not in json.loads(ccsim("run", plain, *QUICK, "--json")[1])
    report = Report("", "", (), {"Small": sim.load(plain)}, 1, 1, dict)
    assert with_observed(report) is report


def test_a_figure_may_be_swept(files, ccsim):
    code, told, errors = ccsim("sweep", files[0], "--set", "observed.aht=6m:6m30s:30s", "--measure", "aht_s", *QUICK)
    assert code == 0, errors
    assert re.search(r"6m\s", told)
    assert re.search(r"6m30s\s", told)


# Words ------------------------------------------------------------------------


def outcome(*verdicts, **turn):
    names = ("aht", "asa", "service_level", "occupancy")
    values = {"aht": (384, 400), "asa": (45, 30), "service_level": (0.78, 0.75), "occupancy": (0.86, 0.7)}
    gaps = [
        Gap(figure=n, yours=values[n][0], unit=1, model=values[n][1], low=values[n][1], high=values[n][1], verdict=v)
        for n, v in zip(names, verdicts, strict=False)
    ]
    turns = (Rescaling(dial="patience", factor=0.7, before=600, after=420, **turn),) if turn else ()
    return FitOutcome(
        document="Small", seed=1, replications=4, within=30, definition="sl_answered", gaps=gaps, turns=turns
    )


def test_what_was_rescaled_and_what_is_not_met_is_said():
    small = sim.loads(text(""))
    told = " ".join(sentences(outcome("met", "near", "near", at_bound=True), small))
    assert "Rescaled: patience x 0.70 (10:00 min to 7:00 min)." in told
    assert "Patience stopped at the end of the range" in told
    assert "Average wait, ASA and service level within 30 s (sl_answered) cannot be met together with the other" in told
    assert "nearest that can be met together" in told
    assert sentences(outcome("met"), small) == ("Nothing was rescaled.", "All figures are met.")
    assert "Handle time, AHT cannot be met: " in " ".join(sentences(outcome("near"), small))


def test_the_table_says_yours_the_models_the_gap_and_the_verdict():
    rows = [[cell.text for cell in row] for row in observed_table(outcome("met", "near", "near", "contradictory")).rows]
    assert rows[0] == ["handle time, AHT (m:ss)", "6:24", "6:40 ± 0:00", "+0:16", "met"]
    assert rows[2] == ["service level within 30 s (sl_answered)", "78.0 %", "75.0 % ± 0.0", "-3.0 pt", "near"]
