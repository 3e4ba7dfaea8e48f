"""Baselines: what a scenario measured once, kept so that a later program can be held to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

import numpy as np
import pandas as pd
from pydantic import ConfigDict, Field, model_validator
from scipy.special import stdtrit

from sim.arguments import checked
from sim.engine import COMPILED
from sim.measures.definitions import measures_of
from sim.scenario.goals import MOST_REPLICATIONS, MOST_SEED
from sim.scenario.model import Scenario
from sim.schema.base import Section
from sim.study.estimates import CONFIDENCE
from sim.study.replicate import Progress
from sim.study.run import RunResult, run

SCHEMA_VERSION: Literal[1] = 1
ROUNDING = 1e-9
"""Machines differ by no more than this, relative, in what is not a count (docs/architecture.md)."""
NAMED = ("intents", "agents")
DIGITS = 8
MEAN_DIGITS, ERROR_DIGITS = 12, 6
"""Significant digits kept: all that machines agree on, so that a refresh elsewhere rewrites no line for nothing."""

Tolerance = Annotated[float, Field(ge=0)]
Whole = Annotated[int, Field(ge=1, le=MOST_REPLICATIONS)]


class Kept(Section):
    """What a baseline keeps of one measure.

    Attributes
    ----------
    mean : the estimate; None where there is nothing to divide by.
    se : its standard error; None with a single replication, or without a mean.
    n : replications that it rests on.
    tolerance : with the same seed, the largest difference that is none, as a share of `mean`.
    tolerance_other_seed : with another seed, the largest difference that does not matter, as a share of `mean`.
    """

    model_config = ConfigDict(strict=True)

    mean: float | None
    se: Annotated[float, Field(ge=0)] | None
    n: Whole
    tolerance: Tolerance
    tolerance_other_seed: Tolerance = 0.0

    @model_validator(mode="after")
    def _has_error(self) -> Self:
        if (self.se is None) != (self.mean is None or self.n == 1):
            raise ValueError("se must be null where there is no mean or one replication, and a number elsewhere")
        return self


class Baseline(Section):
    """What a scenario measured, with all that it takes to measure it again.

    Attributes
    ----------
    scenario, digest : the scenario's name, and the SHA-256 of what it says.
    sections : a short hash of each section, intent and group, to tell what changed.
    seed, replications : of the simulation.
    settings : ``key.path=value`` on top of the scenario's file.
    measures : by name.
    """

    model_config = ConfigDict(strict=True)

    schema_version: Literal[1]
    scenario: str
    digest: str
    seed: Annotated[int, Field(ge=0, le=MOST_SEED)]
    replications: Whole
    settings: tuple[str, ...]
    sections: dict[str, str]
    measures: dict[str, Kept]

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        for name, kept in self.measures.items():
            if kept.n != self.replications:
                raise ValueError(f"measures.{name}.n is {kept.n}, and replications is {self.replications}")
        return self

    @property
    def table(self) -> pd.DataFrame:
        """The measures as a table: mean, se, n and the tolerances, indexed by measure."""
        rows = {name: kept.model_dump() for name, kept in self.measures.items()}
        table = pd.DataFrame.from_dict(rows, orient="index", columns=list(Kept.model_fields))
        return table.astype({"mean": float, "se": float}).rename_axis("measure")


@checked
def make_baseline(
    scenario: Scenario,
    *,
    seed: int | None = None,
    replications: int | None = None,
    jobs: int | None = None,
    engine: str = COMPILED,
    settings: Iterable[str] = (),
    tolerances: Baseline | None = None,
    progress: Progress | None = None,
) -> Baseline:
    """Simulate a scenario and keep what it measures.

    Parameters
    ----------
    scenario : a loaded scenario, `settings` included.
    seed, replications, jobs, engine, progress : as in `run`.
    settings : what was changed on top of the file, to be kept with the measures.
    tolerances : an older baseline, whose tolerances are kept.
    """
    result = run(scenario, seed=seed, replications=replications, jobs=jobs, engine=engine, progress=progress)
    return Baseline(
        schema_version=SCHEMA_VERSION,
        scenario=scenario.name,
        digest=scenario.digest,
        seed=result.seed,
        replications=result.replications,
        settings=tuple(settings),
        sections=sections(scenario),
        measures=_kept(result, tolerances.measures if tolerances else {}),
    )


def _kept(result: RunResult, older: Mapping[str, Kept]) -> dict[str, Kept]:
    counts = {name for name, measure in measures_of(result.scenario).items() if measure.unit == "count"}
    columns = (result.measures[name] for name in ("mean", "ci_high"))
    return {
        str(name): _estimate(mean, high, result.replications, older.get(name), 0.0 if name in counts else ROUNDING)
        for name, mean, high in sorted(zip(result.measures.index, *columns, strict=True))
    }


def _estimate(mean: float, high: float, n: int, older: Kept | None, default: float) -> Kept:
    known = not np.isnan(mean)
    return Kept(
        mean=_rounded(mean, MEAN_DIGITS) if known else None,
        se=_standard_error(high - mean, n) if known and n > 1 else None,
        n=n,
        tolerance=older.tolerance if older else default,
        tolerance_other_seed=older.tolerance_other_seed if older else 0.0,
    )


def _standard_error(half_width: float, n: int) -> float:
    return _rounded(half_width / float(stdtrit(n - 1, 0.5 + CONFIDENCE / 2)), ERROR_DIGITS)


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")


def sections(scenario: Scenario) -> dict[str, str]:
    """A short hash of what each section says; of each intent and group where a section has several."""
    entries: dict[str, Any] = {}
    for key, part in scenario.resolved().items():
        entries |= {f"{key}.{name}": entry for name, entry in part.items()} if key in NAMED else {key: part}
    return {key: _short_hash(part) for key, part in sorted(entries.items())}


def _short_hash(part: Any) -> str:
    return hashlib.sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()[:DIGITS]
