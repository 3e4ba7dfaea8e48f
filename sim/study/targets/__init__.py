"""Staffing against handle-time targets: which cells meet the targets, what they cost, and how sure that is."""

from sim.study.targets.search import TargetsResult, targets

__all__ = ["TargetsResult", "targets"]
