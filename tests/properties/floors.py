"""Agents: skills, counts that rise and fall, shifts with breaks; supervisors whom they ask."""

from typing import Any

from hypothesis import strategies as st

from tests.properties.calendars import SMALL, Document, Scale, by_interval, opening, without_nothing
from tests.properties.people import profiled


@st.composite
def agents(draw: Any, calendar: Document, skills: list[str], scale: Scale = SMALL) -> Document:
    """One to three groups; every skill is known to one of them at least."""
    found = {}
    for number in range(draw(st.integers(1, 3))):
        known = skills if number == 0 else draw(st.permutations(skills))[: draw(st.integers(1, len(skills)))]
        found[f"group{number}"] = draw(group(calendar, list(known), scale))
    return found


@st.composite
def group(draw: Any, calendar: Document, known: list[str], scale: Scale) -> Document:
    """Skills liked in order or equally, at any speed; counts that rise and fall, or shifts with breaks."""
    skills: Any = known
    if draw(st.booleans()):
        skills = {
            s: {"preference": draw(st.integers(1, 2)), "speed": draw(st.sampled_from([0.5, 1, 1.25]))} for s in known
        }
    found: Document = {
        "skills": skills,
        "picks": draw(st.sampled_from(["preference", "longest_wait"])),
        "shrinkage": draw(st.sampled_from([0, 0.3])),
        "absence": draw(st.sampled_from([0, 0, 0.3])),
    }
    if draw(st.booleans()):
        relief = draw(st.sampled_from([None, None, "15m", "40m", "3h"]))
        return found | without_nothing(
            staff=draw(by_interval(calendar, st.integers(0, scale.most_agents))), relief=relief
        )
    return found | {"shifts": draw(st.lists(shift(calendar, scale), min_size=1, max_size=3))}


BREAKS = st.tuples(st.sampled_from([0, 30, 40, 45]), st.sampled_from(["5m", "15m", "15m", "0.0001ms"]))
"""Minutes after the start, and length: breaks may collide, and the last of these is rounded to no time at all."""
DAYS = st.sampled_from([None, None, "mon", "mon-wed", "tue-sun"])


@st.composite
def shift(draw: Any, calendar: Document, scale: Scale = SMALL) -> Document:
    """A line of agents around the hours of Monday, or overnight; with breaks that may collide."""
    span = opening(calendar, 0) or (480, 600)
    start = max(0, min(span[0] + draw(st.sampled_from([-30, 0, 0, 30])), 23 * 60 + 30))
    breaks = draw(st.lists(BREAKS, max_size=3))
    return without_nothing(
        count=draw(st.integers(0, scale.most_agents - 1)),
        start=f"{start // 60:02d}:{start % 60:02d}",
        length=f"{draw(st.sampled_from([60, 120, 135, 600, 1440]))}m",
        breaks=[{"after": f"{after}m", "length": lasts} for after, lasts in breaks],
        days=draw(DAYS),
    )


# Supervisors ----------------------------------------------------------------------------

ASKED = st.fixed_dictionaries(
    {"share": st.sampled_from([0.3, 0.3, 1.0, 1.0, 0.0, {"a": 1.0}])},
    optional={
        "difficult_factor": st.sampled_from([0, 1, 20]),
        "difficult_above": st.sampled_from([-10, 0, 0.5]),
        "discretion": st.sampled_from([0, 0.5, 3]),
    },
)


@st.composite
def with_supervisors(draw: Any, calendar: Document, groups: Document, scale: Scale) -> tuple[Document, Document]:
    """The groups, and the supervisors: a group of their own, first or last, or one that takes contacts too."""
    consultation = profiled(calendar, st.sampled_from([30.0, 60.0, 300.0]), zero=True)
    block = draw(ASKED) | without_nothing(time=draw(st.none() | consultation))
    kind = draw(st.sampled_from(["first", "last", "last", "among them"]))
    if kind == "among them":
        return groups, block | {"group": draw(st.sampled_from(list(groups)))}
    lead = {"lead": draw(group(calendar, ["deciding"], scale))}
    return (lead | groups if kind == "first" else groups | lead), block | {"group": "lead"}
