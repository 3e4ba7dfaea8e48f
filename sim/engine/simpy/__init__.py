"""The reference engine, in SimPy: written to be read.

`customer` follows one customer as one process; `floor` says who takes whom; `attendance` says who is at work; `clock`
puts simultaneous events into the written order. What becomes of a contact is said by `sim.engine.rules`.
"""

from sim.engine.simpy.replication import run_simpy

__all__ = ["run_simpy"]
