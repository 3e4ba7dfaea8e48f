"""A caller can tell one error from another; the command line leaves with 2 on all of them."""

import copy
import pickle

import pytest

import sim
from sim.cli.main import main
from tests.report.tiny import AFTER, BEFORE


def test_no_such_engine(after):
    with pytest.raises(sim.UnknownEngineError, match="engine: there is none called 'fast'"):
        sim.run(after, engine="fast")
    assert issubclass(sim.UnknownEngineError, sim.ArgumentError)


def test_not_comparable(before):
    later = sim.changed(before, {"calendar.start": "2026-11-30"})
    with pytest.raises(sim.NotComparableError, match="cannot be compared"):
        sim.bridge(before, later)
    baseline = sim.make_baseline(before, replications=2)
    with pytest.raises(sim.NotComparableError, match="the baseline has 2 with the same seed 1"):
        sim.check(before, baseline, replications=3)


def test_not_fitted():
    from sim.loading.load import loads

    data = {key: part for key, part in BEFORE.items() if key != "schema_version"}
    unfitted = loads(data | {"observed": {"aht": "5m"}})
    with pytest.raises(sim.NotFittedError, match="nothing was fitted"):
        sim.run(unfitted)


def test_no_targets():
    scenario = sim.loads({key: part for key, part in AFTER.items() if key != "targets"})
    for ask in (sim.staff, sim.targets):
        with pytest.raises(sim.NoTargetsError, match="sets no targets"):
            ask(scenario)


def test_files(tmp_path, before):
    with pytest.raises(sim.BaselineError, match="does not exist"):
        sim.read_baseline(tmp_path / "none.json")
    baseline = sim.make_baseline(before, replications=2)
    sim.write_baseline(baseline, str(tmp_path / "kept.json"))
    assert sim.read_baseline(str(tmp_path / "kept.json")) == baseline
    with pytest.raises(sim.OutputError, match="cannot be written"):
        sim.write_baseline(baseline, tmp_path / "kept.json" / "below.json")
    with pytest.raises(sim.ExportError):
        sim.from_export(tmp_path / "none.csv")


def test_a_folder_that_is_not_ours(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    with pytest.raises(SystemExit) as left:
        main(["run", "none.yaml", "--out", "mine"])
    assert left.value.code == 2
    from sim.report.render.folder import check_place

    with pytest.raises(sim.OutputError, match="holds files that ccsim did not write"):
        check_place(tmp_path / "mine")


@pytest.mark.parametrize("name", [n for n in sim.__all__ if n.endswith("Error")])
def test_every_error_is_a_ccsim_error_and_travels(name):
    kind = getattr(sim, name)
    assert issubclass(kind, sim.CcsimError)
    problem = sim.Problem("a.yaml", 1, 2, "run", "0", "is wrong")
    error = kind([problem]) if kind in (sim.ScenarioError, sim.ExportError) else kind("words")
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert (type(twin), str(twin)) == (kind, str(error))
