"""Months: plans of heads."""
