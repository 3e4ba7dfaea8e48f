"""A small centre with months ahead of it: two groups, a bot, deferred work, everything that feeds back."""

import sim

CENTRE = """
name: desk
calendar: {start: 2026-11-23, days: 2, hours: "08:00-12:00"}
intents:
  call: {talk_time: 5m, resolution: 80%, arrivals: {per_day: 120}, bot: {containment: 30%}}
  back: {talk_time: 6m, resolution: 90%, arrivals: {per_day: 30}}
  mail: {talk_time: 5m, channel: deferred, due: 4h, arrivals: {per_day: 20}}
customers: {patience: 3m, redial: {}, repeat: {delay: 1h}}
agents:
  front: {skills: [call, mail], staff: 9, absence: 5%}
  second: {skills: [back, mail], shifts: [{count: 4, start: "08:00", length: 4h}]}
targets: {service_level: 80/20, abandonment: 8%, resolution: 80%}
costs: {agent_hour: 30, hire: 4000, severance: 3000, notice: 14d, bot_session: 0.5, bot_month: 900, currency: EUR}
bot: {false_containment: 5%}
frustration: {}
mistreatment: {}
fatigue: {}
workforce: {}
run: {seed: 3, replications: 4, warm_up: 0s, follow_up: 0s}
"""


def desk(horizon: str = "", **settings: object) -> sim.Scenario:
    """The centre with something written under `horizon`."""
    return sim.loads(f"{CENTRE}\nhorizon: {{{horizon}}}", settings)
