"""Worlds of three customers and two agents, worked out by hand."""
