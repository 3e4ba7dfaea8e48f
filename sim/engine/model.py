"""The scenario as both engines read it: made once, shared by every replication and thread."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.demand.horizon import Horizon
from sim.demand.volumes import Volumes, make_volumes
from sim.engine.agents import Hiring, hiring_of
from sim.engine.beforehand import Beforehand, make_beforehand
from sim.engine.concurrency import has_channels, make_concurrency
from sim.engine.crew import Crew
from sim.engine.memory import address_of
from sim.engine.parameter_table import ParameterTable
from sim.engine.parameters import GROUPS, differ_in_tenure, nested
from sim.engine.plan import Roster, make_roster
from sim.engine.predrawn import PredrawnPurposes, latent_intents, predrawn_purposes
from sim.engine.records import NEVER, Event
from sim.engine.rows import DEFERRED
from sim.engine.rules.moments import steps_of
from sim.engine.rules.own import OwnMechanisms, make_own, make_routing
from sim.mechanisms.bot import UNLIMITED
from sim.mechanisms.fatigue import NEVER as NOBODY_SO_TIRED
from sim.scenario.model import Scenario

ARRAYS = (
    "intents", "dists", "points", "profiles", "moments", "pace_start", "preference", "speed", "longest_wait",
    "return_profile", "give_up", "bot_opens", "bot_closes", "latent", "open_us", "close_us", "measured", "edges",
    "intervals", "name", "ordinal", "first", "group_of", "counted", "slot", "made", "steps", "own_talk", "own_patience",
    "own_resolution", "lengths", "attention", "caps", "more_hands", "several", "by_slots", "overflow_us", "limit",
    "keep_idle", "skill_start",
)  # fmt: skip
"""Arrays of `ParameterTable`, `Horizon`, `Volumes` and `Roster`, and `latent`: (intents,) whether anything reads the
difficulty of such a need; `slot` and `made` of `PredrawnPurposes`; `steps`: the codes of the factors on talk, in order
(`sim.engine.rules.moments`); the arrays of `OwnMechanisms`; those of `Concurrency`. Booleans are int64."""

SIZES = (
    "n_intents",
    "n_skills",
    "n_groups",
    "n_agents",
    "n_days",
    "n_intervals",
    "n_means",
    "n_moments",
    "n_draws",
    "team",
    "due",
    "n_give_up",
    "paces",
    "pauses",
    "n_steps",
    "n_own",
    "n_own_patience",
    "n_own_resolution",
    "routing",
    "parted",
    "channels",
    "levels",
    "n_caps",
    "n_more_hands",
    "beside",
    "calls_back",
    "deferred",
    "interrupts",
    "overflows",
    "limits",
)
"""`n_draws`: the draws of first attempts made beforehand; `team`: the most agents of a group; `due`: the most breaks
that can be due to one agent; `paces`: whether there is a handle-time target; `pauses`: whether a pause may follow a
contact; `parted`: whether what each factor adds to a talk is written down; `n_own`: users' factors that are on;
`routing`: the address of a user's rule of who takes whom, or 0; `channels`: whether some intent is no phone call;
`levels`: the most chats of anybody; `beside`: whether there are rows beside the contacts; `calls_back`: whether
customers are offered a call-back; `deferred`, `interrupts`: whether there is such work, and such as is put aside;
`overflows`, `limits`: whether groups help out later, and whether waiting places are counted."""

BY_PHONE = {
    "channels": 0,
    "levels": 1,
    "beside": 0,
    "calls_back": 0,
    "deferred": 0,
    "interrupts": 0,
    "overflows": 0,
    "limits": 0,
}
"""What these sizes are where nothing goes beyond a telephone line."""

MODEL = np.dtype(nested(GROUPS) + [(name, "i8") for name in (*ARRAYS, *SIZES)], align=True)
"""The mechanisms' parameters, the addresses of the arrays, and sizes."""


@dataclass(frozen=True)
class CompiledModel:
    """A scenario's record, the arrays that it points to, and what arrivals and plans are made of.

    Attributes
    ----------
    record : (1,) dtype `MODEL`.
    arrays : keeps the arrays alive.
    own, routing : users' mechanisms; a user's rule of who takes whom, or None.
    beforehand : what else is drawn before the first event.
    wanted, hiring : what first attempts and agents are drawn from; differs : whether agents differ at all.
    """

    record: npt.NDArray[Any]
    arrays: dict[str, npt.NDArray[Any]]
    wanted: PredrawnPurposes
    hiring: Hiring
    differs: bool
    own: OwnMechanisms
    routing: Any
    volumes: Volumes
    roster: Roster
    beforehand: Beforehand

    def size(self, name: str) -> int:
        """One of `SIZES`."""
        return int(self.record[name][0])

    def parameter(self, group: str, name: str) -> float:
        """One of the parameters."""
        return float(self.record[group][name][0])

    @cached_property
    def by_phone(self) -> bool:
        """Whether nothing goes beyond a telephone line."""
        return all(self.size(name) == size for name, size in BY_PHONE.items())

    def without_predrawn(self) -> "CompiledModel":
        """The same, but every draw is made when it is needed."""
        nowhere = {name: np.full_like(self.arrays[name], -1) for name in ("slot", "made")}
        arrays, record = self.arrays | nowhere, self.record.copy()
        for name in nowhere:
            record[name] = address_of(arrays[name])
        return replace(self, record=record, arrays=arrays)


