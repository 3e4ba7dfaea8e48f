"""Control variates: sums whose mean is exactly zero, whatever the queue does, and that move with the waits.

Waits in heavy traffic converge slowly: a million contacts leave more than a tenth of doubt about the mean wait of a
hundred agents at 95 %. Most of that doubt is luck in the arrivals and the service times, and that luck can be seen in
the records:

- arrivals: how many came, less how many were expected;
- work: each service time less its mean;
- crowd: the queue that each arrival found, less the rate times the time-integral of the queue (Poisson arrivals see
  time averages, Wolff 1982);
- burden: each service time less its mean, times the queue at its start.

A regression on them takes that luck out (Lavenberg and Welch 1981). A wrong rate or service time cannot hide behind the
regression, because the controls themselves are checked for mean zero in the same family.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.engine.records import Outcome


@dataclass(frozen=True)
class Controls:
    """What theory knows of the luck of a case.

    Attributes
    ----------
    expected : contacts expected in the time measured of one replication.
    mean_s : mean handle time (s).
    steady : whether the arrival rate is constant, so that arrivals see time averages.
    """

    expected: float
    mean_s: float
    steady: bool = True

    def of(self, records: Any, frame: Any) -> dict[str, float]:
        """Return the controls of one replication, each a share of what it is compared with."""
        contacts = records.contacts
        joined = contacts[contacts["joined_us"] >= 0]
        start, end = int(frame.starts[0]), int(frame.ends[-1])
        inside = (joined["joined_us"] >= start) & (joined["joined_us"] < end)
        answered = joined[joined["outcome"] == Outcome.ANSWERED]
        served = answered[(answered["left_us"] >= start) & (answered["left_us"] < end)]
        deviation = (served["talk_us"] + served["wrap_us"]) / 1e6 / self.mean_s - 1.0
        found = {
            "arrivals": inside.sum() / self.expected - 1.0,
            "work": deviation.sum() / self.expected,
            "burden": (deviation * waiting(joined, served["left_us"])).sum() / self.expected,
        }
        if self.steady:
            stay = np.minimum(joined["left_us"], end) - np.maximum(joined["joined_us"], start)
            mean_queue = np.maximum(stay, 0).sum() / (end - start)
            seen = waiting(joined, joined["joined_us"][inside]).sum() / self.expected
            found["crowd"] = seen - mean_queue
        return {name: float(value) for name, value in found.items()}


def waiting(joined: Any, times: Any) -> Any:
    """How many wait just before each moment."""
    came, went = np.sort(joined["joined_us"]), np.sort(joined["left_us"])
    return np.searchsorted(came, times) - np.searchsorted(went, times)


def intercept(values: np.ndarray, controls: np.ndarray) -> tuple[float, float, int]:
    """Regression of values on controls with mean zero: the intercept, its standard error, its degrees of freedom."""
    moving = controls[:, controls.std(axis=0) > 1e-12]
    design = np.column_stack([np.ones(len(values)), moving / moving.std(axis=0)])
    fit, *_ = np.linalg.lstsq(design, values, rcond=None)
    freedom = len(values) - design.shape[1]
    variance = ((values - design @ fit) ** 2).sum() / freedom
    error = np.sqrt(variance * np.linalg.inv(design.T @ design)[0, 0])
    return float(fit[0]), float(error), freedom
