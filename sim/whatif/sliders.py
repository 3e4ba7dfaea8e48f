"""The sliders of a scenario: what a planner may move, how far, and what it says to the file."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any

from sim.errors import ArgumentError, ScenarioError
from sim.facts.load import contacts_by_intent, handle_time
from sim.loading.load import changed
from sim.scenario.model import Scenario
from sim.schema.base import file_fields
from sim.schema.values import DAY_S
from sim.study.levels import Level, peak_agents, serving, settings_of
from sim.study.sweep.points import only_whole, read_settings
from sim.study.sweep.values import Kind, Span, choice_of, quantity

STAFFING, BOT, AGENTS, CUSTOMERS, YOURS = "Staffing", "Bot", "Agents", "Customers", "Your keys"
ASKED_FOR = "Write --slider KEY=a:b with the lower end first, such as bot.opt_out=0%:40%"
STEPS = 100
"""The most steps that a slider of a key has where nothing else says how fine it is."""


@dataclass(frozen=True)
class Slider:
    """One thing to move.

    Attributes
    ----------
    name : the key of the file, or what stands for several (`staff.GROUP`).
    section, label, note : where it stands on the page, and what it says there.
    kind : share (0 to 1), s (seconds) or number.
    low, high, step : what it can be set to; in the unit of `kind`.
    start : the file's own value; None where it has no single one.
    settings : the keys that a value changes, with their values.
    """

    name: str
    section: str
    label: str
    kind: Kind
    low: float
    high: float
    step: float
    start: float | None
    settings: Callable[[float], Mapping[str, Any]]
    note: str = ""

    def snapped(self, value: float) -> float:
        """The nearest value that can be set.

        Raises
        ------
        ArgumentError
            Outside the ends.
        """
        if not self.low - self.step / 2 <= value <= self.high + self.step / 2:
            raise ArgumentError(f"{self.name}: {value:g} is not between {self.low:g} and {self.high:g}")
        steps = round((value - self.low) / self.step)
        return min(float(_decimal(self.low) + steps * _decimal(self.step)), self.high)


def sliders_of(scenario: Scenario, asked: Iterable[str] = ()) -> tuple[Slider, ...]:
    """The sliders that a scenario has; those asked for come last, in place of one of the same name.

    Parameters
    ----------
    asked : `KEY=a:b` texts.

    Raises
    ------
    ArgumentError
        For a text that is no range.
    ScenarioError
        For a key that there is not, or an end that it does not take.
    """
    own = [_of_key(scenario, text) for text in asked]
    taken = {slider.name for slider in own}
    return (*(slider for slider in _found(scenario) if slider.name not in taken), *own)


def _found(scenario: Scenario) -> Iterator[Slider]:
    yield from _staffing(scenario)
    yield from _concurrency(scenario)
    yield from _pace(scenario)
    yield from _tiring(scenario)
    yield from _bot(scenario)
    yield from _customers(scenario)


# Agents -----------------------------------------------------------------------


def _staffing(scenario: Scenario) -> Iterator[Slider]:
    for name in serving(scenario):
        peak = peak_agents(scenario, [name])
        if peak > 0:
            settings = partial(_staffed, scenario, name)
            note = f"of the file's plan, {peak:.0f} on the queue at its peak"
            yield Slider(staffing_of(name), STAFFING, name, "share", 0.5, 1.5, 0.01, 1.0, settings, note)


def staffing_of(group: str) -> str:
    """The name of the slider of a group's staffing."""
    return f"staff.{group}"


def _staffed(scenario: Scenario, name: str, factor: float) -> Mapping[str, Any]:
    return settings_of(scenario, Level("", {name: factor}))


