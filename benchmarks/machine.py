"""What a benchmark ran on."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from benchmarks.days import ROOT

PACKAGES = ("ccsim", "numba", "llvmlite", "numpy", "simpy", "ciw")


def machine() -> list[str]:
    """Lines that say which machine, how busy it is, and which versions."""
    return [
        f"{_processor()}, {os.cpu_count()} cores, {_memory()}, {platform.system()}; {load()}",
        f"Python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in PACKAGES) + _commit(),
    ]


def load() -> str:
    """How many processes want a core at the moment."""
    return f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "load unknown"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def _memory() -> str:
    try:
        return f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 1e9:.0f} GB"
    except (AttributeError, ValueError, OSError):
        return "memory unknown"


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    try:
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
    return f"; commit {told}"
