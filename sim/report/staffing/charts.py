"""Charts of the agents required."""

from __future__ import annotations

from collections.abc import Iterator

from matplotlib.axes import Axes

from sim.report.chart import Chart, chart_of
from sim.report.staffing.tables import FORMULAS, busiest_day, day_words
from sim.report.style import BLUE, COLOURS, DASHES, FULL, VERMILION, Drawing, canvas, legend, style
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
    if result.roster is not None:
        yield "cover", _cover(result, day)
    yield "service_level", _lines(result, said, title, "answered within T (%)", 100.0)


def _cover(result: StaffResult, day: str) -> Drawing:
    """What the shifts have over or under the agents required, by time of the busiest day."""
    assert result.roster is not None
    cells = busiest_day(result)
    gaps = [float((result.roster.scheduled[:, c] - result.required[:, result.ground.block_of[c]]).sum()) for c in cells]
    figure, (axes,) = canvas(TALL)
    axes.bar(range(len(cells)), gaps, color=[BLUE if gap >= 0 else VERMILION for gap in gaps])
    axes.axhline(0.0, color="black", linewidth=0.8)
    _times(axes, [result.ground.label(c)[1] for c in cells])
    axes.set(ylabel="agents over or under")
    axes.grid(axis="y")
    title = f"Agents over (blue) and under (red) the requirement by the shifts, {day}"
    return Drawing(figure, title, f"From {min(gaps):.1f} to {max(gaps):.1f} agents.")


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
