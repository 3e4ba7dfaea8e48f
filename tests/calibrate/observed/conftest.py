"""Fits are kept in a folder of these tests, and take few contacts."""

import pytest

from sim.calibrate.observed import fit
from tests.cli.conftest import ccsim

__all__ = ["ccsim"]


@pytest.fixture(scope="session")
def kept(tmp_path_factory):
    """The folder in which fits are kept."""
    return tmp_path_factory.mktemp("fits")


@pytest.fixture(autouse=True)
def quick(monkeypatch, kept):
    monkeypatch.setattr(fit, "folder", lambda: kept)
    monkeypatch.setattr(fit, "FEW", (60_000, 4, 30))
    monkeypatch.setattr(fit, "MANY", (1_000_000, 8, 200))