def _concurrency(scenario: Scenario) -> Iterator[Slider]:
    for name, group in scenario.agents.items():
        cap, most = group.concurrency, group.highest_concurrency
        if most > 1:
            key, high = f"agents.{name}.concurrency", float(max(6, 2 * most))
            settings, note = _one_key(key, "number"), ""
            if isinstance(cap, dict):
                settings = partial(_caps, key, cap)
                caps = ", ".join(str(chats) for chats in cap.values())
                note = f"the highest of {caps} by time in the job; the others move with it"
            label = f"{name}: most chats at once"
            yield Slider(key, AGENTS, label, "number", 1.0, high, 1.0, float(most), settings, note)


def _caps(key: str, caps: Mapping[float, int], highest: float) -> Mapping[str, Any]:
    """Caps by time in the job, moved together until the highest is so high; nobody has none."""
    more = int(highest) - max(caps.values())
    return {key: {f"{tenure / DAY_S:g}d": max(1, cap + more) for tenure, cap in caps.items()}}


def _pace(scenario: Scenario) -> Iterator[Slider]:
    key, label = "pace.target", "handle-time target"
    target = _handle_time(scenario) if scenario.pace is None else scenario.pace.target
    if isinstance(target, dict):
        keys = {f"{key}.{name}": seconds for name, seconds in target.items()}
        note = "of the file's targets, intent by intent"
        yield Slider(key, AGENTS, label, "share", 0.5, 1.5, 0.01, 1.0, partial(_times_seconds, keys), note)
    elif target > 0.0:
        low, high = (5.0 * round(part * target / 5.0) for part in (0.5, 1.5))
        start, note = (None, "the file sets none") if scenario.pace is None else (target, "")
        yield Slider(key, AGENTS, label, "s", max(low, 5.0), high, 5.0, start, _one_key(key, "s"), note)


def _handle_time(scenario: Scenario) -> float:
    """The mean of talk and wrap-up that a file states, of all first contacts (s)."""
    counts = contacts_by_intent(scenario)
    work = sum(count * handle_time(scenario.intents[name]) for name, count in counts.items())
    return work / (sum(counts.values()) or 1.0)


def _tiring(scenario: Scenario) -> Iterator[Slider]:
    if scenario.fatigue is not None:
        key, start = "fatigue.build_per_hour", scenario.fatigue.build_per_hour
        label, high = "how fast agents tire", max(0.3, round(2.0 * start, 2))
        note = "growth of fatigue in an hour of contacts"
        yield Slider(key, AGENTS, label, "number", 0.0, high, 0.01, start, _one_key(key, "number"), note)


# The bot and the customers ------------------------------------------------------


def _bot(scenario: Scenario) -> Iterator[Slider]:
    if scenario.bot is None:
        return
    shares = _shares_of_bot(scenario)
    if any(shares.values()):
        settings = partial(_times_share, shares)
        high = next((f for f in (1.5, 1.4, 1.3, 1.2, 1.1) if _takes(scenario, settings(f))), 1.0)
        words = "what the bot contains" if any("containment" in key for key in shares) else "what the bot resolves"
        note = "of what the file says, intent by intent"
        yield Slider("bot.containment", BOT, words, "share", 0.0, high, 0.01, 1.0, settings, note)
    key, start = "bot.selectivity", scenario.bot.selectivity
    note = "how much more it takes the easy ones: 0 takes as they come"
    yield Slider(key, BOT, "selectivity", "number", 0.0, 0.95, 0.05, start, _one_key(key, "number"), note)


def _shares_of_bot(scenario: Scenario) -> dict[str, float]:
    """What the bot contains or can resolve, by key, as the file says it."""
    parts = {name: intent.bot for name, intent in scenario.intents.items() if intent.bot is not None}
    contained = {f"intents.{name}.bot.containment": part.containment for name, part in parts.items()}
    resolved = {f"intents.{n}.bot.resolves": part.resolves for n, part in parts.items() if part.containment is None}
    return {key: share for key, share in (contained | resolved).items() if share is not None}


