"""ccsim: what staffing and handle-time targets cost once a bot takes the easy tickets.

>>> import sim
>>> result = sim.run(sim.load("scenarios/retailer/after-bot.yaml"))  # doctest: +SKIP
>>> result.measures  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.calibrate.export import Calibration, Options, from_export
    from sim.calibrate.observed import fit_observed, refit_observed
    from sim.calibrate.reading.import_log import ExportError, ReadOptions
    from sim.engine import Records, simulate
    from sim.errors import (
        ArgumentError,
        BaselineError,
        CcsimError,
        ClusterError,
        LimitError,
        NoTargetsError,
        NotComparableError,
        NotFittedError,
        OutputError,
        Problem,
        ScenarioError,
        UnknownEngineError,
    )
    from sim.facts.null_world import null_world
    from sim.learning.learn import learn
    from sim.learning.read import LearnOptions
    from sim.learning.result import Learned, LearnResult
    from sim.loading.load import changed, load, loads
    from sim.mechanisms.declaration import Factor, Mechanism
    from sim.report.regression import read_baseline, write_baseline
    from sim.scenario.extension import Empirical, register, registered, unregister
    from sim.scenario.model import Scenario
    from sim.schema.base import Section, param
    from sim.study.baseline import Baseline, make_baseline
    from sim.study.bridge import Bridge, bridge
    from sim.study.check import Check, check
    from sim.study.cluster import Cluster, cluster
    from sim.study.compare import Comparison, compare
    from sim.study.decide import Decision, decide
    from sim.study.levels import Level, by_count, by_factor
    from sim.study.plan.answer import PlanAnswer, plan
    from sim.study.risk.result import RiskResult
    from sim.study.risk.study import risk
    from sim.study.run import RunResult, run
    from sim.study.staffing.no_worse import no_worse
    from sim.study.staffing.no_worse_result import NoWorse
    from sim.study.staffing.release import Release, release
    from sim.study.staffing.shifts import ShiftRules
    from sim.study.staffing.staff import StaffResult, staff
    from sim.study.sweep import Cliff, Sweep, find_cliff, sweep
    from sim.study.targets import TargetsResult, targets
    from sim.whatif.page import LivePage, live

    __version__: str

_NAMES = {
    "sim.calibrate.export": "Calibration Options from_export",
    "sim.calibrate.observed": "fit_observed refit_observed",
    "sim.calibrate.reading.import_log": "ExportError ReadOptions",
    "sim.engine": "Records simulate",
    "sim.errors": "ArgumentError BaselineError CcsimError ClusterError LimitError NoTargetsError NotComparableError "
    "NotFittedError OutputError Problem ScenarioError UnknownEngineError",
    "sim.facts.null_world": "null_world",
    "sim.learning.learn": "learn",
    "sim.learning.read": "LearnOptions",
    "sim.learning.result": "Learned LearnResult",
    "sim.loading.load": "changed load loads",
    "sim.report.regression": "read_baseline write_baseline",
    "sim.mechanisms.declaration": "Factor Mechanism",
    "sim.scenario.extension": "Empirical register registered unregister",
    "sim.scenario.model": "Scenario",
    "sim.schema.base": "Section param",
    "sim.study.baseline": "Baseline make_baseline",
    "sim.study.bridge": "Bridge bridge",
    "sim.study.check": "Check check",
    "sim.study.cluster": "Cluster cluster",
    "sim.study.compare": "Comparison compare",
    "sim.study.decide": "Decision decide",
    "sim.study.levels": "Level by_count by_factor",
    "sim.study.plan.answer": "PlanAnswer plan",
    "sim.study.risk.result": "RiskResult",
    "sim.study.risk.study": "risk",
    "sim.study.run": "RunResult run",
    "sim.study.staffing.no_worse": "no_worse",
    "sim.study.staffing.no_worse_result": "NoWorse",
    "sim.study.staffing.release": "Release release",
    "sim.study.staffing.shifts": "ShiftRules",
    "sim.study.staffing.staff": "StaffResult staff",
    "sim.study.sweep": "Cliff Sweep find_cliff sweep",
    "sim.study.targets": "TargetsResult targets",
    "sim.whatif.page": "LivePage live",
}
"""The public names by the module that holds them."""
_HOMES = {name: home for home, names in _NAMES.items() for name in names.split()}

__all__ = [
    "ArgumentError",
    "Baseline",
    "BaselineError",
    "Bridge",
    "Calibration",
    "CcsimError",
    "Check",
    "Cliff",
    "Cluster",
    "ClusterError",
    "Comparison",
    "Decision",
    "Empirical",
    "ExportError",
    "Factor",
    "LearnOptions",
    "LearnResult",
    "Learned",
    "Level",
    "LimitError",
    "LivePage",
    "Mechanism",
    "NoTargetsError",
    "NoWorse",
    "NotComparableError",
    "NotFittedError",
    "Options",
    "OutputError",
    "PlanAnswer",
    "Problem",
    "ReadOptions",
    "Records",
    "Release",
    "RiskResult",
    "RunResult",
    "Scenario",
    "ScenarioError",
    "Section",
    "ShiftRules",
    "StaffResult",
    "Sweep",
    "TargetsResult",
    "UnknownEngineError",
    "bridge",
    "by_count",
    "by_factor",
    "changed",
    "check",
    "cluster",
    "compare",
    "decide",
    "find_cliff",
    "fit_observed",
    "from_export",
    "learn",
    "live",
    "load",
    "loads",
    "make_baseline",
    "no_worse",
    "null_world",
    "param",
    "plan",
    "read_baseline",
    "refit_observed",
    "register",
    "registered",
    "release",
    "risk",
    "run",
    "simulate",
    "staff",
    "sweep",
    "targets",
    "unregister",
    "write_baseline",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that light commands start at once."""
    if name == "__version__":
        return _version()
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Return the public names, for completion."""
    return [*__all__, "__doc__", "__version__"]


def _version() -> str:
    """The version of what is installed; its one source is pyproject.toml."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("ccsim")
    except PackageNotFoundError:
        return "0+unknown"
