"""Randomness as a function of names: the counter-based generator, purposes, normal scores and quantiles."""
