"""The tornado: every label whole, every value beside its bar."""

import pytest

from sim.report.basis import _bars, on_lines
from sim.report.style import canvas, lay_out, style

LONG = "customers.repeat.falsely_contained.probability"


def test_key_paths_are_broken_after_dots():
    assert on_lines(LONG) == "customers.repeat.\nfalsely_contained.\nprobability"
    assert on_lines("bot.opt_out") == "bot.opt_out"
    assert "".join(on_lines(LONG).split("\n")) == LONG


@pytest.mark.parametrize(
    ("ends", "sides"), [((3.0, 8.0), "<>"), ((2.0, 4.0), "<>"), ((9.0, 6.0), "><"), ((9.0, 3.0), "><")]
)
def test_values_stand_on_both_sides_whatever_way_the_bars_go(ends, sides):
    with style():
        figure, (axes,) = canvas((5.2, 2.5))
        _bars(axes, 0, 5.0, [("first", ends[0], "red"), ("second", ends[1], "blue")])
        axes.set_yticks([0], [on_lines("a" * 25)])
        lay_out(figure)
    texts = {text.get_text(): text.get_window_extent() for text in axes.texts}
    first, second = texts["first"], texts["second"]
    assert (first.x1 <= second.x0) == (sides == "<>")
    assert first.x1 <= second.x0 or second.x1 <= first.x0
    assert all(text.x0 >= 0.0 and text.x1 <= figure.bbox.width for text in texts.values())
    assert all(label.get_window_extent().x0 >= 0.0 for label in axes.get_yticklabels())
