"""A customer's luck, by name."""

from sim.engine.reference.people import Customer
from sim.engine.table import Table
from sim.world.luck import Purpose, uniform
from sim.world.scores import quantile, score_draw


class Luck:
    """Draws of one replication: uniform numbers, normal scores and times."""

    def __init__(self, key: tuple[int, int], table: Table) -> None:
        self._key = key
        self._profiles = table.profiles
        self._dists = [
            (kind, a, b, table.points[first : first + length], profile)
            for kind, a, b, first, length, profile in table.dists.tolist()
        ]

    def uniform(self, customer: Customer, purpose: Purpose, attempt: int) -> float:
        """A number in (0, 1)."""
        return uniform(*self._key, *customer.entity, int(purpose), attempt)

    def score(self, customer: Customer, purpose: Purpose, attempt: int) -> float:
        """A standard normal score."""
        return score_draw(*self._key, *customer.entity, int(purpose), attempt)

    def chance(self, customer: Customer, purpose: Purpose, attempt: int, probability: float) -> bool:
        """Whether something of this probability happens."""
        return probability > 0.0 and self.uniform(customer, purpose, attempt) < probability

    def time(self, customer: Customer, purpose: Purpose, attempt: int, dist: int, place: tuple[int, int]) -> float:
        """A time (s) from a distribution of the table, scaled by its profile at (day, interval)."""
        value = self.quantile(dist, self.score(customer, purpose, attempt))
        return value * self.scale(dist, place)

    def quantile(self, dist: int, score: float) -> float:
        """The value (s) of a distribution at a score, before its profile."""
        kind, a, b, points, _ = self._dists[dist]
        return quantile(kind, a, b, points, score)

    def scale(self, dist: int, place: tuple[int, int]) -> float:
        """A distribution's factor for the interval of the attempt's arrival."""
        profile = self._dists[dist][4]
        return float(self._profiles[profile, place[0], place[1]]) if profile >= 0 else 1.0
