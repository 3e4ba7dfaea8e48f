"""One replication of the reference engine, put together."""

from sim.engine.model import CompiledModel
from sim.engine.records import Event
from sim.engine.rules import entry as rules
from sim.engine.simpy.attendance import Attendance
from sim.engine.simpy.clock import Clock, Process
from sim.engine.simpy.customer import Journey, NoRoomError
from sim.engine.simpy.floor import Floor
from sim.engine.simpy.supervisor_queue import SupervisorQueue
from sim.engine.state import State


def run_simpy(model: CompiledModel, state: State, key: tuple[int, int], needs: int, planned: int) -> bool:
    """Simulate one replication, customer by customer. False if some array was too small.

    Parameters
    ----------
    model : the scenario.
    state : what is written, whose first arrivals, agents and plan are drawn.
    key : the replication's key words.
    needs, planned : how many first arrivals there are, and events of the plan.
    """
    rules.reset(model.record, state.record, *key, needs, planned)
    clock = Clock()
    floor = Floor(model, state, clock)
    supervisors = SupervisorQueue(floor)
    attendance = Attendance(model, state, floor, supervisors)
    journey = Journey(model, floor, attendance)
    clock.acts = {
        Event.PATIENCE_END: journey.give_up,
        Event.OVERFLOW_DUE: journey.overflow,
        Event.CALLBACK_DUE: journey.call_again,
        Event.CALLBACK_EXPIRES: journey.stop_calling,
        Event.BREAK_END: attendance.break_end,
    }
    clock.pair_acts = {
        Event.TALK_END: supervisors.talk_end,
        Event.CONSULT_END: attendance.consult_end,
        Event.HANDLE_END: attendance.handle_end,
        Event.RING_END: journey.ring_end,
        Event.SILENT_END: attendance.silent_end,
    }
    clock.after = attendance.check_drained
    clock.start(_timetable(clock, state, planned, attendance))
    clock.start(_arrivals(clock, state, needs, journey))
    try:
        clock.run()
    except NoRoomError:
        return False
    return not state.number("full")


def _timetable(clock: Clock, state: State, planned: int, attendance: Attendance) -> Process:
    """The floor's calendar, event by event."""
    for time_us, kind, who, value in state.plan[:planned].tolist():
        yield clock.at(time_us, kind, who)
        attendance.act(kind, who, value)


def _arrivals(clock: Clock, state: State, needs: int, journey: Journey) -> Process:
    """First arrivals: each starts one customer's process."""
    for need, time_us in enumerate(state.calls.time[:needs].tolist()):
        yield clock.at(time_us, Event.ARRIVAL, need)
        clock.start(journey.process(need))
