"""The fewest agents that meet the targets, the shifts that cover them, what the bot must resolve to free some, and how
many it frees at a service that is no worse.
"""

from sim.study.staffing.no_worse import no_worse
from sim.study.staffing.no_worse_result import Freed, GroupFreed, NoWorse, NoWorsePlan
from sim.study.staffing.release import Release, release
from sim.study.staffing.shifts import ShiftPlan, ShiftRules
from sim.study.staffing.staff import Miss, StaffResult, staff

__all__ = [
    "Freed",
    "GroupFreed",
    "Miss",
    "NoWorse",
    "NoWorsePlan",
    "Release",
    "ShiftPlan",
    "ShiftRules",
    "StaffResult",
    "no_worse",
    "release",
    "staff",
]
