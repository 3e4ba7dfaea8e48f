"""One page for who has to decide: how many can go, and what comes of it (docs/decide.md)."""

from sim.study.decide.decision import Decision, decide

__all__ = ["Decision", "decide"]
