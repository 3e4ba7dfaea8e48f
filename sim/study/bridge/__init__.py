"""From today to tomorrow, cause by cause: handle time, workload and staff (docs/bridge.md)."""

from sim.study.bridge.bars import Bridge, bridge

__all__ = ["Bridge", "bridge"]
