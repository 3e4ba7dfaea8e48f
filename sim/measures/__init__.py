"""Counts and ratios from records, by interval, day, intent and group. Nothing here knows how the records came about."""

from sim.measures.definitions import MEASURES, Measure
from sim.measures.frame import Frame, make_frame
from sim.measures.tally import Tally, tally

__all__ = ["MEASURES", "Frame", "Measure", "Tally", "make_frame", "tally"]
