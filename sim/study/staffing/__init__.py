"""The fewest agents that meet the targets, the shifts that cover them, and what the bot must resolve to free some."""

from sim.study.staffing.release import Release, release
from sim.study.staffing.shifts import ShiftPlan, ShiftRules
from sim.study.staffing.staff import Miss, StaffResult, staff

__all__ = ["Miss", "Release", "ShiftPlan", "ShiftRules", "StaffResult", "release", "staff"]
