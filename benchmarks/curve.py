"""Cost per contact against the size of the day."""

from collections.abc import Sequence

from benchmarks.budget import Budget
from benchmarks.days import day_of
from benchmarks.runs import simulated
from benchmarks.table import Table, verdict
from sim.measures.counts import Count

MOST_RATIO = 1.7
LEAST_REPLICATIONS = 3
IDLE = ((10_000, 500), (10_000, 5_000), (100_000, 5_000))
"""Contacts a day and agents: more agents than the work asks for."""

Size = tuple[int, int]


def cost(contacts: int, agents: int, replications: int) -> float:
    """Microseconds of CPU a contact."""
    seconds, study = simulated(day_of(contacts, agents), replications)
    return 1e6 * seconds / float(study.tallies.counts("overall")[:, 0, Count.DEMAND].sum())


def costs(sizes: Sequence[Size], turns: int, contacts: int) -> dict[Size, float]:
    """The least cost of each size; the sizes take turns."""
    least = dict.fromkeys(sizes, float("inf"))
    for _ in range(turns):
        for size in sizes:
            replications = max(LEAST_REPLICATIONS, contacts // size[0])
            least[size] = min(least[size], cost(*size, replications))
    return least


def table_of_curve(budget: Budget) -> Table:
    """From small days to large ones, and days with agents to spare."""
    steady: list[Size] = [(contacts, contacts // 200) for contacts in budget.sizes]
    found = costs([*steady, *IDLE], budget.turns, budget.contacts)
    alone = min(cost(*steady[-1], 1) for _ in range(budget.turns))
    ratio = max(found[size] for size in steady) / min(found[size] for size in steady)
    rows = [(*_words(size), f"{found[size]:.2f}", "") for size in steady]
    rows.append(
        ("dearest against cheapest", "", f"{ratio:.2f}", f"target at most {MOST_RATIO}: {verdict(ratio <= MOST_RATIO)}")
    )
    rows.append((*_words(steady[-1]), f"{alone:.2f}", "a single replication, in fresh memory"))
    rows += [(*_words(size), f"{found[size]:.2f}", "agents to spare") for size in IDLE]
    note = (
        f"Best of {budget.turns} turns of at least {budget.contacts:,} contacts and {LEAST_REPLICATIONS} replications: "
        "draws, simulation, counting. Each agent is as busy as on the Erlang-A day, unless agents are to spare."
    )
    return Table("The curve", ("contacts a day", "agents", "microseconds a contact", ""), rows, [note])


def _words(size: Size) -> tuple[str, str]:
    return f"{size[0]:,}", f"{size[1]:,}"
