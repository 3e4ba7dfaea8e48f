"""Luck and what is not known, together: the chance that a plan holds, and what is worth knowing first (docs/risk.md)."""
