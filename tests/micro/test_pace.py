"""The handle-time target: r = min(1, T*/M), talk = T_need (1 - c (1 - r)), M a running mean of unsqueezed AHT."""

import pytest

from .worlds import constant, intent, staff


def pace(target, push=0.5, resolution_slope=0.0):
    return {"target": target, "push": push, "resolution_slope": resolution_slope}


SLOW = {"team": staff(1, skills={"call": {"preference": 1, "speed": 0.5}})}
HUNDRED = {"call": intent(talk=100)}


def talks(story, labels="AB"):
    return [story.row(label)["talk_us"] / 1e6 for label in labels]


def test_a_target_above_the_mean_changes_nothing(tell):
    story = tell({"A": 0, "B": 10}, intents=HUNDRED, pace=pace("101s", push=1.0, resolution_slope=2.0))
    assert talks(story) == [100, 100]


def test_a_target_at_the_mean_changes_nothing_constant(tell):
    assert talks(tell({"A": 0, "B": 10}, intents=HUNDRED, pace=pace("100s", push=1.0))) == [100, 100]


def test_a_target_below_the_mean_shortens(tell):
    """r = .9, c = .5: 100 x (1 - .5 x .1) = 95 s. M counts the unsqueezed 100 s, so B is squeezed alike."""
    story = tell({"A": 0, "B": 10}, intents=HUNDRED, pace=pace("90s"))
    assert talks(story) == [95, 95]
    assert story.contacts[1] == ("B", "answered", 95, 0)
    row = story.row("A")
    assert (row["base_us"], row["natural_talk_us"]) == (100_000_000, 100_000_000)


def test_push_is_the_share_of_the_gap_closed(tell):
    assert talks(tell({"A": 0}, intents=HUNDRED, pace=pace("90s", push=1.0)), "A") == [90]
    assert talks(tell({"A": 0}, intents=HUNDRED, pace=pace("90s", push=0.0)), "A") == [100]


def test_wrap_up_counts_in_the_aht_and_is_not_squeezed(tell):
    """AHT is 80 + 20; r = 90/100; talk 80 x .95 = 76, wrap-up 20."""
    story = tell({"A": 0, "B": 10}, intents={"call": intent(talk=80, wrap=20)}, pace=pace("90s"))
    assert talks(story) == [76, 76]
    assert [story.row(label)["wrap_us"] for label in "AB"] == [20_000_000] * 2


def test_the_mean_moves_by_one_part_in_two_hundred(tell):
    """Speed .5 makes every talk 200 s where 100 s are stated. M = 100 for A: r = .9. Then M = 100.5 for B and
    100.9975 for C."""
    story = tell({"A": 0, "B": 10, "C": 20}, intents=HUNDRED, agents=SLOW, pace=pace("90s"))
    means = [100, 100.5, 100.5 + 99.5 / 200]
    expected = [200 * (1 - 0.5 * (1 - 90 / mean)) for mean in means]
    assert expected == pytest.approx([190, 189.552239, 189.111117], abs=1e-6)
    assert talks(story, "ABC") == pytest.approx(expected, abs=1e-6)
    assert [story.row(label)["natural_talk_us"] for label in "ABC"] == [200_000_000] * 3


def test_the_mean_reaches_a_target_above_it(tell):
    """T* = 100.2: A is not squeezed (M = 100); B is (M = 100.5)."""
    story = tell({"A": 0, "B": 10}, intents=HUNDRED, agents=SLOW, pace=pace("100.2s", push=1.0))
    assert talks(story) == pytest.approx([200, 200 * 100.2 / 100.5], abs=1e-6)


