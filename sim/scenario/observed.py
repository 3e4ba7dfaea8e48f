"""Figures of an ACD report, to which a scenario is fitted before it is simulated (docs/observed.md)."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError, WithJsonSchema, model_serializer

from sim.scenario.goals import DEFINITIONS, SHORT_SL
from sim.schema.base import Section, param
from sim.schema.faults import BadValueError, Fault, bad, raise_any
from sim.schema.values import (
    DURATION_SCHEMA,
    SHARE_SCHEMA,
    Seconds,
    choice_reader,
    is_number,
    parse_duration,
    parse_share,
    plain,
)

Name = Literal["aht", "asa", "service_level", "abandonment", "occupancy", "fcr"]
ScaleParameterName = Literal["talk_time", "patience", "resolution", "staff"]
Verdict = Literal["met", "near", "contradictory"]
FIGURES: tuple[Name, ...] = ("aht", "asa", "service_level", "abandonment", "occupancy", "fcr")
SCALE_PARAMETERS: tuple[ScaleParameterName, ...] = ("talk_time", "patience", "resolution", "staff")
OFF = "off"
DECIMALS = re.compile(r"\.([0-9]+)")
WHOLE_PERCENT, WHOLE_SECOND, MILLISECOND = 0.01, 1.0, 0.001


# Figures ----------------------------------------------------------------------


class Figure(Section):
    """One figure of a report.

    Attributes
    ----------
    value
        Seconds, or a share from 0 to 1.
    text
        As it is written.
    """

    value: float
    text: str

    @property
    def unit(self) -> float:
        """Return the unit of the last digit given: at most a second, or a percentage point."""
        text = self.text.strip()
        decimals = DECIMALS.findall(text)
        last = 10.0 ** -len(decimals[-1]) if decimals else 1.0
        if text.endswith("%"):
            return last / 100
        if text.endswith("ms"):
            return MILLISECOND
        if text.endswith("s") or ":" in text:
            return last
        return WHOLE_SECOND if text[-1] in "dhm" else min(last, WHOLE_PERCENT)

    @model_serializer(mode="plain", when_used="json")
    def in_file_form(self) -> str:
        """Return what a file would say."""
        return self.text


def _share(value: Any) -> Figure:
    if isinstance(value, Figure):
        return value
    share = parse_share(value)
    return Figure(value=share, text=plain(value) if is_number(value) else str(value).strip())


def _duration(value: Any) -> Figure:
    if isinstance(value, Figure):
        return value
    seconds = parse_duration(value)
    if seconds == 0:
        raise bad("must be longer than 0s", "Write what the report shows, such as 45s", value)
    return Figure(value=seconds, text=str(value).strip())


class Figures(Section):
    """A figure for the centre as a whole, or one for some of its intents.

    Attributes
    ----------
    centre
        None where they are by intent.
    by_intent
        Empty where there is one for the centre.
    """

    centre: Figure | None = None
    by_intent: dict[str, Figure] = Field(default_factory=dict)

    def items(self) -> list[tuple[str, Figure]]:
        """Return (intent, figure) of each; the intent is empty for the centre."""
        return [("", self.centre)] if self.centre is not None else list(self.by_intent.items())

    @model_serializer(mode="plain", when_used="json")
    def in_file_form(self) -> Any:
        """Return what a file would say."""
        return self.centre.text if self.centre is not None else {k: f.text for k, f in self.by_intent.items()}


def _figures_reader(one: Any) -> Any:
    """Return a reader of a figure, or of a map from intents to figures; an intent may be off."""

    def read(value: Any) -> Figures:
        if isinstance(value, Figures):
            return value
        if not isinstance(value, dict):
            return Figures(centre=one(value))
        by_intent: dict[str, Figure] = {}
        faults: list[Fault] = []
        for name, entry in value.items():
            try:
                by_intent |= {} if entry == OFF else {str(name): one(entry)}
            except BadValueError as error:
                faults += [fault.under(name) for fault in error.faults]
        raise_any(faults)
        if not by_intent:
            raise bad("is an empty map", "Write a figure, or one by intent such as {billing: ...}")
        return Figures(by_intent=by_intent)

    return read


def _centre_only(value: Any) -> Figure:
    if isinstance(value, dict):
        fix = "Agents serve several intents: write one share for the centre, such as 86%"
        raise bad("is a figure of the whole centre", fix, ", ".join(map(str, value)))
    return _share(value)


def _by_intent(schema: dict[str, Any]) -> dict[str, Any]:
    entries = {"anyOf": [schema, {"const": OFF}]}
    return {"anyOf": [schema, {"type": "object", "additionalProperties": entries, "minProperties": 1}]}


ShareFigure = Annotated[Figure, BeforeValidator(_share), WithJsonSchema(SHARE_SCHEMA)]
Shares = Annotated[Figures, BeforeValidator(_figures_reader(_share)), WithJsonSchema(_by_intent(SHARE_SCHEMA))]
Durations = Annotated[Figures, BeforeValidator(_figures_reader(_duration)), WithJsonSchema(_by_intent(DURATION_SCHEMA))]
Occupancy = Annotated[Figure, BeforeValidator(_centre_only), WithJsonSchema(SHARE_SCHEMA)]


class ObservedLevel(Section):
    """A service level as a report shows it; what it leaves open is that of `targets.service_level`."""

    share: ShareFigure = param(..., "Share answered in time")
    within: Seconds | None = param(None, "Time from joining the human queue", source="targets.service_level")
    definition: (
        Annotated[
            Literal["sl_offered", "sl_excl_abn_in_t", "sl_credit_abn_in_t", "sl_answered"],
            BeforeValidator(choice_reader(*DEFINITIONS)),
        ]
        | None
    ) = param(None, "Which of the four service levels", source="targets.service_level")


def _read_level(value: Any) -> Any:
    if isinstance(value, ObservedLevel | dict):
        return value
    match = SHORT_SL.fullmatch(value) if isinstance(value, str) and len(value) < 100 else None
    if match is not None and 0 < float(match[1]) <= 100:
        return {"share": f"{match[1]}%", "within": f"{match[2]}s"}
    try:
        return {"share": _share(value)}
    except BadValueError:
        fix = "Write 78/20, a share such as 78%, or {share: 78%, within: 20s, definition: sl_offered}"
        raise bad("is not a service level", fix, value) from None


def _read_free(value: Any) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, list | tuple):
        raise bad("is not a list", f"Write a list of {', '.join(SCALE_PARAMETERS)}; [] to fit nothing", value)
    faults: list[Fault] = []
    for place, name in enumerate(value):
        try:
            choice_reader(*SCALE_PARAMETERS)(name)
        except BadValueError as error:
            faults += [fault.under(place) for fault in error.faults]
        if name in value[:place]:
            faults.append(Fault("is named twice", "", (place,), name))
    raise_any(faults)
    return tuple(value)


# What came of it --------------------------------------------------------------


class Gap(Section):
    """A figure of the report beside that of the fitted model: seconds, or shares from 0 to 1.

    Attributes
    ----------
    figure, intent
        Which; the intent is empty for the centre.
    yours, unit
        As given, and the unit of its last digit.
    model, low, high
        The model's, with its 95 % confidence interval.
    verdict
        ``met`` within the interval, widened by half a unit; ``near`` within 10 % of a duration or 3 points of a share;
        ``contradictory`` beyond.
    """

    figure: Name
    intent: str = ""
    yours: float
    unit: float
    model: float
    low: float
    high: float
    verdict: Verdict


class Rescaling(Section):
    """What was rescaled, and how far.

    Attributes
    ----------
    dial, intent
        Which scale parameter; the intent is empty for the whole centre.
    factor
        Of talk time, patience and staff; of the odds of resolution.
    before, after
        What it comes to: mean seconds, mean resolution, agents on average.
    at_bound
        Whether it stopped where a scale parameter ends.
    """

    dial: ScaleParameterName
    intent: str = ""
    factor: float
    before: float
    after: float
    at_bound: bool = False


class FitOutcome(Section):
    """What a scenario was fitted to, and what came of it.

    Attributes
    ----------
    document
        Name of the scenario in whose file the figures stand.
    seed, replications
        Of the model's figures.
    within, definition
        Of the service level: seconds, and which of the four.
    """

    document: str
    seed: int
    replications: int
    within: float
    definition: str
    gaps: tuple[Gap, ...]
    turns: tuple[Rescaling, ...]


def _read_outcome(value: Any) -> FitOutcome:
    if isinstance(value, FitOutcome):
        return value
    try:
        return FitOutcome.model_validate(value)
    except ValidationError:
        raise bad("is not what ccsim wrote", "Remove it: the scenario is then fitted anew") from None


class Observed(Section):
    """What the centre's own report shows, with whatever fatigue, tenure and frustration its floor has."""

    aht: Durations | None = param(None, "Talk, hold and wrap-up of those answered; or by intent", off=True)
    asa: Durations | None = param(None, "Mean wait of those answered; or by intent", off=True)
    service_level: Annotated[ObservedLevel, BeforeValidator(_read_level)] | None = param(
        None, "78/20, a share, or {share: 78%, within: 20s, definition: sl_offered}", off=True
    )
    abandonment: Shares | None = param(None, "Share that abandons or balks; or by intent", off=True)
    occupancy: Occupancy | None = param(None, "Handling / (handling + available), of the whole centre", off=True)
    fcr: Shares | None = param(None, "Resolved at the first handled contact; or by intent", off=True)
    free: Annotated[
        tuple[ScaleParameterName, ...],
        BeforeValidator(_read_free),
        WithJsonSchema({"type": "array", "items": {"enum": list(SCALE_PARAMETERS)}, "uniqueItems": True}),
    ] = param(
        SCALE_PARAMETERS[:3], "What may be rescaled: talk_time, patience, resolution, staff", source="staff is known"
    )
    fitted: Annotated[FitOutcome, BeforeValidator(_read_outcome)] | None = param(None, hidden=True)

    def figures(self) -> list[tuple[Name, str, Figure]]:
        """Return (name, intent, figure) of each in the order of the file format; the intent is empty for the centre."""
        figures: list[tuple[Name, str, Figure]] = []
        for name in FIGURES:
            value = getattr(self, name)
            if isinstance(value, Figures):
                figures += [(name, intent, figure) for intent, figure in value.items()]
            elif value is not None:
                figures.append((name, "", value.share if isinstance(value, ObservedLevel) else value))
        return figures

    def rescaled(self) -> tuple[ScaleParameterName, ...]:
        """Return what is rescaled: free, and with a figure that it can bring about."""
        wait = any(getattr(self, name) is not None for name in ("asa", "service_level", "abandonment"))
        needed = {
            "talk_time": self.aht is not None,
            "patience": wait,
            "resolution": self.fcr is not None,
            "staff": wait or self.occupancy is not None,
        }
        return tuple(parameter for parameter in SCALE_PARAMETERS if parameter in self.free and needed[parameter])


__all__ = [
    "FIGURES",
    "SCALE_PARAMETERS",
    "Figure",
    "Figures",
    "FitOutcome",
    "Gap",
    "Name",
    "Observed",
    "ObservedLevel",
    "Rescaling",
    "ScaleParameterName",
    "Verdict",
]
