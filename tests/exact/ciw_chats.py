"""Two agents with up to two chats each in Ciw, an independent simulator: its arrivals, its line, its patience.

A node of Ciw shares one server among all who are there. Here each place of an agent is a server, and what is Ciw's own
idea of sharing, an end that moves whenever the number changes, applies to the places of one agent.
"""

import math
from typing import Any

import ciw
import numpy as np

WORK_S, CV, LENGTHS, PATIENCE_S, PER_HOUR = 300.0, 0.5, (1.0, 1.4), 180.0, 36.0
AGENTS, CAP = 2, 2
WARM_S = 4 * 3600.0
SPREAD = math.sqrt(math.log(1 + CV**2))
Pairs = dict[str, tuple[float, float]]


class Chats(ciw.Node):
    """Places of agents; those of one agent go on at a pace that follows how many of them are taken."""

    def begin_service_if_possible_accept(self, next_individual: Any) -> None:
        """Take whoever comes, and pace all anew."""
        super().begin_service_if_possible_accept(next_individual)
        self.pace()

    def begin_service_if_possible_release(self, next_individual: Any, newly_free_server: Any) -> None:
        """Take the next of the line, and pace all anew."""
        super().begin_service_if_possible_release(next_individual, newly_free_server)
        self.pace()

    def pace(self) -> None:
        """What each has done since the last change, and when it ends at the pace from now on."""
        for places in places_of_agents(self.servers):
            here = [place.cust for place in places if place.busy]
            for chat in here:
                done, since = getattr(chat, "paced", (0.0, (self.now, 1.0)))
                done += (self.now - since[0]) / since[1]
                chat.paced = (done, (self.now, LENGTHS[len(here) - 1]))
                chat.service_end_date = self.now + (chat.service_time - done) * LENGTHS[len(here) - 1]
                chat.server.next_end_service_date = chat.service_end_date


def places_of_agents(servers: list[Any]) -> list[list[Any]]:
    """The places of each agent."""
    return [servers[CAP * agent : CAP * (agent + 1)] for agent in range(AGENTS)]


def least_loaded(place: Any, chat: Any) -> tuple[int, int]:
    """Rank a place by how many its agent has in hand."""
    mine = next(places for places in places_of_agents(place.node.servers) if place in places)
    return sum(other.busy for other in mine), place.id_number


def in_ciw(hours: float, seed: int) -> Pairs:
    """(numerator, denominator) of each figure, from so many hours after a warm-up."""
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=PER_HOUR / 3600)],
        service_distributions=[ciw.dists.Lognormal(mean=math.log(WORK_S) - SPREAD**2 / 2, sd=SPREAD)],
        reneging_time_distributions=[ciw.dists.Exponential(rate=1 / PATIENCE_S)],
        number_of_servers=[AGENTS * CAP],
        server_priority_functions=[least_loaded],
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network, node_class=Chats)
    end = WARM_S + hours * 3600
    simulation.simulate_until_max_time(end + 8 * 3600)
    rows = simulation.get_all_records(only=["service", "renege"])
    return figures(np.array([facts(row) for row in rows if WARM_S <= row.arrival_date < end]))


def facts(row: Any) -> tuple[float, float, float]:
    """Wait (s), whether given up, and time in an agent's hands (s)."""
    if row.record_type == "renege":
        return row.exit_date - row.arrival_date, 1.0, 0.0
    return row.waiting_time, 0.0, row.exit_date - row.service_start_date


def figures(rows: np.ndarray) -> Pairs:
    """The figures that are compared, from the wait (s), the giving up and the time in hand (s) of each contact."""
    waited, gone, spent = rows.T
    size = float(len(rows))
    return {
        "delayed": (float((waited > 1e-9).sum()), size),
        "abandoned": (float(gone.sum()), size),
        "wait": (float(waited.sum()), size),
        "elapsed": (float(spent.sum()), size - float(gone.sum())),
    }
