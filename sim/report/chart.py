"""A chart as files."""

from __future__ import annotations

from dataclasses import dataclass

from sim.report.style import HALF, Drawing, image, settle


@dataclass(frozen=True)
class Chart:
    """A chart as files.

    Attributes
    ----------
    name : of the files, without ending.
    title, alt : what it shows; the same for those who cannot see it, with the main figures.
    wide : whether it takes the width of a page.
    """

    name: str
    title: str
    alt: str
    wide: bool
    svg: bytes
    png: bytes


def chart_of(name: str, drawing: Drawing) -> Chart:
    """The files of a drawing; to be called where `ink.style` is in force."""
    settle(drawing.figure)
    wide = drawing.figure.get_figwidth() > HALF[0]
    return Chart(name, drawing.title, drawing.alt, wide, image(drawing.figure, "svg"), image(drawing.figure, "png"))