def _customers(scenario: Scenario) -> Iterator[Slider]:
    if scenario.frustration is not None:
        effects = scenario.frustration.effects
        keys = {f"frustration.effects.{name}": float(getattr(effects, name)) for name in file_fields(type(effects))}
        note = "of what the file says; 0 %: it changes nothing"
        settings = partial(_times_number, keys)
        yield Slider("frustration", CUSTOMERS, "what frustration does", "share", 0.0, 2.0, 0.05, 1.0, settings, note)
    repeat = scenario.customers.repeat
    if repeat is not None:
        key, note = "customers.repeat.probability", "come back after an agent has not resolved it"
        yield Slider(key, CUSTOMERS, "repeats", "share", 0.0, 0.95, 0.01, repeat.probability, _one_key(key), note)


# Keys that are asked for --------------------------------------------------------


def _of_key(scenario: Scenario, text: str) -> Slider:
    made, no_range = partial(changed, scenario), ArgumentError(f"--slider {text}: is no range. {ASKED_FOR}")
    if "=" not in text:
        raise no_range
    try:
        [(key, values, _)] = read_settings([text], made, spans=True)
        if not isinstance(values, Span):
            raise no_range
        for end in (values.low, values.high):
            made([f"{key}={choice_of(end, values.kind).text}"])
    except ArgumentError as error:
        raise ArgumentError(str(error).replace("--set", "--slider")) from None
    except ScenarioError as error:
        raise ScenarioError(replace(each, file=f"--slider {text}") for each in error.problems) from None
    unit = Decimal(100) if values.kind == "share" else Decimal(1)
    low, high = float(values.low / unit), float(values.high / unit)
    step = 1.0 if only_whole(key, values, made) else _step(high - low)
    return Slider(key, YOURS, key, values.kind, low, high, step, _present(scenario, key), _one_key(key, values.kind))


def _step(width: float) -> float:
    """A step of 1, 2 or 5 times a power of ten, of which a width has at most so many."""
    least = width / STEPS * (1.0 - 1e-9)
    power = 10.0 ** math.floor(math.log10(least))
    return float(f"{next(power * k for k in (1, 2, 5, 10) if power * k >= least):.3g}")


def _present(scenario: Scenario, key: str) -> float | None:
    """The number that a scenario has at a key, or the mean of a distribution; None where it has none."""
    value: Any = scenario.resolved()
    for part in key.split("."):
        if isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        elif isinstance(value, dict) and part in value:
            value = value[part]
        else:
            return None
    value = value.get("mean", value.get("value")) if isinstance(value, dict) else value
    known = None if value is None or isinstance(value, bool) else quantity(str(value))
    return None if known is None else choice_of(*known).number


# What values say to the file ----------------------------------------------------


def _one_key(key: str, kind: Kind = "share") -> Callable[[float], Mapping[str, Any]]:
    return lambda value: {key: written(value, kind)}


def written(value: float, kind: Kind) -> str | float:
    """A value as a file writes it: 35%, 4m10s, 0.7."""
    if kind == "number":
        return int(value) if value.is_integer() else value
    return choice_of(_decimal(value) * (100 if kind == "share" else 1), kind).text


def _times_seconds(keys: Mapping[str, float], factor: float) -> Mapping[str, Any]:
    return {key: written(float(max(round(seconds * factor), 1)), "s") for key, seconds in keys.items()}


def _times_share(keys: Mapping[str, float], factor: float) -> Mapping[str, Any]:
    return {key: written(round(min(share * factor, 1.0), 6), "share") for key, share in keys.items()}


def _times_number(keys: Mapping[str, float], factor: float) -> Mapping[str, Any]:
    return {key: written(round(number * factor, 6), "number") for key, number in keys.items()}


def _takes(scenario: Scenario, settings: Mapping[str, Any]) -> bool:
    try:
        changed(scenario, settings)
    except ScenarioError:
        return False
    return True


def _decimal(value: float) -> Decimal:
    return Decimal(repr(value))
