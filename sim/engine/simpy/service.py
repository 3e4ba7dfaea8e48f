"""What happens between an agent and a contact: how long it takes and whether it helps."""

from typing import Any

from sim.engine.parameter_table import ParameterTable
from sim.engine.records import Cause
from sim.engine.rules.handle_time import needed_talk, shortened_wrap_up
from sim.engine.simpy.draws import Draws
from sim.engine.simpy.people import Agent, Contact
from sim.mechanisms import fatigue as tired
from sim.mechanisms import frustration as upset
from sim.mechanisms.mistreatment import mistreatment_probability
from sim.mechanisms.pace import is_pressed, running_mean, squeeze, squeezed_logit
from sim.mechanisms.resolution import expit, resolution_logit
from sim.mechanisms.supervisor import supervised_share
from sim.mechanisms.workforce import less_points
from sim.rng.purposes import Purpose
from sim.rng.scores import to_us


class Service:
    """Draws and laws of a service, and the running mean that a handle-time target steers by."""

    def __init__(self, table: ParameterTable, luck: Draws) -> None:
        self.laws = table.laws
        self._luck = luck
        self._moments = list(table.moments)
        self._speed = table.speed.tolist()
        self._running = table.pace_start.tolist()

    def prepare(self, contact: Contact) -> None:
        """Draw T0, before any effect, for a contact that joins the queue."""
        who, intent = contact.customer, contact.intent
        contact.base_s = self._luck.base_talk(who, intent, contact.attempt)
        contact.scale = self._luck.scale(intent.talk, contact.place)
        contact.stated_us = to_us(intent.talk_s * contact.scale)
        contact.wrap_us = to_us(self._luck.time(who, Purpose.WRAP_UP, contact.attempt, intent.wrap, contact.place))

    def perform(self, contact: Contact, agent: Agent) -> None:
        """Settle a service at its start: mistreatment, talk and wrap-up, resolution."""
        laws, who, own = self.laws, contact.customer, agent.own
        contact.frustration, contact.fatigue = who.frustration, agent.fatigue
        rise = who.frustration - laws.frustration.start
        intercept = laws.mistreatment.intercept + own.mistreatment
        chance = mistreatment_probability(who.frustration, intercept, laws.mistreatment.slope)
        contact.mistreated = laws.mistreatment.on and self._luck.chance(
            who, Purpose.MISTREATED, contact.attempt, chance
        )
        needed, *parts = self._needed(contact, rise, agent)
        contact.parts_us = tuple(parts)
        mean = self._running[contact.intent.pace.mean]
        factor = squeeze(mean, contact.intent.pace.target_s, laws.pace.push)
        contact.natural_talk_us, contact.talk_us = to_us(needed), to_us(needed * factor)
        self._wrap_up(contact, agent)
        pressed = is_pressed(mean, contact.intent.pace.target_s, laws.pace.sends_away_below)
        pressed = pressed and contact.cause is not Cause.TRANSFER
        contact.transferred = pressed and self._luck.chance(
            who, Purpose.SENT_AWAY, contact.attempt, laws.pace.sends_away
        )
        contact.resolved = not contact.transferred and self._resolves(contact, rise, factor, agent)

    def _needed(self, contact: Contact, rise: float, agent: Agent) -> tuple[Any, ...]:
        laws, own, moments = self.laws, agent.own, self._moments[contact.customer.intent]
        log_mean = contact.intent.log_mean
        spread = tired.spread_talk_time(contact.base_s, agent.fatigue, laws.fatigue.spread, log_mean, moments)
        return needed_talk(
            contact.base_s * contact.scale,
            spread * contact.scale,
            upset.talk_factor(rise, laws.frustration.talk),
            tired.talk_factor(agent.fatigue, laws.fatigue.talk),
            own.tenure,
            own.redundancy,
            own.speed,
            self._speed[agent.group][contact.intent.skill],
            own.assistant,
            own.extra_s,
            laws.bot.lost_context_s if contact.context_lost else 0.0,
            laws.screens.added_s,
        )

    def _wrap_up(self, contact: Contact, agent: Agent) -> None:
        """What the assistant does to wrap-up: it writes the summary, and is corrected."""
        own, laws, who = agent.own, self.laws, contact.customer
        if not own.uses:
            return
        shorter = shortened_wrap_up(contact.wrap_us, own.summary)
        contact.summary_us = shorter - contact.wrap_us
        if self._luck.chance(who, Purpose.CLEANUP, contact.attempt, laws.assistant.cleanup):
            spent = self._luck.time(
                who, Purpose.CLEANUP_TIME, contact.attempt, laws.assistant.cleanup_time, contact.place
            )
            contact.cleanup_us = to_us(spent)
        contact.wrap_us = shorter + contact.cleanup_us

    def _resolves(self, contact: Contact, rise: float, factor: float, agent: Agent) -> bool:
        laws, who, own = self.laws, contact.customer, agent.own
        logit = resolution_logit(
            contact.intent.resolution_base,
            contact.intent.resolution_slope,
            who.difficulty,
            laws.frustration.resolution,
            rise,
            laws.fatigue.resolution,
            contact.fatigue,
        )
        chance = expit(squeezed_logit(logit + own.logit, factor, laws.pace.slope))
        return self._luck.chance(who, Purpose.RESOLUTION, contact.attempt, less_points(chance, own.points))

    def takes_supervisor(self, contact: Contact, agent: Agent) -> bool:
        """Whether an agent may not decide a contact alone."""
        laws, who, intent = self.laws, contact.customer, contact.intent
        if not laws.supervisor.on or agent.group == laws.supervisor.group or contact.transferred:
            return False
        share = supervised_share(
            who.difficulty, intent.supervisor.easy, intent.supervisor.hard, laws.supervisor.difficult_above
        )
        return self._luck.chance(who, Purpose.SUPERVISED, contact.attempt, share)

    def build_up(self, agent: Agent, mistreated: bool) -> float:
        """How fast a contact tires an agent (an hour)."""
        laws = self.laws
        return tired.build_rate(
            laws.fatigue.build_per_hour * agent.own.build_up, laws.fatigue.mistreatment_weight, mistreated
        )

    def handled(self, contact: Contact) -> None:
        """Count a finished contact in the running mean of unsqueezed handle times."""
        mean = contact.intent.pace.mean
        handled_s = (contact.natural_talk_us + contact.supervisor_us + contact.wrap_us) / 1e6
        self._running[mean] = running_mean(self._running[mean], handled_s)
