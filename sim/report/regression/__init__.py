"""Baselines as files, and what moved away from them."""