def make_model(
    scenario: Scenario,
    table: ParameterTable,
    horizon: Horizon,
    parts: bool | None = None,
    rule: Callable[..., float] | None = None,
    crew: Crew | None = None,
) -> CompiledModel:
    """Lay the numeric table and the calendar out for the engines.

    Parameters
    ----------
    parts : whether to write down what each factor adds to a talk; None for yes.
    rule : a user's rule of who takes whom (`sim.engine.rules.own.make_routing`).
    crew : who the agents are, where they are not the roster's own.
    """
    routing = make_routing(rule) if rule else None
    volumes, roster = make_volumes(scenario, horizon), make_roster(scenario, horizon, crew)
    parameters = table.parameters
    known: dict[str, Any] = {**vars(table), **vars(horizon), **volumes._asdict(), **roster._asdict()}
    known["name"] = volumes.name
    known["latent"] = latent_intents(table)
    wanted = predrawn_purposes(table, known["latent"])
    mine = make_own(table.own)
    concurrency = make_concurrency(scenario, roster)
    known |= concurrency._asdict()
    known |= {
        "slot": wanted.slot,
        "made": wanted.made,
        "steps": np.array(steps_of(scenario, mine.steps), np.int64),
        **mine.arrays,
    }
    arrays = {name: _plain(known[name]) for name in ARRAYS}
    wanted = wanted._replace(dists=address_of(arrays["dists"]), points=address_of(arrays["points"]))
    record = np.zeros(1, MODEL)
    for name, value in zip(parameters._fields, parameters, strict=True):
        record[name] = value
    for name, array in arrays.items():
        record[name] = address_of(array)
    sizes = {
        "n_draws": wanted.purpose.size,
        "n_steps": arrays["steps"].size,
        "n_own": len(mine.steps),
        "n_own_patience": arrays["own_patience"].size,
        "n_own_resolution": arrays["own_resolution"].size,
        "routing": routing.address if routing else 0,
        "parted": parts is not False,
        "channels": has_channels(scenario),
        "levels": arrays["lengths"].shape[1] - 1,
        "n_caps": arrays["caps"].shape[1],
        "n_more_hands": concurrency.places,
        **_features(scenario, table),
    }
    for name, size in {**_sizes(table, volumes, roster), **sizes}.items():
        record[name] = size
    hiring, differs = hiring_of(table, roster), differ_in_tenure(scenario)
    before = make_beforehand(scenario, table, horizon)
    return CompiledModel(record, arrays, wanted, hiring, differs, mine, routing, volumes, roster, before)


def _features(scenario: Scenario, table: ParameterTable) -> dict[str, int]:
    """Which of the rules that go beyond a telephone line are asked for."""
    parameters, intents = table.parameters, table.intents
    spills = parameters.bot.max_sessions < UNLIMITED or parameters.bot.down_days > 0
    return {
        "beside": has_channels(scenario) or parameters.callback.on or spills,
        "calls_back": parameters.callback.on,
        "deferred": bool((intents["channel"] == DEFERRED).any()),
        "interrupts": bool(intents["interruptible"].any()),
        "overflows": bool(table.overflow_us.any()),
        "limits": bool((table.limit < NEVER).any()),
    }


def _plain(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.ascontiguousarray(array.astype(np.int64) if array.dtype == bool else array)


def _sizes(table: ParameterTable, volumes: Volumes, roster: Roster) -> dict[str, int]:
    groups, skills = table.preference.shape
    days, edges = volumes.edges.shape
    due = roster.events["who"][roster.events["kind"] == int(Event.BREAK_DUE)]
    return {
        "n_intents": table.intents.size,
        "n_skills": skills,
        "n_groups": groups,
        "n_agents": roster.group_of.size,
        "n_days": days,
        "n_intervals": edges - 1,
        "n_means": table.pace_start.size,
        "n_moments": table.moments.shape[1],
        "n_give_up": table.give_up.size,
        "pauses": int(table.parameters.fatigue.break_at < NOBODY_SO_TIRED or table.parameters.fatigue.recovery_us > 0),
        "team": int(np.diff(roster.first).max(initial=0)),
        "paces": int((table.intents["pace"]["target_s"] > 0.0).any()),
        "due": int(np.bincount(due).max()) if due.size else 0,
    }
