"""Luck and what is not known, together: whether a plan holds, and what is worth knowing first."""
