import hashlib
import json

import pandas as pd
import pytest

import sim
from sim.errors import CcsimError
from sim.report.comparison import charts, comparison_report
from sim.report.comparison.findings import of_comparison, of_run
from sim.report.render import folder
from sim.report.render.folder import write_folder
from sim.study import replicate
from tests.report.tiny import AFTER, BEFORE


@pytest.fixture(scope="module")
def written(found, tmp_path_factory):
    out = tmp_path_factory.mktemp("written") / "out"
    write_folder(comparison_report(found), out)
    return out


@pytest.fixture
def quick(monkeypatch):
    """No charts, where they are not the subject."""
    monkeypatch.setattr(charts, "draw", lambda findings: [])


def contents(out):
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def rewritten(findings, out):
    write_folder(comparison_report(findings), out)
    return contents(out)


def test_the_folder_holds_numbers_charts_page_and_manifest(written):
    names = set(contents(written))
    numbers = {"measures", "by_day", "by_interval", "by_intent", "by_group", "mix_shift", "differences"}
    numbers |= {f"differences_by_{part}" for part in ("day", "interval", "intent", "group")}
    assert {f"{name}.csv" for name in numbers} | {"report.html", "manifest.json"} <= names
    assert {"charts/service_level.svg", "charts/service_level.png"} <= names
    assert "contacts.parquet" not in names


def test_the_manifest_vouches_for_every_other_file_and_can_be_run_again(written, found):
    manifest = json.loads((written / "manifest.json").read_text())
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in contents(written).items()}
    del hashes["manifest.json"]
    assert manifest["files"] == hashes
    assert (manifest["ccsim_version"], manifest["seed"], manifest["replications"]) == (sim.__version__, 1, 3)
    about = manifest["scenarios"]["Tiny cut"]
    assert about["service_level"] == {"definition": "sl_offered", "within_s": 20.0, "share": 0.8}
    assert sim.loads(about["scenario"]) == found.scenario("Tiny cut")
    assert about["sha256"] == sim.loads(about["scenario"]).digest
    assert set(manifest["libraries"]) >= {"numpy", "numba"}


def test_numbers_are_tidy_and_hold_every_definition_of_the_service_level(written, comparison):
    measures = pd.read_csv(written / "measures.csv")
    assert list(measures.columns) == ["scenario", "measure", "mean", "ci_low", "ci_high"]
    assert {"sl_offered", "sl_excl_abn_in_t", "sl_credit_abn_in_t", "sl_answered"} <= set(measures["measure"])
    told = measures.set_index(["scenario", "measure"]).loc[("Tiny cut", "aht_s"), "mean"]
    assert told == comparison.results["Tiny cut"].measures.loc["aht_s", "mean"]
    intervals = pd.read_csv(written / "by_interval.csv", dtype={"time": str})
    assert list(intervals.columns) == ["scenario", "day", "time", "measure", "mean", "ci_low", "ci_high"]
    assert set(intervals["scenario"]) == {"Tiny before", "Tiny after", "Tiny cut"}
    assert "t0_formula_s" in pd.read_csv(written / "mix_shift.csv").columns


def test_the_same_seed_gives_the_same_bytes_on_any_number_of_workers(tmp_path, monkeypatch):
    monkeypatch.setattr(replicate, "ALONE_BELOW", 0)
    scenarios = [sim.loads(data) for data in (BEFORE, AFTER)]
    one, two = (of_comparison(sim.compare(*scenarios, jobs=jobs, contacts=True)) for jobs in (1, 2))
    first = rewritten(one, tmp_path / "first")
    assert rewritten(two, tmp_path / "second") == first
    assert len(first) > 20


def test_another_seed_gives_other_numbers(tmp_path, quick, alone):
    other = of_run(sim.run(sim.loads(AFTER), seed=2))
    assert rewritten(alone, tmp_path / "a")["measures.csv"] != rewritten(other, tmp_path / "b")["measures.csv"]


def test_contacts_are_written_when_they_were_kept(tmp_path, quick, alone, result):
    write_folder(comparison_report(alone), tmp_path / "out")
    contacts = pd.read_parquet(tmp_path / "out" / "contacts.parquet")
    assert len(contacts) == len(result.contacts) > 100
    assert set(contacts["intent"]) == {"orders", "billing"}
    assert contacts.columns[0] == "scenario"


def test_an_earlier_folder_is_replaced_as_a_whole(tmp_path, quick, found, alone):
    out = tmp_path / "deep" / "er" / "out"
    write_folder(comparison_report(found), out)
    write_folder(comparison_report(alone), out)
    assert not (out / "differences.csv").exists()
    assert list(pd.read_csv(out / "measures.csv")["scenario"].unique()) == ["Tiny after"]
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_an_empty_folder_is_used(tmp_path, quick, alone):
    write_folder(comparison_report(alone), tmp_path)
    assert (tmp_path / "report.html").exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("thesis.docx", "precious"),
        ("manifest.json", '{"name": "a browser extension", "version": "1"}'),
        ("manifest.json", "not json"),
        ("manifest.json", "[]"),
    ],
)
def test_a_folder_of_somebody_else_is_refused(tmp_path, quick, alone, name, text):
    (tmp_path / name).write_text(text)
    with pytest.raises(CcsimError, match="did not write"):
        write_folder(comparison_report(alone), tmp_path)
    assert contents(tmp_path) == {name: text.encode()}


def test_what_somebody_put_beside_our_files_is_not_lost(tmp_path, quick, alone):
    out = tmp_path / "out"
    write_folder(comparison_report(alone), out)
    (out / "notes.txt").write_text("mine")
    with pytest.raises(CcsimError, match=r"notes\.txt, which ccsim did not write"):
        write_folder(comparison_report(alone), out)
    assert (out / "notes.txt").read_text() == "mine"
    (out / "notes.txt").rename(out / ".DS_Store")
    write_folder(comparison_report(alone), out)


def test_a_file_and_a_place_that_cannot_be_are_refused(tmp_path, alone):
    (tmp_path / "file").write_text("x")
    with pytest.raises(CcsimError, match="is a file"):
        write_folder(comparison_report(alone), tmp_path / "file")
    with pytest.raises(CcsimError, match="cannot be written"):
        write_folder(comparison_report(alone), tmp_path / "file" / "out")


def test_the_folder_one_stands_in_is_refused(tmp_path, monkeypatch, alone):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CcsimError, match="the folder you are in"):
        write_folder(comparison_report(alone), tmp_path)


@pytest.mark.parametrize("failure", [KeyboardInterrupt, RuntimeError, MemoryError])
def test_an_interrupted_write_leaves_nothing(tmp_path, monkeypatch, alone, failure):
    def broken(paper):
        raise failure

    monkeypatch.setattr(folder, "page", broken)
    with pytest.raises(failure):
        write_folder(comparison_report(alone), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("step", [1, 2])
def test_a_failed_replacement_leaves_the_old_folder(tmp_path, monkeypatch, quick, alone, step):
    out = tmp_path / "out"
    before = rewritten(alone, out)
    rename, calls = folder.Path.rename, []

    def failing(self, target):
        calls.append(target)
        if len(calls) == step:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(folder.Path, "rename", failing)
    with pytest.raises(KeyboardInterrupt):
        write_folder(comparison_report(alone), out)
    assert contents(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_full_disk_is_an_error_and_no_traceback(tmp_path, monkeypatch, alone):
    def full(paper):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder, "page", full)
    with pytest.raises(CcsimError, match="No space left on device"):
        write_folder(comparison_report(alone), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
