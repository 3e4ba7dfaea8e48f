"""What is drawn: the beliefs in force, a sample of them, and the values at which each draw puts the numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr, ndtri

from sim.loading.believed import BelievedNumber, assigned, uncertain_groups
from sim.loading.checks_beliefs import correlation_matrix, end_words
from sim.loading.explain import Parameter, explain_scenario
from sim.scenario.beliefs import OFF, Belief, Beliefs
from sim.scenario.model import Scenario
from sim.schema.values import parse_duration
from sim.study.sensitivity import HALF, HALF_AGAIN, furthest, published_range, towards, value_words

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class DrawnBelief:
    """A number that varies.

    Attributes
    ----------
    key : its dotted path; `*` stands for every name of a map.
    rests_on : "given" for what the file believes, "published" for a published range, "assumed" for one from half to one
        and a half times the value.
    belief : what the file says; of an assumed one a factor; None where a published range is taken.
    reach : how far towards the low and the high bound of a published range the file allows, 0 to 1.
    low, high : its ends in words.
    """

    key: str
    rests_on: str
    belief: Belief | None
    reach: tuple[float, float]
    low: str
    high: str


@dataclass(frozen=True)
class RiskSample:
    """A sample of beliefs.

    Attributes
    ----------
    beliefs : in the order of the columns.
    shares : (draws, beliefs) how far through its distribution each belief is, 0 to 1.
    seed : of the columns.
    correlated : whether some of them are.
    """

    beliefs: tuple[DrawnBelief, ...]
    shares: Floats
    seed: int
    correlated: bool

    @property
    def keys(self) -> list[str]:
        """The keys, in the order of the columns."""
        return [belief.key for belief in self.beliefs]

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a belief: key, rests_on, low, high."""
        rows = [(b.key, b.rests_on, b.low, b.high) for b in self.beliefs]
        return pd.DataFrame(rows, columns=["key", "rests_on", "low", "high"])


def make_sample(scenarios: Sequence[Scenario], draws: int, seed: int) -> RiskSample:
    """Draw the beliefs that are in force in any of some scenarios.

    Parameters
    ----------
    scenarios : the first one's `beliefs` hold; its ranges go before those of the others.
    draws, seed : how many, and of what luck.
    """
    beliefs = beliefs_of(scenarios)
    keys = [belief.key for belief in beliefs]
    matrix = correlation_matrix(scenarios[0].beliefs, keys)
    columns = [column(key, draws, seed) for key in keys]
    shares = np.array(columns).T if keys else np.zeros((draws, 0))
    return RiskSample(beliefs, correlated(shares, matrix), seed, bool((matrix != np.eye(len(keys))).any()))


def column(key: str, draws: int, seed: int) -> Floats:
    """One column of a Latin hypercube, (draws,): one value in each of as many equal parts, in an order of its own.

    Its luck is named by the seed and the key alone, so that no other belief moves it.
    """
    name = hashlib.blake2b(f"{seed}/{key}".encode(), digest_size=16).digest()
    luck = np.random.Generator(np.random.Philox(int.from_bytes(name, "little")))
    return np.asarray((luck.permutation(draws) + luck.random(draws)) / draws)


def correlated(shares: Floats, matrix: Floats) -> Floats:
    """Independent columns made correlated by their normal scores (a Gaussian copula); others stay to the last bit."""
    moved = np.flatnonzero((matrix != np.eye(len(matrix))).any(axis=1))
    if not moved.size:
        return shares
    root = np.linalg.cholesky(matrix[np.ix_(moved, moved)])
    found = shares.copy()
    found[:, moved] = ndtr(ndtri(shares[:, moved]) @ root.T)
    return found


# Which ----------------------------------------------------------------------------


