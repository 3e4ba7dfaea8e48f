"""Beliefs: are they of numbers in force, does the file hold at their ends, can their correlations be?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sim.errors import ScenarioError
from sim.loading.believed import BelievedNumber, assigned, is_decided, is_numeric, uncertain_groups
from sim.loading.explain import Parameter, explain_scenario
from sim.loading.problems import Reporter
from sim.scenario.beliefs import CORRELATION, ENDS, OFF, Belief, Beliefs
from sim.scenario.model import Scenario
from sim.schema.faults import nearest
from sim.schema.formatting import duration_words

HOME = "beliefs"
Changed = Callable[[Scenario, Mapping[str, Any]], Scenario]
LEAST_EIGENVALUE = 1e-9
GUESS = " Did you mean"
"""How a fix goes on to what was perhaps meant: of an end, nobody wrote that."""


def check_beliefs(scenario: Scenario, reporter: Reporter, changed: Changed) -> None:
    """Report beliefs that are of nothing, contradict the file at an end, or are correlated as nothing can be.

    Parameters
    ----------
    scenario : sound but for its beliefs.
    reporter : of its tree.
    changed : gives the scenario with other values, after the checks of a file.
    """
    beliefs = scenario.beliefs
    if beliefs is None:
        return
    parameters = explain_scenario(scenario)
    numbers = assigned(beliefs.of, parameters)
    without = scenario.model_copy(update={"beliefs": None, "observed": None})
    for key, belief in beliefs.of.items():
        if _check_key(key, belief, numbers[key], parameters, reporter) and belief.shape != OFF:
            _check_ends(key, belief, numbers[key], lambda settings: changed(without, settings), reporter)
    _check_correlations(beliefs, parameters, reporter)


def _check_key(
    key: str, belief: Belief, numbers: list[BelievedNumber], parameters: list[Parameter], reporter: Reporter
) -> bool:
    """Tell whether a belief is of numbers in force, written as they are."""
    path = (HOME, key)
    if is_decided(key):
        fix = "Staffing is varied with --plans; what is believed are numbers that nobody knows exactly"
        reporter.problem(path, "is decided, and no belief", fix, None, key=True)
    elif not numbers:
        reporter.problem(path, "is no number in force", _near(key, parameters), None, key=True)
    elif belief.shape != OFF and not belief.times:
        return _check_units(path, belief, numbers, reporter)
    return not reporter.failed(*path)


def _near(key: str, parameters: list[Parameter]) -> str:
    numbers = (p.path for p in parameters if is_numeric(p.value) and not is_decided(p.path))
    names = list(dict.fromkeys([*uncertain_groups(parameters, counted_too=True), *numbers]))
    hint = nearest(key, names)
    found = f"{hint.split('?')[0]}? " if hint.startswith("Did") else ""
    return f"{found}Keys of a mechanism that is off are not in force; ccsim explain shows those that are"


def _check_units(path: tuple[str, ...], belief: Belief, numbers: list[BelievedNumber], reporter: Reporter) -> bool:
    several = next((number for number in numbers if not number.is_single), None)
    if several is not None:
        words = f"would put one number in the place of the many of {several.path}"
        reporter.problem(path, words, "Write a factor: {times: [0.8, 1.2]}")
    elif belief.seconds != numbers[0].is_duration:
        fix = "Write durations, such as [3m, 5m]" if numbers[0].is_duration else "Write numbers without a unit"
        kind = "a duration" if numbers[0].is_duration else "not a duration"
        reporter.problem(path, f"is not written as its key is, which is {kind}", fix)
    else:
        return True
    return False


def _check_ends(
    key: str,
    belief: Belief,
    numbers: list[BelievedNumber],
    with_settings: Callable[[Mapping[str, Any]], Scenario],
    reporter: Reporter,
) -> None:
    """The rest of the file must hold at both ends."""
    for side, end in zip(ENDS, belief.ends, strict=True):
        try:
            with_settings({number.path: number.at(end, belief.times) for number in numbers})
        except ScenarioError as error:
            first = error.problems[0]
            words = f"contradicts the file at its {side} end of {end_words(belief, end)}: {first.path} {first.message}"
            fix = first.fix.split(GUESS)[0] if first.fix else "Write a narrower range"
            reporter.problem((HOME, key), words, fix)
            return


def end_words(belief: Belief, end: float) -> str:
    """An end of a belief as a planner reads it."""
    if belief.seconds:
        return duration_words(round(end, 3)) if end >= 0.0 else f"{end:.6g} s"
    return f"{end:.6g}{' times' if belief.times else ''}"


# Correlations -----------------------------------------------------------------


def _check_correlations(beliefs: Beliefs, parameters: list[Parameter], reporter: Reporter) -> None:
    default = uncertain_groups(parameters) if beliefs.others != OFF else {}
    varied = [key for key in dict.fromkeys([*beliefs.of, *default]) if not _is_off(beliefs, key)]
    pairs: set[frozenset[str]] = set()
    for k, entry in enumerate(beliefs.correlation):
        for j, key in enumerate(entry.between):
            if key not in varied:
                reporter.problem((HOME, CORRELATION, k, "between", j), "is no belief that varies", nearest(key, varied))
        if frozenset(entry.between) in pairs:
            words, fix = "is a correlation that was given before", "Write each pair once"
            reporter.problem((HOME, CORRELATION, k), words, fix)
        pairs.add(frozenset(entry.between))
    if beliefs.correlation and not reporter.failed(HOME, CORRELATION):
        _check_definite(beliefs, reporter)


def _is_off(beliefs: Beliefs, key: str) -> bool:
    return key in beliefs.of and beliefs.of[key].shape == OFF


def _check_definite(beliefs: Beliefs, reporter: Reporter) -> None:
    import numpy as np

    keys = list(dict.fromkeys(key for entry in beliefs.correlation for key in entry.between))
    least = float(np.linalg.eigvalsh(correlation_matrix(beliefs, keys))[0])
    if least < LEAST_EIGENVALUE:
        words = "holds correlations that cannot be true together (the matrix is not positive definite)"
        reporter.problem((HOME, CORRELATION), words, "Write some of them nearer to 0", key=True)


def correlation_matrix(beliefs: Beliefs | None, keys: list[str]) -> Any:
    """The correlations of beliefs, (keys, keys); those that are not given are 0."""
    import numpy as np

    matrix, place = np.eye(len(keys)), {key: k for k, key in enumerate(keys)}
    for entry in beliefs.correlation if beliefs is not None else ():
        if all(key in place for key in entry.between):
            i, j = (place[key] for key in entry.between)
            matrix[i, j] = matrix[j, i] = entry.rho
    return matrix
