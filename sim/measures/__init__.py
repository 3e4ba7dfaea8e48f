"""Counts and ratios from records, by interval, day, intent and group. Nothing here knows how the records came about."""

from sim.measures.batch import Counts, empty_counts
from sim.measures.definitions import MEASURES, Measure
from sim.measures.frame import Frame, make_frame
from sim.measures.grid import Grid, make_grid
from sim.measures.tally import Tally, count_replication, tally

__all__ = [
    "MEASURES",
    "Counts",
    "Frame",
    "Grid",
    "Measure",
    "Tally",
    "count_replication",
    "empty_counts",
    "make_frame",
    "make_grid",
    "tally",
]