def beliefs_of(scenarios: Sequence[Scenario]) -> tuple[DrawnBelief, ...]:
    """The beliefs in force in any of some scenarios: those that are written, then weak and assumed numbers."""
    said = scenarios[0].beliefs or Beliefs(of={})
    found = {key: _given(key, belief) for key, belief in said.of.items() if belief.shape != OFF}
    for scenario in scenarios if said.others != OFF else ():
        plain = scenario.model_copy(update={"beliefs": None})
        for key, members in unwritten(said, explain_scenario(plain)).items():
            if key not in found and (drawn := _default(key, members, plain)) is not None:
                found[key] = drawn
    return tuple(found.values())


def unwritten(said: Beliefs, parameters: Sequence[Parameter]) -> dict[str, list[Parameter]]:
    """Weak and assumed numbers in force of which nothing is written, by key."""
    written = {number.path for numbers in assigned(said.of, parameters).values() for number in numbers}
    groups = {
        key: [member for member in members if not _is_written(member.path, written)]
        for key, members in uncertain_groups(parameters).items()
    }
    return {key: members for key, members in groups.items() if members}


def _is_written(path: str, written: set[str]) -> bool:
    """Whether something is written of a number, or of a part of it."""
    return any(f"{other}.".startswith(f"{path}.") for other in written)


def _given(key: str, belief: Belief) -> DrawnBelief:
    low, high = (end_words(belief, end) for end in belief.ends)
    return DrawnBelief(key, "given", belief, (1.0, 1.0), low, high)


def _default(key: str, members: list[Parameter], scenario: Scenario) -> DrawnBelief | None:
    """The range of a number of which nothing is written, as far as the file allows it; None where nothing can vary."""
    ends = [furthest(scenario, members, side) for side in (0, 1)]
    (down, low_values, low), (up, high_values, high) = (end or (0.0, {}, scenario) for end in ends)
    if not low_values or not high_values or low == high:
        return None
    low_words, high_words = (value_words(next(iter(values.values()))) for values in (low_values, high_values))
    if published_range(members[0]) is not None:
        return DrawnBelief(key, "published", None, (down, up), low_words, high_words)
    least, most = 1.0 + down * (HALF - 1.0), 1.0 + up * (HALF_AGAIN - 1.0)
    belief = Belief(shape="uniform", times=True, low=least, high=most)
    return DrawnBelief(key, "assumed", belief, (down, up), low_words, high_words)


# What a draw says -----------------------------------------------------------------


@dataclass(frozen=True)
class _Place:
    """Where a belief acts in one scenario: what is written of it, or the published range of its parameters."""

    drawn: DrawnBelief
    numbers: list[BelievedNumber]
    members: list[Parameter]


class SettingsOfDraws:
    """What draws of a sample set in one scenario."""

    def __init__(self, sample: RiskSample, scenario: Scenario, said: Beliefs | None) -> None:
        parameters = explain_scenario(scenario.model_copy(update={"beliefs": None}))
        said = said or Beliefs(of={})
        default, numbers = unwritten(said, parameters), assigned(said.of, parameters)
        self.sample = sample
        self.places = [
            _Place(drawn, numbers.get(drawn.key, []), default.get(drawn.key, [])) for drawn in sample.beliefs
        ]

    def of(self, draw: int) -> dict[str, Any]:
        """The settings of a draw: key paths and values, as a file would say them."""
        found: dict[str, Any] = {}
        for place, share in zip(self.places, self.sample.shares[draw], strict=True):
            found |= _settings(place, float(share))
        return found


def _settings(place: _Place, share: float) -> Mapping[str, Any]:
    belief = place.drawn.belief
    if belief is None:
        return {p.path: _within_range(p, place.drawn.reach, share) for p in place.members}
    number = float(belief.quantile(np.array([share]))[0])
    numbers = place.numbers or [BelievedNumber(p.path, p.value) for p in place.members]
    return {each.path: each.at(number, belief.times) for each in numbers}


def _within_range(parameter: Parameter, reach: tuple[float, float], share: float) -> Any:
    """The value so far through a published range."""
    low, high = (_number(towards(parameter, side, reach[side])) for side in (0, 1))
    return BelievedNumber(parameter.path, parameter.value).at(low + share * (high - low), times=False)


def _number(value: Any) -> float:
    return parse_duration(value) if isinstance(value, str) else float(value)
