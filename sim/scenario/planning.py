"""The months ahead: how demand grows, what the bot comes to, who is hired, let go and moved, and who leaves.

`ccsim plan` reads this section alone: whatever else is asked of a scenario goes on as if it were not there.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema, model_validator
from pydantic_core.core_schema import ValidationInfo

from sim.mechanisms.attrition import TURNOVER_SCHEMA
from sim.scenario.planning_tables import MONTHS, with_table
from sim.scenario.planning_values import (
    MOST_WEEKS,
    TODAY,
    Factor,
    GrowthOfDemand,
    Heads,
    HiringRule,
    MonthNumber,
    People,
    Ramp,
    Reference,
    Rule,
    Seasonality,
    Spread,
    StartMonth,
    Switch,
    read_classes,
    read_yearly,
)
from sim.schema.base import Section, param
from sim.schema.faults import BadValueError, Fault
from sim.schema.values import (
    DAY_S,
    AnyNumber,
    NonNegative,
    Positive,
    PositiveSeconds,
    Seconds,
    Share,
    Text,
    whole_reader,
)

# People ---------------------------------------------------------------------------


class TrainingClass(Section):
    """People who begin their training together."""

    month: MonthNumber = param(..., "Month at whose start it begins, from 1")
    group: Text = param(..., "Group that it joins")
    count: People = param(..., "People")


class LetGo(Section):
    """People who are let go at the start of a month: severance and notice, and no attrition."""

    month: MonthNumber = param(..., "Month at whose start they go, from 1")
    group: Text = param(..., "Group")
    count: People = param(..., "People")


class Transfer(Section):
    """People who change to another group at the start of a month."""

    month: MonthNumber = param(..., "Month at whose start they change, from 1")
    from_group: Text = param(..., "Group that they leave", alias="from")
    to_group: Text = param(..., "Group that they join", alias="to")
    count: People = param(..., "People")
    training: Seconds = param(0.0, "Time until they are on the queue again", source="none unless given")


class HiringAhead(Section):
    """Who is hired, and what it takes."""

    classes: Annotated[tuple[TrainingClass, ...], BeforeValidator(read_classes)] = param(
        (), "Training classes: [{month: 3, group: claims, count: 6}], or {file: hiring.csv} as ccsim plan writes it"
    )
    rule: Rule = param(HiringRule(), "Hired beside them: none, replace, {up_to: 40} or {up_to: {claims: 40}}")
    lead_time: Seconds = param(0.0, "Time from the decision to hire to the first day, of who is hired by a rule")
    training: Seconds = param(
        42 * DAY_S, "Paid training before the first day on the queue", source="practice (evidence 12)", grade="A"
    )
    graduates: Share = param(
        0.85, "Share of a class that ends its training", source="practice (evidence 12)", grade="A", span=".7-.95"
    )
    cost: NonNegative | None = param(
        None, "Hiring one of a class", source="costs.hire unless given", none="as costs.hire"
    )


class AttritionAhead(Section):
    """Who leaves, month by month; what is not given is as in `attrition`."""

    yearly: Annotated[float | None, BeforeValidator(read_yearly), WithJsonSchema(TURNOVER_SCHEMA)] = param(
        None,
        "Leavers of a year over mean heads, at neutral strain and today's mix of tenures; those let go not among them",
        source="attrition.weekly x 52 (Metrigy 31 %, ICMI agrees: evidence 12)",
        grade="M",
        none="as attrition",
    )
    monthly: Share | None = param(
        None,
        "In its place: the chance that a head leaves in a month, new or not",
        source="not used unless given",
        none="as yearly",
    )
    new_factor: NonNegative | None = param(
        None,
        "Hazard of new agents x this; of monthly, 1 unless given",
        source="attrition.new_factor",
        grade="A",
        none="as attrition",
    )
    new_for: PositiveSeconds | None = param(
        None, "How long an agent is new", source="attrition.new_for", grade="A", none="as attrition"
    )
    strain_slope: AnyNumber | None = param(
        None,
        "Log of the hazard + k (the group's mean fatigue - reference) / sd",
        source="attrition.fatigue_slope",
        grade="A",
        none="as attrition",
    )
    reference: Reference = param(
        None, "Mean fatigue at which the yearly share holds: a number, or that of today's week", none=TODAY
    )
    sd: Positive | None = param(
        None, "Spread of mean fatigue between agents", source="attrition.sd", grade="A", none="as attrition"
    )
    mistreatment_slope: AnyNumber = param(
        0.0,
        "Log of the hazard + k (share of contacts mistreated - that of today)",
        source="off unless given: strain holds what mistreatment adds to it",
    )
    feedback: Switch = param(True, "Whether a month's strain moves who leaves at its end")

    @model_validator(mode="after")
    def _one_of_two(self) -> AttritionAhead:
        """Refuse a chance of a month beside a yearly share."""
        if self.yearly is not None and self.monthly is not None:
            raise BadValueError(
                Fault("stands beside yearly", "Write one of yearly and monthly", ("monthly",), key=True)
            )
        return self


class BotAhead(Section):
    """What the bot comes to, month by month."""

    ramp: Ramp = param((1.0,), "Share of the file's containment in force, by month; the last holds")
    drift_cv: Spread = param(
        0.0,
        "Spread of a lognormal factor on it, one step of a random walk a month",
        source="off unless given",
        span="0-.2",
    )


class Supervisors(Section):
    """Supervisors by ratio."""

    agents_each: Positive = param(12.0, "Agents of a supervisor", source="practice", grade="A", span="8-15")
    cost_month: NonNegative = param(0.0, "A supervisor a month", source="not counted unless given")


# The section ----------------------------------------------------------------------


class PlanningHorizon(Section):
    """The months that `ccsim plan` looks ahead, and what happens in them."""

    start: StartMonth | None = param(
        None, "First month, such as 2027-01", source="that of calendar.start", none="that of calendar.start"
    )
    months: MonthNumber = param(MONTHS, "Months", source="a year")
    weeks_a_month: Annotated[
        int,
        BeforeValidator(whole_reader(1, MOST_WEEKS)),
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST_WEEKS}),
    ] = param(1, "Typical weeks simulated of each month, independent of one another")
    growth: GrowthOfDemand | None = param(
        None,
        "Demand: 1% a month on month, a list of factors of each month against today, or {file: growth.csv}",
        off=True,
    )
    seasonality: Seasonality | None = param(None, "Twelve factors, from January to December", off=True)
    bot: BotAhead | None = param(None, "What the bot comes to", off=True)
    heads: dict[Text, Heads] = param(
        {}, "People of each group at the start", source="rostered FTE / contract_share, rounded up"
    )
    hiring: HiringAhead = param(HiringAhead(), "Who is hired")
    let_go: tuple[LetGo, ...] = param((), "Who is let go")
    transfers: tuple[Transfer, ...] = param((), "Who changes to another group")
    attrition: AttritionAhead = param(AttritionAhead(), "Who leaves")
    supervisors: Supervisors | None = param(None, "Supervisors by ratio", off=True)
    budget: NonNegative | None = param(None, "Cash for the whole horizon", off=True)
    peak: Factor | None = param(None, "Demand of a peak week of each month against its typical week", off=True)

    @model_validator(mode="before")
    @classmethod
    def _with_table(cls, value: Any, info: ValidationInfo) -> Any:
        """Put the rows of a table of hiring in its place."""
        groups = (info.context or {}).get("groups", ())
        return with_table(value, groups) if isinstance(value, dict) else value
