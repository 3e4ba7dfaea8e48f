"""Staffing levels as they are written on the command line: multiples or agents at the peak, of all groups or of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import CcsimError
from sim.scenario.model import Scenario
from sim.schema.faults import nearest
from sim.schema.ranges import read_number, read_share, values_of

if TYPE_CHECKING:
    from sim.study.levels import Level


def group_of(scenario: Scenario, flag: str, text: str) -> tuple[tuple[str, ...], str]:
    """The group before `=`, where there is one, and what stands behind it.

    Raises
    ------
    CcsimError
        Where there is no such group.
    """
    group, _, values = text.rpartition("=")
    if group and group not in scenario.agents:
        fix = nearest(group, scenario.agents)
        raise CcsimError(f"{flag}: {group}: is no group of {scenario.name}. Name one of agents. {fix}")
    return ((group,) if group else ()), values


def levels_of(scenario: Scenario, flag: str, text: str) -> list[Level]:
    """The levels of a text such as `70%:110%:5%`, `front=40:56:4` or `80%,90%`.

    Raises
    ------
    CcsimError
        Where it is none.
    """
    from sim.study.levels import by_count, by_factor

    groups, values = group_of(scenario, flag, text)
    if "%" in values:
        return [by_factor(scenario, factor, groups) for factor in values_of(flag, values, read_share)]
    return [by_count(scenario, count, groups) for count in values_of(flag, values, read_number)]
