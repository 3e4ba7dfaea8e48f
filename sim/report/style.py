"""How charts look: colours that the colour-blind tell apart, lines and markers that differ in grey too, no ornament.

The library for charts is imported when the first is drawn: who only wants tables does not wait for it.
"""

from __future__ import annotations

import io
import textwrap
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.report import Chart

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GREY, BLUE, VERMILION, GREEN, PURPLE, ORANGE = "#4d4d4d", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00"
COLOURS = (GREY, BLUE, VERMILION, GREEN, PURPLE, ORANGE)
PALETTE = {
    "blue": BLUE,
    "vermilion": VERMILION,
    "green": GREEN,
    "purple": PURPLE,
    "orange": ORANGE,
    "light": "#d9d9d9",
    "middle": "#a6a6a6",
    "sky": "#56B4E9",
    "yellow": "#F0E442",
}
"""Colours by the names that mechanisms give the parts of handle time."""

SEEN = {GREY: "grey", BLUE: "blue", VERMILION: "orange", GREEN: "green", PURPLE: "pink", ORANGE: "amber"}
"""What people call these colours who see them: for titles that name one."""

DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)))
MARKERS = ("o", "s", "^", "D", "v", "P")
HALF, FULL = (5.2, 2.5), (10.6, 2.1)
PNG_DOTS = 144

STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#888888",
    "axes.axisbelow": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.6,
    "xtick.color": "#333333",
    "ytick.color": "#333333",
    "legend.frameon": False,
    "legend.fontsize": 8,
    "legend.handlelength": 2.6,
    "legend.columnspacing": 1.2,
    "lines.linewidth": 1.6,
    "lines.markersize": 4.5,
    "hatch.linewidth": 0.5,
    "svg.hashsalt": "ccsim",
    "svg.fonttype": "path",
    "text.parse_math": False,
}


@dataclass(frozen=True)
class ScenarioStyle:
    """How a scenario is drawn, the same in every chart."""

    label: str
    colour: str
    dashes: str | tuple[int, tuple[int, ...]]
    marker: str


@dataclass(frozen=True)
class Drawing:
    """A chart before it is a file."""

    figure: Figure
    title: str
    alt: str


def looks(names: list[str]) -> dict[str, ScenarioStyle]:
    """One look a scenario; more than six begin again with the first."""
    styles = {}
    for number, name in enumerate(names):
        place = number % len(COLOURS)
        colour = BLUE if len(names) == 1 else COLOURS[place]
        styles[name] = ScenarioStyle(short(name), colour, DASHES[place], MARKERS[place])
    return styles


def short(name: str, longest: int = 40) -> str:
    """A name that fits a legend."""
    return textwrap.shorten(name, longest, placeholder="…")


@contextmanager
def style() -> Iterator[None]:
    """The style of all charts; what the user has set elsewhere does not count.

    Names are text: a dollar is no formula, and a character that the font lacks is a box, not a warning to the user.
    """
    import matplotlib as mpl

    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        yield


def canvas(size: tuple[float, float], columns: int = 1, ratios: list[float] | None = None) -> tuple[Figure, list[Axes]]:
    """A figure (inches) with its axes side by side, laid out at the size of the letters of a PNG, the widest."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, dpi=PNG_DOTS, layout="constrained")
    axes = figure.subplots(1, columns, squeeze=False, gridspec_kw={"width_ratios": ratios})
    return figure, list(axes[0])


def folded(name: str, width: int = 19, most: int = 3) -> str:
    """A name that fits beside an axis, on several lines."""
    return "\n".join(textwrap.wrap(name, width, max_lines=most, placeholder="…"))


def legend(figure: Figure, axes: Axes, alone: bool = False) -> None:
    """The names of what is drawn, each once, above the axes; a single one goes without saying unless `alone`."""
    handles, labels = axes.get_legend_handles_labels()
    named = dict(zip(labels, handles, strict=True))
    if len(named) > 1 or (named and alone):
        columns = 3 if figure.get_figwidth() > HALF[0] else 2
        figure.legend(list(named.values()), list(named), loc="outside upper left", ncols=columns)


def chart_of(name: str, drawing: Drawing) -> Chart:
    """The files of a drawing; to be called where `style` is in force."""
    lay_out(drawing.figure)
    wide = drawing.figure.get_figwidth() > HALF[0]
    return Chart(name, drawing.title, drawing.alt, wide, image(drawing.figure, "svg"), image(drawing.figure, "png"))


def lay_out(figure: Figure) -> None:
    """Lay a figure out once, for all its files."""
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
    figure.set_layout_engine("none")


def image(figure: Figure, kind: str, dots: int = PNG_DOTS) -> bytes:
    """The file of a figure that is laid out, `svg`, or `png` by dots an inch: the same bytes for the same figure.

    The canvas is asked, not `savefig`, which would draw the figure once more to find out how large it is.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    out = io.BytesIO()
    if kind == "svg":
        FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None})  # type: ignore[no-untyped-call]
    else:
        figure.set_dpi(dots)
        FigureCanvasAgg(figure).print_png(out, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return out.getvalue()
