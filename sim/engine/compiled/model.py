"""The scenario as the compiled engine reads it: arrays only, made once, shared by every replication and thread."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.engine.order import Event
from sim.engine.plan import Roster, make_roster
from sim.engine.shelf import CODES
from sim.engine.table import Laws, Table
from sim.scenario.model import Scenario
from sim.world.horizon import Horizon
from sim.world.volumes import Volumes, make_volumes

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LAWS = np.dtype([(name, CODES[kind]) for name, kind in Laws.__annotations__.items()])


class Model(NamedTuple):
    """The numeric table and the calendar. Arrays are those of `sim.engine.table.Table` unless said.

    Attributes
    ----------
    laws : (1,) dtype `LAWS`: the mechanisms' scalars.
    latent : (intents,) whether anything reads the difficulty of such a need.
    open_us, close_us : (days,) opening and closing; -1 on a closed day.
    """

    laws: npt.NDArray[Any]
    intents: npt.NDArray[Any]
    latent: npt.NDArray[np.bool_]
    dists: npt.NDArray[Any]
    points: Floats
    profiles: Floats
    moments: Floats
    pace_start: Floats
    preference: Ints
    speed: Floats
    longest_wait: npt.NDArray[np.bool_]
    return_profile: Floats
    open_us: Ints
    close_us: Ints
    measured: npt.NDArray[np.bool_]
    volumes: Volumes
    roster: Roster


@dataclass(frozen=True)
class Sizes:
    """How much room one replication needs for what is bounded by the scenario."""

    agents: int
    groups: int
    intents: int
    team: int
    breaks: int


def make_model(scenario: Scenario, table: Table, horizon: Horizon) -> Model:
    """Lay the numeric table and the calendar out for the compiled engine."""
    intents, laws = table.intents, table.laws
    return Model(
        np.array([tuple(laws)], LAWS),
        intents,
        (intents["weight"] != 0.0) | (intents["resolution_slope"] != 0.0) | (laws.selectivity != 0.0),
        table.dists,
        table.points,
        table.profiles,
        table.moments,
        table.pace_start,
        table.preference,
        table.speed,
        table.longest_wait,
        table.return_profile,
        horizon.open_us,
        horizon.close_us,
        horizon.measured,
        make_volumes(scenario, horizon),
        make_roster(scenario, horizon),
    )


def sizes_of(model: Model) -> Sizes:
    """The most agents of a group, and the most breaks that can be due to one agent."""
    roster = model.roster
    teams = np.diff(roster.first)
    due = roster.events["who"][roster.events["kind"] == int(Event.BREAK_DUE)]
    breaks = int(np.bincount(due).max()) if due.size else 0
    return Sizes(roster.group_of.size, teams.size, model.intents.size, int(teams.max(initial=0)), breaks)
