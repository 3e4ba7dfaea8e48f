"""A customer's luck, by name."""

from typing import Any

from sim.engine.parameter_table import ParameterTable
from sim.engine.simpy.people import Customer
from sim.mechanisms.difficulty import correlated_score
from sim.rng.philox import happens, uniform
from sim.rng.purposes import Purpose
from sim.rng.scores import certain_time, is_certain, quantile, score_draw, time_of


class Draws:
    """Draws of one replication: uniform numbers, normal scores and times."""

    def __init__(self, key: tuple[int, int], table: ParameterTable) -> None:
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
        return happens(*self._key, *customer.entity, int(purpose), attempt, probability)

    def time(self, customer: Customer, purpose: Purpose, attempt: int, dist: int, place: tuple[int, int]) -> float:
        """A time (s) from a distribution of the table, scaled by its profile at (day, interval)."""
        return self._unscaled(customer, purpose, attempt, dist) * self.scale(dist, place)

    def base_talk(self, customer: Customer, intent: Any, attempt: int) -> float:
        """T0 (s), before its profile: correlated with the need's difficulty."""
        if intent.weight == 0.0:
            return self._unscaled(customer, Purpose.TALK, attempt, intent.talk)
        noise = self.score(customer, Purpose.TALK, attempt)
        score = correlated_score(intent.weight, customer.difficulty, noise)
        return quantile(*self._dists[int(intent.talk)][:4], score)

    def scale(self, dist: int, place: tuple[int, int]) -> float:
        """A distribution's factor for the interval of the attempt's arrival."""
        profile = self._dists[dist][4]
        return float(self._profiles[profile, place[0], place[1]]) if profile >= 0 else 1.0

    def _unscaled(self, customer: Customer, purpose: Purpose, attempt: int, dist: int) -> float:
        kind, a, b, points, _ = self._dists[dist]
        if is_certain(kind):
            return certain_time(kind, a)
        return time_of(kind, a, b, points, self.uniform(customer, purpose, attempt))
