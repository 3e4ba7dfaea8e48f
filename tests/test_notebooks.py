"""The notebooks run from top to bottom, in this interpreter, and show what their text says."""

import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LONGEST_CELL_S = 300
SLOW = ("planning",)
"""Notebooks that the long tier runs: the others run with every test."""

CHECKS = {
    "harder-mix": """
assert comparison.differences.query("measure == 'demand'")[["mean", "ci_low", "ci_high"]].eq(0).all().all()
assert claims["fall in agents' work"] < claims["contacts that it truly resolves"] < claims["contacts kept from agents"]
off = (by_intent["t0_agents_s"] - by_intent["t0_formula_s"]).abs() / (by_intent["ci_high"] - by_intent["ci_low"])
assert (off < 1.5).all(), off
assert total["within_s"] > 20 > 5 > abs(totals.loc["within_s", "any need"])
assert abs(total["between_s"] - totals.loc["between_s", "any need"]) < 1
""",
    "own-mechanism": """
assert 30 <= added < 45
assert np.array_equal(one.own_us, two.own_us)
try:
    sim.loads(TEXT)
    raise AssertionError("the section is known though it was taken out")
except sim.ScenarioError as error:
    assert "slow_system" in str(error)
""",
    "planning": """
assert work_saved < contained - 0.1 < staff_cut
total = bridge.bars.groupby("measure")["mean"].sum()["aht_s"]
assert abs(total - (measures.loc["aht_s", planned.name] - measures.loc["aht_s", before.name])) < 1e-6
assert len(grid.cells) == 3 * 3 and grid.best is not None and grid.judged[grid.best].all_met
resolved = grid_of("resolution_rate")
assert (resolved.iloc[-1].diff().dropna() < 0).all(), resolved
assert low < expected < high and high - low > half
""",
}


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def test_there_are_notebooks_and_each_is_checked() -> None:
    assert {path.stem for path in NOTEBOOKS} == set(CHECKS)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_kept_without_outputs(path: Path) -> None:
    cells = [cell for cell in read(path).cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)


@pytest.mark.parametrize(
    "path",
    [pytest.param(p, id=p.stem, marks=[pytest.mark.long] if p.stem in SLOW else []) for p in NOTEBOOKS],
)
def test_notebook_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    notebook = read(path)
    same_python = f"import sys\nassert sys.executable == {sys.executable!r}, sys.executable"
    notebook.cells += [nbformat.v4.new_code_cell(source) for source in (same_python, CHECKS[path.stem])]
    client = NotebookClient(
        notebook, timeout=LONGEST_CELL_S, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}}
    )
    client.execute()
