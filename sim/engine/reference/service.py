"""What happens between an agent and a contact: how long it takes and whether it helps."""

from sim.behaviour import fatigue as tired
from sim.behaviour import frustration as upset
from sim.behaviour.handle import needed_talk
from sim.behaviour.mistreatment import mistreatment_probability
from sim.behaviour.pace import running_mean, squeeze, squeezed_logit
from sim.behaviour.resolution import expit, resolution_logit
from sim.engine.reference.luck import Luck
from sim.engine.reference.people import Agent, Contact
from sim.engine.table import Table
from sim.world.luck import Purpose
from sim.world.scores import to_us


class Service:
    """Draws and laws of a service, and the running mean that a handle-time target steers by."""

    def __init__(self, table: Table, luck: Luck) -> None:
        self.laws = table.laws
        self._luck = luck
        self._moments = list(table.moments)
        self._speed = table.speed.tolist()
        self._running = table.pace_start.tolist()

    def prepare(self, contact: Contact, place: tuple[int, int]) -> None:
        """Draw T0, before any effect, for a contact that joins the queue; place is (day, interval) of its arrival."""
        who, intent = contact.customer, contact.intent
        contact.base_s = self._luck.base_talk(who, intent, contact.attempt)
        contact.scale = self._luck.scale(intent.talk, place)
        wrap = self._luck.time(who, Purpose.WRAP_UP, contact.attempt, intent.wrap, place)
        contact.wrap_us = to_us(wrap)

    def perform(self, contact: Contact, agent: Agent) -> None:
        """Settle a service at its start: mistreatment, talk and wrap-up, resolution."""
        laws, who = self.laws, contact.customer
        contact.frustration, contact.fatigue = who.frustration, agent.fatigue
        rise = who.frustration - laws.start
        contact.mistreated = laws.mistreats and self._luck.chance(
            who,
            Purpose.MISTREATED,
            contact.attempt,
            mistreatment_probability(who.frustration, laws.mistreatment_intercept, laws.mistreatment_slope),
        )
        needed = self._needed(contact, rise, agent)
        mean = self._running[contact.intent.pace_mean]
        factor = squeeze(mean, contact.intent.pace_target_s, laws.push)
        contact.natural_talk_us, contact.talk_us = to_us(needed), to_us(needed * factor)
        contact.resolved = self._resolves(contact, rise, factor)

    def _needed(self, contact: Contact, rise: float, agent: Agent) -> float:
        laws, moments = self.laws, self._moments[contact.customer.intent]
        spread = tired.spread_talk_time(
            contact.base_s,
            agent.fatigue,
            laws.fatigue_spread,
            contact.intent.log_mean,
            moments,
        )
        return needed_talk(
            spread * contact.scale,
            upset.talk_factor(rise, laws.talk_effect),
            tired.talk_factor(agent.fatigue, laws.fatigue_talk),
            self._speed[agent.group][contact.intent.skill],
            laws.lost_context_s if contact.context_lost else 0.0,
        )

    def _resolves(self, contact: Contact, rise: float, factor: float) -> bool:
        laws, who = self.laws, contact.customer
        logit = resolution_logit(
            contact.intent.resolution_base,
            contact.intent.resolution_slope,
            who.difficulty,
            laws.resolution_effect,
            rise,
            laws.fatigue_resolution,
            contact.fatigue,
        )
        chance = expit(squeezed_logit(logit, factor, laws.pace_slope))
        return self._luck.chance(who, Purpose.RESOLUTION, contact.attempt, chance)

    def handled(self, contact: Contact) -> None:
        """Count a finished contact in the running mean of unsqueezed handle times."""
        mean = contact.intent.pace_mean
        handled_s = (contact.natural_talk_us + contact.wrap_us) / 1e6
        self._running[mean] = running_mean(self._running[mean], handled_s)
