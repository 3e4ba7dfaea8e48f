"""Months: what a plan of heads does to the next year, replication by replication (docs/plan.md)."""
