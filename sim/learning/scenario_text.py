"""Learned numbers as a scenario: each with its interval, source and grade, and beliefs for `ccsim risk`."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from sim.calibrate.fits.estimate import Z95
from sim.learning.priors import prior_of
from sim.learning.result import Learned, LearnResult
from sim.loading.measured import GRADE, LEARNED, remark
from sim.scenario.model import Scenario

COLUMN = 46
SURE_SD = 3.0
DRAWS = 20_000
MOST_WEIGHT = 0.98
SIGNED, UNBOUNDED = ("selectivity", "difficulty_weight"), ("slope", "effects.talk_time")


def scenario_text(result: LearnResult, base: str, name: str) -> str:
    """YAML that extends a scenario by what was learned.

    Parameters
    ----------
    base : the scenario that it extends, as the file is to name it.
    name : of the scenario.
    """
    values, beliefs = written_values(result), written_beliefs(result)
    lines = [
        f"{LEARNED} from {result.source}",
        "schema_version: 1",
        f"name: {json.dumps(name, ensure_ascii=False)}",
        f"extends: {json.dumps(base, ensure_ascii=False)}",
    ]
    tree: dict[str, Any] = {}
    for key, (text, comment) in values.items():
        _set(tree, key.split("."), (text, comment))
    for section, below in tree.items():
        lines += ["", *_lines({section: below}, 0)]
    if beliefs:
        lines += ["", "beliefs:                         # for ccsim risk: what the logs leave open"]
        lines += [f"  {_quoted(key)}: {text}" for key, text in beliefs.items()]
    return "\n".join(lines) + "\n"


def written_values(result: LearnResult) -> dict[str, tuple[str, str]]:
    """Value and comment by key, of what is measured."""
    written = {}
    for number in result.numbers:
        key = file_key(number, result.scenario)
        if number.measured and key:
            value, low, high = _in_file(number, result)
            words = remark(_plain(number, low), _plain(number, high), result.source)
            written[key] = (_value(number, _possible(number, value)), words)
    for key, (mean, _, _) in _ridge(result).items():
        if key.endswith("difficulty_weight"):
            words = "so that its product with bot.selectivity is the measured one"
            written[key] = (f"{mean:.3g}", f"{words}; {result.source}; grade {GRADE}")
    return written


def written_beliefs(result: LearnResult) -> dict[str, str]:
    """What is believed by key, as YAML on one line each; correlations last."""
    beliefs = {}
    for number in result.numbers:
        key = file_key(number, result.scenario)
        if number.measured and key:
            beliefs[key] = _normal(number, result)
    ridge = _ridge(result)
    for key, (mean, sd, _) in ridge.items():
        if key.endswith("difficulty_weight"):
            low, high = max(mean - SURE_SD * sd, 0.0), min(mean + SURE_SD * sd, MOST_WEIGHT)
            beliefs[key] = _form(mean, sd, low, high)
    if ridge:
        prior = prior_of(result.scenario, "bot.selectivity")
        beliefs["bot.selectivity"] = f"[{prior.low:.3g}, {prior.high:.3g}]"
        beliefs["correlation"] = "[" + ", ".join(_correlations(ridge)) + "]"
    return beliefs


def _normal(number: Learned, result: LearnResult) -> str:
    value, low, high = _in_file(number, result)
    sd = (high - low) / 2.0 / Z95
    mean, sd = _possible(number, value), max(sd, 1.0 if number.in_seconds else 1e-3)
    least, most = (_possible(number, end) for end in (value - SURE_SD * sd, value + SURE_SD * sd))
    if number.in_seconds:
        ends = zip(("mean", "sd", "low", "high"), (mean, sd, least, most), strict=True)
        words = ", ".join(f"{name}: {end:.0f}s" for name, end in ends)
        return f"{{distribution: normal, {words}}}"
    return _form(mean, sd, least, most)


def _possible(number: Learned, value: float) -> float:
    """What a file may say that is nearest to a value: luck can make an estimate of little less than nothing."""
    if number.key.endswith(SIGNED):
        return min(max(value, -MOST_WEIGHT), MOST_WEIGHT)
    if number.in_seconds:
        return max(value, 1.0)
    return max(value, 0.0) if number.key.endswith(UNBOUNDED) else min(max(value, 0.0), 1.0)


def _plain(number: Learned, value: float) -> str:
    """A number, or a time with its unit."""
    return f"{value:.0f}s" if number.in_seconds else f"{value:.3g}"


def _value(number: Learned, value: float) -> str:
    """A number as its key is written: a delay is a distribution."""
    if math.isnan(number.cv):
        return _plain(number, value)
    if number.key.endswith("falsely_contained.delay"):
        return f"{{distribution: exponential, mean: {value:.0f}s}}"
    return f"{{distribution: lognormal, mean: {value:.0f}s, cv: {number.cv:.2f}}}"


def _form(mean: float, sd: float, low: float, high: float) -> str:
    return f"{{distribution: normal, mean: {mean:.4g}, sd: {sd:.3g}, low: {low:.4g}, high: {high:.4g}}}"


# Where a number stands in a file --------------------------------------------------------------------------------------


def file_key(number: Learned, scenario: Scenario | None) -> str:
    """The key under which a file has it; empty for what is no key of a file, or not of this one."""
    if not number.in_scenario:
        return ""
    parts = number.key.split(".")
    if parts[0] == "frustration" and (scenario is None or scenario.frustration is None):
        return ""
    if scenario is not None and parts[0] == "intents":
        intent = scenario.intents.get(parts[1])
        if intent is None or (parts[2] == "bot" and intent.bot is None):
            return ""
        if parts[2] == "bot" and intent.bot is not None and intent.bot.containment is None:
            return f"intents.{parts[1]}.bot.resolves" if parts[3] == "containment" else ""
    return number.key


def _in_file(number: Learned, result: LearnResult) -> tuple[float, float, float]:
    """The number and its interval, as capability where the file has that in place of containment."""
    ends = number.value, number.low, number.high
    if not file_key(number, result.scenario).endswith("resolves"):
        return ends
    name = number.key.split(".")[1]
    false = next((n.value for n in result.numbers if n.key == f"intents.{name}.bot.false_share"), 0.25)
    asked = next((n.value for n in result.numbers if n.key == "bot.opt_out"), 0.0)
    return tuple(end * (1.0 - false) / (1.0 - asked) for end in ends)  # type: ignore[return-value]


def _set(tree: dict[str, Any], path: list[str], leaf: tuple[str, str]) -> None:
    for part in path[:-1]:
        tree = tree.setdefault(part, {})
    tree[path[-1]] = leaf


def _lines(tree: Mapping[str, Any], indent: int) -> Iterator[str]:
    for key, value in tree.items():
        head = f"{' ' * indent}{_quoted(key)}:"
        if isinstance(value, dict):
            yield head
            yield from _lines(value, indent + 2)
        else:
            yield f"{f'{head} {value[0]}':<{COLUMN}}  # {value[1]}"


def _quoted(key: str) -> str:
    """A key as YAML reads it: between quotes where it has more than letters."""
    return key if key.replace(".", "").isidentifier() else json.dumps(key, ensure_ascii=False)


# The ridge ------------------------------------------------------------------------------------------------------------


def _ridge(result: LearnResult) -> dict[str, tuple[float, float, np.ndarray[Any, Any]]]:
    """Mean, standard deviation and draws of what only products tell: of selectivity, then of each weight.

    Selectivity is drawn as it was believed, each product as it was measured; a weight is their quotient.
    """
    apart = [n for n in result.numbers if n.key == "bot.selectivity" and n.known == "product_only"]
    if not apart:
        return {}
    luck = np.random.Generator(np.random.Philox(1))
    selectivity = apart[0].low + (apart[0].high - apart[0].low) * luck.random(DRAWS)
    found = {"bot.selectivity": (float(selectivity.mean()), float(selectivity.std()), selectivity)}
    for number in result.numbers:
        if number.measured and number.is_product:
            name = number.key.split(".")[1]
            weight = np.clip((number.value + number.se * luck.standard_normal(DRAWS)) / selectivity, 0.0, MOST_WEIGHT)
            key = f"intents.{name}.difficulty_weight"
            if result.scenario is None or name in result.scenario.intents:
                found[key] = (float(weight.mean()), max(float(weight.std()), 1e-3), weight)
    return found if len(found) > 1 else {}


def _correlations(ridge: Mapping[str, tuple[float, float, np.ndarray[Any, Any]]]) -> Iterator[str]:
    keys = list(ridge)
    matrix = np.corrcoef([ridge[key][2] for key in keys])
    for i, first in enumerate(keys):
        for j in range(i + 1, len(keys)):
            yield f"{{between: [{_quoted(first)}, {_quoted(keys[j])}], rho: {matrix[i, j]:.3f}}}"
