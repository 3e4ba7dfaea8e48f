"""Erlang C and Erlang A, exact: the formulas that a simulated staffing is set beside.

M/M/n+G with survival of patience G(u) = (1 - b) exp(-u / p): a share b leaves at once if it would have to wait. The
virtual wait V has an atom at 0 and, above it, a density proportional to exp(lam H(v) - n mu v), where H(v) is the
integral of G from 0 to v (Baccelli and Hebuterne 1981; Zeltyn and Mandelbaum 2005). Integrals are Gauss-Legendre.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.scenario.targets import MeasureTarget

Floats = npt.NDArray[np.float64]
NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
PANELS = 48
FADES = 45.0
"""Where the density has fallen by exp(-45) nothing is left to integrate."""
MOST_TIMES, MOST_MORE = 4, 60


@dataclass(frozen=True)
class Queue:
    """A queue in a steady state.

    Attributes
    ----------
    rate : contacts a second.
    aht : mean handle time (s).
    patience : mean patience (s); infinite where nobody gives up.
    balk : share that leaves at once if it would have to wait.
    within : the service level's T (s).
    """

    rate: float
    aht: float
    patience: float = math.inf
    balk: float = 0.0
    within: float = 20.0

    @property
    def load(self) -> float:
        """Offered load (erlangs)."""
        return self.rate * self.aht


@dataclass(frozen=True)
class Prediction:
    """What a formula says of a queue; shares and means of all offered unless named otherwise.

    Attributes
    ----------
    p_wait : finds all agents busy.
    answered_within, abandoned_within : answered, or gone, within T.
    abandonment : gives up or balks.
    occupancy : handling over staffed time.
    wait_s : mean wait (s), until answered or gone; nan where there is no steady state.
    """

    p_wait: float
    answered_within: float
    abandoned_within: float
    abandonment: float
    occupancy: float
    wait_s: float

    def measure(self, name: str) -> float:
        """The value of a measure by its name; nan for one that the formula knows nothing of."""
        values = {
            "sl_offered": self.answered_within,
            "sl_excl_abn_in_t": self.answered_within / max(1.0 - self.abandoned_within, 1e-12),
            "sl_credit_abn_in_t": self.answered_within + self.abandoned_within,
            "sl_answered": self.answered_within / max(1.0 - self.abandonment, 1e-12),
            "abandonment_rate": self.abandonment,
            "occupancy": self.occupancy,
        }
        return values.get(name, math.nan)


NOBODY_COMES = Prediction(0.0, 1.0, 0.0, 0.0, 0.0, 0.0)


def predict(queue: Queue, agents: int) -> Prediction:
    """What Erlang A says (Erlang C where nobody gives up).

    Without abandonment and with a load that the agents cannot carry, the queue has no steady state: nobody is answered
    in time and agents are busy all the time.
    """
    if queue.load <= 0.0:
        return NOBODY_COMES
    if agents <= 0:
        return Prediction(1.0, 0.0, 0.0, 1.0, math.nan, queue.patience)
    if math.isinf(queue.patience):
        return _patient(queue, agents)
    return _impatient(queue, agents)


def _patient(queue: Queue, agents: int) -> Prediction:
    """Erlang C; those who balk lower the rate at which the queue grows."""
    rate, drain = queue.rate * (1.0 - queue.balk), agents / queue.aht
    if rate >= drain:
        return Prediction(1.0, 0.0, queue.balk, queue.balk, 1.0, math.nan)
    mass = queue.rate / (drain - rate)
    waits = mass / (_atom(queue.load, agents) + mass)
    late = math.exp(-(drain - rate) * queue.within)
    answered = 1.0 - waits * (queue.balk + (1.0 - queue.balk) * late)
    gone = waits * queue.balk
    wait_s = waits * (1.0 - queue.balk) * queue.aht / max(agents - rate * queue.aht, 1e-12)
    return Prediction(waits, answered, gone, gone, queue.load * (1.0 - gone) / agents, wait_s)


def _impatient(queue: Queue, agents: int) -> Prediction:
    theta, drain, kept = 1.0 / queue.patience, agents / queue.aht, 1.0 - queue.balk

    def log_density(wait: Floats) -> Floats:
        return np.asarray(queue.rate * kept * -np.expm1(-theta * wait) / theta - drain * wait)

    peak = max(0.0, math.log(queue.rate * kept / drain) * queue.patience) if kept > 0.0 else 0.0
    top = float(log_density(np.array([peak]))[0])
    nodes, weights = _points(queue.within, _longest(log_density, peak, top, 1.0 / drain))
    density = np.exp(log_density(nodes) - top) * queue.rate * weights
    atom = math.exp(min(math.log(_atom(queue.load, agents)) - top, 700.0))
    whole = atom + float(density.sum())
    survival = kept * np.exp(-theta * nodes)
    served, early = density * survival, nodes <= queue.within
    answered = (atom + float(served[early].sum())) / whole
    patient_till = kept * np.exp(-theta * np.minimum(nodes, queue.within))
    gone_within = float((density * (1.0 - patient_till)).sum()) / whole
    gone = float((density * (1.0 - survival)).sum()) / whole
    waits = 1.0 - atom / whole
    wait_s = max(gone - queue.balk * waits, 0.0) * queue.patience
    return Prediction(waits, answered, gone_within, gone, queue.load * (1.0 - gone) / agents, wait_s)


def _atom(load: float, agents: int) -> float:
    """The weight of finding an agent free, in units of the chance that exactly one is: 1 + (n-1)/a (1 + ...)."""
    weight = 1.0
    for k in range(1, agents):
        weight = 1.0 + k / load * weight
    return weight


def _longest(log_density: Callable[[Floats], Floats], peak: float, top: float, scale: float) -> float:
    """A wait beyond which the density is nothing."""
    step = scale
    while float(log_density(np.array([peak + step]))[0]) > top - FADES:
        step *= 1.5
    return peak + step


def _points(within: float, longest: float) -> tuple[Floats, Floats]:
    """Nodes and weights on [0, T] and [T, longest], so that T is never inside a panel."""
    parts = [np.linspace(0.0, min(within, longest), PANELS + 1)]
    if longest > within:
        parts.append(np.linspace(within, longest, 4 * PANELS + 1))
    halves = np.concatenate([np.diff(edges) / 2 for edges in parts])
    middles = np.concatenate([(edges[1:] + edges[:-1]) / 2 for edges in parts])
    nodes = middles[:, None] + halves[:, None] * NODES
    return nodes.ravel(), (halves[:, None] * WEIGHTS).ravel()


def least_agents(queue: Queue, targets: Mapping[str, MeasureTarget]) -> int | None:
    """The fewest agents with which the formula meets every target that it knows of; None where no number does."""
    known = {m: target for m, target in targets.items() if not math.isnan(NOBODY_COMES.measure(m))}
    if queue.load <= 0.0 or not known:
        return 0 if queue.load <= 0.0 else None

    def enough(agents: int) -> bool:
        prediction = predict(queue, agents)
        return all(target.met(prediction.measure(m)) for m, target in known.items())

    most = math.ceil(MOST_TIMES * queue.load) + MOST_MORE
    low, high = _around(enough, min(most, math.ceil(queue.load + math.sqrt(queue.load))), most)
    while high - low > 1 and high <= most:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high if high <= most else None


def _around(enough: Callable[[int], bool], start: int, most: int) -> tuple[int, int]:
    """A number that is not enough and one that is, by strides that double from a start; above `most` where none is."""
    stride = 1
    if enough(start):
        while start > 0 and enough(max(0, start - stride)):
            start, stride = max(0, start - stride), 2 * stride
        return max(-1, start - stride), start
    while start < most and not enough(min(most, start + stride)):
        start, stride = min(most, start + stride), 2 * stride
    return start, min(most, start + stride) if start < most else most + 1
