"""One replication of the reference engine, put together."""

from sim.demand.world import World
from sim.engine.order import Event
from sim.engine.parameter_table import ParameterTable
from sim.engine.plan import Plan
from sim.engine.records import Records, Rows
from sim.engine.simpy.attendance import Attendance
from sim.engine.simpy.clock import Clock, Process
from sim.engine.simpy.customer import Journey
from sim.engine.simpy.draws import Draws
from sim.engine.simpy.floor import Floor
from sim.engine.simpy.log import RecordLog
from sim.engine.simpy.people import Customer
from sim.engine.simpy.service import Service
from sim.engine.simpy.supervisor_queue import SupervisorQueue
from sim.rng.purposes import Purpose
from sim.rng.scores import score_draw


def run_simpy(world: World, table: ParameterTable, plan: Plan, crew: Rows) -> Records:
    """Simulate one replication, customer by customer.

    Parameters
    ----------
    world : who calls.
    table : the scenario as numbers.
    plan : openings, shifts and counts of this replication.
    crew : its agents, dtype `sim.engine.records.CREW`.
    """
    clock, log, luck = Clock(), RecordLog(world, crew), Draws(world.key, table)
    service = Service(table, luck)
    floor = Floor(table, crew, clock, log, service, SupervisorQueue(table, clock, luck, service))
    duty = Attendance(table, plan, clock, floor, log)
    journey = Journey(world, table, clock, luck, floor, duty, log)
    clock.start(_timetable(clock, plan, duty))
    clock.start(_arrivals(clock, world, table, journey))
    clock.run()
    return log.records(world)


def _timetable(clock: Clock, plan: Plan, duty: Attendance) -> Process:
    """The floor's calendar, event by event."""
    for time_us, kind, who, value in plan.events.tolist():
        yield clock.at(time_us, kind, who)
        duty.happen(kind, who, value)


def _arrivals(clock: Clock, world: World, table: ParameterTable, journey: Journey) -> Process:
    """First arrivals: each starts one customer's process."""
    rows = zip(
        world.arrival_us.tolist(),
        world.intent.tolist(),
        world.number.tolist(),
        world.date.tolist(),
        world.name.tolist(),
        strict=True,
    )
    start = min(table.laws.frustration.start + table.laws.expectations.start, 1.0)
    for need, (time_us, intent, number, date, name) in enumerate(rows):
        yield clock.at(time_us, Event.ARRIVAL, need)
        difficulty = score_draw(*world.key, number, date, name, int(Purpose.DIFFICULTY), 0)
        customer = Customer(need, intent, (number, date, name), difficulty, start, trust=table.laws.trust.start)
        clock.start(journey.process(customer))
