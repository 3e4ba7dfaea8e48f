"""The stories of docs/decide.md are what the shipped files give, sentence by sentence."""

import re
from pathlib import Path

import pytest

import sim
from sim.report.decide import names_of, sentences_of
from sim.report.decide.facts import facts_of
from sim.study.decide import decide, plans

ROOT = Path(__file__).parents[2]
STORIES = re.findall(r"^```text\n(.*?)^```", (ROOT / "docs" / "decide.md").read_text(encoding="utf-8"), re.M | re.S)
FILES = {"retailer": ("scenarios/retailer", 0), "insurer": ("scenarios/cases/insurer", 1)}

pytestmark = pytest.mark.long


@pytest.mark.parametrize("name", FILES)
def test_every_sentence_of_a_story_is_what_the_files_give(name):
    folder, place = FILES[name]
    pair = [sim.fit_observed(sim.load(ROOT / folder / f"{side}-bot.yaml")) for side in ("before", "after")]
    found = decide(*pair)
    told = {sentence for part in sentences_of(facts_of(found), names_of(found)).values() for sentence in part}
    assert [line for line in STORIES[place].splitlines() if line not in told] == []


def test_the_cut_of_forty_five_roles_has_to_be_reversed():
    cuts = ROOT / "scenarios" / "cases" / "cuts"
    pair = (sim.load(cuts / f"{name}.yaml") for name in ("before", "half-true-45-cut"))
    found = decide(*pair, replications=4, how_sure=False)
    assert not found.feasible
    assert found.people[plans.WRITTEN] == pytest.approx(62, abs=1)
    assert found.heads < -40
    before, written = (found.results[name].mean("sl_offered") for name in (plans.BEFORE, plans.WRITTEN))
    assert before - written > 0.3
