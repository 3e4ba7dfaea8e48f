"""The compiled engine: an event loop over arrays, for speed.

`loop` takes event after event; `customer` follows an attempt, `floor` says who takes whom, `shifts` and `headcount` who
is at work; `events`, `heap` and `lists` keep order. What becomes of a contact is said by `sim.engine.rules`; queues,
routing and departures are written here on their own, so that the equality of the two engines' records tests both.
"""

from sim.engine.compiled.loop import run_compiled

__all__ = ["run_compiled"]
