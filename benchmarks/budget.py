"""How much each part of the benchmark simulates."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """Rounds and sizes.

    Attributes
    ----------
    rounds : how often the contestants of the race take turns; each plays so many days a turn.
    retailer : turns of the retailer's weeks; compiled_weeks, simpy_weeks : replications a turn, of one week, of the
        file as it is, of one week with everything on, and of the three channels.
    turns : turns of the curve; contacts : at least so many a turn at each of its sizes.
    sizes : contacts a day on the curve.
    few, many : replications between which memory may not grow.
    pieces : empty pieces of work that are handed to a cluster a turn.
    grid : replications of each cell of the grid of `targets`.
    starts : how often a command is started; cold : whether the engine is compiled anew, which takes minutes.
    """

    rounds: int
    compiled_days: int
    simpy_days: int
    plain_days: int
    ciw_days: int
    retailer: int
    compiled_weeks: tuple[int, int, int, int]
    simpy_weeks: tuple[int, int, int, int]
    turns: int
    contacts: int
    sizes: tuple[int, ...]
    few: int
    many: int
    pieces: int
    grid: int
    starts: int
    cold: bool


QUICK = Budget(
    rounds=3,
    compiled_days=1_000,
    simpy_days=3,
    plain_days=5,
    ciw_days=3,
    retailer=3,
    compiled_weeks=(50, 16, 50, 16),
    simpy_weeks=(1, 1, 1, 1),
    turns=2,
    contacts=1_000_000,
    sizes=(1_000, 10_000, 100_000, 1_000_000),
    few=100,
    many=2_000,
    pieces=300,
    grid=30,
    starts=3,
    cold=False,
)
LONG = Budget(
    rounds=7,
    compiled_days=1_000,
    simpy_days=4,
    plain_days=20,
    ciw_days=10,
    retailer=5,
    compiled_weeks=(200, 60, 200, 60),
    simpy_weeks=(2, 1, 2, 1),
    turns=5,
    contacts=3_000_000,
    sizes=(1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000),
    few=100,
    many=2_000,
    pieces=2_000,
    grid=30,
    starts=7,
    cold=True,
)
