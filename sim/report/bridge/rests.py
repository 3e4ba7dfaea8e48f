"""What the bars of a bridge rest on."""

from __future__ import annotations

from sim.loading.explain import Parameter, explain_scenario
from sim.report.basis import worst_of
from sim.report.bridge.values import bars_of, moves
from sim.study.bridge.bars import VOLUME, Bridge

KEYS = {
    VOLUME: ("arrivals", "intents.*.arrivals", "intents.*.share", "induced_demand"),
    "containment": ("intents.*.bot.resolves", "intents.*.bot.containment", "bot.opt_out", "bot.conversation"),
    "selection": ("intents.*.difficulty_weight", "bot.selectivity"),
    "false_containment": (
        "intents.*.bot.false_share",
        "bot.false_containment",
        "customers.repeat.falsely_contained",
    ),
    "lost_context": ("bot.context_kept", "bot.lost_context_time"),
    "frustration": ("frustration", "mistreatment", "trust", "expectations"),
    "fatigue": ("fatigue",),
    "pace": ("pace",),
    "assistant": ("assistant", "workforce.tenure"),
}
"""What sets the size of a bar; `*` stands for any name."""


def rest_of(bridge: Bridge) -> dict[str, str]:
    """What every bar rests on: the grade of its least known number in a word, `given`, or empty."""
    parameters = [p for side in (bridge.before, bridge.after) for p in explain_scenario(side)]
    found = dict.fromkeys(bridge.causes, "")
    for bar_, causes in {VOLUME: (VOLUME,), **bridge.groups}.items():
        keys = [key for cause in causes for key in KEYS[cause]]
        found[bar_] = worst_of(p for p in parameters if any(_under(p, key) for key in keys))
    return found | {cause: "" for cause in bridge.causes if not any(map(moves, bars_of(bridge, cause)))}


def _under(parameter: Parameter, key: str) -> bool:
    """Whether a parameter is at a key or below it."""
    path, wanted = parameter.path.split("."), key.split(".")
    return len(path) >= len(wanted) and all(w in ("*", p) for w, p in zip(wanted, path, strict=False))
