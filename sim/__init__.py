"""ccsim: what staffing and handle-time targets cost once a bot takes the easy tickets.

>>> import sim
>>> result = sim.run(sim.load("scenarios/retailer/after-bot.yaml"))  # doctest: +SKIP
>>> result.measures  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from sim.calibrate.export import Calibration, from_export
    from sim.calibrate.observed import fit_observed
    from sim.engine import simulate
    from sim.errors import CcsimError, LimitError, Problem, ScenarioError
    from sim.facts.null_world import null_world
    from sim.loading.load import changed, load, loads
    from sim.scenario.model import Scenario
    from sim.study import Comparison, RunResult, compare, run
    from sim.study.bridge import Bridge, bridge
    from sim.study.staffing import StaffResult, staff
    from sim.study.sweep import Cliff, Sweep, find_cliff, sweep
    from sim.study.targets import TargetsResult, targets

_HOMES = {
    "Bridge": "sim.study.bridge",
    "Calibration": "sim.calibrate.export",
    "CcsimError": "sim.errors",
    "Cliff": "sim.study.sweep",
    "Comparison": "sim.study",
    "LimitError": "sim.errors",
    "Problem": "sim.errors",
    "RunResult": "sim.study",
    "Scenario": "sim.scenario.model",
    "ScenarioError": "sim.errors",
    "StaffResult": "sim.study.staffing",
    "Sweep": "sim.study.sweep",
    "TargetsResult": "sim.study.targets",
    "bridge": "sim.study.bridge",
    "changed": "sim.loading.load",
    "compare": "sim.study",
    "find_cliff": "sim.study.sweep",
    "fit_observed": "sim.calibrate.observed",
    "from_export": "sim.calibrate.export",
    "load": "sim.loading.load",
    "loads": "sim.loading.load",
    "null_world": "sim.facts.null_world",
    "run": "sim.study",
    "simulate": "sim.engine",
    "staff": "sim.study.staffing",
    "sweep": "sim.study.sweep",
    "targets": "sim.study.targets",
}

__all__ = [
    "Bridge",
    "Calibration",
    "CcsimError",
    "Cliff",
    "Comparison",
    "LimitError",
    "Problem",
    "RunResult",
    "Scenario",
    "ScenarioError",
    "StaffResult",
    "Sweep",
    "TargetsResult",
    "bridge",
    "changed",
    "compare",
    "find_cliff",
    "fit_observed",
    "from_export",
    "load",
    "loads",
    "null_world",
    "run",
    "simulate",
    "staff",
    "sweep",
    "targets",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that light commands start at once."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
