"""Whether what reaches agents is harder or easier is said by the figures."""

import math

import pytest

from sim.report.comparison.bot import intents_table, mix_word, split_table
from tests.report.made import findings, mix, result, scenario


def told(*shifts):
    """A first scenario without a bot, and one with a bot for each shift."""
    others = [result(scenario(f"bot {n}", bot={}), {}, shift) for n, shift in enumerate(shifts)]
    return findings(result(scenario("a"), {}), *others)


@pytest.mark.parametrize(
    ("shift", "word"),
    [
        (mix(24.0, 12.0, half=5.0), "harder"),
        (mix(-24.0, 12.0, half=5.0), "easier"),
        (mix(24.0, 12.0, half=40.0), "unchanged"),
        (mix(0.03, 0.01, half=0.0), "unchanged"),
        (mix(0.0, 0.0), "unchanged"),
        (mix(-24.0, 12.0, half=math.nan), "easier"),
        (mix(math.nan, math.nan), "–"),
    ],
)
def test_the_mix_is_called_what_it_is(shift, word):
    found = told(shift)
    assert mix_word(found, "bot 0") == word
    assert split_table(found).rows[0][1].text == word
    said = f"What reaches agents is {word}. The shift is" if word != "–" else "No first contact reaches an agent."
    assert intents_table(found, "bot 0").notes[0].startswith(said)


def test_the_heading_says_what_all_have_in_common_and_no_more():
    harder, easier, nothing = mix(24.0, 12.0), mix(-24.0, -12.0), mix(math.nan, math.nan)
    assert split_table(told(harder, harder, nothing)).title == "Mix shift: what reaches agents is harder"
    assert split_table(told(easier)).title == "Mix shift: what reaches agents is easier"
    assert split_table(told(harder, easier)).title == "Mix shift: what reaches agents"
    assert split_table(told(nothing)).title == "Mix shift: what reaches agents"


def test_notes_hold_for_every_mix():
    text = " ".join(split_table(told(mix(-24.0, -12.0))).notes).lower()
    assert "easy" not in text


@pytest.mark.parametrize(
    ("between", "within", "written"),
    [
        (17.34, 21.44, ["+38.8 ± 0.0", "+17.3", "+21.5"]),
        (17.36, 21.47, ["+38.8 ± 0.0", "+17.3", "+21.5"]),
        (-26.66, 12.92, ["-13.7 ± 0.0", "-26.6", "+12.9"]),
        (17.3, 21.4, ["+38.7 ± 0.0", "+17.3", "+21.4"]),
        (0.04, 21.46, ["+21.5 ± 0.0", "0.0", "+21.5"]),
        (math.nan, math.nan, ["–", "–", "–"]),
    ],
)
def test_the_parts_that_are_written_add_up_to_the_shift_that_is_written(between, within, written):
    found = told(mix(between, within))
    assert [cell.text for cell in split_table(found).rows[0][3:6]] == written


def test_the_split_in_words_has_the_figures_of_the_table():
    said = intents_table(told(mix(17.34, 21.44)), "bot 0").notes[0]
    assert said.endswith("The shift is +38.8 ± 0.0 s: +17.3 s between intents, +21.5 s within. By the law: +38.8 s.")