def test_the_mean_counts_a_contact_when_its_handling_ends(tell):
    """B starts while A is in hand: M is still 100 for both. C starts at A's end and meets 100.5; D at B's end,
    100.5 + 99.5/200."""
    two = {"team": staff(2, skills={"call": {"preference": 1, "speed": 0.5}})}
    story = tell({"A": 0, "B": 100, "C": 110, "D": 120}, intents=HUNDRED, agents=two, pace=pace("90s"))
    expected = [190, 190] + [200 * (1 - 0.5 * (1 - 90 / mean)) for mean in (100.5, 100.9975)]
    assert talks(story, "ABCD") == pytest.approx(expected, abs=1e-6)
    assert [contact[2] for contact in story.contacts] == [0, 100, 190, 290]


def test_the_mean_counts_after_the_wrap_up(tell):
    """B, on agent 1, starts during A's wrap-up: A does not count yet. AHT 100 stated, 180 + 10 done; C meets
    M = 100 + 90/200."""
    two = {"team": staff(2, skills={"call": {"preference": 1, "speed": 0.5}})}
    story = tell({"A": 0, "B": 175, "C": 200}, intents={"call": intent(talk=90, wrap=10)}, agents=two, pace=pace("90s"))
    expected = [180 * (1 - 0.5 * (1 - 90 / mean)) for mean in (100, 100, 100.45)]
    assert talks(story, "ABC") == pytest.approx(expected, abs=1e-6)


def test_lost_context_is_squeezed_and_counted(tell):
    """T_need = 100 + 90 = 190; r = .9: 180.5. M then counts 190: 100.45."""
    bot = {"opt_out": 0.0, "false_containment": 0.0, "context_kept": 0.0, "lost_context_time": "90s"}
    story = tell(
        {"A": 0, "B": 10},
        intents={"call": intent(talk=100, bot={"resolves": 0.0})},
        bot=bot | {"session": constant(30)},
        pace=pace("90s"),
    )
    assert talks(story) == pytest.approx([180.5, 190 * (1 - 0.5 * (1 - 90 / 100.45))], abs=1e-6)


def test_a_map_steers_each_intent_by_its_own_mean(tell):
    """x has a target of 90 s for its 100 s, y none."""
    intents = {"x": intent(talk=100, skill="call"), "y": intent(talk=300, skill="call")}
    story = tell({"A": (0, "x"), "B": (0, "y")}, intents=intents, pace=pace({"x": "90s"}))
    assert talks(story) == [95, 300]


def test_the_means_of_a_map_run_apart(tell):
    """At speed .5: x's mean after A is 100.5, y's still 300 after no contact of its own."""
    intents = {"x": intent(talk=100, skill="call"), "y": intent(talk=300, skill="call")}
    story = tell(
        {"A": (0, "x"), "B": (10, "y"), "C": (20, "x")},
        intents=intents,
        agents=SLOW,
        pace=pace({"x": "90s", "y": "270s"}),
    )
    expected = [190, 600 * 0.95, 200 * (1 - 0.5 * (1 - 90 / 100.5))]
    assert talks(story, "ABC") == pytest.approx(expected, abs=1e-6)


def test_every_contact_is_shortened_alike(tell):
    """A target for all intents of equal stated AHT: one mean, one r, whatever the intent."""
    intents = {"x": intent(talk=100, skill="call"), "y": intent(talk=50, wrap=50, skill="call")}
    story = tell({"A": (0, "x"), "B": (10, "y")}, intents=intents, pace=pace("90s"))
    assert talks(story) == [95, 47.5]


@pytest.mark.parametrize(("target", "resolved"), [("90s", 0), ("100s", 1)])
def test_haste_costs_resolution(tell, target, resolved):
    """k ln(talk / T_need) = 2000 x ln .95 = -103 on the logit; unhurried it is 0."""
    story = tell(
        {"A": 0}, intents={"call": intent(talk=100, resolution=0.999999)}, pace=pace(target, resolution_slope=2000)
    )
    assert story.row("A")["resolved"] == resolved


def test_off_is_no_pace(tell):
    story = tell({"A": 0, "B": 10}, intents=HUNDRED, agents=SLOW)
    assert talks(story) == [200, 200]
