"""The Erlang-A day in Ciw, in Ciw's own way: a node with servers, reneging times, arrivals by interval."""

import ciw

from benchmarks.days import AGENTS, AHT_S, OPEN_S, PATIENCE_S, PER_HOUR


def play_day() -> tuple[int, int, float]:
    """Contacts, how many reneged, and the sum of their waits (s); whoever is in the queue at close is served."""
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.PoissonIntervals([PER_HOUR / 3600], [OPEN_S], OPEN_S)],
        service_distributions=[ciw.dists.Exponential(1 / AHT_S)],
        reneging_time_distributions=[ciw.dists.Exponential(1 / PATIENCE_S)],
        number_of_servers=[AGENTS],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(2 * OPEN_S)
    records = simulation.get_all_records()
    reneged = sum(record.record_type == "renege" for record in records)
    return len(records), reneged, sum(record.waiting_time for record in records)


def play_days(seed: int, days: int) -> list[tuple[int, int, float]]:
    """Contacts, abandoned and the sum of waits (s), day by day."""
    ciw.seed(seed)
    return [play_day() for _ in range(days)]
