"""An older version beside the present one, in turns: draws, simulation and counting of the very same days."""

import io
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from benchmarks.budget import Budget
from benchmarks.days import AGENTS, AHT_S, OPEN_S, PER_HOUR, RETAILER, ROOT, day_text
from benchmarks.table import Table, verdict

BEFORE = "1bd2d60"
LEAST_RATIO = 1.3
TURN = Path(__file__).with_name("turn.py")
Turn = tuple[float, float]


class Player:
    """A process that simulates with the ccsim of a folder.

    Parameters
    ----------
    folder : holds `sim`.
    """

    def __init__(self, folder: Path) -> None:
        surroundings = {**os.environ, "PYTHONPATH": str(folder)}
        command = [sys.executable, str(TURN)]
        self.process = subprocess.Popen(
            command, cwd=folder, env=surroundings, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def play(self, file: Path, replications: int, first: int) -> Turn:
        """Seconds of CPU, and contacts offered, of so many replications of a scenario.

        Raises
        ------
        RuntimeError
            If the process has ended.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{replications} {first} {file}\n")
        self.process.stdin.flush()
        told = self.process.stdout.readline().split()
        if not told:
            raise RuntimeError("the process that simulates has ended; what it says stands above")
        return float(told[0]), float(told[1])

    def close(self) -> None:
        """End it."""
        self.process.communicate()


@contextmanager
def older(commit: str) -> Iterator[Path | None]:
    """A folder with the sources of a commit; None where git does not have it."""
    command = ["git", "archive", "--format=tar", commit, "sim"]
    try:
        archive = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        yield Path(folder)


def table_of_before(budget: Budget, commit: str = BEFORE) -> Table:
    """Old beside new."""
    columns = ("microseconds of CPU a contact offered", "then", "now", "times as fast")
    with older(commit) as folder:
        if folder is None:
            return Table(f"Beside commit {commit}", columns, [], [f"Skipped: git does not have commit {commit} here."])
        day = folder / "erlang-a.yaml"
        day.write_text(day_text(round(PER_HOUR * OPEN_S / 3600), AGENTS, AHT_S), encoding="utf-8")
        asked = {
            "the Erlang-A day": (day, budget.before_days, budget.rounds),
            "the retailer, 3 weeks": (RETAILER, budget.before_weeks, budget.rounds),
        }
        with _players(folder, ROOT) as players:
            rows = [_row(name, players, *sizes) for name, sizes in asked.items()]
    note = (
        "Draws, simulation and counting with one worker. Both versions simulate the same days in turns, "
        f"{budget.rounds} times: the least of each, and the median of their ratios."
    )
    return Table(f"Beside commit {commit}", columns, rows, [note])


@contextmanager
def _players(*folders: Path) -> Iterator[list[Player]]:
    with ExitStack() as ends:
        players = [Player(folder) for folder in folders]
        for player in players:
            ends.callback(player.close)
        yield players


def _row(name: str, players: list[Player], file: Path, replications: int, turns: int) -> tuple[str, ...]:
    spent: list[list[Turn]] = [[], []]
    for turn in range(turns):
        for which in (0, 1) if turn % 2 == 0 else (1, 0):
            spent[which].append(players[which].play(file, replications, turn * replications))
    then, now = spent
    ratio = median(old[0] / new[0] for old, new in zip(then, now, strict=True))
    least = [f"{min(1e6 * seconds / contacts for seconds, contacts in own):.3f}" for own in spent]
    same = "" if [t[1] for t in then] == [t[1] for t in now] else "; OTHER DAYS"
    return (name, *least, f"{ratio:.2f}, target {LEAST_RATIO}: {verdict(ratio >= LEAST_RATIO)}{same}")
