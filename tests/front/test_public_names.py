"""What `import sim` offers: names, where they live, and the types that its functions take and give."""

import ast
import inspect
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

import sim

ROOT = Path(__file__).parents[2]
FUNCTIONS = [name for name in sim.__all__ if inspect.isfunction(getattr(sim, name))]
BEHIND = {"Progress", "FittedSettings"}
"""Types of ours that a caller only hands on."""


def test_the_lists_of_names_agree():
    tree = ast.parse(Path(sim.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    imported = {a.name: n.module for n in block.body if isinstance(n, ast.ImportFrom) for a in n.names}
    assert sorted(imported) == sim.__all__ == sorted(sim.__all__) == sorted(sim._HOMES)
    for name, home in sim._HOMES.items():
        assert inspect.getattr_static(sys.modules.get(home) or __import__(home, fromlist=["_"]), name) is getattr(
            sim, name
        )


def test_completion_shows_the_public_names_and_nothing_else():
    code = "import sim; print(*dir(sim))"
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [name for name in shown.split() if not name.startswith("_")] == sim.__all__
    assert "__version__" in shown


def test_another_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="'sim' has no attribute 'nothing'"):
        _ = sim.nothing


def test_the_version_is_that_of_pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert sim.__version__ == project["version"]


def test_the_version_costs_nothing_before_it_is_asked_for():
    command = [sys.executable, "-S", "-c", "import sys, sim; print('importlib.metadata' in sys.modules)"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert told.strip() == "False"


def classes_in(hint):
    """Every class of ours that an annotation names."""
    if isinstance(hint, type) and hint.__module__.startswith("sim."):
        yield hint
    for part in get_args(hint):
        for inner in part if isinstance(part, list) else [part]:
            yield from classes_in(inner)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_a_public_function_takes_and_gives_is_public(name):
    found = {c.__name__ for hint in get_type_hints(getattr(sim, name)).values() for c in classes_in(hint)}
    assert found - BEHIND <= set(sim.__all__)


@pytest.mark.parametrize("name", [n for n in sim.__all__ if callable(getattr(sim, n))])
def test_every_public_name_is_documented(name):
    assert len(inspect.getdoc(getattr(sim, name)) or "") > 20
