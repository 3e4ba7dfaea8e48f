"""What the reference engine writes down, row by row, in the columns of the flat records."""

from typing import Any

import numpy as np

from sim.demand.horizon import DAY_US
from sim.demand.world import World
from sim.engine.limits import too_many
from sim.engine.records import CONTACT, DUTY, NEED, SEGMENT, NeedStatus, Records, Rows, as_rows
from sim.engine.simpy.people import Agent, Contact
from sim.loading.size import most_attempts
from sim.rng.scores import to_us


class RecordLog:
    """Rows in the order in which things ended; `records` puts them into the canonical order."""

    def __init__(self, world: World, crew: Rows) -> None:
        self._contacts: list[tuple[Any, ...]] = []
        self._segments: list[tuple[Any, ...]] = []
        self._duties: list[tuple[Any, ...]] = []
        self._needs: list[tuple[NeedStatus, int, int]] = [(NeedStatus.PENDING, 0, -1)] * world.arrival_us.size
        self._most = most_attempts()
        self._crew = crew

    def contact(self, contact: Contact) -> None:
        """An attempt has ended."""
        if len(self._contacts) >= self._most:
            raise too_many(self._most)
        c, who, day = contact, contact.customer, contact.arrival_us // DAY_US
        self._contacts.append(
            (who.number, c.attempt, who.intent, day, c.cause, c.bot, c.context_lost, c.outcome, c.delayed,
             c.mistreated, c.resolved, c.transferred, c.out_of_hours, c.failed_turns, c.arrival_us, c.bot_us,
             c.joined_us, c.left_us, c.agent, c.group, c.stated_us, to_us(c.base_s * c.scale), *c.parts_us,
             c.natural_talk_us, c.talk_us, c.wrap_us, c.summary_us, c.cleanup_us, c.supervisor, c.supervisor_us,
             c.consultation_us, c.frustration, c.fatigue, who.frustration, who.trust)
        )  # fmt: skip

    def segment(self, agent: Agent, end_us: int) -> None:
        """An agent's spell in one state has ended."""
        if agent.state is not None and end_us > agent.since_us:
            self._segments.append(
                (agent.number, agent.group, agent.state, agent.since_us, end_us, agent.fatigue, agent.rate)
            )

    def duty(self, agent: Agent, end_us: int, left_us: int, fatigue: float) -> None:
        """A spell of duty has ended: its planned end, when the agent really left, and how tired."""
        day = agent.spell_us // DAY_US
        self._duties.append((agent.number, agent.group, day, agent.spell_us, end_us, left_us, fatigue))

    def cancelled_departure(self, group: int, announced_us: int, now_us: int) -> None:
        """A departure announced and cancelled: somebody, unnamed, worked beyond the count in between."""
        day = announced_us // DAY_US
        self._duties.append((-1, group, day, announced_us, announced_us, now_us, np.nan))

    def need(self, number: int, status: NeedStatus, attempts: int, resolved_us: int) -> None:
        """A need has been resolved, lost, or left pending."""
        self._needs[number] = (status, attempts, resolved_us)

    def records(self, world: World) -> Records:
        """Everything, in canonical order. The rows are let go: the log belongs to a run's last cycle of references."""
        needs = np.zeros(world.arrival_us.size, NEED)
        needs["intent"], needs["day"], needs["born_us"] = world.intent, world.day, world.arrival_us
        needs["measured"] = world.horizon.measured[world.day]
        if needs.size:
            needs["status"], needs["attempts"], needs["resolved_us"] = np.array(self._needs, np.int64).T
        records = Records(
            as_rows(self._contacts, CONTACT, ("need", "attempt")),
            as_rows(self._segments, SEGMENT, ("agent", "start_us")),
            as_rows(self._duties, DUTY, ("agent", "start_us", "group", "left_us")),
            needs,
            self._crew,
        )
        for rows in (self._contacts, self._segments, self._duties, self._needs):
            rows.clear()
        return records
