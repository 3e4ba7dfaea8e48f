"""A verb that draws and ends leaves out what only a prompt has use for, and the pictures are the same."""

import gc
import json
import subprocess
import sys
from pathlib import Path

from sim.report.style import drawing_once

ROOT = Path(__file__).parents[2]
CODE = """
import contextlib, hashlib, json, sys
from sim.report.style import canvas, chart_of, Drawing, drawing_once, ready_to_draw, style
with drawing_once() if sys.argv[1] == "once" else contextlib.nullcontext():
    ready_to_draw()
with style():
    figure, (axes,) = canvas((4, 2))
    axes.errorbar([1, 2], [3, 4], yerr=[0.1, 0.2], label="a name")
    axes.bar([1, 2], [2, 1]).patches[0].set(hatch="//", lw=2)
    axes.set(xlabel="time", title="so")
    axes.legend()
    chart = chart_of("one", Drawing(figure, "title", "words"))
from matplotlib.artist import Artist
from matplotlib.lines import Line2D
class Later(Line2D):
    pass
found = [hashlib.sha256(kind).hexdigest() for kind in (chart.svg, chart.png)]
print(json.dumps([found, bool(Line2D.set.__doc__), "linewidth" in (Later.set.__doc__ or "")]))
"""


def drawn(how):
    done = subprocess.run([sys.executable, "-c", CODE, how], cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_the_pictures_are_the_same_without_the_help_of_classes():
    once, usual = drawn("once"), drawn("usually")
    assert once[0] == usual[0]
    assert (once[1], usual[1]) == (False, True)
    assert once[2], "what somebody else makes of matplotlib's classes has its help"


def test_the_collector_looks_at_everything_again():
    before = gc.get_freeze_count()
    with drawing_once():
        assert gc.get_freeze_count() > before
    assert gc.get_freeze_count() == 0
