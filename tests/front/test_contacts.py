"""Contacts in Python have names for outcome, bot and cause; in a file they have codes."""

import numpy as np
import pandas as pd
import pytest

import sim
from sim.engine.records import CONTACT, BotOutcome, Cause, Outcome
from sim.report.comparison import comparison_report
from sim.report.comparison.findings import of_run
from sim.report.render.folder import write_folder

CODES = {"cause": Cause, "bot": BotOutcome, "outcome": Outcome}


@pytest.mark.parametrize("name", CODES)
def test_names_are_those_of_the_codes(result, after, name):
    column = result.contacts[name]
    assert column.cat.categories.tolist() == [code.name.lower() for code in CODES[name]]
    recorded = np.concatenate([sim.simulate(after, replication=n).contacts[name] for n in range(3)])
    assert column.cat.codes.tolist() == recorded.tolist()
    assert len(set(recorded)) > 1


def test_the_names_are_the_fields():
    names = [code.name.lower() for code in Outcome]
    assert names == ["none", "answered", "abandoned", "balked", "disconnected", "blocked"]


def test_the_file_has_codes_of_the_same_type_as_ever(result, tmp_path):
    write_folder(comparison_report(of_run(result)), tmp_path / "out")
    kept = pd.read_parquet(tmp_path / "out" / "contacts.parquet")
    assert kept.columns.tolist() == ["scenario", *result.contacts.columns]
    for name in CODES:
        assert kept[name].dtype == CONTACT[name] == np.int8
        assert kept[name].tolist() == result.contacts[name].cat.codes.tolist()


def test_contacts_may_be_asked_by_name(result):
    answered = result.contacts.query("outcome == 'answered'")
    per_replication = answered.groupby("replication").size().mean()
    assert per_replication == pytest.approx(result.measures.loc["answered", "mean"])
