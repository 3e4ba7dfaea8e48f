"""Figures of an ACD report, to which a scenario is fitted before it is simulated (docs/observed.md)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ValidationError, WithJsonSchema, model_validator

from sim.scenario.figures import (
    Contacts,
    ContactsFigure,
    ContactsOfReport,
    Durations,
    Figure,
    Figures,
    Occupancy,
    ShareFigure,
    Shares,
    read_share,
)
from sim.scenario.goals import DEFINITIONS, SHORT_SL
from sim.schema.base import Section, param
from sim.schema.faults import BadValueError, Fault, bad, raise_any
from sim.schema.values import Seconds, choice_reader

Name = Literal["contacts", "aht", "asa", "service_level", "abandonment", "occupancy", "fcr"]
MEASURES = {
    "contacts": "offered",
    "aht": "aht_s",
    "asa": "asa_s",
    "abandonment": "abandonment_rate",
    "occupancy": "occupancy",
    "fcr": "fcr",
}
"""The measure that each figure speaks of; a service level names its own."""
ScaleParameterName = Literal["arrivals", "talk_time", "patience", "balk", "resolution", "staff"]
Verdict = Literal["met", "near", "given up", "contradictory"]
FIGURES: tuple[Name, ...] = ("contacts", "aht", "asa", "service_level", "abandonment", "occupancy", "fcr")
SCALE_PARAMETERS: tuple[ScaleParameterName, ...] = ("arrivals", "talk_time", "patience", "balk", "resolution", "staff")
SUREST: tuple[Name, ...] = ("contacts", "aht")
"""What an ACD counts and times itself; the others hang on definitions, surveys or few contacts."""
TELL_STAFF = ("contacts", "aht", "occupancy")
"""Together they say how many agents were on the queue: contacts x handle time / occupancy."""


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
        return {"share": read_share(value)}
    except BadValueError:
        fix = "Write 78/20, a share such as 78%, or {share: 78%, within: 20s, definition: sl_offered}"
        raise bad("is not a service level", fix, value) from None


def _list_reader(names: tuple[str, ...], empty: str) -> Any:
    """Return a reader of a list of names, each at most once."""

    def read(value: Any) -> tuple[str, ...]:
        if isinstance(value, str) or not isinstance(value, list | tuple):
            raise bad("is not a list", f"Write a list of {', '.join(names)}; [] to {empty}", value)
        faults: list[Fault] = []
        for place, name in enumerate(value):
            try:
                choice_reader(*names)(name)
            except BadValueError as error:
                faults += [fault.under(place) for fault in error.faults]
            if name in value[:place]:
                faults.append(Fault("is named twice", "", (place,), name))
        raise_any(faults)
        return tuple(value)

    return read


def _list_schema(names: tuple[str, ...]) -> WithJsonSchema:
    return WithJsonSchema({"type": "array", "items": {"enum": list(names)}, "uniqueItems": True})


# What came of it --------------------------------------------------------------


class Gap(Section):
    """A figure of the report beside that of the fitted model: seconds, or shares from 0 to 1.

    Attributes
    ----------
    figure, intent
        Which; the intent is empty for the centre.
    measure
        The measure that it is of; empty where that is the figure's usual one.
    weekday
        Of contacts by weekday, such as ``mon``; else empty.
    yours, unit
        As given, and the unit of its last digit.
    held
        Whether the others had to give way to it.
    model, low, high
        The model's, with its 95 % confidence interval.
    verdict
        ``met`` within the interval, widened by half a unit; ``near`` within 10 % of a duration or 3 points of a share;
        ``given up`` where it gave way to surer ones and is off by up to three times that; ``contradictory`` beyond.
    """

    figure: Name
    intent: str = ""
    measure: str = ""
    weekday: str = ""
    held: bool = False
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
    weekday
        Of arrivals by weekday, such as ``mon``; else empty.
    factor
        Of arrivals, talk time, patience, balking and staff; of the odds of resolution.
    before, after
        What it comes to: first contacts on an open day, mean seconds, shares, agents on average.
    at_bound
        Whether it stopped where a scale parameter ends.
    """

    dial: ScaleParameterName
    intent: str = ""
    weekday: str = ""
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
    first_contacts, offered
        Of the fitted model on an open day: first contacts, and contacts that reach agents; 0 where not kept.
    given_up
        Places of figures that gave way to surer ones, such as ``occupancy`` or ``contacts.mon``.
    """

    document: str
    seed: int
    replications: int
    within: float
    definition: str
    gaps: tuple[Gap, ...]
    turns: tuple[Rescaling, ...]
    first_contacts: float = 0.0
    offered: float = 0.0
    given_up: tuple[str, ...] = ()


def _read_outcome(value: Any) -> FitOutcome:
    if isinstance(value, FitOutcome):
        return value
    try:
        return FitOutcome.model_validate(value)
    except ValidationError:
        raise bad("is not what ccsim wrote", "Remove it: the scenario is then fitted anew") from None


class Observed(Section):
    """What the centre's own report shows, with whatever fatigue, tenure and frustration its floor has."""

    contacts: ContactsOfReport | None = param(
        None, "Offered to agents a day, returns among them; or by weekday, or by intent", off=True
    )
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
        BeforeValidator(_list_reader(SCALE_PARAMETERS, "fit nothing")),
        _list_schema(SCALE_PARAMETERS),
    ] = param(
        SCALE_PARAMETERS[:-1],
        "What may be rescaled: arrivals, talk_time, patience, balk, resolution, staff",
        source="staff is known, unless contacts, aht and occupancy together say it",
    )
    hold: Annotated[
        tuple[Name, ...], BeforeValidator(_list_reader(FIGURES, "weigh all alike")), _list_schema(FIGURES)
    ] = param(SUREST, "Figures to which the others give way", source="an ACD counts contacts and times them itself")
    fitted: Annotated[FitOutcome, BeforeValidator(_read_outcome)] | None = param(None, hidden=True)

    @model_validator(mode="before")
    @classmethod
    def _staff_is_told(cls, raw: Any) -> Any:
        """Staff is rescaled too where figures say how much there was, and the file does not say what may be."""
        if isinstance(raw, dict) and "free" not in raw and all(raw.get(name) is not None for name in TELL_STAFF):
            return raw | {"free": SCALE_PARAMETERS}
        return raw

    def figures(self) -> list[tuple[Name, str, Figure]]:
        """Return (name, place, figure) of each in the order of the file format.

        The place is the key path below the figure's name: an intent, a weekday of contacts, or empty for the centre.
        """
        figures: list[tuple[Name, str, Figure]] = []
        for name in FIGURES:
            value = getattr(self, name)
            if isinstance(value, Figures):
                figures += [(name, intent, figure) for intent, figure in value.items()]
            elif isinstance(value, Contacts):
                figures += [(name, item.place, item.figure) for item in value.items()]
            elif value is not None:
                figures.append((name, "", value.share if isinstance(value, ObservedLevel) else value))
        return figures

    def rescaled(self) -> tuple[ScaleParameterName, ...]:
        """Return what is rescaled: free, and with a figure that it can bring about; not what is kept in reserve."""
        wait = any(getattr(self, name) is not None for name in ("asa", "service_level", "abandonment"))
        needed = {
            "arrivals": self.contacts is not None,
            "talk_time": self.aht is not None,
            "patience": wait,
            "balk": False,
            "resolution": self.fcr is not None,
            "staff": wait or self.occupancy is not None,
        }
        return tuple(parameter for parameter in SCALE_PARAMETERS if parameter in self.free and needed[parameter])

    @property
    def may_balk(self) -> bool:
        """Whether the share that leaves at once may be rescaled, should patience alone not bring about the waits."""
        waits = self.asa is not None or self.service_level is not None
        return "balk" in self.free and waits and self.abandonment is not None


__all__ = [
    "FIGURES",
    "SCALE_PARAMETERS",
    "Contacts",
    "ContactsFigure",
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
