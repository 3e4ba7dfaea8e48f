"""What a cause rests on: said once, so that every report gives a cause the same grade."""

from __future__ import annotations

from collections.abc import Sequence

from sim.loading.explain import Parameter
from sim.mechanisms import parts_of_handle_time, registered
from sim.report.basis import worst_under
from sim.study.bridge.attribution import CONTAINMENT, CONTEXT, FALSE, SELECTION, VOLUME

KEYS = {
    VOLUME: ("arrivals", "intents.*.arrivals", "intents.*.share"),
    CONTAINMENT: ("intents.*.bot.resolves", "intents.*.bot.containment", "bot.opt_out", "bot.conversation"),
    SELECTION: ("intents.*.difficulty_weight", "bot.selectivity"),
    FALSE: (
        "intents.*.bot.false_share",
        "bot.false_containment",
        "customers.repeat.falsely_contained",
    ),
    CONTEXT: ("bot.context_kept", "bot.lost_context_time"),
}
"""What sets the size of a cause of demand and of the bot; `*` stands for any name."""


def grade_of(parameters: Sequence[Parameter], cause: str) -> str:
    """Return how well a cause's size is known: a grade's word, `given`, or empty.

    A cause with parts of handle time is graded by them, as where handle time is taken apart; another by its keys and
    mechanisms. What a cause does beside its seconds, such as to resolution, may rest on less.
    """
    parts = [part for part in parts_of_handle_time() if part.bar == cause and cause != CONTAINMENT]
    switched = [mechanism for mechanism in registered() if mechanism.bar == cause]
    sections = (key for each in switched for key in (each.name, *each.rests_on))
    by_parts = worst_under(parameters, [key for part in parts for key in part.rests_on])
    return by_parts or worst_under(parameters, (*KEYS.get(cause, ()), *sections))
