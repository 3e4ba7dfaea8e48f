"""How ccsim becomes a wheel: setuptools makes it, then the engine is compiled into it.

A wheel made so is for one Python, one system and one kind of processor, and its first run compiles nothing. Where its
code does not fit (another numba, say), ccsim compiles for itself, as from a clone. Editable installations and source
distributions are setuptools' own.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
from functools import partial
from pathlib import Path
from typing import Any

from setuptools import build_meta
from setuptools.build_meta import (  # noqa: F401
    build_editable,
    build_sdist,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

ANY = "py3-none-any"
COMPILE = """
import sys
from pathlib import Path
from sim import jit
from sim.study.warm import warm_up

for engine, by_phone in (("compiled", True), ("compiled", False), ("simpy", True)):
    warm_up(engine, by_phone)
Path(sys.argv[1], jit.MADE_FOR).write_text(jit.kind() + "\\n", encoding="utf-8")
"""
ASK_PROCESSOR = "from sim.compiler import PROCESSOR; print(*PROCESSOR, sep=',')"


def get_requires_for_build_wheel(config_settings: Any = None) -> list[str]:
    """Return what compiling needs: all that ccsim needs to run, and the library that writes wheels."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*build_meta.get_requires_for_build_wheel(config_settings), *project["dependencies"], "wheel"]


def build_wheel(wheel_directory: str, config_settings: Any = None, metadata_directory: str | None = None) -> str:
    """Make the wheel, with the compiled engine in it."""
    with tempfile.TemporaryDirectory() as work:
        name = build_meta.build_wheel(work, config_settings, metadata_directory)
        return with_library(Path(work, name), Path(wheel_directory)).name


def with_library(plain: Path, folder: Path) -> Path:
    """Write a wheel of pure Python again, with the compiled engine in it and the name of what it is for."""
    from wheel.wheelfile import WheelFile

    with tempfile.TemporaryDirectory() as work:
        tree = Path(work, "tree")
        with WheelFile(plain) as wheel:
            wheel.extractall(tree)
        compile_into(tree, Path(work))
        _rename(next(tree.glob("*.dist-info")) / "WHEEL")
        made = folder / plain.name.replace(ANY, tag())
        with WheelFile(made, "w") as wheel:
            wheel.write_files(tree)
    return made


def tag() -> str:
    """Return what a wheel with compiled code is for: this Python, this system."""
    python = f"cp{sys.version_info.major}{sys.version_info.minor}"
    return f"{python}-{python}-{re.sub('[-.]', '_', sysconfig.get_platform())}"


def _rename(about: Path) -> None:
    text = about.read_text(encoding="utf-8").replace("Root-Is-Purelib: true", "Root-Is-Purelib: false")
    about.write_text(text.replace(f"Tag: {ANY}", f"Tag: {tag()}"), encoding="utf-8")


def compile_into(tree: Path, work: Path) -> None:
    """Compile the engine of a tree into it, for any processor of this kind."""
    library = tree / "sim" / "library"
    here = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1", "NUMBA_CACHE_DIR": str(library)}
    run = partial(subprocess.run, cwd=work, check=True, stdout=subprocess.PIPE, text=True)
    name, features = run([sys.executable, "-c", ASK_PROCESSOR], env=here).stdout.strip().split(",")
    target = {"NUMBA_CPU_NAME": name, "NUMBA_CPU_FEATURES": features}
    run([sys.executable, "-c", COMPILE, str(library)], env=here | target)
    for mark in library.glob("*-*"):
        mark.unlink()
