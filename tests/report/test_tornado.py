"""The tornado: every label whole, every value beside its bar."""

import pytest

from sim.report.basis import LONGEST_LINE, _bars
from sim.report.labels import key_words
from sim.report.style import canvas, folded, lay_out, style

LONG = "customers.repeat.falsely_contained.probability"


def test_keys_are_in_words_that_fit_beside_the_axis():
    words = key_words(LONG)
    assert words == "repeat falsely contained probability (customers)"
    assert folded(words, LONGEST_LINE) == "repeat falsely contained\nprobability (customers)"
    assert key_words("bot.opt_out") == "opt out (bot)"
    assert key_words("intents.*.talk_time") == "talk time of every intent"
    assert key_words("agents.second_line.staff") == "staff of second_line"
    assert key_words("name") == "name"


@pytest.mark.parametrize(
    ("ends", "sides"), [((3.0, 8.0), "<>"), ((2.0, 4.0), "<>"), ((9.0, 6.0), "><"), ((9.0, 3.0), "><")]
)
def test_values_stand_on_both_sides_whatever_way_the_bars_go(ends, sides):
    with style():
        figure, (axes,) = canvas((5.2, 2.5))
        _bars(axes, 0, 5.0, [("first", ends[0], "red"), ("second", ends[1], "blue")])
        axes.set_yticks([0], [folded("a" * 25, LONGEST_LINE)])
        lay_out(figure)
    texts = {text.get_text(): text.get_window_extent() for text in axes.texts}
    first, second = texts["first"], texts["second"]
    assert (first.x1 <= second.x0) == (sides == "<>")
    assert first.x1 <= second.x0 or second.x1 <= first.x0
    assert all(text.x0 >= 0.0 and text.x1 <= figure.bbox.width for text in texts.values())
    assert all(label.get_window_extent().x0 >= 0.0 for label in axes.get_yticklabels())
