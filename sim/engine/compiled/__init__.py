"""The compiled engine: the rules of the reference engine as an event loop over arrays, for speed.

`loop` takes event after event; `customer` follows an attempt, `floor` says who takes whom, `duty` who is at work.
`model` is what a replication reads, `state` what it writes; `lists` and `heap` keep order. The laws, the draws and
the plan are those of the reference engine; queues, routing and departures are written here on their own, so that the
equality of the two engines' records tests both.
"""

from sim.engine.compiled.engine import CompiledEngine

__all__ = ["CompiledEngine"]
