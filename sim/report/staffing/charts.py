"""Charts of the agents required."""

from __future__ import annotations

from collections.abc import Iterator

from matplotlib.axes import Axes

from sim.report.chart import Chart, chart_of
from sim.report.ink import BLUE, COLOURS, DASHES, FULL, Drawing, canvas, legend, style
from sim.report.staffing.tables import FORMULAS, busiest_day, day_words
from sim.study.staffing import StaffResult

STEP = 4
TALL = (FULL[0], 2.6)


def charts(result: StaffResult) -> list[Chart]:
    """Agents by time of the busiest day beside the file's own and the formulas'; the service level beside theirs."""
    with style():
        return [chart_of(name, drawing) for name, drawing in _drawn(result)]


def _drawn(result: StaffResult) -> Iterator[tuple[str, Drawing]]:
    lines = {"required": "required", "own": "the file's own"} | FORMULAS
    day = day_words(result, busiest_day(result)[0])
    yield "required", _lines(result, lines, f"Agents on the queue by time, {day}", "agents", 1.0)
    said = {"service_level": "simulated"} | {f"{n}_service_level": w for n, w in FORMULAS.items()}
    title = f"Service level of the agents required, simulated and by formula, {day}"
    yield "service_level", _lines(result, said, title, "answered within T (%)", 100.0)


def _lines(result: StaffResult, named: dict[str, str], title: str, unit: str, scale: float) -> Drawing:
    cells = busiest_day(result)
    table = result.beside.iloc[cells]
    figure, (axes,) = canvas(TALL)
    for k, (column, words) in enumerate(named.items()):
        values = [scale * float(x) for x in table[column]]
        width = 2.2 if k == 0 else 1.3
        colour = BLUE if k == 0 else COLOURS[(k + 1) % len(COLOURS)]
        axes.step(
            range(len(cells)), values, where="mid", label=words, color=colour, linestyle=DASHES[k], linewidth=width
        )
    _times(axes, [str(time) for time in table["time"]])
    axes.set(ylabel=unit)
    axes.grid(axis="y")
    legend(figure, axes)
    first = next(iter(named))
    values = [scale * float(x) for x in table[first]]
    return Drawing(figure, title, f"{named[first]}: from {min(values):.1f} to {max(values):.1f}.")


def _times(axes: Axes, times: list[str]) -> None:
    axes.set_xticks(range(0, len(times), STEP), times[::STEP])
    axes.set(xlabel="start of the interval")
