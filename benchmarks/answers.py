"""How long the verbs that search take, as commands: the grid of staffing against handle-time targets."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.budget import Budget
from benchmarks.days import RETAILER, ROOT
from benchmarks.table import Table, verdict

MOST_S, MOST_MB = 360.0, 2_000.0
GRID = ["--staff", "70%:110%:5%", "--aht", "60%:95%:5%"]
CODE = """
import sys
from benchmarks.child import peak_mb
from sim.cli.main import main
try:
    main(sys.argv[1:])
finally:
    print(f"PEAK {peak_mb()}", file=sys.stderr)
"""


def targets(replications: int) -> tuple[float, float, int]:
    """Seconds, megabytes at the peak, and the cells of `ccsim targets` on the retailer, with the weeks of its file."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["targets", str(RETAILER), *GRID, "--replications", str(replications), "--out", f"{folder}/out"]
        begin = time.perf_counter()
        told = subprocess.run(
            [sys.executable, "-c", CODE, *arguments],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        taken = time.perf_counter() - begin
        cells = sum(1 for _ in (Path(folder) / "out" / "grid.csv").open()) - 1
    peak = next(float(line.split()[1]) for line in told.stderr.splitlines() if line.startswith("PEAK"))
    return taken, peak, cells


def table_of_answers(budget: Budget) -> Table:
    """The grid of nine staffing levels by nine handle-time targets, with its files and what it rests on."""
    taken, peak, cells = targets(budget.grid)
    name = f"ccsim targets: {cells} cells, {budget.grid} replications of the retailer's three weeks"
    told = f"target {MOST_S / 60:.0f} min, {MOST_MB / 1000:.0f} GB: {verdict(taken < MOST_S and peak < MOST_MB)}"
    note = "A process of its own on all cores; start, charts, spreadsheet, and weak numbers at their ends included."
    row = (name, f"{taken:.0f}", f"{peak:,.0f}", told)
    return Table("Answers", ("command", "seconds", "MB at the peak", ""), [row], [note])
