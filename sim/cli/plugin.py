"""Mechanisms of a user's own from a Python file: `ccsim run FILE.yaml --plugin my_mechanism.py`."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from sim.errors import CcsimError
from sim.mechanisms import own_names
from sim.mechanisms.declaration import Mechanism
from sim.scenario.extension import register


def load_plugin(path: str) -> None:
    """Run a Python file and register every `Mechanism` that it declares and has not registered itself.

    Raises
    ------
    CcsimError
        When there is no such file, it fails, or it declares nothing.
    """
    file = Path(path)
    if file.suffix != ".py" or not file.is_file():
        raise CcsimError(
            f"--plugin {path}: is no Python file that --plugin can read. Name one, such as my_mechanism.py"
        )
    before = set(own_names())
    declared = [value for value in vars(_module(file)).values() if isinstance(value, Mechanism)]
    for mechanism in declared:
        register(mechanism)
    if not declared and set(own_names()) == before:
        raise CcsimError(f"{path}: declares no mechanism. Write MECHANISM = sim.Mechanism(...) (docs/extending.md)")


def _module(file: Path) -> ModuleType:
    name = f"ccsim_plugin_{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise CcsimError(f"{file}: cannot be read as Python")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except CcsimError:
        raise
    except (Exception, SystemExit) as error:
        raise CcsimError(f"{file}:{_line_of(error, file)}: {type(error).__name__}: {error}") from error
    return module


def _line_of(error: BaseException, file: Path) -> int:
    """The last line of the file in which the error arose; that of a syntax error."""
    line, trace = getattr(error, "lineno", None) or 0, error.__traceback__
    while trace is not None:
        if Path(trace.tb_frame.f_code.co_filename).resolve() == file.resolve():
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
