"""Every number that a mechanism hands to the engines, in one record: `parameters.bot.opt_out`.

The groups are those of `sim.mechanisms`, each as its file declares it; a mechanism that is off has its defaults, which
are neutral. Beside them stand what customers do by themselves, and the centre.
"""

from collections import namedtuple
from dataclasses import dataclass
from typing import Any, NamedTuple, get_type_hints

import numpy as np
import numpy.typing as npt

from sim.engine.distributions import Distributions
from sim.mechanisms import built_in, own
from sim.mechanisms.callback import CallbackParameters
from sim.mechanisms.workforce import Workforce
from sim.rng.scores import to_us
from sim.scenario.model import Distribution, Scenario

Floats = npt.NDArray[np.float64]
UNLIMITED = 2**62
CODES: dict[Any, str] = {int: "i8", float: "f8", bool: "i1"}
"""The array type of each field of a numeric row."""


class CustomerParameters(NamedTuple):
    """How customers balk, redial and come back; delays are rows of the distributions."""

    balk: float = 0.0
    max_attempts: int = UNLIMITED
    redial: float = 0.0
    redial_next_day: float = 0.0
    redial_delay: int = 0
    repeat: float = 0.0
    repeat_delay: int = 0
    false_return: float = 0.0
    false_delay: int = 0
    straight: float = 0.0
    silent: float = 0.0
    silent_us: int = 0


class CentreParameters(NamedTuple):
    """Whether waiting customers are still served after close, and where agents' tenure is drawn from."""

    drains: bool = False
    tenure: int = 0


GROUPS: dict[str, Any] = {
    "customers": CustomerParameters,
    "centre": CentreParameters,
    "callback": CallbackParameters,
    **{mechanism.name: mechanism.parameters for mechanism in built_in() if mechanism.parameters._fields},
}
"""The groups of parameters, by name."""

OF_INTENTS: dict[str, Any] = {m.name: m.of_intents for m in built_in() if m.of_intents is not None}
"""The parameters that mechanisms have by intent."""

_namedtuple: Any = namedtuple
Parameters: Any = _namedtuple("Parameters", GROUPS)
"""All groups; those that are off are neutral."""


def dtype_of(row: Any) -> "np.dtype[Any]":
    """The array type of a NamedTuple of numbers."""
    return np.dtype([(name, CODES[kind]) for name, kind in get_type_hints(row).items()], align=True)


def nested(groups: dict[str, Any]) -> list[tuple[str, "np.dtype[Any]"]]:
    """Groups as the fields of a row."""
    return [(name, dtype_of(group)) for name, group in groups.items()]


@dataclass(frozen=True)
class NumberMaker:
    """What laws may ask for (`sim.mechanisms.declaration.Numbers`).

    Attributes
    ----------
    volume : (days, intervals) the arrivals that normalise profiles.
    """

    scenario: Scenario
    distributions: Distributions
    volume: Floats

    def distribution(self, dist: Distribution | None) -> int:
        """The row of a distribution among the engine's; of None that of nothing, always 0 s."""
        return 0 if dist is None else self.distributions.put(dist, self.volume)

    def us(self, seconds: float) -> int:
        """Seconds as whole microseconds."""
        return to_us(seconds)


def make_parameters(scenario: Scenario, distributions: Distributions, volume: Floats) -> Any:
    """Return the parameters of a scenario; `volume` (days, intervals) are the arrivals that normalise profiles."""
    numbers = NumberMaker(scenario, distributions, volume)
    groups: dict[str, Any] = {
        "customers": _customers(scenario, numbers),
        "centre": _centre(scenario, numbers),
        "callback": _callback(scenario, numbers),
    }
    for mechanism in built_in():
        section = getattr(scenario, mechanism.name)
        if mechanism.name in GROUPS:
            groups[mechanism.name] = mechanism.parameters() if section is None else mechanism.law(section, numbers)
    return Parameters(**groups)


def own_parameters(scenario: Scenario, distributions: Distributions, volume: Floats) -> dict[str, Any]:
    """Return the parameters of the users' mechanisms that are on, by name."""
    numbers = NumberMaker(scenario, distributions, volume)
    sections = ((mechanism, getattr(scenario, mechanism.name, None)) for mechanism in own())
    return {mechanism.name: mechanism.law(section, numbers) for mechanism, section in sections if section is not None}


def of_intent(scenario: Scenario, intent: Any, index: int) -> tuple[Any, ...]:
    """The parameters that mechanisms have for an intent, group by group."""
    rows = []
    for mechanism in built_in():
        section = getattr(scenario, mechanism.name)
        if mechanism.intent_law is not None:
            rows.append(mechanism.of_intents() if section is None else mechanism.intent_law(section, intent, index))
    return tuple(rows)


def _customers(scenario: Scenario, numbers: NumberMaker) -> CustomerParameters:
    people = scenario.customers
    redial, repeat = people.redial, people.repeat
    false = repeat.falsely_contained if repeat else None
    return CustomerParameters(
        balk=people.balk,
        max_attempts=people.max_attempts or UNLIMITED,
        redial=redial.probability if redial else 0.0,
        redial_next_day=redial.next_day if redial else 0.0,
        redial_delay=numbers.distribution(redial.delay if redial else None),
        repeat=repeat.probability if repeat else 0.0,
        repeat_delay=numbers.distribution(repeat.delay if repeat else None),
        false_return=false.probability if false else 0.0,
        false_delay=numbers.distribution(false.delay if false else None),
        straight=people.straight_to_human,
        silent=people.silent_leave or 0.0,
        silent_us=numbers.us(people.silent_timeout),
    )


def _callback(scenario: Scenario, numbers: NumberMaker) -> CallbackParameters:
    offer = scenario.customers.callback
    if offer is None:
        return CallbackParameters()
    return CallbackParameters(
        True,
        offer.offer_above,
        offer.accepts,
        offer.keeps_place,
        offer.answers,
        offer.attempts,
        numbers.us(offer.ring),
        numbers.us(offer.between),
        numbers.us(offer.expires),
    )


def differ_in_tenure(scenario: Scenario) -> bool:
    """Whether anything reads how long agents have been in the job."""
    by_tenure = any(isinstance(group.concurrency, dict) for group in scenario.agents.values())
    return by_tenure or any(part is not None for part in (scenario.workforce, scenario.assistant, scenario.attrition))


def _centre(scenario: Scenario, numbers: NumberMaker) -> CentreParameters:
    force = scenario.workforce
    differ = differ_in_tenure(scenario)
    tenure = (force or Workforce()).tenure if differ else None
    return CentreParameters(scenario.calendar.at_close == "drain", numbers.distribution(tenure))
