"""What a scenario file may say, and reading one: frozen objects, or every error with its line."""

from sim.scenario.load import load, loads, validate
from sim.scenario.model import Scenario

__all__ = ["Scenario", "load", "loads", "validate"]
